"""The public names: they are there, they are said, and nothing else is."""

import doctest
import importlib
import inspect
import types

import pytest

import pyconv

NAMESPACES = (
    "pyconv",
    "pyconv.nn",
    "pyconv.nn.functional",
    "pyconv.nn.modules",
    "pyconv.autograd",
)


@pytest.mark.parametrize("name", NAMESPACES)
def test_all_is_what_there_is(name):
    module = importlib.import_module(name)
    assert len(module.__all__) == len(set(module.__all__))
    public = {
        key
        for key, value in vars(module).items()
        if not key.startswith("_") and not isinstance(value, types.ModuleType)
    }
    assert public <= set(module.__all__)
    assert all(hasattr(module, key) for key in module.__all__)


@pytest.mark.parametrize("name", NAMESPACES)
def test_every_public_function_and_class_has_a_docstring(name):
    module = importlib.import_module(name)
    values = [getattr(module, key) for key in module.__all__]
    bare = [v for v in values if (inspect.isclass(v) or inspect.isfunction(v)) and not inspect.getdoc(v)]
    assert not bare


def test_swapping_the_import_finds_the_names():
    torch = pyconv
    assert torch.nn.functional.conv2d is torch.conv2d
    assert torch.float is torch.float32
    assert torch.nn.Parameter(torch.ones(1)).requires_grad


def test_doctests_of_the_package_are_found():
    found = doctest.DocTestFinder().find(importlib.import_module("pyconv.nn.functional.conv"))
    assert sum(bool(test.examples) for test in found) >= 3
