"""RMSprop.

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


class RMSprop(Optimizer):
    """Steps by the gradient over the root of its mean square (T. Tieleman, G. Hinton, 2012).

    Args:
        params: the parameters, or groups of them.
        lr: the learning rate.
        alpha: how much of the mean square stays.
        eps: added to its root.
        weight_decay: of the squared norm of the parameters.
        momentum: how much of the last step stays.
        centered: whether the mean square is of what differs from the mean (A. Graves, 2013, arXiv:1308.0850).
        capturable: ignored.
        foreach: ignored; there is one way to step here.
        maximize: whether to go up.
        differentiable: whether steps are recorded.

    Raises:
        ValueError: an option is out of range.

    Example:
        >>> import pyconv
        >>> w = pyconv.nn.Parameter(pyconv.ones(2))
        >>> optimizer = RMSprop([w], lr=0.1)
        >>> (w * w).sum().backward()
        >>> optimizer.step()
        >>> w.detach()
        tensor([5.9605e-08, 5.9605e-08])
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: Any = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0,
        momentum: float = 0,
        centered: bool = False,
        capturable: bool = False,
        foreach: bool | None = None,
        maximize: bool = False,
        differentiable: bool = False,
    ) -> None:
        check_lr(lr)
        check_at_least(eps, 0.0, "epsilon value")
        check_at_least(momentum, 0.0, "momentum value")
        check_at_least(weight_decay, 0.0, "weight_decay value")
        check_at_least(alpha, 0.0, "alpha value")
        defaults = {
            "lr": lr,
            "momentum": momentum,
            "alpha": alpha,
            "eps": eps,
            "centered": centered,
            "weight_decay": weight_decay,
            "capturable": capturable,
            "foreach": foreach,
            "maximize": maximize,
            "differentiable": differentiable,
        }
        super().__init__(params, defaults)

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        settle_groups(self, momentum=0, centered=False, foreach=None, maximize=False)
        settle_groups(self, differentiable=False, capturable=False)
        settle_counts(self)

    @stepping
    def step(self) -> None:
        """Take one step."""
        for group, param, grad in self._updates():
            state = self.state[param]
            if not state:
                _begin(state, param, group)
            refuse_capturable(group)
            _update(param, grad, state, group)


def _begin(state: dict[str, Any], param: Any, group: Group) -> None:
    state["step"] = count()
    state["square_avg"] = zeros_like(param)
    if group["momentum"] > 0:
        state["momentum_buffer"] = zeros_like(param)
    if group["centered"]:
        state["grad_avg"] = zeros_like(param)


def _update(param: Any, grad: Any, state: dict[str, Any], group: Group) -> None:
    lr, alpha = plain(group["lr"]), group["alpha"]
    state["step"] += 1
    grad = decayed(grad, param, group)
    named = {name: value for name, value in state.items() if name != "step"}
    if param.is_complex():
        param, grad = functions.view_as_real(param), functions.view_as_real(grad)
        named = {name: functions.view_as_real(value) for name, value in named.items()}
    square = named["square_avg"].mul_(alpha).addcmul_(grad, grad, value=1 - alpha)
    if group["centered"]:
        mean = named["grad_avg"].lerp_(grad, 1 - alpha)
        root = square.addcmul(mean, mean, value=-1).sqrt_()
    else:
        root = square.sqrt()
    root = root.add(group["eps"])
    if group["momentum"] > 0:
        buffer = named["momentum_buffer"].mul_(group["momentum"]).addcdiv_(grad, root)
        param.add_(buffer, alpha=-lr)
    else:
        param.addcdiv_(grad, root, value=-lr)
