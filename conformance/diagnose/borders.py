"""Faults at the borders: padding of the wrong amount, on the wrong side, of the wrong mode; results moved by one.

May import: NumPy, its neighbours and `conformance` below this package.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from conformance.adapters.base import Maps
from conformance.case import Case, Sizes
from conformance.diagnose.rewire import Move, rewired
from conformance.diagnose.scene import Explanation, Scene
from conformance.fills import Array

Sides = list[tuple[int, int]]
_NUMPY_MODES = {
    "zeros": "constant",
    "constant": "constant",
    "reflect": "reflect",
    "replicate": "edge",
    "circular": "wrap",
}


def same_side(scene: Scene) -> Iterator[Explanation]:
    """padding='same' with the larger half before the input, or reckoned without the dilation."""
    if scene.case.padding != "same" or not scene.case.is_convolution:
        return
    sides = [(high, low) for low, high in _sides(scene.case)]
    text = "that of padding='same' with the larger half on the left"
    yield Explanation(text, _padded(scene, sides, scene.case.mode))
    plain = [((k - 1) // 2, k // 2) for k in scene.case.axes(scene.case.kernel)]
    yield Explanation("that of padding='same' reckoned without the dilation", _padded(scene, plain, scene.case.mode))


def modes(scene: Scene) -> Iterator[Explanation]:
    """One padding mode is taken for another, or the edge is repeated in a reflection."""
    case = scene.case
    if not (case.op == "pad" or (case.is_convolution and not case.is_transposed)):
        return
    zero = "constant" if case.op == "pad" else "zeros"
    for mode in (zero, "reflect", "replicate", "circular"):
        if mode != (case.mode or zero):
            yield Explanation(f"that of padding mode {mode!r}", rewired(scene, replace(case, mode=mode, value=None)))
    if case.mode == "reflect":
        text = "that of padding mode 'reflect' with the edge repeated"
        yield Explanation(text, _padded(scene, _sides(case), "symmetric"))


def windows(scene: Scene) -> Iterator[Explanation]:
    """Each window begins one place early or late along an axis, or all the padding is on one side."""
    case = scene.case
    if case.op in ("pad", "fold") or case.is_transposed:
        return
    sides = _sides(case)
    for place, axis in enumerate(scene.axes):
        low, high = sides[place]
        for step, text in ((1, "early"), (-1, "late")):
            moved = [*sides[:place], (low + step, high - step), *sides[place + 1 :]]
            text = f"that of windows which begin one place {text} along {axis}"
            yield Explanation(text, _padded(scene, moved, case.mode))
    yield Explanation("that with all of the padding before the input", _padded(scene, _onto(sides, 0), case.mode))
    yield Explanation("that with all of the padding after the input", _padded(scene, _onto(sides, 1), case.mode))


def moved_input(scene: Scene) -> Iterator[Explanation]:
    """The input is moved by one place along an axis; what leaves it is not padding."""
    if scene.case.op == "fold":
        return
    for place, axis in zip(range(-len(scene.axes), 0), scene.axes):
        for step, text in ((1, "end"), (-1, "beginning")):
            text = f"that with the input moved by one place towards the {text} of {axis}"
            yield Explanation(text, rewired(scene, input=_shifted(place, step)))


def _shifted(place: int, step: int) -> Move:
    """Everything one place further along an axis, or back, and zeros where nothing comes."""

    def move(numbers: Array) -> Array:
        moved = np.roll(numbers, step, place)
        np.moveaxis(moved, place, 0)[0 if step > 0 else -1] = 0
        return moved

    return move


def sizes(scene: Scene) -> Iterator[Explanation]:
    """A place too few or too many, or the last one a copy of that before it."""
    case = scene.case
    if (case.is_convolution and not case.is_transposed) or case.op == "unfold":
        sides = [(low, high + more) for (low, high), more in zip(_sides(case), _missing(scene))]
        text = "that of sizes rounded up, with windows that reach beyond the end"
        yield Explanation(text, _padded(scene, sides, case.mode))
    if case.op == "unfold":
        return
    for place, axis in zip(range(-len(scene.axes), 0), scene.axes):
        for text, move in _ENDS.items():
            yield Explanation(f"that {text} {axis}", rewired(scene, output=_along(place, move)))


_ENDS: dict[str, Move] = {
    "without the last place of": lambda numbers: numbers[:-1],
    "without the first place of": lambda numbers: numbers[1:],
    "with the last place a copy of the one before it along": lambda numbers: np.concatenate(
        [numbers[:-1], numbers[-2:-1]]
    ),
}


def _along(place: int, move: Move) -> Move:
    return lambda numbers: np.moveaxis(move(np.moveaxis(numbers, place, 0)), 0, place)


def _missing(scene: Scene) -> list[int]:
    """How much is missing at the end of each axis to another window."""
    case = scene.case
    numbers = zip(
        case.size or (), _sides(case), case.axes(case.kernel), case.axes(case.stride), case.axes(case.dilation)
    )
    return [-(n + sum(sides) - d * (k - 1) - 1) % s for n, sides, k, s, d in numbers]


def _onto(sides: Sides, end: int) -> Sides:
    return [(0, sum(pair)) if end else (sum(pair), 0) for pair in sides]


def output_padding(scene: Scene) -> Iterator[Explanation]:
    """The output_padding of a transposed convolution is at the beginning."""
    case = scene.case
    if not case.is_transposed:
        return
    paddings, lengths = _crop(scene)
    arguments = (case.size or (), case.axes(case.kernel), case.axes(case.stride), case.axes(case.dilation))
    natural = [(n - 1) * s + d * (k - 1) + 1 - 2 * p for n, k, s, d, p in zip(*arguments, paddings)]
    extra = [length - n for length, n in zip(lengths, natural)]
    starts = [p - e for p, e in zip(paddings, extra)]
    text = "that of output_padding at the beginning instead of the end"
    if any(extra):
        yield Explanation(text, _cropped(scene, starts))


def crops(scene: Scene) -> Iterator[Explanation]:
    """The output of a transposed convolution is cut out one place off."""
    if not scene.case.is_transposed:
        return
    paddings, _ = _crop(scene)
    for place, axis in enumerate(scene.axes):
        for step, text in ((-1, "early"), (1, "late")):
            starts = [p + step * (place == i) for i, p in enumerate(paddings)]
            yield Explanation(f"that of a crop which begins one place {text} along {axis}", _cropped(scene, starts))


def _crop(scene: Scene) -> tuple[Sizes, Sizes]:
    """How much is cut off before the output along each axis, and how much is left."""
    padding = scene.case.padding
    paddings = scene.case.axes(None if isinstance(padding, str) else padding, 0)
    return paddings, scene.expected["output"].shape[-len(scene.axes) :]


def _cropped(scene: Scene, starts: list[int]) -> Maps:
    """The maps with the output cut out from these places on."""
    full = replace(scene.case, padding=None, output_padding=None, output_size=None)
    return rewired(scene, full, output=_window(starts, _crop(scene)[1]), late_bias=True)


def _window(starts: list[int], lengths: tuple[int, ...]) -> Move:
    """The part of this length from `start` on along each of the last axes, zeros where there is nothing."""

    def move(numbers: Array) -> Array:
        for place, (start, length) in enumerate(zip(starts, lengths), numbers.ndim - len(starts)):
            found = np.moveaxis(numbers, place, 0)
            places = np.arange(start, start + length)
            inside = (places >= 0) & (places < len(found))
            kept = np.where(inside.reshape(-1, *(1,) * (found.ndim - 1)), found[np.where(inside, places, 0)], 0)
            numbers = np.moveaxis(kept, 0, place)
        return numbers

    return move


def moved(scene: Scene) -> Iterator[Explanation]:
    """A map is moved by one place along a spatial axis, whatever comes in at its border."""
    for name in scene.wrong:
        expected, got = scene.expected[name], scene.got[name]
        if expected.shape != got.shape or name == "bias gradient" or expected.ndim < len(scene.axes):
            continue
        for place, axis in zip(range(-len(scene.axes), 0), scene.axes):
            if expected.shape[place] < 3:
                continue
            for step, text in ((1, "end"), (-1, "beginning")):
                found, border = _moved(expected, got, place, step)
                text = f"torch's moved by one place towards the {text} of {axis}"
                yield Explanation(text, {name: found}, free=border)


def _moved(expected: Array, got: Array, place: int, step: int) -> tuple[Array, int]:
    """The map moved, with the candidate's values at the border, and the number of these."""
    found = np.roll(np.moveaxis(expected, place, 0), step, 0).astype(got.dtype)
    found[0 if step > 0 else -1] = np.moveaxis(got, place, 0)[0 if step > 0 else -1]
    return np.moveaxis(found, 0, place), found[0].size


