"""What the checks of a gradient find, and what they say: each kind of mistake that a VJP can make."""

import itertools

import numpy as np
import pytest

import pyconv
from pyconv.autograd import gradcheck
from pyconv.autograd.comparison import GradcheckError
from pyconv.autograd.primitive import primitive


def tensor(*values, dtype=pyconv.float64, requires_grad=True):
    return pyconv.tensor(list(values), dtype=dtype, requires_grad=requires_grad)


X = (0.5, -1.5, 2.0)
Z = (1 + 2j, 0.5 - 1j)


def square_with(vjp):
    """x² with a VJP of one's own."""

    @primitive("Square")
    def square(x):
        return x * x

    square.defvjp(0, vjp, saves=(0,))
    return square


RIGHT = square_with(lambda g, x: g * x * 2)


def wrap(values):
    return pyconv.Tensor._wrap(values)


_count = itertools.count(1)
MISTAKES = {
    "factor": (lambda g, x: g * x, "Jacobian mismatch for output 0 with respect to input 0,\nnumerical:"),
    "sign": (lambda g, x: g * x * -2, "Jacobian mismatch"),
    "one element": (lambda g, x: g * x * pyconv.tensor([2.0, 2.0, 2.1]), "Jacobian mismatch"),
    "nan": (lambda g, x: g * x * float("nan"), "Jacobian mismatch"),
    "size": (lambda g, x: (g * x * 2)[:1], "Analytical gradient has incorrect size"),
    "another value each time": (lambda g, x: g * x * 2 + wrap(np.full(3, 1e-7 * next(_count))), "not reentrant"),
    "not linear": (lambda g, x: g * x * 2 + wrap(np.full(3, 1e-8)), "backward not multiplied by grad_output"),
}


@pytest.mark.parametrize("fast", [False, True])
@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_found(name, fast):
    vjp, text = MISTAKES[name]
    f = square_with(vjp)
    with pytest.raises(GradcheckError, match=text):
        gradcheck(f, tensor(*X), fast_mode=fast)
    assert gradcheck(f, tensor(*X), fast_mode=fast, raise_exception=False) is False


def test_what_is_allowed_on_request():
    noisy = square_with(lambda g, x: g * x * 2 * (1 + 1e-9 * next(_count)))
    assert gradcheck(noisy, tensor(*X), nondet_tol=1e-3)
    nearly_linear = square_with(lambda g, x: g * x * 2 + wrap(np.full(3, 1e-12)))
    assert gradcheck(nearly_linear, tensor(*X), masked=True, check_undefined_grad=False)


def test_dtypes_are_checked_on_request():
    f = square_with(lambda g, x: (g * x * 2).float())
    x = tensor(0.5, 1.5, dtype=pyconv.float64)
    with pytest.raises(GradcheckError, match="grad is incorrect type"):
        gradcheck(f, x)
    with pytest.raises(GradcheckError, match="Gradient has dtype mismatch"):
        gradcheck(f, x, check_grad_dtypes=True)


def test_the_message_shows_both_jacobians():
    with pytest.raises(GradcheckError) as caught:
        gradcheck(lambda x: (x, x * x.detach()), tensor(2.0, 3.0))
    assert str(caught.value) == (
        "Jacobian mismatch for output 1 with respect to input 0,\n"
        "numerical:tensor([[4.0000, 0.0000],\n        [0.0000, 6.0000]], dtype=torch.float64)\n"
        "analytical:tensor([[2., 0.],\n        [0., 3.]], dtype=torch.float64)\n"
    )


def test_the_fast_message_shows_projections_and_both_jacobians():
    with pytest.raises(GradcheckError) as caught:
        gradcheck(lambda x: x * x.detach(), tensor(2.0), fast_mode=True)
    text = str(caught.value)
    assert text.startswith("Jacobian mismatch for output 0 with respect to input 0,\nnumerical:4.0")
    assert "\nanalytical:2.0\n\nThe above quantities relating the numerical and analytical jacobians" in text
    assert (
        "Numerical:\n tensor([[4.0000]], dtype=torch.float64)\nAnalytical:\ntensor([[2.]], dtype=torch.float64)" in text
    )
    assert "The max per-element difference (slow mode) is: 2.0" in text
    assert "test might've passed in slow_mode" not in text


def test_the_fast_message_says_where_the_slow_mode_would_pass():
    """Elements may be wrong in proportion to their size; a projection of both signs is smaller than their errors."""
    f = square_with(lambda g, x: g * (x * 2 + 0.1))
    x = tensor(*[(-1.0) ** i for i in range(40)])
    assert gradcheck(f, x, atol=1e-9, rtol=0.1)
    with pytest.raises(GradcheckError, match="element-wise differences are small"):
        gradcheck(f, x, atol=1e-9, rtol=0.1, fast_mode=True)


@pytest.mark.parametrize("values", [X, Z], ids=["real", "complex"])
def test_the_fast_mode_allows_what_the_slow_mode_allows(values):
    """Every element of the Jacobian of x → (Σx, Σx, Σx, …) is off by a bit less than the tolerance."""

    @primitive("Totals")
    def totals(x):
        return np.full(8, x.sum())

    totals.defvjp(0, lambda g, x: (g.sum() * (1 + 0.9e-3)).expand(len(values)))
    x = pyconv.tensor(list(values), dtype=pyconv.complex128 if values is Z else pyconv.float64, requires_grad=True)
    for fast in (False, True):
        assert gradcheck(totals, x, atol=1e-3, rtol=0.0, fast_mode=fast)
        assert not gradcheck(totals, x, atol=0.3e-3, rtol=0.0, fast_mode=fast, raise_exception=False)


@pytest.mark.parametrize(
    ("f", "part"),
    [(lambda z: z * z.detach(), "imaginary"), (lambda z: z.conj() * 0 + (z + z.conj()).detach() + z, "real")],
)
def test_a_mistake_in_one_part_is_found(f, part):
    text = f"While considering the {part} part of complex outputs only, Jacobian mismatch"
    for fast in (False, True):
        with pytest.raises(GradcheckError, match=text):
            gradcheck(f, tensor(*Z, dtype=pyconv.complex128), fast_mode=fast)


def test_outputs_without_gradient_must_be_constant():
    assert gradcheck(lambda x: (x * 0 + 3).detach(), tensor(*X))
    assert gradcheck(lambda x: x.long(), tensor(*X))
    with pytest.raises(GradcheckError, match="Numerical gradient for function expected to be zero"):
        gradcheck(lambda x: (x * x).detach(), tensor(*X))


def fails(g, x):
    raise RuntimeError("no cotangent")


@pytest.mark.parametrize(
    ("vjp", "text"),
    [
        (fails, "Expected backward function to handle undefined output grads"),
        (lambda g, x: g * x * 2 + 1.0, "Expected all input grads to be undefined or zero when all output grads are"),
    ],
)
def test_missing_cotangents_must_count_as_zeros(vjp, text):
    """The seven calls before are one to compare and two for each element."""
    for undefined in (True, False):
        ops = iter([RIGHT] * 7 + [square_with(vjp)])
        if undefined:
            with (
                pytest.warns(UserWarning, match="New undefined gradient support checking feature is enabled"),
                pytest.raises(GradcheckError, match=text),
            ):
                gradcheck(lambda x, ops=ops: next(ops)(x), tensor(*X))
        else:
            assert gradcheck(lambda x, ops=ops: next(ops)(x), tensor(*X), check_undefined_grad=False)
