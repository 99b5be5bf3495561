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


@pytest.mark.filterwarnings("ignore:Anomaly Detection")
def test_a_nan_of_a_call_before_the_mode():
    x = pyconv.tensor([-1.0], requires_grad=True)
    y = pyconv.sqrt(x)
    told = pytest.warns(UserWarning, match=r"SqrtBackward0\. No forward pass information available\.")
    with detect_anomaly(), told, pytest.raises(RuntimeError, match="returned nan values"):
        y.sum().backward()


@pytest.mark.filterwarnings("ignore:Anomaly Detection")
def test_the_call_in_a_backward_pass_that_a_nan_came_of():
    class Root(pyconv.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x * 2

        @staticmethod
        def backward(ctx, g):
            return pyconv.sqrt(g - 3)

    x = pyconv.tensor([1.0], requires_grad=True)
    with detect_anomaly(check_nan=False), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        g = pyconv.ones(1, requires_grad=True)
        (made,) = pyconv.autograd.grad(Root.apply(x), x, g, create_graph=True)
        with detect_anomaly(), pytest.raises(RuntimeError, match="'SqrtBackward0' returned nan values"):
            made.sum().backward()
    error, cause = [str(warning.message) for warning in caught if "Anomaly" not in str(warning.message)]
    assert error.startswith("Error detected in SqrtBackward0. Traceback of forward call that caused the error:\n")
    assert "return pyconv.sqrt(g - 3)" in error
    start = "\n\nPrevious calculation was induced by RootBackward. Traceback of forward call that induced the previous"
    assert cause.startswith(start)
    assert "Root.apply(x)" in cause


def test_where_warnings_are_errors_the_error_itself_is_raised(capsys):
    x = pyconv.tensor([-1.0], requires_grad=True)
    with set_detect_anomaly(True), warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(RuntimeError, match="returned nan values"):
            pyconv.sqrt(x).sum().backward()
    assert "Error detected in SqrtBackward0" in capsys.readouterr().err
