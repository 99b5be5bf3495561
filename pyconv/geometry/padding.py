"""The checks that torch makes of a padding by rule: reflect, replicate and circular.

May import: `pyconv.geometry` and the standard library.
"""

from __future__ import annotations

from pyconv.geometry.sizes import Pairs, Size, size_text

AXES = "DHW"


def pairs_of(pad: Size) -> Pairs:
    """Torch's list, last dimension first, as (low, high) pairs, first dimension first.

    Example:
        >>> pairs_of((1, 2, 3, 4))
        ((3, 4), (1, 2))
    """
    return tuple((pad[i], pad[i + 1]) for i in range(len(pad) - 2, -1, -2))


def check_mode(mode: str) -> None:
    """Raise NotImplementedError unless torch has the mode."""
    if mode not in ("constant", "reflect", "replicate", "circular"):
        raise NotImplementedError(f"Unrecognised padding mode {mode}")


def check_length(shape: Size, pad: Size) -> None:
    """Check the length of a list of amounts.

    Raises:
        RuntimeError: it is odd, or longer than the shape allows.
    """
    if len(pad) % 2:
        raise RuntimeError("Padding length must be divisible by 2")
    if len(pad) > 2 * len(shape):
        raise RuntimeError(
            "Padding length should be less than or equal to two times the input dimension but got padding length "
            f"{len(pad)} and input of dimension {len(shape)}"
        )


def check_constant(shape: Size, pad: Size) -> None:
    """Check a padding with a constant.

    Raises:
        RuntimeError: it crops more than there is.
    """
    padding = pairs_of(pad)
    for n, (low, high) in zip(shape[len(shape) - len(padding) :], padding, strict=True):
        if n + min(low, 0) < 0 or n + min(low, 0) + min(high, 0) < 0:
            raise RuntimeError("narrow(): length must be non-negative.")


def check_rule(shape: Size, pad: Size, mode: str) -> None:
    """Check a padding by rule.

    Raises:
        NotImplementedError: torch has none for that many dimensions.
        RuntimeError: the sizes do not fit, with torch's text.
    """
    if len(pad) not in (2, 4, 6) or len(shape) - len(pad) // 2 not in (1, 2):
        raise NotImplementedError(
            f"Padding size {len(pad)} is not supported for {len(shape)}D input tensor.\n"
            "Supported combinations for non-constant padding:\n"
            "  - 2D or 3D input: padding size = 2 (pads last dimension)\n"
            "  - 3D or 4D input: padding size = 4 (pads last 2 dimensions)\n"
            "  - 4D or 5D input: padding size = 6 (pads last 3 dimensions)"
        )
    padding = pairs_of(pad)
    if mode == "circular":
        _check_circular(shape, padding)
        return
    ndim = len(padding)
    if 0 in shape[-ndim - 1 :]:
        raise RuntimeError(
            f"Expected {ndim + 1}D or {ndim + 2}D (batch mode) tensor with possibly 0 batch size and other non-zero "
            f"dimensions for input, but got: {size_text(shape)}"
        )
    if mode == "reflect":
        _check_reflect(shape, padding)
    _check_output(shape, padding, mode)


def _check_reflect(shape: Size, padding: Pairs) -> None:
    for back, (low, high) in enumerate(reversed(padding)):
        at = len(shape) - 1 - back
        if max(low, high) >= shape[at]:
            raise RuntimeError(
                f"Argument #{4 + 2 * back}: Padding size should be less than the corresponding input dimension, "
                f"but got: padding ({low}, {high}) at dimension {at} of input {size_text(shape)}"
            )


def _check_output(shape: Size, padding: Pairs, mode: str) -> None:
    ndim = len(padding)
    blank = " " if (mode, ndim) == ("replicate", 2) else ""
    inner = shape[-ndim:]
    outer = tuple(n + low + high for n, (low, high) in zip(inner, padding, strict=True))
    if max(outer) < 1:
        names = AXES[-ndim:]
        given = [f"{name}: {n}" for name, n in zip(names, inner, strict=True)]
        separators = ("", " ", ", ")[-ndim:] if ndim == 3 else ("", ", ")[:ndim]
        sizes = "".join(s + g for s, g in zip(separators, given, strict=True))
        found = " ".join(f"{name}: {n}" for name, n in zip(names, outer, strict=True))
        raise RuntimeError(f"input ({sizes}{blank}) is too small. Calculated output {found}")
    if min(outer) < 0:
        if (mode, ndim) == ("reflect", 2):
            raise RuntimeError("numel: integer multiplication overflow")
        size = (*shape[:-ndim], *outer)
        raise RuntimeError(f"Trying to create tensor with negative dimension {min(outer)}: {size_text(size)}")


def _check_circular(shape: Size, padding: Pairs) -> None:
    for n, (low, high) in zip(shape[-len(padding) :], padding, strict=True):
        if max(low, high) > n:
            raise RuntimeError("Padding value causes wrapping around more than once.")
        if n + low + high < 0:
            raise RuntimeError("Negative padding value is resulting in an empty dimension")
    for n, (low, high) in zip(shape[-len(padding) :], padding, strict=True):
        if max(low, high) > n + min(low, 0) + min(high, 0):
            raise RuntimeError(
                "unsupported operation: some elements of the input tensor and the written-to tensor refer to a single "
                "memory location. Please clone() the tensor before performing the operation."
            )
