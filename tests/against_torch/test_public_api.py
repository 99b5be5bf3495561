"""Names and signatures beside torch's."""

import inspect

import pytest
import torch

import pyconv

OWN = {"__version__"}
"""What torch has too, and means itself by."""


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (pyconv, torch),
        (pyconv.nn, torch.nn),
        (pyconv.nn.functional, torch.nn.functional),
        (pyconv.nn.modules, torch.nn.modules),
        (pyconv.autograd, torch.autograd),
    ],
    ids=lambda module: module.__name__,
)
def test_every_name_is_one_of_torchs(ours, theirs):
    assert [name for name in ours.__all__ if not hasattr(theirs, name)] == (["as_torch"] if ours is pyconv else [])


def parameters(function):
    """Names, kinds and defaults, of a function its name; annotations are free."""
    found = inspect.signature(function).parameters.values()
    defaults = {p.name: p.default.__name__ if inspect.isfunction(p.default) else p.default for p in found}
    return [(p.name, p.kind, defaults[p.name]) for p in found]


CLASSES = [name for name in pyconv.nn.modules.__all__ if "Conv" in name or name in ("Fold", "Unfold")]


def test_classes_of_modules_have_torchs_names():
    both = [name for name in pyconv.nn.modules.__all__ if isinstance(getattr(torch.nn, name), type)]
    assert len(both) > 150
    names = [(pyconv.typename(getattr(pyconv.nn, name)), torch.typename(getattr(torch.nn, name))) for name in both]
    assert [pair for pair in names if pair[0] != pair[1]] == []


@pytest.mark.parametrize("name", CLASSES)
def test_module_signatures(name):
    assert parameters(getattr(pyconv.nn, name)) == parameters(getattr(torch.nn, name))


@pytest.mark.parametrize(
    "path",
    [
        "nn.functional.pad",
        "nn.functional.fold",
        "nn.functional.unfold",
        "autograd.grad",
        "autograd.backward",
        "autograd.gradcheck",
        "autograd.gradgradcheck",
        *(f"nn.grad.conv{ndim}d_{what}" for ndim in (1, 2, 3) for what in ("input", "weight")),
        *(f"nn.init.{name}" for name in ("uniform_", "normal_", "kaiming_uniform_", "xavier_normal_", "dirac_")),
    ],
)
def test_function_signatures(path):
    ours, theirs = pyconv, torch
    for part in path.split("."):
        ours, theirs = getattr(ours, part), getattr(theirs, part)
    assert parameters(ours) == parameters(theirs)


@pytest.mark.parametrize("name", [f"conv{t}{n}d" for t in ("", "_transpose") for n in (1, 2, 3)])
def test_convolutions_take_torchs_arguments_in_torchs_order(name):
    """torch's own have no signature that can be inspected, but their documentation begins with it."""
    ours = list(inspect.signature(getattr(pyconv.nn.functional, name)).parameters.values())
    documented = getattr(torch.nn.functional, name).__doc__.strip().split("->")[0].strip()
    text = ", ".join(p.name if p.default is p.empty else f"{p.name}={p.default!r}" for p in ours)
    assert documented == f"{name}({text})"


def found(root, path):
    for part in path.split("."):
        root = getattr(root, part)
    return root


@pytest.mark.parametrize(
    "path", ["nn", "nn.functional", "nn.init", "nn.utils", "optim", "optim.lr_scheduler", "utils.data"]
)
def test_signatures_of_whole_modules(path):
    ours, theirs = found(pyconv, path), found(torch, path)
    for name in getattr(ours, "__all__", dir(ours)):
        here, there = getattr(ours, name, None), getattr(theirs, name, None)
        if not (callable(here) and callable(there)):
            continue
        try:
            expected = parameters(there)
        except (TypeError, ValueError):  # of what is built in nobody knows the signature
            continue
        if name != "random_split":  # its default is a generator, each library's own
            assert parameters(here) == expected, name
