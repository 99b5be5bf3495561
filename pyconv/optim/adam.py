"""Adam and AdamW.

May import: `pyconv.kernels`, `pyconv.tensor`, `pyconv.functions`, `pyconv.optim.optimizer`, `pyconv.optim.options`,
`pyconv.optim.elements`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from pyconv import functions
from pyconv.kernels import steps
from pyconv.optim.elements import changed, elements
from pyconv.optim.optimizer import Group, Optimizer, stepping
from pyconv.optim.options import (
    check_at_least,
    check_betas,
    check_fused,
    check_lr,
    count,
    decayed,
    plain,
    refuse_capturable,
    settle_counts,
    settle_groups,
)
from pyconv.tensor import Tensor
from pyconv.tensor.creation import zeros_like


class Adam(Optimizer):
    """Steps by running means of the gradient and its square (D. P. Kingma, J. Ba, 2014, arXiv:1412.6980).

    Args:
        params: the parameters, or groups of them.
        lr: the learning rate.
        betas: how much of the mean of the gradient, and of its square, stays.
        eps: added to the root of the mean square.
        weight_decay: of the squared norm of the parameters.
        amsgrad: whether the largest mean square counts (S. Reddi and others, 2018).
        foreach: ignored; there is one way to step here.
        maximize: whether to go up.
        capturable: ignored.
        differentiable: whether steps are recorded.
        fused: ignored.
        decoupled_weight_decay: whether the decay is AdamW's.

    Raises:
        ValueError: an option is out of range.

    Example:
        >>> import pyconv
        >>> w = pyconv.nn.Parameter(pyconv.ones(2))
        >>> optimizer = Adam([w], lr=0.1)
        >>> (w * w).sum().backward()
        >>> optimizer.step()
        >>> w.detach()
        tensor([0.9000, 0.9000])
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: Any = 1e-3,
        betas: tuple[Any, Any] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        amsgrad: bool = False,
        *,
        foreach: bool | None = None,
        maximize: bool = False,
        capturable: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
        decoupled_weight_decay: bool = False,
    ) -> None:
        if foreach and not capturable and isinstance(lr, Tensor):
            raise ValueError("lr as a Tensor is not supported for capturable=False and foreach=True")
        check_lr(lr)
        check_at_least(eps, 0.0, "epsilon value")
        check_betas(betas)
        check_at_least(weight_decay, 0.0, "weight_decay value")
        _check_beta_types(betas, bool(foreach) and not capturable)
        defaults = {
            "lr": lr,
            "betas": tuple(beta.squeeze() if isinstance(beta, Tensor) else beta for beta in betas),
            "eps": eps,
            "weight_decay": weight_decay,
            "amsgrad": amsgrad,
            "maximize": maximize,
            "foreach": foreach,
            "capturable": capturable,
            "differentiable": differentiable,
            "fused": fused,
            "decoupled_weight_decay": decoupled_weight_decay,
        }
        super().__init__(params, defaults)
        check_fused(fused, foreach, differentiable)

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        settle_groups(self, amsgrad=False, maximize=False, foreach=None, capturable=False, differentiable=False)
        settle_groups(self, decoupled_weight_decay=False, fused=None)
        settle_counts(self)

    @stepping
    def step(self) -> None:
        """Take one step."""
        for group, param, grad in self._updates():
            state = self.state[param]
            if not state:
                _begin(state, param, group["amsgrad"])
            refuse_capturable(group)
            if not _update_elements(param, grad, state, group):
                _update(param, grad, state, group)


def _check_beta_types(betas: tuple[Any, Any], numbers_only: bool) -> None:
    if not (all(isinstance(beta, float) for beta in betas) or all(isinstance(beta, Tensor) for beta in betas)):
        raise ValueError("betas must be either both floats or both Tensors")
    for i, beta in enumerate(betas):
        if isinstance(beta, Tensor) and numbers_only:
            raise ValueError(f"betas[{i}] as a Tensor is not supported for capturable=False and foreach=True")
        if isinstance(beta, Tensor) and beta.numel() != 1:
            raise ValueError(f"Tensor betas[{i}] must be 1-element")


