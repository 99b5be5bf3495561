"""NAdam.

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


class NAdam(Optimizer):
    """Adam with Nesterov's momentum (T. Dozat, ICLR workshop 2016).

    Args:
        params: the parameters, or groups of them.
        lr: the learning rate.
        betas: how much of the mean of the gradient, and of its square, stays.
        eps: added to the root of the mean square.
        weight_decay: of the squared norm of the parameters.
        momentum_decay: how fast the momentum comes to its full size.
        decoupled_weight_decay: whether the decay is AdamW's.
        foreach: ignored; there is one way to step here.
        maximize: whether to go up.
        capturable: True is an error at the first step; it is not for the CPU.
        differentiable: whether steps are recorded.

    Raises:
        ValueError: an option is out of range.

    Example:
        >>> import pyconv
        >>> w = pyconv.nn.Parameter(pyconv.ones(2))
        >>> optimizer = NAdam([w], lr=0.1)
        >>> (w * w).sum().backward()
        >>> optimizer.step()
        >>> w.detach()
        tensor([0.8944, 0.8944])
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: Any = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        momentum_decay: float = 4e-3,
        decoupled_weight_decay: bool = False,
        *,
        foreach: bool | None = None,
        maximize: bool = False,
        capturable: bool = False,
        differentiable: bool = False,
    ) -> None:
        check_lr(lr)
        check_at_least(eps, 0.0, "epsilon value")
        check_betas(betas)
        check_at_least(weight_decay, 0.0, "weight_decay value")
        check_at_least(momentum_decay, 0.0, "momentum_decay value")
        defaults = {
            "lr": lr,
            "betas": betas,
            "eps": eps,
            "weight_decay": weight_decay,
            "momentum_decay": momentum_decay,
            "decoupled_weight_decay": decoupled_weight_decay,
            "maximize": maximize,
            "foreach": foreach,
            "capturable": capturable,
            "differentiable": differentiable,
        }
        super().__init__(params, defaults)

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        settle_groups(self, maximize=False, foreach=None, capturable=False, differentiable=False)
        settle_groups(self, decoupled_weight_decay=False)
        settle_counts(self, ("step", "mu_product"))

    @stepping
    def step(self) -> None:
        """Take one step."""
        for group, param, grad in self._updates():
            state = self.state[param]
            if not state:
                state.update(step=count(), mu_product=count(1.0))
                state.update(exp_avg=zeros_like(param), exp_avg_sq=zeros_like(param))
            refuse_capturable(group, "params, mu_products and state_steps")
            _update(param, grad, state, group)


def _update(param: Any, grad: Any, state: dict[str, Any], group: Group) -> None:
    lr, (beta1, beta2) = plain(group["lr"]), group["betas"]
    parts = [param, grad, state["exp_avg"], state["exp_avg_sq"]]
    if param.is_complex():
        parts = [functions.view_as_real(part) for part in parts]
    param, grad, mean, square = parts
    state["step"] += 1
    step = state["step"].item()
    if group["decoupled_weight_decay"]:
        if group["weight_decay"] != 0:
            param.mul_(1 - lr * group["weight_decay"])
    else:
        grad = decayed(grad, param, group)
    momentum, following = (beta1 * (1.0 - 0.5 * 0.96 ** (t * group["momentum_decay"])) for t in (step, step + 1))
    state["mu_product"] *= momentum
    mean.lerp_(grad, 1 - beta1)
    square.mul_(beta2).addcmul_(grad, grad, value=1 - beta2)
    root = square.div(1 - beta2**step).sqrt().add(group["eps"])
    if group["differentiable"]:
        product = state["mu_product"]
        param.addcdiv_(grad * (-lr * (1.0 - momentum) / (1.0 - product)), root)
        param.addcdiv_(mean * (-lr * following / (1.0 - product * following)), root)
    else:
        product = state["mu_product"].item()
        param.addcdiv_(grad, root, value=-lr * (1.0 - momentum) / (1.0 - product))
        param.addcdiv_(mean, root, value=-lr * following / (1.0 - product * following))
