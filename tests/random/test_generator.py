"""The generator against the numbers that torch 2.13.0 drew from the same seeds, and by itself.

`tests/data/random.json` holds torch's numbers; `python -m tests.data.record_random` writes it.
"""

import copy
import json
import math
import pickle
import zlib
from pathlib import Path

import numpy as np
import pytest

from pyconv import dtypes
from pyconv.random import Generator
from pyconv.random.draw import uniform
from pyconv.random.engine import Engine

RECORDED = json.loads((Path(__file__).parents[1] / "data" / "random.json").read_text())
KINDS = sorted({(case["method"], case["dtype"]) for case in RECORDED["cases"]})


def numpy_dtype(name):
    return (dtypes.bool_ if name == "bool" else getattr(dtypes, name)).numpy


def draw(case, generator):
    """What pyconv draws for a recorded case."""
    method, arguments, size = case["method"], case["arguments"], case["size"]
    dtype = numpy_dtype(case["dtype"])
    if method == "permutation":
        return generator.permutation(size)
    if method == "bernoulli_of":
        return generator.bernoulli(np.linspace(0, 1, size).astype(numpy_dtype(arguments[0])), dtype=dtype)
    if method in ("uniform", "normal"):
        return getattr(generator, method)(size, *arguments, dtype)
    return getattr(generator, method)(*arguments, size, dtype)


@pytest.mark.parametrize(("method", "dtype"), KINDS)
def test_numbers_are_torchs(method, dtype):
    cases = [case for case in RECORDED["cases"] if (case["method"], case["dtype"]) == (method, dtype)]
    for case in cases:
        array = draw(case, Generator().manual_seed(case["seed"]))
        assert (array.shape, array.dtype) == ((case["size"],), numpy_dtype(dtype)), case
        if "values" in case:
            parts = array.view(np.float64)
            expected = np.array([float.fromhex(value) for value in case["values"]])
            np.testing.assert_array_max_ulp(np.concatenate([parts[:20], parts[-20:]]), expected, 4)
        else:
            assert zlib.crc32(array.tobytes()) == case["crc32"], case


@pytest.mark.parametrize("recorded", RECORDED["states"], ids=lambda recorded: str(recorded["words"]))
def test_state_is_torchs_to_the_byte(recorded):
    generator = Generator().manual_seed(9)
    generator.rand(recorded["words"])
    state = generator.get_state().numpy()
    assert (state.shape, state.dtype) == ((5056,), np.uint8)
    assert zlib.crc32(state.tobytes()) == recorded["crc32"]


@pytest.mark.parametrize("words", [0, 1, 5, 623, 624, 625])
@pytest.mark.parametrize("normals", [0, 1, 2])
def test_a_restored_state_continues_the_stream(words, normals):
    generator = Generator().manual_seed(4)
    generator.rand(words)
    generator.randn(normals)
    state = generator.get_state().numpy()
    other = Generator().set_state(state)
    assert other.get_state().numpy().tobytes() == state.tobytes()
    assert other.initial_seed() == 4
    pickled = pickle.loads(pickle.dumps(generator))
    for copied in (other, generator.clone_state(), copy.deepcopy(generator), pickled):
        ahead = generator.clone_state()
        assert copied.randn(3).tobytes() == ahead.randn(3).tobytes()
        assert copied.rand(700).tobytes() == ahead.rand(700).tobytes()
    assert generator.get_state().numpy().tobytes() == state.tobytes()


def test_a_state_can_be_changed_without_changing_the_generator():
    generator = Generator()
    state = generator.get_state().numpy()
    state[:] = 0
    assert generator.get_state().numpy().any()


def test_seeding_forgets_the_cached_normal():
    generator = Generator().manual_seed(0)
    generator.randn(1)
    assert generator.manual_seed(0).randn(1) == Generator().manual_seed(0).randn(1)


def test_a_cached_normal_is_the_next_one_drawn_whatever_the_dtype():
    pair = Generator().manual_seed(1).randn(2, np.float64)
    generator = Generator().manual_seed(1)
    assert generator.randn(1, np.float32) == np.float32(pair[0])
    assert generator.uniform(20).size == 20
    assert generator.randn(1, np.float64) == pair[1]


