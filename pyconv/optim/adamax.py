"""Adamax.

May import: `pyconv.tensor`, `pyconv.functions`, `pyconv.optim.optimizer`, `pyconv.optim.options`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pyconv import functions
from pyconv.optim.optimizer import Group, Optimizer, stepping
from pyconv.optim.options import (
    check_at_least,
    check_betas,
    check_lr,
    count,
    decayed,
    plain,
    refuse_capturable,
    settle_counts,
    settle_groups,
)
from pyconv.tensor.creation import zeros_like


class Adamax(Optimizer):
    """Adam with the largest of the fading gradients for their mean square (D. P. Kingma, J. Ba, 2014, arXiv:1412.6980).

    Args:
        params: the parameters, or groups of them.
        lr: the learning rate.
        betas: how much of the mean of the gradient, and of its largest size, stays.
        eps: added to the size of the gradient.
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
        >>> optimizer = Adamax([w], lr=0.1)
        >>> (w * w).sum().backward()
        >>> optimizer.step()
        >>> w.detach()
        tensor([0.9000, 0.9000])
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: Any = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        foreach: bool | None = None,
        *,
        maximize: bool = False,
        differentiable: bool = False,
        capturable: bool = False,
    ) -> None:
        check_lr(lr)
        check_at_least(eps, 0.0, "epsilon value")
        check_betas(betas)
        check_at_least(weight_decay, 0.0, "weight_decay value")
        defaults = {
            "lr": lr,
            "betas": betas,
            "eps": eps,
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
        settle_counts(self)

    @stepping
    def step(self) -> None:
        """Take one step."""
        for group, param, grad in self._updates():
            state = self.state[param]
            if not state:
                state.update(step=count(), exp_avg=zeros_like(param), exp_inf=zeros_like(param))
            refuse_capturable(group)
            _update(param, grad, state, group)


def _update(param: Any, grad: Any, state: dict[str, Any], group: Group) -> None:
    beta1, beta2 = group["betas"]
    state["step"] += 1
    parts = [param, decayed(grad, param, group), state["exp_avg"], state["exp_inf"]]
    if param.is_complex():
        parts = [functions.view_as_real(part) for part in parts]
    param, grad, mean, largest = parts
    mean.lerp_(grad, 1 - beta1)
    largest.copy_(functions.maximum(largest.mul(beta2), grad.abs().add_(group["eps"])))
    correction = 1 - beta1 ** state["step"].item()
    param.addcdiv_(mean, largest, value=-plain(group["lr"]) / correction)
