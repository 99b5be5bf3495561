"""The printer against texts recorded from torch 2.13.0, and against rules that hold for every array.

To record a text anew: `torch.set_printoptions(profile="default", **options)`, then `repr(...)` of the tensor
with the dtype and the values in the row.
"""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from pyconv import dtypes
from pyconv.printing import format_scalar, format_tensor, get_printoptions, set_printoptions

nan, inf = math.nan, math.inf


@pytest.fixture(autouse=True)
def _defaults_afterwards():
    yield
    set_printoptions(profile="default")
    dtypes.set_default_dtype(dtypes.float32)


def of(values, dtype=dtypes.float32):
    return np.array(values, dtype.numpy)


def counting(*shape, dtype=dtypes.float32):
    return np.arange(math.prod(shape)).reshape(shape).astype(dtype.numpy)


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ([1, 2, -3], "tensor([ 1.,  2., -3.])"),
        ([1.5, 2, -3], "tensor([ 1.5000,  2.0000, -3.0000])"),
        ([0.0, -0.0], "tensor([0., -0.])"),
        ([1, nan, inf, -inf], "tensor([1., nan, inf, -inf])"),
        ([0.5, nan, inf, -inf], "tensor([0.5000,    nan,    inf,   -inf])"),
        ([nan, -inf, 0], "tensor([nan, -inf, 0.])"),
        ([1e-5, 1], "tensor([1.0000e-05, 1.0000e+00])"),
        ([1, 1000], "tensor([   1., 1000.])"),
        ([1, 1001], "tensor([1.0000e+00, 1.0010e+03])"),
        ([0.5, 500], "tensor([  0.5000, 500.0000])"),
        ([0.5, 501], "tensor([5.0000e-01, 5.0100e+02])"),
        ([1e8], "tensor([100000000.])"),
        ([1.00000008e8], "tensor([1.0000e+08])"),
        ([1.5e8, -0.0, nan], "tensor([1.5000e+08, -0.0000e+00,        nan])"),
        (3.25, "tensor(3.2500)"),
        ([], "tensor([])"),
    ],
)
def test_float32(values, text):
    assert format_tensor(of(values)) == text


@pytest.mark.parametrize(
    ("values", "dtype", "text"),
    [
        ([0.0001], dtypes.float64, "tensor([0.0001], dtype=torch.float64)"),
        ([0.00009999], dtypes.float64, "tensor([9.9990e-05], dtype=torch.float64)"),
        ([5e-324, 1e308], dtypes.float64, "tensor([4.9407e-324, 1.0000e+308], dtype=torch.float64)"),
        ([0.1], dtypes.float16, "tensor([0.1000], dtype=torch.float16)"),
        ([0.1, 3], dtypes.bfloat16, "tensor([0.1001, 3.0000], dtype=torch.bfloat16)"),
        ([0.1, -240], dtypes.float8_e4m3fn, "tensor([ 1.0156e-01, -2.4000e+02], dtype=torch.float8_e4m3fn)"),
        ([True, False], dtypes.bool_, "tensor([ True, False])"),
        (True, dtypes.bool_, "tensor(True)"),
        (7, dtypes.int64, "tensor(7)"),
        ([[1, -20], [300, 4]], dtypes.int64, "tensor([[  1, -20],\n        [300,   4]])"),
        ([1, 2], dtypes.int32, "tensor([1, 2], dtype=torch.int32)"),
        ([2**63, 1], dtypes.uint64, "tensor([9223372036854775808,                   1], dtype=torch.uint64)"),
        ([1 + 2j, -0.5 - 0.25j], dtypes.complex64, "tensor([ 1.0000+2.0000j, -0.5000-0.2500j])"),
        ([complex(nan, -inf), complex(1, -0.0)], dtypes.complex64, "tensor([nan-infj, 1.-0.j])"),
        ([1e-6 + 1j], dtypes.complex128, "tensor([1.0000e-06+1.j], dtype=torch.complex128)"),
        (1 - 1j, dtypes.complex64, "tensor(1.-1.j)"),
        ([], dtypes.int64, "tensor([], dtype=torch.int64)"),
        (np.zeros((2, 0, 3)), dtypes.float32, "tensor([], size=(2, 0, 3))"),
        (np.zeros((0, 3)), dtypes.bool_, "tensor([], size=(0, 3), dtype=torch.bool)"),
    ],
)
def test_other_dtypes(values, dtype, text):
    assert format_tensor(of(values, dtype)) == text


@pytest.mark.parametrize("bits", [0x7F800001, 0xFF800001, 0x7FC00000])
def test_nan_of_any_payload_prints_without_a_warning(bits):
    assert format_tensor(np.array([bits], np.uint32).view(np.float32)) == "tensor([nan])"


def test_dtype_that_torch_lacks():
    with pytest.raises(TypeError, match=r"can't convert np\.ndarray of type numpy\.str_\."):
        format_tensor(np.array(["a"]))


