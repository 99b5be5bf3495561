"""Values put in at indices and everywhere, and views changed through their base."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra import numpy as arrays

import pyconv
from pyconv.autograd import gradcheck, gradgradcheck
from pyconv.ops import assignment, index, shape

BASIC = arrays.basic_indices((2, 3, 4), min_dims=0, max_dims=5, allow_newaxis=True)


def tensor(dims=(2, 3, 4)):
    return pyconv.from_numpy(np.arange(1.0, 1.0 + np.prod(dims)).reshape(dims)).requires_grad_()


@given(BASIC)
def test_assignment_and_its_gradients(key):
    key = key if isinstance(key, tuple) else (key,)
    x = tensor()
    value = pyconv.tensor(2.5, dtype=pyconv.float64, requires_grad=True)
    found = assignment.assign(x, value, index=key)
    expected = x._array.copy()
    expected[key] = 2.5
    np.testing.assert_array_equal(found._array, expected)
    gx, gv = pyconv.autograd.grad(found.sum(), (x, value))
    hit = np.zeros((2, 3, 4))
    hit[key] = 1
    np.testing.assert_array_equal(gx._array, 1 - hit)
    assert gv.item() == hit.sum()


def test_assignment_at_arrays():
    x, value = tensor((4,)), tensor((2,))
    key = (np.array([3, 1]),)
    assert gradcheck(lambda x, v: assignment.assign(x * x, v * v, index=key), (x, value))
    assert gradgradcheck(lambda x, v: assignment.assign(x**3, v**3, index=key), (x, value))


@pytest.mark.parametrize(
    ("f", "text"),
    [
        (
            lambda: assignment.assign(np.zeros(3), np.ones(3), index=(np.array([0, 1]),)),
            r"shape mismatch: value tensor of shape \[3\] cannot be broadcast to indexing result of shape \[2\]",
        ),
        (
            lambda: assignment.assign(pyconv.zeros(3), pyconv.ones(1, dtype=pyconv.int64), index=(np.array([0]),)),
            "Index put requires the source and destination dtypes match, got Float for the destination and Long for",
        ),
        (lambda: assignment.replace(np.zeros(3), np.ones(4)), "must match the size of tensor b"),
        (
            lambda: assignment.fill(np.zeros(3), np.ones(1)),
            "fill_ only supports 0-dimension value tensor but got tensor with 1",
        ),
        (lambda: assignment.settle(np.zeros(3), np.ones((2, 3))), "the number of sizes provided"),
        (lambda: assignment.settle(np.zeros(3), np.ones(2)), "must match the existing size"),
    ],
)
def test_values_that_do_not_fit(f, text):
    with pytest.raises(RuntimeError, match=text):
        f()


def test_replacing_all_values():
    x, value = tensor((2, 3)), tensor((3,))
    assert gradcheck(lambda x, v: assignment.replace(x, v * v), (x, value))
    assert pyconv.autograd.grad(assignment.fill(x, 3).sum(), x)[0].tolist() == [[0.0] * 3] * 2
    assert assignment.settle(x, np.ones((1, 1, 3))).tolist() == [[1.0] * 3] * 2


STEPS = {
    "slice": ((index.narrow, {"index": (slice(None), slice(1, None))}),),
    "element": ((index.select, {"index": (1,)}), (index.select, {"index": (2,)})),
    "reshaped": ((shape.reshape, {"shape": (6,)}), (index.narrow, {"index": (slice(1, 5),)})),
    "permuted": ((shape.permute, {"axes": (1, 0)}), (index.select, {"index": (2,)})),
    "copied": ((shape.permute, {"axes": (1, 0)}), (shape.reshape, {"shape": (6,)})),
}


@pytest.mark.parametrize("name", STEPS)
def test_a_base_with_another_value_in_the_place_of_a_view(name):
    steps = STEPS[name]
    x = tensor((2, 3))
    value = assignment.replay(tensor((2, 3)) * 10, steps).detach().requires_grad_()
    found = assignment.copy_slices(x, value, steps=steps)
    places = assignment.replay(np.arange(6).reshape(2, 3), steps)
    expected = x._array.copy()
    expected.reshape(-1)[places] = value._array
    np.testing.assert_array_equal(found._array, expected)
    assert gradcheck(lambda x, v: assignment.copy_slices(x * x, v * v, steps=steps), (x, value))
    assert gradgradcheck(lambda x, v: assignment.copy_slices(x**3, v**3, steps=steps), (x, value))
