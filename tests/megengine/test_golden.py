"""The face beside modules of the real MegEngine: the 80 that it was built to, and 40 of kinds that these have not.

`tests/data/record_megengine.py` says where the files came from; the second is its `... 40 2`.
"""

from pathlib import Path

import pytest

from conformance.golden import megengine

DATA = Path(__file__).parents[1] / "data"
FILES = {"megengine-1.13.0.npz": 80, "megengine-1.13.0-more.npz": 40}
MODULES = [
    pytest.param(recorded, id=f"{name}-{i}") for name in FILES for i, recorded in enumerate(megengine.load(DATA / name))
]


@pytest.mark.parametrize("recorded", MODULES)
def test_a_module_is_megengines(recorded):
    assert list(megengine.differences(recorded, megengine.face("pyconv"))) == []


@pytest.mark.parametrize(("name", "count"), FILES.items())
def test_the_files_are_whole(name, count):
    modules = megengine.load(DATA / name)
    assert len(modules) == count
    assert all({"x", "w", "y"} <= recorded.arrays.keys() for recorded in modules)
    floats = [recorded for recorded in modules if recorded.case["dtype"] == "float32"]
    assert all({"gy", "gx", "gw"} <= recorded.arrays.keys() for recorded in floats)


def test_every_kind_and_option_is_there():
    cases = [recorded.case for name in FILES for recorded in megengine.load(DATA / name)]
    assert {case["kind"] for case in cases} == {"Conv1d", "Conv2d", "Conv3d", "ConvTranspose2d", "ConvTranspose3d"}
    assert {case["kwargs"].get("padding_mode") for case in cases} >= {"zeros", "reflect", "replicate"}
    assert any("output_padding" in case["kwargs"] for case in cases)
    assert {case["dtype"] for case in cases} == {"float16", "float32"}
