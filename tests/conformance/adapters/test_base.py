"""What an adapter need not say: no modules, no algorithms of its own, NumPy's memory and threads."""

import contextlib

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from conformance.adapters.base import Adapter, poisoned_numpy
from conformance.fills import draw, numpy_dtype
from conformance.tokens import parse

CASE = parse("conv1d n1 c2 o2 h5 k3 g2 module")


class Plain(Adapter):
    """A library of which nothing more is said."""

    name = "plain"


def test_a_plain_library_lacks_nothing_and_has_no_modules_and_no_algorithms():
    plain = Plain()
    assert (plain.lacks(CASE), plain.facts(CASE), plain.code(CASE)) == (None, None, [])
    assert (plain.orders, plain.algorithms, plain.skips) == (1, (), frozenset())
    with pytest.raises(ValueError, match="plain has no algorithm 'fft'"):
        plain.using("fft")


@pytest.mark.parametrize("method", ["run", "second"])
def test_what_every_library_must_say(method):
    with pytest.raises(NotImplementedError):
        getattr(Plain(), method)(CASE, draw(CASE))


def test_threads_are_those_of_numpys_blas_and_are_put_back():
    def counts():
        return [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]

    before = counts()
    for count in (1, 2):
        with Plain().threads(count):
            assert set(counts()) == {count}
    assert counts() == before


@pytest.mark.parametrize("dtype", ["f16", "f32", "f64", "complex64", "bf16"])
def test_fresh_memory_of_floats_is_no_number(dtype):
    with poisoned_numpy():
        array = np.empty((2, 3), numpy_dtype(dtype))
        like = np.empty_like(array, shape=(4,))
    for found, shape in ((array, (2, 3)), (like, (4,))):
        assert (found.dtype, found.shape) == (numpy_dtype(dtype), shape)
        assert np.isnan(found.astype(complex)).all()


@pytest.mark.parametrize("dtype", ["i8", "u8", "i64"])
def test_fresh_memory_of_integers_is_an_odd_number(dtype):
    with poisoned_numpy():
        assert np.empty(3, numpy_dtype(dtype)).tolist() == [119] * 3
        assert np.empty_like(np.zeros(2, numpy_dtype(dtype))).tolist() == [119] * 2


def test_the_poison_ends_whatever_happens():
    empty, empty_like = np.empty, np.empty_like
    with contextlib.suppress(KeyError), poisoned_numpy():
        assert np.empty is not empty
        raise KeyError
    assert np.empty is empty
    assert np.empty_like is empty_like


def test_keywords_go_through():
    with poisoned_numpy():
        assert np.empty(shape=(2, 3), dtype=np.float32, order="F").flags.f_contiguous


def test_an_adapter_is_poisoned_as_numpy_is():
    with Plain().poisoned():
        assert np.isnan(np.empty(2)).all()
