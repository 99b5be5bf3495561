"""Schedules of learning rates: their closed forms, their state, their warnings."""

import math

import numpy as np
import pytest

import pyconv
from pyconv.optim import lr_scheduler as s

STEPS = 12


def optimizer_of(*rates, **options):
    """An optimizer with a group for each learning rate."""
    groups = [{"params": [pyconv.nn.Parameter(pyconv.ones(1))], "lr": rate} for rate in rates]
    return pyconv.optim.SGD(groups, **options)


def rates_of(make, lr=0.4, **options):
    """The learning rates of the epochs."""
    optimizer = optimizer_of(lr, **options)
    schedule = make(optimizer)
    found = [optimizer.param_groups[0]["lr"]]
    for _ in range(STEPS):
        optimizer.step()
        schedule.step()
        found.append(optimizer.param_groups[0]["lr"])
    return np.array(found)


def triangle(t, up, down):
    """A wave that rises from 0 to 1 and falls again."""
    t = t % (up + down)
    return t / up if t <= up else 1 - (t - up) / down


def restarted(t, first, factor):
    """The share of the time between restarts that is over."""
    while t >= first:
        t, first = t - first, first * factor
    return t / first


FORMS = {
    "lambda": (lambda o: s.LambdaLR(o, lambda e: 1 / (1 + e)), lambda t: 0.4 / (1 + t)),
    "multiplicative": (lambda o: s.MultiplicativeLR(o, lambda e: e), lambda t: 0.4 * math.factorial(t)),
    "step": (lambda o: s.StepLR(o, 3, 0.5), lambda t: 0.4 * 0.5 ** (t // 3)),
    "multistep": (lambda o: s.MultiStepLR(o, [2, 5, 5], 0.3), lambda t: 0.4 * 0.3 ** ((t >= 2) + 2 * (t >= 5))),
    "constant": (lambda o: s.ConstantLR(o, 0.25, 4), lambda t: 0.4 * (0.25 if t < 4 else 1)),
    "linear": (lambda o: s.LinearLR(o, 0.25, 0.75, 4), lambda t: 0.4 * (0.25 + 0.5 * min(t / 4, 1))),
    "exponential": (lambda o: s.ExponentialLR(o, 0.9), lambda t: 0.4 * 0.9**t),
    "polynomial": (lambda o: s.PolynomialLR(o, 6, 2.0), lambda t: 0.4 * (1 - min(t, 6) / 6) ** 2),
    "cosine": (lambda o: s.CosineAnnealingLR(o, 4, 0.1), lambda t: 0.1 + 0.3 * (1 + math.cos(math.pi * t / 4)) / 2),
    "restarts": (
        lambda o: s.CosineAnnealingWarmRestarts(o, 2, 2, 0.1),
        lambda t: 0.1 + 0.3 * (1 + math.cos(math.pi * restarted(t, 2, 2))) / 2,
    ),
    "triangular": (
        lambda o: s.CyclicLR(o, 0.1, 0.4, 3, 2, cycle_momentum=False),
        lambda t: 0.1 + 0.3 * triangle(t, 3, 2),
    ),
    "triangular2": (
        lambda o: s.CyclicLR(o, 0.1, 0.4, 3, 2, "triangular2", cycle_momentum=False),
        lambda t: 0.1 + 0.3 * triangle(t, 3, 2) / 2 ** (t // 5),
    ),
    "exp_range": (
        lambda o: s.CyclicLR(o, 0.1, 0.4, 3, 2, "exp_range", gamma=0.9, cycle_momentum=False),
        lambda t: 0.1 + 0.3 * triangle(t, 3, 2) * 0.9**t,
    ),
    "sequential": (
        lambda o: s.SequentialLR(o, [s.ConstantLR(o, 0.5, 99), s.ExponentialLR(o, 0.9)], [3]),
        lambda t: 0.4 * (0.5 if t < 3 else 0.9 ** (t - 3)),
    ),
    "chained": (
        lambda o: s.ChainedScheduler([s.ConstantLR(o, 0.5, 3), s.ExponentialLR(o, 0.9)]),
        lambda t: 0.4 * (0.5 if t < 3 else 1) * 0.9**t,
    ),
}


@pytest.mark.parametrize("name", FORMS)
def test_learning_rates_have_closed_forms(name):
    make, form = FORMS[name]
    np.testing.assert_allclose(rates_of(make), [form(t) for t in range(STEPS + 1)], 1e-12)


@pytest.mark.parametrize("name", FORMS)
def test_each_group_has_its_own(name):
    make, _ = FORMS[name]
    optimizer = optimizer_of(0.4, 0.8)
    schedule = make(optimizer)
    alone = optimizer_of(0.8)
    other = make(alone)
    for _ in range(5):
        for one, its in ((optimizer, schedule), (alone, other)):
            one.step()
            its.step()
    assert optimizer.param_groups[1]["lr"] == alone.param_groups[0]["lr"]


def test_one_cycle_rises_and_falls():
    rates = rates_of(lambda o: s.OneCycleLR(o, 1.0, total_steps=13, pct_start=0.25, cycle_momentum=False))
    peak = 0.25 * 13 - 1
    rise = [0.04 + (1 - 0.04) * (1 - math.cos(math.pi * t / peak)) / 2 for t in range(3)]
    low = 0.04 / 1e4
    fall = [low + (1 - low) * (1 + math.cos(math.pi * (t - peak) / (12 - peak))) / 2 for t in range(3, 13)]
    np.testing.assert_allclose(rates, rise + fall, 1e-12)


@pytest.mark.parametrize("name", ["OneCycleLR", "CyclicLR"])
def test_momentum_goes_the_other_way(name):
    optimizer = optimizer_of(0.1, momentum=0.9)
    schedule = s.OneCycleLR(optimizer, 1.0, 9) if name == "OneCycleLR" else s.CyclicLR(optimizer, 0.1, 1.0, 4)
    pairs = []
    for _ in range(8):
        pairs.append((optimizer.param_groups[0]["lr"], optimizer.param_groups[0]["momentum"]))
        optimizer.step()
        schedule.step()
    order = np.argsort([rate for rate, _ in pairs])
    momenta = np.array([momentum for _, momentum in pairs])[order]
    assert (np.diff(momenta) <= 1e-12).all()
    assert momenta.max() > momenta.min()


def test_one_cycle_ends():
    optimizer = optimizer_of(0.1)
    schedule = s.OneCycleLR(optimizer, 1.0, 2, cycle_momentum=False)
    optimizer.step()
    schedule.step()
    schedule.step()
    with pytest.raises(ValueError, match=r"Tried to step 3 times\. The specified number of total steps is 2"):
        schedule.step()


def test_plateau_waits_then_falls():
    optimizer = optimizer_of(1.0)
    schedule = s.ReduceLROnPlateau(optimizer, factor=0.5, patience=1, cooldown=1, min_lr=0.2)
    found = []
    for loss in [3, 2, 2, 2, 2, 2, 2, 1, 5, 5, 5, 5]:
        schedule.step(loss)
        found.append(optimizer.param_groups[0]["lr"])
    assert found == [1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.2, 0.2, 0.2]


@pytest.mark.parametrize("mode", ["min", "max"])
@pytest.mark.parametrize("threshold_mode", ["rel", "abs"])
def test_plateau_asks_for_more_than_the_threshold(mode, threshold_mode):
    sign = 1 if mode == "max" else -1
    for change, falls in ((0.4, True), (0.6, False)):
        optimizer = optimizer_of(1.0)
        schedule = s.ReduceLROnPlateau(optimizer, mode, 0.5, 0, 0.5, threshold_mode)
        schedule.step(1.0)
        schedule.step(1.0 + sign * change)
        assert (optimizer.param_groups[0]["lr"] == 0.5) is falls


@pytest.mark.parametrize("name", FORMS)
def test_a_schedule_goes_on_from_its_state(name):
    make, _ = FORMS[name]
    optimizer = optimizer_of(0.4)
    schedule = make(optimizer)
    for i in range(8):
        if i == 3:
            saved = (optimizer.state_dict(), schedule.state_dict())
            optimizer = optimizer_of(0.4)
            schedule = make(optimizer)
            optimizer.load_state_dict(saved[0])
            schedule.load_state_dict(saved[1])
        optimizer.step()
        schedule.step()
    np.testing.assert_allclose(optimizer.param_groups[0]["lr"], rates_of(make)[8], 1e-12)


def test_the_number_of_an_epoch_is_deprecated():
    optimizer = optimizer_of(1.0)
    schedule = s.StepLR(optimizer, 2, 0.5)
    optimizer.step()
    with pytest.warns(UserWarning, match="The epoch parameter in `scheduler.step"):
        schedule.step(5)
    assert schedule.get_last_lr() == [0.25]


def test_the_optimizer_steps_first():
    optimizer = optimizer_of(1.0)
    schedule = s.StepLR(optimizer, 2)
    with pytest.warns(UserWarning, match=r"Detected call of `lr_scheduler.step\(\)` before `optimizer.step\(\)`"):
        schedule.step()


def test_asking_outside_a_step_warns():
    schedule = s.StepLR(optimizer_of(1.0), 2)
    with pytest.warns(UserWarning, match=r"please use `get_last_lr\(\)`"):
        assert schedule.get_lr() == [1.0]


def test_a_tensor_is_changed_in_place():
    rate = pyconv.tensor(1.0)
    optimizer = optimizer_of(rate)
    schedule = s.ExponentialLR(optimizer, 0.5)
    optimizer.step()
    schedule.step()
    assert rate.item() == 0.5
    assert schedule.get_last_lr()[0] is not rate


def test_an_own_schedule():
    class Rising(s.LRScheduler):
        def get_lr(self):
            return [base * (self.last_epoch + 1) for base in self.base_lrs]

    np.testing.assert_allclose(rates_of(Rising), 0.4 * np.arange(1, STEPS + 2))
    with pytest.raises(NotImplementedError):
        s.LRScheduler(optimizer_of(1.0))


def test_errors_are_torchs():
    one = optimizer_of(1.0)
    with pytest.raises(TypeError, match="int is not an Optimizer"):
        s.StepLR(3, 1)
    with pytest.raises(KeyError, match="param 'initial_lr' is not specified in param_groups"):
        s.StepLR(optimizer_of(1.0), 1, last_epoch=2)
    with pytest.raises(ValueError, match="Expected 1 lr_lambdas, but got 2"):
        s.LambdaLR(one, [max, max])
    with pytest.raises(ValueError, match="Constant multiplicative factor expected to be between 0 and 1"):
        s.ConstantLR(one, 2)
    with pytest.raises(ValueError, match="mode x is unknown"):
        s.ReduceLROnPlateau(one, "x")
    with pytest.raises(ValueError, match=r"Factor should be < 1\.0"):
        s.ReduceLROnPlateau(one, factor=1.0)
