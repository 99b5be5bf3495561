"""Memory formats, storages, ranges and the legacy constructors."""

import re

import numpy as np
import pytest

import pyconv


def test_channels_last():
    x = pyconv.arange(120.0).reshape(2, 3, 4, 5)
    y = x.to(memory_format=pyconv.channels_last)
    assert y.equal(x)
    assert y.stride() == (60, 1, 15, 3)
    assert y.is_contiguous(memory_format=pyconv.channels_last)
    assert not y.is_contiguous()
    assert (y + 1).stride() == y.clone().stride() == pyconv.zeros_like(y).stride() == y.double().stride() == y.stride()
    assert y.contiguous().stride() == x.stride()
    assert y.contiguous(memory_format=pyconv.channels_last) is y
    assert pyconv.empty(2, 3, 4, 5, 6, memory_format=pyconv.channels_last_3d).stride() == (360, 1, 90, 18, 3)
    with pytest.raises(RuntimeError, match="required rank 4 tensor to use channels_last format"):
        x[0].contiguous(memory_format=pyconv.channels_last)
    assert repr([pyconv.channels_last, pyconv.strided]) == "[torch.channels_last, torch.strided]"


def test_a_copy_keeps_the_order_of_the_dimensions():
    assert pyconv.ones(2, 3).t().clone().stride() == (1, 3)
    assert pyconv.ones(4, 6)[:, ::2].t().clone().stride() == (1, 3)
    assert pyconv.ones(2, 1, 4).expand(2, 3, 4).clone().stride() == (12, 4, 1)


def test_storages_are_shared():
    x = pyconv.arange(6.0).reshape(2, 3)
    assert x[1].storage_offset() == 3
    assert x[1].data_ptr() == x.data_ptr() + 12
    assert x[1].untyped_storage().data_ptr() == x.data_ptr()
    assert x.nbytes == x[0].untyped_storage().nbytes() == 24
    y = pyconv.empty(0).set_(x.untyped_storage(), 1, (2,), (3,))
    y.zero_()
    assert x.tolist() == [[0.0, 0.0, 2.0], [3.0, 0.0, 5.0]]
    assert pyconv.empty(0).set_(x).is_set_to(x)


def test_resizing_keeps_what_fits():
    x = pyconv.arange(6)
    assert x.resize_(2, 2).tolist() == [[0, 1], [2, 3]]
    assert x.resize_(6).tolist() == [0, 1, 2, 3, 4, 5]
    assert x.resize_(8).tolist()[:6] == [0, 1, 2, 3, 4, 5]
    with pytest.raises(RuntimeError, match="cannot resize variables that require grad"):
        pyconv.ones(2, requires_grad=True).resize_(1)


def test_dlpack_shares_memory():
    array = np.zeros(2)
    pyconv.from_dlpack(array).fill_(3)
    assert array.tolist() == [3.0, 3.0]
    x = pyconv.zeros(2)
    np.asarray(pyconv.from_dlpack(x)._array)[0] = 1
    assert x.tolist() == [1.0, 0.0]
    assert pyconv.from_dlpack(x.__dlpack__()).tolist() == [1.0, 0.0]
    with pytest.raises(BufferError, match="require gradient"):
        pyconv.ones(1, requires_grad=True).__dlpack__()


@pytest.mark.parametrize("dtype", [pyconv.float32, pyconv.float64, pyconv.int32])
def test_spaced_values(dtype):
    found = pyconv.linspace(0, 10, 5, dtype=dtype)
    np.testing.assert_array_equal(found._array, np.linspace(0, 10, 5).astype(dtype.numpy))
    powers = pyconv.logspace(0, 3, 4, dtype=dtype)
    assert powers.tolist() == [1, 10, 100, 1000]
    out = pyconv.empty(3, dtype=dtype)
    assert pyconv.linspace(1, 3, 3, out=out) is out
    assert out.tolist() == [1, 2, 3]


def test_indices_of_triangles():
    np.testing.assert_array_equal(pyconv.tril_indices(3, 4, 1)._array, np.tril_indices(3, 1, 4))
    np.testing.assert_array_equal(pyconv.triu_indices(3, 4, -1)._array, np.triu_indices(3, -1, 4))


