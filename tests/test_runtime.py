"""What a program may ask and set about how torch runs."""

import warnings

import pytest

import pyconv
from pyconv.warned import warn_once


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


def test_deterministic_algorithms_by_one_word():
    for word, number, enabled, warns in (
        ("warn", 1, True, True),
        ("error", 2, True, False),
        ("default", 0, False, False),
    ):
        for mode in (word, number):
            pyconv.set_deterministic_debug_mode(mode)
            assert pyconv.get_deterministic_debug_mode() == number
            assert pyconv.are_deterministic_algorithms_enabled() is enabled
            assert pyconv.is_deterministic_algorithms_warn_only_enabled() is warns
    with pytest.raises(RuntimeError, match="expected one of `default`, `warn`, `error`, but got no"):
        pyconv.set_deterministic_debug_mode("no")
    with pytest.raises(RuntimeError, match="expected 0, 1, or 2, but got 3"):
        pyconv.set_deterministic_debug_mode(3)
    with pytest.raises(TypeError, match="debug_mode must be str or int, but got <class 'NoneType'>"):
        pyconv.set_deterministic_debug_mode(None)
    with pytest.raises(TypeError, match=r"argument 'mode' \(position 1\) must be bool, not int"):
        pyconv.use_deterministic_algorithms(1)
