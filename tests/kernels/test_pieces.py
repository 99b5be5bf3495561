"""Work on pieces covers every element once, and its bits depend on neither pieces nor threads."""

import warnings

import numpy as np
import pytest

from pyconv.kernels import pieces, threads


@pytest.mark.parametrize("large", [1, 1 << 18])
@pytest.mark.parametrize("length", [1, 3, 10, 11])
def test_every_element_is_worked_on_once(monkeypatch, length, large):
    monkeypatch.setattr(pieces, "LARGE", large)
    monkeypatch.setattr(threads._pool, "count", 3)
    x, y = np.zeros((10, 2)), np.arange(20.0).reshape(10, 2)
    lengths = []

    def work(target, nothing, source):
        assert nothing is None
        lengths.append(len(target))
        target += source

    pieces.each_piece(work, length, x, None, y)
    assert (x == y).all()
    assert max(lengths) == min(length, 10)
    assert sum(lengths) == 10


@pytest.mark.parametrize("large", [1, 1 << 18])
def test_several_arrays_are_worked_on_at_once(monkeypatch, large):
    monkeypatch.setattr(pieces, "LARGE", large)
    monkeypatch.setattr(threads._pool, "count", 3)
    several = [(np.zeros(size), None, np.arange(1.0, size + 1)) for size in (10, 3, 4, 0, 9)]

    def work(target, nothing, source):
        assert nothing is None
        target += source

    pieces.each_piece_of_all(work, 4, several)
    assert all((x == y).all() for x, _, y in several)


def test_arrays_that_share_memory_are_worked_on_in_order(monkeypatch):
    monkeypatch.setattr(pieces, "LARGE", 1)
    called = []
    monkeypatch.setattr(threads, "each", lambda *_: called.append("threads"))
    x = np.zeros(30)

    def work(values, number):
        values *= 2
        values += number[: len(values)]

    one, two = np.full(20, 1.0), np.full(20, 2.0)
    pieces.each_piece_of_all(work, 8, [(x[:20], one), (x[10:], two)])
    assert called == []
    np.testing.assert_array_equal(x, [1.0] * 10 + [4.0] * 10 + [2.0] * 10)


@pytest.mark.parametrize("large", [1, 1 << 18])
def test_warnings_are_held_back(monkeypatch, large):
    monkeypatch.setattr(pieces, "LARGE", large)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        pieces.each_piece(lambda x: np.log(x, out=x), 2, -np.ones(9))


def test_an_error_comes_out():
    def fail(_):
        raise ValueError("a piece")

    with pytest.raises(ValueError, match="a piece"):
        pieces.each_piece(fail, 1, np.zeros(3))


@pytest.mark.parametrize("shape", [(3, 4), (700, 64), (7, 100, 64), (2, 40000)])
def test_rows_are_what_the_kernel_makes_of_the_whole(shape):
    x = np.random.default_rng(0).standard_normal(shape)
    for array in (x, x[:, ::2], x.swapaxes(0, -1)):
        found = pieces.by_rows(lambda a, b: (a - a.max(-1, keepdims=True)) * b, array, array)
        assert (found == (array - array.max(-1, keepdims=True)) * array).all()


X = np.arange(40 * 30 * 20.0).reshape(40, 30, 20)


@pytest.mark.parametrize("block", [80, 1 << 19])
@pytest.mark.parametrize("axes", [(0, 1, 2), (2, 0, 1), (2, 1, 0), (0, 2, 1)])
@pytest.mark.parametrize("x", [X, X[:3, :4, :5], X[:, ::2, 1:], X[::-1, :, :1]])
def test_elementwise_kernels_keep_values_and_order(monkeypatch, x, axes, block):
    """The result lies as what NumPy makes of the operand."""
    monkeypatch.setattr(pieces, "BLOCK", block)
    x = x.transpose(axes)
    found = pieces.blockwise(lambda flat, other, k: flat * k + other.ndim)(x, x, 2)
    np.testing.assert_array_equal(found, x * 2 + 1)
    steps = [[step for n, step in zip(y.shape, y.strides, strict=True) if n > 1] for y in (found, x + 1)]
    assert steps[0] == steps[1]


@pytest.mark.parametrize("shape", [(), (0,), (3, 0, 2)])
def test_an_elementwise_kernel_of_few_elements(shape):
    assert pieces.blockwise(np.negative)(np.ones(shape).T).shape == shape[::-1]


def test_an_expanded_operand_gives_a_contiguous_result():
    x = np.broadcast_to(np.arange(5.0), (4, 5))
    found = pieces.blockwise(np.negative)(x)
    np.testing.assert_array_equal(found, -x)
    assert found.flags.c_contiguous


def test_operands_that_lie_in_different_orders():
    x, y = np.arange(6.0).reshape(2, 3), np.arange(6.0).reshape(3, 2).T
    np.testing.assert_array_equal(pieces.blockwise(np.subtract)(x, y), x - y)


@pytest.mark.parametrize("large", [1, 1 << 18])
def test_threads_share_the_blocks_of_an_elementwise_kernel(monkeypatch, large):
    monkeypatch.setattr(pieces, "LARGE", large)
    monkeypatch.setattr(pieces, "BLOCK", 24)
    monkeypatch.setattr(threads._pool, "count", 3)
    sizes = []

    def kernel(x, y, *, shift):
        sizes.append(x.size)
        return x * y + shift

    x = np.arange(20.0)
    np.testing.assert_array_equal(pieces.blockwise(kernel)(x, x, shift=1), x * x + 1)
    assert (max(sizes), sum(sizes)) == (3, 20)
