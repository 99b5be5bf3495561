"""PyTorch's own test files, run with pyconv in torch's place: `python -m conformance torch-tests FILES`.

The files are the reader's, from a checkout of PyTorch; none is kept here. Their test kit, `torch.testing`, is the
source
of the installed torch, run with pyconv below it as well.

- `absent.py`: what stands for the names that pyconv lacks.
- `modules.py`: torch's modules for a test file, wherever they come from.
- `load.py`: a test file as a module, for all that it uses what is lacking.
- `outcome.py`: what came of a test.
- `run.py`: the tests of a file, one by one, in a process of their own.
"""
