"""What deterministic algorithms ask for: known values in new memory, refusals."""

import re

import numpy as np
import pytest

import pyconv
from pyconv.functions.determinism import State
from pyconv.nn import functional as F


@pytest.fixture
def deterministic():
    pyconv.use_deterministic_algorithms(True)
    yield
    pyconv.use_deterministic_algorithms(False)
    State.fill = True


LARGEST = {"int8": 127, "uint8": 255, "int16": 2**15 - 1, "int32": 2**31 - 1, "int64": 2**63 - 1, "bool": True}
NEW = {
    "empty": lambda dtype: pyconv.empty(2, dtype=dtype),
    "empty over a tensor": lambda dtype: pyconv.empty(2, out=pyconv.ones(2, dtype=dtype)),
    "empty_like": lambda dtype: pyconv.empty_like(pyconv.ones(2, dtype=dtype)),
    "empty_strided": lambda dtype: pyconv.empty_strided((2,), (3,), dtype=dtype),
    "empty_permuted": lambda dtype: pyconv.empty_permuted((2, 1), (1, 0), dtype=dtype),
    "new_empty": lambda dtype: pyconv.ones(1, dtype=dtype).new_empty(2),
    "resize_": lambda dtype: pyconv.ones(1, dtype=dtype).resize_(3)[1:],
}


@pytest.mark.parametrize("name", NEW)
def test_new_memory_has_known_values(name, deterministic):
    for dtype, value in LARGEST.items():
        assert set(NEW[name](getattr(pyconv, dtype)).flatten().tolist()) == {value}
    for dtype in (pyconv.float32, pyconv.float64, pyconv.float16, pyconv.bfloat16, pyconv.complex64):
        assert NEW[name](dtype).isnan().all()
    State.fill = False
    assert NEW[name](pyconv.float32).numel() == 2


def test_old_constructors_too(deterministic):
    assert np.isnan(pyconv.Tensor(3)._array).all()
    assert np.isnan(pyconv.FloatTensor(2)._array).all()


def test_without_the_mode_nothing_is_written():
    assert State.fill
    x = pyconv.ones(2)
    pyconv.empty(2, out=x)
    assert x.tolist() == [1.0, 1.0]


PLACES = pyconv.tensor([1])
VARY = {
    "put_": lambda: pyconv.zeros(4).put_(PLACES, pyconv.ones(1)),
    "max_unpooling2d_forward_out": lambda: F.max_unpool2d(pyconv.ones(1, 1, 1), PLACES.view(1, 1, 1), 2),
    "max_unpooling3d_forward_out": lambda: F.max_unpool3d(pyconv.ones(1, 1, 1, 1), PLACES.view(1, 1, 1, 1), 2),
}


@pytest.mark.parametrize("name", VARY)
def test_functions_that_torch_says_may_vary_are_refused(name, deterministic):
    text = f"{name} does not have a deterministic implementation, but you set 'torch.use_deterministic_algorithms(True"
    with pytest.raises(RuntimeError, match=re.escape(f"{text})'. You can turn off determinism just for this")):
        VARY[name]()
    pyconv.use_deterministic_algorithms(True, warn_only=True)
    with pytest.warns(UserWarning, match=re.escape(f"{text}, warn_only=True)'. You can file an issue at https://")):
        VARY[name]()
    pyconv.use_deterministic_algorithms(False)
    VARY[name]()


def test_putting_that_adds_is_not_refused(deterministic):
    assert pyconv.zeros(2).put_(PLACES, pyconv.ones(1), accumulate=True).tolist() == [0.0, 1.0]
