"""Sizes as tuples: how torch prints them, and how its arguments say them.

May import: the standard library.
"""

from __future__ import annotations

from collections.abc import Sequence

Size = tuple[int, ...]
Pairs = tuple[tuple[int, int], ...]


def size_text(size: Sequence[int]) -> str:
    """A size as torch prints one: `[1, 4, 5, 5]`."""
    return f"[{', '.join(map(str, size))}]"


def per_channel(size: Sequence[int]) -> str:
    """A spatial size as torch prints one: `(5 x 5)`."""
    return f"({' x '.join(map(str, size))})"


def expand(value: int | Sequence[int], name: str, rank: int, ndim: int) -> Size:
    """One integer for each of `ndim` spatial dimensions of a weight.

    Args:
        value: an integer, which stands for one for each spatial dimension of the input, or a list.
        name: what torch calls it.
        rank: the spatial dimensions of the input.
        ndim: the spatial dimensions of the weight.

    Raises:
        RuntimeError: there are neither one nor `ndim` integers.

    Example:
        >>> expand(2, "stride", 3, 3), expand([1], "stride", 2, 2)
        ((2, 2, 2), (1, 1))
    """
    sizes = (value,) * rank if isinstance(value, int) else tuple(value)
    if len(sizes) == 1:
        return sizes * ndim
    if len(sizes) != ndim:
        raise RuntimeError(
            f"expected {name} to be a single integer value or a list of {ndim} values "
            f"to match the convolution dimensions, but got {name}={size_text(sizes)}"
        )
    return sizes


def same_padding(kernel: Size, dilation: Size) -> Pairs:
    """Zeros before and after each dimension that keep the size at stride 1; the odd one goes after.

    Example:
        >>> same_padding((3, 4), (1, 2))
        ((1, 1), (3, 3))
        >>> same_padding((2,), (1,))
        ((0, 1),)
    """
    totals = [d * (k - 1) for k, d in zip(kernel, dilation, strict=True)]
    lows = [int(total / 2) for total in totals]
    return tuple((low, total - low) for low, total in zip(lows, totals, strict=True))