def test_legacy_types():
    assert isinstance(pyconv.LongTensor([1, 2]), pyconv.Tensor)
    assert isinstance(pyconv.ones(1), pyconv.FloatTensor)
    assert not isinstance(pyconv.ones(1), pyconv.DoubleTensor)
    assert pyconv.HalfTensor(2, 3).shape == (2, 3)
    assert pyconv.ones(2).type(pyconv.LongTensor).dtype is pyconv.int64
    assert repr(pyconv.FloatTensor) == "<class 'torch.FloatTensor'>"


def test_types_of_another_kind():
    x = pyconv.ones(1, dtype=pyconv.float64)
    assert x.type(pyconv.Tensor).dtype is x.type("torch.Tensor").dtype is pyconv.float32
    assert pyconv.nn.Linear(1, 1).double().type(pyconv.Tensor).weight.dtype is pyconv.float32
    for refused, name in ((int, "int"), (pyconv.nn.Parameter, "Parameter"), ("torch.Foo", "torch.Foo")):
        with pytest.raises(ValueError, match=f"^invalid type: '{name}'$"):
            x.type(refused)
    with pytest.raises(TypeError, match=r"^dtype must be a type, str, or dtype object$"):
        x.type(5)
    for absent in (pyconv.cuda.FloatTensor, "torch.cuda.FloatTensor"):
        with pytest.raises(RuntimeError, match=r"^Cannot initialize CUDA without ATen_cuda library"):
            x.type(absent)


def test_buffers_and_arrays():
    data = bytearray(b"abcd")
    x = pyconv.frombuffer(data, dtype=pyconv.uint8, offset=1)
    x[0] = 0
    assert data == b"a\0cd"
    array = np.ones(2, np.float32)
    pyconv.asarray(array)[0] = 5
    assert array.tolist() == [5.0, 1.0]
    assert not np.shares_memory(pyconv.asarray(array, copy=True)._array, array)
    with pytest.raises(ValueError, match="can't alias arbitrary sequence"):
        pyconv.asarray([1], copy=False)


def test_new_tensors_of_the_same_dtype():
    x = pyconv.ones(1, dtype=pyconv.int8)
    for made in (x.new_zeros(2), x.new_ones((2,)), x.new_full((2,), 2.5), x.new_empty(2), x.new_tensor([1.5, 2])):
        assert made.dtype is pyconv.int8
        assert made.shape == (2,)
    assert x.new_zeros(2, dtype=pyconv.float64).dtype is pyconv.float64
    assert x.new_empty_strided((2, 3), (1, 2)).stride() == (1, 2)