def _begin(state: dict[str, Any], param: Any, amsgrad: bool) -> None:
    state["step"] = count()
    state["exp_avg"] = zeros_like(param)
    state["exp_avg_sq"] = zeros_like(param)
    if amsgrad:
        state["max_exp_avg_sq"] = zeros_like(param)


def _update_elements(param: Any, grad: Any, state: dict[str, Any], group: Group) -> bool:
    """`_update` on the elements alone, where it can be made so; whether it was made."""
    counted, mean, square = (state[name] for name in ("step", "exp_avg", "exp_avg_sq"))
    found = None if group["amsgrad"] else elements(param, grad, mean, square)
    if found is None or elements(counted) is None:
        return False
    counted._array += 1
    step, lr, betas = counted.item(), plain(group["lr"]), [plain(beta) for beta in group["betas"]]
    decay, apart = group["weight_decay"], group["decoupled_weight_decay"]
    steps.adam(
        *found,
        betas=(betas[0], betas[1]),
        decay=0 if apart else decay,
        shrink=1 - lr * decay if apart else 1,
        scale=math.sqrt(1 - betas[1] ** step),
        eps=group["eps"],
        rate=lr / (1 - betas[0] ** step),
    )
    changed(param, 1 + (apart and decay != 0))
    changed(counted)
    changed(mean)
    changed(square, 2)
    return True


def _update(param: Any, grad: Any, state: dict[str, Any], group: Group) -> None:
    """A step made of operations on tensors."""
    lr, betas = plain(group["lr"]), [plain(beta) for beta in group["betas"]]
    state["step"] += 1
    step = state["step"].item()
    if group["weight_decay"] != 0:
        if group["decoupled_weight_decay"]:
            param.mul_(1 - lr * group["weight_decay"])
        else:
            grad = decayed(grad, param, group)
    parts = [param, grad, *(state[name] for name in ("exp_avg", "exp_avg_sq", "max_exp_avg_sq") if name in state)]
    if param.is_complex():
        parts = [functions.view_as_real(part) for part in parts]
    param, grad, mean, square, *largest = parts
    mean.lerp_(grad, 1 - betas[0])
    square.mul_(betas[1]).addcmul_(grad, grad.conj(), value=1 - betas[1])
    if group["amsgrad"]:
        before = largest[0].clone() if group["differentiable"] else largest[0]
        largest[0].copy_(functions.maximum(before, square))
        square = largest[0]
    scale = math.sqrt(1 - betas[1] ** step)
    root = (square.sqrt() / scale).add(group["eps"])
    param.addcdiv_(mean.clone() if group["differentiable"] else mean, root, value=-lr / (1 - betas[0] ** step))


class AdamW(Adam):
    """Adam with weight decay apart from the gradient (I. Loshchilov, F. Hutter, 2017, arXiv:1711.05101).

    Args:
        params: the parameters, or groups of them.
        lr: the learning rate.
        betas: how much of the mean of the gradient, and of its square, stays.
        eps: added to the root of the mean square.
        weight_decay: by which the parameters shrink, times the learning rate.
        amsgrad: whether the largest mean square counts.
        maximize: whether to go up.
        foreach: ignored.
        capturable: ignored.
        differentiable: whether steps are recorded.
        fused: ignored.

    Raises:
        ValueError: an option is out of range.

    Example:
        >>> import pyconv
        >>> w = pyconv.nn.Parameter(pyconv.ones(2))
        >>> optimizer = AdamW([w], lr=0.1)
        >>> (w * w).sum().backward()
        >>> optimizer.step()
        >>> w.detach()
        tensor([0.8990, 0.8990])
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: Any = 1e-3,
        betas: tuple[Any, Any] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
        foreach: bool | None = None,
        capturable: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
    ) -> None:
        super().__init__(
            params,
            lr,
            betas,
            eps,
            weight_decay,
            amsgrad,
            foreach=foreach,
            maximize=maximize,
            capturable=capturable,
            differentiable=differentiable,
            fused=fused,
            decoupled_weight_decay=True,
        )

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        for group in self.param_groups:
            group["decoupled_weight_decay"] = True
