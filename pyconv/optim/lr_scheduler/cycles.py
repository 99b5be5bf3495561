"""Schedules that raise the learning rate and lower it again, and the momentum against it.

May import: `pyconv.optim.lr_scheduler.base`.
"""

from __future__ import annotations

import math
import types
from collections.abc import Callable
from functools import partial
from typing import Any

from pyconv.optim.lr_scheduler.base import Lrs, LRScheduler, check_optimizer, one_for_each, set_value
from pyconv.optim.optimizer import Group, Optimizer


class _WithMomentum(LRScheduler):
    """A schedule that sets the momentum too, or Adam's first beta."""

    cycle_momentum: bool
    use_beta1: bool

    def _find_momentum(self, optimizer: Optimizer) -> None:
        if "momentum" not in optimizer.defaults and "betas" not in optimizer.defaults:
            raise ValueError("optimizer must support momentum or beta1 with `cycle_momentum` option enabled")
        self.use_beta1 = "betas" in optimizer.defaults

    def _begin_momentum(self, optimizer: Optimizer, base: Any, largest: Any, last_epoch: int) -> None:
        if last_epoch != -1:
            return
        for high, low, group in zip(largest, base, optimizer.param_groups, strict=True):
            self._set_momentum(group, high)
            group["max_momentum"] = high
            group["base_momentum"] = low

    def _set_momentum(self, group: Group, value: float) -> None:
        if self.use_beta1:
            group["betas"] = (value, *group["betas"][1:])
        else:
            group["momentum"] = value


class CyclicLR(_WithMomentum):
    """The learning rate goes up and down between two bounds (L. N. Smith, 2015, arXiv:1506.01186).

    Args:
        optimizer: whose learning rates are set.
        base_lr: the lower bound, or one for each group.
        max_lr: the upper bound, or one for each group.
        step_size_up: how many steps up.
        step_size_down: how many down; as many by default.
        mode: 'triangular', 'triangular2' or 'exp_range', how the height changes.
        gamma: of 'exp_range'.
        scale_fn: a function for the height instead.
        scale_mode: 'cycle' or 'iterations', of what `scale_fn` is a function.
        cycle_momentum: whether the momentum goes the other way.
        base_momentum: its lower bound.
        max_momentum: its upper bound.
        last_epoch: the number of the last step, -1 at the beginning.

    Raises:
        ValueError: the mode is unknown, or the optimizer has no momentum.
        TypeError: that is no optimizer.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        base_lr: float | list[float],
        max_lr: float | list[float],
        step_size_up: float = 2000,
        step_size_down: float | None = None,
        mode: str = "triangular",
        gamma: float = 1.0,
        scale_fn: Callable[[float], float] | None = None,
        scale_mode: str = "cycle",
        cycle_momentum: bool = True,
        base_momentum: float = 0.8,
        max_momentum: float = 0.9,
        last_epoch: int = -1,
    ) -> None:
        check_optimizer(optimizer)
        self.optimizer = optimizer
        base_lrs = one_for_each("base_lr", optimizer, base_lr)
        if last_epoch == -1:
            for lr, group in zip(base_lrs, optimizer.param_groups, strict=True):
                set_value(group, "lr", lr)
        self.max_lrs = one_for_each("max_lr", optimizer, max_lr)
        up = float(step_size_up)
        self.total_size = up + (up if step_size_down is None else float(step_size_down))
        self.step_ratio = up / self.total_size
        if mode not in ("triangular", "triangular2", "exp_range") and scale_fn is None:
            raise ValueError("mode is invalid and scale_fn is None")
        self.mode = mode
        self.gamma = gamma
        self._scale_fn_custom = scale_fn
        self.scale_mode = scale_mode
        self._init_scale_fn()
        self.cycle_momentum = cycle_momentum
        if cycle_momentum:
            self._find_momentum(optimizer)
            self.base_momentums = one_for_each("base_momentum", optimizer, base_momentum)
            self.max_momentums = one_for_each("max_momentum", optimizer, max_momentum)
            self._begin_momentum(optimizer, self.base_momentums, self.max_momentums, last_epoch)
        super().__init__(optimizer, last_epoch)
        self.base_lrs = base_lrs

    def _init_scale_fn(self) -> None:
        if self._scale_fn_custom is not None:
            return
        chosen: dict[str, Callable[[float], float]] = {
            "triangular": _level,
            "triangular2": _halved,
            "exp_range": partial(_shrunk, self.gamma),
        }
        self._scale_fn_ref = chosen[self.mode]
        self.scale_mode = "iterations" if self.mode == "exp_range" else "cycle"

    def scale_fn(self, x: float) -> float:
        """The height of a cycle, or of a step."""
        return self._scale_fn_ref(x) if self._scale_fn_custom is None else self._scale_fn_custom(x)

    def get_lr(self) -> Lrs:
        """The learning rates of this step; the momentum is set too."""
        self._warn_outside_step()
        cycle = math.floor(1 + self.last_epoch / self.total_size)
        x = 1.0 + self.last_epoch / self.total_size - cycle
        part = x / self.step_ratio if x <= self.step_ratio else (x - 1) / (self.step_ratio - 1)
        height = self.scale_fn(cycle if self.scale_mode == "cycle" else self.last_epoch)
        if self.cycle_momentum:
            momenta = zip(self.base_momentums, self.max_momentums, self.optimizer.param_groups, strict=True)
            for low, high, group in momenta:
                self._set_momentum(group, high - (high - low) * part * height)
        return [low + (high - low) * part * height for low, high in zip(self.base_lrs, self.max_lrs, strict=True)]

    def state_dict(self) -> dict[str, Any]:
        """All attributes but the optimizer; of `scale_fn`, what an object that is called holds."""
        state = super().state_dict()
        state.pop("_scale_fn_ref", None)
        function = state.pop("_scale_fn_custom")
        kept = function is not None and not isinstance(function, types.FunctionType)
        state["_scale_fn_custom"] = function.__dict__.copy() if kept else None
        return state

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take over what `state_dict` gave."""
        saved = state_dict.pop("_scale_fn_custom")
        super().load_state_dict(state_dict)
        if saved is not None and self._scale_fn_custom is not None:
            self._scale_fn_custom.__dict__.update(saved)
        self._init_scale_fn()


