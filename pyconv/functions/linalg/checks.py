"""What torch's linear algebra refuses, and in which words.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`, `pyconv.functions`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.functions.products import shape_of
from pyconv.ops.arithmetic import refuse
from pyconv.ops.cast import array_of
from pyconv.ops.elementwise import kind_of
from pyconv.ops.linalg.parts import LinAlgError

LOW = (dtypes.float16, dtypes.bfloat16)
INTEGERS = (
    dtypes.bool_,
    dtypes.uint8,
    dtypes.int8,
    dtypes.int16,
    dtypes.int32,
    dtypes.int64,
    dtypes.uint16,
    dtypes.uint32,
    dtypes.uint64,
)


def check_matrix(name: str, a: Any, operand: str = "A") -> None:
    """Raise RuntimeError where a tensor has fewer than two dimensions."""
    if len(shape_of(a)) < 2:
        raise RuntimeError(f"{name}: The input tensor {operand} must have at least 2 dimensions.")


def check_square(name: str, a: Any, operand: str = "A") -> None:
    """Raise RuntimeError where a tensor is no square matrix and no stack of them."""
    check_matrix(name, a, operand)
    m, n = shape_of(a)[-2:]
    if m != n:
        raise RuntimeError(f"{name}: {operand} must be batches of square matrices, but they are {m} by {n} matrices")


def check_floating(name: str, a: Any, *, stub: str | None = None) -> None:
    """Refuse integers and 16-bit floats, these by the name of torch's kernel if there is one.

    Raises:
        RuntimeError: the dtype is refused.
        NotImplementedError: likewise, of a kernel.
    """
    kind = kind_of(a)
    if kind in INTEGERS:
        raise RuntimeError(f"{name}: Expected a floating point or complex tensor as input. Got {kind.scalar_name}")
    if kind in LOW and stub is None:
        raise RuntimeError(f"{name}: Low precision dtypes not supported. Got {kind.scalar_name}")
    if stub is not None:
        refuse(stub, kind, LOW)


def check_same(name: str, a: Any, b: Any, first: str = "A", second: str = "B") -> None:
    """Raise RuntimeError where two tensors have different dtypes."""
    kinds = kind_of(a), kind_of(b)
    if kinds[0] is not kinds[1]:
        raise RuntimeError(
            f"{name}: Expected {first} and {second} to have the same dtype, but found {first} of type "
            f"{kinds[0].scalar_name} and {second} of type {kinds[1].scalar_name} instead"
        )


def check_fit(name: str, a: tuple[int, ...], b: tuple[int, ...], left: bool) -> None:
    """Raise RuntimeError where the equation of matrices of these shapes has no solution for them."""
    if a[-1] != (b[-2] if left else b[-1]):
        equation = "AX = B" if left else "XA = B"
        raise RuntimeError(
            f"{name}: Incompatible shapes of A and B for the equation {equation} ({a[-2]}x{a[-1]} and {b[-2]}x{b[-1]})"
        )


def check_infos(name: str, info: Any, text: str) -> None:
    """Raise for the first matrix of which LAPACK's number says that something went wrong.

    Args:
        name: of torch's function.
        info: an int for each matrix.
        text: what went wrong, with {} for that number.

    Raises:
        LinAlgError: it did.
    """
    infos = array_of(info)
    wrong = np.flatnonzero(infos)
    if wrong.size:
        first = int(wrong[0])
        where = f"(Batch element {first}): " if infos.ndim else ""
        raise LinAlgError(f"{name}: {where}{text.format(int(infos.flat[first]))}")


SINGULAR = "The diagonal element {} is zero, the inversion could not be completed because the input matrix is singular."
NOT_POSITIVE = (
    "The factorization could not be completed because the input is not positive-definite (the leading minor of order "
    "{} is not positive-definite)."
)
UNSOLVED = "The solver failed because the input matrix is singular."
