"""Parameters, buffers, and the uninitialised ones. The texts are torch 2.13's."""

import copy
import pickle

import numpy as np
import pytest

import pyconv
from pyconv.nn.parameter import Buffer, Parameter, UninitializedBuffer, UninitializedParameter, is_lazy
from pyconv.tensor import Tensor

SHAPE = "Can't access the shape of an uninitialized parameter or buffer"
USE = "Attempted to use an uninitialized parameter in .*`torch.nn.parameter.UninitializedParameter` objects"


class Named(Parameter):
    pass


def test_a_parameter_is_a_leaf_over_the_memory_of_its_tensor():
    tensor = pyconv.zeros(2)
    parameter = Parameter(tensor)
    tensor.add_(1)
    assert parameter.tolist() == [1.0, 1.0]
    assert parameter._version == 1
    assert parameter.requires_grad
    assert parameter.is_leaf


def test_a_parameter_of_a_computed_tensor_has_no_history():
    parameter = Parameter(pyconv.ones(2, requires_grad=True) * 2)
    assert parameter.grad_fn is None
    assert parameter.tolist() == [2.0, 2.0]


def test_a_parameter_of_nothing_is_empty():
    assert Parameter().shape == (0,)


def test_no_grad_does_not_matter():
    with pyconv.no_grad():
        assert Parameter(pyconv.ones(1)).requires_grad


def test_integers_only_without_gradient():
    assert Parameter(pyconv.arange(2), requires_grad=False).dtype is pyconv.int64
    with pytest.raises(RuntimeError, match="Only Tensors of floating point and complex dtype can require gradients"):
        Parameter(pyconv.arange(2))


@pytest.mark.parametrize("kind", [Parameter, Buffer])
@pytest.mark.parametrize("data", [[1.0], 3.0, np.ones(2)], ids=["list", "float", "ndarray"])
def test_only_tensors_are_taken(kind, data):
    with pytest.raises(AttributeError, match=f"'{type(data).__module__.replace('builtins', '')}.*' object has no"):
        kind(data)


def test_repr():
    assert repr(Parameter(pyconv.ones(2))) == "Parameter containing:\ntensor([1., 1.], requires_grad=True)"
    assert repr(Parameter(pyconv.ones(2), False)) == "Parameter containing:\ntensor([1., 1.])"
    assert repr(Named(pyconv.ones(1))) == "Parameter containing:\nParameter(Named([1.], requires_grad=True))"
    assert f"{Parameter()}" == "Parameter containing:\ntensor([], requires_grad=True)"
    assert repr(Buffer(pyconv.ones(2))) == "tensor([1., 1.])"


def test_operations_give_plain_tensors():
    parameter = Parameter(pyconv.ones(2, 2))
    for result in (parameter + 1, parameter.view(4), parameter.detach(), parameter.data, parameter.double()):
        assert type(result) is Tensor
    assert type(parameter.requires_grad_()) is Parameter


def test_backward_adds_to_grad():
    parameter = Parameter(pyconv.ones(2))
    (parameter * 3).sum().backward()
    assert parameter.grad.tolist() == [3.0, 3.0]


def test_deepcopy_copies_the_values_but_neither_gradient_nor_attributes():
    parameter = Named(pyconv.ones(2))
    parameter.note = "x"
    parameter.grad = pyconv.ones(2)
    copied, again = copy.deepcopy([parameter, parameter])
    assert copied is again
    assert type(copied) is Named
    assert copied.requires_grad
    assert copied.grad is None
    assert not hasattr(copied, "note")
    parameter.data.fill_(5)
    assert copied.tolist() == [1.0, 1.0]


@pytest.mark.parametrize("requires_grad", [True, False])
def test_pickle_keeps_class_values_and_attributes(requires_grad):
    parameter = Parameter(pyconv.tensor([[1.0, 2.0]], dtype=pyconv.float64), requires_grad)
    parameter.note = "x"
    loaded = pickle.loads(pickle.dumps(parameter))
    assert type(loaded) is Parameter
    assert loaded.note == "x"
    assert loaded.dtype is pyconv.float64
    assert loaded.requires_grad is requires_grad
    assert loaded.tolist() == [[1.0, 2.0]]


