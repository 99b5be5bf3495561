"""linear and bilinear: values, nodes, derivatives, torch's errors."""

import numpy as np
import pytest

import pyconv as torch
from pyconv.autograd import gradcheck, gradgradcheck
from pyconv.nn import functional as F

RANDOM = np.random.default_rng(5)


def tensor(*shape):
    return torch.tensor(RANDOM.normal(size=shape), requires_grad=True)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("shape", [(3,), (2, 3), (2, 4, 3), (2, 1, 4, 3), (0, 3)])
def test_linear(shape, bias):
    x, w, b = tensor(*shape), tensor(5, 3), tensor(5) if bias else None
    found = F.linear(x, w, b)
    expected = x.detach().numpy() @ w.detach().numpy().T + (b.detach().numpy() if bias else 0)
    np.testing.assert_allclose(found.detach().numpy(), expected, rtol=1e-12)
    if x.numel():
        operands = (x, w, b) if bias else (x, w)
        assert gradcheck(F.linear, operands)
        assert gradgradcheck(F.linear, operands)


def test_linear_takes_what_is_not_contiguous():
    x, w, b = tensor(3, 4), tensor(5, 3), tensor(5)
    np.testing.assert_allclose(F.linear(x.t(), w, b).detach(), F.linear(x.t().contiguous(), w, b).detach())


@pytest.mark.parametrize(
    ("shape", "node"),
    [((2, 3), "AddmmBackward0"), ((2, 2, 3), "ViewBackward0"), ((3,), "ViewBackward0")],
)
def test_nodes_are_torchs(shape, node):
    assert F.linear(tensor(*shape), tensor(5, 3), tensor(5)).grad_fn.name() == node


def test_bilinear():
    x, y, w, b = tensor(2, 3), tensor(2, 4), tensor(5, 3, 4), tensor(5)
    arrays = (v.detach().numpy() for v in (x, y, w))
    expected = np.einsum("ni,nj,oij->no", *arrays) + b.detach().numpy()
    np.testing.assert_allclose(F.bilinear(x, y, w, b).detach().numpy(), expected, rtol=1e-12)
    assert gradcheck(F.bilinear, (x, y, w, b))
    assert gradgradcheck(F.bilinear, (x, y, w, b))


ERRORS = [
    (lambda: F.linear(torch.ones(2, 3), torch.ones(4, 2)), "mat1 and mat2 shapes cannot be multiplied (2x3 and 2x4)"),
    (
        lambda: F.linear(torch.ones(2, 3).double(), torch.ones(4, 3), torch.ones(4)),
        "mat1 and mat2 must have the same dtype, but got Double and Float",
    ),
    (
        lambda: F.linear(torch.ones(2, 3), torch.ones(4, 3), torch.ones(5)),
        "The expanded size of the tensor (4) must match the existing size (5) at non-singleton dimension 1.  Target "
        "sizes: [2, 4].  Tensor sizes: [5]",
    ),
    (
        lambda: F.bilinear(torch.ones(4, 3), torch.ones(5, 3), torch.ones(2, 3, 3)),
        "bilinear(): input batch dimensions do not match at dim 0: got 4 and 5",
    ),
]


def test_no_gradient_goes_through_a_complex_bilinear_map():
    x, w = torch.ones(1, 1, dtype=torch.complex64), torch.ones(1, 1, 1, dtype=torch.complex64)
    assert F.bilinear(x, x, w, torch.ones(1, dtype=torch.complex64).requires_grad_()).requires_grad
    with pytest.raises(RuntimeError, match=r"^_trilinear does not support automatic differentiation for outputs with"):
        F.bilinear(x, x, w.requires_grad_())


@pytest.mark.parametrize(
    ("shapes", "text"),
    [
        (((), (), (1, 1)), "Dimension specified as -1 but tensor has no dimensions"),
        (((), (), ()), "Dimension specified as 1 but tensor has no dimensions"),
        (((), (), (1,)), "Dimension out of range (expected to be in range of [-1, 0], but got 1)"),
        (((1, 1), (1, 1), (1, 1, 1), ()), "Dimension specified as 0 but tensor has no dimensions"),
        (((2,), (2,), (2, 2)), "Dimension out of range (expected to be in range of [-2, 1], but got 2)"),
    ],
)
def test_a_bilinear_map_of_too_few_dimensions(shapes, text):
    with pytest.raises(IndexError) as raised:
        F.bilinear(*map(torch.ones, shapes))
    assert str(raised.value) == text


def test_a_bilinear_map_has_no_kernel_for_bool():
    x, w = torch.ones(1, 1, dtype=torch.bool), torch.ones(1, 1, 1, dtype=torch.bool)
    with pytest.raises(NotImplementedError, match="\"bmm\" not implemented for 'Bool'"):
        F.bilinear(x, x, w)


def test_a_bilinear_map_of_no_features_has_no_rows():
    with pytest.raises(RuntimeError, match=r"cannot reshape tensor of 0 elements into shape \[-1, 0\]"):
        F.bilinear(torch.ones(2, 0), torch.ones(2, 1), torch.ones(1, 0, 1))


@pytest.mark.parametrize(("call", "text"), ERRORS)
def test_errors_are_torchs(call, text):
    with pytest.raises(RuntimeError) as raised:
        call()
    assert str(raised.value) == text


def test_a_stack_and_a_bias_have_their_dtypes_looked_at_before_their_sizes():
    with pytest.raises(RuntimeError, match=r"^mat1 and mat2 must have the same dtype, but got Int and Float$"):
        F.linear(torch.ones(1, 1, 1, dtype=torch.int32), torch.ones(1, 0), torch.ones(1))
    with pytest.raises(RuntimeError, match=r"^self and mat2 must have the same dtype, but got Double and Float$"):
        F.linear(torch.ones(1, 1, 1), torch.ones(1, 0), torch.ones(1, dtype=torch.float64))


def test_a_bilinear_map_of_too_many_dimensions():
    with pytest.raises(RuntimeError, match=r"^number of dimensions must match$"):
        F.bilinear(torch.ones(1), torch.ones(1), torch.ones(1, 1, 1, 1))
