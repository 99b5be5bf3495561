"""What the generator refuses, in torch 2.13.0's words (recorded by hand from the calls named here)."""

import math
import warnings

import numpy as np
import pytest

import pyconv
from pyconv import dtypes
from pyconv.random import Generator

BAD_CALLS = {
    "seed above 64 bits": (lambda g: g.manual_seed(2**64), ValueError, "Overflow when unpacking long long"),
    "seed below 64 bits": (lambda g: g.manual_seed(-(2**63) - 1), ValueError, "Overflow when unpacking long long"),
    "seed float": (lambda g: g.manual_seed(1.5), RuntimeError, "manual_seed expected a long, but got float"),
    "seed bool": (lambda g: g.manual_seed(True), RuntimeError, "manual_seed expected a long, but got bool"),
    "seed NumPy": (lambda g: g.manual_seed(np.int64(3)), TypeError, "an integer is required"),
    "state type": (lambda g: g.set_state(3), TypeError, "expected a torch.ByteTensor, but got int"),
    "state dtype": (lambda g: g.set_state(np.zeros(5056)), TypeError, "RNG state must be a torch.ByteTensor"),
    "state size": (
        lambda g: g.set_state(np.zeros(3, np.uint8)),
        RuntimeError,
        "Expected a CPUGeneratorImplState of size 5056 but found the input RNG state size to be 3",
    ),
    "state zero": (lambda g: g.set_state(np.zeros(5056, np.uint8)), RuntimeError, "Invalid mt19937 state"),
    "uniform order": (
        lambda g: g.uniform(0, 1, 0),
        RuntimeError,
        "uniform_ expects to return a [from, to) range, but found from=1 > to=0",
    ),
    "uniform bound": (lambda g: g.uniform(1, -2e39, 0), RuntimeError, "from is out of bounds for float"),
    "uniform nan": (lambda g: g.uniform(1, 0, math.nan), RuntimeError, "to is out of bounds for float"),
    "uniform half": (lambda g: g.uniform(1, 0, 1e5, "f2"), RuntimeError, "to is out of bounds for c10::Half"),
    "uniform range": (
        lambda g: g.uniform(1, -1e308, 1e308, "f8"),
        RuntimeError,
        "uniform_ expects to-from <= std::numeric_limits<Double>::max(), but found to=1e+308 and "
        "from=-1e+308 which result in to-from to exceed the limit",
    ),
    "uniform dtype": (
        lambda g: g.uniform(0, dtype="i8"),
        NotImplementedError,
        "\"check_uniform_bounds\" not implemented for 'Long'",
    ),
    "normal std": (lambda g: g.normal(0, 0, -1), RuntimeError, "normal expects std >= 0.0, but found std -1"),
    "normal nan": (lambda g: g.normal(1, 0, math.nan), RuntimeError, "normal expects std >= 0.0, but found std nan"),
    "normal dtype": (
        lambda g: g.normal(1, dtype="i8"),
        NotImplementedError,
        "\"normal_kernel_cpu\" not implemented for 'Long'",
    ),
    "bernoulli p": (lambda g: g.bernoulli(1.5, 0), RuntimeError, "bernoulli_ expects p to be in [0, 1], but got p=1.5"),
    "bernoulli p array": (
        lambda g: g.bernoulli(np.array([0.5, math.nan])),
        RuntimeError,
        "Expected p_in >= 0 && p_in <= 1 to be true, but got false.  (Could this error message be improved?  "
        "If so, please report an enhancement request to PyTorch.)",
    ),
    "bernoulli p dtype": (
        lambda g: g.bernoulli(np.array([1])),
        NotImplementedError,
        "\"bernoulli_tensor_cpu_p_\" not implemented for 'Long'",
    ),
    "bernoulli dtype": (
        lambda g: g.bernoulli(0.5, 3, "c8"),
        NotImplementedError,
        "\"bernoulli_scalar_cpu_\" not implemented for 'ComplexFloat'",
    ),
    "integers empty": (
        lambda g: g.integers(5, 5, 0),
        RuntimeError,
        "random_ expects 'from' to be less than 'to', but got from=5 >= to=5",
    ),
    "integers dtype": (
        lambda g: g.integers(0, 300, 1, "u1"),
        RuntimeError,
        "to - 1 is out of bounds for unsigned char",
    ),
    "integers complex": (
        lambda g: g.integers(0, 3, 1, "c8"),
        RuntimeError,
        "check_random_bounds handles only integral, floating-point and boolean types",
    ),
    "integers wide": (lambda g: g.integers(0, 2**63, 1), ValueError, "Overflow when unpacking long long"),
    "permutation": (
        lambda g: g.permutation(-1),
        RuntimeError,
        "Trying to create tensor with negative dimension -1: [-1]",
    ),
}


@pytest.mark.parametrize("name", BAD_CALLS)
def test_errors_are_torchs_and_draw_nothing(name):
    call, error, text = BAD_CALLS[name]
    generator = Generator()
    before = generator.get_state().numpy().tobytes()
    with pytest.raises(error) as caught:
        call(generator)
    assert (type(caught.value), str(caught.value)) == (error, text)
    assert generator.get_state().numpy().tobytes() == before


def test_other_devices_are_refused():
    assert Generator("cpu").device == Generator("cpu:0").device == pyconv.device("cpu")
    with pytest.raises(RuntimeError, match="Cannot get CUDA generator"):
        Generator("cuda")


def test_integers_beyond_a_floats_precision_warn():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        drawn = Generator().integers(0, 2**25, 1000, np.float32)
    assert len(caught) == 1
    assert str(caught[0].message).startswith("to - 1 is out of bounds [-(2^24), 2^24]. ")
    below = Generator().integers(0, 2**25 - 2, 1000)
    np.testing.assert_array_equal(drawn, below.astype(np.float32))


@pytest.mark.parametrize(("left", "position"), [(0, 625), (625, 0), (-1, 626), (1, 1), (3, 3)])
def test_a_state_that_no_stream_has_is_refused(left, position):
    state = Generator().get_state().numpy()
    state[8:12] = np.array([left], np.int32).view(np.uint8)
    state[16:24] = np.array([position], np.uint64).view(np.uint8)
    with pytest.raises(RuntimeError, match=r"^Invalid mt19937 state$"):
        Generator().set_state(state)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
def test_bounds_may_be_the_largest_numbers(dtype):
    kind = getattr(dtypes, dtype).numpy
    largest = {"float16": 65504.0, "bfloat16": 2.0**128 - 2.0**120}.get(dtype) or float(np.finfo(kind).max)
    assert np.isfinite(Generator().uniform(50, 0, largest, kind).astype(np.float64)).all()
    assert np.isfinite(Generator().uniform(50, -largest, 0, kind).astype(np.float64)).all()
