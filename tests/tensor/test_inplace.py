"""Changes in place: values, versions, the graph, views, refusals."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pyconv
from pyconv.autograd import grad


def tensor(*values, requires_grad=True):
    return pyconv.tensor(list(values), dtype=pyconv.float64, requires_grad=requires_grad)


def grid(requires_grad=True):
    return pyconv.from_numpy(np.arange(1.0, 7.0).reshape(2, 3)).requires_grad_(requires_grad)


def test_values_and_versions():
    x = tensor(1.0, 2.0, requires_grad=False)
    memory = x._array
    x.add_(1).sub_(x, alpha=0.5).mul_(4).div_(2)
    x += 1
    x -= 1
    x *= 2
    x /= 2
    assert x._array is memory
    assert x.tolist() == [2.0, 3.0]
    assert x._version == 8
    x.copy_(tensor(5.0)).fill_(7)
    assert x.tolist() == [7.0, 7.0]
    assert x.zero_().tolist() == [0.0, 0.0]


STEPS = {
    "add": (lambda y, x: y.add_(x, alpha=3), lambda y, x: y + 3 * x),
    "sub": (lambda y, x: y.sub_(x), lambda y, x: y - x),
    "mul": (lambda y, x: y.mul_(x), lambda y, x: y * x),
    "div": (lambda y, x: y.div_(x), lambda y, x: y / x),
    "number": (lambda y, x: y.mul_(2.5), lambda y, x: y * 2.5),
    "copy": (lambda y, x: y.copy_(x), lambda y, x: x * 1),
    "row": (lambda y, x: y[0].mul_(x[1]), lambda y, x: rows(y, (y[0] * x[1], y[1]))),
    "item": (lambda y, x: y.__setitem__(1, x[0]), lambda y, x: rows(y, (y[0], x[0]))),
    "column": (lambda y, x: y[:, 1:2].add_(x[:, :1]), lambda y, x: y + x[:, :1] * pyconv.tensor([0.0, 1.0, 0.0])),
    "transposed": (lambda y, x: y.t().mul_(x.t()), lambda y, x: y * x),
    "flat": (lambda y, x: y.view(6)[::2].mul_(2), lambda y, x: y * pyconv.tensor([[2.0, 1.0, 2.0], [1.0, 2.0, 1.0]])),
    "mask": (lambda y, x: y.__setitem__(x > 3, 0.0), lambda y, x: y * (x <= 3)),
    "fill": (lambda y, x: y[0].fill_(2), lambda y, x: rows(y, (y[0] * 0 + 2, y[1]))),
}


def rows(like, values):
    """Two rows stacked, by arithmetic alone."""
    top, bottom = pyconv.tensor([[1.0], [0.0]]), pyconv.tensor([[0.0], [1.0]])
    return values[0].unsqueeze(0) * top.to(like.dtype) + values[1].unsqueeze(0) * bottom.to(like.dtype)


@given(st.lists(st.sampled_from(sorted(STEPS)), min_size=1, max_size=5))
def test_any_steps_in_place_are_as_good_as_new_tensors(names):
    x = grid()
    y, z = x * 1, x * 1
    whole = y.view(6)
    for name in names:
        change, compute = STEPS[name]
        change(y, x)
        z = compute(z, x)
    np.testing.assert_allclose(y._array, z._array)
    np.testing.assert_allclose(whole._array, z._array.reshape(6))
    weights = tensor(1.0, -2.0, 3.0, 0.5, 5.0, -1.0, requires_grad=False)
    expected, shaped = grad((z * z * weights.reshape(2, 3)).sum(), x), (y * y * weights.reshape(2, 3)).sum()
    through_view = grad((whole * whole * weights).sum(), x, retain_graph=True)
    np.testing.assert_allclose(grad(shaped, x)[0]._array, expected[0]._array)
    np.testing.assert_allclose(through_view[0]._array, expected[0]._array)


def test_second_derivatives_through_items():
    def f(x):
        y = pyconv.zeros(2, 3, dtype=pyconv.float64) * 1
        y[0] = x * x
        y[1].add_(x)
        y[:, 0].mul_(x[1])
        return (y**3).sum()

    x = tensor(0.5, 1.5, 2.0)
    assert pyconv.autograd.gradcheck(f, x)
    assert pyconv.autograd.gradgradcheck(f, x)


def test_a_constant_becomes_part_of_the_graph_and_so_do_its_views():
    x, y = tensor(1.0, 2.0), tensor(0.0, 0.0, requires_grad=False)
    v = y[:1]
    y.add_(x * 3)
    assert (y.is_leaf, v.requires_grad, v.grad_fn.name()) == (False, True, "AsStridedBackward0")
    assert grad(v.sum(), x)[0].tolist() == [3.0, 0.0]


def test_a_view_of_a_constant_takes_its_base_along():
    x, y = tensor(1.0, 2.0), pyconv.zeros(2, 2, dtype=pyconv.float64)
    y[1].add_(x)
    assert y.grad_fn.name() == "torch::autograd::CopySlices"
    assert grad((y * y).sum(), x)[0].tolist() == [2.0, 4.0]


def test_views_that_died_are_no_burden():
    x = grid()
    y = x * 1
    for _ in range(3):
        y[0].mul_(2)
    assert len(y._views) == 0
    assert grad(y.sum(), x)[0].tolist() == [[8.0] * 3, [1.0] * 3]


def test_what_is_overwritten_gets_no_gradient():
    for change in (lambda y: y.fill_(3), lambda y: y.zero_(), lambda y: y.normal_(), lambda y: y.uniform_()):
        x = tensor(1.0, 2.0)
        y = x * 2
        change(y)
        assert y.requires_grad
        assert grad(y.sum(), x)[0].tolist() == [0.0, 0.0]


def test_without_recording_the_graph_stays():
    x = tensor(1.0, 2.0)
    y = x * 2
    with pyconv.no_grad():
        y.mul_(5)
        y[0] = 7
        y.normal_(0.0, 0.0)
        x.add_(1)
    assert y.grad_fn.name() == "MulBackward0"
    assert x.is_leaf
    assert (x.tolist(), x._version) == ([2.0, 3.0], 1)


def test_a_retained_gradient_follows():
    x = tensor(1.0)
    y = x * 2
    y.retain_grad()
    y.mul_(3)
    y.backward()
    assert y.grad.tolist() == [1.0]


def test_detached_memory_counts_data_does_not():
    x = tensor(1.0, 2.0)
    y = x * x
    x.data.add_(1)
    assert x._version == 0
    x.detach().add_(1)
    assert x._version == 1
    with pytest.raises(RuntimeError, match="is at version 1; expected version 0 instead"):
        y.sum().backward()


LEAVES = {
    "add": lambda x: x.add_(1),
    "fill": lambda x: x.fill_(1),
    "uniform": lambda x: x.uniform_(),
    "array item": lambda x: x.__setitem__([0], 1),
}
VIEWS = {
    "item": lambda x: x.__setitem__(0, 1),
    "slice": lambda x: x.__setitem__(slice(None), 1),
    "element": lambda x: x[0].add_(1),
    "view": lambda x: x.view(2, 1)[1].zero_(),
}


@pytest.mark.parametrize("name", [*LEAVES, *VIEWS])
def test_a_leaf_is_not_changed_where_it_is_recorded(name):
    x = tensor(1.0, 2.0)
    what = "a leaf Variable" if name in LEAVES else "a view of a leaf Variable"
    with pytest.raises(RuntimeError) as caught:
        (LEAVES | VIEWS)[name](x)
    assert str(caught.value) == f"{what} that requires grad is being used in an in-place operation."
    assert (x.tolist(), x._version) == ([1.0, 2.0], 0)


def test_a_refused_draw_takes_no_random_numbers():
    state = pyconv.random.get_rng_state().tolist()
    with pytest.raises(RuntimeError):
        tensor(1.0).normal_()
    assert pyconv.random.get_rng_state().tolist() == state


def test_a_view_that_requires_gradients_by_itself_is_a_leaf():
    y = tensor(1.0, 2.0, requires_grad=False).view(2).requires_grad_()
    with pytest.raises(RuntimeError, match="a view of a leaf Variable that requires grad is being used"):
        y.add_(1)


def test_a_view_made_without_recording_does_not_hinder_its_base():
    x = tensor(1.0, 2.0)
    y = x * 1
    with pyconv.no_grad():
        v = y[:1]
    y.mul_(3)
    assert v.tolist() == [3.0]
    assert grad(y.sum(), x)[0].tolist() == [3.0, 3.0]


def test_a_view_made_without_recording_is_not_changed_with_it():
    x = tensor(1.0, 2.0)
    y = x * 1
    with pyconv.no_grad():
        views = (x.view(2), y[:1], y.view(1, 2)[0])
    for view in views:
        with pytest.raises(RuntimeError, match="A view was created in no_grad mode and is being modified inplace"):
            view.add_(1)


REFUSED = {
    "shape": (lambda x: x.add_(np.ones(3)), r"must match the size of tensor b \(3\)"),
    "more dimensions": (
        lambda x: x.add_(np.ones((3, 2))),
        r"output with shape \[2\] doesn't match the broadcast shape",
    ),
    "complex": (lambda x: x.mul_(1j), "result type ComplexDouble can't be cast to the desired output type Double"),
    "fraction": (lambda x: x.long().add_(0.5), "result type Float can't be cast to the desired output type Long"),
    "quotient": (lambda x: x.long().div_(2), "result type Float can't be cast to the desired output type Long"),
    "integer": (lambda x: x.bool().add_(1), "result type Long can't be cast to the desired output type Bool"),
    "overlap": (lambda x: x[:1].expand(3).add_(1), "more than one element of the written-to tensor refers to a single"),
    "overlapping items": (
        lambda x: x[:1].expand(3).__setitem__(slice(None), pyconv.ones(3)),
        "more than one element of the written-to",
    ),
    "fill": (lambda x: x.fill_(np.ones(2)), "fill_ only supports 0-dimension value tensor"),
    "fill range": (lambda x: x.char().fill_(300), "value cannot be converted to type int8_t without overflow"),
    "item shape": (lambda x: x.__setitem__(slice(None), pyconv.ones(3)), r"must match the existing size \(3\)"),
    "item at array": (
        lambda x: x.__setitem__([0, 1], pyconv.ones(3).double()),
        r"value tensor of shape \[3\] cannot be broadcast",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refusals(name):
    f, text = REFUSED[name]
    with pytest.raises(RuntimeError, match=text):
        f(tensor(1.0, 2.0, requires_grad=False))


@pytest.mark.parametrize(("value", "kind"), [([1.0], "list"), (None, "NoneType"), ("a", "str")])
def test_items_are_tensors_or_numbers(value, kind):
    with pytest.raises(TypeError, match=f"can't assign a {kind} to a torch.DoubleTensor"):
        tensor(1.0, requires_grad=False)[0] = value


def test_one_value_may_be_written_over_itself():
    x = tensor(1.0, requires_grad=False)
    x.expand(3).fill_(3)
    x.expand(3)[:] = 4
    x.expand(1, 1).mul_(2)
    assert x.tolist() == [8.0]
    assert pyconv.zeros(3, 0).add_(1).shape == (3, 0)


def test_integers_wrap():
    x = pyconv.ones(2, dtype=pyconv.int8)
    x += 200
    assert x.tolist() == [-55, -55]
    x[0] = -1.9
    assert x.tolist() == [-1, -55]


CHANGES = {
    "add_": lambda x: x.add_(5),
    "fill_": lambda x: x.fill_(0),
    "normal_": lambda x: x.normal_(),
    "set item": lambda x: x.__setitem__(0, 1.0),
    "t_": lambda x: x.t_(),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_view_of_what_has_become_a_leaf_stays(name):
    x = grid(requires_grad=False)
    view = x[:]
    x.requires_grad = True
    with pytest.raises(RuntimeError, match="a view of a leaf Variable that requires grad is being used"):
        CHANGES[name](view)
    assert x.tolist() == [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]


PARTS = {
    "add_": lambda x: x[:-1].add_(x[1:]),
    "copy_": lambda x: x[:-1].copy_(x[1:]),
    "mul_": lambda x: x[:-1].mul_(x[1:]),
    "clamp_": lambda x: x[:-1].clamp_(min=x[1:]),
    "addcmul_": lambda x: x[:-1].addcmul_(x[1:], x[1:]),
    "an element": lambda x: x.add_(x[1]),
    "assignment": lambda x: x.__setitem__(slice(0, 5), x[1:]),
    "index_add_": lambda x: x.index_add_(0, ROWS, x[:3]),
    "index_copy_": lambda x: x.index_copy_(0, ROWS, x[:3]),
    "index_put_": lambda x: x.index_put_((ROWS,), x[0]),
    "put_": lambda x: x.put_(ROWS, x[:3]),
    "scatter_": lambda x: x.scatter_(0, ROWS, x),
}
ROWS = pyconv.tensor([2, 1, 0])
INDEX = {
    "index_add_": lambda i: i.index_add_(0, i, i.clone()),
    "index_fill_": lambda i: i.index_fill_(0, i, 0),
    "put_": lambda i: i.put_(i, i),
    "scatter_": lambda i: i.scatter_(0, i, i.clone()),
    "index_put_": lambda i: i.index_put_((i,), i.clone()),
}


@pytest.mark.parametrize("call", [*PARTS.values(), *INDEX.values()], ids=[*PARTS, *map("its index: {}".format, INDEX)])
def test_what_is_read_lies_apart_from_what_is_written(call):
    x = ROWS.clone() if call in INDEX.values() else pyconv.arange(6.0)
    before = x.tolist()
    with pytest.raises(RuntimeError, match="some elements of the input tensor and the written-to tensor refer"):
        call(x)
    assert x.tolist() == before


def test_what_is_read_may_be_exactly_what_is_written():
    x = pyconv.arange(4.0)
    assert x.add_(x).tolist() == [0.0, 2.0, 4.0, 6.0]
    assert x[1:].mul_(x[1:]).tolist() == [4.0, 16.0, 36.0]
    assert x[:2].copy_(x[2:]).tolist() == [16.0, 36.0]
    assert x.fill_(x[1]).tolist() == [36.0] * 4
    x[:2] = x[3]
    assert x.masked_fill_(x > 40, x[0]).tolist() == [36.0] * 4


EXPANDED = {
    "index_fill_": (lambda x: x.index_fill_(0, ROWS, 4.0), "tensor[mask] = scalar"),
    "masked_fill_": (lambda x: x.masked_fill_(pyconv.arange(6) < 2, 4.0), "tensor[mask] = scalar"),
    "index_put_": (lambda x: x.index_put_((ROWS,), pyconv.full((3,), 4.0)), "tensor[indices] = tensor"),
}


@pytest.mark.parametrize("name", EXPANDED)
def test_what_still_writes_to_expanded_memory_is_warned_of(name):
    call, text = EXPANDED[name]
    x = pyconv.ones(1).expand(6)
    with pytest.warns(UserWarning, match=rf"Use of {name} on expanded tensors is deprecated.*{re.escape(text)}"):
        call(x)
    assert x.tolist() == [4.0] * 6
    with pytest.raises(RuntimeError, match="more than one element of the written-to tensor"):
        x.add_(1)
