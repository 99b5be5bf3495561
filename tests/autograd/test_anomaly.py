"""What a backward pass says while anomalies are looked for."""

import warnings

import pytest

import pyconv
from pyconv.autograd import detect_anomaly, set_detect_anomaly


def backward_of_a_root_below_zero():
    """The gradient of this is NaN."""
    x = pyconv.tensor([-1.0], requires_grad=True)
    pyconv.sqrt(x).sum().backward()


def test_a_nan_is_found_with_the_place_it_came_from():
    with pytest.warns(UserWarning, match="Anomaly Detection has been enabled"):
        manager = detect_anomaly()
    with manager, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with pytest.raises(RuntimeError, match="Function 'SqrtBackward0' returned nan values in its 0th output"):
            backward_of_a_root_below_zero()
    (warning,) = caught
    assert str(warning.message).startswith("Error detected in SqrtBackward0. Traceback of forward call")
    assert "pyconv.sqrt(x).sum().backward()" in str(warning.message)


def test_without_the_mode_a_nan_passes():
    backward_of_a_root_below_zero()


@pytest.mark.filterwarnings("ignore:Anomaly Detection")
def test_nan_may_be_let_through():
    with detect_anomaly(check_nan=False):
        backward_of_a_root_below_zero()


@pytest.mark.filterwarnings("ignore:Anomaly Detection")
def test_the_mode_ends_with_its_block():
    with detect_anomaly():
        assert pyconv.is_anomaly_enabled()
    assert not pyconv.is_anomaly_enabled()


def test_the_mode_is_set_by_a_call_or_for_a_block():
    with set_detect_anomaly(True):
        assert pyconv.is_anomaly_enabled()
        assert pyconv.is_anomaly_check_nan_enabled()
    assert not pyconv.is_anomaly_enabled()
    set_detect_anomaly(True, check_nan=False)
    try:
        assert not pyconv.is_anomaly_check_nan_enabled()
    finally:
        set_detect_anomaly(False)


def test_an_error_of_a_function_is_told_with_its_place():
    class Failing(pyconv.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x.clone()

        @staticmethod
        def backward(ctx, g):
            raise ZeroDivisionError

    with set_detect_anomaly(True), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        y = Failing.apply(pyconv.ones(1, requires_grad=True))
        with pytest.raises(ZeroDivisionError):
            y.backward()
    assert str(caught[-1].message).startswith("Error detected in FailingBackward")
