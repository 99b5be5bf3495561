"""Convolution, transposed convolution, unfold and fold as plain loops over the formula.

The tests hold every faster kernel against this file, so it shares nothing with the package: it imports the
standard library and NumPy, uses NumPy's arrays only as containers, and adds and multiplies Python numbers one
pair at a time. Integers are therefore exact and unbounded (the caller takes the modulus), real numbers are
float64 and complex numbers complex128, whatever the width of the operands.

Shapes, for any number of spatial dimensions (written `*L` for the input and `*K` for the kernel):

    convolve    x (N, C, *L)   w (O, C/groups, *K)   b (O,)   y (N, O, *M)
    transpose   x (N, C, *L)   w (C, O/groups, *K)   b (O,)   y (N, O, *M)

`stride` and `dilation` are an int or one int a dimension; `padding` is an int, one int a dimension, or one
`(low, high)` pair a dimension.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from math import prod
from operator import index as exact_int
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
Index = tuple[int, ...]
PerDimension = int | Sequence[int]
Padding = int | Sequence[int | tuple[int, int]]
Term = tuple[Index, Index, Index]


def convolve(
    x: Array,
    w: Array,
    b: Array | None = None,
    *,
    stride: PerDimension = 1,
    padding: Padding = 0,
    dilation: PerDimension = 1,
    groups: int = 1,
) -> Array:
    """y[n, o, m] = b[o] + Σ over c and t of x[n, c, m·stride + t·dilation − low] · w[o, c, t]."""
    y, xs, ws = _empty_output(x, w, stride, padding, dilation), _scalars(x), _scalars(w)
    for channel in range(w.shape[0]):
        y[:, channel] = 0 if b is None else _scalars(b)[channel]
    for x_index, w_index, y_index in _terms(x.shape, w.shape, stride, padding, dilation, groups):
        y[y_index] += xs[x_index] * ws[w_index]
    return _typed(y, x, w)


def input_gradient(
    gy: Array,
    w: Array,
    input_shape: Sequence[int],
    *,
    stride: PerDimension = 1,
    padding: Padding = 0,
    dilation: PerDimension = 1,
    groups: int = 1,
) -> Array:
    """What each element of x adds to y: every term of the formula sends gy · conj(w) back to its x."""
    gx, gys, ws = np.full(tuple(input_shape), 0, object), _scalars(gy), _scalars(w)
    for x_index, w_index, y_index in _terms(input_shape, w.shape, stride, padding, dilation, groups):
        gx[x_index] += gys[y_index] * ws[w_index].conjugate()
    return _typed(gx, gy, w)


def weight_gradient(
    x: Array,
    gy: Array,
    weight_shape: Sequence[int],
    *,
    stride: PerDimension = 1,
    padding: Padding = 0,
    dilation: PerDimension = 1,
    groups: int = 1,
) -> Array:
    """What each element of w adds to y: every term of the formula sends gy · conj(x) back to its w."""
    gw, xs, gys = np.full(tuple(weight_shape), 0, object), _scalars(x), _scalars(gy)
    for x_index, w_index, y_index in _terms(x.shape, weight_shape, stride, padding, dilation, groups):
        gw[w_index] += gys[y_index] * xs[x_index].conjugate()
    return _typed(gw, x, gy)


def bias_gradient(gy: Array) -> Array:
    """The sum of gy (N, O, *M) over everything but the channel: (O,)."""
    gb, gys = np.full(gy.shape[1], 0, object), _scalars(gy)
    for index in np.ndindex(*gy.shape):
        gb[index[1]] += gys[index]
    return _typed(gb, gy)


def transpose(
    x: Array,
    w: Array,
    b: Array | None = None,
    *,
    stride: PerDimension = 1,
    padding: Padding = 0,
    output_padding: PerDimension = 0,
    dilation: PerDimension = 1,
    groups: int = 1,
) -> Array:
    """Each x[n, c, l] adds x · w[c, o, t] to y[n, o, l·stride + t·dilation − low]; b[o] is added to all."""
    space, kernel = x.shape[2:], w.shape[2:]
    strides, dilations = _each(stride, len(space)), _each(dilation, len(space))
    pads, extras = _pairs(padding, len(space)), _each(output_padding, len(space))
    size = tuple(
        (n - 1) * s - low - high + d * (k - 1) + extra + 1
        for n, s, (low, high), d, k, extra in zip(space, strides, pads, dilations, kernel, extras)
    )
    c_group, o_group = x.shape[1] // groups, w.shape[1]
    y, xs, ws = np.full((x.shape[0], o_group * groups, *size), 0, object), _scalars(x), _scalars(w)
    if b is not None:
        y += _scalars(b).reshape(-1, *[1] * len(space))
    for n, group, c, o in product(*map(range, (x.shape[0], groups, c_group, o_group))):
        for at, tap in product(np.ndindex(*space), np.ndindex(*kernel)):
            to = tuple(i * s + t * d - low for i, s, t, d, (low, _) in zip(at, strides, tap, dilations, pads))
            if _inside(to, size):
                channel = group * c_group + c
                y[(n, group * o_group + o, *to)] += xs[(n, channel, *at)] * ws[(channel, o, *tap)]
    return _typed(y, x, w)


def unfold(
    x: Array, kernel: PerDimension, *, stride: PerDimension = 1, padding: Padding = 0, dilation: PerDimension = 1
) -> Array:
    """The windows of x (N, C, *L) as columns: (N, C · taps, positions), zeros outside x."""
    batch, channels, *space = x.shape
    taps = _each(kernel, len(space))
    places = list(_windows(space, taps, stride, padding, dilation))
    positions = prod(output_size(space, taps, stride, padding, dilation))
    columns, xs = np.full((batch, channels * prod(taps), positions), 0, object), _scalars(x)
    for n, c, (tap, position, at) in product(range(batch), range(channels), places):
        if _inside(at, space):
            columns[n, c * prod(taps) + tap, position] = xs[(n, c, *at)]
    return _typed(columns, x)


def fold(
    columns: Array,
    size: Sequence[int],
    kernel: PerDimension,
    *,
    stride: PerDimension = 1,
    padding: Padding = 0,
    dilation: PerDimension = 1,
) -> Array:
    """Columns (N, C · taps, positions) added back where unfold took them from: (N, C, *size)."""
    taps = _each(kernel, len(size))
    channels = columns.shape[1] // prod(taps)
    x, values = np.full((columns.shape[0], channels, *size), 0, object), _scalars(columns)
    places = list(_windows(size, taps, stride, padding, dilation))
    for n, c, (tap, position, at) in product(range(x.shape[0]), range(channels), places):
        if _inside(at, size):
            x[(n, c, *at)] += values[n, c * prod(taps) + tap, position]
    return _typed(x, columns)


def output_size(
    space: Sequence[int], kernel: Sequence[int], stride: PerDimension, padding: Padding, dilation: PerDimension
) -> Index:
    """How many windows fit, a dimension: ⌊(L + low + high − dilation·(K − 1) − 1) / stride⌋ + 1."""
    dims = len(space)
    return tuple(
        (n + low + high - d * (k - 1) - 1) // s + 1
        for n, k, s, (low, high), d in zip(
            space, kernel, _each(stride, dims), _pairs(padding, dims), _each(dilation, dims)
        )
    )


def _terms(
    x_shape: Sequence[int],
    w_shape: Sequence[int],
    stride: PerDimension,
    padding: Padding,
    dilation: PerDimension,
    groups: int,
) -> Iterator[Term]:
    """The indices (x, w, y) of every product in the sum, those that read the zero padding left out."""
    batch, _, *space = x_shape
    o_group, c_group, kernel = w_shape[0] // groups, w_shape[1], w_shape[2:]
    strides, dilations = _each(stride, len(space)), _each(dilation, len(space))
    pads = _pairs(padding, len(space))
    positions = list(np.ndindex(*output_size(space, kernel, stride, padding, dilation)))
    for n in range(batch):
        for group in range(groups):
            for o in range(group * o_group, (group + 1) * o_group):
                for position in positions:
                    for c in range(c_group):
                        for tap in np.ndindex(*kernel):
                            at = tuple(
                                m * s + t * d - low
                                for m, s, t, d, (low, _) in zip(position, strides, tap, dilations, pads)
                            )
                            if _inside(at, space):
                                yield (n, group * c_group + c, *at), (o, c, *tap), (n, o, *position)


def _windows(
    space: Sequence[int], kernel: Sequence[int], stride: PerDimension, padding: Padding, dilation: PerDimension
) -> Iterator[tuple[int, int, Index]]:
    """(number of the tap, number of the window, index in space) for each tap of each window."""
    strides, dilations = _each(stride, len(space)), _each(dilation, len(space))
    pads = _pairs(padding, len(space))
    size = output_size(space, kernel, stride, padding, dilation)
    for (number, tap), (window, position) in product(enumerate(np.ndindex(*kernel)), enumerate(np.ndindex(*size))):
        yield (
            number,
            window,
            tuple(m * s + t * d - low for m, s, t, d, (low, _) in zip(position, strides, tap, dilations, pads)),
        )


def _empty_output(x: Array, w: Array, stride: PerDimension, padding: Padding, dilation: PerDimension) -> Array:
    size = output_size(x.shape[2:], w.shape[2:], stride, padding, dilation)
    return np.empty((x.shape[0], w.shape[0], *size), object)


def _inside(index: Sequence[int], space: Sequence[int]) -> bool:
    return all(0 <= i < n for i, n in zip(index, space))


def _each(value: PerDimension, dims: int) -> Index:
    return (value,) * dims if isinstance(value, int) else tuple(value)


def _pairs(padding: Padding, dims: int) -> tuple[tuple[int, int], ...]:
    pads = (padding,) * dims if isinstance(padding, int) else padding
    return tuple((pad, pad) if isinstance(pad, int) else (pad[0], pad[1]) for pad in pads)


def _kind(array: Array) -> Callable[[Any], Any]:
    """What makes an element a Python number without loss; an object array holds ints and nothing else."""
    if array.dtype.kind in "iuO":
        return exact_int
    return complex if array.dtype.kind == "c" else float


def _scalars(array: Array) -> Array:
    """The same elements as Python numbers, so that no arithmetic is NumPy's."""
    number = _kind(array)
    values = np.empty(array.shape, object)
    for index in np.ndindex(*array.shape):
        values[index] = number(array[index])
    return values


def _typed(values: Array, *operands: Array) -> Array:
    """Integers stay Python's, in an object array; the rest becomes float64 or complex128."""
    kinds = {_kind(operand) for operand in operands}
    if kinds == {exact_int}:
        return values
    return values.astype(np.complex128 if complex in kinds else np.float64)
