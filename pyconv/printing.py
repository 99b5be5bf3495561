"""torch's text for tensors: what `repr` shows for an array, and the options that govern it.

May import: NumPy, the standard library and `pyconv.dtypes`. It works on arrays, so it need not know Tensor.

An array becomes text in three steps. Every element that will be shown becomes a cell, a string as wide as the
others; the cells are laid out in nested brackets; the facts that the brackets do not tell are appended.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.meta import Meta

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class _Options:
    """What `set_printoptions` sets; the defaults are torch's."""

    precision: int = 4
    threshold: float = 1000
    edgeitems: int = 3
    linewidth: int = 80
    sci_mode: bool | None = None


_PROFILES = {
    "default": _Options(),
    "short": _Options(precision=2, edgeitems=2),
    "full": _Options(threshold=math.inf),
}
_options = _Options()


def set_printoptions(
    precision: int | None = None,
    threshold: float | None = None,
    edgeitems: int | None = None,
    linewidth: int | None = None,
    profile: str | None = None,
    sci_mode: bool | None = None,
) -> None:
    """Set how tensors are printed. An option that is not given keeps its value, except `sci_mode`.

    Args:
        precision: digits after the decimal point (4 at first).
        threshold: a tensor with more elements than this is summarised (1000 at first).
        edgeitems: elements that a summary shows at either end of a dimension (3 at first).
        linewidth: characters after which a line is broken (80 at first).
        profile: 'default', 'short' or 'full'; sets the four above, before those given are set. As in torch,
            any other name does nothing.
        sci_mode: True for scientific notation always, False for never, None to let the values decide. Every
            call sets it, so a call without it returns to None.

    Example:
        >>> set_printoptions(precision=2)
        >>> print(format_tensor(np.array([1.12345], np.float32)))
        tensor([1.12])
        >>> set_printoptions(profile="default")
        >>> print(format_tensor(np.array([1.12345], np.float32)))
        tensor([1.1235])
    """
    global _options
    base = _options if profile is None else _PROFILES.get(profile, _options)
    _options = _Options(
        precision=base.precision if precision is None else precision,
        threshold=base.threshold if threshold is None else threshold,
        edgeitems=base.edgeitems if edgeitems is None else edgeitems,
        linewidth=base.linewidth if linewidth is None else linewidth,
        sci_mode=sci_mode,
    )


def get_printoptions() -> dict[str, Any]:
    """The print options in force, as a dict that `set_printoptions(**options)` takes back.

    Example:
        >>> get_printoptions()
        {'precision': 4, 'threshold': 1000, 'edgeitems': 3, 'linewidth': 80, 'sci_mode': None}
    """
    return asdict(_options)


def format_scalar(array: Array, format_spec: str) -> str:
    """The text of a 0-d tensor in an f-string or `format`: that of the Python number it holds.

    Args:
        array: the element, of shape `()` and any dtype.
        format_spec: a format specification for bool, int, float or complex; '' for `str`.

    Raises:
        ValueError: `format_spec` does not suit the number.

    Example:
        >>> format_scalar(np.array(2.5, np.float32), ">8.2f")
        '    2.50'
    """
    return format(array.item(), format_spec)


def format_tensor(
    array: Array,
    *,
    requires_grad: bool = False,
    grad_fn_name: str | None = None,
    is_parameter: bool = False,
    indent: int = 0,
    type_name: str = "tensor",
) -> str:
    """The text of a tensor, letter for letter what torch's `repr` gives.

    Args:
        array: the elements, of any shape and of any dtype that torch has.
        requires_grad: whether the tensor does.
        grad_fn_name: the class name of its `grad_fn`, such as 'ConvolutionBackward0', which is then shown
            instead of `requires_grad`; None for a leaf.
        is_parameter: whether it is a Parameter.
        indent: the column at which the text will stand. Later lines are moved right by as much, and lines are
            wrapped that much earlier.
        type_name: 'tensor' for a plain tensor or Parameter, the class name for one of a subclass.

    Raises:
        TypeError: torch has no such dtype.

    Example:
        >>> print(format_tensor(np.array([[1, 2], [3, 4]], np.float32), requires_grad=True))
        tensor([[1., 2.],
                [3., 4.]], requires_grad=True)
        >>> print(format_tensor(np.zeros((0, 3), np.int64)))
        tensor([], size=(0, 3), dtype=torch.int64)
    """
    options = replace(_options, linewidth=_options.linewidth - indent)
    prefix = f"{type_name}("
    suffixes = _suffixes(array, requires_grad, grad_fn_name, options)
    body = prefix + ("..." if isinstance(array, Meta) else _elements(array, len(prefix), options))
    text = _append(body, suffixes, len(prefix), options.linewidth)
    if is_parameter:
        text = "Parameter containing:\n" + (text if type_name == "tensor" else f"Parameter({text})")
    return textwrap.indent(text, " " * indent)[indent:]


def _suffixes(array: Array, requires_grad: bool, grad_fn_name: str | None, options: _Options) -> list[str]:
    """What stands after the elements, in torch's order."""
    dtype, suffixes = dtypes.of(array), []
    is_meta = isinstance(array, Meta)
    if is_meta:
        suffixes += ["device='meta'", f"size={array.shape}"]
    elif (array.ndim != 1) if array.size == 0 else (not options.edgeitems):
        suffixes.append(f"size={array.shape}")
    if dtype not in _implied_dtypes(is_empty=is_meta or array.size == 0):
        suffixes.append(f"dtype={dtype}")
    if grad_fn_name is not None:
        suffixes.append(f"grad_fn=<{grad_fn_name}>")
    elif requires_grad:
        suffixes.append("requires_grad=True")
    return suffixes


