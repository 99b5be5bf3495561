"""Libraries that end the process, hang, or differ, for worker processes to load by name."""

import os
import time

from conformance.adapters import TorchAdapter


class Crashing(TorchAdapter):
    """Ends the process in one case."""

    skips = frozenset({"threads"})

    def run(self, case, operands):
        if case.op == "pad" and case.mode == "circular":
            os._exit(3)
        return super().run(case, operands)


class Hanging(TorchAdapter):
    """Takes a minute over one case."""

    skips = frozenset({"threads"})

    def run(self, case, operands):
        if case.op == "pad" and case.mode == "circular":
            time.sleep(60)
        return super().run(case, operands)


class Negated(TorchAdapter):
    """Has the sign of every output wrong."""

    def run(self, case, operands):
        maps = super().run(case, operands)
        return maps | {"output": -maps["output"]}
