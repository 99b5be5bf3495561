"""Libraries that end the process, hang, or differ, for worker processes to load by name."""

import os
import time

from conformance.adapters import TorchAdapter


class Lost(TorchAdapter):
    """Ends the process at a circular pad, and takes a minute over a replicating one."""

    skips = frozenset({"threads"})

    def run(self, case, operands):
        if case.op == "pad" and case.mode == "circular":
            os._exit(3)
        if case.op == "pad" and case.mode == "replicate":
            time.sleep(60)
        return super().run(case, operands)


class Negated(TorchAdapter):
    """Has the sign of every output wrong."""

    def run(self, case, operands):
        maps = super().run(case, operands)
        return maps | {"output": -maps["output"]}
