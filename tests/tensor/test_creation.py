"""How tensors come to be: from data, filled, counted up, drawn."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pyconv


def test_numbers_keep_all_their_digits():
    assert pyconv.tensor(0.1, dtype=pyconv.float64).item() == 0.1
    assert pyconv.tensor([0.1 + 0.2j], dtype=pyconv.complex128).item() == 0.1 + 0.2j
    assert pyconv.as_tensor([2**53 + 1]).item() == 2**53 + 1
    assert pyconv.full((1,), 0.1, dtype=pyconv.float64).item() == 0.1


@pytest.mark.parametrize(
    ("data", "dtype"),
    [
        (1.5, "float32"),
        (1, "int64"),
        (True, "bool"),
        (1j, "complex64"),
        ([1, 2.5], "float32"),
        ([True, 2], "int64"),
        ([], "float32"),
        ([[], []], "float32"),
        (np.float64(1), "float64"),
        ([np.float64(1)], "float64"),
        ([np.float16(1), 2], "float16"),
        (np.array([1], np.uint16), "uint16"),
    ],
)
def test_the_dtype_comes_from_the_data(data, dtype):
    assert str(pyconv.tensor(data).dtype) == f"torch.{dtype}"


def test_tensor_copies_and_as_tensor_shares():
    array = np.zeros(2)
    copied, shared, same = pyconv.tensor(array), pyconv.as_tensor(array), pyconv.from_numpy(array)
    array[0] = 1
    assert [x.tolist() for x in (copied, shared, same)] == [[0.0, 0.0], [1.0, 0.0], [1.0, 0.0]]
    x = pyconv.ones(2, requires_grad=True)
    assert pyconv.as_tensor(x) is x
    assert pyconv.as_tensor(x, dtype=pyconv.float64).grad_fn.name() == "ToCopyBackward0"
    with pytest.warns(UserWarning, match="To copy construct from a tensor, it is recommended to use"):
        assert pyconv.tensor(x).is_leaf


def test_the_legacy_constructor():
    assert pyconv.Tensor(2, 3).shape == (2, 3)
    assert pyconv.Tensor().shape == (0,)
    assert pyconv.Tensor([[1, 2]]).tolist() == [[1.0, 2.0]]
    assert pyconv.Tensor((1, 2)).dtype is pyconv.float32
    for data, text in ((2.5, r"new\(\): data must be a sequence \(got float\)"), ("a", "invalid data type 'str'")):
        with pytest.raises(TypeError, match=text):
            pyconv.Tensor(data)


FILLED = {"zeros": (pyconv.zeros, 0.0), "ones": (pyconv.ones, 1.0)}


@pytest.mark.parametrize("name", FILLED)
def test_filled_tensors(name):
    make, value = FILLED[name]
    for x in (make(2, 3), make((2, 3)), make([2, 3]), make(pyconv.tensor(2), 3)):
        assert x.tolist() == [[value] * 3] * 2
    assert make(()).tolist() == value
    x = make(2, dtype=pyconv.float16, requires_grad=True, device="cpu")
    assert (x.dtype, x.requires_grad) == (pyconv.float16, True)
    like = getattr(pyconv, f"{name}_like")
    assert like(x).dtype is pyconv.float16
    assert like(x, dtype=pyconv.int8).tolist() == [int(value)] * 2


def test_full():
    kinds = [(3, "int64"), (3.0, "float32"), (True, "bool"), (1j, "complex64"), (np.float64(2), "float32")]
    for value, dtype in kinds:
        x = pyconv.full((2,), value)
        assert (str(x.dtype), x.tolist()) == (f"torch.{dtype}", [value, value])
    assert pyconv.full([2], 2.7, dtype=pyconv.int64).tolist() == [2, 2]
    assert pyconv.full((), pyconv.tensor(2)).dtype is pyconv.int64
    assert pyconv.full_like(pyconv.ones(2), 3).tolist() == [3.0, 3.0]


def test_empty():
    assert pyconv.empty(2, 3).shape == pyconv.empty_like(pyconv.ones(2, 3)).shape == (2, 3)


@given(start=st.integers(-20, 20), end=st.integers(-20, 20), step=st.integers(-5, 5))
def test_ranges_of_integers(start, end, step):
    if not step or (end - start) * step < 0:
        with pytest.raises(RuntimeError, match=r"step must be nonzero|inconsistent with step sign"):
            pyconv.arange(start, end, step)
    else:
        assert pyconv.arange(start, end, step).tolist() == list(range(start, end, step))


@given(start=st.floats(-5, 5), count=st.integers(0, 20), step=st.sampled_from([0.1, 0.25, -0.5, 1 / 3]))
def test_ranges_of_floats(start, count, step):
    end = start + count * step
    found = pyconv.arange(start, end, step, dtype=pyconv.float64)
    assert len(found) == math.ceil((end - start) / step)
    np.testing.assert_allclose(found._array, [start + i * step for i in range(len(found))], atol=1e-12)


def test_ranges():
    assert pyconv.arange(2.5).tolist() == [0.0, 1.0, 2.0]
    assert pyconv.arange(end=3).tolist() == pyconv.arange(pyconv.tensor(3)).tolist() == [0, 1, 2]
    assert pyconv.arange(0, 5, 2, dtype=pyconv.int8).dtype is pyconv.int8
    assert pyconv.arange(2**53, 2**53 + 2).tolist() == [2**53, 2**53 + 1]
    with pytest.raises(RuntimeError, match="unsupported range: 0 -> nan"):
        pyconv.arange(float("nan"))
    with pytest.raises(TypeError, match=r"received an invalid combination of arguments - got \(\), but expected"):
        pyconv.arange()


def test_draws_come_from_the_generator():
    pyconv.manual_seed(0)
    first = [pyconv.rand(3).tolist(), pyconv.randn(2, 2).tolist()]
    pyconv.manual_seed(0)
    assert [pyconv.rand(3).tolist(), pyconv.randn(2, 2).tolist()] == first
    pyconv.manual_seed(0)
    assert pyconv.rand_like(pyconv.ones(3)).tolist() == first[0]
    generator = pyconv.Generator().manual_seed(0)
    assert pyconv.rand(3, generator=generator).tolist() == first[0]


REFUSED = {
    "no size": (pyconv.zeros, (), TypeError, 'zeros() missing 1 required positional arguments: "size"'),
    "text": (pyconv.ones, ("a",), TypeError, "ones(): argument 'size' (position 1) must be tuple of ints, not str"),
    "fraction": (
        pyconv.empty,
        (2, 2.5),
        TypeError,
        "empty(): argument 'size' failed to unpack the object at pos 2 with error "
        '"type must be tuple of ints,but got float"',
    ),
    "negative": (pyconv.ones, (2, -1), RuntimeError, "Trying to create tensor with negative dimension -1: [2, -1]"),
    "negative zeros": (pyconv.zeros, (-1,), RuntimeError, "zeros: Dimension size must be non-negative."),
    "full of text": (
        pyconv.full,
        ((2,), "a"),
        TypeError,
        "full(): argument 'fill_value' (position 2) must be Number, not str",
    ),
    "full size": (
        pyconv.full,
        (2, 3),
        TypeError,
        "full(): argument 'size' (position 1) must be tuple of ints, not int",
    ),
    "list": (pyconv.from_numpy, ([1],), TypeError, "expected np.ndarray (got list)"),
    "no number": (
        pyconv.from_numpy,
        (np.array(["a"]),),
        TypeError,
        "can't convert np.ndarray of type numpy.str_. The only supported types are: float64, float32, float16, "
        "complex64, complex128, int64, int32, int16, int8, uint64, uint32, uint16, uint8, and bool.",
    ),
    "byte order": (
        pyconv.from_numpy,
        (np.ones(2, ">f8"),),
        ValueError,
        "given numpy array has byte order different from the native byte order. Conversion between byte orders is "
        "currently not supported.",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refusals(name):
    f, arguments, kind, text = REFUSED[name]
    with pytest.raises(kind) as caught:
        f(*arguments)
    assert str(caught.value) == text


def test_more_refusals():
    with pytest.raises(ValueError, match="At least one stride in the given numpy array is negative"):
        pyconv.from_numpy(np.ones(3)[::-1])
    with pytest.raises(RuntimeError, match="Only Tensors of floating point and complex dtype can require gradients"):
        pyconv.ones(2, dtype=pyconv.int64, requires_grad=True)
    with pytest.raises(RuntimeError, match="value cannot be converted to type int8_t without overflow"):
        pyconv.full((1,), 300, dtype=pyconv.int8)


@pytest.mark.parametrize(
    ("arguments", "dtype", "values"),
    [
        ((0.5, 3.5), pyconv.int64, [0, 1, 2]),
        ((1.5, 4), pyconv.int16, [1, 2, 3]),
        ((0, 3, 1.5), pyconv.int32, [0, 1]),
        ((-1, -6, -1.5), pyconv.int8, [-1, -2, -3, -4]),
        ((1, 2, 0.5), pyconv.float32, [1.0, 1.5]),
    ],
)
def test_arange_of_an_integer_dtype_steps_in_whole_numbers(arguments, dtype, values):
    made = pyconv.arange(*arguments, dtype=dtype)
    assert (made.dtype, made.tolist()) == (dtype, values)


def test_arange_of_int64_needs_a_whole_step():
    with pytest.raises(ValueError, match="step must be nonzero"):
        pyconv.arange(0, 3, 0.5, dtype=pyconv.int64)


@pytest.mark.parametrize(
    "fill",
    [
        lambda out: pyconv.arange(0, 4, out=out),
        lambda out: pyconv.linspace(0, 3, 4, out=out),
        lambda out: pyconv.logspace(0, 3, 4, out=out),
    ],
)
def test_a_row_goes_into_memory_of_another_shape_with_as_many_elements(fill):
    whole = pyconv.zeros(2, 3)
    out = whole[:, 1:]
    assert fill(out) is out
    row = fill(pyconv.empty(0)).tolist()
    assert whole.tolist() == [[0.0, row[0], row[1]], [0.0, row[2], row[3]]]


def test_the_strides_of_what_has_no_elements():
    assert pyconv.zeros(0).stride() == (1,)
    assert pyconv.randn(3, 0, 2).stride() == (pyconv.zeros(3, 0, 2) + 1).stride() == (2, 2, 1)
    assert pyconv.tensor([[], []]).stride() == (1, 1)


def test_a_permutation_may_be_as_long_as_its_dtype_has_numbers():
    assert sorted(pyconv.randperm(256, dtype=pyconv.uint8).tolist()) == list(range(256))
    assert pyconv.randperm(128, out=pyconv.empty(0, dtype=pyconv.int8)).max().item() == 127
    with pytest.raises(RuntimeError, match=r"^value cannot be converted to type uint8_t without overflow$"):
        pyconv.randperm(257, dtype=pyconv.uint8)


def test_the_memory_of_a_numpy_number_cannot_be_shared():
    assert pyconv.asarray(np.float64(0.5)).item() == 0.5
    with pytest.raises(RuntimeError, match=r"^can't alias NumPy scalars\. Either remove copy=False or transform it in"):
        pyconv.asarray(np.float64(0.5), copy=False)