def _sides(case: Case) -> Sides:
    """The padding before and after each spatial axis."""
    if case.op == "pad":
        amounts = case.padding if isinstance(case.padding, tuple) else ()
        return list(zip(amounts[::2], amounts[1::2]))[::-1]
    if case.padding == "same":
        totals = [d * (k - 1) for d, k in zip(case.axes(case.dilation), case.axes(case.kernel))]
        return [(total // 2, total - total // 2) for total in totals]
    amounts = case.axes(0 if isinstance(case.padding, str) else case.padding, 0)
    return [(amount, amount) for amount in amounts]


def _padded(scene: Scene, sides: Sides, mode: str | None) -> Maps:
    """The maps with the input padded so by hand; a pad of no mode crops where the amount is negative."""
    kind = _NUMPY_MODES.get(mode or "zeros", mode)

    def move(numbers: Array) -> Array:
        widths = [(0, 0)] * (numbers.ndim - len(sides)) + sides
        kept = tuple(slice(max(-a, 0), length - max(-b, 0)) for (a, b), length in zip(widths, numbers.shape))
        return np.pad(numbers[kept], [(max(a, 0), max(b, 0)) for a, b in widths], mode=kind)  # type: ignore[call-overload]

    if any(sum(pair) < 0 for pair in sides):
        return {}
    plain = replace(scene.case, padding=(0, 0) if scene.case.op == "pad" else None, mode=None, value=None)
    if scene.case.op == "pad":
        return rewired(scene, plain, output=move)
    return rewired(scene, replace(plain, module=scene.case.through_module), input=move)
