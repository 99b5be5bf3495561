"""The linear algebra that torch has beside torch.linalg, by older names.

May import: `pyconv.functions`.
"""

from pyconv.functions.linalg.factorizations import (
    cholesky,
    cholesky_inverse,
    cholesky_solve,
    lu,
    lu_solve,
    lu_unpack,
    qr,
    svd,
)
from pyconv.functions.linalg.measures import pinverse
from pyconv.functions.linalg.reflectors import geqrf, orgqr, ormqr
from pyconv.functions.linalg.systems import (
    det,
    inverse,
    logdet,
    matrix_exp,
    matrix_power,
    slogdet,
    triangular_solve,
)

__all__ = [
    "cholesky",
    "cholesky_inverse",
    "cholesky_solve",
    "det",
    "geqrf",
    "inverse",
    "logdet",
    "lu",
    "lu_solve",
    "lu_unpack",
    "matrix_exp",
    "matrix_power",
    "orgqr",
    "ormqr",
    "pinverse",
    "qr",
    "slogdet",
    "svd",
    "triangular_solve",
]
