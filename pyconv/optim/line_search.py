"""A search along a line for a point of the strong Wolfe conditions (J. Nocedal, S. J. Wright, 2006, chapter 3).

May import: nothing of pyconv; the numbers are floats and Tensors of one element, mixed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

LEAST_DECREASE = 1e-4
LARGEST_SLOPE = 0.9
LEAST_CHANGE = 1e-9


@dataclass(frozen=True)
class Point:
    """A point on the line.

    Attributes:
        t: how many times the direction it lies from the beginning.
        loss: the function there.
        grad: its gradient, flat.
        slope: the gradient's product with the direction.
    """

    t: Any
    loss: float
    grad: Any
    slope: Any


Evaluate = Callable[[Any], Point]


def strong_wolfe(evaluate: Evaluate, start: Point, t: Any, reach: Any, budget: int) -> tuple[Point, int]:
    """Search from `start`, with `t` as the first guess.

    Args:
        evaluate: gives the point at a `t`.
        start: the point at 0.
        t: the first guess.
        reach: the largest element of the direction in absolute value.
        budget: how many more evaluations there may be after the first.

    Returns:
        The point, and how many evaluations it took.

    Example:
        >>> import numpy as np
        >>> def at(t):
        ...     return Point(t, float((t - 3.0) ** 2), np.array([2 * t - 6]), np.float64(2 * t - 6))
        >>> point, evaluations = strong_wolfe(at, at(0.0), 1.0, 1.0, 25)
        >>> float(point.t), evaluations
        (1.0, 1)
    """
    ends, tries, done = _bracket(evaluate, start, t, budget)
    if not done:
        ends, tries = _zoom(evaluate, start, ends, reach, tries, budget)
    low = ends[0] if ends[0].loss <= ends[-1].loss else ends[-1]
    return low, tries + 1


def _too_high(point: Point, start: Point) -> bool:
    return bool(point.loss > start.loss + LEAST_DECREASE * point.t * start.slope)


def _flat(point: Point, start: Point) -> bool:
    return bool(abs(point.slope) <= -LARGEST_SLOPE * start.slope)


def _bracket(evaluate: Evaluate, start: Point, t: Any, budget: int) -> tuple[list[Point], int, bool]:
    """Two points with a good one between them, how many tries it took, and whether the last try is good itself."""
    before, point = start, evaluate(t)
    for tries in range(budget):
        if _too_high(point, start) or (tries > 1 and point.loss >= before.loss):
            return [before, point], tries, False
        if _flat(point, start):
            return [point], tries, True
        if point.slope >= 0:
            return [before, point], tries, False
        bounds = (point.t + 0.01 * (point.t - before.t), point.t * 10)
        before, point = point, evaluate(_cubic_minimum(before, point, bounds))
    return [start, point], budget, False


def _zoom(
    evaluate: Evaluate, start: Point, ends: list[Point], reach: Any, tries: int, budget: int
) -> tuple[list[Point], int]:
    """Narrow the two ends down to a good point."""
    low, high = (0, 1) if ends[0].loss <= ends[1].loss else (1, 0)
    stalled = False
    while tries < budget and abs(ends[1].t - ends[0].t) * reach >= LEAST_CHANGE:
        first, last = min(ends[0].t, ends[1].t), max(ends[0].t, ends[1].t)
        t, stalled = _away_from_ends(_cubic_minimum(ends[0], ends[1], (first, last)), first, last, stalled)
        point = evaluate(t)
        tries += 1
        if _too_high(point, start) or point.loss >= ends[low].loss:
            ends[high] = point
            low, high = (0, 1) if ends[0].loss <= ends[1].loss else (1, 0)
            continue
        done = _flat(point, start)
        if not done and point.slope * (ends[high].t - ends[low].t) >= 0:
            ends[high] = ends[low]
        ends[low] = point
        if done:
            break
    return [ends[low]], tries


def _away_from_ends(t: Any, first: Any, last: Any, stalled: bool) -> tuple[Any, bool]:
    """A try that keeps a tenth of the interval from its ends the second time it comes near them."""
    margin = 0.1 * (last - first)
    if min(last - t, t - first) >= margin:
        return t, False
    if not stalled and first < t < last:
        return t, True
    return (last - margin if abs(t - last) < abs(t - first) else first + margin), False


def _cubic_minimum(a: Point, b: Point, bounds: tuple[Any, Any]) -> Any:
    """Where the cubic through two points with their slopes is least, within bounds; their middle where it has none."""
    if a.t > b.t:
        a, b = b, a
    tilt = a.slope + b.slope - 3 * (a.loss - b.loss) / (a.t - b.t)
    square = tilt**2 - a.slope * b.slope
    if not square >= 0:
        return (bounds[0] + bounds[1]) / 2.0
    root = square**0.5
    least = b.t - (b.t - a.t) * ((b.slope + root - tilt) / (b.slope - a.slope + 2 * root))
    return min(max(least, bounds[0]), bounds[1])
