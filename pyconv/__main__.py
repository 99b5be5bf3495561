"""The command line: a program written for torch is run, or checked, with pyconv in its place.

May import: the standard library, `pyconv.lazy`, `pyconv.swap`.
"""

from __future__ import annotations

import sys

from pyconv.lazy import family
from pyconv.swap.run import run_module, run_script

checking = family("pyconv.swap.check")  # 20 ms, which no program is to wait for

_USAGE = """\
usage: python -m pyconv SCRIPT [ARGUMENTS]      run a program that says `import torch` with pyconv in its place
       python -m pyconv -m MODULE [ARGUMENTS]   the same for a module
       python -m pyconv check PATH [PATH ...]   list which names of torch it uses, and which of them pyconv has"""


def main(words: list[str]) -> int:
    """Do what the words of the command line say; the exit status.

    Args:
        words: what follows `python -m pyconv`.
    """
    if not words or words[0] in ("-h", "--help"):
        sys.stdout.write(_USAGE + "\n")
        return 0 if words else 2
    if words[0] == "check" and len(words) > 1:
        try:
            return checking.check(words[1:])
        except (OSError, SyntaxError) as error:
            sys.stderr.write(f"{error}\n")
            return 2
    if words[0] == "-m" and len(words) > 1:
        run_module(words[1], words[2:])
    elif words[0].startswith("-") or words[0] == "check":
        sys.stderr.write(_USAGE + "\n")
        return 2
    else:
        run_script(words[0], words[1:])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
