"""Tensors given for results: the dtypes and the memory that functions write into. Texts recorded from torch 2.13."""

import numpy as np
import pytest

import pyconv
from pyconv import dtypes
from pyconv.signatures.out import options_for
from pyconv.signatures.out_rules import check_dtype, check_memory

SAME = "Expected out tensor to have dtype float, but got double instead"
TWICE = "unsupported operation: more than one element of the written-to tensor refers to a single memory location."
READ = "unsupported operation: some elements of the input tensor and the written-to tensor refer to a single memory"


@pytest.mark.parametrize(
    ("name", "got", "kind", "text"),
    [
        ("mm", "float64", RuntimeError, SAME),
        ("exp", "int32", RuntimeError, "result type Float can't be cast to the desired output type Int"),
        ("cat", "int32", TypeError, "torch.cat(): input types can't be cast to the desired output type Int"),
        ("neg", "float64", RuntimeError, "Found dtype Double but expected Float"),
        ("take", "float64", RuntimeError, "take(): self and out expected to have the same dtype, but got self.dtype ="),
        ("fft_irfft", "complex64", RuntimeError, "irfft expects a floating point output tensor, but got ComplexFloat"),
        ("fft_irfft2", "int32", RuntimeError, "irfftn expects a floating point output tensor, but got Int"),
        ("linalg_pinv", "int32", RuntimeError, "linalg.pinv: Expected result to be safely castable from Float dtype"),
        ("signbit", "float64", RuntimeError, "signbit does not support non-boolean outputs."),
    ],
)
def test_a_dtype_that_a_function_does_not_write_into(name, got, kind, text):
    with pytest.raises(kind) as error:
        check_dtype(name, dtypes.float32, getattr(dtypes, got))
    assert str(error.value).startswith(text)


@pytest.mark.parametrize(
    ("name", "want", "got"),
    [
        ("exp", "float32", "complex64"),
        ("exp", "float32", "float16"),
        ("eq", "bool_", "int8"),
        ("mm", "int8", "int8"),
        ("fft_fft", "complex64", "complex128"),
        ("all", "bool_", "uint8"),
    ],
)
def test_a_dtype_that_it_does(name, want, got):
    check_dtype(name, getattr(dtypes, want), getattr(dtypes, got))


@pytest.mark.parametrize(("name", "refused"), [("exp", False), ("gather", True), ("softmax", False)])
def test_memory_of_an_operand_in_its_own_place(name, refused):
    x = np.arange(6.0)
    if refused:
        with pytest.raises(RuntimeError, match=READ):
            check_memory(name, x, [x])
    else:
        check_memory(name, x, [x])


@pytest.mark.parametrize(
    ("name", "refused"), [("exp", True), ("cat", True), ("softmax", False), ("sum", False), ("linalg_inv", False)]
)
def test_memory_of_an_operand_in_another(name, refused):
    x = np.arange(6.0)
    if refused:
        with pytest.raises(RuntimeError, match=READ):
            check_memory(name, x[1:], [x[:-1]])
    else:
        check_memory(name, x[1:], [x[:-1]])


def test_memory_between_that_of_an_operand_is_free():
    x = np.arange(6.0).reshape(3, 2)
    check_memory("exp", x[:, 1:], [x[:, :1]])


def test_memory_written_to_twice():
    with pytest.raises(RuntimeError, match=TWICE[:60]):
        pyconv.exp(pyconv.zeros(3), out=pyconv.zeros(1).expand(3))
    check_memory("amax", np.broadcast_to(np.zeros(1), 3), [])


def test_a_sum_is_added_up_in_the_dtype_of_out():
    many = pyconv.full((3,), 2**24 + 1, dtype=pyconv.int64)
    assert pyconv.sum(many, 0, out=pyconv.empty(0, dtype=pyconv.float64)).item() == 3 * (2**24 + 1)
    small = pyconv.full((5,), 100, dtype=pyconv.uint8)
    assert pyconv.sum(small, 0, out=pyconv.empty(0, dtype=pyconv.uint8)).item() == 500 % 256
    assert options_for("mean", pyconv.empty(0, dtype=pyconv.int32), {}) == {}
    assert options_for("sum", pyconv.empty(0), {"dtype": pyconv.int8}) == {"dtype": pyconv.int8}


def test_an_out_of_another_shape_is_resized_in_its_memory_with_a_warning():
    x = pyconv.zeros(4)
    out = x[:3]
    with pytest.warns(UserWarning, match=r"shape \[3\], which does not match the required output shape \[2\]"):
        pyconv.add(pyconv.ones(2), 1, out=out)
    assert x.tolist() == [2, 2, 0, 0]
    assert pyconv.add(pyconv.ones(9), 1, out=pyconv.empty(0)).shape == (9,)


def test_an_operand_that_grows_as_out_shares_its_memory():
    x, y, z = pyconv.zeros(0), pyconv.ones(2, 3), pyconv.ones(1, 3)
    with pytest.raises(RuntimeError, match=READ):
        pyconv.cat((x, y), out=x)
    with pytest.raises(RuntimeError, match=READ):
        pyconv.cat((x, y), out=y[:1])
    with pytest.raises(RuntimeError, match=READ):
        pyconv.kthvalue(y, 1, 0, True, out=(y[:1], pyconv.zeros(0, dtype=pyconv.int64)))
    with pytest.raises(RuntimeError, match=READ):
        pyconv.kthvalue(z, 1, 0, True, out=(z, pyconv.zeros(0, dtype=pyconv.int64)))


@pytest.mark.parametrize(
    "call",
    [
        lambda x, y: pyconv.add(x, y, out=x),
        lambda x, y: pyconv.lerp(y, x, 0.5, out=x),
        lambda x, y: pyconv.where(y > 0, x, y, out=x),
        lambda x, y: pyconv.eq(x, y, out=x),
        lambda x, y: pyconv.max(x, y, out=x),
    ],
)
def test_an_operand_does_not_grow_to_the_shape_of_the_result(call):
    x = pyconv.arange(3.0)
    with pytest.raises(RuntimeError) as error:
        call(x, pyconv.ones(2, 3))
    assert str(error.value) == "output with shape [3] doesn't match the broadcast shape [2, 3]"
    assert x.tolist() == [0, 1, 2]


def test_what_is_no_operand_grows_with_a_warning():
    with pytest.warns(UserWarning, match="An output with one or more elements was resized"):
        grown = pyconv.add(pyconv.arange(3.0), pyconv.ones(2, 3), out=pyconv.zeros(1))
    assert grown.shape == (2, 3)


def test_memory_is_looked_at_before_the_dtype_where_operands_broadcast():
    x = pyconv.arange(3)
    with pytest.raises(RuntimeError, match=READ):
        pyconv.atan2(x, pyconv.ones(2, 3), out=x[:2])


@pytest.mark.parametrize("name", ["median", "nanmedian"])
def test_the_median_of_a_line_may_go_into_the_line(name):
    x, index = pyconv.tensor([4.0, 0.0, 2.0]), pyconv.empty(0, dtype=pyconv.int64)
    with pytest.warns(UserWarning, match="was resized"):
        getattr(pyconv, name)(x, 0, out=(x, index))
    assert (x.tolist(), index.tolist()) == (2.0, 2)
    x = pyconv.arange(6.0).reshape(2, 3)
    with pytest.warns(UserWarning, match="was resized"), pytest.raises(RuntimeError, match=READ):
        getattr(pyconv, name)(x, 0, out=(x, index))
