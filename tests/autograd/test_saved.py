"""What a node keeps, and whether it was changed since."""

import gc
import weakref

import numpy as np
import pytest

import pyconv
from pyconv.autograd.saved import Spec
from tests.autograd.primitives import cube, product, scale, tensor


def test_an_operand_that_no_vjp_needs_is_a_spec_and_is_let_go():
    x = tensor(1.0, 2.0)
    middle = x * 1
    reference = weakref.ref(middle)
    y = scale(middle, factor=2)
    del middle
    gc.collect()
    assert reference() is None
    y.sum().backward()
    assert x.grad.tolist() == [2.0, 2.0]

    spec = Spec(np.ones((2, 3), np.float32))
    assert (spec.shape, spec.dtype) == ((2, 3), np.float32)


def test_a_change_in_place_of_what_was_saved_is_noticed():
    x = tensor(1.0, 2.0)
    y = x * 1
    z = product(y, y)
    y.add_(1)
    text = r"\[torch.DoubleTensor \[2\]\], which is output 0 of Add, is at version 1; expected version 0 instead"
    with pytest.raises(RuntimeError, match=text):
        z.sum().backward()


def test_a_change_in_place_of_a_saved_leaf_is_noticed():
    x = tensor(1.0, 2.0)
    y = product(x, x)
    with pyconv.no_grad():
        x.add_(1)
    with pytest.raises(RuntimeError, match=r"\[torch.DoubleTensor \[2\]\] is at version 1; expected version 0"):
        y.sum().backward()


def test_a_change_in_place_of_a_saved_result_is_noticed():
    x = tensor(1.0, 2.0)
    y = cube(x)
    z = y * 1
    y.add_(1)
    with pytest.raises(RuntimeError, match="which is output 0 of Cube, is at version 1"):
        z.sum().backward()


def test_a_value_that_was_taken_out_of_the_graph_is_noticed():
    a = tensor(1.0) * 1
    b = product(a, a)
    a.detach_()
    with pytest.raises(RuntimeError, match="Trying to use a saved tensor that has been detached in-place"):
        b.sum().backward()
    x = tensor(2.0)
    y = cube(x)
    y.detach_()
    z = cube(x * 1)
    z.sum().backward()
    assert x.grad.tolist() == [12.0]
