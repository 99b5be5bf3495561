"""Modules in another dtype. The texts are torch 2.13's."""

import pytest

import pyconv
from pyconv import warned
from pyconv.nn.modules.module import Module
from pyconv.nn.parameter import Parameter

FLOATS = {"float": "float32", "double": "float64", "half": "float16", "bfloat16": "bfloat16"}


@pytest.fixture(autouse=True)
def _already_warned(monkeypatch):
    """The warning of lost imaginary parts comes once a process: here it has come."""
    monkeypatch.setattr(warned, "_given", {"Casting complex values to real discards the imaginary part"})


class Net(Module):
    def __init__(self):
        super().__init__()
        self.w = Parameter(pyconv.tensor([1.5, 2.0]))
        self.z = Parameter(pyconv.ones(1, dtype=pyconv.complex64))
        self.register_buffer("n", pyconv.tensor(3))
        self.register_buffer("mean", pyconv.ones(2))
        self.register_buffer("nothing", None)
        self.register_parameter("bias", None)


class Outer(Module):
    def __init__(self):
        super().__init__()
        self.inner = Net()


def dtypes(net):
    return [str(value.dtype).removeprefix("torch.") for value in (net.w, net.z, net.n, net.mean)]


@pytest.mark.parametrize("method", FLOATS)
def test_the_short_forms_change_real_numbers_alone(method):
    outer = Outer()
    assert getattr(outer, method)() is outer
    assert dtypes(outer.inner) == [FLOATS[method], "complex64", "int64", FLOATS[method]]


@pytest.mark.parametrize(
    ("args", "kwargs"),
    [
        ((pyconv.float64,), {}),
        (("cpu", pyconv.float64), {}),
        ((pyconv.device("cpu"), pyconv.float64, True), {}),
        ((None, pyconv.float64), {}),
        ((pyconv.float64, False), {}),
        ((pyconv.ones(1, dtype=pyconv.float64),), {}),
        ((Parameter(pyconv.ones(1, dtype=pyconv.float64)),), {"non_blocking": True}),
        ((), {"dtype": pyconv.float64}),
        ((), {"device": "cpu", "dtype": pyconv.float64}),
        (("cpu",), {"dtype": pyconv.float64}),
        ((), {"tensor": pyconv.ones(1, dtype=pyconv.float64)}),
    ],
)
def test_to_a_real_dtype_changes_complex_parameters_too(args, kwargs, monkeypatch):
    monkeypatch.setattr(warned, "_given", set())
    net = Net()
    with pytest.warns(UserWarning, match="^Casting complex values to real discards the imaginary part$"):
        assert net.to(*args, **kwargs) is net
    assert dtypes(net) == ["float64", "float64", "int64", "float64"]


@pytest.mark.parametrize(("args", "kwargs"), [((), {}), (("cpu",), {}), ((None,), {}), ((), {"dtype": None})])
def test_to_nothing_else(args, kwargs):
    assert dtypes(Net().to(*args, **kwargs)) == ["float32", "complex64", "int64", "float32"]


def test_parameters_stay_the_same_objects_and_keep_their_gradients():
    net = Net()
    before = net.w
    (net.w * 2).sum().backward()
    grad = net.w.grad
    net.double()
    assert net.w is before
    assert type(net.w) is Parameter
    assert net.w.requires_grad
    assert net.w.is_leaf
    assert net.w.grad is grad
    assert net.w.grad.dtype is pyconv.float64
    assert net.w.tolist() == [1.5, 2.0]
    (net.w * 3).sum().backward()
    assert net.w.grad.tolist() == [5.0, 5.0]


def test_complex_modules_come_with_a_warning():
    with pytest.warns(UserWarning, match="Complex modules are a new feature under active development") as caught:
        net = Net().to(pyconv.complex128)
    assert caught[0].filename == __file__
    assert dtypes(net) == ["complex128", "complex128", "int64", "complex128"]


def test_type_changes_everything():
    assert dtypes(Net().type(pyconv.float64)) == ["float64"] * 4


def test_cpu_changes_nothing():
    net = Net()
    assert net.cpu() is net
    assert dtypes(net) == ["float32", "complex64", "int64", "float32"]


@pytest.mark.parametrize("recurse", [True, False])
def test_to_empty(recurse):
    outer = Outer()
    outer.w = Parameter(pyconv.ones(2))
    arrays = [outer.w._array, outer.inner.w._array]
    assert outer.to_empty(device="cpu", recurse=recurse) is outer
    assert [outer.w._array is arrays[0], outer.inner.w._array is arrays[1]] == [False, not recurse]
    assert outer.inner.w.shape == (2,)
    assert type(outer.w) is Parameter


INVALID = "to() received an invalid combination of arguments - got ({}), but expected one of:"


@pytest.mark.parametrize(
    ("args", "kwargs", "kind", "text"),
    [
        ((pyconv.int64,), {}, TypeError, "nn.Module.to only accepts floating point or complex dtypes, but got desired "
         "dtype=torch.int64"),
        ((), {"tensor": pyconv.ones(1, dtype=pyconv.bool)}, TypeError, "nn.Module.to only accepts floating point or "
         "complex dtypes, but got desired dtype=torch.bool"),
        ((), {"copy": True}, RuntimeError, ".to() does not accept copy argument"),
        ((pyconv.float32, pyconv.float32), {}, TypeError, INVALID.format("torch.dtype, torch.dtype")),
        ((), {"foo": 1}, TypeError, INVALID.format("foo=int, ")),
        ((pyconv.float32,), {"foo": 1}, TypeError, INVALID.format("torch.dtype, foo=int")),
        (("cpu", "cpu"), {}, TypeError, INVALID.format("str, str")),
        (("cpu",), {"device": "cpu"}, TypeError, INVALID.format("str, device=str")),
        ((pyconv.device("cpu"),), {"dtype": 3}, TypeError, INVALID.format("torch.device, dtype=int")),
        (([],), {}, TypeError, INVALID.format("list")),
    ],
)  # fmt: skip
def test_to_refuses(args, kwargs, kind, text):
    net = Net()
    with pytest.raises(kind) as raised:
        net.to(*args, **kwargs)
    assert str(raised.value).split("\n")[0] == text
    assert dtypes(net) == ["float32", "complex64", "int64", "float32"]


def test_there_is_no_other_device():
    for move in (lambda net: net.to("cuda"), lambda net: net.cuda()):
        with pytest.raises(AssertionError, match="^Torch not compiled with CUDA enabled$"):  # noqa: RUF043
            move(Net())


def test_to_a_memory_format_changes_what_has_its_dimensions():
    module = pyconv.nn.Conv2d(2, 3, 3).to(memory_format=pyconv.channels_last)
    assert module.weight.stride() == (18, 1, 6, 2)
    assert module.bias.stride() == (1,)
    with pytest.raises(RuntimeError, match="^required rank 5 tensor to use channels_last_3d format$"):  # noqa: RUF043
        module.to(memory_format=pyconv.channels_last_3d)


def test_to_with_a_dtype_keeps_the_memory_format():
    module = pyconv.nn.Conv2d(2, 3, 3).to(pyconv.float64, memory_format=pyconv.channels_last).to(pyconv.float32)
    assert module.weight.dtype is pyconv.float32
    assert module.weight.stride() == (18, 1, 6, 2)
