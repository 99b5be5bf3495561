"""Elements picked from places, and put, added or otherwise combined there: gather, scatter and their kin.

A place counts the elements of the whole tensor in order. May import: NumPy, `pyconv.dtypes`, `pyconv.kernels`,
`pyconv.autograd`, `pyconv.ops`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.node import OUTPUT
from pyconv.autograd.primitive import Primitive, primitive
from pyconv.kernels import select
from pyconv.meta import Meta, asarray
from pyconv.ops.arithmetic import div, mul, where
from pyconv.ops.cast import array_of
from pyconv.ops.index import add_at, put, take
from pyconv.ops.layout import contiguous, laid_as
from pyconv.ops.shape import sum_to

Array = np.ndarray[Any, Any]
Size = tuple[int, ...]


@primitive("IndexSelect")
def take_index(x: Array, *, index: tuple[Any, ...]) -> Array:
    """The slices along a dimension that an array names behind whole dimensions, contiguous; a copy of `x` for none."""
    if not index:
        return x.copy()
    return asarray(x[index]) if isinstance(x, Meta) else x.take(index[-1], len(index) - 1)


take_index.defvjp(0, lambda g, x, *, index: put(g, index=index, shape=x.shape))
take_mask = take.alias("MaskedSelect", is_view=False)


@primitive("Gather")
def gather(x: Array, *, at: Array) -> Array:
    """The elements at places, in the shape of the places."""
    return np.asarray(x.reshape(-1)[at])


@primitive("GatherBackward")
def collect(g: Array, *, at: Array, shape: Size) -> Array:
    """Zeros of `shape` with `g` added at places."""
    return add_at(np.zeros(shape, g.dtype), at, g)


gather.defvjp(0, lambda g, x, *, at: collect(g, at=at, shape=x.shape))
collect.defvjp(0, lambda g, x, *, at, shape: gather(g, at=at))
take_flat = gather.alias("Take")


@primitive("Scatter")
def scatter(x: Array, src: Array, *, at: Array) -> Array:
    """`x` with values at places; of several at one place the last stays."""
    out = x.copy()
    out.reshape(-1)[at] = src
    return out


scatter.defvjp(0, lambda g, x, src, *, at: scatter(g, np.zeros((), x.dtype), at=at))
scatter.defvjp(1, lambda g, x, src, *, at: sum_to(gather(g, at=at), src.shape))
scatter_number = scatter.alias("Scatter", variant=1)
index_copy = scatter.alias("IndexCopy")
_filled = Primitive(lambda x, src, *, at: laid_as(scatter.kernel(x, src, at=at), x), "IndexFill", False)
_filled.vjps = scatter.vjps
index_fill = _filled.alias("IndexFill")
index_fill_tensor = _filled.alias("IndexFill", variant=1)
put_flat = _filled.alias("Put")
masked_scatter = scatter.alias("MaskedScatter")


@primitive("ScatterAdd")
def scatter_add(x: Array, src: Array, *, at: Array) -> Array:
    """`x` with values added at places."""
    return add_at(x.copy(), at, src)


scatter_add.defvjp(0, lambda g, x, src, *, at: g)
scatter_add.defvjp(1, lambda g, x, src, *, at: sum_to(gather(g, at=at), src.shape))
index_add = scatter_add.alias("IndexAdd")
put_add = scatter_add.alias("Put")


@primitive("MaskedFill")
@contiguous
def masked_fill(x: Array, value: Array, *, mask: Array) -> Array:
    """`x` with a value where `mask` has ones; the shapes of both broadcast."""
    return select.where(mask, value, x)


def _kept(g: Any, mask: Array) -> Any:
    return masked_fill(g, np.zeros((), array_of(g).dtype), mask=mask)


masked_fill.defvjp(0, lambda g, x, value, *, mask: sum_to(_kept(g, mask), x.shape))
masked_fill.defvjp(1, lambda g, x, value, *, mask: sum_to(_kept(g, ~mask), value.shape))
masked_fill_tensor = masked_fill.alias("MaskedFill", variant=1)


@primitive("ScatterReduce")
def scatter_reduce(x: Array, src: Array, *, at: Array, how: str, include_self: bool) -> Array:
    """`x` with the sum, product, mean or extreme of what is put at a place, and of what was there if it counts."""
    kind = dtypes.accumulation(x.dtype)
    flat, values = x.reshape(-1).astype(kind), src.reshape(-1).astype(kind)
    places = at.reshape(-1)
    if not include_self:
        flat[places] = _neutral(how, kind)
    if how in ("sum", "mean"):
        flat = add_at(flat, places, values)
    else:
        _COMBINED[how].at(flat, places, values)
    if how == "mean":
        flat = _averaged(flat, np.bincount(places, minlength=flat.size), include_self)
    return flat.astype(x.dtype).reshape(x.shape)


_COMBINED = {"prod": np.multiply, "amax": np.maximum, "amin": np.minimum}


def _neutral(how: str, kind: np.dtype[Any]) -> Any:
    """What changes nothing that it is combined with."""
    if how in ("sum", "mean", "prod"):
        return int(how == "prod")
    low = how == "amax"
    if kind.kind in "iu":
        limits = np.iinfo(kind)
        return limits.min if low else limits.max
    return not low if kind.kind == "b" else (-np.inf if low else np.inf)


def _averaged(total: Array, count: Array, include_self: bool) -> Array:
    count = np.maximum(count + include_self, 1).astype(total.dtype)
    return total // count if total.dtype.kind in "iu" else np.asarray(total / count)


def _own(g: Any, *, at: Array, include_self: bool) -> Any:
    """The cotangent of `x` where what it held counts."""
    return g if include_self else scatter(g, np.zeros((), array_of(g).dtype), at=at)


def _of_self(g: Any, y: Any, x: Any, src: Any, *, at: Array, how: str, include_self: bool) -> Any:
    if how == "sum":
        found = g
    elif how == "mean":
        found = div(g, _count(x, at, include_self))
    elif how == "prod":
        ones = masked_fill(x, np.ones((), array_of(x).dtype), mask=array_of(x) == 0)
        found = div(mul(g, scatter_reduce(ones, src, at=at, how=how, include_self=include_self)), ones)
    else:
        equal, _, shares = _ties(y, x, src, at)
        found = mul(div(g, shares), equal)
    return _own(found, at=at, include_self=include_self)


def _of_source(g: Any, y: Any, x: Any, src: Any, *, at: Array, how: str, include_self: bool) -> Any:
    if how == "sum":
        return gather(g, at=at)
    if how == "mean":
        return div(gather(g, at=at), _count(x, at, include_self)[np.unravel_index(at, x.shape)])
    if how == "prod":
        return _of_factors(g, y, x, src, at, include_self)
    _, equal, shares = _ties(y, x, src, at)
    return mul(gather(div(g, shares), at=at), equal)


def _count(x: Any, at: Array, include_self: bool) -> Array:
    hits = np.bincount(at.reshape(-1), minlength=array_of(x).size).reshape(array_of(x).shape)
    return np.maximum(hits + include_self, 1).astype(array_of(x).dtype)


def _ties(y: Any, x: Any, src: Any, at: Array) -> tuple[Array, Array, Array]:
    """Where `x` and where `src` is the extreme, and how many share each place, as numbers of the dtype."""
    result, own, values = array_of(y), array_of(x), array_of(src)
    mine = (own == result).astype(own.dtype)
    theirs = (values == result.reshape(-1)[at]).astype(own.dtype)
    return mine, theirs, add_at(mine.copy(), at, theirs)


def _of_factors(g: Any, y: Any, x: Any, src: Any, at: Array, include_self: bool) -> Any:
    """The cotangent of the factors: a single zero leaves the product of the others."""
    values = array_of(src)
    zero = values == 0
    count = np.bincount(at.reshape(-1), zero.reshape(-1), array_of(x).size)
    single = zero & (count[at] == 1)
    one = np.ones((), values.dtype)
    others = scatter_reduce(x, masked_fill(src, one, mask=single), at=at, how="prod", include_self=include_self)
    usual = div(gather(mul(g, y), at=at), masked_fill(src, one, mask=zero))
    return where(single, gather(mul(g, others), at=at), usual)


scatter_reduce.defvjp(0, _of_self, saves=(OUTPUT, 0, 1))
scatter_reduce.defvjp(1, _of_source, saves=(OUTPUT, 0, 1))
index_reduce = scatter_reduce.alias("IndexReduce")


@primitive("torch::autograd::NotImplemented", variant=None)
def scatter_combined(x: Array, src: Array, *, at: Array, how: str) -> Array:
    """`x` with values added at places, or multiplied there, without a gradient."""
    return scatter_reduce.kernel(x, src, at=at, how=how, include_self=True)


def copied(view: Primitive) -> Primitive:
    """The op that copies what another one makes a view of, by torch's name for it."""
    other = Primitive(lambda x, **static: view.kernel(x, **static).copy(), f"{view.node_name}_copy", False, None)
    other.vjps = view.vjps
    return other
