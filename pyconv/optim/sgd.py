"""Stochastic gradient descent.

May import: NumPy, `pyconv.kernels`, `pyconv.optim.optimizer`, `pyconv.optim.options`, `pyconv.optim.elements`.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

import numpy as np

from pyconv.kernels import steps
from pyconv.optim.elements import changed, elements
from pyconv.optim.optimizer import Group, Optimizer, stepping
from pyconv.optim.options import check_at_least, check_fused, check_single, decayed, plain, settle_groups

Array = np.ndarray[Any, Any]
Elements = tuple[Array, Array, Array | None]
"""Of a parameter, its gradient and its momentum."""


class SGD(Optimizer):
    """Stochastic gradient descent, with momentum (I. Sutskever and others, ICML 2013).

    Args:
        params: the parameters, or groups of them.
        lr: the learning rate.
        momentum: how much of the last step stays.
        dampening: how much less of the gradient goes into the momentum.
        weight_decay: of the squared norm of the parameters.
        nesterov: whether the momentum is Nesterov's.
        maximize: whether to go up.
        foreach: ignored; there is one way to step here.
        differentiable: whether steps are recorded.
        fused: ignored.

    Raises:
        ValueError: an option is out of range.

    Example:
        >>> import pyconv
        >>> w = pyconv.nn.Parameter(pyconv.ones(2))
        >>> optimizer = SGD([w], lr=0.1)
        >>> (w * w).sum().backward()
        >>> optimizer.step()
        >>> w.detach()
        tensor([0.8000, 0.8000])
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: Any = 1e-3,
        momentum: float = 0,
        dampening: float = 0,
        weight_decay: float = 0,
        nesterov: bool = False,
        *,
        maximize: bool = False,
        foreach: bool | None = None,
        differentiable: bool = False,
        fused: bool | None = None,
    ) -> None:
        check_single(lr)
        if lr < 0.0:
            raise ValueError(f"Invalid learning rate: {lr}")
        check_at_least(momentum, 0.0, "momentum value")
        check_at_least(weight_decay, 0.0, "weight_decay value")
        defaults = {
            "lr": lr,
            "momentum": momentum,
            "dampening": dampening,
            "weight_decay": weight_decay,
            "nesterov": nesterov,
            "maximize": maximize,
            "foreach": foreach,
            "differentiable": differentiable,
            "fused": fused,
        }
        if nesterov and (momentum <= 0 or dampening != 0):
            raise ValueError("Nesterov momentum requires a momentum and zero dampening")
        super().__init__(params, defaults)
        check_fused(fused, foreach, differentiable)

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        settle_groups(self, nesterov=False, maximize=False, foreach=None, differentiable=False, fused=False)

    @stepping
    def step(self) -> None:
        """Take one step."""
        for _, updates in groupby(self._updates(), lambda update: id(update[0])):
            waiting: list[Elements] = []
            for group, param, grad in updates:
                state = self.state[param] if group["momentum"] != 0 else {}
                found = _elements(param, grad, state, group)
                if found is not None:
                    waiting.append(found)
                    continue
                _step_elements(waiting, group)
                waiting = []
                _step(param, grad, state, group)
            _step_elements(waiting, group)


def _step(param: Any, grad: Any, state: dict[str, Any], group: Group) -> None:
    """A step made of operations on tensors."""
    grad = decayed(grad, param, group)
    momentum = group["momentum"]
    if momentum != 0:
        buffer = state.get("momentum_buffer")
        if buffer is None:
            buffer = state["momentum_buffer"] = grad.detach().clone()
        else:
            buffer.mul_(momentum).add_(grad, alpha=1 - group["dampening"])
        grad = grad.add(buffer, alpha=momentum) if group["nesterov"] else buffer
    param.add_(grad, alpha=-plain(group["lr"]))


def _elements(param: Any, grad: Any, state: dict[str, Any], group: Group) -> Elements | None:
    """The elements that the same step can be made on alone, counted as changed; None where it cannot."""
    buffer = state.get("momentum_buffer")
    if buffer is None:
        found = elements(param, grad) if group["momentum"] == 0 else None
    else:
        found = elements(param, grad, buffer)
    if found is None:
        return None
    changed(param)
    if buffer is not None:
        changed(buffer, 2)
    return found[0], found[1], found[2] if len(found) > 2 else None


def _step_elements(several: list[Elements], group: Group) -> None:
    """The step on elements alone."""
    if several:
        steps.sgd(
            several,
            lr=plain(group["lr"]),
            decay=group["weight_decay"],
            momentum=group["momentum"],
            damping=1 - group["dampening"],
            nesterov=group["nesterov"],
        )
