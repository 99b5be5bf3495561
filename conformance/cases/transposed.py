"""Cases of conv_transpose1d, conv_transpose2d and conv_transpose3d, through the functions and the modules.

May import: the standard library, `conformance.case` and its neighbours in `cases`.
"""

from __future__ import annotations

from random import Random

from conformance.case import SPATIAL_AXES, Case, Sizes
from conformance.cases.axis import Axis, draw_axes, draw_positions
from conformance.cases.options import draw_batch, draw_channels, draw_numbers, spell, spell_groups


def draw(rnd: Random, op: str) -> Case:
    """A valid case of a transposed convolution.

    Args:
        rnd: the source.
        op: `conv_transpose1d`, `conv_transpose2d` or `conv_transpose3d`.

    Example:
        >>> draw(Random(1), "conv_transpose1d").op
        'conv_transpose1d'
    """
    count = SPATIAL_AXES[op]
    roomy = count < 3 and rnd.random() < 0.03
    module = rnd.random() < 0.4
    size = tuple(draw_positions(rnd, count, roomy=roomy) for _ in range(count))
    axes = draw_axes(rnd, count)
    by_size = module and rnd.random() < 0.3
    extra = (0,) * count if by_size else _draw_extra(rnd, axes)
    axes = [_with_output(*each) for each in zip(axes, size, extra)]
    channels, out_channels, groups = draw_channels(rnd, roomy=roomy)
    batch = draw_batch(rnd)
    short = not module
    kernel = tuple(axis.kernel for axis in axes)
    return Case(
        op,
        batch=batch,
        channels=channels,
        out_channels=out_channels,
        size=size,
        kernel=spell(rnd, kernel, None) if module else kernel,
        stride=spell(rnd, tuple(axis.stride for axis in axes), 1, short=short),
        padding=spell(rnd, tuple(axis.padding for axis in axes), 0, short=short),
        dilation=spell(rnd, tuple(axis.dilation for axis in axes), 1, short=short),
        groups=spell_groups(rnd, groups),
        output_padding=None if by_size else spell(rnd, extra, 0, short=short),
        output_size=_draw_output_size(rnd, axes, size, (batch, out_channels)) if by_size else None,
        bias=rnd.random() < 0.6,
        module=module,
        lists=rnd.random() < 0.3,
        **draw_numbers(rnd, integers=not module and rnd.random() < 0.2),
    )


def output_length(axis: Axis, size: int, extra: int = 0) -> int:
    """The output's size along an axis, without looking whether it is positive.

    Example:
        >>> output_length(Axis(kernel=3, stride=2, padding=1, dilation=2), 4, 1)
        10
    """
    return (size - 1) * axis.stride - 2 * axis.padding + axis.extent + extra


def _draw_extra(rnd: Random, axes: list[Axis]) -> Sizes:
    """The output padding, below the stride or the dilation, alike on every axis in half of the draws."""
    largest = [max(axis.stride, axis.dilation) - 1 for axis in axes]
    if rnd.random() < 0.5:
        return (rnd.randint(0, min(largest)),) * len(axes)
    return tuple(rnd.randint(0, most) for most in largest)


def _with_output(axis: Axis, size: int, extra: int) -> Axis:
    """The axis with so little padding that an output is left."""
    most = (output_length(axis, size, extra) - 1) // 2 + axis.padding
    return Axis(axis.kernel, axis.stride, min(axis.padding, most), axis.dilation)


def _draw_output_size(rnd: Random, axes: list[Axis], size: Sizes, leading: tuple[int | None, int]) -> Sizes:
    """An output size that the stride allows, at times with the batch and the channels before it."""
    lengths = [output_length(axis, length) for axis, length in zip(axes, size)]
    spatial = tuple(length + rnd.randrange(axis.stride) for axis, length in zip(axes, lengths))
    if rnd.random() < 0.8:
        return spatial
    return tuple(length for length in leading if length is not None) + spatial
