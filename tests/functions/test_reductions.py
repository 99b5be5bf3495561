"""Sums, products, means, truth values and counts; values beside NumPy's in double precision."""

import numpy as np
import pytest

import pyconv
from pyconv.autograd import gradcheck, gradgradcheck

X = np.array([[1.5, 0.0, -3.0, 2.0], [4.0, 5.0, 0.25, -1.0], [0.0, 0.0, 7.0, 1.0]])


def tensor(x, requires_grad=False):
    return pyconv.tensor(x, requires_grad=requires_grad)


@pytest.mark.parametrize(
    ("name", "reference"),
    [("sum", np.sum), ("mean", np.mean), ("prod", np.prod), ("nansum", np.nansum), ("nanmean", np.nanmean)],
)
@pytest.mark.parametrize("dim", [None, 0, -1])
def test_values_over_a_dimension_and_over_all(name, reference, dim):
    arguments = () if dim is None else (dim,)
    got = getattr(pyconv, name)(tensor(X), *arguments)
    np.testing.assert_allclose(got.numpy(), reference(X, axis=dim), rtol=1e-15)
    np.testing.assert_array_equal(getattr(tensor(X), name)(*arguments).numpy(), got.numpy())
    np.testing.assert_array_equal(getattr(pyconv, name)(X, *arguments), got.numpy())


@pytest.mark.parametrize("name", ["sum", "mean", "nansum"])
def test_several_dimensions_and_keepdim(name):
    x = np.arange(24.0).reshape(2, 3, 4)
    got = getattr(pyconv, name)(tensor(x), (0, -1), keepdim=True)
    assert got.shape == (1, 3, 1)
    np.testing.assert_array_equal(getattr(pyconv, name)(tensor(x), axis=(0, -1), keepdims=True).numpy(), got.numpy())


@pytest.mark.parametrize("name", ["sum", "nansum", "prod"])
@pytest.mark.parametrize("kind", ["bool", "uint8", "int32", "int64"])
def test_integers_give_int64(name, kind):
    got = getattr(pyconv.ones(3).to(getattr(pyconv, kind)), name)()
    assert got.dtype is pyconv.int64
    assert got.item() == (1 if name == "prod" else 3)


def test_a_sum_in_half_precision_is_rounded_once():
    assert pyconv.ones(4096, dtype=pyconv.float16).sum().item() == 4096
    assert pyconv.full((1000,), 0.1, dtype=pyconv.bfloat16).sum().item() == 100.0


def test_nan_counts_for_nothing_where_it_is_said():
    x = tensor([[1.0, np.nan], [np.nan, np.nan]])
    np.testing.assert_array_equal(x.nansum(1).numpy(), np.float32([1, 0]))
    np.testing.assert_array_equal(x.nanmean(1).numpy(), np.float32([1, np.nan]))


@pytest.mark.parametrize("name", ["all", "any"])
def test_truth_over_dimensions(name):
    x = np.array([[True, False], [True, True]])
    np.testing.assert_array_equal(getattr(tensor(x), name)(1).numpy(), getattr(np, name)(x, axis=1))
    assert getattr(tensor(x), name)(dim=()).shape == (2, 2)
    assert getattr(tensor(x).to(pyconv.uint8), name)().dtype is pyconv.uint8


def test_trace_count_nonzero_and_logsumexp():
    assert tensor(X[:, :3]).trace().item() == 13.5
    assert tensor(X).count_nonzero().item() == 9
    np.testing.assert_array_equal(tensor(X).count_nonzero(0).numpy(), [2, 1, 3, 3])
    np.testing.assert_allclose(tensor(X).logsumexp((0, 1)).item(), np.log(np.exp(X).sum()), rtol=1e-15)
    assert tensor([1000.0, 1000.0]).logsumexp(0).item() == pytest.approx(1000 + np.log(2))
    assert tensor([-np.inf, -np.inf]).logsumexp(0).item() == -np.inf


@pytest.mark.parametrize("name", ["sum", "mean", "prod", "nansum", "nanmean"])
def test_derivatives(name):
    x = tensor(X, requires_grad=True)
    assert gradcheck(lambda x: getattr(x, name)(), x)
    assert gradcheck(lambda x: getattr(x, name)(1), x)
    assert gradgradcheck(lambda x: getattr(x, name)(1), x)


def test_derivatives_of_the_rest():
    x = tensor(X[:, :3], requires_grad=True)
    assert gradgradcheck(lambda x: x.logsumexp((0, 1)), x)
    assert gradgradcheck(lambda x: x.logsumexp(1, keepdim=True), x)
    assert gradcheck(lambda x: x.trace(), x)


def test_out_is_written_and_returned():
    out = pyconv.empty(4)
    assert pyconv.sum(tensor(X).float(), 0, out=out) is out
    np.testing.assert_array_equal(out.numpy(), X.sum(0).astype(np.float32))


@pytest.mark.parametrize(
    ("call", "kind", "text"),
    [
        (lambda x: x.sum(2), IndexError, r"expected to be in range of \[-2, 1\], but got 2"),
        (lambda x: x.sum((0, 0)), RuntimeError, "dim 0 appears multiple times in the list of dims"),
        (lambda x: x.sum(0.5), TypeError, r"sum\(\) received an invalid combination of arguments - got \(float\)"),
        (lambda x: x.long().mean(), RuntimeError, "could not infer output dtype. Input dtype"),
        (lambda x: x.long().nanmean(), RuntimeError, "expected input to have floating point or complex dtype"),
        (lambda x: x[0].trace(), RuntimeError, "trace: expected a matrix, but got tensor with dim 1"),
        (lambda x: (x + 1j).nansum(), RuntimeError, "nansum on CPU does not support complex inputs"),
    ],
)
def test_errors(call, kind, text):
    with pytest.raises(kind, match=text):
        call(tensor(X))
