"""The handle's class by the name that programs import."""

import pyconv
from pyconv.utils.hooks import RemovableHandle, unserializable_hook


def test_registering_gives_such_a_handle():
    layer = pyconv.nn.Linear(1, 1)
    handle = layer.register_forward_hook(unserializable_hook(lambda *_: None))
    assert isinstance(handle, RemovableHandle)
    handle.remove()
    assert not layer._forward_hooks
