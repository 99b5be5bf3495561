"""The examples in the docstrings run, but for those of the files that import torch."""

import doctest
import importlib
import pkgutil

import pytest

import benchmarks

NEED_MORE = ("benchmarks.__main__", "benchmarks.plot", "benchmarks.networks.")
MODULES = [
    found.name
    for found in pkgutil.walk_packages(benchmarks.__path__, "benchmarks.")
    if not found.name.startswith(NEED_MORE)
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_run(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0
