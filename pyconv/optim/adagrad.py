"""Adagrad.

May import: `pyconv.tensor`, `pyconv.functions`, `pyconv.optim.optimizer`, `pyconv.optim.options`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pyconv import functions
from pyconv.optim.optimizer import Optimizer, stepping
from pyconv.optim.options import (
    check_at_least,
    check_fused,
    check_lr,
    count,
    decayed,
    plain,
    settle_counts,
    settle_groups,
)
from pyconv.tensor.creation import full_like


class Adagrad(Optimizer):
    """Steps by the gradient over the root of the sum of its squares (J. Duchi, E. Hazan, Y. Singer, JMLR 2011).

    Args:
        params: the parameters, or groups of them.
        lr: the learning rate.
        lr_decay: how much it falls with each step.
        weight_decay: of the squared norm of the parameters.
        initial_accumulator_value: where the sum of squares begins.
        eps: added to its root.
        foreach: ignored; there is one way to step here.
        maximize: whether to go up.
        differentiable: whether steps are recorded.
        fused: ignored.

    Raises:
        ValueError: an option is out of range.

    Example:
        >>> import pyconv
        >>> w = pyconv.nn.Parameter(pyconv.ones(2))
        >>> optimizer = Adagrad([w], lr=0.1)
        >>> (w * w).sum().backward()
        >>> optimizer.step()
        >>> w.detach()
        tensor([0.9000, 0.9000])
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: Any = 1e-2,
        lr_decay: float = 0,
        weight_decay: float = 0,
        initial_accumulator_value: float = 0,
        eps: float = 1e-10,
        foreach: bool | None = None,
        *,
        maximize: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
    ) -> None:
        check_lr(lr)
        check_at_least(lr_decay, 0.0, "lr_decay value")
        check_at_least(weight_decay, 0.0, "weight_decay value")
        check_at_least(initial_accumulator_value, 0.0, "initial_accumulator_value value")
        check_at_least(eps, 0.0, "epsilon value")
        defaults = {
            "lr": lr,
            "lr_decay": lr_decay,
            "eps": eps,
            "weight_decay": weight_decay,
            "initial_accumulator_value": initial_accumulator_value,
            "foreach": foreach,
            "maximize": maximize,
            "differentiable": differentiable,
            "fused": fused,
        }
        super().__init__(params, defaults)
        check_fused(fused, foreach, differentiable)
        for group in self.param_groups:
            for param in group["params"]:
                begin = complex(*[initial_accumulator_value] * 2) if param.is_complex() else initial_accumulator_value
                self.state[param] = {"step": count(), "sum": full_like(param, begin)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        settle_groups(self, foreach=None, maximize=False, differentiable=False, fused=None)
        settle_counts(self)

    def share_memory(self) -> None:
        """Move the sums to shared memory, which this library's tensors have no need of."""

    @stepping
    def step(self) -> None:
        """Take one step."""
        for group, param, grad in self._updates():
            state = self.state[param]
            state["step"] += 1
            grad = decayed(grad, param, group)
            rate = plain(group["lr"]) / (1 + (state["step"].item() - 1) * group["lr_decay"])
            total = state["sum"]
            if param.is_complex():
                param, grad, total = (functions.view_as_real(value) for value in (param, grad, total))
            total.addcmul_(grad, grad, value=1)
            param.addcdiv_(grad, total.sqrt().add(group["eps"]), value=-rate)
