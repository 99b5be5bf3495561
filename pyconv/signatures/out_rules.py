"""Which dtypes a function may write into `out=`, what torch says of others, and which memory it may share.

Most functions write into any dtype that can hold the result, over an operand if it is exactly in the same place. The
tables have those that do otherwise, by torch's names. May import: NumPy, `pyconv.dtypes`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv import dtypes

Array = np.ndarray[Any, Any]

_ONLY = {
    "Expected out tensor to have dtype {want_c}, but got {got_c} instead": (
        "addmm addmv baddbmm bmm cross diagonal_copy alias_copy lu_solve softmax log_softmax as_strided_copy "
        "avg_pool2d linear mm matmul mv view_copy permute_copy slice_scatter gather index_copy index_add index_reduce "
        "scatter scatter_add scatter_reduce unfold_copy msort renorm squeeze_copy take_along_dim unsqueeze_copy "
        "transpose_copy tril triu norm sort t_copy expand_copy linalg_cross linalg_det linalg_cholesky linalg_eigvalsh "
        "linalg_vector_norm linalg_lu_solve linalg_inv linalg_solve linalg_svdvals argmax argmin isin diag aminmax"
    ),
    "Found dtype {got} but expected {want}": (
        "abs ceil conj_physical frac floor softshrink hardshrink gelu neg round sign sgn trunc softplus bitwise_not "
        "clamp"
    ),
    "expected scalar_type {want} but found {got}": "logcumsumexp cummax cummin",
    "expected scalar type {want} but found {got}": "log_sigmoid linalg_solve_triangular",
    "quantile() out tensor must be same dtype as the input tensor": "quantile nanquantile",
    "linalg.matrix_norm expected out tensor dtype {want} but got: {got}": "linalg_matrix_norm",
    "Expected the dtype for input and out to match, but got {want} for input's dtype and {got} for out's dtype.": (
        "amax amin"
    ),
    "{name}(): self and result must have the same scalar type": "masked_select index_select",
    "Expected object of scalar type {want} but got scalar type {got} for argument 'out'": "complex polar",
    "{name}(): self and out expected to have the same dtype, but got self.dtype = {want} and out.dtype = {got}": "take",
    "nan_to_num: dtype of out: {got} should be same as input: {want}": "nan_to_num",
    "{name} does not support non-boolean outputs.": "signbit isposinf isneginf",
    "{name} only supports bool tensor for result, got: {got}": "all any",
    "multinomial expects Long tensor out, got: {got}": "multinomial",
    "nonzero: Expected out tensor to have scalar type {want} but got scalar type{got}": "nonzero",
    "torch.histogram: input tensor and hist tensor should have the same dtype, but got input {want_c} and hist "
    "{got_c}": "histc",
    "tensordot: Expected the output tensor to have dtype {want}, but got an output tensor with dtype {got}": (
        "tensordot"
    ),
    "Expected out type to be {want} but got {got}": "where",
    "torch.ormqr: Expected input and result to have the same dtype, but input has dtype{want} and result has dtype "
    "{got}": "ormqr",
    "linalg.vecdot: Expected out of dtype{want} but found {got}": "linalg_vecdot",
    "multi_dot(): expected out tensor to have dtype {want_c} but got {got_c}": "linalg_multi_dot",
    "the output given to float_power has dtype {got} but the operation's result requires dtype {want}": "float_power",
}
"""Of the functions that write into the dtype of their result alone: what torch says of another."""

_ANY_THAT_HOLDS = {
    "{name}: result type {want} can't be cast to the desired output type {got}": "mvlgamma",
    "{name}: Expected result to be safely castable from {want} dtype, but got result with dtype {got}": (
        "cholesky cholesky_inverse cholesky_solve"
    ),
    "linalg.{short}: Expected result to be safely castable from {want} dtype, but got result with dtype {got}": (
        "linalg_pinv linalg_cond"
    ),
    "{short}: Expected result to be safely castable from {want} dtype, but got result with dtype {got}": (
        "linalg_matrix_power linalg_tensorinv linalg_tensorsolve"
    ),
    "torch.linalg.{short}: Expected result to be safely castable from {want} dtype, but got result with dtype {got}": (
        "linalg_householder_product linalg_matrix_rank"
    ),
    "torch.linalg.eigvals: Expected eigenvalues to be safely castable from {want} dtype, but got eigenvalues with "
    "dtype {got}": "linalg_eigvals",
    "ldexp can't be cast to the desired output type {got}": "ldexp",
    "logsumexp(): Expected floating point type for result tensor, but got: {got}": "logsumexp",
    "{short} expects a complex output tensor, but got {got}": (
        "fft_fft fft_ifft fft_fftn fft_ifftn fft_rfft fft_rfftn fft_ihfft fft_ihfftn"
    ),
    "{plane}n expects a complex output tensor, but got {got}": "fft_fft2 fft_ifft2 fft_rfft2 fft_ihfft2",
    "{short} expects a floating point output tensor, but got {got}": "fft_hfft fft_hfftn fft_irfft fft_irfftn",
    "{plane}n expects a floating point output tensor, but got {got}": "fft_hfft2 fft_irfft2",
}
"""Of those that write into any dtype that holds the result, and say it in their own words."""

_JOINING = "torch.cat(): input types can't be cast to the desired output type {got}"

_JOINS = frozenset(["cat", "concat", "concatenate", "stack", "hstack", "vstack", "dstack", "row_stack", "column_stack"])
_UNCHECKED = frozenset(
    [
        "bmm",
        "mv",
        "matmul",
        "narrow_copy",
        "histc",
        "norm",
        "all",
        "any",
        "amax",
        "amin",
        "argmax",
        "argmin",
        "std",
        "var",
        "sum",
        "nansum",
        "mean",
        "nanmean",
        "prod",
        "logsumexp",
        "linalg_vecdot",
        "linalg_multi_dot",
        "linalg_vector_norm",
        "linalg_matrix_rank",
        "linear",
        "tril",
        "triu",
        "aminmax",
    ]
)
"""They do not look at the memory at all."""
_APART = _JOINS | frozenset(
    [
        "cross",
        "outer",
        "index_select",
        "take_along_dim",
        "kron",
        "linalg_cross",
        "gather",
        "take",
        "masked_select",
        "kthvalue",
        "median",
        "nanmedian",
        "nonzero",
        "diff",
    ]
)
"""They write over no operand, not even in its own place."""
_SPREAD = (
    "add addcdiv addcmul arctan2 atan2 bitwise_and bitwise_left_shift bitwise_or bitwise_right_shift bitwise_xor "
    "clamp clamp_max clamp_min clip copysign div divide eq floor_divide fmax fmin fmod gcd ge greater greater_equal "
    "gt heaviside hypot igamma igammac lcm le lerp less less_equal logaddexp logaddexp2 logical_and logical_or "
    "logical_xor lt maximum minimum mul multiply ne nextafter not_equal pow remainder special_xlog1py special_xlogy "
    "special_zeta sub subtract true_divide where xlogy"
)
BROADCAST = frozenset(_SPREAD.split())
"""Their operands broadcast, and none of these can grow where it is `out` as well; they look at the memory first."""
FIRST_LOOKED_AT = (_JOINS - {"stack"}) | {"index_select", "take", "masked_select", "outer", "diff"}
"""They look at the memory of `out` before it gets their shape."""
OVER_A_LINE = ("median", "nanmedian")
"""They write over an operand of one dimension all the same."""
_OVER_ANY = frozenset(
    [
        "cholesky",
        "cholesky_inverse",
        "cholesky_solve",
        "expand_copy",
        "diag",
        "alias_copy",
        "lu_solve",
        "softmax",
        "log_softmax",
        "avg_pool2d",
        "log_sigmoid",
        "mvlgamma",
        "view_copy",
        "ormqr",
        "permute_copy",
        "slice_scatter",
        "unfold_copy",
        "squeeze_copy",
        "unsqueeze_copy",
        "transpose_copy",
        "t_copy",
        "special_ndtr",
        "bernoulli",
        "multinomial",
        "mm",
        "quantile",
        "nanquantile",
    ]
)
"""They write over an operand wherever it is, and so do all of torch.linalg and torch.fft."""


def check_dtype(name: str, want: dtypes.dtype, got: dtypes.dtype) -> None:
    """Refuse a tensor of a dtype that the function does not write into.

    Raises:
        RuntimeError: so it is; a TypeError of functions that join.

    Example:
        >>> check_dtype("mm", dtypes.float32, dtypes.float64)
        Traceback (most recent call last):
        RuntimeError: Expected out tensor to have dtype float, but got double instead
    """
    if want is got:
        return
    text = _text(_ONLY, name)
    if text is None:
        if name.startswith("fft_"):
            fits = want.is_complex is got.is_complex and got.is_complex is not got.is_floating_point
        else:
            fits = dtypes.category(want) <= dtypes.category(got)
        if fits:
            return
        text = _text(_ANY_THAT_HOLDS, name)
    elif name in ("all", "any") and got is dtypes.uint8:
        return
    if text is None:
        text = _JOINING if name in _JOINS else "result type {want} can't be cast to the desired output type {got}"
    short = name.partition("_")[2] if name.startswith(("fft_", "linalg_")) else name
    said = text.format(
        name=name,
        short=short,
        plane=short.rstrip("2"),
        want=want.scalar_name,
        got=got.scalar_name,
        want_c=want.cpp_name,
        got_c=got.cpp_name,
    )
    raise (TypeError if name in _JOINS else RuntimeError)(said)


def check_growth(name: str, have: tuple[int, ...], wanted: tuple[int, ...]) -> None:
    """Refuse a single result of another shape where it goes into one of the operands.

    Raises:
        RuntimeError: so it is.

    Example:
        >>> check_growth("add", (3,), (2, 3))
        Traceback (most recent call last):
        RuntimeError: output with shape [3] doesn't match the broadcast shape [2, 3]
    """
    if have != wanted and (name in BROADCAST or name in ("max", "min")):
        raise RuntimeError(f"output with shape {list(have)} doesn't match the broadcast shape {list(wanted)}")


def _text(table: dict[str, str], name: str) -> str | None:
    return next((text for text, names in table.items() if name in names.split()), None)


def check_memory(name: str, out: Array, operands: list[Array]) -> None:
    """Refuse memory that is written to twice, or that is read after it is written to.

    Raises:
        RuntimeError: so it is.

    Example:
        >>> x = np.arange(4.0)
        >>> check_memory("exp", x, [x])
        >>> check_memory("exp", x[1:], [x[:3]])
        Traceback (most recent call last):
        RuntimeError: unsupported operation: some elements of the input tensor and the written-to tensor refer to a \
