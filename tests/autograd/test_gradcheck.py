"""gradcheck and gradgradcheck: functions of every kind, options, what is refused and what is left alone."""

import inspect

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pyconv
import pyconv.nn.functional as F
from pyconv.autograd import gradcheck, gradgradcheck
from pyconv.autograd.gradcheck import GradcheckError
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


def test_a_right_gradient_passes():
    for fast in (False, True):
        assert gradcheck(RIGHT, tensor(*X), fast_mode=fast) is True
        assert gradgradcheck(RIGHT, tensor(*X), fast_mode=fast) is True


def test_a_wrong_second_derivative_is_found():
    f = square_with(lambda g, x: g * x.detach() * 2)
    assert gradcheck(f, tensor(*X))
    with pytest.raises(GradcheckError, match="Jacobian mismatch for output 0 with respect to input 0"):
        gradgradcheck(f, tensor(*X))
    assert gradgradcheck(f, tensor(*X), raise_exception=False) is False


def test_complex_functions():
    z = tensor(*Z, dtype=pyconv.complex128)
    for f in (lambda z: z * z, lambda z: z.abs(), lambda z: z.conj() * 2j, lambda z: (z.exp(), z.abs())):
        assert gradcheck(f, z)
        assert gradcheck(f, z, fast_mode=True)
        assert gradgradcheck(f, z)
    assert gradcheck(lambda x: x * (1 + 2j), tensor(*X))


def test_outputs_may_be_mixed_and_in_any_order():
    assert gradcheck(lambda x, n: (x.long(), x * n, x.detach() * 0, [x, x][0]), (tensor(*X), 2))


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
    (gradgradcheck, {"check_fwd_over_rev": True}, "check_fwd_over_rev=True needs forward-mode differentiation"),
]


@pytest.mark.parametrize(("check", "options", "text"), UNSUPPORTED)
def test_checks_that_there_are_not_are_refused(check, options, text):
    with pytest.raises(RuntimeError, match=text):
        check(lambda x: x, tensor(*X), raise_exception=False, **options)


def test_batches_of_cotangents():
    z = tensor(*Z, dtype=pyconv.complex128)
    for check in (gradcheck, gradgradcheck):
        assert check(RIGHT, tensor(*X), check_batched_grad=True)
        assert check(lambda z: (z * z, z.abs()), z, check_batched_grad=True)
        assert check(lambda x, n: x[:1] * n, (tensor(*X), tensor(2.0)), check_batched_grad=True, fast_mode=True)


def test_a_batch_that_differs_from_its_rows():
    calls = []
    f = square_with(lambda g, x: g * x * (2 + 3e-5 * (calls.append(1) or len(calls))))
    assert gradcheck(f, tensor(*X), nondet_tol=1.0)
    with pytest.raises(GradcheckError, match=r"(?s)For output 0 and input 0:.*batched gradient.*Got:.*Expected:"):
        gradcheck(f, tensor(*X), nondet_tol=1.0, check_batched_grad=True)


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


def test_random_cotangents_are_complex_where_outputs_are():
    received = []

    @primitive("Square")
    def square(z):
        return z * z

    def vjp(g, z):
        received.append(g.tolist())
        return g * z.conj() * 2

    square.defvjp(0, vjp, saves=(0,))
    assert gradgradcheck(square, tensor(*Z, dtype=pyconv.complex128))
    assert all(number.imag and number.real for number in received[0])


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
