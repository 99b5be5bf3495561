"""The scaling of losses."""

import pickle

import pytest

import pyconv as torch


def setting(**options):
    w = torch.nn.Parameter(torch.ones(2))
    return w, torch.optim.SGD([w], lr=0.25), torch.amp.GradScaler("cpu", **options)


def test_a_step_is_that_without_scaling():
    w, optimizer, scaler = setting(init_scale=1024.0)
    scaler.scale((w * torch.tensor([1.0, 2.0])).sum()).backward()
    assert w.grad.tolist() == [1024.0, 2048.0]
    scaler.unscale_(optimizer)
    assert w.grad.tolist() == [1.0, 2.0]
    scaler.step(optimizer)
    scaler.update()
    assert w.tolist() == [0.75, 0.5]


def test_a_gradient_that_is_not_finite_leaves_the_step_out_and_shrinks_the_scale():
    w, optimizer, scaler = setting(init_scale=8.0)
    scaler.scale((w * float("inf")).sum()).backward()
    assert scaler.step(optimizer) is None
    scaler.update()
    assert w.tolist() == [1.0, 1.0]
    assert scaler.get_scale() == 4.0


def test_the_scale_grows_after_an_interval():
    w, optimizer, scaler = setting(init_scale=2.0, growth_interval=2, growth_factor=3.0)
    scales = []
    for _ in range(4):
        optimizer.zero_grad()
        scaler.scale(w.sum()).backward()
        scaler.step(optimizer)
        scaler.update()
        scales.append(scaler.get_scale())
    assert scales == [2.0, 6.0, 6.0, 18.0]
    scaler.update(5.0)
    assert scaler.get_scale() == 5.0


def test_what_is_scaled():
    scaler = torch.amp.GradScaler("cpu", init_scale=2.0)
    one = torch.ones(1)
    assert [y.item() for y in scaler.scale((one, one * 3))] == [2.0, 6.0]
    assert isinstance(scaler.scale([one]), list)
    with pytest.raises(ValueError, match="must be a Tensor or an iterable"):
        scaler.scale(3)


def test_the_order_of_calls():
    w, optimizer, scaler = setting()
    with pytest.raises(AssertionError, match="Attempted step but _scale is None"):
        scaler.step(optimizer)
    scaler.scale(w.sum()).backward()
    with pytest.raises(AssertionError, match="No inf checks were recorded prior to update"):
        scaler.update()
    scaler.unscale_(optimizer)
    with pytest.raises(RuntimeError, match="already been called on this optimizer"):
        scaler.unscale_(optimizer)
    scaler.step(optimizer)
    with pytest.raises(RuntimeError, match="called after step"):
        scaler.unscale_(optimizer)
    with pytest.raises(RuntimeError, match="already been called since"):
        scaler.step(optimizer)
    with pytest.raises(RuntimeError, match="Closure use"):
        scaler.step(optimizer, closure=lambda: None)


def test_half_gradients_are_refused():
    w = torch.nn.Parameter(torch.ones(1, dtype=torch.float16))
    scaler = torch.amp.GradScaler("cpu")
    scaler.scale(w.sum()).backward()
    with pytest.raises(ValueError, match="FP16"):
        scaler.unscale_(torch.optim.SGD([w], lr=0.1))


def test_its_state_and_pickles_of_it():
    w, optimizer, scaler = setting(init_scale=4.0)
    scaler.scale(w.sum()).backward()
    scaler.step(optimizer)
    scaler.update()
    other = torch.amp.GradScaler("cpu")
    other.load_state_dict(scaler.state_dict())
    assert other.state_dict() == scaler.state_dict() == pickle.loads(pickle.dumps(scaler)).state_dict()
    with pytest.raises(RuntimeError, match="source state dict is empty"):
        other.load_state_dict({})


def test_one_without_effect():
    with pytest.warns(UserWarning, match="CUDA is not available"):
        scaler = torch.amp.GradScaler()
    w, optimizer, _ = setting()
    scaler.scale(w.sum()).backward()
    scaler.step(optimizer)
    scaler.update()
    assert w.tolist() == [0.75, 0.75]
    assert (scaler.get_scale(), scaler.is_enabled(), scaler.state_dict()) == (1.0, False, {})


@pytest.mark.parametrize("options", [{"growth_factor": 1.0}, {"backoff_factor": 1.0}])
def test_factors_that_are_refused(options):
    with pytest.raises(AssertionError, match="factor must be"):
        torch.amp.GradScaler("cpu", **options)
