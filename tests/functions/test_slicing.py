"""Views of a part, copies of one, and the whole with a part replaced."""

import numpy as np
import pytest

import pyconv
from pyconv.autograd import gradcheck, gradgradcheck


def grid():
    return pyconv.arange(12.0, dtype=pyconv.float64).reshape(3, 4)


PARTS = [
    lambda x: x.narrow(1, -3, 2),
    lambda x: x.select(0, -1),
    lambda x: x.diagonal(1),
    lambda x: x.unfold(1, 3, 1),
    lambda x: x.as_strided((2, 2), (1, 3), 2),
]


@pytest.mark.parametrize("part", PARTS)
def test_a_part_shares_memory_and_its_gradients_are_right(part):
    x = grid()
    assert np.shares_memory(part(x)._array, x._array)
    assert gradcheck(part, (grid().requires_grad_(),))
    assert gradgradcheck(lambda x: part(x) ** 2, (grid().requires_grad_(),))


def test_strided_views_reach_all_of_the_memory():
    x = pyconv.arange(6)
    assert x[4:].as_strided((2,), (2,), 0).tolist() == [0, 2]
    assert x[2:].storage_offset() == 2
    with pytest.raises(RuntimeError, match="requiring a storage size of 64 are out of bounds for storage of size 48"):
        x.as_strided((2,), (7,))


def test_windows_against_numpys():
    expected = np.lib.stride_tricks.sliding_window_view(grid()._array, 2, 1)[:, ::2]
    np.testing.assert_array_equal(grid().unfold(1, 2, 2)._array, expected)


def test_complex_parts_are_views():
    x = pyconv.tensor([1 + 2j, 3 - 1j])
    x.real.zero_()
    x.imag[1] = 5.0
    assert x.tolist() == [2j, 5j]
    assert pyconv.view_as_complex(pyconv.view_as_real(x)).equal(x)
    z = pyconv.tensor([1 + 2j, 3 - 1j], dtype=pyconv.complex128, requires_grad=True)
    assert gradcheck(lambda z: z.real * z.imag, (z,))


COPIES = [
    (pyconv.narrow_copy, pyconv.narrow, (0, 1, 1)),
    (pyconv.select_copy, pyconv.select, (1, 2)),
    (pyconv.diagonal_copy, pyconv.diagonal, (-1,)),
    (pyconv.permute_copy, pyconv.permute, ((1, 0),)),
    (pyconv.t_copy, pyconv.t, ()),
    (pyconv.view_copy, pyconv.reshape, ((2, 6),)),
    (pyconv.unsqueeze_copy, pyconv.unsqueeze, (1,)),
    (pyconv.as_strided_copy, pyconv.as_strided, ((2,), (3,), 1)),
]


@pytest.mark.parametrize(("copy", "view", "arguments"), COPIES)
def test_a_copy_has_the_values_of_the_view(copy, view, arguments):
    x = grid()
    found = copy(x, *arguments)
    assert found.equal(view(x, *arguments))
    assert not np.shares_memory(found._array, x._array)
    out = pyconv.empty(0, dtype=pyconv.float64)
    assert copy(x, *arguments, out=out) is out
    assert out.equal(found)
    assert gradcheck(lambda x: copy(x, *arguments), (grid().requires_grad_(),))


REPLACED = [
    (pyconv.select_scatter, (0, 1), lambda x: x[1]),
    (pyconv.slice_scatter, (1, 1, 4, 2), lambda x: x[:, 1:4:2]),
    (pyconv.diagonal_scatter, (1,), lambda x: x.diagonal(1)),
    (pyconv.as_strided_scatter, ((2, 2), (4, 1), 1), lambda x: x.as_strided((2, 2), (4, 1), 1)),
]


@pytest.mark.parametrize(("replace", "arguments", "part"), REPLACED)
def test_a_replaced_part(replace, arguments, part):
    values = part(grid()).clone() * 10
    found = replace(grid(), values, *arguments)
    expected = grid()
    part(expected).copy_(values)
    assert found.equal(expected)
    assert gradcheck(lambda x, v: replace(x, v, *arguments), (grid().requires_grad_(), values.requires_grad_()))
    with pytest.raises(RuntimeError, match="expected src to have a size equal to the slice of self"):
        replace(grid(), pyconv.zeros(9), *arguments)
