"""Products of Householder's reflectors: torch.geqrf, orgqr, ormqr and torch.linalg.householder_product.

A. S. Householder, "Unitary Triangularization of a Nonsymmetric Matrix", 1958. May import: NumPy, `pyconv.dtypes`,
`pyconv.ops`, `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv.functions.alias import alias
from pyconv.functions.linalg import checks
from pyconv.functions.linalg.systems import wrapped
from pyconv.functions.products import shape_of
from pyconv.ops.arithmetic import add, mul, sub
from pyconv.ops.cast import array_of, conj
from pyconv.ops.elementwise import kind_of
from pyconv.ops.index import take
from pyconv.ops.linalg.parts import lower
from pyconv.ops.matmul import adjoint, times
from pyconv.ops.several import several
from pyconv.return_types import named
from pyconv.signatures import function

_Geqrf = named("geqrf", "a", "tau")


@several("Geqrf")
def _factored(a: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    h, tau = np.linalg.qr(a, "raw")
    return np.swapaxes(h, -1, -2).copy(), tau


@function("(Tensor input, *, tuple of Tensors out = None)")
def geqrf(input: Any) -> Any:
    """R and the reflectors that make Q of it, in one matrix, and their factors, as LAPACK has them.

    Args:
        input: (…, m, n), floats or complex numbers.

    Returns:
        (…, m, n) and (…, min(m, n)).

    Raises:
        RuntimeError: the dtype does not do.

    Example:
        >>> import pyconv as torch
        >>> torch.geqrf(torch.ones(3, 2)).tau.shape
        torch.Size([2])
    """
    checks.check_matrix("torch.geqrf", input, "input")
    checks.check_floating("torch.geqrf", input, stub="geqrf_cpu")
    return _Geqrf(*_factored(input))


@function("(Tensor input, Tensor tau, *, Tensor out = None)")
def linalg_householder_product(input: Any, tau: Any) -> Any:
    """The first n columns of (1 - tau[0]·v0·v0ᴴ)(1 - tau[1]·v1·v1ᴴ)…, the vectors below the diagonal of `input`.

    Args:
        input: (…, m, n), m ≥ n.
        tau: (…, k), k ≤ n.

    Raises:
        RuntimeError: the shapes or dtypes do not fit.

    Example:
        >>> import pyconv as torch
        >>> torch.linalg.householder_product(torch.ones(2, 1), torch.zeros(1)).flatten()
        tensor([1., 0.])
    """
    _check(input, tau)
    *batch, m, n = shape_of(input)
    one = np.broadcast_to(np.eye(m, n, dtype=array_of(input).dtype), (*batch, m, n))
    return _applied(input, tau, wrapped(one, input), reverse=True)


def _check(input: Any, tau: Any) -> None:
    name = "torch.linalg.householder_product"
    a, t = shape_of(input), shape_of(tau)
    if len(a) < 2:
        raise RuntimeError(f"{name}: input must have at least 2 dimensions.")
    if a[-2] < a[-1]:
        raise RuntimeError(f"{name}: input.shape[-2] must be greater than or equal to input.shape[-1]")
    if t[-1] > a[-1]:
        raise RuntimeError(f"{name}: input.shape[-1] must be greater than or equal to tau.shape[-1]")
    if len(a) - len(t) != 1:
        raise RuntimeError(
            f"{name}: Expected tau to have one dimension less than input, but got tau.ndim equal to {len(t)} and "
            f"input.ndim is equal to {len(a)}"
        )
    if t[:-1] != a[:-2]:
        raise RuntimeError(
            f"{name}: Expected batch dimensions of tau to be equal to input.shape[:-2], but got {list(t[:-1])}"
        )
    if kind_of(input) is not kind_of(tau):
        raise RuntimeError(
            f"torch.linalg.householder_product: tau dtype {kind_of(tau).scalar_name} does not match input dtype "
            f"{kind_of(input).scalar_name}"
        )


def _applied(input: Any, tau: Any, x: Any, *, reverse: bool, conjugate: bool = False) -> Any:
    """The reflectors, from the last to the first or the other way, applied to `x` from the left."""
    m, n = shape_of(input)[-2:]
    count = shape_of(tau)[-1]
    vectors = add(lower(input, -1), np.eye(m, n, dtype=array_of(input).dtype))
    for i in reversed(range(count)) if reverse else range(count):
        v = take(vectors, index=(..., slice(i, i + 1)))
        factor = take(tau, index=(..., i, None, None))
        factor = conj(factor) if conjugate else factor
        x = sub(x, mul(factor, times(v, times(adjoint(v), x))))
    return x


orgqr = alias("orgqr", linalg_householder_product)


@function("(Tensor input, Tensor tau, Tensor other, bool left = True, bool transpose = False, *, Tensor out = None)")
def ormqr(input: Any, tau: Any, other: Any, left: bool = True, transpose: bool = False) -> Any:
    """The product of the Q whose reflectors are given with a matrix.

    Args:
        input: (…, m, k), the reflectors below the diagonal.
        tau: (…, k).
        other: the matrix.
        left: whether Q stands on the left.
        transpose: whether Qᴴ stands for Q.

    Raises:
        RuntimeError: the shapes do not fit.

    Example:
        >>> import pyconv as torch
        >>> torch.ormqr(torch.ones(2, 1), torch.zeros(1), torch.ones(2, 2)).shape
        torch.Size([2, 2])
    """
    _check_product(input, tau, other, -2 if left else -1)
    if not array_of(input).size:
        input, tau = array_of(input), array_of(tau)  # to which torch gives no gradient then
    if left:
        return _applied(input, tau, other, reverse=not transpose, conjugate=transpose)
    found = _applied(input, tau, adjoint(other), reverse=transpose, conjugate=not transpose)
    return adjoint(found)


def _check_product(input: Any, tau: Any, other: Any, place: int) -> None:
    """Raise what torch does of operands that do not fit; `place` is the dimension of `other` that Q stands at."""
    name, a, t, b = "torch.ormqr", shape_of(input), shape_of(tau), shape_of(other)
    for operand, shape in (("input", a), ("other", b)):
        if len(shape) < 2:
            raise RuntimeError(f"{name}: {operand} must have at least 2 dimensions.")
    if t[-1:] != (min(b[place], a[-1]),):
        raise RuntimeError(f"{name}: tau.shape[-1] must be equal to min(other.shape[{place}], input.shape[-1])")
    if b[place] != a[-2]:
        raise RuntimeError(f"{name}: other.shape[{place}] must be equal to input.shape[-2]")
    if len(t) != len(a) - 1:
        raise RuntimeError(
            f"{name}: Expected tau to have one dimension less than input, but got tau.ndim equal to {len(t)} and "
            f"input.ndim is equal to {len(a)}"
        )
    if len(b) != len(a):
        raise RuntimeError(
            f"{name}: Expected other to have the same number of dimensions as input, but got other.ndim equal to "
            f"{len(b)} and input.ndim is equal to {len(a)}"
        )
    for operand, batch in (("tau", t[:-1]), ("other", b[:-2])):
        if batch != a[:-2]:
            raise RuntimeError(
                f"{name}: Expected batch dimensions of {operand} to be equal to input.shape[:-2], but got {list(batch)}"
            )
    kind = kind_of(input)
    for operand, found in (("tau", kind_of(tau)), ("other", kind_of(other))):
        if found is not kind:
            raise RuntimeError(
                f"{name}: Expected input and {operand} to have the same dtype, but input has dtype{kind.scalar_name} "
                f"and {operand} has dtype {found.scalar_name}"
            )
