"""Tensors that are made for inference alone."""

import pytest

import pyconv


def made_in_inference():
    """A tensor of ones."""
    with pyconv.inference_mode():
        return pyconv.ones(2)


def test_the_mode_is_seen_and_ends():
    with pyconv.inference_mode():
        assert pyconv.is_inference_mode_enabled()
        assert not pyconv.is_grad_enabled()
        with pyconv.inference_mode(False):
            assert not pyconv.is_inference_mode_enabled()
    assert not pyconv.is_inference_mode_enabled()
    assert pyconv.is_grad_enabled()


def test_it_decorates_functions():
    @pyconv.inference_mode()
    def double(x):
        return x * 2

    result = double(pyconv.ones(1, requires_grad=True))
    assert (result.is_inference(), result.requires_grad) == (True, False)


def test_tensors_say_where_they_were_made():
    assert made_in_inference().is_inference()
    assert not pyconv.ones(1).is_inference()
    assert not made_in_inference().clone().is_inference()


def test_the_mode_allows_changes_in_place():
    with pyconv.inference_mode():
        x = pyconv.ones(2)
        x.add_(1)
    assert x.tolist() == [2, 2]


def test_results_outside_are_ordinary():
    x = made_in_inference()
    assert not (x * 2).is_inference()
    y = pyconv.ones(2, requires_grad=True)
    (x.clone() * y).sum().backward()
    assert y.grad.tolist() == [1, 1]


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda x: x._version, "Inference tensors do not track version counter"),
        (lambda x: x.add_(1), "Inplace update to inference tensor outside InferenceMode is not allowed"),
        (lambda x: x.requires_grad_(), "Setting requires_grad=True on inference tensor outside InferenceMode"),
        (lambda x: x * pyconv.ones(2, requires_grad=True), "Inference tensors cannot be saved for backward"),
    ],
)
def test_what_would_spoil_a_graph_is_refused(call, text):
    with pytest.raises(RuntimeError, match=text):
        call(made_in_inference())
