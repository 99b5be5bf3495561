"""The generator beside torch's own: the same numbers and the same state after them, draw by draw.

On a processor for which torch takes other kernels than the AVX2 ones, last bits differ.
"""

import warnings

import numpy as np
import pytest
import torch

from pyconv import dtypes
from pyconv.random import Generator

FLOATS = ("float16", "bfloat16", "float32", "float64", "complex64", "complex128")
INTEGERS = ("bool", "uint8", "int8", "int16", "int32", "int64", "uint16", "uint32", "uint64")
SIZES = (0, 1, 2, 7, 8, 15, 16, 17, 32, 623, 625, 1000, 70001)
SCALES = ((0.0, 1.0), (0.3, 0.7), (-2.0, 1e-3), (0, 0.02), (1e4, 3e4), (5.0, 0.0), (1e-30, 1e30))
BOUNDS = (
    (0, 1),
    (-0.3, 0.47),
    (-0.1, 0.1),
    (1, 1),
    (-1 / 3, 0),
    (5, 5.0001),
    (1000, 1001),
    (-1e-3, 2e4),
    (1e-20, 2e-20),
    (1e-42, 3e-42),
)
RANGES = (
    (0, 1),
    (0, 2),
    (0, 10),
    (-5, 100),
    (0, 128),
    (0, 256),
    (0, 2**28 - 1),
    (0, 2**28),
    (65503, 65505),
    (-(2**31), 2**31 - 1),
    (-(2**63), 2**63 - 1),
    (2**62, 2**63 - 1),
    (0, 70000),
    (257, 300),
    (256, 258),
    (-(2**24) - 3, 2**24 + 3),
    (0, -1),
    (-(2**63), 5 - 2**63),
)


def numpy_dtype(name):
    return (dtypes.bool_ if name == "bool" else getattr(dtypes, name)).numpy


def raw(tensor):
    tensor = tensor.detach().contiguous()
    return (tensor.view(torch.int16) if tensor.dtype == torch.bfloat16 else tensor).numpy().tobytes()


class Pair:
    """Torch's generator and pyconv's, which must stay in step."""

    def __init__(self, seed):
        self.theirs, self.ours = torch.Generator().manual_seed(seed), Generator().manual_seed(seed)

    def check(self, tensor, array, about=None):
        assert tuple(tensor.shape) == array.shape, about
        assert raw(tensor) == array.tobytes(), about
        assert raw(self.theirs.get_state()) == self.ours.get_state().numpy().tobytes(), about


@pytest.mark.parametrize("name", FLOATS)
@pytest.mark.parametrize("seed", [0, 2**63 + 11])
def test_floats(name, seed):
    pair, dtype, empty = Pair(seed), numpy_dtype(name), {"dtype": getattr(torch, name)}
    for n in SIZES:
        pair.check(torch.rand(n, **empty, generator=pair.theirs), pair.ours.rand(n, dtype), n)
        pair.check(torch.randn(n, **empty, generator=pair.theirs), pair.ours.randn(n, dtype), n)
        for scale in SCALES:
            theirs = torch.empty(n, **empty).normal_(*scale, generator=pair.theirs)
            pair.check(theirs, pair.ours.normal(n, *scale, dtype), (n, scale))
        for bounds in BOUNDS:
            theirs = torch.empty(n, **empty).uniform_(*bounds, generator=pair.theirs)
            pair.check(theirs, pair.ours.uniform(n, *bounds, dtype), (n, bounds))


