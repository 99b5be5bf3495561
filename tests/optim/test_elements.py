"""Steps on elements are those of operations on tensors, to the bit, and are taken where they may be."""

import numpy as np
import pytest

import pyconv
from pyconv.optim import adam, sgd
from pyconv.optim.elements import elements

OPTIONS = [
    ("SGD", {"lr": 0.1}),
    ("SGD", {"lr": 0.1, "momentum": 0.9, "weight_decay": 0.01}),
    ("SGD", {"lr": 0.1, "momentum": 0.9, "nesterov": True}),
    ("SGD", {"lr": 0.1, "momentum": 0.9, "dampening": 0.3, "maximize": True}),
    ("Adam", {"lr": 0.01, "weight_decay": 0.1}),
    ("Adam", {"lr": 0.01, "betas": (0.3, 0.4), "amsgrad": True}),
    ("AdamW", {"lr": 0.01, "betas": (0.3, 0.4), "weight_decay": 0.1}),
]


def walked(name, options, dtype, turned):
    """Everything that three steps leave behind: values, state, versions."""
    rng = np.random.default_rng(1)
    values = [rng.standard_normal((4, 3, 2, 2)).astype(dtype), rng.standard_normal(5).astype(dtype)]
    params = [pyconv.nn.Parameter(pyconv.tensor(value)) for value in values]
    if turned:
        params[0] = pyconv.nn.Parameter(params[0].detach().to(memory_format=pyconv.channels_last))
    optimizer = getattr(pyconv.optim, name)(params, **options)
    for _ in range(3):
        for param in params:
            param.grad = pyconv.zeros_like(param).copy_(
                pyconv.tensor(rng.standard_normal(tuple(param.shape)).astype(dtype))
            )
        optimizer.step()
    tensors = [*params, *(value for param in params for value in optimizer.state[param].values())]
    return [(tensor.detach().numpy().tobytes(), tensor._version) for tensor in tensors]


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("dtype", ["f4", "f8"])
@pytest.mark.parametrize(("name", "options"), OPTIONS)
def test_steps_are_those_of_operations(monkeypatch, name, options, dtype, turned):
    found = walked(name, options, dtype, turned)
    for module in (adam, sgd):
        monkeypatch.setattr(module, "elements", lambda *tensors: None)
    assert found == walked(name, options, dtype, turned)


def test_recorded_steps_are_made_of_operations():
    x = pyconv.ones(2)
    assert elements(x) is None
    with pyconv.no_grad():
        assert elements(x) is not None
        assert elements(x, pyconv.ones(2, dtype=pyconv.float64)) is None
        assert elements(x, pyconv.ones(3)) is None
        assert elements(x, pyconv.ones(2, dtype=pyconv.float16)) is None


def test_tensors_made_for_inference_are_refused_by_the_operations():
    with pyconv.inference_mode():
        x = pyconv.ones(2)
    with pyconv.no_grad():
        assert elements(x) is None
