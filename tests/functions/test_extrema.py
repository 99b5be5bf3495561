"""Largest and smallest elements; what equal elements do is torch's, as literals from torch 2.13."""

import numpy as np
import pytest

import pyconv
from pyconv.autograd import gradcheck

X = np.array([[2.0, 7.0, 7.0], [5.0, 5.0, 1.0]])
NAN = np.array([3.0, np.nan, 1.0, np.nan])


def leaf(x):
    return pyconv.tensor(x, requires_grad=True)


def test_the_three_forms_of_max_and_min():
    x = pyconv.tensor(X)
    assert (x.max().item(), x.min().item()) == (7, 1)
    values, indices = x.max(1)
    assert (values.tolist(), indices.tolist()) == ([7, 5], [1, 0])
    assert pyconv.min(x, dim=0, keepdim=True).indices.tolist() == [[0, 1, 1]]
    assert x.min(pyconv.tensor(4.0)).tolist() == [[2, 4, 4], [4, 4, 1]]
    assert repr(pyconv.max(pyconv.tensor([1, 2]), 0)) == (
        "torch.return_types.max(\nvalues=tensor(2),\nindices=tensor(1))"
    )


def test_ties_share_the_gradient_of_max_and_the_first_has_it_along_a_dimension():
    for reduce, expected in (
        (lambda x: x.max(), [[0, 0.5, 0.5], [0, 0, 0]]),
        (lambda x: x.amax(1).sum(), [[0, 0.5, 0.5], [0.5, 0.5, 0]]),
        (lambda x: x.max(1).values.sum(), [[0, 1, 0], [1, 0, 0]]),
        (lambda x: x.aminmax(dim=1).max.sum(), [[0, 0.5, 0.5], [0.5, 0.5, 0]]),
        (lambda x: x.cummax(1).values.sum(), [[1, 1, 1], [1, 2, 0]]),
        (lambda x: x.median(), [[0, 0, 0], [0.5, 0.5, 0]]),
    ):
        x = leaf(X)
        reduce(x).backward()
        assert x.grad.tolist() == expected


@pytest.mark.parametrize("kind", ["float16", "bfloat16", "float32", "float64"])
def test_nan_is_the_extreme_element(kind):
    x = pyconv.tensor(NAN).to(getattr(pyconv, kind))
    for name in ("max", "min"):
        assert np.isnan(float(getattr(x, name)().item()))
        assert getattr(x, name)(0).indices.item() == 1
        assert getattr(x, f"arg{name}")().item() == 1
        assert np.isnan(float(getattr(x, f"a{name}")().item()))
    assert x.cummax(0).indices.tolist() == [0, 1, 1, 3]


def test_a_tensor_without_dimensions():
    x = pyconv.tensor(3.0)
    assert x.max(0).indices.item() == 0
    assert x.max(0, keepdim=True).values.shape == ()
    assert x.argmax(-1, keepdim=True).shape == ()
    assert pyconv.tensor(X).argmax(keepdim=True).tolist() == [[1]]


@pytest.mark.parametrize(
    "call",
    [
        lambda x: x.max(),
        lambda x: x.max(1)[0],
        lambda x: x.amin((0, 1)),
        lambda x: x.aminmax()[1],
    ],
)
def test_derivatives_where_nothing_is_equal(call):
    assert gradcheck(call, leaf(np.random.default_rng(0).normal(size=(3, 4))))


@pytest.mark.parametrize(
    ("call", "kind", "text"),
    [
        (lambda: pyconv.zeros(0, 2).max(), RuntimeError, r"max\(\): Expected reduction dim to be specified for input"),
        (lambda: pyconv.zeros(0, 2).max(0), IndexError, r"max\(\): Expected reduction dim 0 to have non-zero size."),
        (lambda: pyconv.zeros(0).argmax(), IndexError, r"argmax\(\): Expected reduction dim to be specified"),
        (lambda: pyconv.zeros(0).aminmax(dim=0), IndexError, "^aminmax: Expected reduction dim 0"),
        (lambda: pyconv.ones(2).bool().argmin(), RuntimeError, r"argmin\(\): does not support bool input"),
        (lambda: (pyconv.ones(2) * 1j).max(0), RuntimeError, r"max\(\): does not support complex input"),
        (lambda: pyconv.max(2, 3), TypeError, r"max\(\) received an invalid combination .* got \(int, int\)"),
    ],
)
def test_errors(call, kind, text):
    with pytest.raises(kind, match=text):
        call()


@pytest.mark.parametrize(("kind", "dtype"), [("bool", pyconv.bool), ("complex", pyconv.complex64)])
@pytest.mark.parametrize("dim", [None, 0, 5])
def test_the_dtype_is_looked_at_before_the_dimension(kind, dtype, dim):
    with pytest.raises(RuntimeError, match=rf"^argmin\(\): does not support {kind} input$"):
        pyconv.argmin(pyconv.zeros(0, dtype=dtype), dim)


def test_aminmax_of_one_complex_number_has_a_text_of_its_own():
    z = pyconv.tensor(1j)
    with pytest.raises(RuntimeError, match=r"^aminmax not implemented for ComplexFloat$"):
        pyconv.aminmax(z, dim=0)
    with pytest.raises(NotImplementedError, match="not implemented for 'ComplexFloat'"):
        pyconv.aminmax(z)