def _level(x: float) -> float:  # noqa: ARG001
    return 1.0


def _halved(x: float) -> float:
    return 1 / (2.0 ** (x - 1))


def _shrunk(gamma: float, x: float) -> float:
    return gamma**x


def _phase(end: float, lrs: tuple[str, str], momenta: tuple[str, str]) -> dict[str, Any]:
    return {
        "end_step": end,
        "start_lr": lrs[0],
        "end_lr": lrs[1],
        "start_momentum": momenta[0],
        "end_momentum": momenta[1],
    }


class OneCycleLR(_WithMomentum):
    """The learning rate goes up once and then far down (L. N. Smith, N. Topin, 2017, arXiv:1708.07120).

    Args:
        optimizer: whose learning rates are set.
        max_lr: the top, or one for each group.
        total_steps: how many steps there are.
        epochs: or how many epochs,
        steps_per_epoch: and how many steps each has.
        pct_start: which part of the steps goes up.
        anneal_strategy: 'cos' or 'linear'.
        cycle_momentum: whether the momentum goes the other way.
        base_momentum: its lower bound.
        max_momentum: its upper bound.
        div_factor: how many times less the beginning is than the top.
        final_div_factor: how many times less the end is than the beginning.
        three_phase: whether it goes down as it went up before the last phase.
        last_epoch: the number of the last step, -1 at the beginning.

    Raises:
        ValueError: an argument is out of range, or there are more steps than there should be.
        TypeError: that is no optimizer.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        max_lr: float | list[float],
        total_steps: int | None = None,
        epochs: int | None = None,
        steps_per_epoch: int | None = None,
        pct_start: float = 0.3,
        anneal_strategy: str = "cos",
        cycle_momentum: bool = True,
        base_momentum: float | list[float] = 0.85,
        max_momentum: float | list[float] = 0.95,
        div_factor: float = 25.0,
        final_div_factor: float = 1e4,
        three_phase: bool = False,
        last_epoch: int = -1,
    ) -> None:
        check_optimizer(optimizer)
        self.optimizer = optimizer
        self.total_steps = _total(total_steps, epochs, steps_per_epoch)
        self._schedule_phases = self._phases(pct_start, three_phase)
        if pct_start < 0 or pct_start > 1 or not isinstance(pct_start, float):
            raise ValueError(f"Expected float between 0 and 1 pct_start, but got {pct_start}")
        if anneal_strategy not in ("cos", "linear"):
            raise ValueError(f"anneal_strategy must be one of 'cos' or 'linear', instead got {anneal_strategy}")
        self._anneal_func_type = anneal_strategy
        largest = one_for_each("max_lr", optimizer, max_lr)
        if last_epoch == -1:
            for top, group in zip(largest, optimizer.param_groups, strict=True):
                group["initial_lr"] = top / div_factor
                group["max_lr"] = top
                group["min_lr"] = group["initial_lr"] / final_div_factor
        self.cycle_momentum = cycle_momentum
        if cycle_momentum:
            self._find_momentum(optimizer)
            high = one_for_each("max_momentum", optimizer, max_momentum)
            low = one_for_each("base_momentum", optimizer, base_momentum)
            self._begin_momentum(optimizer, low, high, last_epoch)
        super().__init__(optimizer, last_epoch)

    def _phases(self, pct_start: float, three_phase: bool) -> list[dict[str, Any]]:
        up = _phase(
            float(pct_start * self.total_steps) - 1, ("initial_lr", "max_lr"), ("max_momentum", "base_momentum")
        )
        last = self.total_steps - 1
        if not three_phase:
            return [up, _phase(last, ("max_lr", "min_lr"), ("base_momentum", "max_momentum"))]
        middle = float(2 * pct_start * self.total_steps) - 2
        return [
            up,
            _phase(middle, ("max_lr", "initial_lr"), ("base_momentum", "max_momentum")),
            _phase(last, ("initial_lr", "min_lr"), ("max_momentum", "max_momentum")),
        ]

    def _anneal(self, start: Any, end: Any, part: float) -> Any:
        if self._anneal_func_type == "linear":
            return (end - start) * part + start
        return end + (start - end) / 2.0 * (math.cos(math.pi * part) + 1)

    def get_lr(self) -> Lrs:
        """The learning rates of this step; the momentum is set too.

        Raises:
            ValueError: the schedule is over.
        """
        self._warn_outside_step()
        step = self.last_epoch
        if step > self.total_steps:
            raise ValueError(f"Tried to step {step} times. The specified number of total steps is {self.total_steps}")
        start: float = 0.0
        for phase in self._schedule_phases:
            if step <= phase["end_step"] or phase is self._schedule_phases[-1]:
                break
            start = phase["end_step"]
        part = (step - start) / (phase["end_step"] - start)
        found = []
        for group in self.optimizer.param_groups:
            found.append(self._anneal(group[phase["start_lr"]], group[phase["end_lr"]], part))
            if self.cycle_momentum:
                ends = group[phase["start_momentum"]], group[phase["end_momentum"]]
                self._set_momentum(group, self._anneal(*ends, part))
        return found


def _total(total_steps: Any, epochs: Any, steps_per_epoch: Any) -> int:
    """How many steps there are.

    Raises:
        ValueError: nobody says, or it is no positive integer.
    """
    if total_steps is not None:
        _check_count(total_steps, "total_steps")
        return int(total_steps)
    if epochs is None or steps_per_epoch is None:
        raise ValueError("You must define either total_steps OR (epochs AND steps_per_epoch)")
    _check_count(epochs, "epochs")
    _check_count(steps_per_epoch, "steps_per_epoch")
    return int(epochs * steps_per_epoch)


def _check_count(value: Any, name: str) -> None:
    if not isinstance(value, int) or value <= 0:
        raise ValueError(f"Expected positive integer {name}, but got {value}")
