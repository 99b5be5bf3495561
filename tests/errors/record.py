"""Writes observed.json, what torch does on every call: `PYTHONHASHSEED=0 python -m tests.errors.record`.

The hash seed is fixed because two of torch's texts print a set. torch gives some warnings once a process;
those are recorded apart, under "once", for every call that would give one if it came first, so that the file
does not depend on the order of the calls.
"""

import json
from pathlib import Path

import torch

from tests.errors.calls import CALLS
from tests.errors.making import Call
from tests.errors.outcome import Outcome, observe

OBSERVED = Path(__file__).with_name("observed.json")


def observed(call: Call) -> Outcome:
    """The outcome of the call, with the warnings that a second call does not give again under "once"."""
    torch.set_warn_always(True)
    outcome = observe(call, torch)
    torch.set_warn_always(False)
    observe(call, torch)
    again = observe(call, torch).get("warnings", [])
    once = [warning for warning in dict.fromkeys(outcome.pop("warnings", [])) if warning not in again]
    return outcome | ({"warnings": again} if again else {}) | ({"once": once} if once else {})


def main() -> None:
    """Write one call a line."""
    torch.set_num_threads(1)
    lines = [f"{json.dumps(label)}: {json.dumps(observed(call))}" for label, call in CALLS.items()]
    OBSERVED.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
