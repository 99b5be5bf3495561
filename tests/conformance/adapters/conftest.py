"""What needs a library that is not installed is not collected."""

import importlib.util

LIBRARIES = {
    "test_onnx_installed.py": "onnx",
    "test_mygrad_installed.py": "mygrad",
    "test_chainer_installed.py": "chainer",
}
collect_ignore = [file for file, library in LIBRARIES.items() if importlib.util.find_spec(library) is None]
