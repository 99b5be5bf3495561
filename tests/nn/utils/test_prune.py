"""prune: masks by hand, one method upon another, parameters and hooks, the way back, torch's errors."""

import numpy as np
import pytest

import pyconv as torch
from pyconv import nn
from pyconv.nn.utils import prune

WEIGHT = [[1.0, -6.0, 3.0], [-4.0, 5.0, 2.0]]


def linear():
    layer = nn.Linear(3, 2, bias=False)
    layer.weight = nn.Parameter(torch.tensor(WEIGHT))
    return layer


def test_the_smallest_elements_go_first():
    layer = prune.l1_unstructured(linear(), "weight", 2)
    assert layer.weight_mask.tolist() == [[0, 1, 1], [1, 1, 0]]
    assert layer.weight.tolist() == [[0, -6, 3], [-4, 5, 0]]
    prune.l1_unstructured(layer, "weight", 0.5)
    assert layer.weight_mask.tolist() == [[0, 1, 0], [0, 1, 0]]
    (hook,) = layer._forward_pre_hooks.values()
    assert len(hook) == 2
    assert [type(method) for method in hook] == [prune.L1Unstructured] * 2


def test_channels():
    assert prune.ln_structured(linear(), "weight", 1, 2, 1).weight_mask.tolist() == [[1, 1, 0], [1, 1, 0]]
    assert prune.ln_structured(linear(), "weight", 0.5, 1, 0).weight_mask.tolist() == [[0, 0, 0], [1, 1, 1]]
    layer = prune.ln_structured(linear(), "weight", 1, 2, 1)
    prune.random_structured(layer, "weight", 1, 1)
    assert sorted(layer.weight_mask.sum(0).tolist()) == [0, 0, 2]


def test_at_random():
    torch.manual_seed(0)
    layer = nn.Linear(20, 20)
    masks = [prune.RandomUnstructured(0.25).compute_mask(layer.weight, torch.ones(20, 20)) for _ in range(2)]
    assert [int(mask.sum()) for mask in masks] == [300, 300]
    assert not torch.equal(*masks)
    assert torch.equal(prune.RandomUnstructured(0).compute_mask(layer.weight, masks[0]), masks[0])


def test_parameters_and_gradients():
    layer = prune.custom_from_mask(linear(), "weight", torch.tensor([[1, 0, 1], [0, 1, 1]]))
    assert [name for name, _ in layer.named_parameters()] == ["weight_orig"]
    assert [name for name, _ in layer.named_buffers()] == ["weight_mask"]
    layer(torch.ones(1, 3)).sum().backward()
    assert layer.weight_orig.grad.tolist() == [[1, 0, 1], [0, 1, 1]]
    with torch.no_grad():
        layer.weight_orig += 1
    assert layer(torch.ones(1, 3)).tolist() == [[6.0, 9.0]]


def test_the_way_back():
    layer = prune.l1_unstructured(linear(), "weight", 1)
    assert prune.is_pruned(nn.Sequential(layer))
    prune.remove(layer, "weight")
    assert not prune.is_pruned(layer)
    assert isinstance(layer.weight, nn.Parameter)
    assert layer.weight.tolist() == [[0, -6, 3], [-4, 5, 2]]
    assert list(layer.state_dict()) == ["weight"]
    assert not layer._forward_pre_hooks


def test_several_parameters_at_once():
    first, second = linear(), linear()
    with torch.no_grad():
        second.weight *= 10
    prune.global_unstructured([(first, "weight"), (second, "weight")], prune.L1Unstructured, amount=6)
    assert first.weight_mask.sum() == 0
    assert second.weight_mask.sum() == 6
    scores = {(second, "weight"): torch.zeros(2, 3)}
    pairs = [(linear(), "weight"), (second, "weight")]
    prune.global_unstructured(pairs, prune.L1Unstructured, importance_scores=scores, amount=6)
    assert second.weight_mask.sum() == 0
    assert pairs[0][0].weight_mask.sum() == 6


def test_identity_and_tensors():
    assert prune.identity(linear(), "weight").weight_mask.min() == 1
    t = torch.tensor([3.0, -1.0, 2.0])
    assert prune.L1Unstructured(1).prune(t).tolist() == [3, 0, 2]
    assert prune.L1Unstructured(1).prune(t, importance_scores=-t.flip(0)).tolist() == [3, 0, 2]
    assert prune.L1Unstructured(1).prune(t, default_mask=torch.tensor([0.0, 1.0, 1.0])).tolist() == [0, 0, 2]


def test_a_failure_leaves_the_module_as_it_was():
    layer = linear()
    with pytest.raises(ValueError, match=r"^amount=9 should be smaller than the number of parameters to prune=6$"):
        prune.l1_unstructured(layer, "weight", 9)
    assert list(layer.state_dict()) == ["weight"]
    assert not layer._forward_pre_hooks


class Odd(prune.BasePruningMethod):
    """A method of one's own."""

    PRUNING_TYPE = "odd"

    def compute_mask(self, t, default_mask):
        mask = default_mask.clone()
        mask.view(-1)[1::2] = 0
        return mask


def test_methods_of_ones_own():
    layer = linear()
    Odd.apply(layer, "weight")
    assert layer.weight_mask.tolist() == [[1, 0, 1], [0, 1, 0]]
    with pytest.raises(ValueError, match=r"^Unrecognized PRUNING_TYPE odd$"):
        Odd.apply(layer, "weight")


ERRORS = [
    (lambda: prune.l1_unstructured(linear(), "weight", -1), ValueError, "amount=-1 should either be a float in the ra"),
    (lambda: prune.l1_unstructured(linear(), "weight", 1.5), ValueError, "amount=1.5 should either be a float in the"),
    (lambda: prune.l1_unstructured(linear(), "weight", "a"), TypeError, "Invalid type for amount: a. Must be int or f"),
    (lambda: prune.ln_structured(linear(), "weight", 1, 2, 2), IndexError, "Invalid index 2 for tensor of size torch"),
    (lambda: prune.remove(linear(), "weight"), ValueError, "Parameter 'weight' of module Linear(in_features=3, out_fe"),
    (lambda: prune.PruningContainer(3), AttributeError, "'int' object has no attribute '_tensor_name'"),
    (lambda: prune.PruningContainer(3, 4), TypeError, "<class 'int'> is not a BasePruningMethod subclass"),
    (
        lambda: prune.global_unstructured([(linear(), "weight")], prune.RandomStructured, amount=1),
        TypeError,
        'Only "unstructured" PRUNING_TYPE supported for the `pruning_method`.',
    ),
    (
        lambda: prune.l1_unstructured(linear(), "weight", 1, torch.ones(2)),
        AssertionError,
        "importance_scores should have the same shape as parameter weight of Linear",
    ),
]


@pytest.mark.parametrize(("call", "error", "text"), ERRORS)
def test_errors(call, error, text):
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value).startswith(text)


def test_masks_are_kept_in_a_state():
    layer, other = prune.l1_unstructured(linear(), "weight", 3), prune.identity(linear(), "weight")
    other.load_state_dict(layer.state_dict())
    assert np.array_equal(other(torch.ones(1, 3)).detach().numpy(), layer(torch.ones(1, 3)).detach().numpy())
