"""Programs that would compile kernels are told that nothing can be built."""

import pytest

import pyconv
from pyconv.utils import cpp_extension


def test_building_fails():
    assert pyconv.utils.cpp_extension is cpp_extension
    assert not cpp_extension.is_ninja_available()
    assert cpp_extension.CUDA_HOME is None
    for build in (cpp_extension.load, cpp_extension.load_inline):
        with pytest.raises(RuntimeError, match=r"^Error building extension 'plugin': "):
            build("plugin", ["plugin.cpp"], verbose=True)
    with pytest.raises(RuntimeError, match=r"^Ninja is required to load C"):
        cpp_extension.verify_ninja_availability()
