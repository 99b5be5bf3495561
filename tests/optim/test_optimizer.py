"""The base of optimizers: groups, state, hooks, closures."""

import copy
import pickle

import numpy as np
import pytest

import pyconv
from pyconv.optim import SGD, Adam
from pyconv.optim.optimizer import (
    Optimizer,
    register_optimizer_step_post_hook,
    register_optimizer_step_pre_hook,
    required,
)

NAMES = ["SGD", "Adam", "AdamW", "RMSprop", "Adagrad", "Adadelta"]
NAMES += ["Adamax", "NAdam", "RAdam", "Rprop", "ASGD", "Adafactor"]


def parameter(*shape, fill=1.0):
    """A parameter with a gradient of ones."""
    param = pyconv.nn.Parameter(pyconv.full(shape, fill))
    param.grad = pyconv.ones(shape)
    return param


def test_groups_have_options_of_their_own():
    a, b = parameter(2), parameter(3)
    optimizer = SGD([{"params": [a]}, {"params": b, "lr": 0.5}], lr=0.1, momentum=0.9)
    assert [group["lr"] for group in optimizer.param_groups] == [0.1, 0.5]
    assert [group["momentum"] for group in optimizer.param_groups] == [0.9, 0.9]
    optimizer.step()
    np.testing.assert_allclose([a[0].item(), b[0].item()], [0.9, 0.5])


def test_a_group_is_added():
    optimizer = SGD([parameter(1)], lr=0.1)
    optimizer.add_param_group({"params": [parameter(1)], "lr": 0.2})
    assert [group["lr"] for group in optimizer.param_groups] == [0.1, 0.2]


def test_names_go_with_parameters():
    optimizer = SGD([("a", parameter(1)), ("b", parameter(1))], lr=0.1)
    assert optimizer.param_groups[0]["param_names"] == ["a", "b"]
    assert optimizer.state_dict()["param_groups"][0]["param_names"] == ["a", "b"]
    with pytest.raises(ValueError, match="cannot add param group without names"):
        optimizer.add_param_group({"params": [parameter(1)]})


def test_parameters_without_gradient_are_passed_over():
    a, b = parameter(1), pyconv.nn.Parameter(pyconv.ones(1))
    optimizer = Adam([a, b])
    optimizer.step()
    assert list(optimizer.state) == [a]
    assert b.item() == 1


@pytest.mark.parametrize("name", NAMES)
def test_state_goes_on_after_loading(name):
    results = []
    for cut in (False, True):
        param = pyconv.nn.Parameter(pyconv.tensor([1.0, -2.0, 3.0]))
        optimizer = getattr(pyconv.optim, name)([param], lr=0.1)
        for i in range(6):
            if cut and i == 3:
                saved = copy.deepcopy(optimizer.state_dict())
                optimizer = getattr(pyconv.optim, name)([param], lr=0.7)
                optimizer.load_state_dict(saved)
            param.grad = pyconv.tensor([0.5, 1.0 + i, -2.0])
            optimizer.step()
        results.append(param.detach().numpy())
    np.testing.assert_array_equal(*results)


@pytest.mark.parametrize("name", NAMES)
def test_a_closure_is_called_with_gradients_and_its_loss_returned(name):
    param = parameter(2)
    optimizer = getattr(pyconv.optim, name)([param])

    def closure():
        assert pyconv.is_grad_enabled()
        optimizer.zero_grad()
        loss = (param**2).sum()
        loss.backward()
        return loss

    with pyconv.no_grad():
        assert optimizer.step(closure).item() == 2
    assert (param < 1).all()


@pytest.mark.parametrize("name", NAMES)
def test_a_step_leaves_the_gradient_and_the_graph_alone(name):
    param = parameter(2, 2)
    getattr(pyconv.optim, name)([param], maximize=True).step()
    assert param.grad.tolist() == [[1, 1], [1, 1]]
    assert param.is_leaf
    assert param.requires_grad


