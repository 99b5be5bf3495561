"""What a Tensor says of itself, how it becomes something else, and the methods that call ops."""

import copy
import operator
import pickle
import weakref

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import pyconv
from pyconv import Tensor

SHAPES = arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3)


def grid():
    return pyconv.from_numpy(np.arange(24.0).reshape(2, 3, 4))


@given(SHAPES)
def test_facts(shape):
    x = pyconv.from_numpy(np.zeros(shape, np.float32))
    assert x.shape == x.size() == shape
    assert x.ndim == x.dim() == len(shape)
    assert x.numel() == x.nelement() == x.shape.numel() == x._array.size
    assert [x.size(i) for i in range(-len(shape), len(shape))] == [*shape, *shape]
    assert (x.dtype, x.element_size(), x.is_floating_point(), x.is_complex()) == (pyconv.float32, 4, True, False)
    assert (str(x.device), x.is_cuda, x.is_contiguous()) == ("cpu", False, True)


def test_strides_count_elements():
    x = grid()
    assert x.stride() == (12, 4, 1)
    assert x.transpose(0, 2).stride() == (1, 4, 12)
    assert x.stride(-1) == 1
    assert not x.transpose(0, 2).is_contiguous()
    assert x.transpose(0, 2).contiguous().is_contiguous()
    assert x.contiguous() is x


NUMBERS = [
    (True, "bool"),
    (3, "int8"),
    (3, "int64"),
    (1.5, "float16"),
    (1.5, "bfloat16"),
    (1.5, "float64"),
    (1 + 2j, "complex64"),
]


@pytest.mark.parametrize(("number", "dtype"), NUMBERS)
def test_one_element_is_a_number(number, dtype):
    x = pyconv.tensor([[number]], dtype=getattr(pyconv, dtype))
    assert x.item() == number
    assert x.tolist() == [[number]]
    assert bool(x) is True
    if not isinstance(number, complex):
        assert (int(x), float(x)) == (int(number), float(number))
    assert complex(x) == number


def test_an_index_is_an_integer():
    assert [10, 20, 30][pyconv.tensor(1)] == 20
    assert list(range(pyconv.tensor([2]))) == [0, 1]
    for x in (pyconv.tensor(1.0), pyconv.tensor([1, 2])):
        with pytest.raises(TypeError, match="only integer tensors of a single element can be converted to an index"):
            operator.index(x)


def test_no_number():
    x = pyconv.ones(2)
    with pytest.raises(RuntimeError, match="a Tensor with 2 elements cannot be converted to Scalar"):
        x.item()
    for kind in (int, float, complex):
        with pytest.raises(ValueError, match="only one element tensors can be converted to Python scalars"):
            kind(x)
    with pytest.raises(RuntimeError, match="Boolean value of Tensor with more than one value is ambiguous"):
        bool(x)
    with pytest.raises(RuntimeError, match="Boolean value of Tensor with no values is ambiguous"):
        bool(pyconv.ones(0))


def test_containers():
    x = pyconv.arange(6).reshape(2, 3)
    assert len(x) == 2
    assert [row.tolist() for row in x] == [[0, 1, 2], [3, 4, 5]]
    for f in (len, list):
        with pytest.raises(TypeError, match="0-d tensor"):
            f(pyconv.tensor(1))


def test_tensors_are_hashed_as_objects_and_compared_by_element():
    a, b = pyconv.ones(2), pyconv.ones(2)
    assert len({a, b}) == 2
    assert (a == b).tolist() == [True, True]
    assert weakref.ref(a)() is a


def test_what_numpy_sees():
    x = pyconv.ones(2)
    assert x.numpy() is x._array
    assert np.shares_memory(np.asarray(x), x._array)
    assert np.array(x, dtype=np.int8).dtype == np.int8
    x.requires_grad_()
    with pytest.raises(RuntimeError, match=r"Can't call numpy\(\) on Tensor that requires grad"):
        x.numpy()
    with pytest.raises(RuntimeError, match="requires grad"):
        np.asarray(x)
    assert x.numpy(force=True) is x._array
    with pyconv.no_grad():
        assert x.numpy() is x._array


