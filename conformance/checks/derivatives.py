"""Second derivatives, and the adjoint identities that tie the first ones to the result.

May import: NumPy and its neighbours.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from conformance.call import Call
from conformance.case import is_integer
from conformance.checks.difference import Difference, Raised
from conformance.checks.reference import attempt
from conformance.checks.trial import Trial
from conformance.checks.values import Pair, compare_pair
from conformance.fills import SIGNIFICAND_BITS, Array


def second(trial: Trial) -> Iterator[Difference]:
    """The derivatives of the gradients along random directions, under the bound.

    Example:
        >>> from conformance.adapters import TorchAdapter
        >>> from conformance.checks.reference import Live
        >>> from conformance.tokens import parse
        >>> torch = TorchAdapter()
        >>> list(second(Trial(Live(parse("conv1d n1 c1 o1 h5 k3 real"), torch), torch)))
        []
    """
    if trial.candidate.orders < 2 or not trial.answered or is_integer(trial.case.dtype):
        return
    expected, yardsticks = trial.reference.second
    if not expected:
        return
    got = attempt(trial.candidate.second, trial.case, trial.reference.operands)
    if isinstance(got, Raised):
        yield Difference("outcome", "second derivatives", "no error", str(got))
        return
    for name, theirs in expected.items():
        ours = got.get(name, np.zeros_like(theirs))  # a library may say in either way that nothing depends on it
        yield from compare_pair(Pair(name, theirs, ours, yardsticks.get(name)))


def adjoint(trial: Trial) -> Iterator[Difference]:
    """⟨cotangent, output⟩ = ⟨input gradient, input⟩ = ⟨weight gradient, weight⟩, the bias taken off.

    It needs the candidate's answers alone, and an operation that is linear, which calls are not taken to be. Both
    sides may be wrong by what the bounds of their maps allow.

    Example:
        >>> from conformance.adapters import TorchAdapter
        >>> from conformance.checks.reference import Live
        >>> from conformance.tokens import parse
        >>> torch = TorchAdapter()
        >>> trial = Trial(Live(parse("conv1d n1 c1 o1 h5 k3"), torch), torch)
        >>> trial.got["weight gradient"] *= -1
        >>> [found.where for found in adjoint(trial)]
        ['weight gradient']
    """
    if isinstance(trial.case, Call) or not trial.answered or not isinstance(trial.got, dict) or trial.case.value:
        return
    got, operands = trial.got, trial.reference.operands
    if "input gradient" not in got or any(pair.expected.shape != pair.got.shape for pair in trial.pairs):
        return
    if ("bias" in operands.arrays) != ("bias gradient" in got):  # one of integers, which cannot be taken off
        return
    bounds = {pair.where: pair.tolerance for pair in trial.pairs}
    cotangent = operands.draw("cotangent", got["output"].shape)
    left, left_bound = _inner(cotangent, got["output"], bounds["output"])
    if "bias gradient" in got:
        shift, shift_bound = _inner(got["bias gradient"], operands.arrays["bias"], bounds["bias gradient"])
        left, left_bound = left - shift, left_bound + shift_bound
    for name in ("input", "weight"):
        if f"{name} gradient" not in got:
            continue
        bound = bounds[f"{name} gradient"]
        right, right_bound = _inner(got[f"{name} gradient"], operands.arrays[name], bound)
        if not abs(left - right) <= left_bound + right_bound:
            where = f"{name} gradient"
            yield Difference("adjoint", where, f"⟨cotangent, output⟩ = {left:.9g}", f"⟨{where}, {name}⟩ = {right:.9g}")


def _inner(first: Array, second: Array, bound: Array | float) -> tuple[complex, float]:
    """⟨first, second⟩ in double precision, and how wrong the map that has a bound may make it."""
    a, b = (array.astype(np.complex128).ravel() for array in (first, second))
    other = max(float(np.abs(a).max(initial=0)), float(np.abs(b).max(initial=0)))
    magnitudes = float(np.abs(a) @ np.abs(b))
    slack = a.size * 2.0 ** -SIGNIFICAND_BITS["f64"] * magnitudes * 4
    return complex(np.vdot(a, b)), float(np.sum(bound)) * other * 2 + slack
