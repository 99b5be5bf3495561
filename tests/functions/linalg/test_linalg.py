"""torch.linalg: what each result means, first and second derivatives, empty matrices, torch's errors."""

import numpy as np
import pytest

import pyconv as torch
from pyconv.autograd import gradcheck, gradgradcheck

RANDOM = np.random.default_rng(3)
L = torch.linalg


def real(*shape):
    return torch.tensor(RANDOM.normal(size=shape), requires_grad=True)


def complex_(*shape):
    return torch.tensor(RANDOM.normal(size=shape) + 1j * RANDOM.normal(size=shape), requires_grad=True)


def positive(a):
    return a @ a.mH + 3 * torch.eye(a.shape[-1], dtype=a.dtype)


def phaseless(u, s, vh):
    return u @ vh, s


FUNCTIONS = {
    "inv": (L.inv, (2, 3, 3)),
    "det": (L.det, (2, 3, 3)),
    "slogdet": (lambda a: tuple(L.slogdet(a)), (2, 3, 3)),
    "matrix_exp": (L.matrix_exp, (2, 2)),
    "matrix_power": (lambda a: L.matrix_power(a, -3), (2, 2)),
    "pinv tall": (L.pinv, (4, 2)),
    "pinv wide": (L.pinv, (2, 3)),
    "cholesky": (lambda a: L.cholesky(positive(a)), (3, 3)),
    "qr tall": (lambda a: tuple(L.qr(a)), (4, 3)),
    "qr wide": (lambda a: tuple(L.qr(a)), (2, 3)),
    "svd tall": (lambda a: phaseless(*L.svd(a, full_matrices=False)), (4, 3)),
    "svd wide": (lambda a: phaseless(*L.svd(a, full_matrices=False)), (2, 3)),
    "svdvals": (L.svdvals, (3, 2)),
    "eigvalsh": (lambda a: L.eigvalsh(a + a.mH), (3, 3)),
    "eigvals": (L.eigvals, (3, 3)),
    "lu": (lambda a: tuple(L.lu(a))[1:], (3, 4)),
    "lu_factor tall": (lambda a: L.lu_factor(a).LU, (4, 3)),
    "cond": (lambda a: L.cond(a, "fro"), (3, 3)),
}


@pytest.mark.parametrize("make", [real, complex_])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_first_and_second_derivatives(name, make):
    function, shape = FUNCTIONS[name]
    a = make(*shape)
    assert gradcheck(function, (a,))
    assert gradgradcheck(function, (a,))


TWO = {
    "solve": (L.solve, (2, 3, 3), (2, 3, 2)),
    "solve a vector": (L.solve, (3, 3), (3,)),
    "solve from the right": (lambda a, b: L.solve(a, b, left=False), (3, 3), (2, 3)),
    "solve_triangular": (lambda a, b: L.solve_triangular(a, b, upper=True), (2, 3, 3), (3, 2)),
    "lstsq": (lambda a, b: L.lstsq(a, b).solution, (4, 2), (4, 3)),
    "cholesky_solve": (lambda a, b: torch.cholesky_solve(b, L.cholesky(positive(a))), (3, 3), (3, 2)),
    "lu_solve": (lambda a, b: L.lu_solve(*L.lu_factor(a), b), (3, 3), (3, 2)),
    "vecdot": (L.vecdot, (2, 3), (3,)),
}


@pytest.mark.parametrize("make", [real, complex_])
@pytest.mark.parametrize("name", TWO)
def test_derivatives_of_two_operands(name, make):
    function, *shapes = TWO[name]
    operands = tuple(make(*shape) for shape in shapes)
    assert gradcheck(function, operands)
    assert gradgradcheck(function, operands)


@pytest.mark.parametrize("make", [real, complex_])
@pytest.mark.parametrize("shape", [(3, 3), (4, 3), (2, 3, 4)])
def test_factors_multiply_to_the_matrix(shape, make):
    a = make(*shape).detach()
    q, r = L.qr(a)
    u, s, vh = L.svd(a, full_matrices=False)
    p, low, up = L.lu(a)
    for product in (q @ r, (u * s[..., None, :].to(u.dtype)) @ vh, p @ low @ up):
        np.testing.assert_allclose(product.numpy(), a.numpy(), atol=1e-12)


