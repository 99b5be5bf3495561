"""The parametrizations that torch has: orthogonal, weight norm, spectral norm.

May import: NumPy, and all of pyconv but `optim` and `megengine`.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import Any, TypeVar

import numpy as np

from pyconv.autograd.mode import no_grad
from pyconv.functions.joining import cat
from pyconv.nn import functional as F
from pyconv.nn.modules.module import Module
from pyconv.nn.utils import parametrize
from pyconv.nn.utils.spectral_norm import default_dim, unit_vector
from pyconv.ops.matmul import adjoint, mv, times, turned, vdot
from pyconv.ops.orthogonal import cayley_map, exponential_map, householder_map
from pyconv.ops.shape import permute
from pyconv.ops.weight_norm import norm_except_dim
from pyconv.ops.weight_norm import weight_norm as compute_weight_norm
from pyconv.tensor import Tensor
from pyconv.tensor.random_creation import randn

__all__ = ["orthogonal", "spectral_norm", "weight_norm"]

M = TypeVar("M", bound=Module)
Array = np.ndarray[Any, Any]


class _OrthMaps(Enum):
    """The ways from a free matrix to an orthogonal one."""

    matrix_exp = auto()
    cayley = auto()
    householder = auto()


_MAPS = {
    _OrthMaps.matrix_exp: exponential_map,
    _OrthMaps.cayley: cayley_map,
    _OrthMaps.householder: householder_map,
}


def _is_orthogonal(q: Array) -> bool:
    tolerance = 10.0 * q.shape[-2] * float(np.finfo(q.dtype).eps)
    gram = np.swapaxes(q.conj(), -1, -2) @ q
    return bool(np.allclose(gram, np.eye(q.shape[-1]), rtol=1e-5, atol=tolerance))


def _made_orthogonal(a: Array) -> Array:
    """The Q of the decomposition a = Q·R, with the signs for which R's diagonal would be positive."""
    q, r = np.linalg.qr(a)
    signs = np.sign(np.diagonal(r, axis1=-2, axis2=-1))
    return np.asarray(q * signs[..., None, :]).astype(a.dtype)


class _Orthogonal(Module):
    """The parametrization of a matrix, or a stack of them, with orthonormal columns or rows."""

    base: Any

    def __init__(self, weight: Any, orthogonal_map: _OrthMaps, *, use_trivialization: bool = True) -> None:
        super().__init__()
        if weight.is_complex() and orthogonal_map is _OrthMaps.householder:
            raise ValueError("The householder parametrization does not support complex tensors.")
        self.shape = weight.shape
        self.orthogonal_map = orthogonal_map
        if use_trivialization:
            self.register_buffer("base", None)

    def forward(self, X: Any) -> Any:
        transposed = X.size(-2) < X.size(-1)
        found = _MAPS[self.orthogonal_map](turned(X) if transposed else X)
        if hasattr(self, "base"):
            found = times(self.base, found)
        return turned(found) if transposed else found

    def right_inverse(self, Q: Any) -> Any:
        """What the map starts from to give `Q`: with a base, that is the base itself, and minus the identity."""
        if Q.shape != self.shape:
            raise ValueError(
                f"Expected a matrix or batch of matrices of shape {self.shape}. Got a tensor of shape {Q.shape}."
            )
        with no_grad():
            transposed = Q.size(-2) < Q.size(-1)
            tall = turned(Q) if transposed else Q
            if not hasattr(self, "base"):
                found = Tensor._wrap(self._reflections(tall._array))
                return turned(found) if transposed else found
            self.base = self._completed(tall)
        start = np.zeros(Q.shape, Q._array.dtype)
        np.einsum("...ii->...i", start[..., : min(Q.shape[-2:]), : min(Q.shape[-2:])])[...] = -1
        return Tensor._wrap(start)

    def _reflections(self, q: Array) -> Array:
        """The Householder vectors of `q`, with the signs of its columns on the diagonal."""
        if self.orthogonal_map is not _OrthMaps.householder:
            raise NotImplementedError(
                "It is not possible to assign to the matrix exponential or the Cayley parametrizations when "
                "use_trivialization=False."
            )
        raw, tau = np.linalg.qr(q, mode="raw")
        found = np.swapaxes(raw, -1, -2).astype(q.dtype)
        diagonal = np.einsum("...ii->...i", found[..., : q.shape[-1], :])
        diagonal[...] = np.sign(diagonal) * np.where(tau == 0, -1, 1)
        return found

    def _completed(self, tall: Any) -> Any:
        """A square orthogonal matrix whose first columns are those of `tall`, as far as they are orthogonal."""
        rows, columns = tall.shape[-2:]
        if rows == columns:
            return tall.clone() if _is_orthogonal(tall._array) else Tensor._wrap(_made_orthogonal(tall._array))
        rest = randn((*tall.shape[:-2], rows, rows - columns), dtype=tall.dtype)
        return Tensor._wrap(_made_orthogonal(cat([tall, rest], dim=-1)._array))


