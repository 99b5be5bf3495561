"""Counts of values, beside NumPy's."""

import numpy as np
import pytest

import pyconv

X = np.random.default_rng(0).normal(size=(20, 2)).astype(np.float32)


@pytest.mark.parametrize("density", [False, True])
@pytest.mark.parametrize("bins", [5, np.float32([-1, 0, 0.5, 2])], ids=["count", "edges"])
def test_histogram(bins, density):
    weight = np.abs(X)
    given = bins if isinstance(bins, int) else pyconv.tensor(bins)
    got = pyconv.tensor(X).histogram(given, weight=pyconv.tensor(weight), density=density)
    expected = np.histogram(X, bins, weights=weight, density=density)
    np.testing.assert_allclose(got.hist.numpy(), expected[0], rtol=1e-6)
    np.testing.assert_allclose(got.bin_edges.numpy(), expected[1], rtol=1e-6)


def test_histogramdd_and_histc():
    got = pyconv.histogramdd(pyconv.tensor(X), [3, 4])
    expected = np.histogramdd(X, [3, 4])
    np.testing.assert_array_equal(got.hist.numpy(), expected[0])
    np.testing.assert_allclose(got.bin_edges[1].numpy(), expected[1][1], rtol=1e-5)
    np.testing.assert_array_equal(pyconv.histc(pyconv.tensor(X), 6, -2, 2).numpy(), np.histogram(X, 6, (-2, 2))[0])
    assert pyconv.ones(3).histc(4).tolist() == [0, 0, 3, 0]
    assert pyconv.zeros(0).histogram(2).bin_edges.tolist() == [0, 0.5, 1]
    assert pyconv.histogram(pyconv.tensor([0.0, 3.0]), 4, range=(3, 3)).hist.tolist() == [0, 0, 1, 0]


def test_bincount():
    x = pyconv.tensor([1, 4, 4])
    assert x.bincount(minlength=6).tolist() == [0, 1, 0, 0, 2, 0]
    assert x.bincount(pyconv.tensor([0.5, 1.0, 2.0])).tolist() == [0, 0.5, 0, 0, 3]
    assert x.bincount(pyconv.tensor([1, 1, 1])).dtype is pyconv.float64
    assert pyconv.tensor([], dtype=pyconv.int64).bincount().shape == (0,)


def test_no_derivative():
    with pytest.raises(RuntimeError, match="derivative for aten::histogram is not implemented"):
        pyconv.rand(3, requires_grad=True).histogram(3)[0].sum().backward()


@pytest.mark.parametrize(
    ("call", "kind", "text"),
    [
        (lambda x: x.bincount(), NotImplementedError, "\"bincount_cpu\" not implemented for 'Float'"),
        (lambda x: pyconv.tensor([-1]).bincount(), RuntimeError, "only supports 1-d non-negative integral inputs"),
        (lambda x: pyconv.tensor([1]).bincount(minlength=-1), RuntimeError, "minlength should be >= 0"),
        (lambda x: pyconv.tensor([1]).bincount(x), RuntimeError, "weights should be 1-d and have the same length"),
        (lambda x: x.histc(0), RuntimeError, "bins must be > 0, but got 0 for dimension 0"),
        (lambda x: x.histc(4, 3, 1), RuntimeError, "torch.histc: max must be larger than min"),
        (lambda x: x.long().histc(4, 0, 3), NotImplementedError, "\"histogram_cpu\" not implemented for 'Long'"),
        (lambda x: x.histogram(4, range=(3, 1)), RuntimeError, "min should not exceed max, but got min 3 max 1"),
        (
            lambda x: x.histogram(4, weight=x[0]),
            RuntimeError,
            r"input with shape \[40, 1\] and weight with shape \[2\]",
        ),
        (lambda x: x.half().histogram(4), NotImplementedError, "\"histogramdd\" not implemented for 'Half'"),
        (lambda x: pyconv.histogramdd(x[0], 2), RuntimeError, "should have at least 2 dimensions"),
    ],
)
def test_errors(call, kind, text):
    with pytest.raises(kind, match=text):
        call(pyconv.tensor(X))
