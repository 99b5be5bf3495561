"""A case in the words of libraries that do not have torch's API.

May import: `conformance.case`.
"""

from __future__ import annotations

from collections.abc import Mapping

from conformance.case import SPATIAL_AXES, Argument, Case, Sizes, is_integer

NUMPY_MODES = {None: "constant", "constant": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}
"""What `numpy.pad`, and the libraries that follow it, call torch's padding modes."""


def first_reason(reasons: Mapping[str, bool]) -> str | None:
    """The first reason that holds.

    Example:
        >>> first_reason({"no groups": False, "no complex": True})
        'no complex'
    """
    return next((reason for reason, holds in reasons.items() if holds), None)


def common_reasons(case: Case) -> dict[str, bool]:
    """What keeps a case of a convolution, fold or unfold from most libraries.

    An unbatched input; dtypes that differ, which they promote and torch refuses; integers and complex numbers; a
    padding mode inside the convolution; a padding by a name that is not torch's either; an argument of a length
    that only torch looks at; and nothing along an axis, where torch refuses what the formula allows.
    """
    batched = 3 if case.op == "fold" else SPATIAL_AXES[case.op] + 2
    shapes, dtypes = case.shapes(), case.dtypes()
    outputs = (2,) if case.op == "fold" else (batched - 2, batched)
    return {
        "no unbatched": len(shapes["input"]) == batched - 1,
        "no integers": is_integer(case.dtype),
        "no complex": case.dtype.startswith("complex"),
        "mixed dtypes": len({dtypes[name] for name in shapes}) > 1,
        f"no {case.mode} mode": case.is_convolution and case.mode not in (None, "zeros"),
        f"no {case.padding} padding": isinstance(case.padding, str) and not _is_plain_word(case),
        "no such output size": _has_other_length(case.output_size, outputs),
        "no such output padding": _has_other_length(case.output_padding, (1, batched - 2)),
        "no negative kernel": any(length < 0 for length in case.axes(case.kernel)),
        "empty axes": 0 in shapes["input"][1:] or case.out_channels == 0 or _is_output_empty(case),
    }


def _has_other_length(argument: Argument, lengths: tuple[int, ...]) -> bool:
    return isinstance(argument, tuple) and len(argument) not in lengths


def _is_output_empty(case: Case) -> bool:
    return case.is_transposed and 0 in map(sum, zip(transposed_output(case), output_padding(case)))


def _is_plain_word(case: Case) -> bool:
    """Whether it is a padding by name that torch takes."""
    if not case.op.startswith("conv") or case.is_transposed:
        return False
    return case.padding == "valid" or (case.padding == "same" and set(case.axes(case.stride)) == {1})


def symmetric_padding(case: Case) -> Sizes | None:
    """The padding on both sides of each axis, or None where 'same' pads the sides unequally.

    Example:
        >>> symmetric_padding(Case("conv2d", size=(5, 5), kernel=(3, 4), padding="same")) is None
        True
        >>> symmetric_padding(Case("conv2d", size=(5, 5), kernel=(3, 5), padding="same"))
        (1, 2)
    """
    if case.padding == "valid":
        return case.axes(0)
    if not isinstance(case.padding, str):
        return case.axes(case.padding, 0)
    kernel = case.shapes()["weight"][2:]
    totals = [dilation * (length - 1) for length, dilation in zip(kernel, case.axes(case.dilation))]
    return None if any(total % 2 for total in totals) else tuple(total // 2 for total in totals)


def output_padding(case: Case) -> Sizes:
    """How much longer a transposed convolution's output is than its arguments alone make it.

    Example:
        >>> output_padding(Case("conv_transpose1d", 1, 1, 1, (4,), 3, stride=2, output_size=(10,)))
        (1,)
    """
    if case.output_size is None:
        return case.axes(case.output_padding, 0)
    least = transposed_output(case)
    return tuple(wanted - size for wanted, size in zip(case.axes(case.output_size)[-len(least) :], least))


def transposed_output(case: Case) -> Sizes:
    """The size of a transposed convolution's output, without output padding.

    Example:
        >>> transposed_output(Case("conv_transpose1d", 1, 1, 1, (4,), 3, stride=2))
        (9,)
    """
    kernel = case.shapes()["weight"][2:]
    sizes = case.shapes()["input"][2:]
    padding = case.axes(None if isinstance(case.padding, str) else case.padding, 0)
    steps = zip(sizes, case.axes(case.stride), padding, case.axes(case.dilation), kernel)
    return tuple((n - 1) * s - 2 * p + d * (k - 1) + 1 for n, s, p, d, k in steps)


def pad_reason(case: Case) -> str | None:
    """Why a pad means something else, or nothing, to a library that follows `numpy.pad`.

    It repeats a reflection and goes round more than once, over any axes of any array, where torch stops.

    Example:
        >>> from conformance.tokens import parse
        >>> pad_reason(parse("pad n1 c1 h3 p3,0 reflect")), pad_reason(parse("pad n1 c1 h3 p2,0 reflect"))
        ('a wider reflect', None)
    """
    padding, shape = case.padding, case.shapes()["input"]
    if case.mode not in NUMPY_MODES:
        return f"no {case.mode} mode"
    if not isinstance(padding, tuple) or len(padding) % 2 or len(padding) > 2 * len(shape):
        return "no such padding"
    if NUMPY_MODES[case.mode] == "constant":
        return None
    axes = len(padding) // 2
    if case.value is not None or axes not in (1, 2, 3) or len(shape) - axes not in (1, 2) or 0 in shape:
        return f"a wider {case.mode}"
    most = [length - (case.mode == "reflect") for length in reversed(shape)]
    too_far = case.mode != "replicate" and any(max(padding[2 * i : 2 * i + 2]) > most[i] for i in range(axes))
    return f"a wider {case.mode}" if too_far else None


def pad_width(case: Case) -> tuple[tuple[int, int], ...]:
    """The padding before and after each axis, the first axis first.

    Example:
        >>> pad_width(Case("pad", 1, 2, size=(3,), padding=(4, 5)))
        ((0, 0), (0, 0), (4, 5))
    """
    assert isinstance(case.padding, tuple)
    pairs = list(zip(case.padding[::2], case.padding[1::2]))[::-1]
    return ((0, 0),) * (len(case.shapes()["input"]) - len(pairs)) + tuple(pairs)
