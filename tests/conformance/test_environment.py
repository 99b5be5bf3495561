"""What a run's numbers may depend on is named."""

import json
import platform
import sys
import types

import numpy as np

from conformance.environment import environment


def test_versions_processor_and_blas_are_named():
    found = environment()
    assert found["python"] == platform.python_version()
    assert found["numpy"] == np.__version__
    assert found["system"] == platform.system()
    assert all(isinstance(value, str) and value for value in found.values())
    assert sorted(found) == ["blas", "cpu", "numpy", "python", "system"]


def test_it_can_be_written_as_json():
    assert json.loads(json.dumps(environment("torch"))) == environment("torch")


def test_libraries_are_named_with_the_version_that_is_loaded(monkeypatch):
    monkeypatch.setitem(sys.modules, "a_library", types.SimpleNamespace(__version__="1.2"))
    assert environment("a_library")["a_library"] == "1.2"
    assert environment("a_library:Adapter")["a_library:Adapter"] == "1.2"


def test_a_library_that_is_not_loaded_has_the_version_that_is_installed():
    assert environment("pytest", "no_such_library")["no_such_library"] == "unknown"
    assert environment("iniconfig")["iniconfig"][0].isdigit()
