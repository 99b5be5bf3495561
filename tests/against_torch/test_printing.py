"""The printer beside torch's own: the same text for random arrays, option by option and dtype by dtype."""

import itertools
import random
import zlib

import numpy as np
import pytest
import torch

from pyconv import dtypes, printing

FLOATS = ("float32", "float64", "float16", "bfloat16", "float8_e4m3fn", "float8_e5m2")
COMPLEXES = ("complex64", "complex128")
INTEGERS = ("bool", "uint8", "int8", "int16", "int32", "int64", "uint16", "uint32", "uint64")
SHAPES = (
    (),
    (1,),
    (7,),
    (23,),
    (40,),
    (4, 5),
    (9, 3),
    (1, 8),
    (8, 8),
    (2, 3, 4),
    (3, 1, 2, 5),
    (2, 2, 2, 2, 2),
    (0,),
    (0, 3),
    (2, 0, 4),
)
LARGE_SHAPES = ((1000,), (1001,), (32, 32), (5, 300), (300, 5), (12, 12, 12), (2, 7, 8, 10))
OPTIONS = {
    "precision": (None, None, 0, 1, 2, 6, 9),
    "threshold": (None, None, 0, 5, 20, float("inf")),
    "edgeitems": (None, None, 0, 1, 2, 5),
    "linewidth": (None, None, 0, 20, 45, 100, 200),
    "profile": (None, None, "default", "short", "full", "no such profile"),
    "sci_mode": (None, None, None, True, False),
}


def log_uniform(rng, shape, low, high):
    return rng.choice([-1.0, 1.0], shape) * 10.0 ** rng.uniform(low, high, shape)


def sprinkled(rng, values, specials):
    """`values` with about a third of them replaced by specials."""
    return np.where(rng.random(values.shape) < 1 / 3, rng.choice(specials, values.shape), values)


SPECIALS = (np.nan, np.inf, -np.inf, 0.0, -0.0)
FILLS = {
    "normal": lambda rng, shape: rng.normal(size=shape),
    "whole": lambda rng, shape: rng.integers(-30, 31, shape).astype(float),
    "whole and large": lambda rng, shape: np.floor(log_uniform(rng, shape, 0, 12)),
    "whole but for one": lambda rng, shape: rng.integers(1, 9, shape) + 0.5 * (rng.random(shape) < 0.05),
    "any magnitude": lambda rng, shape: log_uniform(rng, shape, -30, 30),
    "one magnitude": lambda rng, shape: log_uniform(rng, shape, 0, 1) * 10.0 ** rng.integers(-30, 31),
    "float64 magnitude": lambda rng, shape: log_uniform(rng, shape, -320, 308),
    "about 1e-4": lambda rng, shape: rng.choice([0.9999e-4, 1e-4, 1.0001e-4, 2e-4], shape),
    "about 1e8": lambda rng, shape: rng.choice([99999992.0, 1e8, 100000008.0, 2e8], shape),
    "about 1000 to 1": lambda rng, shape: rng.choice([0.5, 1.0, 999.5, 1000.0, 1000.5], shape),
    "rounds up": lambda rng, shape: rng.choice([0.99995, 9.99996, 99.99999, 0.5, 1.5, 2.5, 0.00005], shape),
    "whole with specials": lambda rng, shape: sprinkled(rng, rng.integers(-5, 6, shape) * 1.0, SPECIALS),
    "normal with specials": lambda rng, shape: sprinkled(rng, rng.normal(size=shape), SPECIALS),
    "any with specials": lambda rng, shape: sprinkled(rng, log_uniform(rng, shape, -30, 30), SPECIALS),
    "specials alone": lambda rng, shape: rng.choice(SPECIALS, shape),
    "zeros": lambda rng, shape: np.zeros(shape),
}
INTEGER_FILLS = {
    "small": lambda rng, info, shape: rng.integers(0, 9, shape),
    "any": lambda rng, info, shape: rng.integers(info.min, info.max, shape, info.dtype, endpoint=True),
    "extremes": lambda rng, info, shape: rng.choice(np.array([info.min, info.max], info.dtype), shape),
}


def seeded(*names):
    return np.random.default_rng(zlib.crc32(" ".join(names).encode()))


