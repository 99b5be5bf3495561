"""torch.nn.init beside ours: the same call leaves the same tensor, state, error and warnings.

On a processor for which torch takes other kernels than the AVX2 ones, last bits differ.
"""

import inspect
import warnings

import numpy as np
import pytest
import torch

from pyconv import dtypes, random
from pyconv.nn import init
from pyconv.tensor import Tensor

CALLS = [
    ("uniform_", (), {}),
    ("uniform_", (-0.3, 0.4), {}),
    ("uniform_", (1, 0), {}),
    ("normal_", (), {}),
    ("normal_", (0.3, 0.2), {}),
    ("normal_", (0, -1), {}),
    ("constant_", (0.3,), {}),
    ("ones_", (), {}),
    ("zeros_", (), {}),
    ("eye_", (), {}),
    ("dirac_", (), {}),
    ("dirac_", (2,), {}),
    ("dirac_", (4,), {}),
    ("dirac_", (0,), {}),
    ("xavier_uniform_", (), {}),
    ("xavier_uniform_", (1.7,), {}),
    ("xavier_normal_", (0.3,), {}),
    ("kaiming_uniform_", (), {}),
    ("kaiming_uniform_", (5**0.5,), {}),
    ("kaiming_uniform_", (), {"mode": "fan_out", "nonlinearity": "tanh"}),
    ("kaiming_normal_", (), {}),
    ("kaiming_normal_", (), {"mode": "FAN_OUT", "nonlinearity": "relu"}),
    ("kaiming_normal_", (), {"mode": "x"}),
    ("kaiming_normal_", ("slope",), {}),
    ("trunc_normal_", (), {}),
    ("trunc_normal_", (), {"std": 0.02}),
    ("trunc_normal_", (), {"std": 0.02, "a": -0.01, "b": 0.03}),
    ("trunc_normal_", (), {"std": 0}),
    ("trunc_normal_", (0, 1, 1.5, 3), {}),
    ("trunc_normal_", (0.1, 0.7, -0.05, 0.15), {}),
    ("trunc_normal_", (5, 1), {}),
    ("trunc_normal_", (0, 1, 4, 6), {}),
    ("orthogonal_", (), {}),
    ("orthogonal_", (1.7,), {}),
    ("sparse_", (0.3,), {}),
    ("sparse_", (0.9, 0.5), {}),
    ("uniform", (), {}),
    ("kaiming_normal", (), {}),
    ("sparse", (0.2,), {}),
]
SHAPES = ((2,), (5,), (3, 4), (40, 30), (16, 2, 5), (8, 4, 3, 3), (4, 6, 3, 3, 3), (0, 3), (3, 0))
DTYPES = ("float32", "float64", "float16", "bfloat16", "int64")


def raw(tensor):
    tensor = tensor.detach().contiguous()
    return (tensor.view(torch.int16) if tensor.dtype == torch.bfloat16 else tensor).numpy().tobytes()


def outcome(module, name, tensor, arguments, options):
    """The error or None, and the warnings, of one call that ought to return its tensor."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            error = None
            assert getattr(module, name)(tensor, *arguments, **options) is tensor
        except (ValueError, RuntimeError, ZeroDivisionError) as raised:
            error = type(raised), str(raised).split("\n")[0]
    return error, [(warning.category, str(warning.message)) for warning in caught]


def compare(call, shape, dtype, layout=lambda x: x):
    name, arguments, options = call
    seed = len(shape) + sum(shape)
    torch.manual_seed(seed)
    random.manual_seed(seed)
    theirs = torch.zeros(shape, dtype=getattr(torch, dtype))
    ours = np.zeros(shape, getattr(dtypes, dtype).numpy)
    expected = outcome(torch.nn.init, name, layout(theirs), arguments, options)
    assert outcome(init, name, Tensor._wrap(layout(ours)), arguments, options) == expected, (call, shape)
    assert raw(torch.get_rng_state()) == np.asarray(random.get_rng_state()).tobytes(), (call, shape)
    if name == "orthogonal_" and expected[0] is None and ours.size:
        np.testing.assert_allclose(ours, theirs.numpy(), rtol=0, atol=10 * np.finfo(ours.dtype).eps)
    else:
        assert raw(theirs) == ours.tobytes(), (call, shape)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("call", CALLS, ids=lambda call: f"{call[0]}{call[1]}{call[2]}")
def test_the_same_call_leaves_the_same_tensor(call, dtype):
    for shape in SHAPES:
        compare(call, shape, dtype)


LAYOUTS = {"transposed": lambda x: x.T, "every second column": lambda x: x[:, ::2]}


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_strided_tensors(layout, dtype):
    for name in ("uniform_", "normal_", "trunc_normal_", "kaiming_uniform_", "eye_", "orthogonal_"):
        compare((name, (), {}), (20, 30), dtype, LAYOUTS[layout])
    compare(("trunc_normal_", (0, 1, 1.5, 3), {}), (20, 30), dtype, LAYOUTS[layout])
    compare(("sparse_", (0.4,), {}), (20, 30), dtype, LAYOUTS[layout])


def parameters(function):
    return [(p.name, p.kind, p.default) for p in inspect.signature(function).parameters.values()]


def test_signatures_and_names():
    assert init.__all__ == sorted(torch.nn.init.__all__)
    for name in init.__all__:
        assert parameters(getattr(init, name)) == parameters(getattr(torch.nn.init, name)), name
