"""gradcheck and gradgradcheck: they pass what is right, and find each kind of mistake that a VJP can make."""

import inspect
import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pyconv
import pyconv.nn.functional as F
from pyconv.autograd import gradcheck, gradgradcheck
from pyconv.autograd.gradcheck import GradcheckError
from pyconv.autograd.graph import primitive


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


def test_a_right_gradient_passes():
    for fast in (False, True):
        assert gradcheck(RIGHT, tensor(*X), fast_mode=fast) is True
        assert gradgradcheck(RIGHT, tensor(*X), fast_mode=fast) is True


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


def test_a_wrong_second_derivative_is_found():
    f = square_with(lambda g, x: g * x.detach() * 2)
    assert gradcheck(f, tensor(*X))
    with pytest.raises(GradcheckError, match="Jacobian mismatch for output 0 with respect to input 0"):
        gradgradcheck(f, tensor(*X))
    assert gradgradcheck(f, tensor(*X), raise_exception=False) is False


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


def test_complex_functions():
    z = tensor(*Z, dtype=pyconv.complex128)
    for f in (lambda z: z * z, lambda z: z.abs(), lambda z: z.conj() * 2j, lambda z: (z.exp(), z.abs())):
        assert gradcheck(f, z)
        assert gradcheck(f, z, fast_mode=True)
        assert gradgradcheck(f, z)
    assert gradcheck(lambda x: x * (1 + 2j), tensor(*X))


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


def test_outputs_may_be_mixed_and_in_any_order():
    assert gradcheck(lambda x, n: (x.long(), x * n, x.detach() * 0, [x, x][0]), (tensor(*X), 2))


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


def test_nothing_is_left_behind():
    x = tensor(*X)
    state = pyconv.random.get_rng_state().tolist()
    assert gradcheck(lambda x: x.exp(), x)
    assert gradgradcheck(lambda x: x.exp(), x)
    assert (x.tolist(), x.grad, x._version) == (list(X), None, 0)
    assert pyconv.random.get_rng_state().tolist() == state


def test_single_precision_is_warned_of():
    x = tensor(*X, dtype=pyconv.float32)
    with pytest.warns(UserWarning, match="Input #1 requires gradient and is not a double precision floating point"):
        assert gradcheck(lambda n, x: x * n, (2, x), eps=1e-2)


def test_inputs_that_cannot_be_checked():
    with pytest.raises(ValueError, match="at least one input tensor to require gradient, but none of them have"):
        gradcheck(lambda x: x, tensor(*X, requires_grad=False))
    with pytest.raises(RuntimeError, match="The 0th input has a dimension with stride 0"):
        gradcheck(lambda x: x, tensor(*X).expand(2, 3))


def test_inputs_without_elements_or_dimensions():
    for x in (tensor(*X)[:0], tensor(*X)[0]):
        assert gradcheck(lambda x: x * x, x)
        assert gradgradcheck(lambda x: x**3, x)


UNSUPPORTED = [
    (gradcheck, {"check_forward_ad": True}, "check_forward_ad=True needs forward-mode differentiation"),
    (gradcheck, {"check_batched_grad": True}, "check_batched_grad=True needs torch.vmap"),
    (gradgradcheck, {"check_fwd_over_rev": True}, "check_fwd_over_rev=True needs forward-mode differentiation"),
    (gradgradcheck, {"check_batched_grad": True}, "check_batched_grad=True needs torch.vmap"),
]


@pytest.mark.parametrize(("check", "options", "text"), UNSUPPORTED)
def test_checks_that_there_are_not_are_refused(check, options, text):
    with pytest.raises(RuntimeError, match=text):
        check(lambda x: x, tensor(*X), raise_exception=False, **options)


CONTRADICTIONS = [
    (gradcheck, {"check_backward_ad": False}, "at least one of check_forward_ad or check_backward_ad"),
    (gradcheck, {"check_batched_forward_grad": True}, "check_batched_forward_grad=True requires check_forward_ad"),
    (gradgradcheck, {"check_rev_over_rev": False}, "at least one of check_fwd_over_rev or check_rev_over_rev"),
    (
        gradgradcheck,
        {"check_rev_over_rev": False, "check_fwd_over_rev": True},
        "check_undefined_grad=True requires check_rev_over_rev",
    ),
]


@pytest.mark.parametrize(("check", "options", "text"), CONTRADICTIONS)
def test_options_that_contradict_one_another(check, options, text):
    with pytest.raises(AssertionError, match=text):
        check(lambda x: x, tensor(*X), **options)


def test_cotangents_of_ones_own():
    x = tensor(*X)
    assert gradgradcheck(lambda x: x**3, x, tensor(1.0, 2.0, 3.0))
    assert gradgradcheck(lambda x: x**3, x, tensor(1.0, 2.0, 3.0, requires_grad=False))


def test_random_cotangents_can_be_strided():
    strides = []

    @primitive("Cube")
    def cube(x):
        return x**3

    def vjp(g, x):
        strides.append(g.stride())
        return g * x * x * 3

    cube.defvjp(0, vjp, saves=(0,))
    x = pyconv.tensor([[0.5, 1.0, 2.0], [1.0, 2.0, 3.0]], dtype=pyconv.float64, requires_grad=True)
    assert gradgradcheck(cube, x, gen_non_contig_grad_outputs=True)
    assert (6, 2) in strides
    strides.clear()
    assert gradgradcheck(cube, x)
    assert (6, 2) not in strides


def test_the_signatures():
    """As torch 2.13's `inspect.signature` gives them, without annotations."""
    names = [
        f"{p.name}={p.default!r}" if p.default is not p.empty else p.name
        for p in inspect.signature(gradcheck).parameters.values()
    ]
    assert ", ".join(names) == (
        "func, inputs, eps=1e-06, atol=1e-05, rtol=0.001, raise_exception=True, nondet_tol=0.0, "
        "check_undefined_grad=True, check_grad_dtypes=False, check_batched_grad=False, "
        "check_batched_forward_grad=False, check_forward_ad=False, check_backward_ad=True, fast_mode=False, masked=None"
    )
    assert issubclass(GradcheckError, RuntimeError)


@given(
    coefficients=st.lists(st.integers(-3, 3), min_size=2, max_size=5),
    values=st.lists(st.floats(0.25, 2.0), min_size=1, max_size=4),
)
def test_polynomials_pass_and_broken_ones_do_not(coefficients, values):
    def polynomial(x):
        return sum((x**n * c for n, c in enumerate(coefficients)), start=x * 0)

    x = tensor(*values)
    assert gradcheck(polynomial, x)
    assert gradgradcheck(polynomial, x)
    assert not gradcheck(lambda x: polynomial(x) + x.detach(), x, raise_exception=False)


@pytest.mark.parametrize("convolve", [F.conv1d, F.conv_transpose1d])
def test_a_convolution(convolve):
    generator = np.random.default_rng(0)
    x, w, b = (
        pyconv.from_numpy(generator.normal(size=shape)).requires_grad_() for shape in ((1, 2, 5), (2, 2, 3), (2,))
    )
    assert gradcheck(lambda x, w, b: convolve(x, w, b, padding=1), (x, w, b))
    assert gradgradcheck(lambda x, w, b: convolve(x, w, b, padding=1), (x, w, b), fast_mode=True)
