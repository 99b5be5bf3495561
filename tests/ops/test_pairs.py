"""Functions of two operands: gradients as torch's formulas have them, dtypes that torch has no kernel for."""

import numpy as np
import pytest

import pyconv as torch
from pyconv.autograd import grad, gradcheck, gradgradcheck


def test_an_angle_has_first_and_second_derivatives():
    a = torch.tensor([[1.0], [-2.0]], dtype=torch.float64, requires_grad=True)
    b = torch.tensor([0.5, -1.5, 3.0], dtype=torch.float64, requires_grad=True)
    assert gradcheck(torch.atan2, (a, b))
    assert gradgradcheck(torch.atan2, (a, b))


def test_the_angle_of_the_origin_has_no_slope_and_no_second_one():
    a, b = (torch.tensor([0.0, 1.0], requires_grad=True) for _ in range(2))
    (g,) = grad(torch.atan2(a, b).sum(), a, create_graph=True)
    assert g.tolist() == [0, 0.5]
    assert np.isnan(grad(g.sum(), b)[0].numpy()).tolist() == [True, False]


def test_squares_of_integers_wrap_in_the_gradient():
    a = torch.tensor([1.0], requires_grad=True)
    (g,) = grad(torch.atan2(a, torch.tensor([16], dtype=torch.uint8)).sum(), a)
    assert g.tolist() == [16]


def test_a_bool_beside_an_abscissa_has_no_gradient():
    b = torch.ones(1, requires_grad=True)
    with pytest.raises(RuntimeError, match="Negation, the `-` operator, on a bool tensor is not supported"):
        torch.atan2(torch.ones(1, dtype=torch.bool), b).backward()


def test_the_base_of_a_power_to_bools_has_no_gradient():
    x = torch.ones(1, requires_grad=True)
    y = torch.pow(x, torch.ones(1, dtype=torch.bool))
    assert y.tolist() == [1]
    with pytest.raises(RuntimeError, match="Subtraction, the `-` operator, with a bool tensor is not supported"):
        y.backward()


BOOLS = torch.ones(2, dtype=torch.bool)


@pytest.mark.parametrize(
    ("call", "kernel"),
    [
        (lambda: torch.clamp(BOOLS, BOOLS, BOOLS), "clamp_cpu"),
        (lambda: torch.clamp(BOOLS, True, True), "clamp_scalar_cpu"),
        (lambda: torch.clamp(BOOLS, max=True), "clamp_max_scalar_cpu"),
        (lambda: torch.clamp_min(BOOLS, True), "clamp_min_scalar_cpu"),
    ],
)
def test_bools_are_not_clamped(call, kernel):
    with pytest.raises(NotImplementedError, match=f"\"{kernel}\" not implemented for 'Bool'"):
        call()


def test_one_tensor_of_bools_bounds_bools():
    assert torch.clamp(BOOLS, max=~BOOLS).tolist() == [False, False]
    assert torch.clamp(BOOLS, 0, 1).dtype is torch.int64


def test_halves_are_compared_with_complex_numbers_in_half_precision():
    assert torch.eq(torch.tensor(1 + 1e-6j), torch.tensor([1.0], dtype=torch.float16)).tolist() == [False]
    assert torch.eq(torch.tensor(1 + 1e-9j), torch.tensor([1.0], dtype=torch.float16)).tolist() == [True]