def test_a_copy_shares_memory():
    parameter = Parameter(pyconv.ones(2))
    assert np.shares_memory(copy.copy(parameter)._array, parameter._array)


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda b: pickle.loads(pickle.dumps(b))], ids=["deepcopy", "pickle"])
@pytest.mark.parametrize("kind", [Buffer, UninitializedBuffer])
def test_a_copied_buffer_is_as_persistent(kind, copied):
    buffer = copied(kind(persistent=False))
    assert type(buffer) is kind
    assert buffer.persistent is False


def test_a_buffer_takes_the_gradient_of_its_tensor():
    assert Buffer(pyconv.ones(1)).requires_grad is False
    assert Buffer(pyconv.ones(1, requires_grad=True)).requires_grad is True
    assert type(Buffer(pyconv.ones(1)) + 1) is Tensor


def test_an_uninitialized_parameter_materializes_in_place():
    parameter = UninitializedParameter(requires_grad=False, dtype=pyconv.float64)
    assert is_lazy(parameter)
    assert isinstance(parameter, Parameter)
    parameter.materialize((2, 3))
    assert type(parameter) is Parameter
    assert not is_lazy(parameter)
    assert parameter.shape == (2, 3)
    assert parameter.dtype is pyconv.float64
    assert parameter.requires_grad is False
    assert (parameter.fill_(2) + 1).tolist() == [[3.0] * 3] * 2


def test_materialize_in_another_dtype():
    buffer = UninitializedBuffer()
    assert buffer.size() == (0,)
    buffer.materialize([2], dtype=pyconv.int64)
    assert type(buffer) is Buffer
    assert buffer.dtype is pyconv.int64
    assert not buffer.requires_grad


def test_an_uninitialized_buffer_with_gradient_in_another_dtype():
    buffer = UninitializedBuffer(requires_grad=True, persistent=False).half()
    assert type(buffer) is UninitializedBuffer
    assert (buffer.dtype, buffer.requires_grad, buffer.persistent) == (pyconv.float16, True, False)


def test_what_an_uninitialized_parameter_tells():
    parameter = UninitializedParameter()
    assert repr(parameter) == "<UninitializedParameter>"
    assert repr(parameter.data) == "tensor([])"
    assert parameter.size() == (0,)
    assert parameter.is_floating_point()
    assert not parameter.is_complex()
    assert parameter.dtype is pyconv.float32
    assert parameter.double().dtype is pyconv.float64
    assert parameter.to("cpu", pyconv.float16).dtype is pyconv.float16
    assert hash(parameter) == id(parameter)
    assert (parameter.is_leaf, parameter.grad, parameter.requires_grad) == (True, None, True)


@pytest.mark.parametrize(
    "use",
    [
        lambda p: p + 1,
        lambda p: pyconv.relu(p),
        lambda p: p.detach(),
        lambda p: p.clone(),
        lambda p: p.numel(),
        lambda p: p == p,
        lambda p: p[0],
        lambda p: p.item(),
        lambda p: p.numpy(),
        lambda p: p.zero_(),
        lambda p: Parameter(p),
        lambda p: pyconv.ones(2) * p,
    ],
)
def test_nothing_is_computed_from_an_uninitialized_parameter(use):
    with pytest.raises((ValueError, RuntimeError), match=f"{USE}|{SHAPE}"):
        use(UninitializedParameter(requires_grad=False))


def test_there_is_no_shape_yet():
    with pytest.raises(RuntimeError, match=SHAPE):
        _ = UninitializedParameter().shape


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda p: pickle.loads(pickle.dumps(p))], ids=["deepcopy", "pickle"])
@pytest.mark.parametrize("requires_grad", [True, False])
def test_a_copied_uninitialized_parameter(requires_grad, copied):
    first = UninitializedParameter(requires_grad, dtype=pyconv.float64)
    loaded, again = copied([first, first])
    assert loaded is again
    assert type(loaded) is UninitializedParameter
    assert loaded.dtype is pyconv.float64
    assert loaded.size() == (0,)
    assert loaded.requires_grad is requires_grad


