"""Adafactor.

May import: `pyconv.tensor`, `pyconv.functions`, `pyconv.limits`, `pyconv.optim.optimizer`, `pyconv.optim.options`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pyconv import functions
from pyconv.limits import finfo
from pyconv.optim.optimizer import Group, Optimizer, stepping
from pyconv.optim.options import check_single, count, plain, settle_counts, settle_groups
from pyconv.tensor.creation import zeros_like


class Adafactor(Optimizer):
    """Adam in little memory, with mean squares by row and column (N. Shazeer, M. Stern, 2018, arXiv:1804.04235).

    Args:
        params: the parameters, or groups of them.
        lr: the largest relative step, and what the weight decay is multiplied by.
        beta2_decay: the power of the step's number by which the newest square counts.
        eps: the least root of a mean square (None: the dtype's epsilon), and the least norm of parameters.
        d: how large the root mean square of a step may be.
        weight_decay: by which the parameters shrink, times the learning rate.
        foreach: ignored; there is one way to step here.
        maximize: whether to go up.

    Raises:
        ValueError: an option is out of range.

    Example:
        >>> import pyconv
        >>> w = pyconv.nn.Parameter(pyconv.ones(2))
        >>> optimizer = Adafactor([w], lr=0.1)
        >>> (w * w).sum().backward()
        >>> optimizer.step()
        >>> w.detach()
        tensor([0.9000, 0.9000])
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: Any = 1e-2,
        beta2_decay: float = -0.8,
        eps: tuple[float | None, float] = (None, 1e-3),
        d: float = 1.0,
        weight_decay: float = 0.0,
        *,
        foreach: bool | None = None,
        maximize: bool = False,
    ) -> None:
        check_single(lr)
        if not lr >= 0.0:
            raise ValueError(f"Learning rate should be >= 0 but is: {lr}")
        if not beta2_decay <= 0.0:
            raise ValueError(f"beta2_decay should be <= 0 but is: {beta2_decay}")
        if eps[0] is not None and not eps[0] >= 0.0:
            raise ValueError(f"epsilon1 should be >= 0 but is: {eps[0]}")
        if not eps[1] >= 0.0:
            raise ValueError(f"epsilon2 should be >= 0 but is: {eps[1]}")
        if not d >= 1.0:
            raise ValueError(f"Clipping threshold d should be >= 1 but is: {d}")
        if not weight_decay >= 0.0:
            raise ValueError(f"weight_decay should be >= 0 but is: {weight_decay}")
        defaults = {
            "lr": lr,
            "beta2_decay": beta2_decay,
            "eps": eps,
            "d": d,
            "weight_decay": weight_decay,
            "foreach": foreach,
            "maximize": maximize,
        }
        super().__init__(params, defaults)

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        settle_groups(self, foreach=None)
        settle_counts(self)

    @stepping
    def step(self) -> None:
        """Take one step.

        Raises:
            RuntimeError: a parameter is complex.
        """
        for group, param, grad in self._updates():
            if param.is_complex():
                raise RuntimeError("Adafactor does not support complex parameters")
            state = self.state[param]
            if not state:
                _begin(state, grad)
            _update(param, grad, state, group)


def _begin(state: dict[str, Any], grad: Any) -> None:
    state["step"] = count()
    if grad.dim() > 1:
        *outer, rows, columns = grad.shape
        state["row_var"] = grad.new_zeros((*outer, rows, 1))
        state["col_var"] = grad.new_zeros((*outer, 1, columns))
    else:
        state["variance"] = zeros_like(grad)


def _update(param: Any, grad: Any, state: dict[str, Any], group: Group) -> None:
    lr, (least, least_norm) = plain(group["lr"]), group["eps"]
    if least is None:
        first = next(param for param in group["params"] if param.grad is not None)
        least = finfo(first.dtype).eps
    state["step"] += 1
    step = state["step"].item()
    size = max(least_norm, _root_mean_square(param)) * min(lr, 1 / step**0.5)
    if group["weight_decay"] != 0:
        param.mul_(1 - lr * group["weight_decay"])
    newest = step ** group["beta2_decay"]
    if grad.dim() > 1:
        square = _factored(grad, state["row_var"], state["col_var"], newest, least)
    else:
        square = state["variance"].lerp_(grad * grad, newest).clone()
    change = square.clamp_(min=least * least).rsqrt_().mul_(grad)
    param.add_(change, alpha=-size / max(1.0, _root_mean_square(change, group["d"])))


def _factored(grad: Any, rows: Any, columns: Any, newest: float, least: float) -> Any:
    """The mean squares as the product of their means over rows and over columns, both brought up to date."""
    for kept, dim in ((rows, -1), (columns, -2)):
        kept.lerp_(functions.norm(grad, dim=dim, keepdim=True).square_().div_(grad.size(dim)), newest)
    return (rows @ columns).div_(rows.mean(dim=-2, keepdim=True).clamp_(min=least))


def _root_mean_square(values: Any, scale: float = 1.0) -> float:
    return float(values.norm(2).item() / (values.numel() ** 0.5 * scale))
