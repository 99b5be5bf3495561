"""Distributions: densities sum to one, moments and divergences are those of the definitions, bad parameters."""

import math

import numpy as np
import pytest

import pyconv as torch
from pyconv import distributions as D

GRID = torch.linspace(-30, 30, 60_001, dtype=torch.float64)
CONTINUOUS = [
    D.Normal(torch.tensor(0.5, dtype=torch.float64), 1.5),
    D.Laplace(torch.tensor(-1.0, dtype=torch.float64), 0.75),
    D.Uniform(torch.tensor(-2.0, dtype=torch.float64), 3.0, validate_args=False),
    D.Exponential(torch.tensor(0.8, dtype=torch.float64), validate_args=False),
]
DISCRETE = [
    D.Bernoulli(torch.tensor(0.3, dtype=torch.float64)),
    D.Categorical(torch.tensor([1.0, 2.0, 5.0], dtype=torch.float64)),
    D.OneHotCategorical(logits=torch.tensor([0.1, -2.0, 0.5], dtype=torch.float64)),
]


def density(d):
    p = d.log_prob(GRID).exp().numpy()
    if isinstance(d, D.Exponential):
        p = np.where(GRID.numpy() < 0, 0, p)
    return p


@pytest.mark.parametrize("d", CONTINUOUS, ids=repr)
def test_densities_integrate_to_one_and_give_the_moments_and_the_entropy(d):
    x, p, step = GRID.numpy(), density(d), 0.001
    mean = (p * x).sum() * step
    seen = np.where(p > 0, p, 1)
    np.testing.assert_allclose(p.sum() * step, 1, atol=1e-3)
    np.testing.assert_allclose(d.mean.item(), mean, atol=2e-3)
    np.testing.assert_allclose(d.variance.item(), (p * (x - mean) ** 2).sum() * step, rtol=5e-3)
    np.testing.assert_allclose(d.stddev.item() ** 2, d.variance.item(), rtol=1e-12)
    np.testing.assert_allclose(d.entropy().item(), -(seen * np.log(seen)).sum() * step, atol=5e-3)
    np.testing.assert_allclose(d.perplexity().item(), math.exp(d.entropy().item()), rtol=1e-12)


@pytest.mark.parametrize("d", CONTINUOUS, ids=repr)
def test_the_distribution_function_is_the_integral_and_has_its_inverse(d):
    at = d.icdf(torch.tensor([0.1, 0.5, 0.9], dtype=torch.float64))
    np.testing.assert_allclose(d.cdf(at).numpy(), [0.1, 0.5, 0.9], rtol=1e-9)
    below = [density(d)[GRID.numpy() <= x].sum() * 0.001 for x in at.tolist()]
    np.testing.assert_allclose(below, [0.1, 0.5, 0.9], atol=2e-3)


@pytest.mark.parametrize("d", DISCRETE, ids=repr)
def test_probabilities_sum_to_one_and_give_the_entropy(d):
    log = d.log_prob(d.enumerate_support()).numpy()
    np.testing.assert_allclose(np.exp(log).sum(), 1, rtol=1e-12)
    np.testing.assert_allclose(d.entropy().item(), -(np.exp(log) * log).sum(), rtol=1e-12)


@pytest.mark.parametrize("d", [*CONTINUOUS, *DISCRETE[::2]], ids=repr)
def test_the_mean_of_what_is_drawn(d):
    torch.manual_seed(0)
    drawn = d.sample((20_000,)).numpy()
    assert not d.sample().requires_grad
    bound = 5 * d.stddev.numpy() / math.sqrt(20_000)
    assert (np.abs(drawn.mean(0) - d.mean.numpy()) < bound).all()


def test_how_often_a_number_is_drawn():
    torch.manual_seed(0)
    drawn = DISCRETE[1].sample((8_000,)).numpy()
    np.testing.assert_allclose(np.bincount(drawn) / 8_000, [1 / 8, 2 / 8, 5 / 8], atol=0.03)


