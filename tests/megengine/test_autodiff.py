"""GradManager: what is recorded, where gradients go. The values are MegEngine 1.13.0's."""

import gc
import weakref

import numpy as np
import pytest

import pyconv.megengine.functional as F
from pyconv.megengine import Parameter, tensor
from pyconv.megengine.autodiff import GradManager


def test_gradients_have_megengines_shapes():
    x, w = tensor(np.ones((1, 2, 3, 3))), Parameter(np.ones((2, 1, 1, 1, 1)))
    b = Parameter(np.zeros((1, 2, 1, 1)))
    with GradManager().attach([x, w, b]) as manager:
        manager.backward(F.conv2d(x, w, b, groups=2).sum())
    assert w.grad.numpy().tolist() == [[[[[9]]]], [[[[9]]]]]
    assert b.grad.numpy().tolist() == [[[[9]], [[9]]]]
    assert x.grad.shape == x.shape


def test_gradients_add_up_and_ones_are_the_default_cotangent():
    x = tensor([1.0, 2.0])
    manager = GradManager().attach(x)
    for _ in range(2):
        with manager:
            manager.backward(x * x)
    assert x.grad.numpy().tolist() == [4, 8]
    manager.record()
    y = x * 2
    manager.backward([y, y * 3], [tensor([1.0, 1.0]), tensor([1.0, 10.0])])
    assert x.grad.numpy().tolist() == [12, 70]


def test_nothing_is_recorded_outside_or_before_attaching():
    x = tensor([1.0, 2.0])
    with GradManager() as manager:
        before = x * x
        manager.attach(x)
        manager.backward((before + x * 3).sum())
    assert x.grad.numpy().tolist() == [3, 3]
    outside = x * x
    with manager:
        manager.backward((outside + x.detach() * x).sum())
    assert x.grad.numpy().tolist() == [4, 5]


def test_what_an_earlier_recording_made_is_constant():
    x, total = tensor([1.0, 2.0]), tensor(0.0)
    manager = GradManager().attach(x)
    for _ in range(2):
        with manager:
            total = total + (x * x).sum()
            manager.backward(total)
    assert x.grad.numpy().tolist() == [4, 8]


def test_parameters_change_in_place_after_the_backward_pass():
    p = Parameter([1.0, 2.0])
    manager = GradManager().attach([p])
    with manager:
        manager.backward((p * p).sum())
        p -= 0.25 * p.grad
    assert p.numpy().tolist() == [0.5, 1]


def test_one_manager_at_a_time_records_a_tensor():
    x, y = tensor([1.0, 2.0]), tensor([3.0])
    with GradManager().attach(x) as outer:
        with pytest.raises(RuntimeError, match="already recording"):
            GradManager().attach(x).record()
        with GradManager().attach(y) as other:
            other.backward(y * y)
        outer.backward(x * x)
    assert x.grad.numpy().tolist() == [2, 4]
    assert y.grad.numpy().tolist() == [6]


def test_a_result_without_gradient_gives_none():
    x = tensor([1.0])
    manager = GradManager().attach(x)
    manager.record()
    manager.backward(tensor([2.0]))
    assert x.grad is None
    manager.record()
    manager.backward()
    assert x.grad is None


def test_two_gradients_do_not_share_memory():
    x, y = tensor([1.0]), tensor([2.0])
    with GradManager().attach([x, y]) as manager:
        manager.backward(x + y)
    x.grad *= 5
    assert y.grad.item() == 1


def test_attached_tensors_are_not_kept_alive():
    x, manager = tensor([1.0]), GradManager()
    alive = weakref.ref(x)
    manager.attach([x])
    del x
    gc.collect()
    assert alive() is None


def test_errors():
    x = tensor([1.0])
    manager = GradManager().attach(x)
    with pytest.raises(RuntimeError, match="no computation history"):
        manager.backward(x)
    manager.record()
    with pytest.raises(RuntimeError, match="already recording"):
        manager.record()
    manager.release()
    with pytest.raises(AssertionError, match=r"Tensor of floating point, got Tensor\(\[1 2\], dtype=int32"):
        manager.attach(tensor([1, 2]))
    with pytest.raises(AssertionError, match="Object to be attached should be Tensor"):
        manager.attach([np.ones(1)])


def test_an_exception_ends_the_recording():
    x = tensor([1.0])
    manager = GradManager().attach(x)
    with pytest.raises(ZeroDivisionError), manager:
        _ = 1 / 0
    with manager:
        manager.backward(x * 2)
    assert x.grad.item() == 2