@pytest.mark.parametrize("f", [operator.add, operator.sub, operator.mul, operator.truediv, operator.pow, operator.lt])
def test_numpy_numbers_beside_tensors(f):
    x = pyconv.tensor([1.0, 2.0])
    for other in (np.float32(2), np.int64(3)):
        for found, expected in ((f(x, other), f(x._array, other)), (f(other, x), f(other, x._array))):
            assert type(found) is Tensor
            np.testing.assert_allclose(found._array, expected, rtol=1e-6)


@pytest.mark.parametrize("f", [operator.add, operator.mul, operator.truediv, operator.pow, operator.matmul])
def test_an_array_on_the_right_leaves_the_work_to_numpy(f):
    x, other = pyconv.tensor([1.0, 2.0]), np.array([3, 4], np.int32)
    found = f(x, other)
    assert (type(found), found.dtype) == (Tensor, pyconv.float64)
    assert found.tolist() == f(x._array, other).tolist()
    with pytest.raises(RuntimeError, match=r"Can't call numpy\(\) on Tensor that requires grad"):
        f(x.requires_grad_(), other)


@pytest.mark.parametrize("f", [operator.add, operator.sub, operator.mul, operator.truediv, operator.pow, operator.lt])
def test_an_array_on_the_left_is_no_operand(f):
    with pytest.raises(TypeError, match=r"unsupported operand|not supported between|Concatenation operation"):
        f(np.ones(2), pyconv.ones(2))


def test_an_array_is_compared_for_equality_alone():
    x, other = pyconv.tensor([1.0, 2.0]), np.array([1.0, 3.0])
    assert (x == other).tolist() == (other == x).tolist() == [True, False]
    assert (x != other) is True
    with pytest.raises(TypeError, match=r"not supported between instances of 'Tensor' and 'numpy\.ndarray'"):
        x < other  # noqa: B015


def test_numpys_functions_of_tensors_are_tensors():
    x = pyconv.tensor([0.25, -4.0])
    assert np.square(x).tolist() == [0.0625, 16.0]
    assert type(np.abs(x)) is Tensor
    assert (np.isfinite(x).dtype, np.isfinite(x).tolist()) == (pyconv.uint8, [1, 1])


@pytest.mark.parametrize("value", [np.ones(2, np.float32), np.array(1.0), np.float32(1), np.bool_(True)])
def test_what_is_assigned_is_a_tensor_or_a_number(value):
    x = pyconv.zeros(2)
    with pytest.raises(TypeError, match=f"can't assign a numpy.{type(value).__name__} to a torch.FloatTensor"):
        x[:] = value
    x[0], x[1] = np.int64(3), np.float64(4)
    assert x.tolist() == [3.0, 4.0]


@pytest.mark.parametrize("f", [operator.add, operator.sub, operator.mul, operator.truediv, operator.pow, operator.lt])
def test_what_is_no_operand(f):
    with pytest.raises(TypeError):
        f(pyconv.ones(2), "a")
    assert (pyconv.ones(2) == "a") is False
    assert (pyconv.ones(2) != None) is True  # noqa: E711


def test_a_number_divided_is_a_product_with_the_reciprocal():
    x = pyconv.tensor([3.0, 7.0], requires_grad=True)
    y = 2 / x
    assert y.tolist() == (np.float32(2) * (np.float32(1) / x._array.astype(np.float32))).tolist()
    assert [node.name() for node, _ in y.grad_fn.next_functions if node] == ["ReciprocalBackward0"]


