"""torch.func: modules called with other parameters, and parameters of several modules together."""

import pytest

import pyconv as torch
from pyconv.func import functional_call, stack_module_state


class Scaled(torch.nn.Module):
    def __init__(self, factor):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.tensor([float(factor)]))
        self.register_buffer("shift", torch.tensor([factor + 1.0]))

    def forward(self, x, sign=1):
        return sign * self.weight * x + self.shift


def test_other_parameters_take_the_place_and_get_the_gradient():
    module, weight = Scaled(2), torch.tensor([5.0], requires_grad=True)
    y = functional_call(module, {"weight": weight}, torch.ones(1), {"sign": -1})
    y.backward()
    assert (y.item(), weight.grad.item(), module.weight.item(), module.weight.grad) == (-2.0, -1.0, 2.0, None)


def test_several_dicts():
    state = ({"weight": torch.tensor([5.0])}, {"shift": torch.tensor([0.5])})
    assert functional_call(Scaled(2), state, (torch.ones(1),)).item() == 5.5


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (3, r"Expected parameter_and_buffer_dicts to be a dict, or a list/tuple of dicts, but got <class 'int'>"),
        ([{}, 3], "Expected all elements of parameter_and_buffer_dicts to be dictionaries"),
        ([{"a": 1, "b": 2}, {"b": 1}], r"\['b'\] appeared in multiple dictionaries; behavior of functional call"),
    ],
)
def test_what_is_no_state(given, text):
    with pytest.raises(ValueError, match=f"^{text}"):
        functional_call(Scaled(2), given, torch.ones(1))


def test_strict_wants_all_names():
    with pytest.raises(RuntimeError, match="Missing key"):
        functional_call(Scaled(2), {"weight": torch.ones(1)}, torch.ones(1), strict=True)


def test_states_are_stacked_as_leaves():
    models = [Scaled(1), Scaled(2), Scaled(3)]
    parameters, buffers = stack_module_state(models)
    assert parameters["weight"].tolist() == [[1.0], [2.0], [3.0]]
    assert parameters["weight"].is_leaf
    assert parameters["weight"].requires_grad
    assert buffers["shift"].tolist() == [[2.0], [3.0], [4.0]]
    assert not buffers["shift"].requires_grad


def test_states_that_are_not_alike():
    frozen = Scaled(1)
    frozen.weight.requires_grad_(False)
    for models, text in (
        ([], "stack_module_state: Expected at least one model, got 0."),
        ([Scaled(1), Scaled(1).eval()], "stack_module_state: Expected all models to have the same training/eval mode."),
        ([Scaled(1), torch.nn.PReLU()], "stack_module_state: Expected all models to be of the same class."),
        ([Scaled(1), frozen], "Expected weight from each model to have the same .requires_grad"),
    ):
        with pytest.raises(RuntimeError, match=f"^{text}$"):
            stack_module_state(models)
