"""MegEngine's Tensor and Parameter. The printed texts are MegEngine 1.13.0's."""

import copy
import pickle

import numpy as np
import pytest

import pyconv.megengine as mge


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ([1.5, 2, 3], "Tensor([1.5 2.  3. ], device=xpux:0)"),
        ([1, 2, 3], "Tensor([1 2 3], dtype=int32, device=xpux:0)"),
        (np.arange(3.0), "Tensor([0. 1. 2.], device=xpux:0)"),
        (np.arange(3), "Tensor([0 1 2], dtype=int32, device=xpux:0)"),
        (3.0, "Tensor(3.0, device=xpux:0)"),
        ([True, False], "Tensor([ True False], dtype=bool, device=xpux:0)"),
        (np.arange(3, dtype=np.float16), "Tensor([0. 1. 2.], dtype=float16, device=xpux:0)"),
        ([[1.0, 2.0], [3.0, 4.12345]], "Tensor([[1.     2.    ]\n [3.     4.1234]], device=xpux:0)"),
    ],
)
def test_printed_text(data, text):
    assert repr(mge.tensor(data)) == text
    assert repr(mge.Parameter(data)) == text.replace("Tensor", "Parameter")


def test_shape_and_dtype_are_pythons_and_numpys():
    value = mge.tensor(np.ones((2, 3)))
    assert (value.shape, type(value.shape)) == ((2, 3), tuple)
    assert value.dtype == np.float32
    assert value.astype("float16").dtype == np.float16
    assert mge.tensor([1.0], dtype="float64").dtype == np.float64


def test_what_is_computed_is_of_the_face():
    value = mge.Parameter([[1.0, 2.0]])
    for found in (value + 1, 2 - value, value.mean(axis=1, keepdims=True), value[0], value.reshape(2), value.detach()):
        assert type(found) is mge.Tensor
    assert value.sum().item() == 3.0
    assert repr(value + np.ones(2, np.float32)) == "Tensor([[2. 3.]], device=xpux:0)"


def test_ndarrays_are_operands_that_gradients_pass():
    x, other = mge.tensor([1.0, 2.0]), np.array([3.0, 4.0], np.float32)
    with mge.autodiff.GradManager().attach(x) as manager:
        y = other * x + x * other - other
        y /= other
        manager.backward(y.sum())
    assert type(y) is mge.Tensor
    assert y.numpy().tolist() == [1, 3]
    assert x.grad.numpy().tolist() == [2, 2]


def test_methods_that_torch_has_otherwise():
    value = mge.tensor(np.arange(24.0).reshape(2, 3, 4))
    assert value.transpose(2, 0, 1).shape == value.transpose((2, 0, 1)).shape == (4, 2, 3)
    assert value.max().item() == 23
    assert repr(value.max(axis=2)) == "Tensor([[ 3.  7. 11.]\n [15. 19. 23.]], device=xpux:0)"
    assert value.min(axis=1, keepdims=True).shape == (2, 1, 4)
    value[...] = np.zeros((2, 3, 4), np.float32)
    assert not value.numpy().any()


def test_data_is_copied_and_numpy_is_a_read_only_snapshot():
    data = np.zeros(2, np.float32)
    value = mge.tensor(data)
    data[0] = 1
    before = value.numpy()
    value[...] = 5
    value += 1
    assert before.tolist() == [0, 0]
    assert value.numpy().tolist() == [6, 6]
    with pytest.raises(ValueError, match="read-only"):
        before[0] = 3


@pytest.mark.parametrize("again", [copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))])
def test_copies_and_pickles(again):
    value = again(mge.Parameter([1.0, 2.0]))
    assert repr(value) == "Parameter([1. 2.], device=xpux:0)"


def test_it_is_numpys_to_numpy():
    assert np.asarray(mge.tensor([1.0, 2.0])).tolist() == [1, 2]
    assert mge.tensor(mge.tensor([1.0])).numpy().tolist() == [1]
