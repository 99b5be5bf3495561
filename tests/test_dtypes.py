"""torch's data types over NumPy's: facts, promotion, accumulation.

The lattice in `PROMOTED` is torch 2.13's, row by row: `torch.promote_types(row, column)` for every pair of `NAMES`.
"""

import copy
import itertools
import pickle
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pyconv
from pyconv import dtypes

SHORT = {
    "b": "bool",
    "u1": "uint8",
    "i1": "int8",
    "i2": "int16",
    "i4": "int32",
    "i8": "int64",
    "f2": "float16",
    "bf": "bfloat16",
    "f4": "float32",
    "f8": "float64",
    "c8": "complex64",
    "c16": "complex128",
}
NAMES = list(SHORT.values())
PROMOTED = """
    b   u1  i1  i2  i4  i8  f2  bf  f4  f8  c8  c16
    u1  u1  i2  i2  i4  i8  f2  bf  f4  f8  c8  c16
    i1  i2  i1  i2  i4  i8  f2  bf  f4  f8  c8  c16
    i2  i2  i2  i2  i4  i8  f2  bf  f4  f8  c8  c16
    i4  i4  i4  i4  i4  i8  f2  bf  f4  f8  c8  c16
    i8  i8  i8  i8  i8  i8  f2  bf  f4  f8  c8  c16
    f2  f2  f2  f2  f2  f2  f2  f4  f4  f8  c8  c16
    bf  bf  bf  bf  bf  bf  f4  bf  f4  f8  c8  c16
    f4  f4  f4  f4  f4  f4  f4  f4  f4  f8  c8  c16
    f8  f8  f8  f8  f8  f8  f8  f8  f8  f8  c16 c16
    c8  c8  c8  c8  c8  c8  c8  c8  c8  c16 c8  c16
    c16 c16 c16 c16 c16 c16 c16 c16 c16 c16 c16 c16
"""
LATTICE = [[SHORT[code] for code in line.split()] for line in PROMOTED.strip().splitlines()]
KINDS = {name: dtypes.bool_ if name == "bool" else getattr(dtypes, name) for name in NAMES}


def test_the_lattice():
    for (i, a), (j, b) in itertools.product(enumerate(NAMES), repeat=2):
        assert dtypes.promote_types(KINDS[a], KINDS[b]) is KINDS[LATTICE[i][j]], (a, b)


@given(st.sampled_from(NAMES), st.sampled_from(NAMES), st.sampled_from(NAMES))
def test_promotion_does_not_depend_on_order(a, b, c):
    x, y, z = KINDS[a], KINDS[b], KINDS[c]
    promote = dtypes.promote_types
    assert promote(x, y) is promote(y, x)
    assert promote(promote(x, y), z) is promote(x, promote(y, z))


@pytest.mark.parametrize(
    ("a", "b"), [("uint16", "int8"), ("uint32", "bool_"), ("int64", "uint64"), ("uint16", "uint32")]
)
def test_large_unsigned_integers_are_not_promoted(a, b):
    with pytest.raises(RuntimeError, match="Promotion for uint16, uint32, uint64 types is not supported, attempted to"):
        dtypes.promote_types(getattr(dtypes, a), getattr(dtypes, b))
    assert dtypes.promote_types(dtypes.uint16, dtypes.uint16) is dtypes.uint16
    assert dtypes.promote_types(dtypes.uint16, dtypes.float32) is dtypes.float32


def test_float8_is_not_promoted():
    with pytest.raises(
        RuntimeError, match="Promotion for Float8 Types is not supported, attempted to promote Float8_e5m2"
    ):
        dtypes.promote_types(dtypes.float8_e5m2, dtypes.float32)


@pytest.mark.parametrize(
    ("operands", "expected"),
    [
        ([("float32", "array"), ("float64", "zero_dim")], "float32"),
        ([("float16", "zero_dim"), ("float64", "zero_dim")], "float64"),
        ([("int8", "array"), ("int64", "zero_dim")], "int8"),
        ([("int64", "array"), ("float64", "zero_dim")], "float64"),
        ([("int64", "array"), ("float64", "number")], "float32"),
        ([("float64", "array"), ("complex128", "number")], "complex128"),
        ([("bool", "array"), ("int64", "number")], "int64"),
        ([("float16", "array"), ("float64", "number")], "float16"),
        ([("float64", "number"), ("int64", "number")], "float32"),
        ([("int32", "zero_dim"), ("complex64", "zero_dim"), ("float64", "number")], "complex64"),
    ],
)
def test_operands_with_dimensions_outrank_those_without_and_both_outrank_numbers(operands, expected):
    assert dtypes.result_type([(KINDS[name], rank) for name, rank in operands]) is KINDS[expected]


