"""Losses of an input and a target element by element.

May import: NumPy, and all of pyconv but `optim` and `megengine`.
"""

from __future__ import annotations

from typing import Any, ClassVar

import pyconv.nn.functional as F
from pyconv.nn.modules.loss.base import _Loss, _WeightedLoss

__all__ = [
    "BCELoss",
    "BCEWithLogitsLoss",
    "GaussianNLLLoss",
    "HuberLoss",
    "KLDivLoss",
    "L1Loss",
    "MSELoss",
    "PoissonNLLLoss",
    "SmoothL1Loss",
    "SoftMarginLoss",
]


class L1Loss(_Loss):
    """|input - target|; see `functional.l1_loss`.

    Example:
        >>> import pyconv
        >>> L1Loss()(pyconv.zeros(2), pyconv.tensor([1.0, 3.0]))
        tensor(2.)
    """

    __constants__: ClassVar[list[str]] = ["reduction"]

    def forward(self, input: Any, target: Any) -> Any:
        """The loss."""
        return F.l1_loss(input, target, reduction=self.reduction)


class MSELoss(_Loss):
    """(input - target)²; see `functional.mse_loss`.

    Example:
        >>> import pyconv
        >>> MSELoss()(pyconv.zeros(2), pyconv.tensor([1.0, 3.0]))
        tensor(5.)
    """

    __constants__: ClassVar[list[str]] = ["reduction"]

    def forward(self, input: Any, target: Any) -> Any:
        """The loss."""
        return F.mse_loss(input, target, reduction=self.reduction)


class SmoothL1Loss(_Loss):
    """|input - target| with a parabola near 0; see `functional.smooth_l1_loss`.

    Example:
        >>> import pyconv
        >>> SmoothL1Loss()(pyconv.zeros(2), pyconv.tensor([1.0, 3.0]))
        tensor(1.5000)
    """

    __constants__: ClassVar[list[str]] = ["reduction"]

    def __init__(
        self,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
        beta: float = 1.0,
    ) -> None:
        super().__init__(size_average, reduce, reduction)
        self.beta = beta

    def forward(self, input: Any, target: Any) -> Any:
        """The loss."""
        return F.smooth_l1_loss(input, target, reduction=self.reduction, beta=self.beta)


class HuberLoss(_Loss):
    """Half the square of the difference, linear beyond delta; see `functional.huber_loss`.

    Example:
        >>> import pyconv
        >>> HuberLoss()(pyconv.zeros(2), pyconv.tensor([1.0, 3.0]))
        tensor(1.5000)
    """

    __constants__: ClassVar[list[str]] = ["reduction", "delta"]

    def __init__(self, reduction: str = "mean", delta: float = 1.0) -> None:
        super().__init__(reduction=reduction)
        if not isinstance(delta, (float, int)):
            raise TypeError(f"delta must be a float or int, got: {type(delta)}")
        self.delta = delta

    def forward(self, input: Any, target: Any) -> Any:
        """The loss."""
        return F.huber_loss(input, target, reduction=self.reduction, delta=self.delta)


class BCELoss(_WeightedLoss):
    """The binary cross entropy of probabilities; see `functional.binary_cross_entropy`.

    Example:
        >>> import pyconv
        >>> BCELoss()(pyconv.tensor([0.5]), pyconv.tensor([1.0]))
        tensor(0.6931)
    """

    __constants__: ClassVar[list[str]] = ["reduction"]

    def forward(self, input: Any, target: Any) -> Any:
        """The loss."""
        return F.binary_cross_entropy(input, target, weight=self.weight, reduction=self.reduction)


class BCEWithLogitsLoss(_Loss):
    """The binary cross entropy of sigmoid(input); see `functional.binary_cross_entropy_with_logits`.

    Example:
        >>> import pyconv
        >>> BCEWithLogitsLoss()(pyconv.zeros(1), pyconv.tensor([1.0]))
        tensor(0.6931)
    """

    def __init__(
        self,
        weight: Any = None,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
        pos_weight: Any = None,
    ) -> None:
        super().__init__(size_average, reduce, reduction)
        self.register_buffer("weight", weight)
        self.register_buffer("pos_weight", pos_weight)
        self.weight: Any
        self.pos_weight: Any

    def forward(self, input: Any, target: Any) -> Any:
        """The loss."""
        return F.binary_cross_entropy_with_logits(
            input, target, self.weight, pos_weight=self.pos_weight, reduction=self.reduction
        )


class KLDivLoss(_Loss):
    """target · (log(target) - input); see `functional.kl_div`.

    Example:
        >>> import pyconv
        >>> KLDivLoss(reduction="sum")(pyconv.zeros(2), pyconv.tensor([1.0, 0.5]))
        tensor(-0.3466)
    """

    __constants__: ClassVar[list[str]] = ["reduction"]

    def __init__(
        self,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
        log_target: bool = False,
    ) -> None:
        super().__init__(size_average, reduce, reduction)
        self.log_target = log_target

    def forward(self, input: Any, target: Any) -> Any:
        """The loss."""
        return F.kl_div(input, target, reduction=self.reduction, log_target=self.log_target)


class GaussianNLLLoss(_Loss):
    """The negative log-likelihood under normal distributions; see `functional.gaussian_nll_loss`.

    Example:
        >>> import pyconv
        >>> GaussianNLLLoss()(pyconv.zeros(2), pyconv.ones(2), pyconv.ones(2))
        tensor(0.5000)
    """

    __constants__: ClassVar[list[str]] = ["full", "eps", "reduction"]

    def __init__(self, *, full: bool = False, eps: float = 1e-6, reduction: str = "mean") -> None:
        super().__init__(None, None, reduction)
        self.full = full
        self.eps = eps

    def forward(self, input: Any, target: Any, var: Any) -> Any:
        """The loss."""
        return F.gaussian_nll_loss(input, target, var, full=self.full, eps=self.eps, reduction=self.reduction)


class PoissonNLLLoss(_Loss):
    """The negative log-likelihood of counts; see `functional.poisson_nll_loss`.

    Example:
        >>> import pyconv
        >>> PoissonNLLLoss()(pyconv.zeros(2), pyconv.ones(2))
        tensor(1.)
    """

    __constants__: ClassVar[list[str]] = ["log_input", "full", "eps", "reduction"]

    def __init__(
        self,
        log_input: bool = True,
        full: bool = False,
        size_average: bool | None = None,
        eps: float = 1e-8,
        reduce: bool | None = None,
        reduction: str = "mean",
    ) -> None:
        super().__init__(size_average, reduce, reduction)
        self.log_input = log_input
        self.full = full
        self.eps = eps

    def forward(self, log_input: Any, target: Any) -> Any:
        """The loss."""
        return F.poisson_nll_loss(
            log_input, target, log_input=self.log_input, full=self.full, eps=self.eps, reduction=self.reduction
        )


class SoftMarginLoss(_Loss):
    """log(1 + exp(-target · input)); see `functional.soft_margin_loss`.

    Example:
        >>> SoftMarginLoss()
        SoftMarginLoss()
    """

    __constants__: ClassVar[list[str]] = ["reduction"]

    def forward(self, input: Any, target: Any) -> Any:
        """The loss."""
        return F.soft_margin_loss(input, target, reduction=self.reduction)