@pytest.mark.parametrize(("have", "wanted"), [((5,), (1,)), ((2, 5), (5,)), ((1, 5), (5,)), ((), ())])
def test_truth_values_summed_to_a_size_are_counted(have, wanted):
    found = pyconv.ones(have, dtype=pyconv.bool).sum_to_size(wanted)
    assert found.dtype is pyconv.int64
    assert found.shape == wanted
    assert (found == pyconv.ones(have).numel() // found.numel()).all()


def test_what_has_the_size_already_is_itself():
    x = pyconv.ones(2, 5, dtype=pyconv.bool)
    assert x.sum_to_size(2, 5) is x


@pytest.mark.parametrize("order", [pyconv.channels_last, pyconv.contiguous_format])
def test_resize_as_keeps_the_order_of_a_template(order):
    template = pyconv.ones(2, 3, 2, 5).contiguous(memory_format=order)
    x = pyconv.arange(60).resize_as_(template, memory_format=pyconv.preserve_format)
    assert x.stride() == template.stride()
    assert pyconv.as_strided(x, (60,), (1,)).tolist() == list(range(60))


def test_resize_as_keeps_the_order_of_volumes():
    template = pyconv.ones(2, 3, 2, 5, 2).contiguous(memory_format=pyconv.channels_last_3d)
    assert pyconv.ones(120).resize_as_(template, memory_format=pyconv.preserve_format).stride() == (60, 1, 30, 6, 3)


def test_resize_has_no_order_to_keep():
    x = pyconv.ones(4)
    with pytest.raises(RuntimeError, match=r"^Unsupported memory formatPreserve$"):
        x.resize_(2, 2, memory_format=pyconv.preserve_format)


LENT = {
    "numpy": lambda x: x.numpy(),
    "numpy of a view": lambda x: x[1].detach().numpy(),
    "asarray": np.asarray,
}


@pytest.mark.parametrize("look", LENT)
def test_memory_that_numpy_looks_at_does_not_move(look):
    x = pyconv.ones(2, 2)
    looking = LENT[look](x)
    with pytest.raises(RuntimeError, match="Trying to resize storage that is not resizable"):
        x.resize_(3, 3)
    assert x.resize_(3).tolist() == [1.0, 1.0, 1.0]
    assert looking.sum() > 0
    array = np.zeros(2)
    for made in (pyconv.from_numpy(array), pyconv.as_tensor(array), pyconv.asarray(array)):
        with pytest.raises(RuntimeError, match="not resizable"):
            made.resize_(3)
    with pytest.raises(RuntimeError, match="not resizable"):
        pyconv.frombuffer(bytearray(8), dtype=pyconv.int32).resize_(3)
    assert pyconv.ones(2).resize_(3).shape == (3,)


NO_ROOM = {
    (2**62,): "Storage size calculation overflowed with sizes=[4611686018427387904]",
    (2, 4, 2**29, 2**29): "Storage size calculation overflowed with sizes=[2, 4, 536870912, 536870912]",
    (0, 4, 2**61): "Stride calculation overflowed",
    (2**50,): "DefaultCPUAllocator: can't allocate memory: you tried to allocate 4503599627370496 bytes.",
}


@pytest.mark.parametrize("shape", NO_ROOM)
def test_there_is_no_room_for_very_large_tensors(shape):
    x = pyconv.ones(())
    for make in (pyconv.empty, pyconv.zeros, pyconv.randn, x.new_empty, x.resize_):
        with pytest.raises(RuntimeError, match=re.escape(NO_ROOM[shape])):
            make(shape)


def test_a_size_beyond_64_bits():
    with pytest.raises(RuntimeError, match="numel: integer multiplication overflow"):
        pyconv.ones(()).resize_(8, 8, 2**29, 2**29)


def test_a_view_without_elements_is_a_view():
    x = pyconv.ones(2, 0, requires_grad=True)
    assert x.view(0)._base is x
    assert pyconv.view_as_real(pyconv.ones(0, dtype=pyconv.complex64)).shape == (0, 2)
    assert x[0]._is_view()


def test_a_dense_tensor_made_dense():
    x = pyconv.ones(2)
    assert x.to_dense() is x
    assert x.to_dense(pyconv.float64).dtype is pyconv.float64


# shape, the order of the dimensions in memory, the strides of `.to(memory_format=...)` and whether that is the tensor
# itself, recorded from torch 2.13
TO = [
    ((2, 1, 3, 3), (0, 1, 2, 3), "channels_last", (9, 1, 3, 1), False),
    ((4, 8, 1, 1), (0, 1, 2, 3), "channels_last", (8, 1, 8, 8), False),
    ((4, 8, 1, 1), (0, 1, 2, 3), "contiguous_format", (8, 1, 1, 1), True),
    ((2, 3, 4, 5), (0, 2, 3, 1), "channels_last", (60, 1, 15, 3), True),
    ((2, 1, 2, 4, 5), (0, 1, 2, 3, 4), "channels_last_3d", (40, 1, 20, 5, 1), False),
    ((2, 3), (1, 0), "contiguous_format", (1, 2), True),
    ((2, 3), (1, 0), "preserve_format", (1, 2), True),
]


@pytest.mark.parametrize(("shape", "order", "name", "strides", "stays"), TO, ids=str)
def test_the_strides_decide_whether_a_format_is_there(shape, order, name, strides, stays):
    back = [order.index(i) for i in range(len(shape))]
    x = pyconv.ones([shape[i] for i in order]).permute(back)
    found = x.to(memory_format=getattr(pyconv, name))
    assert (found.stride(), found is x) == (strides, stays)
    other = x.double(memory_format=getattr(pyconv, name))
    assert other.stride() == (x.contiguous().stride() if name == "contiguous_format" else strides)


def test_a_convolution_of_one_channel_keeps_channels_last():
    x = pyconv.ones(2, 1, 5, 5).to(memory_format=pyconv.channels_last)
    assert pyconv.nn.Conv2d(1, 4, 3)(x).stride() == (36, 1, 12, 4)
