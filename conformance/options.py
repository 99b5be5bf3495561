"""Which options a case has at which levels, and which pairs of levels a run can cover.

May import: `conformance.call`, `conformance.cases`.
"""

from __future__ import annotations

from conformance.call import Configuration
from conformance.cases import FAMILIES
from conformance.cases.option import Levels, Pair, pairs_of


def levels(case: Configuration) -> Levels:
    """The level of each option of a valid case.

    Example:
        >>> from conformance.tokens import parse
        >>> levels(parse("conv1d n1 c2 o2 h5 k3 psame"))["padding"]
        'same'
    """
    return FAMILIES[case.op].levels(case)


def covered_pairs(found: Levels) -> list[Pair]:
    """The pairs of levels: option, level, other option, other level; the options in their family's order.

    Example:
        >>> covered_pairs({"batch": "0", "bias": "yes"})
        [('batch', '0', 'bias', 'yes')]
    """
    return pairs_of(found)


def possible_pairs(op: str) -> frozenset[Pair]:
    """All pairs of levels that valid cases of an operation can have.

    Example:
        >>> ("mode", "reflect", "value", "other") in possible_pairs("pad")
        False
    """
    return FAMILIES[op].possible
