"""Tensors on the 'meta' device: shapes without elements. Nothing is read, written or drawn; the texts are torch's."""

import copy
import io
import pickle
import tracemalloc

import numpy as np
import pytest

import pyconv
from pyconv import nn
from pyconv.meta import Meta
from pyconv.nn import functional as F


def empty(*size, **options):
    return pyconv.empty(*size, device="meta", **options)


MADE = {
    "zeros": lambda **o: pyconv.zeros(2, 3, **o),
    "full": lambda **o: pyconv.full((2, 3), 1.5, **o),
    "randn": lambda **o: pyconv.randn(2, 3, **o),
    "rand": lambda **o: pyconv.rand((2, 3), **o),
    "tensor": lambda **o: pyconv.tensor([[1.0, 2, 3], [4, 5, 6]], **o),
    "as_tensor": lambda **o: pyconv.as_tensor(np.ones((2, 3), np.float32), **o),
    "eye": lambda **o: pyconv.eye(2, 3, **o),
    "normal": lambda **o: pyconv.normal(0.0, 1.0, (2, 3), **o),
    "empty_strided": lambda **o: pyconv.empty_strided((2, 3), (3, 1), **o),
}


@pytest.mark.parametrize("name", MADE)
def test_a_factory_on_meta(name):
    state = pyconv.get_rng_state()
    with pyconv.device("meta"):
        entered = MADE[name]()
    for made in (MADE[name](device="meta"), entered):
        assert (made.device, made.is_meta, made.is_cpu) == (pyconv.device("meta"), True, False)
        assert (tuple(made.shape), made.stride(), made.dtype) == ((2, 3), (3, 1), pyconv.float32)
        assert repr(made) == "tensor(..., device='meta', size=(2, 3))"
    assert pyconv.equal(pyconv.get_rng_state(), state)
    assert MADE[name]().is_cpu


def test_printed_text():
    assert repr(empty(2, dtype=pyconv.int8)) == "tensor(..., device='meta', size=(2,), dtype=torch.int8)"
    assert repr(empty(2, requires_grad=True)) == "tensor(..., device='meta', size=(2,), requires_grad=True)"
    assert repr(empty(2, requires_grad=True) * 2) == "tensor(..., device='meta', size=(2,), grad_fn=<MulBackward0>)"
    assert repr(nn.Linear(1, 2, device="meta").bias) == (
        "Parameter containing:\ntensor(..., device='meta', size=(2,), requires_grad=True)"
    )
    assert f"{empty(())}" == "tensor(..., device='meta', size=())"


def test_the_innermost_device_counts():
    pyconv.set_default_device("meta")
    try:
        assert pyconv.get_default_device() == pyconv.ones(1).device == pyconv.device("meta")
        with pyconv.device("cpu"):
            assert pyconv.ones(1).is_cpu
            with pyconv.device("meta"):
                assert pyconv.ones(1).is_meta
                assert pyconv.ones(1, device="cpu").is_cpu
            assert pyconv.ones(1).is_cpu
        assert pyconv.from_numpy(np.ones(1)).is_cpu
    finally:
        pyconv.set_default_device(None)
    assert pyconv.get_default_device() == pyconv.device("cpu")
    with pytest.raises(ZeroDivisionError), pyconv.device("meta"):
        _ = 1 / 0
    assert pyconv.ones(1).is_cpu


def test_a_device_that_is_not_here_is_refused_at_the_first_tensor():
    with pyconv.device("cuda"), pytest.raises(AssertionError, match="Torch not compiled with CUDA enabled"):
        pyconv.ones(1)
    with pyconv.device("xpu"), pytest.raises(RuntimeError, match="not linked with support for xpu devices"):
        nn.Linear(1, 1)


def test_like_and_new_follow_the_tensor_unless_told():
    x, y = empty(2, 3), pyconv.ones(2, 3)
    assert pyconv.zeros_like(x).is_meta
    assert pyconv.rand_like(x).is_meta
    assert x.new_ones(4).is_meta
    assert x.new_tensor([1.0]).is_meta
    assert y.new_zeros(2, device="meta").is_meta
    assert pyconv.empty_like(y, device="meta").is_meta
    assert pyconv.zeros_like(x, device="cpu").tolist() == [[0] * 3] * 2
    with pyconv.device("meta"):
        assert pyconv.zeros_like(y).is_cpu
        assert (y + 1).sum().item() == 12


