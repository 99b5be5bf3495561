"""Adadelta.

May import: `pyconv.tensor`, `pyconv.functions`, `pyconv.optim.optimizer`, `pyconv.optim.options`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pyconv import functions
from pyconv.optim.optimizer import Group, Optimizer, stepping
from pyconv.optim.options import (
    check_at_least,
    check_lr,
    count,
    decayed,
    plain,
    refuse_capturable,
    settle_counts,
    settle_groups,
)
from pyconv.tensor.creation import zeros_like


class Adadelta(Optimizer):
    """Steps by the ratio of mean squares, of steps and of the gradient (M. D. Zeiler, 2012, arXiv:1212.5701).

    Args:
        params: the parameters, or groups of them.
        lr: what the steps are multiplied by.
        rho: how much of both mean squares stays.
        eps: added to them under their roots.
        weight_decay: of the squared norm of the parameters.
        foreach: ignored; there is one way to step here.
        capturable: True is an error at the first step; it is not for the CPU.
        maximize: whether to go up.
        differentiable: whether steps are recorded.

    Raises:
        ValueError: an option is out of range.

    Example:
        >>> import pyconv
        >>> w = pyconv.nn.Parameter(pyconv.ones(2))
        >>> optimizer = Adadelta([w], lr=100.0)
        >>> (w * w).sum().backward()
        >>> optimizer.step()
        >>> w.detach()
        tensor([0.6838, 0.6838])
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: Any = 1.0,
        rho: float = 0.9,
        eps: float = 1e-6,
        weight_decay: float = 0,
        foreach: bool | None = None,
        *,
        capturable: bool = False,
        maximize: bool = False,
        differentiable: bool = False,
    ) -> None:
        check_lr(lr)
        if not 0.0 <= rho <= 1.0:
            raise ValueError(f"Invalid rho value: {rho}")
        check_at_least(eps, 0.0, "epsilon value")
        check_at_least(weight_decay, 0.0, "weight_decay value")
        defaults = {
            "lr": lr,
            "rho": rho,
            "eps": eps,
            "weight_decay": weight_decay,
            "maximize": maximize,
            "capturable": capturable,
            "foreach": foreach,
            "differentiable": differentiable,
        }
        super().__init__(params, defaults)

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        settle_groups(self, foreach=None, maximize=False, differentiable=False, capturable=False)
        settle_counts(self)

    @stepping
    def step(self) -> None:
        """Take one step."""
        for group, param, grad in self._updates():
            state = self.state[param]
            if not state:
                state.update(step=count(), square_avg=zeros_like(param), acc_delta=zeros_like(param))
            refuse_capturable(group, xla=False)
            _update(param, grad, state, group)


def _update(param: Any, grad: Any, state: dict[str, Any], group: Group) -> None:
    state["step"] += 1
    rho, eps = group["rho"], group["eps"]
    parts = [decayed(grad, param, group), state["square_avg"], state["acc_delta"]]
    if param.is_complex():
        parts = [functions.view_as_real(part) for part in parts]
    grad, square, changes = parts
    square.mul_(rho).addcmul_(grad, grad, value=1 - rho)
    change = changes.add(eps).sqrt_().div_(square.add(eps).sqrt_()).mul_(grad)
    changes.mul_(rho).addcmul_(change, change, value=1 - rho)
    if param.is_complex():
        change = functions.view_as_complex(change)
    param.add_(change, alpha=-plain(group["lr"]))
