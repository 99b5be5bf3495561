"""Products of matrices and vectors: values against sums written out, dtypes, gradients, torch's errors."""

import numpy as np
import pytest

import pyconv as torch
from pyconv.autograd import gradcheck, gradgradcheck
from pyconv.kernels import threads

RANDOM = np.random.default_rng(0)


def real(*shape):
    return torch.tensor(RANDOM.normal(size=shape), requires_grad=True)


def complex_(*shape):
    return torch.tensor(RANDOM.normal(size=shape) + 1j * RANDOM.normal(size=shape), requires_grad=True)


SHAPES = {
    "mm": [(2, 3), (3, 4)],
    "bmm": [(2, 2, 3), (2, 3, 4)],
    "mv": [(2, 3), (3,)],
    "dot": [(3,), (3,)],
    "vdot": [(3,), (3,)],
    "outer": [(2,), (3,)],
    "inner": [(2, 3), (4, 3)],
    "kron": [(2, 3), (3,)],
    "addmm": [(4,), (2, 3), (3, 4)],
    "addmv": [(2,), (2, 3), (3,)],
    "addbmm": [(2, 4), (2, 2, 3), (2, 3, 4)],
    "baddbmm": [(2, 1, 4), (2, 2, 3), (2, 3, 4)],
    "addr": [(2, 3), (2,), (3,)],
}


@pytest.mark.parametrize("make", [real, complex_])
@pytest.mark.parametrize("name", SHAPES)
def test_first_and_second_derivatives(name, make):
    operands = tuple(make(*shape) for shape in SHAPES[name])
    assert gradcheck(getattr(torch, name), operands)
    assert gradgradcheck(getattr(torch, name), operands)


def test_16_bits_are_rounded_once():
    a, b = RANDOM.normal(size=(2, 40, 30)).astype(np.float16), RANDOM.normal(size=(30, 20)).astype(np.float16)
    exact = (a.astype(np.float32) @ b.astype(np.float32)).astype(np.float16)
    assert np.array_equal(torch.matmul(torch.tensor(a), torch.tensor(b)).numpy(), exact)


def test_integers_wrap_and_do_not_lose_bits():
    a = torch.tensor([[2**40 + 1, 3]])
    assert torch.mm(a, a.t()).item() == (2**40 + 1) ** 2 % 2**64 + 9


def test_a_beta_of_zero_leaves_out_what_is_not_finite():
    nothing = torch.full((1,), float("nan"))
    found = torch.addmm(nothing, torch.ones(1, 2), torch.ones(2, 1), beta=0, alpha=3)
    assert found.tolist() == [[6.0]]


def test_integers_cut_off_the_factors():
    x = torch.tensor([10])
    assert torch.addmv(x, torch.tensor([[2]]), torch.tensor([3]), beta=1.9, alpha=2.9).tolist() == [22]


def test_in_place_counts_and_records():
    x = torch.zeros(2, 2, requires_grad=True)
    y = x.clone()
    y.addmm_(torch.ones(2, 3), torch.ones(3, 2), beta=2)
    assert y._version == 1
    y.sum().backward()
    assert x.grad.tolist() == [[2.0, 2.0], [2.0, 2.0]]


def test_out_is_written():
    out = torch.empty(2, 2)
    assert torch.mm(torch.ones(2, 3), torch.ones(3, 2), out=out) is out
    assert out.tolist() == [[3.0, 3.0], [3.0, 3.0]]


one = torch.ones
double = torch.float64
ERRORS = [
    (lambda: torch.mm(one(2), one(2, 2)), RuntimeError, "self must be a matrix"),
    (lambda: torch.mm(one(2, 3), one(2, 2)), RuntimeError, "mat1 and mat2 shapes cannot be multiplied (2x3 and 2x2)"),
    (
        lambda: torch.mm(one(2, 3), one(3, 2, dtype=double)),
        RuntimeError,
        "expected m1 and m2 to have the same dtype, but got: float != double",
    ),
    (
        lambda: torch.mm(one(2, 2).bool(), one(2, 2).bool()),
        NotImplementedError,
        "\"addmm_impl_cpu_\" not implemented for 'Bool'",
    ),
    (
        lambda: torch.bmm(one(2, 3, 4), one(2, 2, 4)),
        RuntimeError,
        "Expected size for first two dimensions of batch2 tensor to be: [2, 4] but got: [2, 2].",
    ),
    (lambda: torch.mv(one(2, 3), one(2)), RuntimeError, "size mismatch, got input (2), mat (2x3), vec (2)"),
    (lambda: torch.dot(one(2, 3), one(3)), RuntimeError, "1D tensors expected, but got 2D and 1D tensors"),
    (
        lambda: torch.matmul(torch.tensor(1.0), one(2)),
        RuntimeError,
        "both arguments to matmul need to be at least 1D, but they are 0D and 1D",
    ),
    (
        lambda: torch.matmul(one(2, 2, 3), one(3, 3, 4)),
        RuntimeError,
        "The size of tensor a (2) must match the size of tensor b (3) at non-singleton dimension 0",
    ),
    (lambda: one(3) @ 2, TypeError, "unsupported operand type(s) for @: 'Tensor' and 'int'"),
    (lambda: torch.mm(one(2, 2), 3), TypeError, "mm(): argument 'mat2' (position 2) must be Tensor, not int"),
    (
        lambda: one(4).addmm_(one(2, 3), one(3, 4)),
        RuntimeError,
        "Bad in-place call: input tensor size [4] and output tensor size [2, 4] should match",
    ),
    (
        lambda: torch.addr(one(3).int(), one(2).int(), one(3).int(), alpha=1.5),
        RuntimeError,
        "For integral input tensors, argument alpha must not be a floating point number.",
    ),
]


