"""Saving and loading. The texts are torch 2.13's."""

import copy
import pickle
from collections import OrderedDict

import numpy as np
import pytest

import pyconv
from pyconv.nn.modules.module import Module
from pyconv.nn.parameter import Parameter, UninitializedParameter
from pyconv.tensor import Tensor


class Norm(Module):
    _version = 2

    def __init__(self, size=2):
        super().__init__()
        self.w = Parameter(pyconv.ones(size))
        self.register_parameter("bias", None)
        self.register_buffer("count", pyconv.tensor(0))
        self.register_buffer("cache", pyconv.zeros(1), persistent=False)
        self.register_buffer("absent", None)


class Net(Module):
    def __init__(self):
        super().__init__()
        self.scale = Parameter(pyconv.zeros(1))
        self.norm = Norm()
        self.add_module("none", None)


class Extra(Module):
    """A module that saves a number beside its tensors."""

    number = 0

    def get_extra_state(self):
        return {"number": self.number}

    def set_extra_state(self, state):
        self.number = state["number"]


def state():
    return {"scale": pyconv.tensor([7.0]), "norm.w": pyconv.tensor([1.0, 2.0]), "norm.count": pyconv.tensor(3)}


def values(net):
    return net.scale.tolist(), net.norm.w.tolist(), net.norm.count.item()


# Saving


def test_what_is_saved():
    saved = Net().state_dict()
    assert type(saved) is OrderedDict
    assert list(saved) == ["scale", "norm.w", "norm.count"]
    assert saved._metadata == OrderedDict([("", {"version": 1}), ("norm", {"version": 2})])


def test_saved_tensors_share_memory_but_have_no_gradient():
    net = Net()
    saved = net.state_dict()["scale"]
    assert type(saved) is Tensor
    assert not saved.requires_grad
    saved.fill_(4)
    assert net.scale.tolist() == [4.0]


def test_keep_vars():
    net = Net()
    assert net.state_dict(keep_vars=True)["norm.w"] is net.norm.w
    assert net.state_dict(keep_vars=True)["norm.count"] is net.norm.count


def test_a_prefix_and_a_destination():
    destination = {"x": 1}
    assert Norm().state_dict(destination=destination, prefix="a.b.") is destination
    assert list(destination) == ["x", "a.b.w", "a.b.count"]


def test_a_destination_with_metadata():
    destination = OrderedDict()
    destination._metadata = {}
    Net().state_dict(destination=destination, prefix="net.")
    assert destination._metadata == {"net": {"version": 1}, "net.norm": {"version": 2}}


def test_positional_arguments_are_deprecated():
    net = Net()
    destination = {}
    with pytest.warns(FutureWarning, match="Positional args are being deprecated, use kwargs instead") as caught:
        assert net.state_dict(destination, "a.", True) is destination
    assert caught[0].filename == __file__
    assert destination["a.scale"] is net.scale
    with pytest.warns(FutureWarning):
        assert next(iter(net.state_dict(None, "a."))) == "a.scale"
    with pytest.warns(FutureWarning):
        assert list(net.state_dict(None, "a.", prefix="b.")) == ["b.scale", "b.norm.w", "b.norm.count"]


def test_hooks_around_saving():
    seen = []
    net = Net()
    net.norm.register_state_dict_pre_hook(lambda module, prefix, keep_vars: seen.append((module, prefix, keep_vars)))
    net.norm.register_state_dict_post_hook(lambda module, saved, prefix, metadata: saved.__delitem__(prefix + "count"))
    handle = net.register_state_dict_post_hook(lambda module, saved, prefix, metadata: saved.update(metadata))
    assert list(net.state_dict()) == ["scale", "norm.w", "version"]
    assert seen == [(net.norm, "norm.", False)]
    handle.remove()
    net.register_state_dict_post_hook(lambda module, saved, prefix, metadata: saved)
    with pytest.raises(RuntimeError, match="state_dict post-hook must return None"):
        net.state_dict()


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda s: pickle.loads(pickle.dumps(s))], ids=["deepcopy", "pickle"])
def test_a_copied_state_loads(copied):
    net = Net()
    net.scale.data.fill_(3)
    saved = copied(net.state_dict())
    assert saved._metadata == net.state_dict()._metadata
    other = Net()
    other.load_state_dict(saved)
    assert values(other) == values(net)


