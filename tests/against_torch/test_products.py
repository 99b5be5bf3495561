"""einsum and embedding, whose samples the OpInfo suite cannot call, live against torch: values, gradients, nodes."""

import numpy as np
import pytest
import torch
from torch.testing._internal.common_methods_invocations import op_db

import pyconv

OPS = {op.name: op for op in op_db}


def ours(value):
    """torch's value as the library's, nested sequences too."""
    if isinstance(value, torch.Tensor):
        requires = value.requires_grad
        return pyconv.tensor(value.detach().numpy().copy(), requires_grad=requires)
    if isinstance(value, (list, tuple)):
        return type(value)(ours(item) for item in value)
    return value


def tensors(value):
    if isinstance(value, (list, tuple)):
        return [tensor for item in value for tensor in tensors(item)]
    return [value] if hasattr(value, "requires_grad") and value.requires_grad else []


def compare(theirs, found, their_inputs, our_inputs):
    np.testing.assert_allclose(found.detach().numpy(), theirs.detach().numpy(), rtol=1e-10, atol=1e-12)
    if not theirs.requires_grad:
        return
    cotangent = np.random.default_rng(0).normal(size=theirs.shape)
    theirs.backward(torch.tensor(cotangent).to(theirs.dtype))
    found.backward(pyconv.tensor(cotangent).to(found.dtype))
    for a, b in zip(tensors(their_inputs), tensors(our_inputs), strict=True):
        np.testing.assert_allclose(b.grad.numpy(), a.grad.numpy(), rtol=1e-10, atol=1e-12)


def samples(name):
    return list(OPS[name].sample_inputs("cpu", torch.float64, requires_grad=True))


@pytest.mark.parametrize("i", range(len(samples("einsum"))))
def test_einsum(i):
    sample = samples("einsum")[i]
    operands = [x.detach().requires_grad_() for x in sample.input]
    mine = ours(operands)
    compare(torch.einsum(*sample.args, *operands), pyconv.einsum(*sample.args, *mine), operands, mine)


@pytest.mark.parametrize("i", range(len(samples("nn.functional.embedding"))))
def test_embedding(i):
    sample = samples("nn.functional.embedding")[i]
    weight = sample.input.detach().requires_grad_()
    mine = ours(weight)
    kwargs = {key: value for key, value in sample.kwargs.items() if key != "sparse"}
    indices = sample.args[0]
    theirs = torch.nn.functional.embedding(indices, weight, **kwargs)
    found = pyconv.nn.functional.embedding(ours(indices), mine, **kwargs)
    assert found.grad_fn.name() == theirs.grad_fn.name()
    compare(theirs, found, weight, mine)
