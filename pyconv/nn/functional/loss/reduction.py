"""How a loss is reduced: the argument `reduction`, and the two older ones that it replaced.

May import: `pyconv.functions`.
"""

from __future__ import annotations

import warnings
from typing import Any

from pyconv import functions


def chosen(reduction: str, size_average: bool | None = None, reduce: bool | None = None) -> str:
    """The reduction that the arguments ask for.

    Raises:
        ValueError: there is none of that name.
    """
    if size_average is not None or reduce is not None:
        reduction = legacy(size_average, reduce)
    if reduction == "elementwise_mean":
        warnings.warn("reduction='elementwise_mean' is deprecated. Please use reduction='mean' instead.", stacklevel=3)
        reduction = "mean"
    if reduction not in ("none", "mean", "sum"):
        raise ValueError(f"{reduction} is not a valid value for reduction")
    return reduction


def legacy(size_average: bool | None, reduce: bool | None, emit_warning: bool = True) -> str:
    """The reduction that the older arguments ask for, with torch's warning.

    Example:
        >>> legacy(False, None, emit_warning=False)
        'sum'
    """
    size_average = True if size_average is None else size_average
    reduce = True if reduce is None else reduce
    found = "none" if not reduce else "mean" if size_average else "sum"
    if emit_warning:
        warnings.warn(
            f"size_average and reduce args will be deprecated, please use reduction='{found}' instead.", stacklevel=4
        )
    return found


def reduced(loss: Any, reduction: str) -> Any:
    """A loss element by element, its mean or its sum."""
    if reduction == "mean":
        return functions.mean(loss)
    return functions.sum(loss) if reduction == "sum" else loss


def warn_of_sizes(input: Any, target: Any) -> None:
    """Warn where the sizes differ and broadcasting is likely to be a mistake."""
    if tuple(target.shape) != tuple(input.shape):
        warnings.warn(
            f"Using a target size (torch.Size({list(target.shape)})) that is different to the input size "
            f"(torch.Size({list(input.shape)})). This will likely lead to incorrect results due to broadcasting. "
            "Please ensure they have the same size.",
            stacklevel=3,
        )
