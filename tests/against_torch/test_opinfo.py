"""torch's own sample and error inputs for the operations that pyconv has: results, gradients, refusals.

`torch.testing._internal.common_methods_invocations.op_db` holds them; it needs the package expecttest. The 16-bit
floats are compared with torch in float64, rounded: where its float16 kernels leave the bound, as they do for strided
and dilated convolutions on some processors, agreement with them would be an error.
"""

import warnings

import ml_dtypes
import numpy as np
import pytest
import torch
from torch.testing._internal.common_methods_invocations import op_db

import pyconv
import pyconv.nn.functional as F

NAMES = {
    *(f"nn.functional.conv{ndim}d" for ndim in (1, 2, 3)),
    *(f"nn.functional.conv_transpose{ndim}d" for ndim in (1, 2, 3)),
    "nn.functional.pad",
    "nn.functional.unfold",
}
OPS = [op for op in op_db if op.name in NAMES]
UNIT = {"float16": 2.0**-11, "bfloat16": 2.0**-8, "float32": 2.0**-24, "float64": 2.0**-53}
UNIT |= {"complex64": 2.0**-24, "complex128": 2.0**-53}


def name_of(dtype):
    return str(dtype).removeprefix("torch.")


def dtypes_of(op):
    """The dtypes that the op lists for the CPU; NumPy has no complex32."""
    return sorted((d for d in op.supported_dtypes("cpu") if d is not torch.complex32), key=str)


CASES = [(op, dtype) for op in OPS for dtype in dtypes_of(op)]


def to_numpy(value):
    value = value.detach().resolve_conj().resolve_neg()
    if value.dtype is torch.bfloat16:
        return value.contiguous().view(torch.int16).numpy().view(ml_dtypes.bfloat16)
    return value.numpy()


def ours(value):
    """torch's tensors and dtypes as pyconv's."""
    if isinstance(value, torch.Tensor):
        made = pyconv.from_numpy(np.array(to_numpy(value)))
        return made.requires_grad_(value.requires_grad)
    if isinstance(value, (tuple, list)):
        return type(value)(ours(item) for item in value)
    return value


def wide(value):
    """The 16-bit floats among torch's tensors in float64."""
    if isinstance(value, torch.Tensor) and value.dtype in (torch.float16, torch.bfloat16):
        return value.detach().double().requires_grad_(value.requires_grad)
    if isinstance(value, (tuple, list)):
        return type(value)(wide(item) for item in value)
    return value


def arguments(sample, convert):
    return convert(sample.input), convert(sample.args), {key: convert(a) for key, a in sample.kwargs.items()}


def close(name, mine, theirs):
    """Both were formed from values of order 1 with at most a few thousand terms; whole dtypes agree exactly."""
    assert mine.shape == theirs.shape
    if name not in UNIT:
        np.testing.assert_array_equal(mine, theirs)
        return
    kind = np.complex128 if name.startswith("complex") else np.float64
    scale = max(1.0, float(np.abs(theirs.astype(kind)).max(initial=0)))
    np.testing.assert_allclose(mine.astype(kind), theirs.astype(kind), rtol=0, atol=64 * UNIT[name] * scale)


def run(function, sample, library):
    """The result and, where inputs require them, the gradients for a cotangent of ones."""
    inputs = sample[0], *sample[1], *sample[2].values()
    result = function(sample[0], *sample[1], **sample[2])
    wanted = [a for a in inputs if isinstance(a, library.Tensor) and a.requires_grad]
    gradients = library.autograd.grad(result, wanted, library.ones_like(result)) if wanted else ()
    return [result, *gradients]


@pytest.mark.parametrize(("op", "dtype"), CASES, ids=lambda v: getattr(v, "formatted_name", None) or name_of(v))
def test_samples(op, dtype):
    function = getattr(F, op.name.rpartition(".")[2])
    differentiable = dtype in op.supported_backward_dtypes("cpu")
    count = 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for sample in op.sample_inputs("cpu", dtype, requires_grad=differentiable):
            theirs = run(op.op, arguments(sample, wide), torch)
            mine = run(function, arguments(sample, ours), pyconv)
            assert len(mine) == len(theirs)
            for a, b in zip(mine, theirs, strict=True):
                assert name_of(a.dtype) == name_of(dtype)
                close(name_of(dtype), a.detach().numpy(), to_numpy(b))
            count += 1
    assert count


@pytest.mark.parametrize("op", [op for op in OPS if op.error_inputs_func], ids=lambda op: op.formatted_name)
def test_error_inputs(op):
    function = getattr(F, op.name.rpartition(".")[2])
    for error in op.error_inputs("cpu"):
        sample = error.sample_input
        with pytest.raises(error.error_type) as theirs:
            op.op(sample.input, *sample.args, **sample.kwargs)
        first, rest, named = arguments(sample, ours)
        with pytest.raises(error.error_type) as mine:
            function(first, *rest, **named)
        assert type(mine.value) is type(theirs.value)
        assert str(mine.value) == str(theirs.value)
