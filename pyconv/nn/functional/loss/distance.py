"""Distances and similarities, and the losses made of them.

May import: NumPy, and all of pyconv but `nn.modules`, `optim` and `megengine`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyconv import dtypes, functions
from pyconv.functions.norms import linalg_vector_norm
from pyconv.nn.functional.kind import array_of_like
from pyconv.nn.functional.loss.likelihood import not_below
from pyconv.nn.functional.loss.reduction import chosen, legacy, reduced
from pyconv.ops.arithmetic import promoted
from pyconv.ops.cast import array_of, cast, from_number
from pyconv.ops.norms import pair_distances
from pyconv.signatures import function
from pyconv.signatures.autocast import autocast
from pyconv.signatures.check import checker

_PAIR = "Tensor input1, Tensor input2, Tensor target, float margin = 0.0"
_REDUCED = "int reduction = at::Reduction::Mean"
_fit_cosine = checker("cosine_embedding_loss", (f"({_PAIR}, {_REDUCED})",))
_fit_ranking = checker("margin_ranking_loss", (f"({_PAIR}, {_REDUCED})",))
_fit_hinge = checker("hinge_embedding_loss", (f"(Tensor input, Tensor target, float margin = 1.0, {_REDUCED})",))
_fit_triplet = checker(
    "triplet_margin_loss",
    (
        "(Tensor anchor, Tensor positive, Tensor negative, float margin = 1.0, float p = 2, float eps = 1e-06, "
        f"bool swap = False, {_REDUCED})",
    ),
)


@function("(Tensor x1, Tensor x2, int dim = 1, float eps = 1e-08)")
def cosine_similarity(x1: Any, x2: Any, dim: int = 1, eps: float = 1e-8) -> Any:
    """The cosine of the angle between vectors along a dimension.

    Args:
        x1: any shape.
        x2: a shape that broadcasts with it.
        dim: the dimension of the vectors.
        eps: the least norm.

    Raises:
        RuntimeError: integers.

    Example:
        >>> import pyconv
        >>> cosine_similarity(pyconv.ones(1, 2), pyconv.tensor([[1.0, 0.0]]))
        tensor([0.7071])
    """
    kind = promoted(x1, x2)
    if not kind.is_floating_point:
        raise RuntimeError(f"expected common dtype to be floating point, yet common dtype is {kind.scalar_name}")
    first, second = functions.broadcast_tensors(cast(x1, kind.numpy), cast(x2, kind.numpy))
    norms = [not_below(_norm(value, dim), eps) for value in (first, second)]
    return functions.sum((first / norms[0]) * (second / norms[1]), dim)


def _norm(value: Any, dim: int) -> Any:
    return linalg_vector_norm(value, 2, [dim], True)


@function("(Tensor x1, Tensor x2, float p = 2, float eps = 1e-06, bool keepdim = False)")
def pairwise_distance(x1: Any, x2: Any, p: float = 2.0, eps: float = 1e-6, keepdim: bool = False) -> Any:
    """The p-norm of the differences along the last dimension.

    Args:
        x1: (N, D) or (D,).
        x2: a shape that broadcasts with it.
        p: of the norm.
        eps: added to the differences.
        keepdim: whether the last dimension stays, of size 1.

    Example:
        >>> import pyconv
        >>> pairwise_distance(pyconv.zeros(1, 2), pyconv.tensor([[3.0, 4.0]]))
        tensor([5.0000])
    """
    last = max(array_of(x1).ndim, array_of(x2).ndim) - 1
    return functions.norm(x1 - x2 + eps, p, last, keepdim)


@function("(Tensor input, float p = 2)")
def pdist(input: Any, p: float = 2) -> Any:
    """The p-norm distances between all pairs of rows, (N · (N - 1) / 2,).

    Args:
        input: (N, M).
        p: of the norm, not negative.

    Raises:
        RuntimeError: other than two dimensions, or a negative `p`.

    Example:
        >>> import pyconv
        >>> pdist(pyconv.tensor([[0.0], [1.0], [3.0]]))
        tensor([1., 3., 2.])
    """
    if input.ndim != 2:
        raise RuntimeError(f"pdist only supports 2D tensors, got: {input.ndim}D")
    if not dtypes.of(array_of(input)).is_floating_point:
        raise RuntimeError("pdist only supports floating-point dtypes")
    if p < 0:
        raise RuntimeError("pdist only supports non-negative p values")
    return pair_distances(input, order=float(p))


@autocast
def cosine_embedding_loss(
    input1: Any,
    input2: Any,
    target: Any,
    margin: float = 0,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Any:
    """1 - cos for targets of 1, max(0, cos - margin) for targets of -1.

    Args:
        input1: (N, D) or (D,).
        input2: the same.
        target: (N,) or (), of 1 and -1.
        margin: below which a cosine costs nothing.
        size_average: deprecated, see `reduction`.
        reduce: deprecated, see `reduction`.
        reduction: 'mean', 'sum' or 'none'.

    Raises:
        RuntimeError: the target has another number of dimensions.

    Example:
        >>> import pyconv
        >>> cosine_embedding_loss(pyconv.ones(1, 2), pyconv.tensor([[1.0, 0.0]]), pyconv.ones(1))
        tensor(0.2929)
    """
    reduction = chosen(reduction, size_average, reduce)
    _fit_cosine((input1, input2, target, margin, 0), {})
    margin = float(margin)
    dim = target.ndim
    if dim not in (0, 1):
        raise RuntimeError("0D or 1D target tensor expected, multi-target not supported")
    if input1.ndim != dim + 1 or input2.ndim != dim + 1:
        raise RuntimeError(
            f"{dim}D target tensor expects {dim + 1}D input tensors, but found inputs with sizes "
            f"{list(input1.shape)} and {list(input2.shape)}."
        )
    square1 = functions.sum(input1 * input1, dim) + 1e-12
    square2 = functions.sum(input2 * input2, dim) + 1e-12
    cosine = functions.sum(input1 * input2, dim) / functions.sqrt(square1 * square2)
    apart = functions.clamp_min(cosine - margin, 0)
    loss = functions.where(target == 1, 1 - cosine, 0.0) + functions.where(target == -1, apart, 0.0)
    return reduced(loss, reduction)


@autocast
def hinge_embedding_loss(
    input: Any,
    target: Any,
    margin: float = 1.0,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Any:
    """The input for targets of 1, max(0, margin - input) for targets of -1.

    Example:
        >>> import pyconv
        >>> hinge_embedding_loss(pyconv.tensor([0.5, 0.5]), pyconv.tensor([1.0, -1.0]))
        tensor(0.5000)
    """
    reduction = chosen(reduction, size_average, reduce)
    _fit_hinge((input, target, margin, 0), {})
    near = functions.clamp_min(_of_dtype(input, margin) - input, 0)
    loss = functions.where(target != 1, near, 0) + functions.where(target != -1, input, 0)
    return reduced(loss, reduction)


def _of_dtype(input: Any, value: float) -> Any:
    """A number as a tensor of the input's dtype, without dimensions.

    Raises:
        RuntimeError: the dtype has no such number.
    """
    return array_of_like(from_number(float(value), array_of(input).dtype), input)


@autocast
def margin_ranking_loss(
    input1: Any,
    input2: Any,
    target: Any,
    margin: float = 0,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Any:
    """max(0, -target · (input1 - input2) + margin).

    Raises:
        RuntimeError: the inputs have different numbers of dimensions.

    Example:
        >>> import pyconv
        >>> margin_ranking_loss(pyconv.zeros(1), pyconv.ones(1), pyconv.ones(1))
        tensor(1.)
    """
    reduction = chosen(reduction, size_average, reduce)
    if input1.ndim != input2.ndim or input1.ndim != target.ndim:
        sizes = [f"{n}: torch.Size({list(v.shape)})" for n, v in (("input1", input1), ("input2", input2))]
        raise RuntimeError(
            "margin_ranking_loss : All input tensors should have same dimension but got sizes: "
            f"{sizes[0]}, {sizes[1]}, target: torch.Size({list(target.shape)}) "
        )
    _fit_ranking((input1, input2, target, margin, 0), {})
    apart = input1 - input2
    return reduced(functions.clamp_min(-target * apart + float(margin), 0), reduction)


@autocast
def triplet_margin_loss(
    anchor: Any,
    positive: Any,
    negative: Any,
    margin: float = 1.0,
    p: float = 2,
    eps: float = 1e-6,
    swap: bool = False,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Any:
    """max(0, |anchor - positive| - |anchor - negative| + margin).

    Args:
        anchor: (N, D) or (D,).
        positive: the same.
        negative: the same.
        margin: positive.
        p: of the norm.
        eps: added to the differences.
        swap: whether the distance from positive to negative counts where it is less (V. Balntas and others, 2016).
        size_average: deprecated, see `reduction`.
        reduce: deprecated, see `reduction`.
        reduction: 'mean', 'sum' or 'none'.

    Raises:
        ValueError: the margin is not positive.
        RuntimeError: the numbers of dimensions differ.

    Example:
        >>> import pyconv
        >>> triplet_margin_loss(pyconv.zeros(1, 1), pyconv.ones(1, 1), pyconv.ones(1, 1))
        tensor(1.)
    """
    if size_average is not None or reduce is not None:
        reduction = legacy(size_average, reduce)
    reduction = chosen(reduction)
    if margin <= 0:
        raise ValueError(f"margin must be greater than 0, got {margin}")
    _fit_triplet((anchor, positive, negative, margin, p, eps, swap, 0), {})
    margin = float(margin)
    ranks = anchor.ndim, positive.ndim, negative.ndim
    if len(set(ranks)) > 1:
        raise RuntimeError(
            "The anchor, positive, and negative tensors are expected to have the same number of dimensions, but got: "
            f"anchor {ranks[0]}D, positive {ranks[1]}D, and negative {ranks[2]}D inputs"
        )
    near = pairwise_distance(anchor, positive, p, eps)
    far = pairwise_distance(anchor, negative, p, eps)
    if swap:
        far = functions.minimum(far, pairwise_distance(positive, negative, p, eps))
    return reduced(functions.clamp_min(margin + near - far, 0), reduction)


def triplet_margin_with_distance_loss(
    anchor: Any,
    positive: Any,
    negative: Any,
    *,
    distance_function: Callable[[Any, Any], Any] | None = None,
    margin: float = 1.0,
    swap: bool = False,
    reduction: str = "mean",
) -> Any:
    """max(0, d(anchor, positive) - d(anchor, negative) + margin), for any distance.

    Raises:
        ValueError: the margin is not positive, or the reduction is unknown.
        RuntimeError: the numbers of dimensions differ.

    Example:
        >>> import pyconv
        >>> triplet_margin_with_distance_loss(pyconv.zeros(1, 1), pyconv.ones(1, 1), pyconv.ones(1, 1))
        tensor(1.)
    """
    reduction = chosen(reduction)
    if margin <= 0:
        raise ValueError(f"margin must be greater than 0, got {margin}")
    ranks = anchor.ndim, positive.ndim, negative.ndim
    if len(set(ranks)) > 1:
        raise RuntimeError(
            "The anchor, positive, and negative tensors are expected to have the same number of dimensions, but got: "
            f"anchor {ranks[0]}D, positive {ranks[1]}D, and negative {ranks[2]}D inputs"
        )
    distance = pairwise_distance if distance_function is None else distance_function
    near, far = distance(anchor, positive), distance(anchor, negative)
    if swap:
        far = functions.minimum(far, distance(positive, negative))
    return reduced(functions.clamp_min(margin + near - far, 0), reduction)
