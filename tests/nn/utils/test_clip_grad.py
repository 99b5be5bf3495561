"""Gradients kept below a norm or a value."""

import numpy as np
import pytest

import pyconv
from pyconv.nn import utils


def parameters():
    made = [pyconv.zeros(2, requires_grad=True), pyconv.zeros(1, 2, requires_grad=True), pyconv.zeros(1)]
    made[0].grad, made[1].grad = pyconv.tensor([3.0, 0.0]), pyconv.tensor([[-4.0, 0.0]])
    return made


@pytest.mark.parametrize(("order", "norm"), [(2, 5.0), (1, 7.0), (float("inf"), 4.0), (0, 2.0)])
def test_the_norm_is_that_of_all_gradients_together(order, norm):
    given = parameters()
    assert utils.clip_grad_norm_(given, norm / 2, order).item() == pytest.approx(norm)
    np.testing.assert_allclose(given[0].grad.numpy(), [1.5, 0], rtol=1e-5)


def test_small_gradients_are_left():
    given = parameters()
    utils.clip_grad_norm_((p for p in given), 100.0)
    assert given[1].grad.tolist() == [[-4.0, 0.0]]
    assert utils.clip_grad_norm_([], 1.0).item() == 0


def test_values_are_clipped_one_by_one():
    given = parameters()
    utils.clip_grad_value_(given, 3.5)
    assert [given[0].grad.tolist(), given[1].grad.tolist()] == [[3.0, 0.0], [[-3.5, 0.0]]]


def test_a_norm_that_is_not_finite_can_be_an_error():
    bad = [pyconv.tensor([float("nan")])]
    assert np.isnan(utils.get_total_norm(bad).item())
    with pytest.raises(
        RuntimeError, match=r"The total norm of order 2.0 for gradients from `parameters` is non-finite"
    ):
        utils.get_total_norm(bad, error_if_nonfinite=True)


def test_odd_calls_are_warned_of():
    with pytest.warns(UserWarning, match="`parameters` is an empty generator"):
        utils.clip_grad_norm_((p for p in ()), 1.0)
    with pytest.warns(FutureWarning, match="clip_grad_norm` is now deprecated"):
        utils.clip_grad_norm(parameters(), 1.0)
