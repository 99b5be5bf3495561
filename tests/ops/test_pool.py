"""Pooling ops on the tape: names, two derivatives, what a change in place does."""

import numpy as np
import pytest

import pyconv
from pyconv.autograd import gradcheck, gradgradcheck
from pyconv.geometry.pool import adaptive, sliding
from pyconv.ops import pool

AXES = [
    (sliding(5, 3, 2, 1, 1, 3), sliding(6, 2, 2, 0, 1, 3)),
    (adaptive(5, 3), adaptive(6, 4)),
    (adaptive(3, 5), adaptive(4, 1)),
    (sliding(2, 2, 2, 0, 1, 1), adaptive(5, 2), sliding(3, 3, 1, 1, 1, 3)),
]


def drawn(axes):
    shape = (1, 2, *(axis.size for axis in axes))
    values = np.random.default_rng(0).permutation(np.prod(shape)).reshape(shape) / 7
    return pyconv.from_numpy(values).requires_grad_()


@pytest.mark.parametrize("axes", AXES)
@pytest.mark.parametrize("kind", ["MaxPool", "AdaptiveMaxPool", "average", "adaptive"])
def test_first_and_second_derivatives(axes, kind):
    def op(x):
        if kind == "average":
            return pool.average(x, axes, tuple(axis.counts for axis in axes))
        return pool.adaptive_average(x, axes) if kind == "adaptive" else pool.maximum(x, axes, kind)

    x = drawn(axes)
    assert gradcheck(op, (x,))
    assert gradgradcheck(op, (x,))


def test_derivatives_of_unpooling():
    at = pyconv.tensor([[[[0, 5], [7, 2]]]])
    x = pyconv.ones(1, 1, 2, 2, dtype=pyconv.float64).requires_grad_()
    assert gradcheck(lambda x: pool.unpool(x, at, (3, 3)), (x,))
    assert gradgradcheck(lambda x: pool.unpool(x, at, (3, 3)), (x,))


def test_derivatives_of_fractional_pooling():
    starts = [np.array([[[0, 2]]]), np.array([[[1, 3]]])]
    x = drawn((adaptive(5, 1), adaptive(5, 1)))[:, :1].detach().requires_grad_()
    assert gradcheck(lambda x: pool.fractional_maximum(x, starts, (2, 2))[0], (x,))
    assert gradgradcheck(lambda x: pool.fractional_maximum(x, starts, (2, 2))[0], (x,))


@pytest.mark.parametrize(
    ("op", "name"),
    [
        (lambda x: pool.average(x, AXES[0], 6), "AvgPool2DBackward0"),
        (lambda x: pool.adaptive_average(x, AXES[0]), "AdaptiveAvgPool2DBackward0"),
        (lambda x: pool.maximum(x, AXES[0]), "MaxPool2DWithIndicesBackward0"),
        (lambda x: pool.maximum(x, AXES[0], "AdaptiveMaxPool"), "AdaptiveMaxPool2DBackward0"),
    ],
)
def test_nodes_have_torchs_names(op, name):
    found = op(drawn(AXES[0]))
    assert found.grad_fn.name() == name
    assert len(found.grad_fn.next_functions) == 1


def test_the_gradient_goes_to_the_first_of_equal_elements():
    x = pyconv.zeros(1, 2, 4).requires_grad_()
    pool.maximum(x, (adaptive(2, 1), adaptive(4, 2))).sum().backward()
    assert x.grad.tolist() == [[[1, 0, 1, 0], [0, 0, 0, 0]]]


def test_overlapping_windows_add_up():
    x = pyconv.tensor([[[0.0, 9.0, 0.0]]]).requires_grad_()
    pool.maximum(x, (adaptive(1, 1), sliding(3, 2, 1, 0, 1, 2))).sum().backward()
    assert x.grad.tolist() == [[[0, 2, 0]]]


def test_places_changed_in_place_are_found():
    values, places = pool.maximum_with_places(drawn(AXES[0]), AXES[0])
    assert not places.requires_grad
    places += 1
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        values.sum().backward()


def test_without_gradients_nothing_is_recorded():
    with pyconv.no_grad():
        assert pool.maximum(drawn(AXES[0]), AXES[0]).grad_fn is None


def test_a_place_outside_is_refused():
    with pytest.raises(RuntimeError, match=r"Found an invalid max index: 9 \(output volumes are of size 3x3\)"):
        pool.unpool(np.ones((1, 1, 1)), np.full((1, 1, 1), 9), (3, 3))


def test_the_gradients_of_quarters_are_those_by_places():
    generator = np.random.default_rng(0)
    values, weight = (generator.integers(-2, 3, (2, 3, 4, 6)).astype(np.float32) for _ in range(2))
    values[1, 2, 3, 5] = values[0, 0, 0, 0] = 7
    found = []
    for maximum in (
        pyconv.nn.functional.max_pool2d,
        lambda x, n: pyconv.nn.functional.max_pool2d(x, n, return_indices=True)[0],
    ):
        x = pyconv.tensor(values, requires_grad=True)
        y = maximum(x, 2)
        assert y.grad_fn.name() == "MaxPool2DWithIndicesBackward0"
        (first,) = pyconv.autograd.grad((y**3).sum(), x, create_graph=True)
        (second,) = pyconv.autograd.grad((first * pyconv.tensor(weight)).sum(), x)
        found.append((y.tolist(), first.tolist(), second.tolist()))
    assert found[0] == found[1]


def test_a_nan_among_quarters_has_a_place():
    x = pyconv.tensor([[[1.0, float("nan")], [2.0, float("nan")]]], requires_grad=True)
    y = pyconv.nn.functional.max_pool2d(x, 2)
    y.sum().backward()
    assert x.grad.tolist() == [[[0.0, 0.0], [0.0, 1.0]]]
