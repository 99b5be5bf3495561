"""Resizing along dimensions beside the dense matrices that the taps stand for, and in bytes beside torch."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyconv.kernels import resize_taps as tables
from pyconv.kernels.resize import Taps, resize
from pyconv.kernels.resize_bytes import resize_bytes

F64 = np.dtype(np.float64)
BUILDERS = {
    "nearest": lambda n, m: tables.nearest(n, m, None, F64, False),
    "linear": lambda n, m: tables.linear(n, m, None, False, F64),
    "corners": lambda n, m: tables.linear(n, m, None, True, F64),
    "cubic": lambda n, m: tables.cubic(n, m, None, False, F64),
    "antialiased": lambda n, m: tables.antialiased(n, m, None, False, F64, "lanczos"),
}
SIZES = st.integers(1, 40)


def dense(taps):
    """(size, length): the map as a matrix."""
    matrix = np.zeros((taps.size, taps.length))
    for tap, index in enumerate(taps.index):
        for column, row in enumerate(index):
            if taps.count is None or tap < taps.count[column]:
                matrix[row, column] += 1 if taps.weight is None else taps.weight[tap, column]
    return matrix


@pytest.mark.parametrize("name", BUILDERS)
@given(n=SIZES, m=SIZES)
def test_a_map_and_its_transpose_are_those_of_the_matrix(name, n, m):
    taps = BUILDERS[name](n, m)
    x, g = np.random.default_rng(0).normal(size=(3, n, 2)), np.random.default_rng(1).normal(size=(2, m))
    found = resize(x, [taps, None])
    np.testing.assert_allclose(found, np.einsum("anb,nm->amb", x, dense(taps)), atol=1e-12)
    np.testing.assert_allclose(resize(g, [taps.transposed]), g @ dense(taps).T, atol=1e-12)
    np.testing.assert_allclose(dense(taps.transposed), dense(taps).T, atol=1e-14)


@given(n=SIZES, m=SIZES)
def test_weights_add_up_to_one(n, m):
    for build in BUILDERS.values():
        np.testing.assert_allclose(dense(build(n, m)).sum(axis=0), 1, atol=1e-12)


@pytest.mark.parametrize("name", ["linear", "cubic", "corners"])
def test_whole_factors_need_few_parts(name):
    assert len(BUILDERS[name](56, 112).strips) <= 4 * len(BUILDERS[name](56, 112).index)


def test_repetition_is_found_and_done_in_every_dimension(monkeypatch):
    taps = tables.nearest(3, 6, None, F64, False)
    assert taps.repeats == 2
    assert tables.nearest(3, 7, None, F64, False).repeats == 0
    x = np.arange(6).reshape(2, 3)
    double = tables.nearest(2, 4, None, F64, False)
    assert np.array_equal(resize(x, [double, taps]), x.repeat(2, 0).repeat(2, 1))
    images = np.arange(5 * 2 * 2 * 3).reshape(5, 2, 2, 3)
    monkeypatch.setattr("pyconv.kernels.resize._BLOCK", 60)
    assert np.array_equal(resize(images, [double, None, taps]), images.repeat(2, 1).repeat(2, 3))
    assert np.array_equal(resize(images, [double, None]), images.repeat(2, 2))


def test_half_types_are_rounded_once():
    x = np.random.default_rng(0).normal(size=(5, 7, 9)).astype(np.float16)
    single = np.dtype(np.float32)
    taps = [tables.cubic(7, 11, None, False, single), tables.cubic(9, 4, None, False, single)]
    assert np.array_equal(resize(x, taps), resize(x.astype(np.float32), taps).astype(np.float16))


def test_a_block_does_not_show(monkeypatch):
    x = np.random.default_rng(0).normal(size=(6, 5, 5))
    taps = [tables.linear(5, 8, None, False, F64)] * 2
    whole = resize(x, taps)
    monkeypatch.setattr("pyconv.kernels.resize._BLOCK", 70)
    assert np.array_equal(resize(x, taps), whole)


def test_an_empty_batch():
    assert resize(np.zeros((0, 2, 3)), [tables.linear(3, 5, None, False, F64)]).shape == (0, 2, 5)


def test_positions_that_nothing_reaches_are_zero():
    taps = Taps(4, np.array([[0, 2]]), None).transposed
    assert resize(np.array([5.0, 7.0]), [taps]).tolist() == [5, 0, 7, 0]


# As torch's F.interpolate(x, size=(2, 5), mode='bilinear') and size=(5, 4), mode='bicubic' give them for a uint8 x.
BYTES = np.array([[10, 200, 30], [77, 5, 255], [0, 128, 64]], np.uint8)
BILINEAR = [[27, 77, 151, 112, 86], [19, 50, 97, 106, 112]]
BICUBIC = [[0, 164, 167, 0], [38, 87, 129, 124], [82, 3, 87, 255], [38, 45, 101, 152], [0, 97, 122, 40]]


@pytest.mark.parametrize(("build", "expected"), [(tables.linear, BILINEAR), (tables.cubic, BICUBIC)])
def test_bytes_are_rounded_as_torch_does(build, expected):
    shape = np.array(expected).shape
    taps = tuple(build(3, m, None, False, F64) for m in shape)
    assert resize_bytes(BYTES, taps).tolist() == expected
