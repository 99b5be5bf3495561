"""The functions of convolution: how arguments and operands of two kinds are taken."""

import numpy as np
import pytest

import pyconv
import pyconv.nn.functional as F


def test_padding_by_name_and_by_number_are_one():
    x, w = np.arange(25.0).reshape(1, 1, 5, 5), np.ones((1, 1, 3, 3))
    assert np.array_equal(F.conv2d(x, w, padding="same"), F.conv2d(x, w, padding=1))
    assert np.array_equal(F.conv2d(x, w, padding="valid"), F.conv2d(x, w))


def test_valid_is_one_zero_for_whatever_rank_the_weight_has():
    x, w = pyconv.zeros(1, 1, 5, 5), pyconv.zeros(1, 1, 2, 2, 2)
    with pytest.raises(RuntimeError, match="expected dilation to be a single integer value or a list of 3 values"):
        F.conv2d(x, w, padding="valid", stride=(2,))
    with pytest.raises(RuntimeError, match="Expected 5-dimensional input for 5-dimensional weight"):
        F.conv2d(x, w, padding="valid", stride=(2,), dilation=(1,))


def test_without_input_channels_two_dtypes_meet_and_each_gradient_has_that_of_its_operand():
    x = pyconv.zeros(1, 0, 1, requires_grad=True)
    w = pyconv.zeros(1, 0, 1, dtype=pyconv.float64, requires_grad=True)
    b = pyconv.zeros(1, requires_grad=True)
    y = F.conv1d(x, w, b)
    assert y.dtype is pyconv.float64
    gradients = pyconv.autograd.grad(y, [x, w, b], pyconv.ones_like(y))
    assert [g.dtype for g in gradients] == [pyconv.float32, pyconv.float64, pyconv.float32]


@pytest.mark.parametrize("shape", [(0, 1, 1), (1, 0, 1)])
def test_an_empty_real_input_with_a_complex_weight_has_no_gradient(shape):
    x, w = pyconv.zeros(shape), pyconv.zeros(1, shape[1], 1, dtype=pyconv.complex64)
    assert F.conv1d(x, w).dtype is pyconv.complex64
    with pytest.raises(RuntimeError, match="convolution does not support automatic differentiation for outputs with"):
        F.conv1d(x, w.requires_grad_())


def test_an_unbatched_input_gives_an_unbatched_output():
    assert F.conv1d(np.ones((2, 5)), np.ones((3, 2, 2))).shape == (3, 4)


def test_ndarrays_and_tensors_do_not_mix():
    with pytest.raises(TypeError, match="invalid combination of arguments"):
        F.conv1d(pyconv.ones(1, 1, 3), np.ones((1, 1, 2), np.float32))
