"""torch.finfo and torch.iinfo."""

import pytest

import pyconv as torch

# recorded from torch: (bits, eps, tiny, max, resolution)
LIMITS = {
    "float8_e4m3fn": (8, 0.125, 0.015625, 448.0, 1.0),
    "float8_e5m2": (8, 0.25, 6.103515625e-05, 57344.0, 1.0),
    "bfloat16": (16, 0.0078125, 1.1754943508222875e-38, 3.3895313892515355e38, 0.01),
    "float16": (16, 0.0009765625, 6.103515625e-05, 65504.0, 0.001),
}


@pytest.mark.parametrize("name", LIMITS)
def test_finfo(name):
    found = torch.finfo(getattr(torch, name))
    assert (found.bits, found.eps, found.tiny, found.max, found.resolution) == LIMITS[name]
    assert (found.dtype, found.min, found.smallest_normal) == (name, -found.max, found.tiny)


def test_finfo_of_a_complex_type_is_that_of_its_parts():
    assert torch.finfo(torch.complex64).dtype == "float32"
    assert torch.finfo(torch.complex32).max == 65504.0


@pytest.mark.parametrize(("name", "least", "largest"), [("uint8", 0, 255), ("int16", -32768, 32767)])
def test_iinfo(name, least, largest):
    found = torch.iinfo(getattr(torch, name))
    assert (found.min, found.max) == (least, largest)