def test_requiring_gradients():
    x = pyconv.ones(2)
    assert x.requires_grad_() is x
    y = x * 1
    assert (x.is_leaf, y.is_leaf) == (True, False)
    with pytest.raises(RuntimeError, match="you can only change requires_grad flags of leaf variables"):
        y.requires_grad = False
    with pytest.raises(RuntimeError, match="you can only change requires_grad flags of leaf variables.$"):  # noqa: RUF043
        y.requires_grad = True
    assert y.requires_grad_() is y
    with pytest.raises(RuntimeError, match="requires_grad must be a bool"):
        x.requires_grad = 1
    with pytest.raises(RuntimeError, match="only Tensors of floating point dtype can require gradients"):
        pyconv.ones(2, dtype=pyconv.int64).requires_grad_()


def test_a_grad_has_to_fit():
    x = pyconv.ones(2, requires_grad=True)
    with pytest.raises(TypeError, match="assigned grad expected to be a Tensor or None but got grad of type int"):
        x.grad = 5
    with pytest.raises(
        RuntimeError, match=r"attempting to assign a gradient of size '\[3\]' to a tensor of size '\[2\]'"
    ):
        x.grad = pyconv.ones(3)
    with pytest.raises(RuntimeError, match="attempting to assign a gradient with dtype 'double'"):
        x.grad = pyconv.ones(2, dtype=pyconv.float64)


def test_the_grad_of_what_is_no_leaf_warns():
    y = pyconv.ones(2, requires_grad=True) * 2
    with pytest.warns(UserWarning, match="The .grad attribute of a Tensor that is not a leaf Tensor is being accessed"):
        assert y.grad is None
    y.retain_grad()
    assert y.grad is None


def test_copies():
    x = pyconv.ones(2, requires_grad=True)
    x.grad = pyconv.zeros(2)
    for found in (copy.deepcopy(x), pickle.loads(pickle.dumps(x))):
        assert (found.tolist(), found.requires_grad, found.is_leaf) == ([1.0, 1.0], True, True)
        assert not np.shares_memory(found._array, x._array)
    assert copy.deepcopy(x).grad.tolist() == [0.0, 0.0]
    with pytest.raises(RuntimeError, match="Only Tensors created explicitly by the user"):
        copy.deepcopy(x * 2)
    y = x.clone()
    assert y.grad_fn.name() == "CloneBackward0"


def test_dtypes():
    x = pyconv.tensor([1.5, -2.5], requires_grad=True)
    casts = ("double", "half", "bfloat16", "long", "int", "short", "char", "bool", "cfloat", "cdouble")
    assert [str(getattr(x, name)().dtype).removeprefix("torch.") for name in casts] == [
        "float64", "float16", "bfloat16", "int64", "int32", "int16", "int8", "bool", "complex64", "complex128",
    ]  # fmt: skip
    assert x.float() is x.to(pyconv.float32) is x.to("cpu") is x.cpu() is x.type_as(x) is x
    assert x.to(pyconv.float32, copy=True) is not x
    assert x.to(pyconv.ones(1, dtype=pyconv.int8)).dtype is pyconv.int8
    assert x.type() == "torch.FloatTensor"
    assert x.long().tolist() == [1, -2]
    assert x.detach().view(pyconv.int32).tolist() == np.array([1.5, -2.5], np.float32).view(np.int32).tolist()


def test_views_of_another_shape():
    x = grid()
    assert x.view(6, -1).shape == x.reshape(6, 4).shape == (6, 4)
    assert x.view_as(pyconv.ones(4, 6)).shape == (4, 6)
    assert x.flatten().shape == (24,)
    assert x.flatten(1).shape == (2, 12)
    assert pyconv.tensor(1.0).flatten().shape == (1,)
    assert x.permute(2, 0, 1).shape == x.permute((-1, 0, 1)).shape == (4, 2, 3)
    assert x.transpose(0, -1).shape == x.mT.mT.permute(2, 1, 0).shape == (4, 3, 2)
    assert x[0].t().shape == (4, 3)
    assert x[:, :1].squeeze().shape == x[:, :1].squeeze(1).shape == x[:, :1].squeeze((1, 2)).shape == (2, 4)
    assert x.squeeze(0).shape == (2, 3, 4)
    assert x.unsqueeze(-1).shape == (2, 3, 4, 1)
    assert x[:1].expand(5, -1, 4).shape == (5, 3, 4)
    assert x[:1].expand_as(x).shape == (2, 3, 4)
    with pytest.raises(RuntimeError, match=r"Use .reshape\(...\) instead"):
        x.transpose(0, 1).view(24)


