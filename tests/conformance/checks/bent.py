"""torch with one thing about it changed, and a trial of it."""

import warnings

from conformance.adapters import TorchAdapter
from conformance.checks.reference import Live
from conformance.checks.trial import Trial
from conformance.tokens import parse


class Bent(TorchAdapter):
    """torch with its maps, its second derivatives or its facts put through a function.

    Args:
        changes: a function for `run`, `second` or `facts`, by name: of the case and of what torch gives.
    """

    algorithms = ("first", "second")

    def __init__(self, **changes):
        super().__init__()
        self.changes = changes

    def _bent(self, name, case, answer):
        return self.changes[name](case, answer) if name in self.changes else answer

    def run(self, case, operands):
        return self._bent("run", case, super().run(case, operands))

    def second(self, case, operands):
        return self._bent("second", case, super().second(case, operands))

    def facts(self, case):
        return self._bent("facts", case, super().facts(case))


def found(check, torch, line, candidate):
    """The differences that a check finds in the case of a line."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return list(check(Trial(Live(parse(line), torch), candidate)))
