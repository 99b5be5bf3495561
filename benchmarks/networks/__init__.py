"""Networks written once, in plain torch style, and loaded with torch or with pyconv as their torch.

May import: `pyconv`; the files beside this one import torch, NumPy and the standard library.
"""

from __future__ import annotations

from contextlib import nullcontext
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pyconv

FOLDER = Path(__file__).parent


def load(name: str, library: str) -> ModuleType:
    """A file of this folder as a module of its own, whose torch is the library: 'torch' or 'pyconv'.

    Example:
        >>> load("lenet", "pyconv").LeNet().features[0]
        Conv2d(1, 6, kernel_size=(5, 5), stride=(1, 1), padding=(2, 2))
    """
    spec = spec_from_file_location(f"benchmarks.networks.{name}_with_{library}", FOLDER / f"{name}.py")
    assert spec is not None, name
    assert spec.loader is not None, name
    module = module_from_spec(spec)
    with pyconv.as_torch() if library == "pyconv" else nullcontext():
        spec.loader.exec_module(module)
    return module
