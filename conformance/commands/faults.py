"""`self-test`: does the harness find what is wrong?

May import: `conformance` below it.
"""

from __future__ import annotations

import argparse

from conformance import selftest


def self_test(options: argparse.Namespace) -> int:
    """Run the planted faults and print their table; 1 where one is not found in time."""
    results = selftest.run(seed=options.seed, limit=options.within, names=options.names or None)
    print(selftest.table(results))
    return 0 if all(result.caught for result in results) else 1