def test_state_dict_numbers_parameters_in_order():
    a, b, c = parameter(1), parameter(1), parameter(1)
    optimizer = SGD([{"params": [a, b]}, {"params": [c]}], lr=0.1, momentum=0.5)
    optimizer.step()
    saved = optimizer.state_dict()
    assert [group["params"] for group in saved["param_groups"]] == [[0, 1], [2]]
    assert list(saved["state"]) == [0, 1, 2]
    assert saved["state"][0]["momentum_buffer"] is optimizer.state[a]["momentum_buffer"]


def test_loaded_state_takes_the_dtype_of_the_parameter():
    param = parameter(2)
    optimizer = Adam([param])
    optimizer.step()
    other = pyconv.nn.Parameter(pyconv.ones(2, dtype=pyconv.float64))
    loading = Adam([other])
    loading.load_state_dict(optimizer.state_dict())
    state = loading.state[other]
    assert (state["exp_avg"].dtype, state["step"].dtype) == (pyconv.float64, pyconv.float32)


def test_state_of_other_groups_is_refused():
    optimizer = SGD([parameter(1)], lr=0.1)
    with pytest.raises(ValueError, match="different number of parameter groups"):
        optimizer.load_state_dict({"state": {}, "param_groups": []})
    with pytest.raises(ValueError, match="doesn't match the size of optimizer's group"):
        optimizer.load_state_dict(SGD([parameter(1), parameter(1)], lr=0.1).state_dict())


def test_zero_grad_forgets_or_zeroes():
    param = parameter(2)
    optimizer = SGD([param], lr=0.1)
    optimizer.zero_grad(set_to_none=False)
    assert param.grad.tolist() == [0, 0]
    optimizer.zero_grad()
    assert param.grad is None


def test_zero_grad_cuts_a_recorded_gradient_off():
    param = parameter(2)
    (grad,) = pyconv.autograd.grad((param**3).sum(), param, create_graph=True)
    param.grad = grad
    SGD([param]).zero_grad(set_to_none=False)
    assert param.grad.tolist() == [0, 0]
    assert not param.grad.requires_grad


def test_step_hooks_are_called_around_the_step():
    param = parameter(1)
    optimizer = SGD([param], lr=0.5)
    seen = []
    handles = [
        optimizer.register_step_pre_hook(lambda o, args, kwargs: seen.append(("before", param.item()))),
        optimizer.register_step_post_hook(lambda o, args, kwargs: seen.append(("after", param.item()))),
        register_optimizer_step_pre_hook(lambda o, args, kwargs: seen.append(("all before", param.item()))),
        register_optimizer_step_post_hook(lambda o, args, kwargs: seen.append(("all after", param.item()))),
    ]
    optimizer.step()
    assert seen == [("all before", 1.0), ("before", 1.0), ("after", 0.5), ("all after", 0.5)]
    for handle in handles:
        handle.remove()
    optimizer.step()
    assert len(seen) == 4


def test_a_hook_before_the_step_may_change_its_arguments():
    optimizer = SGD([parameter(1)], lr=0.5)
    optimizer.register_step_pre_hook(lambda o, args, kwargs: ((o, lambda: 7), {}))
    assert optimizer.step() == 7
    optimizer.register_step_pre_hook(lambda o, args, kwargs: 3)
    with pytest.raises(RuntimeError, match="must return None or a tuple of"):
        optimizer.step()


def test_state_hooks_may_change_what_is_saved_and_loaded():
    optimizer = SGD([parameter(1)], lr=0.5)
    optimizer.register_state_dict_post_hook(lambda o, state: {**state, "more": 1})
    assert optimizer.state_dict()["more"] == 1

    def faster(o, state):
        state["param_groups"] = [{**state["param_groups"][0], "lr": 3.0}]
        return state

    optimizer.register_load_state_dict_pre_hook(faster)
    optimizer.load_state_dict(optimizer.state_dict())
    assert optimizer.param_groups[0]["lr"] == 3.0


