"""Cotangents in batches, for `grad(..., is_grads_batched=True)`: one pass through the graph for each row.

May import: NumPy, `pyconv.autograd`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from pyconv.autograd.primitive import primitive
from pyconv.autograd.traced import Array, Traced

_MAPPED = "vmap(vjp, in_dims=0, ...)(<inputs>)"


def rows(outputs: Sequence[Any], cotangents: Sequence[Any]) -> list[list[Any]]:
    """The cotangents of the outputs, row by row of the batch.

    Raises:
        IndexError: a cotangent has no dimension, or no row.
        RuntimeError: the shape of a row is not the output's, or there is no cotangent for one that needs it.
        ValueError: batches differ in size, or there is none.
    """
    for i, (y, g) in enumerate(zip(outputs, cotangents, strict=False)):
        if isinstance(g, Traced):
            _check_rows(y, g, i)
        elif g is not None:
            raise TypeError(f"gradients can be either Tensors or None, but got {type(g).__name__}")
        elif y._requires_grad and y._array.size != 1:
            raise RuntimeError("grad can be implicitly created only for scalar outputs")
    if any(g is None for g in cotangents):
        raise ValueError(
            f"{_MAPPED}: Got in_dim=0 for some input, but that input is a Tensor of dimensionality 0 so expected "
            "in_dim to satisfy 0 <= in_dim < 0."
        )
    sizes = [len(g._array) for g in cotangents]
    if len(set(sizes)) > 1:
        raise ValueError(
            f"vmap: Expected all tensors to have the same size in the mapped dimension, got sizes {sizes} for the "
            "mapped dimension"
        )
    return [[g[i] for g in cotangents] for i in range(max(sizes, default=0))]


def _check_rows(y: Traced, g: Traced, index: int) -> None:
    row = g[0]  # type: ignore[index]
    if row._array.shape != y._array.shape:
        raise RuntimeError(
            "If `is_grads_batched=True`, we interpret the first dimension of each grad_output as the batch dimension. "
            "The sizes of the remaining dimensions are expected to match the shape of corresponding output, but a "
            f"mismatch was detected: grad_output[{index}] has a shape of torch.Size({list(row._array.shape[1:])}) and "
            f"output[{index}] has a shape of torch.Size({list(y._array.shape)}). If you only want some tensors in "
            "`grad_output` to be considered batched, consider using vmap."
        )


def together(gradients: Sequence[Any]) -> Any:
    """The gradients of the rows in one, or None where there is none."""
    return None if gradients[0] is None else _stack(*gradients)


@primitive("Stack")
def _stack(*arrays: Array) -> Array:
    return np.stack(arrays)


_stack.defvjp_any(lambda g, position, *arrays: g[position])  # noqa: ARG005
