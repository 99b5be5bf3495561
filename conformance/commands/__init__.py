"""The commands of `python -m conformance`, one a file, each a function from parsed options to an exit status.

- `arguments.py`: the parser and its help.
- `run.py`: many cases; `one.py`: one case in detail; `golden.py`: `record` and `check`; `faults.py`: `self-test`;
  `opinfo.py`: torch's own samples; `torch_tests.py`: PyTorch's own test files.
"""
