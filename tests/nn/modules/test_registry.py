"""What happens to what is assigned to a module. The texts are torch 2.13's."""

import numpy as np
import pytest

import pyconv
from pyconv.nn.modules.conv import Conv2d
from pyconv.nn.modules.module import Module
from pyconv.nn.parameter import Buffer, Parameter, UninitializedBuffer


class Holder(Module):
    def __init__(self):
        super().__init__()
        self.p = Parameter(pyconv.ones(2))
        self.c = Module()
        self.register_buffer("b", pyconv.zeros(1))


class Early(Module):
    """A module that assigns something before it is initialised."""

    def __init__(self, value):
        self.early = value
        super().__init__()


def tables(module):
    return list(module._parameters), list(module._buffers), list(module._modules)


def test_assigning_registers_by_kind():
    module = Holder()
    module.n = 3
    assert tables(module) == (["p"], ["b"], ["c"])
    assert module.__dict__["n"] == 3
    assert module.p is module._parameters["p"]
    assert module.b is module._buffers["b"]
    assert module.c is module._modules["c"]


def test_a_tensor_is_an_ordinary_attribute_unless_a_buffer_has_its_name():
    module = Holder()
    module.t = module.b = pyconv.ones(3)
    assert tables(module) == (["p"], ["b"], ["c"])
    assert module.b.shape == (3,)


@pytest.mark.parametrize("kind", [Buffer, UninitializedBuffer])
def test_a_buffer_is_registered_by_assigning_it(kind):
    module = Module()
    module.a, module.b = kind(persistent=False), kind()
    assert list(module._buffers) == ["a", "b"]
    assert module._non_persistent_buffers_set == {"a"}


def test_what_is_assigned_takes_the_place_of_another_kind():
    module = Holder()
    module.register_buffer("b", pyconv.zeros(1), persistent=False)
    module.c, module.b = Parameter(), Parameter()
    assert tables(module) == (["p", "c", "b"], [], [])
    assert module._non_persistent_buffers_set == set()
    module.register_buffer("d", pyconv.zeros(1), persistent=False)
    module.d = Module()
    assert tables(module) == (["p", "c", "b"], [], ["d"])
    assert module._non_persistent_buffers_set == set()
    module.n = 3
    module.n = Module()
    assert "n" not in module.__dict__


def test_none_keeps_the_place():
    module = Holder()
    module.p = module.c = module.b = None
    assert tables(module) == (["p"], ["b"], ["c"])
    assert (module.p, module.b, module.c) == (None, None, None)
    module.b = pyconv.ones(1)
    assert next(iter(module.named_buffers()))[1] is module.b


def test_persistence_is_kept_unless_a_new_buffer_says_otherwise():
    module = Module()
    module.register_buffer("b", pyconv.zeros(1), persistent=False)
    module.b = pyconv.ones(1)
    assert module._non_persistent_buffers_set == {"b"}
    module.b = Buffer(pyconv.ones(1))
    assert module._non_persistent_buffers_set == set()
    module.register_buffer("b", None, persistent=False)
    assert module._non_persistent_buffers_set == {"b"}


def test_deleting():
    module = Holder()
    module.n = 3
    module.register_buffer("b", pyconv.zeros(1), persistent=False)
    del module.p, module.b, module.c, module.n
    assert tables(module) == ([], [], [])
    assert module._non_persistent_buffers_set == set()
    with pytest.raises(AttributeError, match=r"\bn\b"):
        del module.n


def test_an_unknown_attribute():
    with pytest.raises(AttributeError, match=r"^'Holder' object has no attribute 'y'$"):
        _ = Holder().y


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Parameter(), "cannot assign parameters before Module.__init__() call"),
        (Module(), "cannot assign module before Module.__init__() call"),
        (Buffer(), "cannot assign buffer before Module.__init__() call"),
    ],
    ids=["parameter", "module", "buffer"],
)
def test_nothing_is_registered_before_init(value, text):
    with pytest.raises(AttributeError) as raised:
        Early(value)
    assert str(raised.value) == text


