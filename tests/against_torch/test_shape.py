"""Shape, indexing, joining and creation against torch: what is printed, raised, and how it lies in memory."""

import warnings

import numpy
import pytest
import torch

import pyconv
from tests.against_torch.shape_calls import CALLS, GRADIENTS


def names(library):
    index = library.tensor([0, 1])
    rows = [[0.5 * row - column for column in range(4)] for row in range(4)]
    matrix = library.tensor(rows, dtype=library.float64, requires_grad=True)
    return {
        "torch": library,
        "numpy": numpy,
        "x": library.arange(6.0).reshape(2, 3),
        "z": library.tensor(1.0),
        "i": index,
        "j": index[None],
        "f": index.float(),
        "c": library.tensor([1 + 2j, 3 - 1j]),
        "m": matrix,
        "k": library.tensor([[0, 1], [1, 3]]),
    }


def outcome(library, call):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return repr(eval(call, names(library)))
        except Exception as error:
            return f"{type(error).__name__}: {error}"


@pytest.mark.parametrize("call", CALLS)
def test_a_call_gives_what_torch_gives(call):
    assert outcome(pyconv, call) == outcome(torch, call)


def derivatives(library, call):
    """The node, the strides and whether it is a view; the gradient and the second gradient of a call."""
    given = names(library)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = eval(call, given)
    node = found.grad_fn
    described = [None if node is None else node.name(), found.stride(), found._is_view()]
    if node is None:
        return described, []
    parts = library.view_as_real(found) if found.is_complex() else found
    weights = library.arange(float(parts.numel())).reshape(parts.shape)
    (first,) = library.autograd.grad((parts * parts * weights).sum(), given["m"], create_graph=True)
    (second,) = library.autograd.grad((first * first).sum(), given["m"])
    return described, [first.detach().numpy(), second.numpy()]


@pytest.mark.parametrize("call", GRADIENTS)
def test_a_call_is_recorded_as_in_torch(call):
    (ours, our_gradients), (theirs, their_gradients) = (derivatives(library, call) for library in (pyconv, torch))
    assert ours == theirs
    for ours, theirs in zip(our_gradients, their_gradients, strict=True):
        numpy.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9)


ONCE = [
    "torch.meshgrid(torch.ones(1))",
    "torch.ones(1, 2, 3).T",
    "z.T",
    "z.mH",
    "x.scatter(1, j, torch.ones(1, 2), reduce='add')",
    "x.index_reduce(0, i, torch.ones(2, 3), 'mean')",
    "torch.range(0, 3)",
    "x.new_tensor(x)",
    "torch.arange(3, out=torch.ones(1))",
]


@pytest.mark.parametrize("call", ONCE)
def test_a_call_warns_as_in_torch(call):
    assert warned(pyconv, call) == warned(torch, call)


def warned(library, call):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        eval(call, names(library))
    return [str(warning.message).split(" (Triggered")[0] for warning in caught]
