"""The examples in the docstrings run."""

import doctest
import importlib
import pkgutil

import pytest

import conformance

MODULES = [
    found.name
    for found in pkgutil.walk_packages(conformance.__path__, "conformance.")
    if not found.name.endswith("__main__")
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_run(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0
