"""All-pairs coverage: few cases in which every two levels that can meet do meet.

May import: the standard library, `conformance.call` and `option.py`.

The method is the greedy one of AETG (Cohen, Dalal, Fredman and Patton, IEEE Transactions on Software Engineering
23(7), 1997), with one candidate a row: begin with a pair that is not covered, and give each other option the level
that covers most. Covered is what the case that was made of the row has; a pair that needs a third level
beside it is tried with random ones after some greedy attempts.
"""

from __future__ import annotations

from collections import Counter
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
    missing = set(family.possible)
    waiting = sorted(missing)
    rnd.shuffle(waiting)
    tries: Counter[Pair] = Counter()
    cases = []
    while waiting:
        first = waiting[-1]
        tries[first] += 1
        if first not in missing or tries[first] > PATIENCE:
            waiting.pop()
            continue
        chosen = {first[0]: first[1], first[2]: first[3]}
        case = family.draw(rnd, _extended(family, rnd, chosen, missing) if tries[first] <= GREEDY else chosen)
        found = missing.intersection(pairs_of(family.levels(case)))
        if found:
            missing -= found
            cases.append(case)
    return cases


def _extended(family: Family, rnd: Random, chosen: Levels, missing: set[Pair]) -> Levels:
    """The chosen levels and for other options those that cover the most pairs that are missing."""
    levels = dict(chosen)
    order = [option.name for option in family.options]
    for option in rnd.sample(family.options, len(family.options)):
        if option.name in levels:
            continue
        allowed = [level for level in option.weights if family.agrees(levels, option.name, level)]
        gains = {level: _gain(levels, option.name, level, order, missing) for level in allowed}
        best = max(gains.values(), default=0)
        if best:
            levels[option.name] = rnd.choice([level for level, gain in gains.items() if gain == best])
    return levels


def _gain(levels: Levels, name: str, level: str, order: list[str], missing: set[Pair]) -> int:
    place = order.index(name)
    before = sum((other, at, name, level) in missing for other, at in levels.items() if order.index(other) < place)
    after = sum((name, level, other, at) in missing for other, at in levels.items() if order.index(other) > place)
    return before + after
