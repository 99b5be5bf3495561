"""What optimizers do with their options: check them, make them plain numbers, keep their counts.

May import: `pyconv.dtypes`, `pyconv.tensor`, `pyconv.optim.optimizer`.
"""

from __future__ import annotations

from typing import Any

from pyconv import dtypes
from pyconv.optim.optimizer import Group, Optimizer
from pyconv.tensor import Tensor
from pyconv.tensor.creation import tensor


def check_at_least(value: Any, least: float, what: str) -> None:
    """Raise torch's ValueError for an option below its least value."""
    if not least <= value:
        raise ValueError(f"Invalid {what}: {value}")


def check_single(lr: Any) -> None:
    """Raise ValueError for a learning rate that is a Tensor of several."""
    if isinstance(lr, Tensor) and lr.numel() != 1:
        raise ValueError("Tensor lr must be 1-element")


def check_lr(lr: Any) -> None:
    """Raise ValueError for a learning rate that is negative, or a Tensor of several."""
    check_single(lr)
    check_at_least(lr, 0.0, "learning rate")


def check_betas(betas: tuple[Any, Any]) -> None:
    """Raise ValueError for a share of a running mean that is not in [0, 1)."""
    for i in range(2):
        if not 0.0 <= betas[i] < 1.0:
            raise ValueError(f"Invalid beta parameter at index {i}: {betas[i]}")


def check_fused(fused: bool | None, foreach: bool | None, differentiable: bool) -> None:
    """Raise RuntimeError for ways to step that exclude each other."""
    if fused and differentiable:
        raise RuntimeError("`fused` does not support `differentiable`")
    if fused and foreach:
        raise RuntimeError("`fused` and `foreach` cannot be `True` together.")


def refuse_capturable(group: Group, kept: str = "params and state_steps", *, xla: bool = True) -> None:
    """Raise torch's AssertionError for `capturable`, which no CPU can do."""
    if group["capturable"]:
        devices = ["cuda", "xpu", "hpu", "privateuseone", *(["xla"] if xla else [])]
        raise AssertionError(f"If capturable=True, {kept} must be on supported devices: {devices}.")


def plain(value: Any) -> Any:
    """A number, of a Tensor too."""
    return value.item() if isinstance(value, Tensor) else value


def decayed(grad: Any, param: Any, group: Group) -> Any:
    """The gradient with that of the weight decay."""
    return grad.add(param, alpha=group["weight_decay"]) if group["weight_decay"] != 0 else grad


def count(value: float = 0.0) -> Any:
    """A number that is kept as state: float64 where that is the default dtype, else float32."""
    return tensor(value, dtype=dtypes.float64 if dtypes.get_default_dtype() is dtypes.float64 else dtypes.float32)


def settle_counts(optimizer: Optimizer, names: tuple[str, ...] = ("step",)) -> None:
    """Make Tensors of the numbers that a state from an older version keeps by these names."""
    for group in optimizer.param_groups:
        for param in group["params"]:
            state = optimizer.state.get(param, {})
            for name in names:
                if state and not isinstance(state[name], Tensor):
                    state[name] = count(float(state[name]))


def settle_groups(optimizer: Optimizer, **defaults: Any) -> None:
    """Give the groups from an older version the options they lack."""
    for group in optimizer.param_groups:
        for name, default in defaults.items():
            group.setdefault(name, default)
