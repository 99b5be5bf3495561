"""Binary cross entropy, of probabilities and of what a sigmoid makes probabilities.

May import: NumPy, and all of pyconv but `nn.modules`, `optim` and `megengine`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv import dtypes, functions
from pyconv.nn.functional.kind import size_of
from pyconv.nn.functional.loss.pointwise import NOT_FLOATING, check_fits_into
from pyconv.nn.functional.loss.reduction import chosen
from pyconv.ops import loss as ops
from pyconv.ops.arithmetic import check_broadcast, promoted, refuse
from pyconv.ops.cast import array_of, cast
from pyconv.signatures.autocast import autocast
from pyconv.size import Size


@autocast
def binary_cross_entropy(
    input: Any,
    target: Any,
    weight: Any = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Any:
    """-(target · log(input) + (1 - target) · log(1 - input)), logarithms not below -100.

    Args:
        input: probabilities, any shape.
        target: the same shape.
        weight: of each element, a shape that broadcasts.
        size_average: deprecated, see `reduction`.
        reduce: deprecated, see `reduction`.
        reduction: 'mean', 'sum' or 'none'.

    Raises:
        ValueError: the sizes differ.
        RuntimeError: a value of the input is no probability, or the dtypes differ.

    Example:
        >>> import pyconv
        >>> binary_cross_entropy(pyconv.tensor([0.5, 0.25]), pyconv.tensor([1.0, 0.0]))
        tensor(0.4904)
    """
    reduction = chosen(reduction, size_average, reduce)
    if size_of(target) != size_of(input):
        raise ValueError(
            f"Using a target size (torch.Size({list(target.shape)})) that is different to the input size "
            f"(torch.Size({list(input.shape)})) is deprecated. Please ensure they have the same size."
        )
    x, t = array_of(input), array_of(target)
    if weight is not None:
        whole = tuple(functions.broadcast_shapes(Size(target.shape), Size(weight.shape)))
        weight = functions.broadcast_to(weight, whole)
        check_fits_into(x.shape, whole)
    if x.dtype != t.dtype:
        names = dtypes.of(t).scalar_name, dtypes.of(x).scalar_name
        raise RuntimeError(f"Found dtype {names[0]} but expected {names[1]}")
    refuse("binary_cross_entropy", dtypes.of(x), NOT_FLOATING)
    if x.size and not ((x >= 0) & (x <= 1)).all():
        raise RuntimeError("all elements of input should be between 0 and 1")
    scale = None if weight is None else array_of(weight)
    return ops.binary_cross_entropy(input, target, reduction=reduction, weight=scale)


@autocast
def binary_cross_entropy_with_logits(
    input: Any,
    target: Any,
    weight: Any = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    pos_weight: Any = None,
) -> Any:
    """The binary cross entropy of sigmoid(input), computed without overflow.

    Args:
        input: any shape.
        target: the same shape, probabilities.
        weight: of each element, a shape that broadcasts.
        size_average: deprecated, see `reduction`.
        reduce: deprecated, see `reduction`.
        reduction: 'mean', 'sum' or 'none'.
        pos_weight: of the positive part, a shape that broadcasts.

    Raises:
        ValueError: the sizes differ.

    Example:
        >>> import pyconv
        >>> binary_cross_entropy_with_logits(pyconv.zeros(2), pyconv.tensor([1.0, 0.0]))
        tensor(0.6931)
    """
    reduction = chosen(reduction, size_average, reduce)
    if size_of(target) != size_of(input):
        raise ValueError(
            f"Target size (torch.Size({list(target.shape)})) must be the same as input size "
            f"(torch.Size({list(input.shape)}))"
        )
    refuse("log_sigmoid_cpu", dtypes.of(array_of(input)), NOT_FLOATING)
    _check_steps(*(value if value is None else array_of(value) for value in (input, target, weight, pos_weight)))
    kind = promoted(*(value for value in (input, target, weight, pos_weight) if value is not None))
    scales = [None if w is None else array_of(cast(w, kind.numpy)) for w in (weight, pos_weight)]
    pair = cast(input, kind.numpy), cast(target, kind.numpy)
    own = array_of(input).dtype
    step = own if own != kind.numpy else None
    surplus = None if pos_weight is None else np.asarray(array_of(pos_weight) - 1).astype(kind.numpy)
    found = ops.binary_cross_entropy_with_logits(
        *pair, reduction=reduction, weight=scales[0], pos_weight=scales[1], surplus=surplus, step=step
    )
    return cast(found, array_of(target).dtype)


def _check_steps(input: Any, target: Any, weight: Any, pos_weight: Any) -> None:
    """Refuse what torch's steps refuse: it puts a weighted logarithm into the input's place, a loss into the target's.

    Raises:
        RuntimeError: with the text of the first of these steps that fails.
    """
    if pos_weight is not None:
        if pos_weight.dtype == np.bool_:
            raise RuntimeError(
                "Subtraction, the `-` operator, with a bool tensor is not supported. If you are trying to invert a "
                "mask, use the `~` or `logical_not()` operator instead."
            )
        check_broadcast(pos_weight.shape, target.shape)
        size, kind = np.broadcast_shapes(pos_weight.shape, target.shape), promoted(pos_weight, target)
        _check_in_place(input, size, kind)
    if target.dtype == np.bool_:
        raise RuntimeError(
            "Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` or `logical_xor()` "
            "operator instead."
        )
    _check_in_place(target, input.shape, dtypes.of(input))
    if weight is not None:
        _check_in_place(target, weight.shape, dtypes.of(weight))


def _check_in_place(x: Any, size: tuple[int, ...], kind: dtypes.dtype) -> None:
    """Raise RuntimeError unless something of a size and dtype can be multiplied into an array."""
    own = dtypes.of(x)
    ranks = ((own, x.ndim), (kind, len(size)))
    found = dtypes.result_type([(each, "array" if ndim else "zero_dim") for each, ndim in ranks])
    if dtypes.category(found) > dtypes.category(own):
        raise RuntimeError(
            f"result type {found.scalar_name} can't be cast to the desired output type {own.scalar_name}"
        )
    check_fits_into(x.shape, size)
