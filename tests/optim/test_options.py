"""What optimizers do with their options."""

import math

import pytest

import pyconv
from pyconv.optim import options


def test_options_are_compared_as_torch_compares_them():
    options.check_at_least(0.0, 0.0, "thing")
    with pytest.raises(ValueError, match="Invalid thing: nan"):
        options.check_at_least(math.nan, 0.0, "thing")
    with pytest.raises(ValueError, match="Tensor lr must be 1-element"):
        options.check_lr(pyconv.ones(2))
    options.check_lr(pyconv.ones(1, 1))


@pytest.mark.parametrize("kind", [pyconv.float32, pyconv.float64])
def test_counts_have_the_default_dtype(kind):
    before = pyconv.get_default_dtype()
    pyconv.set_default_dtype(kind)
    try:
        assert options.count().dtype is kind
    finally:
        pyconv.set_default_dtype(before)


def test_numbers_of_older_states_become_tensors():
    param = pyconv.nn.Parameter(pyconv.ones(1))
    optimizer = pyconv.optim.NAdam([param])
    param.grad = pyconv.ones(1)
    optimizer.step()
    saved = optimizer.state_dict()
    saved["state"][0].update(step=3, mu_product=0.5)
    optimizer.load_state_dict(saved)
    state = optimizer.state[param]
    assert (state["step"].item(), state["mu_product"].item()) == (3, 0.5)
    assert state["step"].dtype is pyconv.float32


def test_options_that_older_groups_lack_are_set():
    optimizer = pyconv.optim.Adam([pyconv.nn.Parameter(pyconv.ones(1))])
    saved = optimizer.state_dict()
    for name in ("amsgrad", "maximize", "foreach", "fused", "decoupled_weight_decay"):
        del saved["param_groups"][0][name]
    optimizer.load_state_dict(saved)
    assert optimizer.param_groups[0]["amsgrad"] is False
    assert optimizer.param_groups[0]["foreach"] is None


@pytest.mark.parametrize("name", ["Adam", "RMSprop", "Adadelta", "Adamax", "NAdam", "RAdam", "Rprop", "ASGD"])
def test_capturable_is_refused_at_the_first_step(name):
    param = pyconv.nn.Parameter(pyconv.ones(1))
    optimizer = getattr(pyconv.optim, name)([param], capturable=True)
    optimizer.step()
    param.grad = pyconv.ones(1)
    with pytest.raises(AssertionError, match=r"If capturable=True, params.* must be on supported devices: "):
        optimizer.step()


@pytest.mark.parametrize("name", ["SGD", "Adam", "AdamW", "Adagrad"])
@pytest.mark.parametrize(("option", "text"), [("differentiable", "does not support"), ("foreach", "cannot be `True`")])
def test_fused_excludes_other_ways(name, option, text):
    with pytest.raises(RuntimeError, match=text):
        getattr(pyconv.optim, name)([pyconv.nn.Parameter(pyconv.ones(1))], fused=True, **{option: True})
