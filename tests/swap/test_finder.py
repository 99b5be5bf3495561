"""`import torch` that finds pyconv."""

import importlib
import sys
import types

import pytest

import pyconv


def test_import_torch_finds_pyconv_inside_alone():
    before = sys.modules.get("torch")
    with pyconv.as_torch():
        import torch
        import torch.nn.functional as F
        from torch import nn
        from torch.nn.modules.batchnorm import _BatchNorm

        assert torch.ones is pyconv.ones
        assert nn is pyconv.nn
        assert F is sys.modules["pyconv.nn.functional"]
        assert issubclass(nn.BatchNorm2d, _BatchNorm)
        assert torch.__name__ == "torch"
        assert torch.__version__ == "2.13.0"
    assert sys.modules.get("torch") is before
    assert not any(finder.__class__.__module__ == "pyconv.swap.finder" for finder in sys.meta_path)


def test_a_torch_that_was_there_comes_back(monkeypatch):
    other = types.ModuleType("torch")
    monkeypatch.setitem(sys.modules, "torch", other)
    with pyconv.as_torch():
        assert importlib.import_module("torch") is not other
    assert sys.modules["torch"] is other


def test_it_comes_back_after_an_error_too(monkeypatch):
    other = types.ModuleType("torch")
    monkeypatch.setitem(sys.modules, "torch", other)
    with pytest.raises(ZeroDivisionError), pyconv.as_torch():
        raise ZeroDivisionError
    assert sys.modules["torch"] is other


@pytest.mark.parametrize(
    ("statement", "error", "text"),
    [
        ("import torch; torch.frobnicate", AttributeError, "module 'torch' has no attribute 'frobnicate'"),
        ("import torch.frobnicate", ModuleNotFoundError, "No module named 'torch.frobnicate' (pyconv lacks it)"),
        ("from torch.nn import Conv4d", ImportError, "cannot import name 'Conv4d'"),
        ("import torch; torch.nn.Conv4d", AttributeError, "module 'torch.nn' has no attribute 'Conv4d'"),
    ],
)
def test_what_is_lacking_is_named(statement, error, text):
    with pyconv.as_torch(), pytest.raises(error) as caught:
        exec(statement, {})
    assert str(caught.value).startswith(text)


def test_what_is_imported_inside_keeps_what_it_has_found(tmp_path, monkeypatch):
    (tmp_path / "a_network.py").write_text("import torch\n\ndef one():\n    return torch.ones(1)\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    with pyconv.as_torch():
        network = importlib.import_module("a_network")
    assert isinstance(network.one(), pyconv.Tensor)
    del sys.modules["a_network"]
