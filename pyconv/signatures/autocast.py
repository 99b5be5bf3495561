"""Which functions take their tensors in another dtype inside `torch.autocast("cpu")`.

The lists are those of torch's CPU: products and convolutions in the region's dtype, losses and what needs its range in
single precision. What promotes anyway has no rule. May import: `pyconv.autograd`, `pyconv.dtypes`.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from pyconv import dtypes
from pyconv.autograd.traced import Traced

F = TypeVar("F", bound=Callable[..., Any])


class State(threading.local):
    """What holds for a thread: whether functions choose their dtypes, the lower one, how deep regions are nested."""

    enabled = False
    dtype = dtypes.bfloat16
    nesting = 0
    cache_enabled = True


state = State()

LOWER = frozenset(
    (
        "addbmm",
        "addmm",
        "baddbmm",
        "bmm",
        "conv1d",
        "conv2d",
        "conv3d",
        "conv_transpose1d",
        "conv_transpose2d",
        "conv_transpose3d",
        "einsum",
        "linalg_multi_dot",
        "linalg_vecdot",
        "linear",
        "matmul",
        "mm",
        "prelu",
        "scaled_dot_product_attention",
        "tensordot",
    )
)
"""Functions that compute in the region's dtype."""

SINGLE = frozenset(
    (
        "adaptive_avg_pool3d",
        "adaptive_max_pool3d",
        "avg_pool3d",
        "binary_cross_entropy",
        "binary_cross_entropy_with_logits",
        "cdist",
        "cholesky",
        "cholesky_inverse",
        "cholesky_solve",
        "cosine_embedding_loss",
        "cross_entropy_loss",
        "ctc_loss",
        "fft_fft",
        "fft_fft2",
        "fft_fftn",
        "fft_hfft",
        "fft_ifft",
        "fft_ifft2",
        "fft_ifftn",
        "fft_ihfft",
        "fft_irfft",
        "fft_irfft2",
        "fft_irfftn",
        "fft_rfft",
        "fft_rfft2",
        "fft_rfftn",
        "fractional_max_pool2d",
        "fractional_max_pool3d",
        "geqrf",
        "grid_sampler",
        "grid_sampler_2d",
        "grid_sampler_3d",
        "hinge_embedding_loss",
        "huber_loss",
        "inverse",
        "kl_div",
        "l1_loss",
        "linalg_cholesky",
        "linalg_cholesky_ex",
        "linalg_cond",
        "linalg_eig",
        "linalg_eigh",
        "linalg_eigvals",
        "linalg_eigvalsh",
        "linalg_householder_product",
        "linalg_inv",
        "linalg_inv_ex",
        "linalg_lstsq",
        "linalg_matrix_rank",
        "linalg_qr",
        "linalg_solve",
        "linalg_svd",
        "linalg_svdvals",
        "linalg_tensorinv",
        "linalg_tensorsolve",
        "lu_solve",
        "margin_ranking_loss",
        "max_pool3d",
        "max_unpool2d",
        "max_unpool3d",
        "mse_loss",
        "multi_margin_loss",
        "multilabel_margin_loss",
        "nanquantile",
        "nll",
        "nll_loss_nd",
        "orgqr",
        "ormqr",
        "pinverse",
        "poisson_nll_loss",
        "polar",
        "prod",
        "qr",
        "quantile",
        "smooth_l1_loss",
        "soft_margin_loss",
        "stft",
        "svd",
        "trace",
        "triangular_solve",
        "triplet_margin_loss",
        "view_as_complex",
    )
)
"""Functions that compute in single precision at least."""

AS_GIVEN = frozenset(("bilinear",))
"""Functions without a rule, made of others that have one, which does not hold inside."""


def autocast(function: F) -> F:
    """A function of torch's that keeps the rule for its name; one without a rule as it is.

    Example:
        >>> def relu(input):
        ...     return input
        >>> autocast(relu) is relu
        True
    """
    name = function.__name__.removeprefix("_")
    lowers, given = name in LOWER, name in AS_GIVEN
    if not (lowers or given or name in SINGLE):
        return function

    @functools.wraps(function)
    def cast(*args: Any, **kwargs: Any) -> Any:
        if not state.enabled:
            return function(*args, **kwargs)
        kind = state.dtype if lowers else None if given else dtypes.float32
        state.enabled = False
        try:
            return function(*(_cast(arg, kind) for arg in args), **{key: _cast(kwargs[key], kind) for key in kwargs})
        finally:
            state.enabled = True

    return cast  # type: ignore[return-value]


def _cast(value: Any, kind: dtypes.dtype | None) -> Any:
    """A tensor of floats but doubles in another dtype; such tensors of a sequence; anything else as it is."""
    if kind is None:
        return value
    if isinstance(value, Traced):
        own: Any = value
        return own.to(kind) if own.is_floating_point() and own.dtype is not dtypes.float64 else value
    if type(value) in (list, tuple):
        return type(value)(_cast(item, kind) for item in value)
    return value
