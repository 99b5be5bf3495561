"""All-pairs coverage: few cases in which every two levels that can meet do meet.

May import: the standard library, `conformance.call` and `option.py`.

The method is the greedy one of AETG (Cohen, Dalal, Fredman and Patton, IEEE Transactions on Software Engineering
23(7), 1997), with one candidate a row: begin with a pair that is not covered, and give each other option the level
that covers most. Covered is what the case that was made of the row has; a pair that needs a third level
beside it is tried with random ones after some greedy attempts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from random import Random

from conformance.call import Configuration
from conformance.cases.option import Family, Levels, Pair, pairs_of

GREEDY, PATIENCE = 3, 60


def covering(family: Family, rnd: Random) -> list[Configuration]:
    """Cases that cover the family's possible pairs; a pair that is missed too often is given up.

    Args:
        family: the operation's options.
        rnd: the source.

    Example:
        >>> from conformance.cases import FAMILIES
        >>> cases = covering(FAMILIES["pad"], Random(0))
        >>> missing = FAMILIES["pad"].possible.difference(*(pairs_of(FAMILIES["pad"].levels(c)) for c in cases))
        >>> len(missing), len(cases) < 200
        (0, True)
    """
    missing = Missing(family.possible)
    waiting = sorted(family.possible)
    rnd.shuffle(waiting)
    tries: Counter[Pair] = Counter()
    cases = []
    while waiting:
        first = waiting[-1]
        tries[first] += 1
        if first not in missing.pairs or tries[first] > PATIENCE:
            waiting.pop()
            continue
        chosen = {first[0]: first[1], first[2]: first[3]}
        case = family.draw(rnd, _extended(family, rnd, chosen, missing) if tries[first] <= GREEDY else chosen)
        if missing.cover(pairs_of(family.levels(case))):
            cases.append(case)
    return cases


class Missing:
    """The pairs that are not covered yet.

    Args:
        pairs: all of them at first.

    Attributes:
        pairs: those that are left.

    Example:
        >>> missing = Missing([("bias", "yes", "groups", "1"), ("bias", "yes", "groups", "2")])
        >>> missing.cover([("bias", "yes", "groups", "1")]), missing.gain({"groups": "2"}, "bias", "yes")
        (True, 1)
    """

    def __init__(self, pairs: Iterable[Pair]) -> None:
        self.pairs = set(pairs)
        self._beside: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
        for a, i, b, j in self.pairs:
            self._beside[a, i].add((b, j))
            self._beside[b, j].add((a, i))

    def cover(self, pairs: Iterable[Pair]) -> bool:
        """Take out these pairs; whether one of them was left."""
        found = self.pairs.intersection(pairs)
        self.pairs -= found
        for a, i, b, j in found:
            self._beside[a, i].discard((b, j))
            self._beside[b, j].discard((a, i))
        return bool(found)

    def gain(self, levels: Levels, name: str, level: str) -> int:
        """How many pairs of an option's level and these levels of others are left."""
        return len(self._beside[name, level].intersection(levels.items()))


def _extended(family: Family, rnd: Random, chosen: Levels, missing: Missing) -> Levels:
    """The chosen levels and for other options those that cover the most pairs that are missing."""
    levels = dict(chosen)
    for option in rnd.sample(family.options, len(family.options)):
        if option.name in levels:
            continue
        allowed = [level for level in option.weights if family.agrees(levels, option.name, level)]
        gains = {level: missing.gain(levels, option.name, level) for level in allowed}
        best = max(gains.values(), default=0)
        if best:
            levels[option.name] = rnd.choice([level for level, gain in gains.items() if gain == best])
    return levels