def test_what_is_no_parameter_is_refused():
    param = parameter(1)
    for given, kind, text in (
        (param, TypeError, "an iterable of Tensors or dicts"),
        ([], ValueError, "optimizer got an empty parameter list"),
        ([1], TypeError, "optimizer can only optimize Tensors, but one of the params is int"),
        ([param * 2], ValueError, "can't optimize a non-leaf Tensor"),
        ([{"params": {param}}], TypeError, "ordered collections"),
        ([{"params": [param]}, {"params": [param]}], ValueError, "more than one parameter group"),
        ([("a", param), param], ValueError, "Some param names are missing"),
    ):
        with pytest.raises(kind, match=text):
            SGD(given, lr=0.1)
    with pytest.warns(UserWarning, match="duplicate parameters"):
        SGD([param, param], lr=0.1)
    with pytest.raises(TypeError, match="param_group must be a dict, but got <class 'int'>"):
        SGD([param]).add_param_group(3)


def test_a_required_option_must_be_given():
    with pytest.raises(ValueError, match="didn't specify a value of required optimization parameter lr"):
        Optimizer([parameter(1)], {"lr": required})
    assert repr(required) == "<required parameter>"


def test_an_own_optimizer_has_hooks_too():
    class Halving(Optimizer):
        def step(self, closure=None):
            for group in self.param_groups:
                for param in group["params"]:
                    with pyconv.no_grad():
                        param.mul_(group["factor"])

    param = parameter(1)
    optimizer = Halving([param], {"factor": 0.5})
    seen = []
    optimizer.register_step_post_hook(lambda o, args, kwargs: seen.append(o))
    optimizer.step()
    assert (param.item(), seen) == (0.5, [optimizer])
    with pytest.raises(NotImplementedError):
        Optimizer([param], {}).step()


def test_text_and_pickle():
    optimizer = SGD([parameter(1)], lr=0.5)
    optimizer.step()
    assert repr(optimizer) == (
        "SGD (\nParameter Group 0\n    dampening: 0\n    differentiable: False\n    foreach: None\n    fused: None\n"
        "    lr: 0.5\n    maximize: False\n    momentum: 0\n    nesterov: False\n    weight_decay: 0\n)"
    )
    again = pickle.loads(pickle.dumps(optimizer))
    assert repr(again) == repr(optimizer)
    again.step()


@pytest.mark.parametrize("name", NAMES)
def test_no_gradient_is_no_step(name):
    param = pyconv.nn.Parameter(pyconv.ones(2))
    optimizer = getattr(pyconv.optim, name)([param])
    optimizer.step()
    assert param.tolist() == [1, 1]


def test_a_differentiable_step_is_recorded():
    start = pyconv.tensor([1.0, 2.0], requires_grad=True)
    param = start.clone()
    param.grad = param.clone() ** 2
    SGD([param], lr=0.1, differentiable=True).step()
    param.sum().backward()
    np.testing.assert_allclose(start.grad.numpy(), 1 - 0.1 * 2 * start.detach().numpy())


STATES = {
    "Adam": (("exp_avg", "exp_avg_sq", "max_exp_avg_sq"), {"amsgrad": True}),
    "AdamW": (("exp_avg", "exp_avg_sq", "max_exp_avg_sq"), {"amsgrad": True}),
    "NAdam": (("exp_avg", "exp_avg_sq", "mu_product"), {}),
    "Rprop": (("prev", "step_size"), {}),
    "RMSprop": (("square_avg", "momentum_buffer"), {"momentum": 0.9}),
    "Adamax": (("exp_avg", "exp_inf"), {}),
    "SGD": (("momentum_buffer",), {"momentum": 0.5}),
}


@pytest.mark.parametrize("name", STATES)
def test_differentiable_steps_have_right_gradients(name):
    names, options = STATES[name]
    random = np.random.default_rng(0)

    def of(size):
        return pyconv.tensor(random.uniform(0.2, 0.8, size), requires_grad=True)

    def step(param, grad, *state):
        param = param.clone()
        param.grad = grad
        optimizer = getattr(pyconv.optim, name)([param], lr=0.5, differentiable=True, **options)
        optimizer.state[param].update(zip(names, (value.clone() for value in state), strict=True))
        optimizer.state[param]["step"] = pyconv.tensor(10.0, dtype=pyconv.float64)
        optimizer.step()
        return param, *(optimizer.state[param][key] for key in names)

    state = [of(()) if key == "mu_product" else of(3) for key in names]
    assert pyconv.autograd.gradcheck(step, (of(3), of(3), *state))