@pytest.mark.parametrize(("p", "q"), [(CONTINUOUS[0], D.Normal(1.0, 2.0)), (CONTINUOUS[1], D.Laplace(0.5, 1.25))])
def test_divergences_of_densities(p, q):
    q = q.expand(())
    difference = (p.log_prob(GRID) - q.log_prob(GRID)).numpy()
    np.testing.assert_allclose(D.kl_divergence(p, q).item(), (density(p) * difference).sum() * 0.001, rtol=1e-3)


@pytest.mark.parametrize(
    ("p", "q"),
    [
        (DISCRETE[0], D.Bernoulli(0.9)),
        (DISCRETE[1], D.Categorical(torch.ones(3, dtype=torch.float64))),
        (DISCRETE[2], D.OneHotCategorical(torch.ones(3, dtype=torch.float64))),
    ],
)
def test_divergences_of_probabilities(p, q):
    values = p.enumerate_support()
    ours = p.log_prob(values)
    np.testing.assert_allclose(
        D.kl_divergence(p, q).item(), (ours.exp() * (ours - q.log_prob(values))).sum().item(), rtol=1e-6
    )


def test_what_is_drawn_with_gradients_moves_with_the_parameters():
    loc, scale = torch.zeros(3, requires_grad=True), torch.ones(3, requires_grad=True)
    torch.manual_seed(0)
    drawn = D.Normal(loc, scale).rsample()
    drawn.sum().backward()
    np.testing.assert_array_equal(loc.grad.numpy(), np.ones(3))
    np.testing.assert_array_equal(scale.grad.numpy(), drawn.detach().numpy())


def test_shapes_of_a_batch_and_of_independent_dimensions():
    d = D.Normal(torch.zeros(4, 3), 1.0)
    assert (d.batch_shape, d.event_shape, d.sample((5,)).shape) == ((4, 3), (), (5, 4, 3))
    joined = D.Independent(d, 1)
    assert (joined.batch_shape, joined.event_shape) == ((4,), (3,))
    value = joined.rsample()
    np.testing.assert_allclose(joined.log_prob(value).numpy(), d.log_prob(value).sum(1).numpy(), rtol=1e-6)
    assert joined.expand((2, 4)).sample().shape == (2, 4, 3)
    assert joined.support.check(value).all()
    assert joined.support.event_dim == 1


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: D.Normal(0.0, -1.0), "Expected parameter scale"),
        (lambda: D.Uniform(1.0, 0.0), "Expected parameter low"),
        (lambda: D.Bernoulli(1.5), "Expected parameter probs"),
        (lambda: D.Bernoulli(), "Either `probs` or `logits`"),
        (lambda: D.Categorical(torch.tensor(0.5)), "at least one-dimensional"),
        (lambda: D.Normal(0.0, 1.0).log_prob(torch.tensor(math.nan)), "Expected value argument"),
        (lambda: D.Normal(torch.zeros(2), 1.0).log_prob(torch.zeros(3)), "not broadcastable"),
        (lambda: D.Normal(0.0, 1.0).log_prob(0.0), "must be a Tensor"),
        (lambda: D.Normal("0", 1.0), "must be instances of Number"),
    ],
)
def test_what_is_refused(make, error):
    with pytest.raises(ValueError, match=error.replace("must be instances", "must all be instances")):
        make()


def test_checks_are_left_out_where_none_are_wanted():
    assert D.Normal(0.0, -1.0, validate_args=False).scale == -1
    D.Distribution.set_default_validate_args(False)
    try:
        assert D.Normal(0.0, -1.0).scale == -1
    finally:
        D.Distribution.set_default_validate_args(True)


def test_kinds_without_a_formula_and_one_of_ones_own():
    with pytest.raises(NotImplementedError, match=r"No KL\(p \|\| q\) is implemented for p type Laplace and q type"):
        D.kl_divergence(D.Laplace(0.0, 1.0), D.Uniform(0.0, 1.0))
    with pytest.raises(NotImplementedError, match="different exponential families"):
        D.kl_divergence(D.Normal(0.0, 1.0), D.Bernoulli(0.5))
    with pytest.raises(TypeError, match="type_p"):
        D.register_kl(int, D.Normal)