def test_no_memory_is_taken():
    tracemalloc.start()
    weight = nn.Linear(10**5, 10**6, bias=False, device="meta").weight
    copies = [copy.deepcopy(weight), weight.half(), weight.detach().t().contiguous(), pyconv.empty_like(weight)]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert weight.nbytes == 4 * 10**11
    assert copies[2].stride() == (10**6, 1)
    assert peak < 10**6


@pytest.mark.parametrize(
    ("call", "shape", "stride"),
    [
        (lambda x: x.t(), (3, 2), (1, 3)),
        (lambda x: x.reshape(3, 2), (3, 2), (2, 1)),
        (lambda x: x.t().reshape(-1), (6,), (1,)),
        (lambda x: x[1:, None, ::2], (1, 1, 2), (3, 3, 2)),
        (lambda x: x[0], (3,), (1,)),
        (lambda x: x.unsqueeze(0).expand(4, 2, 3), (4, 2, 3), (0, 3, 1)),
        (lambda x: x.t().clone(), (3, 2), (1, 3)),
        (lambda x: x.t().contiguous(), (3, 2), (2, 1)),
        (lambda x: x.to(pyconv.int32), (2, 3), (3, 1)),
        (lambda x: x + pyconv.tensor(1), (2, 3), (3, 1)),
        (lambda x: 2 * x[:, :1] - x[:1], (2, 3), (3, 1)),
        (lambda x: x.relu().sin(), (2, 3), (3, 1)),
        (lambda x: x.sum(0), (3,), (1,)),
        (lambda x: x.mean(1, keepdim=True), (2, 1), (1, 1)),
        (lambda x: pyconv.cat([x, x], 1), (2, 6), (6, 1)),
        (lambda x: pyconv.stack(x.unbind(), 1), (3, 2), (2, 1)),
        (lambda x: pyconv.where(x > 0, x, 0.0), (2, 3), (3, 1)),
        (lambda x: x.view(1, 2, 1, 3).to(memory_format=pyconv.channels_last), (1, 2, 1, 3), (6, 1, 6, 2)),
    ],
)
def test_what_follows_from_shapes(call, shape, stride):
    found = call(empty(2, 3))
    assert found.is_meta
    assert (tuple(found.shape), found.stride()) == (shape, stride)


IN_PLACE = {
    "add_": lambda x: x.add_(1),
    "mul_": lambda x: x.mul_(x),
    "zero_": lambda x: x.zero_(),
    "fill_": lambda x: x.fill_(3),
    "copy_": lambda x: x.copy_(pyconv.ones(2, 3)),
    "uniform_": lambda x: x.uniform_(),
    "exponential_": lambda x: x.exponential_(),
    "set item": lambda x: x.__setitem__(0, 1.0) or x,
    "trunc_normal_": nn.init.trunc_normal_,
    "kaiming_normal_": nn.init.kaiming_normal_,
    "orthogonal_": nn.init.orthogonal_,
    "sparse_": lambda x: nn.init.sparse_(x, 0.5),
}


@pytest.mark.parametrize("name", IN_PLACE)
def test_in_place_nothing_is_drawn_or_written(name):
    x, state = empty(2, 3), pyconv.get_rng_state()
    assert IN_PLACE[name](x) is x
    assert x.is_meta
    assert pyconv.equal(pyconv.get_rng_state(), state)


