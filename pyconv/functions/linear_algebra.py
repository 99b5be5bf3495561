"""The linear algebra that torch has beside torch.linalg, by older names.

May import: `pyconv.functions`.
"""

from pyconv.functions.linalg.cholesky import cholesky, cholesky_inverse, cholesky_solve
from pyconv.functions.linalg.determinants import det, logdet, slogdet
from pyconv.functions.linalg.lu import lu, lu_solve, lu_unpack
from pyconv.functions.linalg.measures import pinverse
from pyconv.functions.linalg.powers import matrix_exp, matrix_power
from pyconv.functions.linalg.qr import qr
from pyconv.functions.linalg.reflectors import geqrf, orgqr, ormqr
from pyconv.functions.linalg.svd import svd
from pyconv.functions.linalg.systems import inverse, triangular_solve

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
