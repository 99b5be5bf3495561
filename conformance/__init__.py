"""Differential testing of convolutions: the same case through a candidate library and through real torch.

`python -m conformance` runs it; `python -m conformance --help` shows how. One file, one idea:

- `case.py`: a configuration as one line of text, and back.
- `cases/`: seeded generators of cases, valid and broken.
- `fills.py`: the numbers in a case's tensors.
- `adapters.py`: the libraries, behind one protocol.
- `compare.py`: what counts as a difference, one check a function.
- `runner.py`: one case through both libraries and all checks.
- `known.py`, `known_differences.toml`: the differences that are explained.
- `report.py`: plain lines for a person.

NumPy is imported everywhere; torch and the library under test only by the adapter that is asked for.
"""