@pytest.mark.parametrize(
    ("seed", "kept"),
    [(0, 0), (-1, 2**64 - 1), (-(2**63), 2**63), (2**64 - 1, 2**64 - 1), (2**32 + 5, 2**32 + 5)],
)
def test_seeds(seed, kept):
    generator = Generator().manual_seed(seed)
    assert generator.initial_seed() == kept
    assert generator.rand(3).tobytes() == Generator().manual_seed(kept & 0xFFFFFFFF).rand(3).tobytes()


LAYOUTS = {
    "transposed": lambda x: x.T,
    "permuted": lambda x: x.transpose(1, 2, 0),
    "every second": lambda x: x[:, ::2],
    "columns": lambda x: x[:, :, 1:3],
    "small": lambda x: x[:2, 1, :3].T,
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("dtype", ["f4", "c16"])
def test_strided_arrays_are_filled_in_the_order_of_their_memory(layout, dtype):
    base = np.zeros((4, 6, 5), dtype)
    LAYOUTS[layout](base)[...] = 1
    chosen = base.ravel() == 1
    LAYOUTS[layout](base)[...] = 0
    view = LAYOUTS[layout](base)
    count = view.size

    assert Generator().fill_uniform(view) is view
    np.testing.assert_array_equal(base.ravel()[chosen], Generator().rand(count, dtype))

    Generator().fill_normal(view)
    generator = Generator()
    in_pairs = np.concatenate([generator.randn(1, dtype) for _ in range(count)])
    np.testing.assert_array_equal(base.ravel()[chosen], in_pairs)

    if dtype == "f4":
        Generator().fill_bernoulli(view, 0.4)
        np.testing.assert_array_equal(base.ravel()[chosen], Generator().bernoulli(0.4, count))
        chances = np.zeros_like(base)
        Generator().fill_uniform(LAYOUTS[layout](chances))
        Generator().manual_seed(1).fill_bernoulli(view, LAYOUTS[layout](chances))
        in_order = Generator().manual_seed(1).bernoulli(chances.ravel()[chosen])
        np.testing.assert_array_equal(base.ravel()[chosen], in_order)
    assert not base.ravel()[~chosen].any()


def test_pairwise_half_precision_is_rounded_to_float32_first():
    drawn = Generator().fill_normal(np.empty((300, 200), np.float16).T).T.ravel()
    exact = Generator().fill_normal(np.empty((300, 200), np.float64).T).T.ravel()
    np.testing.assert_array_equal(drawn, exact.astype(np.float32).astype(np.float16))
    assert (drawn != exact.astype(np.float16)).any()


def test_probabilities_broadcast():
    drawn = Generator().bernoulli(np.array([0.0, 1.0]), (3, 2), np.int8)
    np.testing.assert_array_equal(drawn, [[0, 1]] * 3)


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8", "c8"])
def test_empty_arrays_draw_nothing(dtype):
    generator = Generator()
    assert generator.rand((2, 0), dtype).shape == generator.randn((2, 0), dtype).shape == (2, 0)
    assert generator.permutation(0).shape == (0,)
    assert generator.get_state().numpy().tobytes() == Generator().get_state().numpy().tobytes()


def test_standard_deviation_may_be_zero_or_infinite():
    assert (Generator().normal(20, 1.5, 0.0) == 1.5).all()
    assert not np.isfinite(Generator().normal(20, 1.5, math.inf)).any()


@pytest.mark.parametrize("bound", [0.05, 1.0, 1 / 3, 2.0**-99, 1e30])
def test_a_range_around_zero_is_a_product_and_a_sum_rounded_once(bound):
    unit = Generator().manual_seed(3).rand(70000)
    drawn = Generator().manual_seed(3).uniform(70000, -bound, bound)
    exact = unit.astype(np.longdouble) * np.float32(2 * bound) - np.float32(bound)
    assert np.array_equal(drawn, exact.astype(np.float32))


def test_a_range_around_zero_never_gives_its_upper_bound():
    class Highest(Engine):
        def _words(self, count):
            return np.full(count, 2**32 - 1, np.uint64)

    for bound in [np.nextafter(np.float32(1), np.float32(2)), *np.linspace(1, 2, 99, dtype=np.float32)]:
        drawn = np.empty(3, np.float32)
        uniform(Highest(0), drawn, -bound, bound)
        assert (drawn < bound).all()
