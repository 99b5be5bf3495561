"""torch.linalg: linear algebra.

May import: `pyconv.functions`.
"""

from pyconv.functions.alias import alias
from pyconv.functions.contraction import linalg_cross as cross
from pyconv.functions.contraction import linalg_multi_dot as multi_dot
from pyconv.functions.linalg.cholesky import linalg_cholesky as cholesky
from pyconv.functions.linalg.cholesky import linalg_cholesky_ex as cholesky_ex
from pyconv.functions.linalg.determinants import linalg_det as det
from pyconv.functions.linalg.determinants import linalg_slogdet as slogdet
from pyconv.functions.linalg.diagonal import linalg_diagonal as diagonal
from pyconv.functions.linalg.eigen import linalg_eig as eig
from pyconv.functions.linalg.eigen import linalg_eigh as eigh
from pyconv.functions.linalg.eigen import linalg_eigvals as eigvals
from pyconv.functions.linalg.eigen import linalg_eigvalsh as eigvalsh
from pyconv.functions.linalg.lu import linalg_lu as lu
from pyconv.functions.linalg.lu import linalg_lu_factor as lu_factor
from pyconv.functions.linalg.lu import linalg_lu_factor_ex as lu_factor_ex
from pyconv.functions.linalg.lu import linalg_lu_solve as lu_solve
from pyconv.functions.linalg.measures import linalg_cond as cond
from pyconv.functions.linalg.measures import linalg_lstsq as lstsq
from pyconv.functions.linalg.measures import linalg_matrix_rank as matrix_rank
from pyconv.functions.linalg.measures import linalg_pinv as pinv
from pyconv.functions.linalg.measures import linalg_vander as vander
from pyconv.functions.linalg.measures import linalg_vecdot as vecdot
from pyconv.functions.linalg.powers import linalg_matrix_exp as matrix_exp
from pyconv.functions.linalg.powers import linalg_matrix_power as matrix_power
from pyconv.functions.linalg.qr import linalg_qr as qr
from pyconv.functions.linalg.reflectors import linalg_householder_product as householder_product
from pyconv.functions.linalg.svd import linalg_svd as svd
from pyconv.functions.linalg.svd import linalg_svdvals as svdvals
from pyconv.functions.linalg.systems import linalg_inv as inv
from pyconv.functions.linalg.systems import linalg_inv_ex as inv_ex
from pyconv.functions.linalg.systems import linalg_solve as solve
from pyconv.functions.linalg.systems import linalg_solve_ex as solve_ex
from pyconv.functions.linalg.systems import linalg_solve_triangular as solve_triangular
from pyconv.functions.linalg.systems import linalg_tensorinv as tensorinv
from pyconv.functions.linalg.systems import linalg_tensorsolve as tensorsolve
from pyconv.functions.norms import linalg_matrix_norm as matrix_norm
from pyconv.functions.norms import linalg_norm as norm
from pyconv.functions.norms import linalg_vector_norm as vector_norm
from pyconv.functions.stacked_products import matmul as _matmul
from pyconv.ops.linalg.parts import LinAlgError

matmul = alias("linalg_matmul", _matmul)

__all__ = [
    "LinAlgError",
    "cholesky",
    "cholesky_ex",
    "cond",
    "cross",
    "det",
    "diagonal",
    "eig",
    "eigh",
    "eigvals",
    "eigvalsh",
    "householder_product",
    "inv",
    "inv_ex",
    "lstsq",
    "lu",
    "lu_factor",
    "lu_factor_ex",
    "lu_solve",
    "matmul",
    "matrix_exp",
    "matrix_norm",
    "matrix_power",
    "matrix_rank",
    "multi_dot",
    "norm",
    "pinv",
    "qr",
    "slogdet",
    "solve",
    "solve_ex",
    "solve_triangular",
    "svd",
    "svdvals",
    "tensorinv",
    "tensorsolve",
    "vander",
    "vecdot",
    "vector_norm",
]
