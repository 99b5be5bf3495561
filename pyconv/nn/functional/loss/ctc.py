"""The CTC loss.

May import: NumPy, and all of pyconv but `nn.modules`, `optim` and `megengine`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv import dtypes, functions
from pyconv.kernels.ctc import problem
from pyconv.nn.functional.loss.reduction import chosen
from pyconv.ops import ctc as ops
from pyconv.ops.cast import array_of
from pyconv.ops.shape import reshape
from pyconv.signatures import function

Array = np.ndarray[Any, Any]


def ctc_loss(
    log_probs: Any,
    targets: Any,
    input_lengths: Any,
    target_lengths: Any,
    blank: int = 0,
    reduction: str = "mean",
    zero_infinity: bool = False,
) -> Any:
    """The negative log-likelihood of label sequences over all their alignments with the input.

    Args:
        log_probs: (T, N, C) or (T, C), logarithms of probabilities.
        targets: (N, S), or all labels one after another.
        input_lengths: (N,), the time steps that count.
        target_lengths: (N,), the labels that count.
        blank: the label between labels.
        reduction: 'mean' of the losses over their target's length, 'sum' or 'none'.
        zero_infinity: whether a sequence that cannot be aligned costs nothing.

    Raises:
        RuntimeError: lengths do not fit.

    Example:
        >>> import pyconv
        >>> logs = pyconv.full((2, 1, 2), 0.5).log()
        >>> ctc_loss(logs, pyconv.tensor([[1]]), [2], [1])
        tensor(0.2877)
    """
    return _ctc_loss(log_probs, targets, input_lengths, target_lengths, blank, chosen(reduction), zero_infinity)


def _lengths(value: Any) -> list[int]:
    return [int(n) for n in np.atleast_1d(array_of(value) if hasattr(value, "shape") else np.asarray(value))]


@function(
    "(Tensor log_probs, Tensor targets, tuple of ints input_lengths, tuple of ints target_lengths, int blank = 0, "
    "str reduction = mean, bool zero_infinity = False)",
    "(Tensor log_probs, Tensor targets, Tensor input_lengths, Tensor target_lengths, int blank = 0, "
    "str reduction = mean, bool zero_infinity = False)",
)
def _ctc_loss(
    log_probs: Any,
    targets: Any,
    input_lengths: Any,
    target_lengths: Any,
    blank: int,
    reduction: str,
    zero_infinity: bool,
) -> Any:
    logs = array_of(log_probs)
    batched = logs.ndim == 3
    whole = log_probs if batched else reshape(log_probs, shape=(logs.shape[0], 1, logs.shape[1]))
    count = array_of(whole).shape[1]
    in_lengths, out_lengths = _lengths(input_lengths), _lengths(target_lengths)
    kind = dtypes.of(logs)
    if kind not in (dtypes.float32, dtypes.float64):
        raise NotImplementedError(f"\"ctc_loss_cpu\" not implemented for '{kind.scalar_name}'")
    _check(array_of(whole), in_lengths, out_lengths, blank)
    labels = _split(array_of(targets), out_lengths, count)
    given = problem(labels, np.asarray(in_lengths), blank)
    lost = ops.ctc(whole, given=given, zero_infinity=zero_infinity)
    if reduction == "mean":
        return functions.mean(lost / np.maximum(out_lengths, 1).astype(logs.dtype))
    if reduction == "sum":
        return functions.sum(lost)
    return lost if batched else reshape(lost, shape=())


def _check(logs: Array, in_lengths: list[int], out_lengths: list[int], blank: int) -> None:
    steps, count, classes = logs.shape
    if not 0 <= blank < classes:
        raise RuntimeError("blank must be in label range")
    if len(in_lengths) != count:
        raise RuntimeError("input_lengths must be of size batch_size")
    if len(out_lengths) != count:
        raise RuntimeError("target_lengths must be of size batch_size")
    for length in in_lengths:
        if length > steps:
            raise RuntimeError(
                f"Expected input_lengths to have value at most {steps}, but got value {length} (while checking "
                "arguments for ctc_loss_cpu)"
            )


def _split(targets: Array, lengths: list[int], count: int) -> list[Array]:
    """The labels of each sequence."""
    if targets.ndim == 2:
        return [row[:n] for row, n in zip(targets, lengths, strict=True)]
    ends = np.cumsum([0, *lengths])
    return [targets[ends[i] : ends[i + 1]] for i in range(count)]
