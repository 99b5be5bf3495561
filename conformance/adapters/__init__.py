"""The libraries behind one interface.

- `base.py`: `Adapter`, what the harness asks of a library.
- `torch_style.py`: any library with torch's API; torch and pyconv themselves.
- `call.py`: a case as a call of such a library.
- `onnx_reference.py`, `mygrad.py`, `chainer.py`: libraries with an API of their own; `foreign.py` is what they share.

May import: NumPy and `conformance` below it; a library when its adapter is asked for, never at import.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from conformance.adapters.base import Adapter, Maps
from conformance.adapters.torch_style import PyconvAdapter, TorchAdapter, TorchStyle

__all__ = ["SHIPPED", "Adapter", "Maps", "PyconvAdapter", "TorchAdapter", "TorchStyle", "load"]

SHIPPED: dict[str, str] = {
    "pyconv": "conformance.adapters.torch_style:PyconvAdapter",
    "torch": "conformance.adapters.torch_style:TorchAdapter",
    "onnx": "conformance.adapters.onnx_reference:OnnxReference",
    "mygrad": "conformance.adapters.mygrad:MyGrad",
    "chainer": "conformance.adapters.chainer:Chainer",
}


def load(name: str) -> Adapter:
    """The adapter of a library.

    Args:
        name: one of `SHIPPED`; or `package.module:name`, a function or class that makes an `Adapter`; or
            `package.module`, a library with torch's API.

    Raises:
        ImportError: there is no such module, or what it needs is not installed.
        ValueError: the module is neither an adapter nor a library with torch's API.

    Example:
        >>> load("pyconv").name
        'pyconv'
    """
    module, _, attribute = SHIPPED.get(name, name).partition(":")
    library = import_module(module)
    if attribute:
        make: Callable[[], Adapter] = getattr(library, attribute)
        return make()
    if not (hasattr(library, "nn") and hasattr(library, "from_numpy")):
        raise ValueError(f"{name} has no nn and no from_numpy as torch has; write {name}:NAME, NAME making an Adapter")
    return TorchStyle(name, library)