def steps_forward(key):
    parts = key if isinstance(key, tuple) else (key,)
    return all(part.step is None or part.step > 0 for part in parts if isinstance(part, slice))


@given(st.data())
def test_indices(data):
    key = data.draw(arrays.basic_indices((2, 3, 4), allow_newaxis=True).filter(steps_forward))
    assert grid()[key].tolist() == grid()._array[key].tolist()


def test_indices_of_every_kind():
    x, array = grid(), grid()._array
    keys = [
        [1, 0],
        ([0, 1], [1, 2]),
        (slice(None), [0, 2]),
        np.array([1, 1]),
        array > 5,
        True,
        (0, [True, False, True]),
    ]
    for key in keys:
        assert x[key].tolist() == array[key].tolist()
    for key in (pyconv.tensor([1, 0]), pyconv.tensor(1), x > 5, (pyconv.tensor([0, 1]), pyconv.tensor([1, 2]))):
        plain = tuple(k._array for k in key) if isinstance(key, tuple) else key._array
        assert x[key].tolist() == array[plain].tolist()
    with pytest.warns(UserWarning, match="indexing with dtype torch.uint8 is now deprecated"):
        assert x[pyconv.tensor([1, 0], dtype=pyconv.uint8)].tolist() == array[[True, False]].tolist()
    assert x[pyconv.tensor(1)]._base is x


def test_reductions():
    x = grid()
    assert x.sum().item() == 276.0
    assert x.sum(0).shape == (3, 4)
    assert x.sum((0, 2), keepdim=True).shape == (1, 3, 1)
    assert x.mean(-1).tolist() == x._array.mean(-1).tolist()
    assert (x.max().item(), x.min().item()) == (23.0, 0.0)
    assert pyconv.tensor([3, 200, 7], dtype=pyconv.uint8).min().item() == 3
    assert (x.all().item(), x.any().item()) == (False, True)
    assert pyconv.ones(2, dtype=pyconv.uint8).all().dtype is pyconv.uint8
    assert pyconv.tensor([1.0, float("nan")]).isnan().tolist() == [False, True]


def test_detaching():
    x = pyconv.ones(2, requires_grad=True)
    y = x * 2
    d = y.detach()
    assert (d.requires_grad, d.is_leaf, d._array is y._array) == (False, True, True)
    assert y.detach_() is y
    assert y.is_leaf
    with pytest.raises(RuntimeError, match="Can't detach views in-place"):
        (x * 2).view(1, 2).detach_()


def test_functions_are_the_methods():
    x = grid()
    assert pyconv.add(x, 1).tolist() == (x + 1).tolist()
    assert pyconv.sub(x, x, alpha=2).tolist() == (-x).tolist()
    assert pyconv.flatten(x, 1).shape == (2, 12)
    assert pyconv.is_tensor(x)
    assert not pyconv.is_tensor(x._array)


def test_equality_of_whole_tensors():
    x = pyconv.tensor([1.0, float("nan")])
    assert not pyconv.equal(x, x)
    assert pyconv.equal(x[:1], x[:1])
    assert not pyconv.equal(x, x[:1])
    assert pyconv.allclose(x, x, equal_nan=True)
    with pytest.raises(RuntimeError, match="Float did not match Double"):
        pyconv.allclose(x, x.double())
    with pytest.raises(RuntimeError, match="must match the size of tensor b"):
        pyconv.allclose(pyconv.ones(2), pyconv.ones(3))


