"""Which pairs of options' levels a run has covered.

May import: the standard library, `conformance.cases`, `conformance.options`, `conformance.tally`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from conformance.cases import FAMILIES
from conformance.options import possible_pairs
from conformance.tally import Tally

Pair = tuple[str, str, str, str]


@dataclass(frozen=True)
class Coverage:
    """The pairs of levels of one operation: those that valid cases can have, and those that no case had.

    Example:
        >>> Coverage("pad", frozenset({("batch", "0", "fill", "real")}), frozenset()).covered
        1
    """

    op: str
    possible: frozenset[Pair]
    missing: frozenset[Pair]

    @property
    def covered(self) -> int:
        """How many of the possible pairs were met."""
        return len(self.possible) - len(self.missing)


def coverage(tally: Tally) -> list[Coverage]:
    """The coverage of each operation in the run whose options are known.

    Example:
        >>> from collections import Counter
        >>> counts = Counter({("pad", "f32", "exact", "passed"): 1})
        >>> [(found.op, found.covered) for found in coverage(Tally(counts=counts))]
        [('pad', 0)]
    """
    ran = {op for op, *_ in tally.counts}
    met: dict[str, set[Pair]] = {}
    for op, *pair in tally.pairs:
        met.setdefault(op, set()).add((pair[0], pair[1], pair[2], pair[3]))
    possible = {op: frozenset(possible_pairs(op)) for op in FAMILIES if op in ran}
    return [Coverage(op, pairs, pairs - met.get(op, set())) for op, pairs in possible.items()]


def in_order(found: Iterable[str], order: Iterable[str]) -> list[str]:
    """The names found, those of `order` in its order and the others after them by the alphabet.

    Example:
        >>> in_order({"pad", "relu", "conv1d"}, ["conv1d", "pad"])
        ['conv1d', 'pad', 'relu']
    """
    places = {name: place for place, name in enumerate(order)}
    return sorted(set(found), key=lambda name: (places.get(name, len(places)), name))
