"""The CTC loss.

May import: NumPy, and all of pyconv but `nn.modules`, `optim` and `megengine`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from pyconv import dtypes, functions
from pyconv.kernels.ctc import problem
from pyconv.nn.functional.loss.reduction import chosen
from pyconv.ops import ctc as ops
from pyconv.ops.arithmetic import div
from pyconv.ops.cast import array_of
from pyconv.ops.shape import reshape
from pyconv.signatures import plain_list
from pyconv.signatures.check import checker

Array = np.ndarray[Any, Any]
_REST = "int blank = 0, int reduction = at::Reduction::Mean, bool zero_infinity = False)"
_fit = checker(
    "ctc_loss",
    (
        f"(Tensor log_probs, Tensor targets, tuple of ints! input_lengths, tuple of ints! target_lengths, {_REST}",
        f"(Tensor log_probs, Tensor targets, Tensor input_lengths, Tensor target_lengths, {_REST}",
    ),
)


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
    reduction = chosen(reduction)
    _fit((log_probs, targets, input_lengths, target_lengths, blank, 0, zero_infinity), {})
    lengths = _lengths("input_lengths", input_lengths), _lengths("target_lengths", target_lengths)
    logs = array_of(log_probs)
    batched = logs.ndim != 2
    whole = log_probs if batched else reshape(log_probs, shape=(logs.shape[0], 1, logs.shape[1]))
    _check(array_of(whole), array_of(targets), *lengths, blank)
    labels = _split(array_of(targets), lengths[1], array_of(whole).shape[1])
    given = problem(labels, np.asarray(lengths[0]), blank)
    lost = ops.ctc(whole, given=given, zero_infinity=bool(zero_infinity))
    if reduction == "mean":
        return functions.mean(div(lost, np.maximum(lengths[1], 1).astype(logs.dtype)))
    if reduction == "sum":
        return functions.sum(lost)
    return lost if batched else reshape(lost, shape=())


def _lengths(name: str, value: Any) -> list[int]:
    if not hasattr(value, "shape"):
        return list(plain_list("ctc_loss", name, value))
    if array_of(value).dtype.kind not in "iu":
        raise RuntimeError(f"{name} must be integral")
    return [int(n) for n in array_of(value).reshape(-1)]


def _check(logs: Array, targets: Array, in_lengths: list[int], out_lengths: list[int], blank: int) -> None:
    """Raise torch's errors for sizes and lengths that do not fit."""
    if not logs.size:
        raise RuntimeError("log_probs tensor must not be empty")
    kind = dtypes.of(logs)
    if kind not in (dtypes.float32, dtypes.float64):
        raise NotImplementedError(f"\"ctc_loss_cpu\" not implemented for '{kind.scalar_name}'")
    if logs.ndim != 3:
        raise _complaint(f"Expected 3-dimensional tensor, but got {logs.ndim + 1}-dimensional tensor", "#1 'log_probs'")
    if targets.ndim not in (1, 2):
        raise _complaint(f"Expected 1 to 2 dimensions, but got {targets.ndim}-dimensional tensor", "#2 'targets'")
    steps, count, classes = logs.shape
    if not 0 <= blank < classes:
        raise RuntimeError("blank must be in label range")
    for name, lengths in (("input_lengths", in_lengths), ("target_lengths", out_lengths)):
        if len(lengths) != count:
            raise RuntimeError(f"{name} must be of size batch_size")
    _check_lengths("target_lengths", out_lengths)
    _check_targets(targets, out_lengths)
    _check_lengths("input_lengths", in_lengths, steps)


def _check_lengths(name: str, lengths: list[int], most: float = math.inf) -> None:
    for length in lengths:
        if not 0 <= length <= most:
            bound = "least 0" if length < 0 else f"most {most}"
            raise _complaint(f"Expected {name} to have value at {bound}, but got value {length}")


def _check_targets(targets: Array, lengths: list[int]) -> None:
    rows = sum(lengths) if targets.ndim == 1 else len(lengths)
    if targets.shape[0] != rows:
        found = f"Expected tensor to have size {rows} at dimension 0, but got size {targets.shape[0]}"
        raise _complaint(found, "#2 'targets'")
    longest = max(lengths, default=0)
    if targets.ndim == 2 and targets.shape[1] < longest:
        found = f"Expected tensor to have size at least {longest} at dimension 1, but got size {targets.shape[1]}"
        raise _complaint(found, "#2 'targets'")


def _complaint(found: str, argument: str = "") -> RuntimeError:
    named = f" for argument {argument}" if argument else ""
    return RuntimeError(f"{found}{named} (while checking arguments for ctc_loss_allocate_outputs)")


def _split(targets: Array, lengths: list[int], count: int) -> list[Array]:
    """The labels of each sequence."""
    if targets.ndim == 2:
        return [row[:n] for row, n in zip(targets, lengths, strict=True)]
    ends = np.cumsum([0, *lengths])
    return [targets[ends[i] : ends[i + 1]] for i in range(count)]