THREE_DIMENSIONS = """\
tensor([[[ 0.,  1.,  2.,  3.],
         [ 4.,  5.,  6.,  7.],
         [ 8.,  9., 10., 11.]],

        [[12., 13., 14., 15.],
         [16., 17., 18., 19.],
         [20., 21., 22., 23.]]])"""
FIVE_DIMENSIONS = """\
tensor([[[[[ 0.,  1.],
           [ 2.,  3.]],

          [[ 4.,  5.],
           [ 6.,  7.]]]],



        [[[[ 8.,  9.],
           [10., 11.]],

          [[12., 13.],
           [14., 15.]]]]])"""
WRAPPED = """\
tensor([ 0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14, 15, 16, 17,
        18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29])"""
SUMMARY = "tensor([   0,    1,    2,  ...,  998,  999, 1000])"
WRAPPED_SUMMARY = """\
tensor([[0.0000e+00, 1.0000e+00, 2.0000e+00,  ..., 3.7000e+01, 3.8000e+01,
         3.9000e+01],
        [4.0000e+01, 4.1000e+01, 4.2000e+01,  ..., 7.7000e+01, 7.8000e+01,
         7.9000e+01],
        [8.0000e+01, 8.1000e+01, 8.2000e+01,  ..., 1.1700e+02, 1.1800e+02,
         1.1900e+02],
        ...,
        [1.4800e+03, 1.4810e+03, 1.4820e+03,  ..., 1.5170e+03, 1.5180e+03,
         1.5190e+03],
        [1.5200e+03, 1.5210e+03, 1.5220e+03,  ..., 1.5570e+03, 1.5580e+03,
         1.5590e+03],
        [1.5600e+03, 1.5610e+03, 1.5620e+03,  ..., 1.5970e+03, 1.5980e+03,
         1.5990e+03]])"""


@pytest.mark.parametrize(
    ("array", "text"),
    [
        (counting(2, 3, 4), THREE_DIMENSIONS),
        (counting(2, 1, 2, 2, 2), FIVE_DIMENSIONS),
        (counting(30, dtype=dtypes.int64), WRAPPED),
        (counting(1001, dtype=dtypes.int64), SUMMARY),
        (counting(40, 40), WRAPPED_SUMMARY),
    ],
    ids=["three dimensions", "five dimensions", "wrapped", "summary", "wrapped summary"],
)
def test_layout(array, text):
    assert format_tensor(array) == text


def test_a_thousand_elements_are_shown_in_full():
    assert "..." not in format_tensor(counting(1000))


def test_elements_left_out_of_a_summary_do_not_decide_the_format():
    array = np.ones((40, 40), np.float32)
    plain = format_tensor(array)
    array[3:-3, :] = 1e-20
    assert format_tensor(array) == plain
    array[0, 0] = 0.5
    assert format_tensor(array) != plain


@pytest.mark.parametrize(
    ("options", "array", "text"),
    [
        ({"precision": 1}, of([1.23456, 2]), "tensor([1.2, 2.0])"),
        ({"precision": 0}, of([0.5, 1.5, 2.5]), "tensor([0, 2, 2])"),
        ({"sci_mode": True}, of([1, 2]), "tensor([1.0000e+00, 2.0000e+00])"),
        ({"sci_mode": True}, of([0, nan]), "tensor([0., nan])"),
        ({"sci_mode": False}, of([1e-9, 1]), "tensor([0.0000, 1.0000])"),
        (
            {"linewidth": 30},
            counting(12),
            "tensor([ 0.,  1.,  2.,  3.,\n         4.,  5.,  6.,  7.,\n         8.,  9., 10., 11.])",
        ),
        ({"threshold": 5, "edgeitems": 2}, counting(12, dtype=dtypes.int64), "tensor([ 0,  1,  ..., 10, 11])"),
        (
            {"threshold": 5, "edgeitems": 1},
            np.ones((4, 6), np.float32),
            "tensor([[1.,  ..., 1.],\n        ...,\n        [1.,  ..., 1.]])",
        ),
        ({"threshold": 5, "edgeitems": 0}, np.ones((3, 3), np.float32), "tensor([...], size=(3, 3))"),
        ({"edgeitems": 0}, of([1, 1, 1]), "tensor([1., 1., 1.], size=(3,))"),
        ({"profile": "short"}, of([1.125, 2]), "tensor([1.12, 2.00])"),
    ],
    ids=str,
)
def test_options(options, array, text):
    set_printoptions(**options)
    assert format_tensor(array) == text


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ({"requires_grad": True}, "tensor([1., 1.], requires_grad=True)"),
        ({"requires_grad": True, "grad_fn_name": "CloneBackward0"}, "tensor([1., 1.], grad_fn=<CloneBackward0>)"),
        ({"is_parameter": True}, "Parameter containing:\ntensor([1., 1.])"),
        ({"is_parameter": True, "requires_grad": True}, "Parameter containing:\ntensor([1., 1.], requires_grad=True)"),
        ({"type_name": "Marked"}, "Marked([1., 1.])"),
        (
            {"is_parameter": True, "requires_grad": True, "type_name": "Weight"},
            "Parameter containing:\nParameter(Weight([1., 1.], requires_grad=True))",
        ),
    ],
    ids=str,
)
def test_what_follows_the_elements(arguments, text):
    assert format_tensor(of([1, 1]), **arguments) == text


