"""Checkpoints whose nodes keep nothing: what is computed again, when, and what must be the same."""

import gc
import weakref

import pytest

import pyconv
from pyconv.utils.checkpoint import CheckpointError, checkpoint, set_checkpoint_early_stop


def leaf(*values):
    return pyconv.tensor(values, requires_grad=True)


def changing(*functions):
    """A function that is another one at each call."""
    left = iter(functions)
    return lambda x: next(left)(x)


def two(x):
    return x.sin().exp()


def three(x):
    return x.sin().exp().sin()


def other_shape(x):
    return x.sin() * pyconv.tensor([1.0, 2.0])


DIFFERENT = {
    "fewer": (three, two, "A different number of tensors was saved during the original forward and recomputation"),
    "another shape": (two, other_shape, "have different metadata than during the forward pass"),
}


@pytest.mark.parametrize("name", DIFFERENT)
def test_the_same_tensors_must_be_computed_again(name):
    first, second, text = DIFFERENT[name]
    y = checkpoint(changing(first, second), leaf(1.0), use_reentrant=False)
    with pytest.raises(CheckpointError, match=text):
        y.backward(pyconv.ones_like(y))


def test_more_tensors_are_noticed_where_the_run_goes_on_to_its_end():
    with set_checkpoint_early_stop(False):
        y = checkpoint(changing(two, three), leaf(1.0), use_reentrant=False)
    with pytest.raises(CheckpointError, match="trying to save more tensors during recomputation"):
        y.backward()
    x = leaf(1.0)
    checkpoint(changing(two, three), x, use_reentrant=False).backward()
    assert x.grad.item() == pytest.approx(1.2533, abs=1e-4)


def test_the_check_can_be_left_out():
    x = leaf(1.0)
    y = checkpoint(changing(two, lambda v: two(v).double()), x, use_reentrant=False, determinism_check="none")
    y.backward()
    assert x.grad is not None
    with pytest.raises(ValueError, match=r"determinism_check should be one of \['default', 'none'\], but got no"):
        checkpoint(two, x, use_reentrant=False, determinism_check="no")


@pytest.mark.parametrize("early", [True, False])
def test_the_later_run_ends_early(early):
    ran = []

    def function(x):
        y = x.exp()
        ran.append("kept")
        z = y + 1
        ran.append("not kept")
        return z

    y = checkpoint(function, leaf(1.0), use_reentrant=False, early_stop=early)
    y.backward()
    assert ran == ["kept", "not kept"] + ([] if early else ["kept", "not kept"])


def test_each_pass_computes_again():
    calls = []
    x = leaf(2.0)
    y = checkpoint(lambda v: calls.append(1) or (v * v).exp(), x, use_reentrant=False)
    y.backward(retain_graph=True)
    y.backward()
    assert len(calls) == 3
    assert x.grad.item() == pytest.approx(2 * 4 * 54.598, rel=1e-4)


def test_nothing_is_kept_in_between():
    kept = []

    def function(x):
        middle = x.exp()
        kept.append(weakref.ref(middle._array))
        return middle * middle

    y = checkpoint(function, leaf(1.0), use_reentrant=False)
    gc.collect()
    assert kept[0]() is None
    y.backward()


def test_hooks_of_leaves_inside_and_outside_are_called_once():
    calls = []
    w = leaf(3.0)
    w.register_hook(lambda g: calls.append(g.item()))
    h = w * leaf(2.0)
    checkpoint(lambda v: w * v, h, use_reentrant=False).backward()
    assert calls == [12.0]


def test_nested_checkpoints():
    x = leaf(0.5)
    inner = lambda v: checkpoint(lambda u: u.exp().sin(), v, use_reentrant=False)  # noqa: E731
    checkpoint(lambda v: inner(v).exp() * inner(v), x, use_reentrant=False).backward()
    again = leaf(0.5)
    y = again.exp().sin()
    (y.exp() * y).backward()
    assert x.grad.item() == pytest.approx(again.grad.item())


def test_what_is_asked_for_twice():
    class Twice(pyconv.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x * 2

        @staticmethod
        def backward(ctx, g):
            assert len(ctx.saved_tensors) == 1
            with pytest.raises(CheckpointError, match="Unpack is being triggered for a tensor that was already"):
                _ = ctx.saved_tensors
            return g * 2

    x = leaf(1.0)
    checkpoint(lambda v: Twice.apply(v * 3), x, use_reentrant=False).backward()
    assert x.grad.tolist() == [6.0]


@pytest.mark.parametrize("reentrant", [True, False])
def test_the_lower_dtype_of_a_region_comes_back(reentrant):
    seen = []

    def function(x):
        y = x @ x
        seen.append(y.dtype)
        return y.float().exp()

    x = pyconv.ones(2, 2, requires_grad=True)
    with pyconv.autocast("cpu", dtype=pyconv.bfloat16):
        y = checkpoint(function, x, use_reentrant=reentrant)
    y.sum().backward()
    assert seen == [pyconv.bfloat16] * 2


def test_the_form_with_a_pass_of_its_own_is_for_all_leaves():
    x = leaf(1.0)
    y = checkpoint(pyconv.exp, x, use_reentrant=True)
    for run in (lambda: pyconv.autograd.grad(y, x), lambda: y.backward(inputs=[x])):
        with pytest.raises(RuntimeError, match=r"torch.utils.checkpoint is incompatible with .grad\(\)"):
            run()
    y.backward()
    assert x.grad is not None
