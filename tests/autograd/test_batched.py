"""Batches of cotangents: a gradient for each row, and what is said of batches that do not fit."""

import pytest

import pyconv
from pyconv.autograd import grad

BATCH = pyconv.tensor([[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]])


def cubes():
    x = pyconv.tensor([1.0, 2.0, 3.0], requires_grad=True)
    return x, x**3


def batched(outputs, inputs, cotangents, **options):
    return grad(outputs, inputs, cotangents, is_grads_batched=True, **options)


def test_a_gradient_for_each_row():
    x, y = cubes()
    (found,) = batched(y, x, BATCH)
    assert found.tolist() == [[0.0, 12.0, 54.0], [9.0, 48.0, 135.0]]
    assert not found.requires_grad
    with pytest.raises(RuntimeError, match="backward through the graph a second time"):
        batched(y, x, BATCH)


def test_a_graph_is_kept_on_demand():
    x, y = cubes()
    first, second = (batched(y, x, BATCH, retain_graph=keep)[0] for keep in (True, False))
    assert first.tolist() == second.tolist()


def test_several_outputs_and_rows_without_dimensions():
    x, y = cubes()
    (found,) = batched([y, y.sum()], x, [BATCH, pyconv.tensor([1.0, 10.0])])
    assert found.tolist() == [[3.0, 24.0, 81.0], [39.0, 168.0, 405.0]]


def test_inputs_that_nothing_came_from():
    x, y = cubes()
    z = pyconv.ones(2, requires_grad=True)
    with pytest.raises(RuntimeError, match="The differentiated Tensor at index 1 appears to not have been used"):
        batched(y, [x, z], BATCH, retain_graph=True)
    assert batched(y, [x, z], BATCH, retain_graph=True, allow_unused=True)[1] is None
    assert batched(y, [x, z], BATCH, materialize_grads=True)[1].tolist() == [0.0, 0.0]


def test_second_derivatives():
    x, y = cubes()
    v = BATCH.clone().requires_grad_()
    (found,) = batched(y, x, v, create_graph=True)
    gx, gv = grad(found.sum(), [x, v])
    assert gx.tolist() == [18.0, 60.0, 126.0]
    assert gv.tolist() == [[3.0, 12.0, 27.0]] * 2


REFUSED = {
    "no batch": (lambda x, y: batched(y.sum(), x, None), ValueError, "that input is a Tensor of dimensionality 0"),
    "a vector": (lambda x, y: batched(y, x, None), RuntimeError, "implicitly created only for scalar outputs"),
    "no row": (lambda x, y: batched(y, x, pyconv.ones(0, 3)), IndexError, "index 0 is out of bounds for dimension 0"),
    "no dimension": (lambda x, y: batched(y.sum(), x, pyconv.tensor(2.0)), IndexError, "index of a 0-dim tensor"),
    "shape": (
        lambda x, y: batched(y, x, pyconv.ones(2, 4)),
        RuntimeError,
        r"`is_grads_batched=True`.* grad_output\[0\] has a shape of .* and output\[0\] has a shape of .*\[3\]",
    ),
    "sizes": (lambda x, y: batched([y, y], x, [BATCH, pyconv.ones(4, 3)]), ValueError, r"got sizes \[2, 4\] for the"),
    "one for two": (lambda x, y: batched([y, y.sum()], x, [BATCH, None]), ValueError, "expected in_dim to satisfy"),
    "too few": (lambda x, y: batched([y, y], x, [BATCH]), RuntimeError, "got 2 tensors and 1 gradients"),
    "complex": (lambda x, y: batched(y, x, BATCH + 0j), RuntimeError, "to have the same dtype"),
    "a list": (lambda x, y: batched(y, x, [[1.0, 2.0, 3.0]]), TypeError, "Tensors or None, but got list"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refusals(name):
    f, error, text = REFUSED[name]
    with pytest.raises(error, match=text):
        f(*cubes())
