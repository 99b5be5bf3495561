"""PyTorch's own test material through a library with torch's API: `python -m conformance --suite opinfo`.

- `convert.py`: torch's tensors, dtypes and arguments as the library's, and back as arrays.
- `recipes.py`: what torch's modules were made with.
- `compare.py`: what counts as a difference.
- `ops.py`: the sample and error inputs of `op_db`; `modules.py`: those of `module_db`.
- `suite.py`: all of them, and which entries the library lacks.
- `known_differences.toml`: those that are explained.

The material is `torch.testing._internal.common_methods_invocations` and `common_modules`, which need the package
expecttest; it is imported when the suite is run, never at import.
"""
