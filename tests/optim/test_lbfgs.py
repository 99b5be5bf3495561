"""L-BFGS: it finds minima, counts what it does, and remembers as much as it is told."""

import numpy as np
import pytest

import pyconv


def quadratic(seed=0, size=6):
    """A positive definite matrix and the minimum of its form."""
    rng = np.random.default_rng(seed)
    root = rng.standard_normal((size, size))
    return root @ root.T + np.eye(size), rng.standard_normal(size)


def minimise(steps, shapes=((6,),), **options):
    """The distance from the minimum of a quadratic form after steps, the optimizer, and how often it was evaluated."""
    matrix, best = quadratic()
    params = [pyconv.nn.Parameter(pyconv.zeros(shape, dtype=pyconv.float64)) for shape in shapes]
    optimizer = pyconv.optim.LBFGS(params, **options)
    calls = []

    def closure():
        optimizer.zero_grad()
        x = pyconv.cat([param.reshape(-1) for param in params]) - pyconv.tensor(best)
        loss = (x * (pyconv.tensor(matrix) * x).sum(1)).sum() * 0.5
        loss.backward()
        calls.append(loss.item())
        return loss

    returned = [optimizer.step(closure).item() for _ in range(steps)]
    found = np.concatenate([param.detach().numpy().ravel() for param in params])
    return np.abs(found - best).max(), optimizer, calls, returned


@pytest.mark.parametrize("shapes", [((6,),), ((2, 2), (), (1,))])
def test_a_quadratic_form_is_minimised(shapes):
    distance, _, calls, returned = minimise(3, shapes, line_search_fn="strong_wolfe")
    assert distance < 1e-6
    assert returned[0] == calls[0]


def test_without_a_search_steps_are_of_the_learning_rate():
    distance, optimizer, _, _ = minimise(20, lr=0.5)
    assert distance < 1e-5
    assert optimizer.state_dict()["state"][0]["t"] == 0.5


def test_the_first_step_goes_down_by_the_learning_rate_over_the_gradient():
    param = pyconv.nn.Parameter(pyconv.tensor([3.0, -1.0]))
    optimizer = pyconv.optim.LBFGS([param], lr=0.5, max_iter=1)

    def closure():
        optimizer.zero_grad()
        loss = (param**2).sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    np.testing.assert_allclose(param.detach().numpy(), [3 - 6 / 8 * 0.5, -1 + 2 / 8 * 0.5], 1e-6)


def test_evaluations_and_steps_are_counted():
    _, optimizer, calls, _ = minimise(2, max_iter=4, lr=0.01)
    state = optimizer.state_dict()["state"][0]
    assert state["func_evals"] == len(calls) == 8
    assert state["n_iter"] == 8


def test_evaluations_are_limited():
    _, _, calls, _ = minimise(1, max_iter=100, max_eval=7, lr=0.01)
    assert len(calls) == 7


def test_the_history_is_limited():
    _, optimizer, _, _ = minimise(1, max_iter=6, history_size=3, lr=0.01)
    state = optimizer.state_dict()["state"][0]
    assert [len(state[name]) for name in ("old_dirs", "old_stps", "ro", "al")] == [3, 3, 3, 3]


def test_it_stops_where_the_gradient_vanishes():
    param = pyconv.nn.Parameter(pyconv.zeros(2))
    optimizer = pyconv.optim.LBFGS([param])

    def closure():
        optimizer.zero_grad()
        loss = (param**2).sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    assert optimizer.state_dict()["state"][0] == {"func_evals": 1, "n_iter": 0}


def test_a_parameter_without_gradient_stays():
    params = [pyconv.nn.Parameter(pyconv.ones(2)) for _ in range(2)]
    optimizer = pyconv.optim.LBFGS(params)

    def closure():
        optimizer.zero_grad()
        loss = (params[0] ** 2).sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    assert params[1].tolist() == [1, 1]
    assert params[0].abs().max() < 1e-5


def test_state_goes_on_after_loading():
    whole, _, _, _ = minimise(2, max_iter=3, lr=0.1)
    _, optimizer, _, _ = minimise(1, max_iter=3, lr=0.1)
    other = pyconv.optim.LBFGS([pyconv.nn.Parameter(optimizer._params[0].detach().clone())], max_iter=3, lr=0.1)
    other.load_state_dict(optimizer.state_dict())
    matrix, best = (pyconv.tensor(value) for value in quadratic())

    def closure():
        other.zero_grad()
        x = other._params[0] - best
        loss = (x * (matrix * x).sum(1)).sum() * 0.5
        loss.backward()
        return loss

    other.step(closure)
    assert (other._params[0].detach() - best).abs().max().item() == pytest.approx(whole, rel=1e-12)


def test_errors_are_torchs():
    param, other = pyconv.nn.Parameter(pyconv.ones(1)), pyconv.nn.Parameter(pyconv.ones(1))
    with pytest.raises(ValueError, match="LBFGS doesn't support per-parameter options"):
        pyconv.optim.LBFGS([{"params": [param]}, {"params": [other]}])
    with pytest.raises(ValueError, match="Invalid learning rate: -1"):
        pyconv.optim.LBFGS([param], lr=-1)

    def closure():
        param.grad = pyconv.ones(1)
        return pyconv.ones(1)

    with pytest.raises(RuntimeError, match="only 'strong_wolfe' is supported"):
        pyconv.optim.LBFGS([param], line_search_fn="golden").step(closure)
