"""Averaged stochastic gradient descent.

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


class ASGD(Optimizer):
    """Stochastic gradient descent that keeps the mean of the parameters (B. T. Polyak, A. B. Juditsky, SIAM 1992).

    The mean is `state[param]["ax"]`.

    Args:
        params: the parameters, or groups of them.
        lr: the learning rate.
        lambd: how fast parameters shrink and the learning rate falls.
        alpha: the power by which it falls.
        t0: the step after which the mean begins.
        weight_decay: of the squared norm of the parameters.
        foreach: ignored; there is one way to step here.
        maximize: whether to go up.
        differentiable: whether steps are recorded.
        capturable: True is an error at the first step; it is not for the CPU.

    Raises:
        ValueError: an option is out of range.

    Example:
        >>> import pyconv
        >>> w = pyconv.nn.Parameter(pyconv.ones(2))
        >>> optimizer = ASGD([w], lr=0.1)
        >>> (w * w).sum().backward()
        >>> optimizer.step()
        >>> w.detach()
        tensor([0.8000, 0.8000])
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: Any = 1e-2,
        lambd: float = 1e-4,
        alpha: float = 0.75,
        t0: float = 1e6,
        weight_decay: float = 0,
        foreach: bool | None = None,
        maximize: bool = False,
        differentiable: bool = False,
        capturable: bool = False,
    ) -> None:
        check_lr(lr)
        check_at_least(weight_decay, 0.0, "weight_decay value")
        defaults = {
            "lr": lr,
            "lambd": lambd,
            "alpha": alpha,
            "t0": t0,
            "weight_decay": weight_decay,
            "foreach": foreach,
            "maximize": maximize,
            "differentiable": differentiable,
            "capturable": capturable,
        }
        super().__init__(params, defaults)

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        settle_groups(self, foreach=None, maximize=False, differentiable=False, capturable=False)
        settle_counts(self, ("step", "eta", "mu"))

    @stepping
    def step(self) -> None:
        """Take one step."""
        for group, param, grad in self._updates():
            state = self.state[param]
            if not state:
                state.update(step=count(), eta=count(plain(group["lr"])), mu=count(1.0), ax=zeros_like(param))
            refuse_capturable(group, "params, mus, etas, and state_steps")
            _update(param, grad, state, group)


def _update(param: Any, grad: Any, state: dict[str, Any], group: Group) -> None:
    lr, shrink, rate = plain(group["lr"]), group["lambd"], state["eta"].item()
    mean, share = state["ax"], state["mu"]
    if param.is_complex():
        param, grad, mean = (functions.view_as_real(part) for part in (param, grad, mean))
    state["step"] += 1
    grad = decayed(grad, param, group)
    param.mul_(1 - shrink * rate)
    param.add_(grad, alpha=-rate)
    if share.item() == 1:
        mean.copy_(param)
    else:
        mean.add_(param.sub(mean).mul_(share))
    step = state["step"].item()
    state["eta"].copy_(count(lr / (1 + shrink * lr * step) ** group["alpha"]))
    share.copy_(count(1 / max(1, step - group["t0"])))