@pytest.mark.parametrize(("call", "error", "text"), ERRORS)
def test_errors_are_torchs(call, error, text):
    with pytest.raises(error) as raised:
        call()
    assert str(raised.value) == text


@pytest.mark.parametrize(("a", "b"), [((1, 2, 0), (1, 0, 3)), ((1, 2, 3), (1, 3, 0)), ((0, 2, 3), (0, 3, 3))])
@pytest.mark.parametrize("kind", [torch.int8, torch.float64, torch.bool])
def test_stacks_without_elements_take_any_dtypes(a, b, kind):
    x = torch.ones(*a, requires_grad=True)
    for multiply in (torch.bmm, torch.matmul, lambda x, y: torch.einsum("bij,bjk->bik", x, y)):
        found = multiply(x, torch.ones(*b, dtype=kind))
        assert found.dtype is kind
        assert found.shape == (a[0], a[1], b[2])
        assert not found.any()
    if kind is double:
        assert torch.autograd.grad(torch.bmm(x, torch.ones(*b, dtype=kind)).sum(), x)[0].dtype is torch.float32


@pytest.mark.parametrize(
    ("n", "a", "b", "error", "text"),
    [
        (99, torch.bool, torch.half, NotImplementedError, "\"bmm\" not implemented for 'Bool'"),
        (99, torch.half, torch.complex64, RuntimeError, "expected scalar type Half but found ComplexFloat"),
        (100, torch.half, torch.complex64, RuntimeError, "expected scalar type ComplexFloat but found Half"),
        (
            100,
            torch.bool,
            torch.half,
            RuntimeError,
            "expected m1 and m2 to have the same dtype, but got: bool != c10::Half",
        ),
        (100, torch.bool, torch.bool, NotImplementedError, "\"addmm_impl_cpu_\" not implemented for 'Bool'"),
    ],
)
def test_the_number_of_products_chooses_the_words(n, a, b, error, text):
    with pytest.raises(error) as raised:
        torch.bmm(torch.ones(1, 2, n, dtype=a), torch.ones(1, n, 2, dtype=b))
    assert str(raised.value) == text


@pytest.mark.parametrize("lead", [(5,), (1, 3), (2, 1, 2)])
def test_large_stacks_are_multiplied_in_halves(lead):
    """Each product has the bits that it has alone, whatever takes the other half."""
    rng = np.random.default_rng(0)
    a, b = rng.standard_normal((*lead, 160, 200), np.float32), rng.standard_normal((*lead, 180, 200), np.float32)
    found = torch.matmul(torch.tensor(a), torch.tensor(b).mT).numpy()
    assert found.shape == (*lead, 160, 180)
    wide = a.astype(np.float64) @ b.astype(np.float64).swapaxes(-1, -2)
    np.testing.assert_allclose(found, wide, atol=1e-3)
    assert (torch.matmul(torch.tensor(a), torch.tensor(b).mT).numpy() == found).all()


@pytest.mark.parametrize(("lead", "times"), [((1,), 0), ((1, 1), 0), ((1, 2), 1), ((2,), 1)])
def test_a_stack_of_one_product_is_left_to_the_threads_of_blas(lead, times, monkeypatch):
    called = []
    each = threads.each
    monkeypatch.setattr(threads, "each", lambda *given: called.append(each(*given)))
    x = torch.ones(*lead, 260, 260)
    assert (torch.matmul(x, x) == 260).all()
    assert len(called) == times