NO_DATA = "^Cannot copy out of meta tensor; no data!$"
NUMPY = "can't convert meta device type tensor to numpy. Use Tensor.cpu\\(\\) to copy the tensor to host memory first."
ITEM = r"^Tensor.item\(\) cannot be called on meta tensors$"


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda x: x.tolist(), NotImplementedError, NO_DATA),
        (lambda x: x.to("cpu"), NotImplementedError, NO_DATA),
        (lambda x: x.to(pyconv.ones(1)), NotImplementedError, NO_DATA),
        (lambda x: x.cpu(), NotImplementedError, NO_DATA),
        (lambda x: pyconv.ones(1).copy_(x), NotImplementedError, NO_DATA),
        (lambda x: pyconv.ones(2).__setitem__(0, x[0]), NotImplementedError, NO_DATA),
        (lambda x: x.numpy(), TypeError, NUMPY),
        (np.asarray, TypeError, NUMPY),
        (lambda x: np.asarray(x._array), NotImplementedError, NO_DATA),
        (lambda x: x.item(), RuntimeError, ITEM),
        (bool, RuntimeError, ITEM),
        (float, RuntimeError, ITEM),
        (int, RuntimeError, ITEM),
        (lambda x: setattr(x, "data", pyconv.ones(1)), RuntimeError, "have incompatible tensor type"),
        (lambda x: x.nonzero(), NotImplementedError, "^Nonzero: not known for tensors on the meta device"),
        (lambda x: x.unique(), NotImplementedError, "no data"),
        (lambda x: x[x > 0], NotImplementedError, "no data"),
        (lambda x: pyconv.equal(x, x), NotImplementedError, "no data"),
        (lambda x: x.bincount(), RuntimeError, "bincount"),
        (lambda x: pyconv.linalg.inv(x.expand(2, 2)), NotImplementedError, "no data"),
        (lambda x: x.expand(2**14, 2**14).cumsum(0), NotImplementedError, "^Cumsum: not known for tensors on the"),
        (lambda x: pyconv.save(x, io.BytesIO()), NotImplementedError, "no data"),
        (lambda x: x + pyconv.ones(1), RuntimeError, "^Tensor on device cpu is not on the expected device meta!$"),
        (lambda x: pyconv.ones(1) * x, RuntimeError, "^Tensor on device meta is not on the expected device cpu!$"),
        (lambda x: pyconv.ones(1).add_(x), RuntimeError, "is not on the expected device"),
        (lambda x: pyconv.add(pyconv.ones(1), 1, out=x), NotImplementedError, "no data"),
    ],
)
def test_nothing_is_read(call, error, words):
    with pytest.raises(error, match=words):
        call(empty(1))


def test_what_is_asked_of_memory():
    x = empty(2, 3)
    assert (x.data_ptr(), x[1].storage_offset(), x.is_contiguous(), x.type()) == (0, 3, True, "torch.meta.FloatTensor")
    out = pyconv.zeros(2, 3, out=x)
    assert out is x
    assert x.is_meta


def test_copies_and_pickles():
    x = empty(2, 3, dtype=pyconv.float16).t()
    for again in (copy.deepcopy(x), pickle.loads(pickle.dumps(x))):
        assert repr(again) == repr(x)


def test_a_tensor_moved_there_keeps_its_place_in_the_graph():
    x = pyconv.ones(2, requires_grad=True)
    moved = x.to("meta")
    assert repr(moved) == "tensor(..., device='meta', size=(2,), grad_fn=<ToCopyBackward0>)"
    with pytest.raises(NotImplementedError, match=NO_DATA):
        pyconv.autograd.grad(moved, x, pyconv.ones(2, device="meta"))


def build():
    return nn.Sequential(
        nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.PReLU(), nn.Flatten(), nn.LSTM(8, 4), nn.Embedding(5, 4),
        nn.MultiheadAttention(4, 2), nn.TransformerEncoderLayer(4, 2, 8), nn.Bilinear(2, 3, 4), nn.GRUCell(2, 3),
    )  # fmt: skip


def test_modules_are_made_without_values():
    state = pyconv.get_rng_state()
    with pyconv.device("meta"):
        net = build()
    assert pyconv.equal(pyconv.get_rng_state(), state)
    assert all(value.is_meta for value in net.state_dict().values())
    expected = {name: (value.shape, value.dtype) for name, value in build().state_dict().items()}
    assert {name: (value.shape, value.dtype) for name, value in net.state_dict().items()} == expected


def test_a_module_gets_values_by_to_empty_or_assignment():
    source = nn.Linear(2, 3)
    net = nn.Linear(2, 3, device="meta")
    weight = net.weight
    net.load_state_dict(source.state_dict(), assign=True)
    x = pyconv.ones(1, 2)
    assert net.weight is not weight
    assert pyconv.equal(net(x), source(x))
    net = nn.Linear(2, 3, device="meta").to_empty(device="cpu")
    assert net.weight.is_cpu
    assert net.weight.requires_grad
    net.load_state_dict(source.state_dict())
    assert pyconv.equal(net(x), source(x))
    assert net.to("meta").weight.is_meta


def test_loading_into_a_module_without_values():
    net = nn.Linear(2, 3, bias=False, device="meta")
    words = "for weight: copying from a non-meta parameter in the checkpoint to a meta parameter .* which is a no-op"
    with pytest.warns(UserWarning, match=words):
        net.load_state_dict(nn.Linear(2, 3, bias=False).state_dict())
    assert net.weight.is_meta
    with pytest.raises(RuntimeError, match="Cannot copy out of meta tensor; no data!"):
        nn.Linear(2, 3, bias=False).load_state_dict(net.state_dict())
    with pytest.raises(NotImplementedError, match=r"Please use torch.nn.Module.to_empty\(\) instead of"):
        net.to("cpu")
    with pytest.raises(NotImplementedError, match=NO_DATA):
        net.cpu()