def orthogonal(
    module: M, name: str = "weight", orthogonal_map: str | None = None, *, use_trivialization: bool = True
) -> M:
    """Keep a matrix orthogonal: its columns, or its rows where it is wide, are orthonormal.

    M. Lezcano-Casado, "Trivializations for Gradient-Based Optimization on Manifolds", NeurIPS 2019.

    Args:
        module: changed in place.
        name: of a parameter or buffer of at least two dimensions, the last two those of the matrix.
        orthogonal_map: 'matrix_exp', 'cayley' or 'householder'; None for the first where the matrix is square or
            complex, else for the last.
        use_trivialization: whether what is learned is the way from a fixed matrix, with which the present value is
            kept as far as it is orthogonal.

    Returns:
        The module.

    Raises:
        ValueError: there is no such matrix or map, or complex values for 'householder'.

    Example:
        >>> import pyconv
        >>> import pyconv.nn as nn
        >>> layer = orthogonal(nn.Linear(3, 3))
        >>> bool(pyconv.allclose(layer.weight @ layer.weight.t(), pyconv.tensor(np.eye(3, dtype="f4")), atol=1e-5))
        True
    """
    weight = getattr(module, name, None)
    if not isinstance(weight, Tensor):
        raise ValueError(f"Module '{module}' has no parameter or buffer with name '{name}'")
    if weight.ndim < 2:
        raise ValueError(f"Expected a matrix or batch of matrices. Got a tensor of {weight.ndim} dimensions.")
    if orthogonal_map is None:
        square = weight.size(-2) == weight.size(-1)
        orthogonal_map = "matrix_exp" if square or weight.is_complex() else "householder"
    chosen = _OrthMaps.__members__.get(orthogonal_map)
    if chosen is None:
        raise ValueError(
            f'orthogonal_map has to be one of "matrix_exp", "cayley", "householder". Got: {orthogonal_map}'
        )
    made = _Orthogonal(weight, chosen, use_trivialization=use_trivialization)
    return parametrize.register_parametrization(module, name, made, unsafe=True)


class _WeightNorm(Module):
    """The parametrization by norms and direction."""

    def __init__(self, dim: int | None = 0) -> None:
        super().__init__()
        self.dim = -1 if dim is None else dim

    def forward(self, weight_g: Any, weight_v: Any) -> Any:
        return compute_weight_norm(weight_v, weight_g, self.dim)

    def right_inverse(self, weight: Any) -> tuple[Any, Any]:
        """The norms and the direction."""
        return norm_except_dim(weight, 2, self.dim), weight


def weight_norm(module: M, name: str = "weight", dim: int | None = 0) -> M:
    """Learn the norms of a weight's slices and their directions apart.

    T. Salimans, D. P. Kingma, "Weight Normalization", NeurIPS 2016.

    Args:
        module: changed in place; `original0` are the norms, `original1` the direction.
        name: of the parameter.
        dim: the dimension whose slices have a norm each; None for one norm of all.

    Returns:
        The module, which also loads what the older `weight_norm` saved.

    Example:
        >>> import pyconv.nn as nn
        >>> layer = weight_norm(nn.Conv1d(2, 3, 1))
        >>> layer.parametrizations.weight.original0.shape
        torch.Size([3, 1, 1])
    """
    parametrize.register_parametrization(module, name, _WeightNorm(dim), unsafe=True)

    def rename(state_dict: Any, prefix: str, *_: Any) -> None:
        old = f"{prefix}{name}_g", f"{prefix}{name}_v"
        if all(key in state_dict for key in old):
            values = [state_dict.pop(key) for key in old]
            for i, value in enumerate(values):
                state_dict[f"{prefix}parametrizations.{name}.original{i}"] = value

    target: Any = module
    target._register_load_state_dict_pre_hook(rename)
    return module


