"""Jacobians of a function, by central differences and by the backward pass.

A Jacobian has a row for each element of the input and a column for each element of the output. Of a complex output
the real or the imaginary part is taken; a complex input z = x + iy gives d/dx + i·d/dy, the convention of gradients.
May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.backward import grad
from pyconv.autograd.traced import Traced

Array = np.ndarray[Any, Any]
Evaluate = Callable[[], list[Array]]
Direction = tuple[Any, Any]
"""A real step, and an imaginary one for a complex input."""


def as_tuple(value: Any) -> tuple[Any, ...]:
    """What a function takes or returns, as a tuple."""
    return tuple(value) if isinstance(value, (tuple, list)) else (value,)


def has_gradients(value: Traced) -> bool:
    """Whether values of this dtype can have gradients."""
    return value._array.dtype.kind not in "iub"


def evaluation(func: Callable[..., Any], inputs: tuple[Any, ...], part: str) -> Evaluate:
    """A call of `func` that gives copies of its outputs that can have gradients, of complex ones the `part` alone."""
    return lambda: [part_of(y._array, part).copy() for y in as_tuple(func(*inputs)) if has_gradients(y)]


def part_of(array: Array, part: str) -> Array:
    """The 'real' or 'imag' part of a complex array; a real array is its own part."""
    found: Array = getattr(array, part) if array.dtype.kind == "c" else array
    return found


def numerical(evaluate: Evaluate, x: Array, sizes: Sequence[int], eps: float) -> list[Array]:
    """The Jacobian of each output with respect to an input.

    Args:
        evaluate: the function, which reads `x`.
        x: the input, changed element by element and put back.
        sizes: how many elements each output has.
        eps: how far to go to each side.

    Raises:
        AssertionError: an output's shape or dtype depends on the input's values.
    """
    rows = [slope(evaluate, x, index, (1.0, 1.0), eps) for index in np.ndindex(x.shape)]
    return [np.array([row[i] for row in rows]).reshape(x.size, size) for i, size in enumerate(sizes)]


def slope(evaluate: Evaluate, x: Array, index: Any, direction: Direction, eps: float) -> list[Array]:
    """The derivative of each output, flat, along a direction in x[index]."""
    real = _central_difference(evaluate, x, index, eps * direction[0], eps)
    if x.dtype.kind != "c":
        return real
    imaginary = _central_difference(evaluate, x, index, 1j * eps * direction[1], eps)
    return [a + 1j * b for a, b in zip(real, imaginary, strict=True)]


def _central_difference(evaluate: Evaluate, x: Array, index: Any, step: Any, eps: float) -> list[Array]:
    middle = x[index].copy()
    try:
        x[index] = middle - step
        below = evaluate()
        x[index] = middle + step
        above = evaluate()
    finally:
        x[index] = middle
    for a, b in zip(below, above, strict=True):
        _check_alike(a, b, "" if index is ... else f"on index {index} ", eps)
    return [((b - a) / (2 * eps)).reshape(-1) for a, b in zip(below, above, strict=True)]


def _check_alike(below: Array, above: Array, where: str, eps: float) -> None:
    expected = f"when inputs are perturbed {where}by {eps}, but got:"
    if below.shape != above.shape:
        raise AssertionError(
            f"Expected `func` to return outputs with the same shape {expected} shapes torch.Size({list(below.shape)}) "
            f"and torch.Size({list(above.shape)})."
        )
    if below.dtype != above.dtype:
        raise AssertionError(
            f"Expected `func` to return outputs with the same dtype {expected} dtypes {dtypes.of(below)} and "
            f"{dtypes.of(above)}."
        )


def analytical(output: Traced, inputs: Sequence[Traced], part: str) -> list[list[Array | None]]:
    """The gradients of every element of an output, for each input: the columns of its Jacobian."""
    basis = np.eye(output._array.size)
    found = [pull_back(output, inputs, part, cotangent) for cotangent in basis]
    return [[gradients[i] for gradients in found] for i in range(len(inputs))]


def pull_back(output: Traced, inputs: Sequence[Traced], part: str, cotangent: Array) -> list[Array | None]:
    """The gradients that a real cotangent of the `part` of an output gives, None for an input that it does not use."""
    y = output._array
    scale = 1j if part == "imag" and y.dtype.kind == "c" else 1
    g = type(output)._wrap((scale * cotangent.reshape(y.shape)).astype(y.dtype))
    found = grad(output, inputs, g, retain_graph=True, allow_unused=True)
    return [None if value is None else value._array.copy() for value in found]
