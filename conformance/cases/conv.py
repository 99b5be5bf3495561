"""Cases of conv1d, conv2d and conv3d, through the functions and the modules.

May import: the standard library, `conformance.case` and its neighbours in `cases`.
"""

from __future__ import annotations

from random import Random

from conformance.case import SPATIAL_AXES, Argument, Case
from conformance.cases.axis import Axis, draw_axes, draw_positions, draw_size
from conformance.cases.options import draw_batch, draw_channels, draw_numbers, spell, spell_groups

_MODES = ("zeros", "reflect", "replicate", "circular")


def draw(rnd: Random, op: str) -> Case:
    """A valid case of a convolution.

    Args:
        rnd: the source.
        op: `conv1d`, `conv2d` or `conv3d`.

    Example:
        >>> draw(Random(1), "conv2d").op
        'conv2d'
    """
    count = SPATIAL_AXES[op]
    roomy = count < 3 and rnd.random() < 0.03
    module = rnd.random() < 0.4
    mode = rnd.choice(_MODES) if module and rnd.random() < 0.7 else None
    word = rnd.choices((None, "same", "valid"), (80, 15, 5))[0]
    axes = [_with_word(axis, word) for axis in draw_axes(rnd, count)]
    positions = [draw_positions(rnd, count, roomy=roomy) for _ in axes]
    size = tuple(draw_size(rnd, axis, n, _least(axis, word, mode)) for axis, n in zip(axes, positions))
    channels, out_channels, groups = draw_channels(rnd, roomy=roomy)
    short = not module
    padding: Argument | str = word or spell(rnd, tuple(axis.padding for axis in axes), 0, short=short)
    kernel = tuple(axis.kernel for axis in axes)
    return Case(
        op,
        batch=draw_batch(rnd),
        channels=0 if mode is None and rnd.random() < 0.03 else channels,
        out_channels=out_channels,
        size=size,
        kernel=spell(rnd, kernel, None) if module else kernel,
        stride=spell(rnd, tuple(axis.stride for axis in axes), 1, short=short),
        padding=padding,
        dilation=spell(rnd, tuple(axis.dilation for axis in axes), 1, short=short),
        groups=spell_groups(rnd, groups),
        bias=rnd.random() < 0.6,
        mode=mode,
        module=module and mode is None,
        lists=rnd.random() < 0.3,
        **draw_numbers(rnd, integers=not module),
    )


def _with_word(axis: Axis, word: str | None) -> Axis:
    """The axis as padding by name leaves it: 'same' has no stride, 'valid' no padding."""
    if word is None:
        return axis
    stride = 1 if word == "same" else axis.stride
    return Axis(axis.kernel, stride, 0, axis.dilation)


def _least(axis: Axis, word: str | None, mode: str | None) -> int:
    """The smallest size at which the padding mode can pad this much."""
    padding = axis.extent // 2 if word == "same" else axis.padding
    return padding + 1 if mode == "reflect" else padding if mode == "circular" and padding else 1
