"""Rprop.

May import: `pyconv.tensor`, `pyconv.functions`, `pyconv.optim.optimizer`, `pyconv.optim.options`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pyconv import functions
from pyconv.optim.optimizer import Group, Optimizer, stepping
from pyconv.optim.options import check_lr, count, plain, refuse_capturable, settle_counts, settle_groups
from pyconv.tensor.creation import full_like, zeros_like


class Rprop(Optimizer):
    """Steps by the sign of the gradient, each element by a size of its own (M. Riedmiller, H. Braun, ICNN 1993).

    Args:
        params: the parameters, or groups of them.
        lr: the size of the first step.
        etas: by what the size is multiplied where the sign has changed, and where it has not.
        step_sizes: the least size and the largest.
        capturable: True is an error at the first step; it is not for the CPU.
        foreach: ignored; there is one way to step here.
        maximize: whether to go up.
        differentiable: whether steps are recorded.

    Raises:
        ValueError: an option is out of range.

    Example:
        >>> import pyconv
        >>> w = pyconv.nn.Parameter(pyconv.ones(2))
        >>> optimizer = Rprop([w], lr=0.1)
        >>> (w * w).sum().backward()
        >>> optimizer.step()
        >>> w.detach()
        tensor([0.9000, 0.9000])
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: Any = 1e-2,
        etas: tuple[float, float] = (0.5, 1.2),
        step_sizes: tuple[float, float] = (1e-6, 50),
        *,
        capturable: bool = False,
        foreach: bool | None = None,
        maximize: bool = False,
        differentiable: bool = False,
    ) -> None:
        check_lr(lr)
        if not 0.0 < etas[0] < 1.0 < etas[1]:
            raise ValueError(f"Invalid eta values: {etas[0]}, {etas[1]}")
        defaults = {
            "lr": lr,
            "etas": etas,
            "step_sizes": step_sizes,
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
                lr = plain(group["lr"])
                first = complex(lr, lr) if param.is_complex() else lr
                state.update(step=count(), prev=zeros_like(param), step_size=full_like(grad, first))
            refuse_capturable(group)
            _update(param, grad, state, group)


def _update(param: Any, grad: Any, state: dict[str, Any], group: Group) -> None:
    smaller, larger = group["etas"]
    state["step"] += 1
    parts = [param, grad, state["prev"], state["step_size"]]
    if param.is_complex():
        parts = [functions.view_as_real(part) for part in parts]
    param, grad, before, size = parts
    sign = grad.mul(before.clone() if group["differentiable"] else before).sign()
    sign[sign.gt(0)] = larger
    sign[sign.lt(0)] = smaller
    sign[sign.eq(0)] = 1
    size.mul_(sign).clamp_(*group["step_sizes"])
    grad = grad.clone()
    grad[sign.eq(smaller)] = 0
    param.addcmul_(grad.sign(), size, value=-1)
    before.copy_(grad)
