"""torch.nn.functional's linear and bilinear maps.

May import: NumPy, `pyconv.autograd`, `pyconv.ops`, `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

import math
from typing import Any

from pyconv.autograd.mode import is_grad_enabled
from pyconv.functions.added_products import addmm
from pyconv.functions.products import bmm, shape_of
from pyconv.functions.stacked_products import matmul
from pyconv.ops import shape
from pyconv.ops.arithmetic import add
from pyconv.ops.cast import array_of
from pyconv.ops.elementwise import kind_of
from pyconv.signatures import function

__all__ = ["bilinear", "linear"]


@function("(Tensor input, Tensor weight, Tensor bias = None)")
def linear(input: Any, weight: Any, bias: Any = None) -> Any:
    """Input · weightᵀ + bias.

    Args:
        input: (…, in).
        weight: (out, in) or (in), of the same dtype.
        bias: (out) or ().

    Returns:
        (…, out) or (…); 16-bit floats are computed in single precision and rounded once.

    Raises:
        RuntimeError: the shapes or the dtypes do not fit.

    Example:
        >>> import pyconv as torch
        >>> linear(torch.ones(1, 2), torch.tensor([[1.0, 2.0], [3.0, 4.0]]), torch.tensor([0.5, 0.0]))
        tensor([[3.5000, 7.0000]])
    """
    size, rows = shape_of(input), shape_of(weight)
    if not size or not rows:
        raise RuntimeError(
            f"both arguments to linear need to be at least 1D, but they are {len(size)}D and {len(rows)}D"
        )
    if len(rows) > 2:
        raise RuntimeError(f"t() expects a tensor with <= 2 dimensions, but self is {len(rows)}D")
    turned = shape.matrix_transpose(weight, axes=tuple(reversed(range(len(rows)))))
    if bias is not None and len(size) == 2:
        _check_added(bias, input, weight)
        return addmm.raw(bias, input, turned)  # type: ignore[attr-defined]
    if bias is not None and len(shape_of(bias)) == 1 and array_of(input).flags.c_contiguous:
        _check_added(bias, input, weight)
        flat = shape.reshape(input, shape=(math.prod(size[:-1]), size[-1]))
        product = addmm.raw(bias, flat, turned)  # type: ignore[attr-defined]
        return shape.reshape(product, shape=(*size[:-1], array_of(product).shape[1]))
    product = matmul.raw(input, turned)  # type: ignore[attr-defined]
    return product if bias is None else add(product, bias)


@function("(Tensor input1, Tensor input2, Tensor weight, Tensor bias = None)")
def bilinear(input1: Any, input2: Any, weight: Any, bias: Any = None) -> Any:
    """Input1ᵀ · weight[o] · input2 + bias[o], for every output o.

    Args:
        input1: (…, in1).
        input2: (…, in2), of the same dtype.
        weight: (out, in1, in2).
        bias: (out).

    Returns:
        (…, out)

    Raises:
        RuntimeError: the shapes or the dtypes do not fit, or a gradient would go through complex values.
        IndexError: dimensions are missing.

    Example:
        >>> import pyconv as torch
        >>> bilinear(torch.tensor([[1.0, 2.0]]), torch.tensor([[3.0]]), torch.ones(1, 2, 1))
        tensor([[9.]])
    """
    _check_bilinear(input1, input2, weight, bias)
    traced = [x for x in (input1, input2, weight) if getattr(x, "requires_grad", False)]
    if traced and is_grad_enabled() and kind_of(input1).is_complex:
        raise RuntimeError("_trilinear does not support automatic differentiation for outputs with complex dtype.")
    batch = array_of(input1).shape[:-1]
    count = math.prod(batch)
    outputs, n, m = array_of(weight).shape
    left = shape.reshape(input1, shape=(1, count, n))
    right = shape.reshape(input2, shape=(count, m, 1))
    by_input = shape.reshape(shape.permute(weight, axes=(1, 0, 2)), shape=(1, n, outputs * m))
    half = shape.reshape(bmm.raw(left, by_input), shape=(count, outputs, m))  # type: ignore[attr-defined]
    product = shape.reshape(bmm.raw(half, right), shape=(*batch, outputs))  # type: ignore[attr-defined]
    return product if bias is None else add(product, bias)


def _check_added(bias: Any, input: Any, weight: Any) -> None:
    """Raise RuntimeError unless the product and what is added to it have the weight's dtype."""
    for name, operand in (("self", bias), ("mat1", input)):
        if kind_of(operand) is not kind_of(weight):
            names = f"{kind_of(operand).scalar_name} and {kind_of(weight).scalar_name}"
            raise RuntimeError(f"{name} and mat2 must have the same dtype, but got {names}")


def _check_bilinear(input1: Any, input2: Any, weight: Any, bias: Any) -> None:
    a, b, w = shape_of(input1), shape_of(input2), shape_of(weight)
    kinds = [kind_of(x) for x in (input1, input2, weight, *(() if bias is None else (bias,)))]
    if kinds.count(kinds[0]) < len(kinds):
        names = zip(("input1", "input2", "weight", "bias"), kinds, strict=False)
        listed = ", ".join(f"{name}: {kind.cpp_name}" for name, kind in names)
        raise RuntimeError(f"All tensors must have the same dtype, got {listed}")
    if len(a) != len(b):
        raise RuntimeError(f"bilinear(): input dimensions do not match: got {len(a)} and {len(b)}")
    for i, (n, m) in enumerate(zip(a[:-1], b[:-1], strict=True)):
        if n != m:
            raise RuntimeError(f"bilinear(): input batch dimensions do not match at dim {i}: got {n} and {m}")
    for i, size in enumerate((a, b), 1):
        if not w or (i < len(w) and not size):
            raise IndexError(f"Dimension specified as {-1 if w else i} but tensor has no dimensions")
        if i >= len(w):
            last = len(w) - 1
            raise IndexError(f"Dimension out of range (expected to be in range of [{-len(w)}, {last}], but got {i})")
        if size[-1] != w[i]:
            raise RuntimeError(
                f"bilinear(): input{i} size does not match weight size: got {size[-1]} but expected {w[i]}"
            )
    if bias is not None and not shape_of(bias):
        raise IndexError("Dimension specified as 0 but tensor has no dimensions")
    if bias is not None and shape_of(bias)[0] != w[0]:
        raise RuntimeError(
            f"bilinear(): bias size does not match weight size: got {shape_of(bias)[0]} but expected {w[0]}"
        )
    if len(w) > 3:
        raise RuntimeError("number of dimensions must match")
    if not a[-1] or not b[-1]:
        raise RuntimeError(
            "cannot reshape tensor of 0 elements into shape [-1, 0] because the unspecified dimension size -1 can be "
            "any value and is ambiguous"
        )