@pytest.mark.parametrize(
    ("linewidth", "text"),
    [
        (58, "tensor([1., 1.], dtype=torch.float16, requires_grad=True)"),
        (57, "tensor([1., 1.], dtype=torch.float16,\n       requires_grad=True)"),
        (36, "tensor([1., 1.],\n       dtype=torch.float16,\n       requires_grad=True)"),
    ],
)
def test_suffixes_wrap(linewidth, text):
    set_printoptions(linewidth=linewidth)
    assert format_tensor(of([1, 1], dtypes.float16), requires_grad=True) == text


def test_default_dtype_goes_without_saying():
    dtypes.set_default_dtype(dtypes.float64)
    assert format_tensor(of([1], dtypes.float64)) == "tensor([1.])"
    assert format_tensor(of([1], dtypes.float32)) == "tensor([1.], dtype=torch.float32)"
    assert format_tensor(of([1], dtypes.complex128)) == "tensor([1.+0.j])"
    assert format_tensor(of([1], dtypes.complex64)) == "tensor([1.+0.j], dtype=torch.complex64)"
    assert format_tensor(of([], dtypes.float64)) == "tensor([])"


@pytest.mark.parametrize(
    ("value", "dtype", "spec", "text"),
    [
        (1.5, dtypes.float32, ".2f", "1.50"),
        (1.1, dtypes.bfloat16, "", "1.1015625"),
        (3, dtypes.int64, ">4d", "   3"),
        (True, dtypes.bool_, "", "True"),
        (True, dtypes.bool_, "d", "1"),
        (1 + 2j, dtypes.complex64, "", "(1+2j)"),
        (1 + 2j, dtypes.complex64, ".2f", "1.00+2.00j"),
    ],
)
def test_format_scalar(value, dtype, spec, text):
    assert format_scalar(of(value, dtype), spec) == text


def test_format_scalar_refuses_a_wrong_code():
    with pytest.raises(ValueError, match=r"^Unknown format code 'd' for object of type 'float'$"):
        format_scalar(of(1.5), "d")


def test_options_are_kept_but_for_sci_mode():
    set_printoptions(precision=7, threshold=9, edgeitems=1, linewidth=50, sci_mode=True)
    changed = {"precision": 7, "threshold": 9, "edgeitems": 1, "linewidth": 50, "sci_mode": True}
    assert get_printoptions() == changed
    set_printoptions(profile="no such profile")
    assert get_printoptions() == {**changed, "sci_mode": None}


def test_profiles():
    default = {"precision": 4, "threshold": 1000, "edgeitems": 3, "linewidth": 80, "sci_mode": None}
    assert get_printoptions() == default
    set_printoptions(profile="short", linewidth=120)
    assert get_printoptions() == {**default, "precision": 2, "edgeitems": 2, "linewidth": 120}
    set_printoptions(profile="full")
    assert get_printoptions() == {**default, "threshold": inf}
    set_printoptions(**default)
    assert get_printoptions() == default


SHAPES = arrays.array_shapes(min_dims=1, max_dims=4, min_side=1, max_side=6)


def read_back(text):
    """The nested list inside `tensor(...)`."""
    return eval(text, {"tensor": lambda values: values, "inf": inf, "nan": nan})


@given(arrays.arrays(np.int64, SHAPES))
def test_integers_read_back_whole(array):
    assert np.array_equal(np.array(read_back(format_tensor(array))), array)


@given(arrays.arrays(np.float32, SHAPES), st.integers(8, 12))
def test_floats_read_back_to_the_digits_shown(array, precision):
    set_printoptions(precision=precision, sci_mode=True)
    values = np.array(read_back(format_tensor(array)), np.float32)
    set_printoptions(profile="default")
    assert np.array_equal(values, array, equal_nan=True)


@given(arrays.arrays(np.float32, SHAPES), st.integers(0, 30))
def test_indented_text_is_the_text_of_a_narrower_line_moved_right(array, indent):
    lines = format_tensor(array, requires_grad=True).split("\n")
    set_printoptions(linewidth=80 + indent)
    moved = "\n".join(" " * indent * bool(line) + line for line in lines)
    indented = format_tensor(array, requires_grad=True, indent=indent)
    set_printoptions(profile="default")
    assert " " * indent + indented == moved