def test_text():
    x = pyconv.ones(2, requires_grad=True)
    assert repr(x) == "tensor([1., 1.], requires_grad=True)"
    y = x * 1
    y[0] = 3
    assert repr(y) == "tensor([3., 1.], grad_fn=<CopySlices>)"
    assert f"{pyconv.tensor(1.5)} {pyconv.tensor(3.14159):.2f}" == "1.5 3.14"


def test_squeeze_of_no_dimension_keeps_them_all():
    x = pyconv.ones(1, 2, 1)
    assert x.squeeze(()).shape == (1, 2, 1)
    assert x.squeeze((0, 1)).shape == (2, 1)
    assert x.squeeze().shape == (2,)


def test_all_and_any_along_dimensions():
    x = pyconv.tensor([[1, 0], [2, 3]])
    assert x.all(0).tolist() == [True, False]
    assert x.all(dim=1, keepdim=True).tolist() == [[False], [True]]
    assert x.any((0, 1)).item() is True
    assert x.to(pyconv.uint8).all(0).dtype is pyconv.uint8
    with pytest.raises(IndexError, match="Dimension out of range"):
        x.any(2)


def test_reversed_goes_through_the_first_dimension():
    assert reversed(pyconv.arange(6).reshape(3, 2)).tolist() == [[4, 5], [2, 3], [0, 1]]
    assert reversed(pyconv.tensor(7)).item() == 7


def test_sizes_may_be_arrays_without_dimensions():
    two = np.array(2)
    assert pyconv.ones(two, np.int64(3)).shape == pyconv.ones((two, 3)).shape == (2, 3)
    assert pyconv.ones(4).view(two, two).shape == pyconv.ones(4).reshape(two, 2).shape == (2, 2)
    assert pyconv.zeros(2).expand(two, 2).shape == (2, 2)
    with pytest.raises(TypeError, match="must be tuple of ints"):
        pyconv.ones((np.array(2.0), 3))
    with pytest.raises(TypeError, match="must be tuple of ints"):
        pyconv.ones((np.array([2]), 3))


def test_functions_of_elements_give_numbers_that_fit():
    assert pyconv.arange(3).apply_(lambda k: 2.7).tolist() == [2, 2, 2]
    with pytest.raises(TypeError, match="'str' object cannot be interpreted as an integer"):
        pyconv.arange(3).apply_(str)
    with pytest.raises(TypeError, match="must be real number, not NoneType"):
        pyconv.ones(2).apply_(lambda k: None)


def test_results_in_empty_tensors_lie_as_they_were_computed():
    x = pyconv.arange(6.0).reshape(2, 3).t()
    assert pyconv.add(x, 1, out=pyconv.empty(0)).stride() == pyconv.exp(x, out=pyconv.empty(0)).stride() == (1, 3)


def test_an_index_into_nothing():
    w = pyconv.ones(0, 3)
    with pytest.raises(RuntimeError, match="self indexing axis dim should be positive"):
        w.index_select(0, pyconv.tensor([0]))
    with pytest.raises(RuntimeError, match="INDICES element is out of DATA bounds, id=5 axis_dim=3"):
        w.index_select(1, pyconv.tensor([0, 5]))
    with pytest.raises(IndexError, match="index out of range in self"):
        pyconv.ones(2).index_select(0, pyconv.tensor([2]))


def test_ranges_without_room():
    with pytest.raises(RuntimeError, match=r"invalid size, possible overflow\?"):
        pyconv.arange(1e-38, 3e38)


def test_wide_unsigned_numbers_are_drawn_upwards():
    x = pyconv.empty(100, dtype=pyconv.uint16).random_(40000, None)
    assert 40000 <= x.long().min() < x.long().max() < 2**16
    with pytest.raises(RuntimeError, match="expected scalar_type Float but found Short"):
        pyconv.cummax(pyconv.ones(2), 0, out=(pyconv.empty(0, dtype=pyconv.int16), pyconv.empty(0).long()))