def outcome(call):
    """What a call drew, or its error, and its warnings."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            result = call()
        except Exception as error:
            result = (type(error), str(error).split("\n")[0])
    return result, [str(warning.message).split(" (Triggered internally")[0] for warning in caught]


@pytest.mark.parametrize("name", [*INTEGERS, *FLOATS])
def test_integers(name):
    for bounds in RANGES:
        pair, dtype = Pair(5), getattr(torch, name)
        options = {"size": (50,), "dtype": dtype, "generator": pair.theirs}
        theirs = outcome(lambda b=bounds, o=options: raw(torch.randint(*b, **o)))
        ours = outcome(lambda b=bounds, p=pair: p.ours.integers(*b, 50, numpy_dtype(name)).tobytes())
        assert theirs == ours, bounds
        assert raw(pair.theirs.get_state()) == pair.ours.get_state().numpy().tobytes(), bounds


def test_permutations():
    pair = Pair(1)
    for n in (0, 1, 2, 5, 100, 5000):
        pair.check(torch.randperm(n, generator=pair.theirs), pair.ours.permutation(n), n)


@pytest.mark.parametrize("name", ["bool", "uint8", "int64", *FLOATS[:4]])
def test_bernoulli(name):
    pair, empty = Pair(2), torch.empty(40000, dtype=getattr(torch, name))
    for p in (0, 0.3, 0.5, 1):
        theirs = empty.bernoulli_(p, generator=pair.theirs)
        pair.check(theirs, pair.ours.bernoulli(p, 40000, numpy_dtype(name)), p)
    for kind in FLOATS[:4]:
        p = torch.linspace(0, 1, 40000).to(getattr(torch, kind))
        ours = np.frombuffer(raw(p), numpy_dtype(kind))
        theirs = empty.bernoulli_(p, generator=pair.theirs)
        pair.check(theirs, pair.ours.bernoulli(ours, dtype=numpy_dtype(name)), kind)
        pair.check(torch.bernoulli(p, generator=pair.theirs), pair.ours.bernoulli(ours), kind)


def test_dropout_keeps_the_same_elements():
    torch.manual_seed(3)
    kept = torch.nn.functional.dropout(torch.ones(1000), 0.4) != 0
    assert raw(kept) == Generator().manual_seed(3).bernoulli(1 - 0.4, 1000, np.bool_).tobytes()


def permute(x, *axes):
    return x.permute(*axes) if isinstance(x, torch.Tensor) else x.transpose(*axes)


LAYOUTS = {
    "reversed": lambda x: permute(x, 2, 1, 0),
    "permuted": lambda x: permute(x, 1, 2, 0),
    "every second": lambda x: x[:, ::2],
    "columns": lambda x: x[:, :, 1:3],
    "small": lambda x: x[:1, :1, :3],
    "permuted and sliced": lambda x: permute(x, 1, 0, 2)[:, :, ::3],
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", FLOATS)
def test_strided(layout, name):
    pair, shape = Pair(4), (4, 6, 5)
    theirs, ours = torch.zeros(shape, dtype=getattr(torch, name)), np.zeros(shape, numpy_dtype(name))
    their_view, our_view = LAYOUTS[layout](theirs), LAYOUTS[layout](ours)
    their_view.uniform_(generator=pair.theirs)
    pair.ours.fill_uniform(our_view)
    pair.check(theirs, ours)
    their_view.normal_(generator=pair.theirs)
    pair.ours.fill_normal(our_view)
    pair.check(theirs, ours)
    if not theirs.is_complex():
        p = np.random.default_rng(0).random(our_view.shape, np.float32)
        for chance in (0.3, p):
            theirs_p = torch.from_numpy(p) if chance is p else chance
            their_view.bernoulli_(theirs_p, generator=pair.theirs)
            pair.ours.fill_bernoulli(our_view, chance)
            pair.check(theirs, ours)


@pytest.mark.parametrize("name", FLOATS[:4])
def test_many_strided_normals(name):
    pair, shape = Pair(5), (300, 200)
    theirs, ours = torch.zeros(shape, dtype=getattr(torch, name)), np.zeros(shape, numpy_dtype(name))
    theirs.t().normal_(0.1, 0.3, generator=pair.theirs)
    pair.ours.fill_normal(ours.T, 0.1, 0.3)
    pair.check(theirs, ours)


@pytest.mark.parametrize("words", [0, 1, 624, 700])
@pytest.mark.parametrize("normals", [0, 1, 2])
def test_states_pass_from_one_to_the_other(words, normals):
    original = torch.Generator().manual_seed(2**40 + 1)
    torch.rand(words, generator=original)
    torch.randn(normals, generator=original)
    ours = Generator().set_state(original.get_state().numpy())
    theirs = torch.Generator()
    theirs.set_state(torch.from_numpy(ours.get_state().numpy()))
    assert ours.initial_seed() == theirs.initial_seed() == 2**40 + 1
    expected = raw(torch.randn(5, generator=original))
    assert expected == ours.randn(5).tobytes() == raw(torch.randn(5, generator=theirs))


BAD_CALLS = {
    "seed": (lambda g: g.manual_seed(2**64), lambda g: g.manual_seed(2**64)),
    "seed float": (lambda g: g.manual_seed(1.5), lambda g: g.manual_seed(1.5)),
    "seed None": (lambda g: g.manual_seed(None), lambda g: g.manual_seed(None)),
    "seed NumPy": (lambda g: g.manual_seed(np.int64(1)), lambda g: g.manual_seed(np.int64(1))),
    "state": (lambda g: g.set_state(torch.zeros(3).byte()), lambda g: g.set_state(np.zeros(3, np.uint8))),
    "state zero": (lambda g: g.set_state(torch.zeros(5056).byte()), lambda g: g.set_state(np.zeros(5056, np.uint8))),
    "state float": (lambda g: g.set_state(torch.zeros(5056)), lambda g: g.set_state(np.zeros(5056))),
    "uniform order": (lambda g: torch.empty(0).uniform_(2.5, 1, generator=g), lambda g: g.uniform(0, 2.5, 1)),
    "uniform bound": (lambda g: torch.empty(1).uniform_(0, 2e39, generator=g), lambda g: g.uniform(1, 0, 2e39)),
    "uniform range": (lambda g: torch.empty(1).uniform_(-3e38, 3e38, generator=g), lambda g: g.uniform(1, -3e38, 3e38)),
    "uniform dtype": (lambda g: torch.empty(0).int().uniform_(generator=g), lambda g: g.rand(0, np.int32)),
    "normal std": (lambda g: torch.empty(0).normal_(0, -0.125, generator=g), lambda g: g.normal(0, 0, -0.125)),
    "normal dtype": (lambda g: torch.empty(1).int().normal_(generator=g), lambda g: g.randn(1, np.int32)),
    "bernoulli": (lambda g: torch.empty(0).bernoulli_(-0.1, generator=g), lambda g: g.bernoulli(-0.1, 0)),
    "bernoulli p": (
        lambda g: torch.bernoulli(torch.tensor([1.5]), generator=g),
        lambda g: g.bernoulli(np.float32([1.5])),
    ),
    "bernoulli p dtype": (
        lambda g: torch.bernoulli(torch.tensor([1]), generator=g),
        lambda g: g.bernoulli(np.array([1])),
    ),
    "bernoulli dtype": (
        lambda g: torch.empty(1).cfloat().bernoulli_(torch.tensor([0.5]), generator=g),
        lambda g: g.bernoulli(np.float32([0.5]), dtype=np.complex64),
    ),
    "permutation": (lambda g: torch.randperm(-1, generator=g), lambda g: g.permutation(-1)),
}


@pytest.mark.parametrize("name", BAD_CALLS)
def test_errors(name):
    theirs, ours = BAD_CALLS[name]
    expected, _ = outcome(lambda: theirs(torch.Generator()))
    assert isinstance(expected, tuple)
    assert outcome(lambda: ours(Generator()))[0] == expected
