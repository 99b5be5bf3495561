"""What a program may ask and set about how torch runs."""

import warnings

import pytest

import pyconv
from pyconv.functions.warned import warn_once


def test_warnings_are_given_once_unless_always():
    with warnings.catch_warnings(record=True) as given:
        warnings.simplefilter("always")
        for always in (False, True):
            assert pyconv.is_warn_always_enabled() is False
            pyconv.set_warn_always(always)
            assert pyconv.is_warn_always_enabled() is always
            warn_once("a text of this test")
            warn_once("a text of this test")
            pyconv.set_warn_always(False)
    assert len(given) == 3
    with pytest.raises(RuntimeError, match=r"^setWarnOnlyOnce expects a bool, but got int$"):
        pyconv.set_warn_always(1)


def test_whether_a_tensor_is_for_inference():
    with pyconv.inference_mode():
        x = pyconv.ones(1)
    assert pyconv.is_inference(x)
    assert not pyconv.is_inference(pyconv.ones(1))
    with pytest.raises(TypeError, match="must be Tensor, not int"):
        pyconv.is_inference(3)


def test_names_that_torch_has_twice():
    functional = pyconv.nn.functional
    for name in ("cosine_similarity", "pairwise_distance", "pdist", "bilinear", "relu_", "threshold_"):
        assert getattr(pyconv, name) is getattr(functional, name)
    assert pyconv.GradScaler is pyconv.amp.GradScaler
