"""What the libraries with an API of their own have in common."""

import numpy as np
import pytest

from conformance.adapters.foreign import (
    NUMPY_MODES,
    common_reasons,
    first_reason,
    output_padding,
    pad_reason,
    pad_width,
    symmetric_padding,
    transposed_output,
)
from conformance.cases import draw
from conformance.fills import draw as operands
from conformance.tokens import parse


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("conv2d c1 o1 h5x5 k3", "no unbatched"),
        ("fold c4 h1 k2 os2", "no unbatched"),
        ("conv1d n1 c1 o1 h5 k3 i32", "no integers"),
        ("conv1d n1 c1 o1 h5 k3 complex64", "no complex"),
        ("conv1d n1 c1 o1 h5 k3 weight=f64", "mixed dtypes"),
        ("conv1d n1 c1 o1 h5 k3 bias bias=f64", "mixed dtypes"),
        ("conv1d n1 c1 o1 h5 k3 reflect", "no reflect mode"),
        ("conv1d n1 c1 o1 h5 k3 pfull", "no full padding"),
        ("conv1d n1 c1 o1 h5 k3 psame s2", "no same padding"),
        ("conv_transpose1d n1 c1 o1 h5 k3 pvalid", "no valid padding"),
        ("conv_transpose1d n1 c1 o1 h5 k3 module os1x2", "no such output size"),
        ("fold n1 c4 h1 k2 os2,", "no such output size"),
        ("conv_transpose1d n1 c1 o1 h5 k3 op1,1", "no such output padding"),
        ("conv1d n1 c1 o1 h5 k-1", "no negative kernel"),
        ("conv1d n1 c0 o1 h5 k3", "empty axes"),
        ("conv1d n1 c1 o0 h5 k3", "empty axes"),
        ("conv1d n1 c1 o1 h0 k3 p2", "empty axes"),
        ("conv_transpose1d n1 c1 o1 h1 k2 p1", "empty axes"),
    ],
)
def test_why_a_case_cannot_be_asked_for(line, reason):
    assert first_reason(common_reasons(parse(line))) == reason


@pytest.mark.parametrize(
    "line",
    [
        "conv2d n1 c1 o1 h5x5 k3 zeros",
        "conv2d n0 c1 o1 h5x5 k4 psame",
        "conv1d n1 c1 o1 h5 k3 s2 pvalid",
        "conv_transpose2d n1 c1 o1 h5x5 k3 s2 os11x12",
        "conv_transpose2d n1 c1 o1 h5x5 k3 s2 os1x1x11x12",
        "unfold n1 c1 h5x5 k3",
        "fold n1 c4 h1 k2 os2 weight=f64",
    ],
)
def test_nothing_is_against_an_ordinary_case(line):
    assert first_reason(common_reasons(parse(line))) is None


def test_symmetric_padding_of_words_and_numbers():
    assert symmetric_padding(parse("conv2d n1 c1 o1 h5x5 k3x5 psame d2,1")) == (2, 2)
    assert symmetric_padding(parse("conv2d n1 c1 o1 h5x5 k3x4 psame")) is None
    assert symmetric_padding(parse("conv2d n1 c1 o1 h5x5 k3x4 pvalid")) == (0, 0)
    assert symmetric_padding(parse("conv2d n1 c1 o1 h5x5 k3 p2,")) == (2, 2)
    assert symmetric_padding(parse("conv2d n1 c1 o1 h5x5 k3")) == (0, 0)


def test_sizes_of_transposed_convolutions_are_torchs(torch):
    for number in range(200):
        case = draw(5, number, ["conv_transpose1d", "conv_transpose2d", "conv_transpose3d"])
        if first_reason(common_reasons(case)) is None:
            try:
                maps = torch.run(case, operands(case))
            except (RuntimeError, ValueError):
                continue
            sizes = tuple(map(sum, zip(transposed_output(case), output_padding(case))))
            assert maps["output"].shape[2:] == sizes


def test_pads_of_numpy_are_torchs(torch):
    compared = 0
    for number in range(200):
        case = draw(5, number, ["pad"])
        if (
            pad_reason(case) is not None
            or (not case.value and min(case.padding, default=0) < 0)
            or case.dtype == "bf16"
        ):
            continue
        given = operands(case)
        constant = {"constant_values": case.value} if case.value else {}
        if min(case.padding, default=0) >= 0:
            padded = np.pad(given.arrays["input"], pad_width(case), NUMPY_MODES[case.mode], **constant)
            assert np.array_equal(torch.run(case, given)["output"], padded)
            compared += 1
    assert compared > 50


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("pad n1 c1 h3 p3,0 reflect", "a wider reflect"),
        ("pad n1 c1 h3 p0,4 circular", "a wider circular"),
        ("pad n1 c1 h3 p3,0 circular", None),
        ("pad n1 c1 h3 p9,9 replicate", None),
        ("pad h3 p1,1 replicate", "a wider replicate"),
        ("pad n1 c1 h3 p1,1 replicate v1.0", "a wider replicate"),
        ("pad n1 c1 h0 p1,1 replicate", "a wider replicate"),
        ("pad n1 c1 h3 p1,1,1", "no such padding"),
        ("pad h3 p1,1,1,1", "no such padding"),
        ("pad n1 c1 h3 p1,1 mode=edge", "no edge mode"),
        ("pad n1 c1 h3 p-1,1 v2.0", None),
    ],
)
def test_what_a_pad_means_elsewhere(line, reason):
    assert pad_reason(parse(line)) == reason