def image(**options):
    return pyconv.zeros(2, 4, 6, 6, **options)


SHAPED = {
    "erfinv": lambda x: pyconv.erfinv(x),
    "exp of halves": lambda x: x.half().exp(),
    "pow": lambda x: x**2.5,
    "atan2": lambda x: pyconv.atan2(x, x[0]),
    "transposed": lambda x: x.transpose(0, 1).sigmoid(),
    "softmax": lambda x: x.softmax(1),
    "std": lambda x: x.std((2, 3)),
    "cumsum": lambda x: x.cumsum(1),
    "matmul": lambda x: x @ x,
    "qr": lambda x: pyconv.linalg.qr(x)[1],
    "dropout": lambda x: F.dropout(x),
    "dropout2d": lambda x: F.dropout2d(x),
    "alpha_dropout": lambda x: F.alpha_dropout(x, training=True),
    "bernoulli": lambda x: pyconv.bernoulli(x),
    "normal": lambda x: pyconv.normal(x, 1.0),
    "convolution": lambda x: nn.Conv2d(4, 6, 3, groups=2, device=x.device)(x),
    "transposed convolution": lambda x: nn.ConvTranspose2d(4, 3, 2, 2, device=x.device)(x),
    "a network": lambda x: nn.Sequential(
        nn.Conv2d(4, 8, 3, device=x.device), nn.BatchNorm2d(8, device=x.device), nn.GELU(), nn.AvgPool2d(2),
        nn.Flatten(), nn.Linear(32, 3, device=x.device),
    )(x),
    "pooling": lambda x: F.max_pool2d(x, 2),
    "group_norm": lambda x: F.group_norm(x, 2),
    "resize": lambda x: F.interpolate(x, scale_factor=2, mode="bilinear"),
    "pad": lambda x: F.pad(x, (1, 2, 0, 1), mode="reflect"),
    "attention": lambda x: F.scaled_dot_product_attention(x, x, x),
}  # fmt: skip


@pytest.mark.parametrize("name", SHAPED)
def test_the_shape_of_a_result(name):
    before = pyconv.get_rng_state()
    found = SHAPED[name](image(device="meta"))
    assert pyconv.equal(pyconv.get_rng_state(), before)
    wanted = SHAPED[name](image())
    assert found.is_meta
    assert (found.shape, found.dtype, found.stride()) == (wanted.shape, wanted.dtype, wanted.stride())
    assert type(found.grad_fn) is type(wanted.grad_fn)


def test_a_step_of_training_without_values():
    net = nn.Sequential(nn.Conv2d(4, 8, 3), nn.BatchNorm2d(8), nn.ReLU()).to("meta")
    net(image(device="meta")).sum().backward()
    assert [tuple(p.grad.shape) for p in net.parameters()] == [tuple(p.shape) for p in net.parameters()]
    assert all(p.grad.is_meta for p in net.parameters())


def test_an_elementwise_function_takes_no_memory():
    x = empty(10**6, 10**6)
    for call in (pyconv.erfinv, pyconv.exp, pyconv.lgamma, lambda x: pyconv.hypot(x, x[:1])):
        assert call(x).shape == (10**6, 10**6)


def test_an_array_without_elements_tells_numpy_shapes_alone():
    x = Meta.empty((2, 3), np.dtype(np.float64))
    assert np.shape(np.transpose(x)) == (3, 2)
    assert (x < 1).dtype == bool
    out = np.ones((2, 3))
    for refused in (np.sort, np.add.accumulate, lambda x: np.sin(x, out=out), lambda x: x.tobytes()):
        with pytest.raises(NotImplementedError, match="no data"):
            refused(x)
    with pytest.raises(NotImplementedError):
        bool(x)
    with pytest.raises(IndexError):
        x[5] = 1
    with pytest.raises(ValueError, match="broadcast"):
        x[:] = np.ones(2)
    assert not x.frame.flags.writeable


def test_an_elementwise_function_of_a_tensor_without_dimensions():
    x = pyconv.ones((), device="meta")
    assert (x.log() * x + 1).device.type == "meta"
    assert (x.log() + pyconv.ones(2, 3, device="meta")).shape == (2, 3)