def test_copying_one_uninitialized_parameter_to_another_does_nothing():
    parameter = UninitializedParameter()
    assert parameter.copy_(UninitializedParameter()) is parameter
    assert is_lazy(parameter)


def test_copying_values_to_an_uninitialized_parameter():
    with pytest.raises((RuntimeError, ValueError)):
        UninitializedParameter(requires_grad=False).copy_(pyconv.ones(3))


@pytest.mark.parametrize("shape", [3, (3,), [3]])
def test_a_parameter_takes_a_shape_of_one_dimension_as_a_number_too(shape):
    parameter = pyconv.nn.UninitializedParameter(dtype=pyconv.float64)
    parameter.materialize(shape)
    assert parameter.shape == (3,)
    assert parameter.dtype is pyconv.float64


# Subclasses that make themselves


class Scaled(Parameter):
    """A parameter with an attribute of its own, given to `__new__` and `__init__` alike."""

    def __new__(cls, data, scale=None):
        return super().__new__(cls, data, requires_grad=False)

    def __init__(self, data, scale=None):
        self.scale = scale


class Tagged(Tensor):
    """A tensor whose constructor takes more than Tensor's."""

    def __new__(cls, data, tag):
        return super().__new__(cls, data)

    def __init__(self, data, tag):
        self.tag = tag


def test_a_subclass_makes_itself():
    data = pyconv.ones(2)
    scaled = Scaled(data, scale=3)
    data.add_(1)
    assert (scaled.tolist(), scaled.scale, scaled.requires_grad, scaled._version) == ([2.0, 2.0], 3, False, 1)
    tagged = Tagged([1, 2], "a")
    assert (type(tagged), tagged.tolist(), tagged.tag) == (Tagged, [1.0, 2.0], "a")


def test_a_copy_is_made_by_the_class_of_the_values_and_requires_grad():
    copied = copy.deepcopy(Scaled(pyconv.ones(2), scale=3))
    assert (type(copied), copied.scale) == (Scaled, False)
    parameter = Parameter(pyconv.ones(2))
    assert copy.deepcopy([parameter] * 2)[0] is not parameter
    assert len(set(map(id, copy.deepcopy([parameter] * 2)))) == 1
    assert type(pickle.loads(pickle.dumps(Scaled(pyconv.ones(2), 3)))) is Scaled


def test_what_the_constructors_do_not_take():
    with pytest.raises(TypeError, match=r"Parameter.__new__\(\) takes from 1 to 3 positional arguments but 4 were"):
        Parameter(pyconv.ones(1), True, 3)
    with pytest.raises(TypeError, match=r"Parameter.__new__\(\) got an unexpected keyword argument 'scale'"):
        Parameter(pyconv.ones(1), scale=3)
    with pytest.raises(TypeError, match=r"Buffer.__new__\(\) takes from 1 to 2 positional arguments but 3 were"):
        Buffer(pyconv.ones(1), False)


def test_a_leaf_of_a_subclass_over_a_tensor():
    data = pyconv.ones(2)
    made = Tensor._make_subclass(Named, data, True)
    data.add_(1)
    assert (type(made), made.tolist(), made.requires_grad) == (Named, [2.0, 2.0], True)
    with pytest.raises(RuntimeError, match="Only Tensors of floating point and complex dtype can require gradients"):
        Tensor._make_subclass(Named, pyconv.arange(2), True)


def test_where_an_uninitialised_one_will_be():
    lazy = UninitializedParameter(device="meta")
    assert (lazy.is_meta, lazy.device) == (True, pyconv.device("meta"))
    assert not UninitializedBuffer().is_meta
    with pytest.raises(RuntimeError, match="Can't share memory on an uninitialized parameter or buffer"):
        UninitializedBuffer().share_memory_()
