"""Warnings of floating-point errors are held back, and come again, however deep the holds are."""

import warnings

import numpy as np
import pytest

from pyconv.autograd import quiet


def test_a_hold_is_undone_by_its_release():
    outer = quiet.hold()
    inner = quiet.hold()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        np.ones(1) / 0
        quiet.release(inner)
        np.log(-np.ones(1))
    quiet.release(outer)
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        np.ones(1) / 0


def test_what_the_user_set_is_there_again():
    with np.errstate(all="raise"):
        token = quiet.hold()
        np.ones(1) / 0
        quiet.release(token)
        with pytest.raises(FloatingPointError):
            np.ones(1) / 0


def test_it_works_without_the_variable(monkeypatch):
    monkeypatch.setattr(quiet, "_SILENCE", None)
    test_a_hold_is_undone_by_its_release()
    test_what_the_user_set_is_there_again()


def test_the_variable_is_known():
    assert quiet._SILENCE is not None
