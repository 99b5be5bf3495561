"""Means of models over their training."""

import math

import numpy as np
import pytest

import pyconv
from pyconv.optim import swa_utils


def model_of(value):
    """A model with one parameter and the buffers of a batch normalization."""
    model = pyconv.nn.Sequential(pyconv.nn.Linear(1, 1, bias=False), pyconv.nn.BatchNorm1d(1))
    pyconv.nn.init.constant_(model[0].weight, value)
    model[1].running_mean.fill_(value)
    return model


def averaged(values, **options):
    """The averaged weight and buffer after models with these values."""
    mean = swa_utils.AveragedModel(model_of(0.0), **options)
    for value in values:
        mean.update_parameters(model_of(value))
    return mean.module[0].weight.item(), mean.module[1].running_mean.item(), mean.n_averaged.item()


@pytest.mark.parametrize("multi", [False, True])
def test_plain_means(multi):
    options = {"multi_avg_fn": swa_utils.get_swa_multi_avg_fn()} if multi else {"avg_fn": swa_utils.get_swa_avg_fn()}
    for chosen in (options, {}):
        assert averaged([1.0, 2.0, 6.0], **chosen) == pytest.approx((3, 6, 3))
    assert averaged([1.0, 2.0, 6.0], use_buffers=True) == pytest.approx((3, 3, 3))


@pytest.mark.parametrize("multi", [False, True])
def test_fading_means(multi):
    make = swa_utils.get_ema_multi_avg_fn if multi else swa_utils.get_ema_avg_fn
    options = {"multi_avg_fn" if multi else "avg_fn": make(0.75)}
    wanted = (1 * 0.75 + 2 * 0.25) * 0.75 + 6 * 0.25
    assert averaged([1.0, 2.0, 6.0], **options) == pytest.approx((wanted, 6, 3))
    assert averaged([1.0, 2.0, 6.0], use_buffers=True, **options) == pytest.approx((wanted, wanted, 3))


def test_integer_means():
    mean = pyconv.tensor([4])
    swa_utils.get_ema_multi_avg_fn(0.5)([mean], [pyconv.tensor([9])], 1)
    assert mean.tolist() == [6]
    with pytest.raises(RuntimeError, match="addcdiv"):
        swa_utils.get_swa_multi_avg_fn()([mean], [mean.clone()], pyconv.tensor(1))
    with pytest.raises(RuntimeError, match="alpha must not be a floating point number"):
        swa_utils.get_swa_multi_avg_fn()([mean], [mean.clone()], 1)


def test_an_own_function_gets_the_count():
    counts = []

    def keep(mean, value, count):
        counts.append(int(count))
        return mean

    assert averaged([1.0, 2.0, 6.0], avg_fn=keep)[0] == 1
    assert counts == [1, 1, 1, 2, 2, 2]


def test_the_copy_is_apart_and_has_its_own_state():
    model = model_of(1.0)
    mean = swa_utils.AveragedModel(model, device="cpu")
    mean.update_parameters(model)
    pyconv.nn.init.constant_(model[0].weight, 5.0)
    assert mean.module[0].weight.item() == 1
    assert list(mean.state_dict())[:2] == ["n_averaged", "module.0.weight"]
    np.testing.assert_allclose(mean.eval()(pyconv.ones(1, 1)).detach().numpy(), 0, atol=1e-6)


def test_running_statistics_are_computed_anew():
    model = model_of(9.0).eval()
    pyconv.nn.init.constant_(model[0].weight, 1.0)
    batches = [(pyconv.tensor([[1.0], [3.0]]), "label"), [pyconv.tensor([[5.0], [7.0]])], pyconv.tensor([[0.0], [8.0]])]
    swa_utils.update_bn(batches, model, "cpu")
    norm = model[1]
    np.testing.assert_allclose(norm.running_mean.numpy(), [4.0], 1e-6)
    np.testing.assert_allclose(norm.running_var.numpy(), [(2 + 2 + 32) / 3], 1e-6)
    assert (norm.momentum, norm.num_batches_tracked.item(), model.training) == (0.1, 3, False)


def test_models_without_statistics_are_left_alone():
    def batches():
        raise AssertionError("asked for")
        yield

    swa_utils.update_bn(batches(), pyconv.nn.Linear(1, 1))


def rates(swa_lr, steps, **options):
    """The learning rates of a schedule from 1."""
    optimizer = pyconv.optim.SGD([pyconv.nn.Parameter(pyconv.ones(1))], lr=1.0)
    schedule = swa_utils.SWALR(optimizer, swa_lr, **options)
    found = [schedule.get_last_lr()[0]]
    for _ in range(steps):
        optimizer.step()
        schedule.step()
        found.append(schedule.get_last_lr()[0])
    return found


def test_learning_rates_go_to_their_last_value():
    cosine = [0.2 + 0.8 * (1 + math.cos(math.pi * min(t / 4, 1))) / 2 for t in range(7)]
    np.testing.assert_allclose(rates(0.2, 6, anneal_epochs=4), cosine, 1e-12)
    np.testing.assert_allclose(rates(0.5, 3, anneal_epochs=2, anneal_strategy="linear"), [1, 0.75, 0.5, 0.5], 1e-12)
    np.testing.assert_allclose(rates(0.5, 2, anneal_epochs=0), [0.5, 0.5, 0.5], 1e-12)


def test_a_schedule_goes_on_from_its_state():
    optimizer = pyconv.optim.SGD([pyconv.nn.Parameter(pyconv.ones(1))], lr=1.0)
    schedule = swa_utils.SWALR(optimizer, 0.5, anneal_epochs=2, anneal_strategy="linear")
    state = schedule.state_dict()
    assert "anneal_func" not in state
    other = swa_utils.SWALR(optimizer, 0.5)
    other.load_state_dict(state)
    assert (other.anneal_epochs, other.anneal_func(0.25)) == (2, 0.25)


def test_errors_are_torchs():
    optimizer = pyconv.optim.SGD([pyconv.nn.Parameter(pyconv.ones(1))], lr=1.0)
    with pytest.raises(ValueError, match="anneal_strategy must be one of 'cos' or 'linear', instead got x"):
        swa_utils.SWALR(optimizer, 0.5, anneal_strategy="x")
    with pytest.raises(ValueError, match="anneal_epochs must be equal or greater than 0, got -1"):
        swa_utils.SWALR(optimizer, 0.5, anneal_epochs=-1)
    for make in (swa_utils.get_ema_avg_fn, swa_utils.get_ema_multi_avg_fn):
        with pytest.raises(ValueError, match="Invalid decay value 2 provided"):
            make(2)
    with pytest.raises(AssertionError, match="Only one of avg_fn and multi_avg_fn should be provided"):
        swa_utils.AveragedModel(model_of(1.0), avg_fn=max, multi_avg_fn=max)
