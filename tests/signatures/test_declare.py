"""Functions declared with torch's signatures: calls that fit, calls that do not, results that are given."""

import numpy as np
import pytest

import pyconv
from pyconv.signatures import function, in_place, method


@function("(Tensor input, int dim, bool keepdim = False, *, Tensor out = None)")
def total(input, dim, keepdim=False):
    """A sum."""
    return pyconv.sum(input, dim, keepdim) if isinstance(input, pyconv.Tensor) else input.sum(dim, keepdims=keepdim)


@function("(Tensor input)", "(Tensor input, Number factor)")
def scaled(input, factor=2):
    """A product."""
    return input * factor


total_of = method(total)
scaled_ = in_place(scaled)


X = pyconv.tensor([[1.0, 2.0], [3.0, 4.0]])


def test_calls_that_fit_go_through():
    assert total(X, 0).tolist() == [4, 6]
    assert total(input=X, dim=1, keepdim=True).tolist() == [[3], [7]]
    assert scaled(X, 3).tolist() == [[3, 6], [9, 12]]


def test_numpys_names_are_taken():
    assert total(X.numpy(), axis=0, keepdims=True).tolist() == [[4, 6]]


def test_results_are_written_into_the_tensor_given():
    out = pyconv.empty(0)
    assert total(X, 0, out=out) is out
    assert out.tolist() == [4, 6]
    with pytest.raises(RuntimeError, match="result type Float can't be cast to the desired output type Long"):
        total(X, 0, out=pyconv.zeros(2, dtype=pyconv.int64))
    with pytest.raises(
        RuntimeError, match=r"functions with out=\.\.\. arguments don't support automatic differentiation"
    ):
        total(X.clone().requires_grad_(), 0, out=out)


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: total(), r"total\(\) missing 2 required positional argument: \"input\", \"dim\""),
        (lambda: total(X, "a"), r"total\(\): argument 'dim' \(position 2\) must be int, not str"),
        (lambda: total([1], 0), r"total\(\): argument 'input' \(position 1\) must be Tensor, not list"),
        (lambda: total(X, 0, True, 3), r"total\(\) takes from 2 to 3 positional arguments but 4 were given"),
        (lambda: total(X, 0, foo=1), r"total\(\) got an unexpected keyword argument 'foo'"),
        (lambda: total(X, 0, dim=0), r"total\(\) got multiple values for argument 'dim'"),
    ],
)
def test_calls_that_do_not_fit_get_torchs_text(call, text):
    with pytest.raises(TypeError, match=text):
        call()


def test_with_several_signatures_all_are_told():
    with pytest.raises(TypeError) as error:
        scaled(X, "a", "b")
    assert str(error.value).startswith("scaled() received an invalid combination of arguments - got (Tensor, str, str)")
    assert " * (Tensor input, Number factor)" in str(error.value)


def test_errors_of_the_function_itself_stay():
    with pytest.raises(IndexError, match="Dimension out of range"):
        total(X, 7)


def test_a_method_has_the_tensor_in_front():
    assert total_of(X, 0).tolist() == [4, 6]
    with pytest.raises(TypeError, match=r"total\(\): argument 'dim' \(position 1\) must be int, not str"):
        total_of(X, "a")


def test_a_change_in_place_counts_a_version():
    x = pyconv.tensor([1.0, 2.0])
    assert scaled_(x, 3) is x
    assert (x.tolist(), x._version) == ([3, 6], 1)
    with pytest.raises(RuntimeError, match="a leaf Variable that requires grad is being used in an in-place operation"):
        scaled_(pyconv.ones(1, requires_grad=True))


def test_ndarrays_stay_ndarrays():
    found = scaled(np.ones(2), 3)
    assert isinstance(found, np.ndarray)
    assert found.tolist() == [3, 3]
