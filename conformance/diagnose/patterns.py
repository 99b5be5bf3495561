"""What can be seen by laying the two answers side by side.

May import: NumPy, its neighbours and `conformance` below this package.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from conformance.diagnose.rewire import Move, rewired
from conformance.diagnose.scene import Explanation, Scene, apart, wide


def form(scene: Scene) -> Iterator[Explanation]:
    """The right values in another dtype or shape."""
    for name in scene.wrong:
        expected, got = scene.expected[name], scene.got[name]
        if expected.shape == got.shape and expected.dtype != got.dtype:
            text = f"torch's as {got.dtype.name} instead of {expected.dtype.name}"
            yield Explanation(text, {name: expected}, certain=True)
        if expected.shape != got.shape and expected.size == got.size > 0:
            text = f"torch's in the shape {got.shape} instead of {expected.shape}"
            yield Explanation(text, {name: expected.reshape(got.shape)}, certain=True)


def unwritten(scene: Scene) -> Iterator[Explanation]:
    """NaN where torch has numbers, or zeros everywhere."""
    for name in scene.wrong:
        expected, got = scene.expected[name], scene.got[name]
        if expected.shape != got.shape:
            continue
        nan = np.isnan(wide(got)) & ~np.isnan(wide(expected))
        if nan.any() and np.all(apart(expected, got)[~nan] <= scene.tolerance(name)):
            rest = "" if nan.all() else " and torch's values elsewhere"
            text = f"NaN at {np.count_nonzero(nan)} of {nan.size} places{rest}: memory that nobody wrote"
            yield Explanation(text, {name: got}, certain=True)
        if not got.any():
            yield Explanation("zeros everywhere", {name: np.zeros_like(got)})


def zeros(scene: Scene) -> Iterator[Explanation]:
    """Zeros at some places, and torch's values at the others."""
    for name in scene.wrong:
        expected, got = scene.expected[name], scene.got[name]
        if expected.shape == got.shape and got.any():
            bad = (got == 0) & (apart(expected, got) > scene.tolerance(name))
            text = f"torch's but for zeros at {np.count_nonzero(bad)} of {bad.size} places"
            yield Explanation(text, {name: np.where(bad, 0, expected).astype(got.dtype)}, free=1)


def factors(scene: Scene) -> Iterator[Explanation]:
    """The same numbers times one."""
    for name in scene.wrong:
        expected, got = scene.expected[name], scene.got[name]
        if expected.shape != got.shape or expected.dtype.kind in "iu" or not expected.any():
            continue
        for factor, text in _factors(scene):
            yield Explanation(f"torch's {text}", {name: (wide(expected) * factor).astype(got.dtype)})
        if np.iscomplexobj(expected):
            yield Explanation("torch's without the conjugate", {name: expected.conj()})
            yield Explanation("torch's without the imaginary part", {name: expected.real.astype(got.dtype)})


def _factors(scene: Scene) -> Iterator[tuple[float, str]]:
    """Factors that have a meaning."""
    yield -1, "with the opposite sign"
    output = scene.expected["output"].shape if "output" in scene.expected else ()
    batch, places = scene.case.batch or 1, math.prod(output[-len(scene.axes) :])
    weight = scene.operands.arrays.get("weight")
    counts = {
        "the batch size": batch,
        "the number of the output's places": places,
        "the number of images times the output's places": batch * places if batch > 1 else 1,
        "the number of the kernel's taps": 1 if weight is None else math.prod(weight.shape[2:]),
        "the number of groups": scene.case.groups or 1,
    }
    for text, count in counts.items():
        if count > 1:
            yield 1 / count, f"divided by {count}, {text}"
            yield count, f"times {count}, {text}"


def any_factor(scene: Scene) -> Iterator[Explanation]:
    """The same numbers times the factor that the largest one shows."""
    for name in scene.wrong:
        expected, got = wide(scene.expected[name]), scene.got[name]
        if expected.shape != got.shape or got.dtype.kind in "iu" or not expected.any():
            continue
        largest = np.unravel_index(np.argmax(np.abs(expected)), expected.shape)
        ratio = complex(wide(got)[largest] / expected[largest])
        if ratio.imag == 0 and math.isfinite(ratio.real) and ratio != 0:
            found = (expected * ratio.real).astype(got.dtype)
            yield Explanation(f"torch's times {ratio.real:.6g}", {name: found}, free=2)


def repeated(scene: Scene) -> Iterator[Explanation]:
    """One image everywhere."""
    for place, text in ((0, "first"), (-1, "last")):
        if (scene.case.batch or 0) > 1:
            yield Explanation(f"that with the {text} image in place of each", rewired(scene, output=_image(place)))


def _image(place: int) -> Move:
    return lambda numbers: np.broadcast_to(numbers[place], numbers.shape)


def mirrored(scene: Scene) -> Iterator[Explanation]:
    """A map is its mirror image."""
    places = range(-len(scene.axes), 0)
    for name in scene.wrong:
        expected = scene.expected[name]
        if expected.ndim > len(scene.axes):
            yield Explanation("torch's mirrored in space", {name: np.flip(expected, tuple(places))})
            for place, axis in zip(places, scene.axes if len(places) > 1 else ()):
                yield Explanation(f"torch's mirrored along {axis}", {name: np.flip(expected, place)})


def slices(scene: Scene) -> Iterator[Explanation]:
    """All is right but one end of an axis."""
    for name in scene.wrong:
        expected, got = scene.expected[name], scene.got[name]
        if expected.shape != got.shape:
            continue
        bad = ~(apart(expected, got) <= scene.tolerance(name))
        for place in range(bad.ndim):
            along = np.moveaxis(bad, place, 0)
            for end, text in ((0, "first"), (-1, "last")):
                if len(along) > 1 and along[end].size > 1 and along[end].all() and bad.sum() == along[end].size:
                    called = f"torch's but at the {text} place of {_axis_name(scene, name, place, bad.ndim)}"
                    yield Explanation(called, {name: got}, certain=True)


def _axis_name(scene: Scene, name: str, place: int, rank: int) -> str:
    spatial = place - (rank - len(scene.axes))
    if spatial >= 0:
        return scene.axes[spatial]
    if name == "weight gradient":
        return f"axis {place}"
    return "the channels" if spatial == -1 else "the batch"
