"""Differential testing of what convolutional networks call: the same case through a library and through real torch.

`python -m conformance` runs it; `python -m conformance --help` shows how. One file, one idea, each importing only
those above it:

- `case.py`, `tokens.py`: a configuration of a convolution or of what belongs to it, and its line of text.
- `operations.py`: the other operations; `call.py`, `call_tokens.py`: a configuration of one of them, and its line.
- `fills.py`, `call_fills.py`, `operands.py`: the numbers in a case's tensors.
- `adapters/`: the libraries, behind one class.
- `cases/`, `options.py`: seeded generators of cases, valid and broken; which pairs of options they cover.
- `checks/`: what counts as a difference, one family a file.
- `known.py`, `known_differences.toml`: the differences that are explained.
- `runner.py`: one case through both libraries and the checks.
- `tally.py`, `plan.py`: what came of many cases; which cases a run has.
- `shrink.py`, `simplifications.py`, `call_simplifications.py`, `diagnose/`, `snippet.py`, `call_snippet.py`,
  `literals.py`, `explain.py`: a failure made small, explained, shown.
- `engine.py`, `session.py`: worker processes or a cluster, and a run on them.
- `golden/`: torch's answers in a file, so that a machine without torch has them.
- `opinfo/`: PyTorch's own samples.
- `faults/`, `selftest.py`: planted faults, and how soon they are found.
- `report/`, `progress.py`, `commands/`: what a person and a CI job see.
- `regressions.py`, `environment.py`, `testing.py`: cases that failed once; versions; an entry for test suites.

NumPy is imported everywhere; torch and the library under test only by the adapter that is asked for.
"""