class _SpectralNorm(Module):
    """The parametrization that divides by the largest singular value."""

    _u: Any
    _v: Any

    def __init__(self, weight: Any, n_power_iterations: int = 1, dim: int = 0, eps: float = 1e-12) -> None:
        super().__init__()
        ndim = weight.ndim
        if not -ndim <= dim < ndim:
            raise IndexError(f"Dimension out of range (expected to be in range of [-{ndim}, {ndim - 1}] but got {dim})")
        if n_power_iterations <= 0:
            raise ValueError(
                f"Expected n_power_iterations to be positive, but got n_power_iterations={n_power_iterations}"
            )
        self.dim = dim % ndim
        self.eps = eps
        if ndim > 1:
            self.n_power_iterations = n_power_iterations
            matrix = self._as_matrix(weight)
            self.register_buffer("_u", unit_vector(matrix.size(0), weight, eps))
            self.register_buffer("_v", unit_vector(matrix.size(1), weight, eps))
            self._iterate(matrix, 15)

    def _as_matrix(self, weight: Any) -> Any:
        if self.dim != 0:
            weight = permute(weight, axes=(self.dim, *(d for d in range(weight.dim()) if d != self.dim)))
        return weight.flatten(1)

    def _iterate(self, matrix: Any, count: int) -> None:
        """Steps towards the singular vectors, in place."""
        with no_grad():
            for _ in range(count):
                self._u = F.normalize(mv(matrix, self._v), dim=0, eps=self.eps, out=self._u)
                self._v = F.normalize(mv(adjoint(matrix), self._u), dim=0, eps=self.eps, out=self._v)

    def forward(self, weight: Any) -> Any:
        if weight.ndim == 1:
            return F.normalize(weight, dim=0, eps=self.eps)
        matrix = self._as_matrix(weight)
        if self.training:
            self._iterate(matrix, self.n_power_iterations)
        u, v = self._u.clone(), self._v.clone()
        return weight / vdot(u, mv(matrix, v))

    def right_inverse(self, value: Any) -> Any:
        """The value itself: it may be any."""
        return value


def spectral_norm(
    module: M, name: str = "weight", n_power_iterations: int = 1, eps: float = 1e-12, dim: int | None = None
) -> M:
    """Divide a weight by its largest singular value, found by power iteration.

    T. Miyato, T. Kataoka, M. Koyama, Y. Yoshida, "Spectral Normalization for Generative Adversarial Networks", ICLR
    2018.

    Args:
        module: changed in place.
        name: of a parameter or buffer.
        n_power_iterations: steps whenever the weight is computed in training.
        eps: the least divisor in the normalization of the singular vectors.
        dim: the dimension of the output channels; None for 1 in a transposed convolution, else 0.

    Returns:
        The module.

    Raises:
        ValueError: there is no such tensor, or the number of steps is not positive.
        IndexError: there is no such dimension.

    Example:
        >>> import pyconv.nn as nn
        >>> layer = spectral_norm(nn.Conv1d(2, 3, 1))
        >>> list(layer.state_dict())[1:]
        ['parametrizations.weight.original', 'parametrizations.weight.0._u', 'parametrizations.weight.0._v']
    """
    weight = getattr(module, name, None)
    if not isinstance(weight, Tensor):
        raise ValueError(f"Module '{module}' has no parameter or buffer with name '{name}'")
    chosen = default_dim(module) if dim is None else dim
    made = _SpectralNorm(weight, n_power_iterations, chosen, eps)
    return parametrize.register_parametrization(module, name, made)