def test_an_ordinary_attribute_can_be_assigned_before_init():
    assert Early(3).early == 3


def test_registering_before_init():
    module = Module.__new__(Module)
    with pytest.raises(AttributeError, match=r"cannot assign parameter before Module.__init__\(\) call"):
        module.register_parameter("p", None)
    with pytest.raises(AttributeError, match=r"cannot assign buffer before Module.__init__\(\) call"):
        module.register_buffer("b", None)


WRONG_VALUES = [
    ("p", 3, "cannot assign 'int' as parameter 'p' (torch.nn.Parameter or None expected)"),
    ("p", pyconv.ones(1), "cannot assign 'torch.FloatTensor' as parameter 'p' (torch.nn.Parameter or None expected)"),
    ("p", np.ones(1), "cannot assign 'numpy.ndarray' as parameter 'p' (torch.nn.Parameter or None expected)"),
    ("c", "x", "cannot assign 'str' as child module 'c' (torch.nn.Module or None expected)"),
    ("b", [1], "cannot assign 'list' as buffer 'b' (torch.nn.Buffer, torch.Tensor or None expected)"),
    (
        "p",
        Conv2d,
        "cannot assign 'pyconv.nn.modules.conv.Conv2d' as parameter 'p' (torch.nn.Parameter or None expected)",
    ),
]


@pytest.mark.parametrize(("name", "value", "text"), WRONG_VALUES, ids=[text.split("'")[1] for *_, text in WRONG_VALUES])
def test_a_wrong_value_is_refused(name, value, text):
    with pytest.raises(TypeError) as raised:
        setattr(Holder(), name, value)
    assert str(raised.value) == text


WRONG_NAMES = [
    ("register_parameter", 3, TypeError, "parameter name should be a string. Got int"),
    ("register_parameter", "a.b", KeyError, 'parameter name can\'t contain "."'),
    ("register_parameter", "", KeyError, 'parameter name can\'t be empty string ""'),
    ("register_parameter", "b", KeyError, "attribute 'b' already exists"),
    ("register_buffer", None, TypeError, "buffer name should be a string. Got NoneType"),
    ("register_buffer", "a.b", KeyError, 'buffer name can\'t contain "."'),
    ("register_buffer", "", KeyError, 'buffer name can\'t be empty string ""'),
    ("register_buffer", "p", KeyError, "attribute 'p' already exists"),
    ("register_module", 2.5, TypeError, "module name should be a string. Got float"),
    ("add_module", "a.b", KeyError, 'module name can\'t contain ".", got: a.b'),
    ("add_module", "", KeyError, 'module name can\'t be empty string ""'),
    ("add_module", "training", KeyError, "attribute 'training' already exists"),
]


@pytest.mark.parametrize(("method", "name", "kind", "text"), WRONG_NAMES)
def test_a_wrong_name_is_refused(method, name, kind, text):
    with pytest.raises(kind) as raised:
        getattr(Holder(), method)(name, None)
    assert raised.value.args == (text,)


def test_the_same_kind_can_be_registered_again():
    module = Holder()
    module.register_parameter("p", None)
    module.register_buffer("b", None)
    module.register_module("c", None)
    assert (module.p, module.b, module.c) == (None, None, None)


def test_registering_a_wrong_value():
    module = Holder()
    with pytest.raises(TypeError, match=r"cannot assign 'torch\.DoubleTensor' object to parameter 'q'"):
        module.register_parameter("q", pyconv.ones(1, dtype=pyconv.float64))
    with pytest.raises(TypeError, match=r"cannot assign 'int' object to buffer 'q' \(torch Tensor or None required\)"):
        module.register_buffer("q", 3)
    with pytest.raises(TypeError, match=r"^int is not a Module subclass$"):
        module.add_module("q", 3)


def test_a_parameter_must_be_a_leaf():
    parameter = Parameter(pyconv.ones(1))
    parameter._node = (pyconv.ones(1, requires_grad=True) * 2).grad_fn
    with pytest.raises(ValueError, match="Cannot assign non-leaf Tensor to parameter 'q'"):
        Holder().register_parameter("q", parameter)