def test_the_determinant_of_a_singular_matrix_has_its_gradient():
    a = torch.tensor([[1.0, 2.0], [2.0, 4.0]], dtype=torch.float64, requires_grad=True)
    L.det(a).backward()
    np.testing.assert_allclose(a.grad.numpy(), [[4.0, -2.0], [-2.0, 1.0]], atol=1e-12)


def test_the_exponential_of_a_large_matrix_is_scaled():
    turn = 40.0
    a = torch.tensor([[0.0, -turn], [turn, 0.0]], dtype=torch.float64)
    expected = [[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]
    np.testing.assert_allclose(L.matrix_exp(a).numpy(), expected, atol=1e-12)


def test_results_have_names():
    found = L.slogdet(torch.tensor([[-2.0]]))
    assert found.sign.item() == -1
    assert repr(found).startswith("torch.return_types.linalg_slogdet(\nsign=tensor(-1.)")


@pytest.mark.parametrize("shape", [(0, 0), (2, 0, 0)])
@pytest.mark.parametrize("function", [L.inv, L.det, L.eigvalsh, L.svdvals, L.cholesky, L.matrix_exp, L.pinv])
def test_empty_matrices(function, shape):
    assert function(torch.ones(shape)).shape[: len(shape) - 2] == shape[:-2]


zero, flat = torch.zeros(2, 2), torch.ones(2, 3)
ERRORS = [
    (
        lambda: L.inv(zero),
        L.LinAlgError,
        "linalg.inv: The diagonal element 1 is zero, the inversion could not be completed because the input matrix is "
        "singular.",
    ),
    (
        lambda: L.inv(torch.ones(2, 2, 2)),
        L.LinAlgError,
        "linalg.inv: (Batch element 0): The diagonal element 2 is zero, the inversion could not be completed because "
        "the input matrix is singular.",
    ),
    (
        lambda: L.solve(zero, zero),
        L.LinAlgError,
        "torch.linalg.solve: The solver failed because the input matrix is singular.",
    ),
    (
        lambda: L.cholesky(zero - 1),
        L.LinAlgError,
        "linalg.cholesky: The factorization could not be completed because the input is not positive-definite (the "
        "leading minor of order 1 is not positive-definite).",
    ),
    (
        lambda: L.det(flat),
        RuntimeError,
        "linalg.det: A must be batches of square matrices, but they are 2 by 3 matrices",
    ),
    (lambda: L.inv(torch.ones(2)), RuntimeError, "linalg.inv: The input tensor A must have at least 2 dimensions."),
    (
        lambda: L.inv(zero.int()),
        RuntimeError,
        "linalg.inv: Expected a floating point or complex tensor as input. Got Int",
    ),
    (lambda: L.qr(zero.half()), NotImplementedError, "\"geqrf_cpu\" not implemented for 'Half'"),
    (
        lambda: L.qr(zero, "x"),
        RuntimeError,
        "qr received unrecognized mode 'x' but expected one of 'reduced' (default), 'r', or 'complete'",
    ),
    (lambda: L.cond(zero, 5), RuntimeError, "linalg.cond got an invalid norm type: 5"),
    (
        lambda: torch.ormqr(zero, torch.zeros(1), zero),
        RuntimeError,
        "torch.ormqr: tau.shape[-1] must be equal to min(other.shape[-2], input.shape[-1])",
    ),
    (
        lambda: torch.ormqr(zero, torch.zeros(zero.shape[-1]), zero[0]),
        RuntimeError,
        "torch.ormqr: other must have at least 2 dimensions.",
    ),
    (
        lambda: torch.ormqr(zero, torch.zeros(zero.shape[-1]), zero.double()),
        RuntimeError,
        "torch.ormqr: Expected input and other to have the same dtype, but input has dtypeFloat and other has dtype "
        "Double",
    ),
    (lambda: L.svd(3), TypeError, "linalg_svd(): argument 'A' (position 1) must be Tensor, not int"),
]


@pytest.mark.parametrize(("call", "error", "text"), ERRORS)
def test_errors_are_torchs(call, error, text):
    with pytest.raises(error) as raised:
        call()
    assert str(raised.value) == text


def test_one_class_of_errors_for_all():
    assert issubclass(L.LinAlgError, RuntimeError)
    assert L.LinAlgError.__name__ == "_LinAlgError"