def float_array(rng, name, fill, shape):
    """A filled array of the named float or complex dtype."""
    values = np.asarray(FILLS[fill](rng, shape))
    if name in COMPLEXES:
        parts = values, np.asarray(FILLS[fill](rng, shape))
        values = np.empty(shape, complex)
        values.real, values.imag = parts
    with np.errstate(all="ignore"):
        return np.asarray(values).astype(getattr(dtypes, name).numpy)


def integer_array(rng, name, fill, shape):
    if name == "bool":
        return np.asarray(rng.random(shape) < {"small": 0.5, "any": 0.1, "extremes": 1}[fill])
    return np.asarray(INTEGER_FILLS[fill](rng, np.iinfo(name), shape)).astype(name)


def any_array(rng, name, shape):
    if name in INTEGERS:
        return integer_array(rng, name, "any", shape)
    return float_array(rng, name, "normal", shape)


def as_torch(array):
    """A torch tensor with the array's bits."""
    name = dtypes.of(array).name
    if name.startswith(("bfloat", "float8")):
        array = array.view(f"uint{8 * array.itemsize}")
    return torch.from_numpy(array.copy()).view(getattr(torch, name))


def set_both(options):
    torch.set_printoptions(**options)
    printing.set_printoptions(**options)


@pytest.fixture(autouse=True)
def _defaults_afterwards():
    yield
    set_both({"profile": "default"})
    torch.set_default_dtype(torch.float32)
    dtypes.set_default_dtype(dtypes.float32)


def random_options(rng):
    return {name: rng.choice(np.array(values, object)) for name, values in OPTIONS.items()}


def assert_same_text(array, note=""):
    expected = repr(as_torch(array))
    assert printing.format_tensor(array) == expected, note


def compare_under_options(arrays, rng):
    """Compare every array under the default options and under random ones."""
    for array in arrays:
        set_both({"profile": "default"})
        assert_same_text(array)
        options = random_options(rng)
        set_both(options)
        assert_same_text(array, str(options))


@pytest.mark.parametrize("fill", FILLS)
@pytest.mark.parametrize("name", FLOATS + COMPLEXES)
def test_floats(name, fill):
    rng = seeded(name, fill)
    compare_under_options([float_array(rng, name, fill, shape) for shape in SHAPES], rng)


@pytest.mark.parametrize("fill", INTEGER_FILLS)
@pytest.mark.parametrize("name", INTEGERS)
def test_integers(name, fill):
    rng = seeded(name, fill)
    compare_under_options([integer_array(rng, name, fill, shape) for shape in SHAPES], rng)


@pytest.mark.parametrize("name", ["float16", "bfloat16"])
def test_bit_patterns_of_sixteen_bits(name):
    """Patterns from end to end, in fours and alone: subnormals, NaNs of many payloads, both zeros."""
    patterns = np.arange(2**16, dtype=np.uint16).view(getattr(dtypes, name).numpy)
    for four in patterns.reshape(-1, 4)[::31]:
        assert_same_text(four)
        assert_same_text(four[:1].reshape(()))


@pytest.mark.parametrize("name", FLOATS + COMPLEXES)
@pytest.mark.parametrize("shape", LARGE_SHAPES)
def test_beyond_the_threshold(name, shape):
    rng = seeded(name, str(shape))
    for fill in ("normal", "whole", "any magnitude"):
        assert_same_text(float_array(rng, name, fill, shape))


def test_only_the_elements_shown_decide_the_format():
    values = np.ones((40, 40), np.float32)
    values[20, 20] = 1e-20
    assert_same_text(values)
    values[20, 1] = 0.5
    assert_same_text(values)
    values[1, 1] = 0.5
    assert_same_text(values)


def test_array_with_strides_that_are_not_its_own():
    base = np.arange(48, dtype=np.float32).reshape(6, 8) / 7
    for view in (base.T, base[::-1, ::3], np.broadcast_to(base[:, :1], (6, 3))):
        assert_same_text(view)


