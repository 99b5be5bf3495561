"""What can be chosen in a case, in named levels; which two levels exclude each other; the choice of a level for each.

May import: the standard library and `conformance.call`.

A family describes its operation as options, each with levels: `stride` is absent, 1, more, beyond the kernel, or
mixed. A case is classified by them; so coverage is that of the cases themselves, wherever they come from.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import combinations, product
from random import Random
from typing import Any

from conformance.call import Configuration

Levels = dict[str, str]
Pair = tuple[str, str, str, str]


@dataclass(frozen=True)
class Option:
    """One thing to choose.

    Attributes:
        name: of the option.
        weights: how often a random case takes each level.
        of: the level that a case has.
    """

    name: str
    weights: Mapping[str, float]
    of: Callable[[Any], str]


@dataclass(frozen=True)
class Family:
    """An operation's options.

    Attributes:
        options: all of them.
        excluded: the pairs of levels that no valid case has, or none that is worth drawing.
        realise: a case with these levels, or with most of them.
        share: of a case, how much of each map is not zero for lack of terms, in the map where it is the least.
    """

    options: tuple[Option, ...]
    excluded: frozenset[Pair]
    realise: Callable[[Random, Levels], Any]
    share: Callable[[Any], float]

    @functools.cached_property
    def possible(self) -> frozenset[Pair]:
        """The pairs of levels that a valid case can have, the options in their order."""
        pairs = (
            (a.name, i, b.name, j) for a, b in combinations(self.options, 2) for i, j in product(a.weights, b.weights)
        )
        return frozenset(pair for pair in pairs if pair not in self.excluded)

    def levels(self, case: Configuration) -> Levels:
        """The level of each option that a case has."""
        return {option.name: option.of(case) for option in self.options}

    def agrees(self, levels: Levels, name: str, level: str) -> bool:
        """Whether an option can have this level beside levels that are chosen."""
        return self._conflicts[name, level].isdisjoint(levels.items())

    @functools.cached_property
    def _conflicts(self) -> Mapping[tuple[str, str], set[tuple[str, str]]]:
        """For an option's level the levels of other options that exclude it."""
        conflicts: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
        for a, i, b, j in self.excluded:
            conflicts[a, i].add((b, j))
            conflicts[b, j].add((a, i))
        return conflicts

    def choose(self, rnd: Random, fixed: Levels | None = None) -> Levels:
        """A level for each option by the weights, those in `fixed` given, none excluding another."""
        levels = dict(fixed or {})
        for option in rnd.sample(self.options, len(self.options)):
            if option.name not in levels:
                allowed = [level for level in option.weights if self.agrees(levels, option.name, level)]
                weights = [option.weights[level] for level in allowed] or [1.0]
                (levels[option.name],) = rnd.choices(allowed or list(option.weights)[:1], weights)
        return levels

    def draw(self, rnd: Random, fixed: Levels | None = None) -> Any:
        """A case with levels chosen so, its maps not mostly zeros; or what comes nearest in some attempts."""
        levels = self.choose(rnd, fixed)
        best, most = None, (-1, False)
        for _ in range(ATTEMPTS):
            case = self.realise(rnd, levels)
            hits = sum(found == levels[name] for name, found in self.levels(case).items())
            value = (hits, self.share(case) > ENOUGH)
            if value > most:
                best, most = case, value
            if value == (len(levels), True):
                break
        assert best is not None
        return best


ATTEMPTS = 12
ENOUGH = 0.55
EMPTY = {
    ("batch", "0"),
    ("channels", "0"),
    ("empty", "yes"),
    ("shape", "empty"),
    ("shapes", "empty"),
    ("size", "empty"),
}


def pairs_of(levels: Levels) -> list[Pair]:
    """The pairs of levels in a case, the options in their order.

    A case without a batch, without channels or otherwise empty computes nothing: it covers only pairs with that level.

    Example:
        >>> pairs_of({"batch": "0", "bias": "yes"})
        [('batch', '0', 'bias', 'yes')]
    """
    pairs = [(a, i, b, j) for (a, i), (b, j) in combinations(levels.items(), 2)]
    empty = EMPTY & levels.items()
    return [pair for pair in pairs if pair[:2] in empty or pair[2:] in empty] if empty else pairs


def excluding(options: tuple[Option, ...], *rules: tuple[str, str, str, str]) -> frozenset[Pair]:
    """The excluded pairs of rules such as `("dtype", "i8 u8", "fill", "real")`, each in the options' order.

    Args:
        options: of the family; what a rule says of other options or levels is left out.
        rules: option, its levels, other option, its levels; levels are separated by spaces, `!` before the first
            stands for all but these.

    Example:
        >>> options = (Option("bias", {"no": 1}, str), Option("fill", {"ints": 1, "real": 1}, str))
        >>> sorted(excluding(options, ("fill", "!real", "bias", "no")))
        [('bias', 'no', 'fill', 'ints')]
    """
    order = {option.name: place for place, option in enumerate(options)}
    known = {option.name: tuple(option.weights) for option in options}
    pairs: set[Pair] = set()
    for a, first, b, second in rules:
        if a in order and b in order:
            for i, j in product(_named(first, known[a]), _named(second, known[b])):
                pairs.add((a, i, b, j) if order[a] < order[b] else (b, j, a, i))
    return frozenset(pairs)


def _named(words: str, levels: tuple[str, ...]) -> list[str]:
    names = words.removeprefix("!").split()
    return [level for level in levels if (level in names) != words.startswith("!")]
