"""What makes a module lazy. The texts are torch 2.13's."""

import copy
import pickle

import numpy as np
import pytest

import pyconv
from pyconv.nn.modules.lazy import LazyModuleMixin
from pyconv.nn.modules.module import Module
from pyconv.nn.parameter import Buffer, Parameter, UninitializedBuffer, UninitializedParameter, is_lazy


class Scale(Module):
    def forward(self, x, shift=0):
        return x * self.w + shift


class LazyScale(LazyModuleMixin, Scale):
    cls_to_become = Scale

    def __init__(self, persistent=True):
        super().__init__()
        self.w = UninitializedParameter(dtype=pyconv.float64)
        self.mean = UninitializedBuffer(persistent=persistent)
        self.register_parameter("none", None)

    def initialize_parameters(self, x, shift=0):
        if self.has_uninitialized_params():
            self.w.materialize(x.shape[-1:])
            self.w.data.fill_(2)
            self.mean.materialize(())
            self.mean.fill_(shift)


class Forgetful(LazyScale):
    def initialize_parameters(self, x, shift=0):
        self.w.materialize((1,))


class Unfinished(LazyModuleMixin):
    def forward(self, x):
        return x


def ones():
    return pyconv.ones(2, dtype=pyconv.float64)


def test_the_first_call_initialises_and_changes_the_class():
    module = LazyScale()
    assert module.has_uninitialized_params()
    weight = module.w
    assert module(ones(), shift=1).tolist() == [3.0, 3.0]
    assert type(module) is Scale
    assert module.w is weight
    assert type(module.w) is Parameter
    assert type(module.mean) is Buffer
    assert module.mean.item() == 1
    assert not module._forward_pre_hooks
    assert not module._load_state_dict_pre_hooks
    assert "_initialize_hook" not in module.__dict__
    assert module(ones()).tolist() == [2.0, 2.0]


def test_ndarrays_initialise_too():
    module = LazyScale()
    assert module(np.ones(3)).tolist() == [2.0, 2.0, 2.0]
    assert module.w.requires_grad


def test_a_class_can_be_kept():
    class Keeps(LazyScale):
        cls_to_become = None

    module = Keeps()
    module(ones())
    assert type(module) is Keeps
    assert not module.has_uninitialized_params()


def test_everything_must_be_initialised():
    with pytest.raises(RuntimeError, match=r"^module Forgetful has not been fully initialized$"):
        Forgetful()(ones())


def test_a_subclass_must_say_how():
    with pytest.raises(NotImplementedError, match="initialize_parameters is not implemented for Unfinished"):
        Unfinished()(ones())


def test_the_state_can_be_saved_before():
    module = LazyScale()
    saved = module.state_dict()
    assert repr(dict(saved)) == "{'w': <UninitializedParameter>, 'mean': <UninitializedBuffer>}"
    assert saved["w"] is module.w
    assert list(LazyScale(persistent=False).state_dict()) == ["w"]


def test_the_state_after_has_no_gradient_unless_asked():
    module = LazyScale()
    module(ones())
    assert not module.state_dict()["w"].requires_grad
    half = LazyScale()
    half.w.materialize((1,))
    assert not half.state_dict()["w"].requires_grad
    assert half.state_dict(keep_vars=True)["w"] is half.w


def test_loading_initialised_values_initialises():
    module, other = LazyScale(), LazyScale()
    module(ones())
    module.w.data.fill_(7)
    weight = other.w
    assert repr(other.load_state_dict(module.state_dict())) == "<All keys matched successfully>"
    assert other.w is weight
    assert other.w.tolist() == [7.0, 7.0]
    assert type(other) is LazyScale
    assert other(ones()).tolist() == [7.0, 7.0]
    assert type(other) is Scale


def test_loading_uninitialised_values_changes_nothing():
    module = LazyScale()
    module.load_state_dict(LazyScale().state_dict())
    assert is_lazy(module.w)
    assert is_lazy(module.mean)


def test_uninitialised_values_cannot_be_loaded_into_initialised_ones():
    module = LazyScale()
    module(ones())
    with pytest.raises(RuntimeError, match="Can't access the shape of an uninitialized parameter or buffer"):
        module.load_state_dict(LazyScale().state_dict())


def test_loading_part_of_the_state():
    module = LazyScale()
    keys = module.load_state_dict({"w": ones()}, strict=False)
    assert keys.missing_keys == ["mean"]
    assert [is_lazy(module.w), is_lazy(module.mean)] == [False, True]


def test_conversion_before_the_first_call():
    module = LazyScale().half()
    assert is_lazy(module.w)
    assert (module.w.dtype, module.mean.dtype) == (pyconv.float16, pyconv.float16)
    module(pyconv.ones(2, dtype=pyconv.float16))
    assert module.w.dtype is pyconv.float16


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))], ids=["deepcopy", "pickle"])
def test_a_copy_is_lazy_by_itself(copied):
    module = LazyScale()
    other = copied(module)
    other(ones())
    assert type(other) is Scale
    assert not other._forward_pre_hooks
    assert type(module) is LazyScale
    assert is_lazy(module.w)
    assert module(pyconv.ones(3, dtype=pyconv.float64)).tolist() == [2.0, 2.0, 2.0]


def test_layers_go_to_a_device_and_a_dtype_before_the_first_call():
    layer = pyconv.nn.LazyConv2d(3, 1).to("cpu").to(pyconv.float64)
    assert layer.weight.dtype is pyconv.float64
    assert layer(pyconv.ones(1, 2, 4, 4, dtype=pyconv.float64)).dtype is pyconv.float64
    with pytest.raises(RuntimeError, match="Can't share memory on an uninitialized parameter or buffer"):
        pyconv.nn.LazyBatchNorm1d(affine=False).share_memory()
