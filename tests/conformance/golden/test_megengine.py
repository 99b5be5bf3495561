"""`check` on files of MegEngine's modules: a right face passes, a wrong one and a wrong file are told."""

import sys
import types
from pathlib import Path

import pytest

import pyconv.megengine as mge
from conformance.__main__ import main
from conformance.golden import megengine

FILE = Path(__file__).parents[2] / "data" / "megengine-1.13.0.npz"


def broken(monkeypatch, **classes):
    """A library like the face, but for some of its modules."""
    library = types.ModuleType("broken_megengine")
    module = types.ModuleType("broken_megengine.module")
    module.__dict__.update({**vars(mge.module), **classes})
    library.__dict__.update(module=module, autodiff=mge.autodiff, Parameter=mge.Parameter, tensor=mge.tensor)
    for name, part in (("", library), (".module", module), (".autodiff", mge.autodiff)):
        monkeypatch.setitem(sys.modules, f"broken_megengine{name}", part)


def test_check_accepts_the_file(capsys):
    assert main(["check", str(FILE)]) == 0
    assert capsys.readouterr().out.endswith("80 MegEngine modules, 0 differ\n")


def test_check_tells_what_differs(monkeypatch, capsys):
    class Conv3d(mge.module.Conv3d):
        def forward(self, inp):
            return super().forward(inp) * 1.001

        def extra_repr(self):
            return "wrong"

    class ConvTranspose2d(mge.module.ConvTranspose2d):
        def forward(self, inp):
            raise RuntimeError("no such thing")

    broken(monkeypatch, Conv3d=Conv3d, ConvTranspose2d=ConvTranspose2d)
    assert main(["check", str(FILE), "--candidate", "broken_megengine"]) == 1
    out = capsys.readouterr().out
    assert out.endswith("80 MegEngine modules, 40 differ\n")
    assert out.count("RuntimeError: no such thing") == 22
    assert out.count("repr: Conv3d(wrong), not Conv3d(") == 18
    assert out.count(": y: off by up to ") == 18


@pytest.mark.parametrize("change", [lambda a: a[:-1], lambda a: a.astype("float64")])
def test_another_shape_or_dtype_differs(change):
    recorded = megengine.load(FILE)[0]
    altered = megengine.Recorded(recorded.case, {**recorded.arrays, "y": change(recorded.arrays["y"])})
    assert any(text.startswith("y: float32") for text in megengine.differences(altered, mge))


def test_another_layout_of_the_parameters_differs():
    recorded = next(each for each in megengine.load(FILE) if len(each.case["weight_shape"]) == 5)
    altered = megengine.Recorded(recorded.case | {"weight_shape": [1], "bias_shape": [2]}, recorded.arrays)
    found = list(megengine.differences(altered, mge))
    assert [text.partition(":")[0] for text in found] == ["weight", "bias"]


def test_a_file_of_other_things_is_refused(tmp_path, capsys):
    import numpy as np

    path = tmp_path / "other.npz"
    np.savez(path, x=np.ones(2))
    with pytest.raises(SystemExit):
        main(["check", str(path)])
    assert "has no MegEngine modules" in capsys.readouterr().err