single memory location. Please clone() the tensor before performing the operation.
    """
    if name in _UNCHECKED:
        return
    if out.size and any(n > 1 and not step for n, step in zip(out.shape, out.strides, strict=True)):
        raise RuntimeError(_TWICE.format("more than one element of the written-to tensor refers"))
    if name in _OVER_ANY or (name.startswith(("linalg_", "fft_")) and name not in _APART):
        return
    for operand in operands:
        if (name in _APART) if _same_place(out, operand) else _overlap(out, operand):
            raise RuntimeError(_TWICE.format("some elements of the input tensor and the written-to tensor refer"))


_TWICE = (
    "unsupported operation: {} to a single memory location. Please clone() the tensor before performing the operation."
)


def _same_place(first: Array, second: Array) -> bool:
    places = [(x.__array_interface__["data"][0], x.shape, x.strides) for x in (first, second)]
    return places[0] == places[1]


def _overlap(first: Array, second: Array) -> bool:
    """Whether two arrays share memory, as far as torch looks: where neither leaves anything out in its own."""
    return bool(np.may_share_memory(first, second)) and _dense(first) and _dense(second)


def _dense(x: Array) -> bool:
    expected = x.itemsize
    for step, n in sorted((step, n) for n, step in zip(x.shape, x.strides, strict=True) if n != 1):
        if step != expected:
            return False
        expected *= n
    return True