def _implied_dtypes(is_empty: bool) -> tuple[dtypes.dtype, ...]:
    """The dtypes that go without saying, since the elements' look tells them."""
    default = dtypes.get_default_dtype()
    if is_empty:
        return (default,)
    complex_default = dtypes.complex128 if default is dtypes.float64 else dtypes.complex64
    return (default, complex_default, dtypes.int64, dtypes.bool_)


def _append(body: str, suffixes: list[str], column: int, linewidth: int) -> str:
    """`body` closed with its suffixes, each on a new line at `column` where the last line has no room for it.

    torch counts the last line of the body as two characters longer than it is, and a break may hang on that.
    """
    used = len(body) - (body.rfind("\n") + 1) + 2
    parts = [body]
    for suffix in suffixes:
        fits = used + 2 + len(suffix) <= linewidth
        parts.append(f", {suffix}" if fits else ",\n" + " " * column + suffix)
        used = (used + 2 if fits else column) + len(suffix)
    return "".join(parts) + ")"


@dataclass(frozen=True)
class _Layout:
    """How cells are put in brackets: the same for every row of one tensor.

    Attributes:
        cell_width: characters of a cell.
        linewidth: characters of a line.
        is_cut: for each dimension, whether its middle is left out.
    """

    cell_width: int
    linewidth: int
    is_cut: tuple[bool, ...]


def _elements(array: Array, column: int, options: _Options) -> str:
    """The elements in brackets, for a first bracket at `column`."""
    if array.size == 0:
        return "[]"
    is_summary = array.size > options.threshold
    if is_summary and array.ndim and not options.edgeitems:
        return "[...]"
    is_cut = tuple(is_summary and size > 2 * options.edgeitems for size in array.shape)
    shown = _edges(array, options.edgeitems, is_cut)
    make_cells = _complex_cells if dtypes.of(shown).is_complex else _real_cells
    cells, width = make_cells(shown, options)
    layout = _Layout(width, options.linewidth, is_cut)
    return _nested(np.array(cells, dtype=object).reshape(shown.shape), column, layout)


def _edges(array: Array, edge: int, is_cut: Sequence[bool]) -> Array:
    """The array without the middles of the dimensions that are cut."""
    for axis, size in enumerate(array.shape):
        if is_cut[axis]:
            places = np.arange(size)
            array = np.take(array, np.concatenate((places[:edge], places[-edge:])), axis=axis)
    return array


def _nested(cells: Array, column: int, layout: _Layout) -> str:
    """The cells in as many brackets as they have dimensions."""
    if cells.ndim == 0:
        return str(cells.item())
    if cells.ndim == 1:
        return _row(cells, column, layout)
    slices = [_nested(part, column + 1, layout) for part in cells]
    if layout.is_cut[-cells.ndim]:
        slices.insert(len(slices) // 2, "...")
    separator = "," + "\n" * (cells.ndim - 1) + " " * (column + 1)
    return "[" + separator.join(slices) + "]"


def _row(cells: Array, column: int, layout: _Layout) -> str:
    """One bracket of cells, broken into lines."""
    texts = cells.tolist()
    if layout.is_cut[-1]:
        texts.insert(len(texts) // 2, " ...")
    per_line = max(1, math.floor((layout.linewidth - column) / (layout.cell_width + len(", "))))
    lines = [", ".join(texts[start : start + per_line]) for start in range(0, len(texts), per_line)]
    return "[" + (",\n" + " " * (column + 1)).join(lines) + "]"


def _complex_cells(values: Array, options: _Options) -> tuple[list[str], int]:
    """The cells of complex elements in order, and the width of one: the two parts are aligned apart."""
    real, real_width = _real_cells(values.real, options)
    imag, imag_width = _real_cells(values.imag, options)
    signed = (text if text.startswith("-") else "+" + text for text in map(str.lstrip, imag))
    return [f"{a}{b}j" for a, b in zip(real, signed)], real_width + imag_width + len("j")


def _real_cells(values: Array, options: _Options) -> tuple[list[str], int]:
    """The cells of real elements in order, and the width of one.

    Zeros, infinities and NaNs have no say in the width, as in torch; a cell of theirs may be wider.
    """
    if not dtypes.of(values).is_floating_point:
        texts = [str(value) for value in values.ravel().tolist()]
        width = max(map(len, texts))
    else:
        with np.errstate(invalid="ignore"):  # a signalling NaN
            doubles = values.ravel().astype(np.float64)
        is_regular = np.isfinite(doubles) & (doubles != 0)
        texts = _float_texts(doubles, doubles[is_regular], options)
        width = max((len(text) for text, counts in zip(texts, is_regular) if counts), default=1)
    return [text.rjust(width) for text in texts], width


def _float_texts(values: Array, regular: Array, options: _Options) -> list[str]:
    """The texts of float64 values: scientific, whole with a bare point, or with `precision` decimals."""
    if regular.size and _is_scientific(regular, options):
        return [f"{value:.{options.precision}e}" for value in values.tolist()]
    if np.all(regular == np.ceil(regular)):
        return [f"{value:.0f}" + ("." if math.isfinite(value) else "") for value in values.tolist()]
    return [f"{value:.{options.precision}f}" for value in values.tolist()]


def _is_scientific(regular: Array, options: _Options) -> bool:
    """Whether finite values other than zero call for scientific notation."""
    if options.sci_mode is not None:
        return options.sci_mode
    magnitudes = np.abs(regular)
    low, high = float(magnitudes.min()), float(magnitudes.max())
    return high / low > 1000 or high > 1e8 or low < 1e-4
