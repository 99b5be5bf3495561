"""Rows of a table looked up by number and reduced bag by bag: sums, means and maxima.

With w the table, p the weights of the samples, g the cotangent and c coefficients that no gradient is taken of, sums
and means are one form Σ c[i]·p[i]·⟨w[at[i]], g[bag[i]]⟩, linear in each of w, p and g. Its three partial maps are each
other's gradients. May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from pyconv.autograd.primitive import primitive
from pyconv.ops.embedding import sum_rows

Array = np.ndarray[Any, Any]


class Bags(NamedTuple):
    """Which row of the table goes into which bag, without the samples that are padding.

    Attributes:
        at: for each sample, its row of the table.
        bag: likewise its bag.
        sample: likewise its place among all samples.
        coefficients: what it counts, float64.
        back: what it counts in the gradient of the table.
        rows: how many rows the table has.
        length: how many bags there are.
        samples: how many samples there are, padding too.
    """

    at: Array
    bag: Array
    sample: Array
    coefficients: Array
    back: Array
    rows: int
    length: int
    samples: int


def _factors(coefficients: Array, p: Array | None, sample: Array) -> Array:
    return coefficients if p is None else coefficients * p[sample].astype(np.float64)


def _weighted(rows: Array, coefficients: Array, p: Array | None, sample: Array) -> Array:
    return np.asarray(rows.astype(np.float64) * _factors(coefficients, p, sample)[:, None])


@primitive("EmbeddingBag")
def embedding_bag(w: Array, p: Array | None, *, bags: Bags) -> Array:
    """The sum of the weighted rows in each bag: (rows, m), (samples) → (count, m)."""
    size, rest = divmod(len(bags.at), max(1, bags.length))
    if size and not rest and (bags.bag.reshape(-1, size) == np.arange(bags.length)[:, None]).all():
        return _sums_of_one_size(w, p, bags, size)
    rows = _weighted(w[bags.at], bags.coefficients, p, bags.sample)
    return sum_rows(rows, bags.bag, bags.length).astype(w.dtype)


_PIECE = 1 << 16
"""Elements of their rows that are taken at once."""


def _sums_of_one_size(w: Array, p: Array | None, bags: Bags, size: int) -> Array:
    """The sums of bags that have as many samples each, in the order of the samples."""
    at, factors = bags.at.reshape(-1, size), _factors(bags.coefficients, p, bags.sample).reshape(-1, size, 1)
    is_even = (factors == factors[:, :1]).all()
    out = np.empty((bags.length, w.shape[1]), w.dtype)
    step = max(1, _PIECE // (size * max(1, w.shape[1])))
    for start in range(0, bags.length, step):
        part = slice(start, start + step)
        rows = w[at[part]].astype(np.float64)
        out[part] = rows.sum(1) * factors[part, 0] if is_even else (rows * factors[part]).sum(1)
    return out


@primitive("EmbeddingBagBackward")
def _to_table(g: Array, p: Array | None, *, bags: Bags) -> Array:
    """The cotangent of the table: (count, m), (samples) → (rows, m)."""
    rows = _weighted(g[bags.bag], bags.back, p, bags.sample)
    return sum_rows(rows, bags.at, bags.rows).astype(g.dtype)


@primitive("EmbeddingBagPerSampleWeightsBackward")
def _to_weights(g: Array, w: Array, *, bags: Bags) -> Array:
    """The cotangent of the samples' weights: (count, m), (rows, m) → (samples)."""
    out = np.zeros(bags.samples, g.dtype)
    products = np.einsum("im,im->i", g[bags.bag].astype(np.float64), w[bags.at].astype(np.float64))
    out[bags.sample] = (products * bags.coefficients).astype(g.dtype)
    return out


def _forward(bags: Bags) -> Bags:
    """The bags whose sums are the gradient of the table's cotangent."""
    return bags._replace(coefficients=bags.back)


embedding_bag.defvjp(0, lambda g, w, p, *, bags: _to_table(g, p, bags=bags), saves=(1,))
embedding_bag.defvjp(1, lambda g, w, p, *, bags: _to_weights(g, w, bags=bags), saves=(0,))
_to_table.defvjp(0, lambda h, g, p, *, bags: embedding_bag(h, p, bags=_forward(bags)), saves=(1,))
_to_table.defvjp(1, lambda h, g, p, *, bags: _to_weights(g, h, bags=_forward(bags)), saves=(0,))
_to_weights.defvjp(
    0, lambda h, g, w, *, bags: embedding_bag(w, h, bags=bags._replace(back=bags.coefficients)), saves=(1,)
)
_to_weights.defvjp(1, lambda h, g, w, *, bags: _to_table(g, h, bags=bags._replace(back=bags.coefficients)), saves=(0,))


def largest(w: Array, bags: Bags) -> Array:
    """For each bag and column the row of its first largest element, 0 for a bag without samples: (count, m)."""
    chosen = np.zeros((bags.length, w.shape[1]), np.int64)
    sizes = np.bincount(bags.bag, minlength=bags.length)
    starts = np.cumsum(sizes) - sizes
    if bags.at.size:
        chosen[sizes > 0] = bags.at[starts[sizes > 0], None]
    columns = np.arange(w.shape[1])
    for k in range(1, int(sizes.max(initial=0))):
        longer = np.flatnonzero(sizes > k)
        rows = bags.at[starts[longer] + k]
        above = w[rows] > w[chosen[longer], columns]
        chosen[longer] = np.where(above, rows[:, None], chosen[longer])
    return chosen


@primitive("EmbeddingBag")
def chosen_rows(w: Array, *, chosen: Array, filled: Array) -> Array:
    """The elements of the chosen rows, 0 in bags that are not filled: (rows, m) → (count, m)."""
    return np.where(filled[:, None], w[chosen, np.arange(w.shape[1])], w.dtype.type(0))


@primitive("EmbeddingBagBackward")
def _to_chosen(g: Array, *, chosen: Array, filled: Array, rows: int) -> Array:
    columns = g.shape[1]
    places = (chosen * columns + np.arange(columns))[filled].reshape(-1)
    out = np.bincount(places, g[filled].astype(np.float64).reshape(-1), rows * columns)
    return out.astype(g.dtype).reshape(rows, columns)


chosen_rows.defvjp(0, lambda g, w, *, chosen, filled: _to_chosen(g, chosen=chosen, filled=filled, rows=w.shape[0]))
_to_chosen.defvjp(0, lambda h, g, *, chosen, filled, rows: chosen_rows(h, chosen=chosen, filled=filled))
