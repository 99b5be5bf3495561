"""torch.optim.swa_utils: means of a model's parameters over its training.

May import: `pyconv.autograd`, `pyconv.tensor`, `pyconv.nn.modules`, `pyconv.optim.lr_scheduler`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from copy import deepcopy
from itertools import chain
from typing import Any

from pyconv import dtypes
from pyconv.autograd.mode import no_grad
from pyconv.nn.modules.batchnorm import _BatchNorm
from pyconv.nn.modules.module import Module
from pyconv.optim.lr_scheduler.base import Lrs, LRScheduler, one_for_each
from pyconv.optim.optimizer import Optimizer
from pyconv.tensor import Tensor
from pyconv.tensor.creation import tensor

__all__ = [
    "SWALR",
    "AveragedModel",
    "get_ema_avg_fn",
    "get_ema_multi_avg_fn",
    "get_swa_avg_fn",
    "get_swa_multi_avg_fn",
    "update_bn",
]

Average = Callable[[Any, Any, Any], Any]


def _check_decay(decay: float) -> None:
    if decay < 0.0 or decay > 1.0:
        raise ValueError(f"Invalid decay value {decay} provided. Please provide a value in [0,1] range.")


def _blends(values: Sequence[Any]) -> bool:
    return bool(values[0].is_floating_point() or values[0].is_complex())


def get_ema_multi_avg_fn(decay: float = 0.999) -> Average:
    """A function that updates fading means in place.

    Args:
        decay: how much of the mean stays.

    Returns:
        A function of the means, the new values, and how many there were.

    Raises:
        ValueError: `decay` is not in [0, 1].

    Example:
        >>> import pyconv
        >>> mean = pyconv.zeros(2)
        >>> get_ema_multi_avg_fn(0.75)([mean], [pyconv.ones(2)], 1)
        >>> mean
        tensor([0.2500, 0.2500])
    """
    _check_decay(decay)

    @no_grad()
    def ema_update(ema_param_list: Sequence[Any], current_param_list: Sequence[Any], _: Any) -> None:
        blends = _blends(ema_param_list)
        for mean, value in zip(ema_param_list, current_param_list, strict=True):
            if blends:
                mean.lerp_(value, 1 - decay)
            else:
                mean.copy_(mean * decay + value * (1 - decay))

    return ema_update


def get_swa_multi_avg_fn() -> Average:
    """A function that updates plain means in place.

    Returns:
        A function of the means, the new values, and how many there were.

    Example:
        >>> import pyconv
        >>> mean = pyconv.zeros(2)
        >>> get_swa_multi_avg_fn()([mean], [pyconv.ones(2)], 3)
        >>> mean
        tensor([0.2500, 0.2500])
    """

    @no_grad()
    def swa_update(averaged_param_list: Sequence[Any], current_param_list: Sequence[Any], num_averaged: Any) -> None:
        blends = _blends(averaged_param_list)
        for mean, value in zip(averaged_param_list, current_param_list, strict=True):
            if blends:
                mean.lerp_(value, float(1 / (num_averaged + 1)))
            elif isinstance(num_averaged, Tensor):
                mean.addcdiv_(value - mean, num_averaged + 1)
            else:
                mean.add_(value - mean, alpha=1.0 / (num_averaged + 1))

    return swa_update


def get_ema_avg_fn(decay: float = 0.999) -> Average:
    """A function that gives a fading mean.

    Args:
        decay: how much of the mean stays.

    Returns:
        A function of the mean, the new value, and how many there were.

    Raises:
        ValueError: `decay` is not in [0, 1].

    Example:
        >>> import pyconv
        >>> get_ema_avg_fn(0.75)(pyconv.zeros(2), pyconv.ones(2), 1)
        tensor([0.2500, 0.2500])
    """
    _check_decay(decay)

    @no_grad()
    def ema_update(ema_param: Any, current_param: Any, num_averaged: Any) -> Any:  # noqa: ARG001 (the name is torch's)
        return decay * ema_param + (1 - decay) * current_param

    return ema_update


def get_swa_avg_fn() -> Average:
    """A function that gives a plain mean.

    Returns:
        A function of the mean, the new value, and how many there were.

    Example:
        >>> import pyconv
        >>> get_swa_avg_fn()(pyconv.zeros(2), pyconv.ones(2), 3)
        tensor([0.2500, 0.2500])
    """

    @no_grad()
    def swa_update(averaged_param: Any, current_param: Any, num_averaged: Any) -> Any:
        return averaged_param + (current_param - averaged_param) / (num_averaged + 1)

    return swa_update


class AveragedModel(Module):
    """A copy of a model with the means of its parameters (P. Izmailov and others, UAI 2018, arXiv:1803.05407).

    Args:
        model: the model; it is copied.
        device: the CPU, or None.
        avg_fn: gives the new mean from the mean, the value and how many there were; None is the plain mean.
        multi_avg_fn: the same for lists of Tensors of one dtype, in place.
        use_buffers: whether buffers are averaged too; they are copied otherwise.

    Attributes:
        module: the copy.
        n_averaged: how many models the means are of, a buffer.

    Raises:
        AssertionError: both functions are given.

    Example:
        >>> import pyconv
        >>> model = pyconv.nn.Conv2d(1, 1, 1, bias=False)
        >>> mean = AveragedModel(model)
        >>> for value in 1.0, 2.0, 6.0:
        ...     _ = pyconv.nn.init.constant_(model.weight, value)
        ...     mean.update_parameters(model)
        >>> mean.module.weight.item(), mean.n_averaged
        (3.0, tensor(3))
    """

    n_averaged: Any

    def __init__(
        self,
        model: Module,
        device: Any = None,
        avg_fn: Average | None = None,
        multi_avg_fn: Average | None = None,
        use_buffers: bool = False,
    ) -> None:
        super().__init__()
        if avg_fn is not None and multi_avg_fn is not None:
            raise AssertionError("Only one of avg_fn and multi_avg_fn should be provided")
        self.module = deepcopy(model)
        if device is not None:
            self.module = self.module.to(device)
        self.register_buffer("n_averaged", tensor(0, dtype=dtypes.int64, device=device))
        self.avg_fn = avg_fn
        self.multi_avg_fn = multi_avg_fn
        self.use_buffers = use_buffers

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """What the copy gives."""
        return self.module(*args, **kwargs)

    def update_parameters(self, model: Module) -> None:
        """Take up the parameters of `model` in the means; the first time, copy them."""
        if self.use_buffers:
            pairs = zip(
                chain(self.module.parameters(), self.module.buffers()),
                chain(model.parameters(), model.buffers()),
                strict=False,
            )
        else:
            pairs = zip(self.parameters(), model.parameters(), strict=False)
        detached = [(mean.detach(), value.detach()) for mean, value in pairs]
        if self.n_averaged == 0:
            for mean, value in detached:
                mean.copy_(value)
        elif self.multi_avg_fn is not None:
            for means, values in _by_dtype(detached):
                self.multi_avg_fn(means, values, self.n_averaged)
        else:
            average = self.avg_fn or get_swa_avg_fn()
            for mean, value in detached:
                mean.copy_(average(mean, value, self.n_averaged))
        if not self.use_buffers:
            for mean, value in zip(self.module.buffers(), model.buffers(), strict=True):
                mean.detach().copy_(value.detach())
        self.n_averaged += 1


def _by_dtype(pairs: Iterable[tuple[Any, Any]]) -> list[tuple[list[Any], list[Any]]]:
    """Lists of means and of values, for each dtype."""
    found: dict[Any, tuple[list[Any], list[Any]]] = {}
    for mean, value in pairs:
        means, values = found.setdefault(mean.dtype, ([], []))
        means.append(mean)
        values.append(value)
    return list(found.values())


@no_grad()
def update_bn(loader: Iterable[Any], model: Module, device: Any = None) -> None:
    """Compute the running statistics of a model's batch normalizations anew.

    Args:
        loader: gives inputs, or tuples or lists that begin with one.
        model: the model.
        device: the CPU, or None.

    Example:
        >>> import pyconv
        >>> model = pyconv.nn.BatchNorm2d(1)
        >>> update_bn([pyconv.full((2, 1, 1, 1), 2.0), pyconv.full((2, 1, 1, 1), 4.0)], model)
        >>> model.running_mean
        tensor([3.])
    """
    momenta = {}
    for module in model.modules():
        if isinstance(module, _BatchNorm):
            module.reset_running_stats()
            momenta[module] = module.momentum
    if not momenta:
        return
    was_training = model.training
    model.train()
    for module in momenta:
        module.momentum = None
    for batch in loader:
        input = batch[0] if isinstance(batch, (list, tuple)) else batch
        model(input if device is None else input.to(device))
    for module, momentum in momenta.items():
        module.momentum = momentum
    model.train(was_training)


class SWALR(LRScheduler):
    """The learning rates go to a last value, and stay there.

    Args:
        optimizer: whose learning rates are set.
        swa_lr: the last value, or one for each group.
        anneal_epochs: how many epochs it takes.
        anneal_strategy: 'cos' or 'linear'.
        last_epoch: the number of the last epoch, -1 at the beginning.

    Raises:
        ValueError: there is no such strategy, or the number of epochs is no natural number.

    Example:
        >>> import pyconv
        >>> optimizer = pyconv.optim.SGD([pyconv.nn.Parameter(pyconv.ones(1))], lr=1.0)
        >>> schedule = SWALR(optimizer, 0.5, anneal_epochs=2, anneal_strategy="linear")
        >>> for _ in range(3):
        ...     optimizer.step()
        ...     schedule.step()
        ...     print(schedule.get_last_lr())
        [0.75]
        [0.5]
        [0.5]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        swa_lr: Any,
        anneal_epochs: int = 10,
        anneal_strategy: str = "cos",
        last_epoch: int = -1,
    ) -> None:
        for value, group in zip(one_for_each("swa_lr", optimizer, swa_lr), optimizer.param_groups, strict=True):
            group["swa_lr"] = value
        if anneal_strategy not in ["cos", "linear"]:
            raise ValueError(f"anneal_strategy must be one of 'cos' or 'linear', instead got {anneal_strategy}")
        self._set_anneal_func(anneal_strategy)
        if not isinstance(anneal_epochs, int) or anneal_epochs < 0:
            raise ValueError(f"anneal_epochs must be equal or greater than 0, got {anneal_epochs}")
        self.anneal_epochs = anneal_epochs
        super().__init__(optimizer, last_epoch)

    def _set_anneal_func(self, anneal_strategy: str) -> None:
        self._anneal_strategy = anneal_strategy
        self.anneal_func = _cosine if anneal_strategy == "cos" else _linear

    def get_lr(self) -> Lrs:
        """The learning rates of this epoch."""
        self._warn_outside_step()
        step = self._step_count - 1
        if self.anneal_epochs == 0:
            step = max(1, step)
        before, now = (self.anneal_func(max(0, min(1, t / max(1, self.anneal_epochs)))) for t in (step - 1, step))
        return [
            group["swa_lr"] * now + _without(group["lr"], group["swa_lr"], before) * (1 - now)
            for group in self.optimizer.param_groups
        ]

    def state_dict(self) -> dict[str, Any]:
        """All attributes but the optimizer and the strategy's function."""
        return {key: value for key, value in self.__dict__.items() if key not in ("optimizer", "anneal_func")}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take over what `state_dict` gave."""
        self.__dict__.update(state_dict)
        self._set_anneal_func(self._anneal_strategy)


def _linear(t: float) -> float:
    return t


def _cosine(t: float) -> float:
    return (1 - math.cos(math.pi * t)) / 2


def _without(lr: Any, swa_lr: Any, share: float) -> Any:
    """The learning rate at the beginning, where this share of the way is gone."""
    return swa_lr if share == 1 else (lr - share * swa_lr) / (1 - share)
