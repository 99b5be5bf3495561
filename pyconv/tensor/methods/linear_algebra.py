"""Linear algebra as methods of the Tensor, imported when one is first called.

May import: NumPy, and all of pyconv below `tensor.tensor`.
"""

from __future__ import annotations

from typing import Any

from pyconv.signatures import method

__all__ = ["LinearAlgebraMethods"]


def _lazily(name: str) -> Any:
    """The method of a function of `pyconv.functions.linear_algebra`."""

    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        from pyconv.functions import linear_algebra

        return method(getattr(linear_algebra, name))(self, *args, **kwargs)

    call.__name__, call.__qualname__ = name, f"Tensor.{name}"
    call.__doc__ = f"torch.{name} of the tensor."
    return call


class LinearAlgebraMethods:
    """The linear algebra of the Tensor."""

    __slots__ = ()

    cholesky = _lazily("cholesky")
    cholesky_inverse = _lazily("cholesky_inverse")
    cholesky_solve = _lazily("cholesky_solve")
    det = _lazily("det")
    geqrf = _lazily("geqrf")
    inverse = _lazily("inverse")
    logdet = _lazily("logdet")
    lu_solve = _lazily("lu_solve")
    matrix_exp = _lazily("matrix_exp")
    matrix_power = _lazily("matrix_power")
    orgqr = _lazily("orgqr")
    ormqr = _lazily("ormqr")
    pinverse = _lazily("pinverse")
    qr = _lazily("qr")
    slogdet = _lazily("slogdet")
    svd = _lazily("svd")
    triangular_solve = _lazily("triangular_solve")

    def lu(self, pivot: bool = True, get_infos: bool = False) -> Any:
        """torch.lu of the tensor."""
        from pyconv.functions import linear_algebra

        return linear_algebra.lu(self, pivot, get_infos)
