"""Connectionist temporal classification: the probability of label sequences over all their alignments.

After A. Graves, S. Fernández, F. Gomez, J. Schmidhuber, "Connectionist Temporal Classification", ICML 2006. May
import: NumPy.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

Array = np.ndarray[Any, Any]


class Problem(NamedTuple):
    """What a batch of alignments is about.

    Attributes:
        labels: (N, 2·S + 1), the targets with blanks around each label.
        skips: (N, 2·S + 1), where a label may be reached over the blank before it.
        states: (N,), how many of a row's labels count.
        steps: (N,), how many time steps of a sequence count.
    """

    labels: Array
    skips: Array
    states: Array
    steps: Array


def problem(targets: list[Array], steps: Array, blank: int) -> Problem:
    """The alignments of label sequences.

    Args:
        targets: for each sequence its labels.
        steps: (N,), the lengths in time.
        blank: the label between labels.
    """
    longest = max((len(t) for t in targets), default=0)
    labels = np.full((len(targets), 2 * longest + 1), blank, np.int64)
    for row, target in zip(labels, targets, strict=True):
        row[1 : 2 * len(target) : 2] = target
    skips = np.zeros(labels.shape, np.bool_)
    skips[:, 2:] = labels[:, 2:] != labels[:, :-2]
    states = np.array([2 * len(t) + 1 for t in targets], np.int64)
    return Problem(labels, skips, states, np.asarray(steps, np.int64))


def forward(logs: Array, given: Problem) -> tuple[Array, Array]:
    """The negative log-likelihoods, (N,), and the forward variables, (T, N, states).

    Args:
        logs: (T, N, C), logarithms of probabilities.
        given: the alignments.
    """
    picked = _picked(logs, given)
    alphas = np.full(picked.shape, -np.inf, picked.dtype)
    count = np.arange(picked.shape[2])
    for t in range(len(picked)):
        if t == 0:
            alphas[0, :, :2] = picked[0, :, :2]
        else:
            alphas[t] = picked[t] + _reached(alphas[t - 1], given.skips)
        alphas[t][count >= given.states[:, None]] = -np.inf
    rows = np.arange(len(given.steps))
    if not len(picked):
        return np.where(given.states == 1, 0.0, np.inf), alphas
    ends = alphas[np.maximum(given.steps - 1, 0), rows]
    last = ends[rows, given.states - 1]
    before = np.where(given.states > 1, ends[rows, np.maximum(given.states - 2, 0)], -np.inf)
    lost = -np.logaddexp(last, before)
    return np.where(given.steps == 0, np.where(given.states == 1, 0.0, np.inf), lost), alphas


def _picked(logs: Array, given: Problem) -> Array:
    """Logs at each state's label, (T, N, states)."""
    index = np.broadcast_to(given.labels, (len(logs), *given.labels.shape))
    return np.take_along_axis(logs.astype(np.float64), index, 2)


def _reached(before: Array, skips: Array) -> Array:
    """The probability of each state one step on, before its own label is seen."""
    found = before.copy()
    found[:, 1:] = np.logaddexp(found[:, 1:], before[:, :-1])
    found[:, 2:] = np.where(skips[:, 2:], np.logaddexp(found[:, 2:], before[:, :-2]), found[:, 2:])
    return found


def input_grad(g: Array, logs: Array, lost: Array, alphas: Array, given: Problem, zero_infinity: bool) -> Array:
    """The gradient by the activations before the softmax that `logs` come from, as torch has it, (T, N, C).

    Args:
        g: (N,), the cotangents of the losses.
        logs: (T, N, C).
        lost: (N,), the losses.
        alphas: the forward variables.
        given: the alignments.
        zero_infinity: whether a sequence that cannot be aligned has the gradient zero.
    """
    both = alphas + _backward_variables(logs, given)
    per_class = np.full(logs.shape, -np.inf)
    rows = np.arange(logs.shape[1])
    # torch takes the last label for another than the blank, whose share it overwrites
    last = np.where((given.states > 1) & (given.labels[rows, given.states - 2] == given.labels[rows, 0]))[0]
    both[given.steps[last] - 1, last, given.states[last] - 1] = -np.inf
    for state in range(given.labels.shape[1]):
        place = (slice(None), rows, given.labels[:, state])
        per_class[place] = np.logaddexp(per_class[place], both[:, :, state])
    wide = logs.astype(np.float64)
    out = (np.exp(wide) - np.exp(per_class + lost[:, None] - wide)) * g[:, None]
    out[np.arange(len(logs))[:, None] >= given.steps] = 0
    if zero_infinity:
        out[:, np.isinf(lost)] = 0
    return out.astype(logs.dtype)


def _backward_variables(logs: Array, given: Problem) -> Array:
    picked = _picked(logs, given)
    betas = np.full(picked.shape, -np.inf)
    rows = np.arange(picked.shape[1])
    count = np.arange(picked.shape[2])
    onward = np.zeros(given.skips.shape, np.bool_)
    onward[:, :-2] = given.skips[:, 2:]
    for t in reversed(range(len(picked))):
        if t + 1 < len(picked):
            betas[t] = picked[t] + _reached(betas[t + 1][:, ::-1], onward[:, ::-1])[:, ::-1]
        ending = given.steps - 1 == t
        start = np.full(picked.shape[1:], -np.inf)
        start[rows, given.states - 1] = picked[t][rows, given.states - 1]
        several = given.states > 1
        start[rows[several], given.states[several] - 2] = picked[t][rows[several], given.states[several] - 2]
        betas[t][ending] = start[ending]
        betas[t][count >= given.states[:, None]] = -np.inf
    return betas
