"""The command line: `python -m benchmarks [SUITE ...]`, or one of its commands."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module

COMMANDS = ("compare", "grow", "fit", "floors")
"""Commands beside the suites, each a module of its name under `benchmarks/commands`."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line's command, and give its exit status.

    Args:
        arguments: those after `python -m benchmarks`; by default the process's.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    name = words.pop(0) if words and words[0] in COMMANDS else "run"
    return import_module(f"benchmarks.commands.{name}").main(words)


if __name__ == "__main__":
    sys.exit(main())
