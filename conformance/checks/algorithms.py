"""Every algorithm that the library can compute a case by, beside the one it chooses.

May import: its neighbours.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from conformance.checks.difference import Difference, Raised
from conformance.checks.trial import Trial
from conformance.checks.values import compare_pair


def algorithms(trial: Trial) -> Iterator[Difference]:
    """The maps by each algorithm, held to the same bound.

    Example:
        >>> from conformance.adapters import PyconvAdapter, TorchAdapter
        >>> from conformance.checks.reference import Live
        >>> from conformance.tokens import parse
        >>> list(algorithms(Trial(Live(parse("conv2d n1 c1 o1 h5x5 k3"), TorchAdapter()), PyconvAdapter())))
        []
    """
    if not trial.answered or not trial.case.is_convolution:
        return
    for name in trial.candidate.others(trial.case, trial.reference.operands):
        with trial.candidate.using(name):
            got = trial.again()
        if isinstance(got, Raised):
            yield Difference("algorithms", "error", "no error", f"by {name}: {got}")
        for pair in trial.paired(got):
            for found in compare_pair(pair):
                yield replace(found, check="algorithms", got=f"by {name}: {found.got}")