# Loading


def test_loading_copies_the_values():
    net, given = Net(), state()
    before = net.scale
    keys = net.load_state_dict(given)
    assert repr(keys) == str(keys) == "<All keys matched successfully>"
    assert values(net) == ([7.0], [1.0, 2.0], 3)
    assert net.scale is before
    assert net.scale.requires_grad
    given["scale"].fill_(0)
    assert net.scale.tolist() == [7.0]


def test_loading_casts():
    net = Net()
    net.load_state_dict({**state(), "scale": pyconv.tensor([2]), "norm.count": pyconv.tensor([3.7])})
    assert values(net) == ([2.0], [1.0, 2.0], 3)
    assert (net.scale.dtype, net.norm.count.dtype) == (pyconv.float32, pyconv.int64)


def test_loading_leaves_the_state_as_it_is():
    class Renamed(Norm):
        def _load_from_state_dict(self, state_dict, prefix, *args):
            state_dict[prefix + "w"] = state_dict.pop(prefix + "weight")
            super()._load_from_state_dict(state_dict, prefix, *args)

    given = {"weight": pyconv.zeros(2), "count": pyconv.tensor(1)}
    module = Renamed()
    module.load_state_dict(given)
    assert module.w.tolist() == [0.0, 0.0]
    assert list(given) == ["weight", "count"]


def test_assigning_takes_the_tensors_themselves():
    net, given = Net(), state()
    given["scale"] = Parameter(pyconv.ones(1, dtype=pyconv.float64), requires_grad=False)
    net.norm.w.requires_grad_(False)
    net.load_state_dict(given, assign=True)
    assert net.scale is given["scale"]
    assert net.scale.requires_grad
    assert net.norm.count is given["norm.count"]
    assert type(net.norm.w) is Parameter
    assert not net.norm.w.requires_grad
    assert np.shares_memory(net.norm.w._array, given["norm.w"]._array)


def test_a_state_that_was_assigned_once_is_copied_the_next_time():
    saved = Net().state_dict()
    Net().load_state_dict(saved, assign=True)
    net = Net()
    net.load_state_dict(saved)
    assert not np.shares_memory(net.scale._array, saved["scale"]._array)


def test_names_that_do_not_match():
    given = {"scale": pyconv.ones(1), "norm.x": pyconv.ones(1), "norm.cache": pyconv.ones(1), "y.z": pyconv.ones(1)}
    net = Net()
    with pytest.raises(RuntimeError) as raised:
        net.load_state_dict(given)
    assert str(raised.value) == (
        "Error(s) in loading state_dict for Net:\n"
        '\tMissing key(s) in state_dict: "norm.w", "norm.count". \n'
        '\tUnexpected key(s) in state_dict: "y.z", "norm.x", "norm.cache". '
    )
    keys = net.load_state_dict(given, strict=False)
    assert repr(keys) == (
        "_IncompatibleKeys(missing_keys=['norm.w', 'norm.count'], unexpected_keys=['y.z', 'norm.x', 'norm.cache'])"
    )
    assert repr(net.load_state_dict(net.norm.state_dict(prefix="norm."), strict=False)) == (
        "_IncompatibleKeys(missing_keys=['scale'], unexpected_keys=[])"
    )
    missing, unexpected = keys
    assert (missing, unexpected) == (keys.missing_keys, keys.unexpected_keys)


def test_none_is_not_loaded():
    given = {**state(), **dict.fromkeys(("norm.bias", "norm.absent", "none.w"), pyconv.ones(1))}
    assert Net().load_state_dict(given, strict=False).unexpected_keys == ["norm.bias", "norm.absent"]


