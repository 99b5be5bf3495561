"""The libraries beside which pyconv is timed, each made when it is asked for."""

from __future__ import annotations

from importlib import import_module

from benchmarks.rivals.base import Rival

RIVALS = {
    "torch": ("benchmarks.rivals.pytorch", "Torch", "torch==2.13.0"),
    "naive": ("benchmarks.rivals.naive", "Naive", ""),
    "scipy": ("benchmarks.rivals.scipy_signal", "SciPy", "scipy"),
    "opencv": ("benchmarks.rivals.onnx_models", "OpenCV", "onnx opencv-python-headless"),
    "mygrad": ("benchmarks.rivals.frameworks", "MyGrad", "mygrad"),
    "chainer": ("benchmarks.rivals.frameworks", "Chainer", "chainer"),
    "onnxruntime": ("benchmarks.rivals.onnx_models", "OnnxRuntime", "onnx onnxruntime"),
}
"""Where each is, and what pip installs for it."""

__all__ = ["RIVALS", "Rival", "find"]


def find(name: str) -> Rival:
    """The rival of that name.

    Raises:
        ValueError: there is none; the text lists those that there are.
        ImportError: it is not installed; the text says how it would be.

    Example:
        >>> find("naive").name
        'naive'
    """
    if name not in RIVALS:
        raise ValueError(f"no rival named {name!r}; choose from {', '.join(RIVALS)}")
    module, kind, packages = RIVALS[name]
    try:
        return getattr(import_module(module), kind)()
    except ImportError as error:
        raise ImportError(f"{name} is left out: it needs `pip install {packages}` ({error})") from error
