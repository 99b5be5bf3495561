"""The names that a mistake starts from, and what comes of running it."""

import ast
import copy
import io
import itertools
import math
import pickle
import re
import warnings
from collections import OrderedDict

import numpy as np

from pyconv.warned import _given


def names(library):
    """Fresh tensors by short names, and the modules that people import."""
    library.manual_seed(0)
    return {
        "__name__": "__main__",
        "torch": library,
        "nn": library.nn,
        "F": library.nn.functional,
        "optim": library.optim,
        "data": library.utils.data,
        "np": np,
        "copy": copy,
        "io": io,
        "itertools": itertools,
        "math": math,
        "pickle": pickle,
        "OrderedDict": OrderedDict,
        "x": library.arange(6.0).reshape(2, 3),
        "z": library.tensor(1.5),
        "i": library.tensor([0, 1]),
        "d": library.ones(2, 3, dtype=library.float64),
        "b": library.tensor([True, False]),
        "w": library.tensor([1.0, 2.0, 3.0], requires_grad=True),
        "img": library.arange(192.0).reshape(1, 3, 8, 8) / 100,
    }


def _run(text, given):
    """Run statements; the value of the last where it is an expression."""
    tree = ast.parse(text)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "<mistake>", "exec"), given)
    return None if last is None else eval(compile(ast.Expression(last.value), "<mistake>", "eval"), given)


def observe(library, text):
    """The repr of the result or the exception's type and text, and the warnings, as both libraries would word them."""
    state = library.get_default_dtype(), library.is_grad_enabled()
    _given.clear()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            given = names(library)
            result = repr(_run(text, given))
        except BaseException as error:
            result = f"{type(error).__name__}: {error}"
        finally:
            library.set_default_dtype(state[0])
            library.set_grad_enabled(state[1])
            library.set_printoptions(profile="default")
            library.use_deterministic_algorithms(False)
            library.autograd.set_detect_anomaly(False)
    said = [f"{warning.category.__name__}: {warning.message}" for warning in caught]
    return in_one_wording(library, result), list(dict.fromkeys(in_one_wording(library, text) for text in said))


def in_one_wording(library, text):
    """A text without addresses, places in files, and the name of the library."""
    text = text.split(" (Triggered")[0]
    text = re.sub(r"0x[0-9a-f]+", "0x", text)
    text = re.sub(r"\n  File \"[^\n]*(\n    [^\n]*)*", "", text)
    text = re.sub(r"\{('\w+'(, )?)+\}", lambda found: str(sorted(re.findall(r"\w+", found[0]))), text)
    text = re.sub(rf"\b{library.__name__}\b", "torch", text)
    text = re.sub(r"\btorch\.[\w.]+\.(\w+ object at)", r"\1", text)
    return text.replace("torch.tensor.tensor.Tensor", "torch.Tensor")