@pytest.mark.parametrize("default", ["float64", "float16", "bfloat16"])
def test_default_dtype_goes_without_saying(default):
    torch.set_default_dtype(getattr(torch, default))
    dtypes.set_default_dtype(getattr(dtypes, default))
    for name, shape in itertools.product(FLOATS + COMPLEXES + INTEGERS, ((), (2,), (0,), (2, 0))):
        assert_same_text(any_array(seeded(name), name, shape))


class Marked(torch.Tensor):
    pass


class Weight(torch.nn.Parameter):
    pass


def torch_variants(tensor):
    """The kinds of tensor that torch prints apart, each with the arguments that say so to the printer."""
    yield tensor.clone().requires_grad_(), {"requires_grad": True}
    yield tensor.clone().requires_grad_().clone(), {"requires_grad": True, "grad_fn_name": "CloneBackward0"}
    parameter = torch.nn.Parameter(tensor)
    yield parameter, {"requires_grad": True, "is_parameter": True}
    yield torch.nn.Parameter(tensor, requires_grad=False), {"is_parameter": True}
    yield tensor.as_subclass(Marked), {"type_name": "Marked"}
    yield Weight(tensor), {"requires_grad": True, "is_parameter": True, "type_name": "Weight"}


@pytest.mark.parametrize("name", ["float32", "bfloat16", "complex64", "complex128"])
@pytest.mark.parametrize("fill", ["normal", "whole", "any with specials"])
def test_what_follows_the_elements(name, fill):
    rng = seeded(name, fill, "suffixes")
    for shape in SHAPES:
        array = float_array(rng, name, fill, shape)
        for tensor, arguments in torch_variants(as_torch(array)):
            set_both({"profile": "default", "linewidth": int(rng.integers(20, 90))})
            assert printing.format_tensor(array, **arguments) == repr(tensor), arguments


def test_suffixes_break_lines_where_torch_breaks_them():
    for array in (np.zeros((3, 0), np.float16), np.ones((2, 4), np.float16), np.ones((), np.float16)):
        tensor = as_torch(array).requires_grad_()
        for linewidth in range(90):
            set_both({"linewidth": linewidth})
            assert printing.format_tensor(array, requires_grad=True) == repr(tensor)


def test_indented_text_is_torchs_for_a_narrower_line_moved_right():
    rng = seeded("indent")
    for shape, indent in itertools.product(SHAPES, (1, 4, 13)):
        array = float_array(rng, "float32", "normal", shape)
        torch.set_printoptions(linewidth=60)
        lines = repr(as_torch(array)).split("\n")
        printing.set_printoptions(linewidth=60 + indent)
        moved = "\n".join(" " * indent * bool(line) + line for line in lines)
        assert " " * indent + printing.format_tensor(array, indent=indent) == moved


def outcome(function, *arguments):
    """What a call returns, or the type and text of what it raises."""
    try:
        return function(*arguments)
    except Exception as error:
        return type(error), str(error)


@pytest.mark.parametrize("format_spec", ["", "d", "5", ">9", "+.3f", ".2e", "s", "x", "08.3f", "g", ",", "!"])
@pytest.mark.parametrize("name", FLOATS + COMPLEXES + INTEGERS)
def test_format_of_a_single_element(name, format_spec):
    rng = seeded(name, "format")
    array = any_array(rng, name, ())
    expected = outcome(format, as_torch(array), format_spec)
    assert outcome(printing.format_scalar, array, format_spec) == expected


@pytest.mark.parametrize(
    "options",
    [
        {"precision": "a"},
        {"precision": -1},
        {"precision": 2.5},
        {"precision": True},
        {"sci_mode": "x"},
        {"threshold": "a"},
        {"linewidth": 37.5},
        {"linewidth": float("inf")},
        {"linewidth": -5},
        {"profile": 3},
    ],
    ids=str,
)
def test_odd_options_fail_or_pass_as_in_torch(options):
    set_both(options)
    for array in (np.array([1.5, 2, 3]), np.arange(5.0), np.array(2.0)):
        assert outcome(printing.format_tensor, array) == outcome(repr, as_torch(array))


def test_options_in_force_are_torchs():
    from torch._tensor_str import get_printoptions

    draw = random.Random(11)
    for _ in range(300):
        set_both({name: draw.choice(values) for name, values in OPTIONS.items() if draw.random() < 0.5})
        assert printing.get_printoptions() == get_printoptions()
