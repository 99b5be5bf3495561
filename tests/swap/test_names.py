"""The names of torch's in a source."""

import pytest

from pyconv.swap.check import has
from pyconv.swap.names import uses_of


def used(tmp_path, source):
    path = tmp_path / "program.py"
    path.write_text(source, encoding="utf-8")
    return {name: [place.rpartition(":")[2] for place in places] for name, places in uses_of(path).lines.items()}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import torch\ntorch.nn.Conv2d(1, 1, 1)", {"torch": ["1"], "torch.nn.Conv2d": ["2"]}),
        ("import torch.nn as nn\nnn.Conv2d", {"torch.nn": ["1"], "torch.nn.Conv2d": ["2"]}),
        ("import torch.nn\ntorch.nn.Conv2d", {"torch.nn": ["1"], "torch.nn.Conv2d": ["2"]}),
        (
            "from torch import nn, Tensor as T\nnn.ReLU",
            {"torch.nn": ["1"], "torch.Tensor": ["1"], "torch.nn.ReLU": ["2"]},
        ),
        ("from torch.nn import *", {"torch.nn": ["1"]}),
        ("import torch as t\nt.ones(1).sum().view(2)", {"torch": ["1"], "torch.ones": ["2"]}),
        ("import numpy\nnumpy.torch.ones", {}),
        ("from .torch import ones", {}),
    ],
)
def test_imports_and_attributes_are_read(tmp_path, source, expected):
    assert used(tmp_path, source) == expected


def test_a_folder_is_read_whole(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b.py").write_text("import torch", encoding="utf-8")
    (tmp_path / "c.py").write_text("import torch", encoding="utf-8")
    assert len(uses_of(tmp_path).files) == len(uses_of(tmp_path).lines["torch"]) == 2


@pytest.mark.parametrize(
    ("name", "there"),
    [
        ("torch", True),
        ("torch.nn.functional.relu", True),
        ("torch.Tensor.view", True),
        ("torch.Tensor.frobnicate", False),
        ("torch.float32.is_complex", True),
        ("torch.nn.modules.batchnorm", True),
        ("torch.optim.lr_scheduler.StepLR", True),
        ("torch.frobnicate.deep", False),
    ],
)
def test_a_name_is_there_or_is_not(name, there):
    assert has(name) is there