@pytest.mark.parametrize("strict", [True, False])
def test_sizes_that_do_not_match(strict):
    with pytest.raises(RuntimeError) as raised:
        Net().load_state_dict({**state(), "norm.w": pyconv.ones(3, 1)}, strict=strict)
    assert str(raised.value) == (
        "Error(s) in loading state_dict for Net:\n"
        "\tsize mismatch for norm.w: copying a param with shape torch.Size([3, 1]) from checkpoint, the shape in "
        "current model is torch.Size([2])."
    )


def test_what_is_no_tensor():
    with pytest.raises(RuntimeError) as raised:
        Net().load_state_dict({**state(), "scale": np.ones(1)})
    assert str(raised.value) == (
        'Error(s) in loading state_dict for Net:\n\tWhile copying the parameter named "scale", expected torch.Tensor '
        "or Tensor-like object from checkpoint but received <class 'numpy.ndarray'>"
    )


def test_an_error_while_assigning_is_told_with_the_sizes():
    given = {**state(), "norm.w": pyconv.tensor([1, 2])}
    with pytest.raises(RuntimeError) as raised:
        Net().load_state_dict(given, assign=True)
    assert str(raised.value) == (
        'Error(s) in loading state_dict for Net:\n\tWhile copying the parameter named "norm.w", whose dimensions in '
        "the model are torch.Size([2]) and whose dimensions in the checkpoint are torch.Size([2]), an exception "
        "occurred : ('Only Tensors of floating point and complex dtype can require gradients',)."
    )


def test_only_mappings_are_loaded():
    with pytest.raises(TypeError, match=r"Expected state_dict to be dict-like, got <class 'list'>\."):
        Net().load_state_dict([])


def test_an_uninitialized_parameter_is_not_loaded_into_another():
    with pytest.raises(RuntimeError, match="Can't access the shape of an uninitialized parameter or buffer"):
        Net().load_state_dict({**state(), "scale": UninitializedParameter()})


def test_the_version_that_was_saved_is_told():
    seen = []
    net = Net()
    net.norm.register_load_state_dict_pre_hook(lambda module, state, prefix, metadata, *rest: seen.append(metadata))
    net.load_state_dict(net.state_dict())
    net.load_state_dict(state())
    assert seen == [{"version": 2}, {}]
    net.register_load_state_dict_pre_hook(lambda module, state, *rest: seen.append(state._metadata))
    saved = net.state_dict()
    net.load_state_dict(saved)
    assert seen[-2:] == [saved._metadata, {"version": 2}]


def test_hooks_before_loading():
    net = Net()

    def rename(module, state_dict, prefix, local_metadata, strict, missing_keys, unexpected_keys, error_msgs):
        assert module is net.norm
        assert (prefix, strict, missing_keys, unexpected_keys, error_msgs) == ("norm.", True, [], [], [])
        state_dict[prefix + "w"] = state_dict.pop(prefix + "weight")

    given = state()
    given["norm.weight"] = given.pop("norm.w")
    handle = net.norm.register_load_state_dict_pre_hook(rename)
    assert net.load_state_dict(given).missing_keys == []
    handle.remove()
    assert net.load_state_dict(given, strict=False).missing_keys == ["norm.w"]


def test_hooks_after_loading_can_change_the_keys():
    net = Net()
    net.norm.register_load_state_dict_post_hook(lambda module, keys: keys.missing_keys.clear())
    assert repr(net.load_state_dict({"scale": pyconv.ones(1)})) == "<All keys matched successfully>"
    net.register_load_state_dict_post_hook(lambda module, keys: keys)
    with pytest.raises(AssertionError, match="are not expected to return new values"):
        net.load_state_dict(state())


def test_extra_state():
    module, other = Extra(), Extra()
    module.number = 5
    saved = module.state_dict()
    assert saved == {"_extra_state": {"number": 5}}
    other.load_state_dict(saved)
    assert other.number == 5
    assert other.load_state_dict({}, strict=False).missing_keys == ["_extra_state"]
    assert Module().load_state_dict(saved, strict=False).unexpected_keys == ["_extra_state"]


@pytest.mark.parametrize("call", [Module.get_extra_state, lambda module: module.set_extra_state(3)])
def test_extra_state_is_for_subclasses(call):
    with pytest.raises(RuntimeError, match="that should never be called"):
        call(Module())
