"""Losses of scores of classes, and of sequences of them.

May import: NumPy, and all of pyconv but `optim` and `megengine`.
"""

from __future__ import annotations

import warnings
from typing import Any, ClassVar

import pyconv.nn.functional as F
from pyconv.nn.modules.loss.base import _Loss, _WeightedLoss

__all__ = [
    "CTCLoss",
    "CrossEntropyLoss",
    "MultiLabelMarginLoss",
    "MultiLabelSoftMarginLoss",
    "MultiMarginLoss",
    "NLLLoss",
    "NLLLoss2d",
]


class CrossEntropyLoss(_WeightedLoss):
    """The cross entropy of classes with the softmax of the input; see `functional.cross_entropy`.

    Example:
        >>> import pyconv
        >>> CrossEntropyLoss()(pyconv.zeros(2, 4), pyconv.tensor([1, 3]))
        tensor(1.3863)
    """

    __constants__: ClassVar[list[str]] = ["ignore_index", "reduction", "label_smoothing"]

    def __init__(
        self,
        weight: Any = None,
        size_average: bool | None = None,
        ignore_index: int = -100,
        reduce: bool | None = None,
        reduction: str = "mean",
        label_smoothing: float = 0.0,
    ) -> None:
        super().__init__(weight, size_average, reduce, reduction)
        self.ignore_index = ignore_index
        self.label_smoothing = label_smoothing

    def forward(self, input: Any, target: Any) -> Any:
        """The loss."""
        return F.cross_entropy(
            input,
            target,
            weight=self.weight,
            ignore_index=self.ignore_index,
            reduction=self.reduction,
            label_smoothing=self.label_smoothing,
        )


class NLLLoss(_WeightedLoss):
    """The negative of the input at the target's class; see `functional.nll_loss`.

    Example:
        >>> import pyconv
        >>> NLLLoss()(pyconv.tensor([[-1.0, -2.0]]), pyconv.tensor([1]))
        tensor(2.)
    """

    __constants__: ClassVar[list[str]] = ["ignore_index", "reduction"]

    def __init__(
        self,
        weight: Any = None,
        size_average: bool | None = None,
        ignore_index: int = -100,
        reduce: bool | None = None,
        reduction: str = "mean",
    ) -> None:
        super().__init__(weight, size_average, reduce, reduction)
        self.ignore_index = ignore_index

    def forward(self, input: Any, target: Any) -> Any:
        """The loss."""
        return F.nll_loss(input, target, weight=self.weight, ignore_index=self.ignore_index, reduction=self.reduction)


class NLLLoss2d(NLLLoss):
    """The old name of `NLLLoss`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        warnings.warn(
            "`NLLLoss2d` has been deprecated. Please use `NLLLoss` instead as a drop-in replacement and see "
            "https://pytorch.org/docs/main/nn.html#torch.nn.NLLLoss for more details.",
            FutureWarning,
            stacklevel=2,
        )
        super().__init__(*args, **kwargs)


class MultiMarginLoss(_WeightedLoss):
    """max(0, margin - input[target] + input)^p over the other classes; see `functional.multi_margin_loss`.

    Raises:
        ValueError: `p` is neither 1 nor 2, or the weight has other than one dimension.

    Example:
        >>> MultiMarginLoss()
        MultiMarginLoss()
    """

    __constants__: ClassVar[list[str]] = ["p", "margin", "reduction"]

    def __init__(
        self,
        p: int = 1,
        margin: float = 1.0,
        weight: Any = None,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
    ) -> None:
        super().__init__(weight, size_average, reduce, reduction)
        if p not in (1, 2):
            raise ValueError("only p == 1 and p == 2 supported")
        if weight is not None and weight.dim() != 1:
            raise ValueError(f"weight must be None or 1-dimensional, got {weight.dim()}-dimensional")
        self.p = p
        self.margin = margin

    def forward(self, input: Any, target: Any) -> Any:
        """The loss."""
        return F.multi_margin_loss(
            input, target, p=self.p, margin=self.margin, weight=self.weight, reduction=self.reduction
        )


class MultiLabelMarginLoss(_Loss):
    """Margins between the classes of a target and the others; see `functional.multilabel_margin_loss`.

    Example:
        >>> MultiLabelMarginLoss()
        MultiLabelMarginLoss()
    """

    __constants__: ClassVar[list[str]] = ["reduction"]

    def forward(self, input: Any, target: Any) -> Any:
        """The loss."""
        return F.multilabel_margin_loss(input, target, reduction=self.reduction)


class MultiLabelSoftMarginLoss(_WeightedLoss):
    """The mean over classes of the binary cross entropy; see `functional.multilabel_soft_margin_loss`.

    Example:
        >>> MultiLabelSoftMarginLoss()
        MultiLabelSoftMarginLoss()
    """

    __constants__: ClassVar[list[str]] = ["reduction"]

    def forward(self, input: Any, target: Any) -> Any:
        """The loss."""
        return F.multilabel_soft_margin_loss(input, target, weight=self.weight, reduction=self.reduction)


class CTCLoss(_Loss):
    """The likelihood of label sequences over all alignments; see `functional.ctc_loss`.

    Example:
        >>> CTCLoss()
        CTCLoss()
    """

    __constants__: ClassVar[list[str]] = ["blank", "reduction"]

    def __init__(self, blank: int = 0, reduction: str = "mean", zero_infinity: bool = False) -> None:
        super().__init__(reduction=reduction)
        self.blank = blank
        self.zero_infinity = zero_infinity

    def forward(self, log_probs: Any, targets: Any, input_lengths: Any, target_lengths: Any) -> Any:
        """The loss."""
        return F.ctc_loss(
            log_probs, targets, input_lengths, target_lengths, self.blank, self.reduction, self.zero_infinity
        )
