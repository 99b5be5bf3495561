"""Pooling against torch: values, places, gradients and second gradients; every text; seeds and memory layout."""

import warnings

import numpy as np
import pytest
import torch

import pyconv
from pyconv.geometry.pool import output_size, sliding
from tests.against_torch.pooling_calls import MODULES, functions, split

FUNCTIONS = list(functions())


def described(found):
    if isinstance(found, tuple):
        return [described(item) for item in found]
    values = found.float() if str(found.dtype) == "torch.bfloat16" else found
    return str(found.dtype), list(found.shape), values.detach().numpy()


def outcome(library, name, ndim, call):
    """What a call gives, or the exception's type and text; and the warnings."""
    shape = (2, 3) + (6,) * ndim
    values = (np.arange(np.prod(shape)) * 7 % 31 - 9).reshape(shape)
    given = {
        "torch": library,
        "F": library.nn.functional,
        "x": library.from_numpy(values.astype(np.float32)),
        "i": library.from_numpy(np.arange(values.size).reshape(shape) % 6**ndim),
        "s": {
            "_random_samples": library.from_numpy(np.linspace(0, 0.99, 6 * ndim, dtype=np.float32).reshape(2, 3, ndim))
        },
    }
    library.manual_seed(0)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            given["f"] = eval(name, given)
            found = described(eval(call, given))
        except Exception as error:
            found = f"{type(error).__name__}: {error}"
    return found, [str(warning.message).split(" (Triggered")[0] for warning in caught]


def same(ours, theirs):
    if isinstance(ours, str) or isinstance(theirs, str):
        return ours == theirs
    if isinstance(theirs, list):
        return len(ours) == len(theirs) and all(map(same, ours, theirs))
    tolerance = 2e-3 if theirs[0] in ("torch.float16", "torch.bfloat16") else 1e-5
    return ours[:2] == theirs[:2] and np.allclose(ours[2], theirs[2], tolerance, tolerance, equal_nan=True)


@pytest.mark.parametrize(("name", "ndim", "calls"), FUNCTIONS, ids=[name for name, *_ in FUNCTIONS])
def test_calls_give_or_raise_what_torch_does(name, ndim, calls):
    for call in calls:
        (ours, warned), (theirs, expected) = (outcome(library, name, ndim, call) for library in (pyconv, torch))
        assert same(ours, theirs), f"{call} of {name}\n  pyconv {ours}\n  torch  {theirs}"
        assert warned == expected, call


@pytest.mark.parametrize("call", split(MODULES))
def test_modules_print_and_refuse_as_torch_does(call):
    def printed(library):
        try:
            return repr(eval(f"nn.{call}", {"nn": library.nn}))
        except Exception as error:
            return f"{type(error).__name__}: {error}"

    assert printed(pyconv) == printed(torch)


def drawn_sizes(rng, ndim, x):
    """A window whose taps all lie on the input somewhere: for another, torch reads memory that is not its own."""
    while True:
        kernel, stride, dilation = (tuple(map(int, rng.integers(1, high, ndim))) for high in (5, 5, 4))
        padding = tuple(int(rng.integers(0, k // 2 + 1)) for k in kernel)
        ceil_mode = bool(rng.random() < 0.5)
        each = list(zip(x.shape[-ndim:], kernel, stride, padding, dilation, strict=True))
        outputs = [output_size(*one, ceil_mode) for one in each]
        if min(outputs) > 0 and not any(0 in sliding(*one, o).counts for one, o in zip(each, outputs, strict=True)):
            return kernel, stride, padding, dilation, ceil_mode


def drawn_call(rng, ndim, x):
    """A function of a library and a tensor that pools by sizes drawn at random."""
    kind = rng.choice(["max", "avg", "adaptive_max", "adaptive_avg"])
    name = f"{kind}_pool{ndim}d"
    if kind.startswith("adaptive"):
        output = tuple(map(int, rng.integers(1, 10, ndim)))
        extra = (output, True) if kind == "adaptive_max" else (output,)
    elif kind == "max":
        extra = (*drawn_sizes(rng, ndim, x), True)
    else:
        kernel, stride, padding, _, ceil_mode = drawn_sizes(rng, ndim, x)
        extra = (kernel, stride, padding, ceil_mode, bool(rng.random() < 0.5))
    return name, extra


def drawn_input(rng, ndim):
    shape = (2, 3, *map(int, rng.integers(4, 10, ndim)))
    x = rng.standard_normal(shape)
    odd = rng.random()
    if odd < 0.3:
        return np.round(x)
    if odd < 0.4:
        return np.where(rng.random(shape) < 0.2, np.nan, x)
    return np.where(rng.random(shape) < 0.7, -np.inf, x) if odd < 0.5 else x


def results(library, name, extra, x, seed):
    """Values and places, the gradient, and the gradient of that for the cotangent."""
    rng = np.random.default_rng(seed)
    tensor = library.from_numpy(x.copy()).requires_grad_()
    found = getattr(library.nn.functional, name)(tensor, *extra)
    every = found if isinstance(found, tuple) else (found,)
    g = library.from_numpy(rng.standard_normal(tuple(every[0].shape))).requires_grad_()
    (gx,) = library.autograd.grad(every[0], tensor, g, create_graph=True)
    (gg,) = library.autograd.grad(gx, g, library.from_numpy(rng.standard_normal(x.shape)))
    return [item.detach().numpy() for item in (*every, gx, gg)]


@pytest.mark.parametrize("ndim", [1, 2, 3])
def test_values_places_and_two_derivatives_are_torchs(ndim):
    for seed in range(60):
        rng = np.random.default_rng(seed)
        x = drawn_input(rng, ndim)
        name, extra = drawn_call(rng, ndim, x)
        ours, theirs = (results(library, name, extra, x, seed) for library in (pyconv, torch))
        for a, b in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(a, b, 1e-12, 1e-12, err_msg=f"{name} {extra} seed {seed}")


@pytest.mark.parametrize("name", ["max_pool2d", "avg_pool2d", "adaptive_avg_pool2d", "adaptive_max_pool2d"])
@pytest.mark.parametrize("size", [2, 3])
def test_the_layout_of_the_result_is_torchs(name, size):
    x = np.random.default_rng(0).standard_normal((2, 3, 6, 6))
    for axes in ((0, 1, 2, 3), (0, 2, 3, 1), (1, 0, 3, 2)):
        laid = np.ascontiguousarray(x.transpose(axes)).transpose(np.argsort(axes))
        strides = [
            getattr(library.nn.functional, name)(library.from_numpy(laid), size).stride() for library in (pyconv, torch)
        ]
        assert strides[0] == strides[1], (name, axes)


@pytest.mark.parametrize("ndim", [2, 3])
@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
def test_fractional_pooling_draws_what_torch_draws(ndim, dtype):
    x = np.random.default_rng(0).standard_normal((2, 3) + (9,) * ndim)
    found = []
    for library in (pyconv, torch):
        library.manual_seed(5)
        input = library.from_numpy(x).to(getattr(library, dtype))
        pool = getattr(library.nn, f"FractionalMaxPool{ndim}d")(2, output_ratio=0.6, return_indices=True)
        found.append([pool(input)[1].tolist(), library.rand(3).tolist()])
    assert found[0] == found[1]
