"""Tensors on the 'meta' device, live against torch: texts, shapes and strides, states of modules, errors."""

import copy
import pickle

import numpy as np
import pytest
import torch

import pyconv

EMPTY = {
    "printed": lambda t, x: x,
    "dtype": lambda t, x: x.to(t.int16),
    "parameter": lambda t, x: t.nn.Parameter(x),
    "half": lambda t, x: x.half(),
    "node": lambda t, x: x.requires_grad_() * 2,
    "moved": lambda t, x: t.ones(2, requires_grad=True).to("meta"),
    "device": lambda t, x: (x.device, x.is_meta, x.is_cpu, x.get_device(), x.type(), x.data_ptr(), x.nbytes),
    "transposed": lambda t, x: x.t().stride(),
    "permuted": lambda t, x: x[None].permute(2, 0, 1).stride(),
    "expanded": lambda t, x: x[:1].expand(4, 3).stride(),
    "indexed": lambda t, x: [x[0, 1:].shape, x[..., None].stride(), x[1].storage_offset()],
    "chunks": lambda t, x: [part.shape for part in x.chunk(2, 1)],
    "clone": lambda t, x: x.t().clone().stride(),
    "contiguous": lambda t, x: x.t().contiguous().stride(),
    "channels last": lambda t, x: t.empty(1, 2, 3, 4, device="meta", memory_format=t.channels_last).stride(),
    "sum": lambda t, x: x.sum(1),
    "promoted": lambda t, x: x.to(t.int32) + 1.5,
    "compared": lambda t, x: x == x,
    "joined": lambda t, x: (t.cat([x, x], 1), t.stack([x, x])),
    "copy": lambda t, x: copy.deepcopy(x),
    "pickle": lambda t, x: pickle.loads(pickle.dumps(x)),
    "like": lambda t, x: (t.zeros_like(x), t.zeros_like(x, device="cpu"), x.new_full((2,), 1)),
    "item": lambda t, x: x[0, 0].item(),
    "truth": lambda t, x: bool(x[0, 0]),
    "number": lambda t, x: float(x[0, 0]),
    "list": lambda t, x: x.tolist(),
    "array": lambda t, x: x.numpy(),
    "to the CPU": lambda t, x: x.to("cpu"),
    "cpu": lambda t, x: x.cpu(),
    "copied": lambda t, x: t.ones(2, 3).copy_(x),
    "copied to": lambda t, x: x.copy_(t.ones(2, 3)),
    "other place": lambda t, x: x + t.ones(3),
    "other place on the left": lambda t, x: t.ones(3) + x,
    "a number's place": lambda t, x: x * t.tensor(2.0),
    "data": lambda t, x: setattr(x, "data", t.ones(2, 3)),
    "grad": lambda t, x: setattr(x, "grad", t.ones(2, 3)),
    "module": lambda t, x: t.nn.Linear(2, 2, device="meta").to("cpu"),
    "module's cpu": lambda t, x: t.nn.Linear(2, 2, device="meta").cpu(),
    "module's state": lambda t, x: t.nn.Linear(2, 2).load_state_dict(t.nn.Linear(2, 2, device="meta").state_dict()),
    "no format": lambda t, x: format(x[0, 0], ".2f"),
}


def outcome(call, library):
    try:
        return repr(call(library, library.empty(2, 3, device="meta"))).replace("pyconv", "torch")
    except Exception as error:
        return f"{type(error).__name__}: {error}"


@pytest.mark.parametrize("name", EMPTY)
def test_what_comes_out(name):
    assert outcome(EMPTY[name], pyconv) == outcome(EMPTY[name], torch)


FACTORIES = {
    "zeros": lambda t: t.zeros(2),
    "full": lambda t: t.full((2,), True),
    "arange": lambda t: t.arange(5),
    "linspace": lambda t: t.linspace(0, 1, 3),
    "eye": lambda t: t.eye(2),
    "tensor": lambda t: t.tensor([1 + 2j]),
    "as_tensor": lambda t: t.as_tensor(np.ones(2)),
    "scalar_tensor": lambda t: t.scalar_tensor(1),
    "asarray": lambda t: t.asarray(np.ones(2)),
    "fftfreq": lambda t: t.fft.fftfreq(4),
    "from_dlpack": lambda t: t.from_dlpack(np.ones(2)),
    "frombuffer": lambda t: t.frombuffer(bytearray(8), dtype=t.int32),
    "from_numpy": lambda t: t.from_numpy(np.ones(2)),
    "Tensor": lambda t: t.Tensor([1]),
    "randn": lambda t: t.randn(2),
    "randint": lambda t: t.randint(3, (2,)),
    "randperm": lambda t: t.randperm(3),
    "tril_indices": lambda t: t.tril_indices(3, 3),
    "default": lambda t: t.get_default_device(),
}


@pytest.mark.parametrize("name", FACTORIES)
def test_what_is_made_within_a_device(name):
    found = []
    for library in (pyconv, torch):
        with library.device("meta"):
            found.append(repr(FACTORIES[name](library)))
    assert found[0] == found[1]


MODULES = {
    "Bilinear": (2, 3, 4),
    "Conv2d": (2, 4, 3),
    "ConvTranspose3d": (2, 4, 3),
    "BatchNorm2d": (3,),
    "InstanceNorm1d": (3, 1e-5, 0.1, True, True),
    "GroupNorm": (1, 3),
    "LayerNorm": ((2, 3),),
    "PReLU": (),
    "Embedding": (3, 4, 1),
    "EmbeddingBag": (3, 4),
    "LSTM": (2, 3, 2, True, True, 0.0, True, 2),
    "GRUCell": (2, 3),
    "MultiheadAttention": (4, 2),
    "TransformerDecoderLayer": (4, 2, 8),
}


@pytest.mark.parametrize("name", MODULES)
def test_a_module_draws_nothing(name):
    found = []
    for library in (pyconv, torch):
        library.manual_seed(0)
        made = [getattr(library.nn, name)(*MODULES[name], device="meta", dtype=library.float64)]
        with library.device("meta"):
            made.append(getattr(library.nn, name)(*MODULES[name]))
        states = [{key: repr(value) for key, value in module.state_dict().items()} for module in made]
        emptied = [str(value.device) for value in made[0].to_empty(device="cpu").state_dict().values()]
        found.append((states, emptied, library.rand(1).item()))
    assert found[0] == found[1]


INITS = ["uniform_", "normal_", "eye_", "xavier_uniform_", "kaiming_normal_", "trunc_normal_", "orthogonal_"]


@pytest.mark.parametrize("name", INITS)
def test_an_initial_distribution_draws_nothing(name):
    found = []
    for library in (pyconv, torch):
        library.manual_seed(0)
        tensor = library.empty(4, 3, device="meta")
        found.append((getattr(library.nn.init, name)(tensor) is tensor, library.rand(1).item()))
    assert found[0] == found[1]
