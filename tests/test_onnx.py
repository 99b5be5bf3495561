"""torch.onnx: what networks ask while they run."""

import pyconv as torch


def test_nothing_is_being_exported():
    assert torch.onnx.is_in_onnx_export() is False