def test_numbers_have_a_category():
    for value in (True, np.bool_(True)):
        assert dtypes.of_number(value) is dtypes.bool_
    for value in (3, np.int8(3), np.uint64(3)):
        assert dtypes.of_number(value) is dtypes.int64
    for value in (3.0, np.float32(3), np.float16(3)):
        assert dtypes.of_number(value) is dtypes.float64
    for value in (3j, np.complex64(3)):
        assert dtypes.of_number(value) is dtypes.complex128


@pytest.mark.parametrize("name", [*NAMES, "uint16", "uint32", "uint64", "float8_e4m3fn", "float8_e5m2"])
def test_every_dtype_has_one_of_numpys(name):
    kind = dtypes.bool_ if name == "bool" else getattr(dtypes, name)
    assert dtypes.of(kind.numpy) is dtypes.of(np.zeros(1, kind.numpy)) is kind
    assert kind.numpy.itemsize == kind.itemsize
    assert repr(kind) == f"torch.{name}"
    for again in (copy.deepcopy(kind), pickle.loads(pickle.dumps(kind))):
        assert again is kind


def test_complex32_has_none():
    with pytest.raises(TypeError, match=r"torch\.complex32 has no NumPy counterpart"):
        _ = dtypes.complex32.numpy


def test_facts():
    assert [dtypes.category(KINDS[name]) for name in NAMES] == [0, *[1] * 5, *[2] * 4, *[3] * 2]
    assert [KINDS[name].is_signed for name in NAMES[:3]] == [False, False, True]
    assert dtypes.float32.is_floating_point
    assert not dtypes.complex64.is_floating_point
    assert dtypes.complex64.is_complex
    assert [KINDS[name].to_complex().name for name in ("float16", "float32", "float64")] == [
        "complex32", "complex64", "complex128",
    ]  # fmt: skip
    aliases = {"half": "float16", "double": "float64", "long": "int64", "short": "int16", "cfloat": "complex64"}
    assert all(getattr(pyconv, alias) is getattr(pyconv, name) for alias, name in aliases.items())
    assert pyconv.float is pyconv.float32
    assert pyconv.int is pyconv.int32


@pytest.mark.parametrize(
    ("key", "kind"), [(np.dtype("U1"), TypeError), (np.dtype(object), TypeError), (np.dtype(">f4"), ValueError)]
)
def test_what_torch_does_not_have(key, kind):
    with pytest.raises(kind, match=r"can't convert np.ndarray of type|byte order different from the native"):
        dtypes.of(key)


@pytest.mark.parametrize("name", NAMES)
def test_accumulation_widens_16_bit_floats_alone(name):
    key = KINDS[name].numpy
    assert dtypes.accumulation(key) == (np.float32 if name in ("float16", "bfloat16") else key)


def test_the_default_dtype():
    assert dtypes.get_default_dtype() is dtypes.float32
    try:
        dtypes.set_default_dtype(dtypes.float64)
        assert pyconv.ones(1).dtype is pyconv.tensor(1.0).dtype is pyconv.float64
        assert (pyconv.arange(2) / 2).dtype is pyconv.float64
        assert pyconv.tensor(1j).dtype is pyconv.complex128
    finally:
        dtypes.set_default_dtype(dtypes.float32)
    for wrong in (dtypes.int64, "float32"):
        with pytest.raises(TypeError, match="only floating-point types are supported as the default type"):
            dtypes.set_default_dtype(wrong)


def test_types_by_name():
    assert dtypes.of_type_name("torch.DoubleTensor") is dtypes.float64
    with pytest.raises(ValueError, match=r"invalid type: 'torch\.NoTensor'"):
        dtypes.of_type_name("torch.NoTensor")


def test_bfloat16_without_ml_dtypes_says_what_is_missing():
    code = (
        "import sys; sys.modules['ml_dtypes'] = None\n"
        "import pyconv\n"
        "try: pyconv.ones(2, dtype=pyconv.bfloat16)\n"
        "except TypeError as error: print(error)\n"
        "print(pyconv.ones(2).half().double().tolist())"
    )
    ran = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{code}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.splitlines() == [
        "torch.bfloat16 needs the package ml_dtypes: pip install 'pyconv[bf16]'",
        "[1.0, 1.0]",
    ]
