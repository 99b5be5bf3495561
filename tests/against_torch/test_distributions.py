"""torch.distributions beside torch's own: values drawn, densities, texts, gradients."""

import pytest
import torch

import pyconv
from tests.against_torch.outcome import assert_same, outcome

CALLS = [
    "D.Bernoulli(.3)",
    "D.Bernoulli(T([.3,.6])).sample((3,))",
    "D.Bernoulli(logits=T([.3,-2.])).sample()",
    "D.Bernoulli(T([.3,.6])).log_prob(T([1.,0.]))",
    "D.Bernoulli(T([.3,.6])).entropy()",
    "D.Bernoulli(T([.3,.6])).mean",
    "D.Bernoulli(T([.3,.6])).variance",
    "D.Bernoulli(T([.3,.6])).mode",
    "D.Bernoulli(T([.3,.6])).logits",
    "D.Bernoulli(logits=T([.3,.6])).probs",
    "D.Bernoulli(1.3)",
    "D.Bernoulli()",
    "D.Bernoulli(T([.3]),T([.3]))",
    "D.Bernoulli(T([.3])).log_prob(T([.5]))",
    "D.Bernoulli(T([.3,.2])).enumerate_support()",
    "D.Bernoulli(T([.3])).expand((2,1))",
    "D.Bernoulli(T([.3])).batch_shape",
    "D.Bernoulli(.3).sample().shape",
    "D.Bernoulli(T([.3])).log_prob(1.)",
    "D.Bernoulli(T([.3])).rsample()",
    "D.Categorical(T([.2,.3,.5]))",
    "D.Categorical(T([[.2,.3,.5],[1.,1,1]])).sample()",
    "D.Categorical(T([[.2,.3,.5],[1.,1,1]])).sample((4,))",
    "D.Categorical(logits=T([[.2,.3,.5],[1.,1,1]])).log_prob(T([2,1]))",
    "D.Categorical(T([.2,.3,.6])).entropy()",
    "D.Categorical(T([.2,.3,.6])).probs",
    "D.Categorical(logits=T([.2,.3,.6])).probs",
    "D.Categorical(T([.2,.3,.6])).logits",
    "D.Categorical(T([.2,.3,.6])).mean",
    "D.Categorical(T([.2,.3,.6])).mode",
    "D.Categorical(T([.2,-.3,.6]))",
    "D.Categorical(T(.2))",
    "D.Categorical(T([.2,.3,.6])).log_prob(T(3))",
    "D.Categorical(T([.2,.3,.6])).log_prob(T(1.5))",
    "D.Categorical(T([.2,.3,.6])).enumerate_support()",
    "D.Categorical(torch.ones(2,3)).enumerate_support(False)",
    "D.Categorical(torch.ones(2,3)).expand((4,2)).sample().shape",
    "D.Categorical(T([.2,.3,.6])).param_shape",
    "D.Categorical(T([.2,.3,.6])).support",
    "D.Categorical()",
    "D.Categorical(T([.2,.3,.6])).variance",
    "D.OneHotCategorical(T([.2,.3,.5])).sample((4,))",
    "D.OneHotCategorical(T([.2,.3,.5])).log_prob(T([0.,1,0]))",
    "D.OneHotCategorical(T([.2,.3,.5])).mean",
    "D.OneHotCategorical(T([.2,.3,.5])).variance",
    "D.OneHotCategorical(T([.2,.3,.5])).entropy()",
    "D.OneHotCategorical(T([.2,.3,.5])).mode",
    "D.OneHotCategorical(T([.2,.3,.5])).log_prob(T([0.,1,1]))",
    "D.OneHotCategorical(T([.2,.3,.5]))",
    "D.OneHotCategoricalStraightThrough(T([.2,.3,.5],requires_grad=True)).rsample()",
    "D.OneHotCategorical(T([.2,.3,.5])).enumerate_support()",
    "D.OneHotCategorical(T([[.2,.3,.5]])).event_shape",
    "D.Normal(0.,1.)",
    "D.Normal(0.,1.).sample()",
    "D.Normal(T([0.,1.]),T([1.,2.])).sample((2,))",
    "D.Normal(T([0.,1.]),T([1.,2.])).rsample((2,))",
    "D.Normal(T([0.,1.]),T(2.)).log_prob(T([1.,1.5]))",
    "D.Normal(0,1).sample((2,))",
    "D.Normal(T([0.,1.]),T(2.)).entropy()",
    "D.Normal(T([0.,1.]),T(2.)).cdf(T([1.,1.5]))",
    "D.Normal(T([0.,1.]),T(2.)).icdf(T([.1,.5]))",
    "D.Normal(T([0.,1.]),-1.)",
    "D.Normal(T([0.,1.]),T(2.)).stddev",
    "D.Normal(T([0.,1.]),T(2.)).variance",
    "D.Normal(T([0.,1.]),T(2.)).perplexity()",
    "D.Normal(T([0.,1.]),T([1.,2,3]))",
    "D.Normal(T([0.,1.]),T(2.)).log_prob(T([1.,1.5,3.]))",
    "D.Normal(T([0.,float('nan')]),T(2.))",
    "D.Normal(0.,1.).log_prob(T(float('nan')))",
    "D.Normal(torch.zeros(2,3),1.).expand((4,2,3))",
    "D.Normal(T([0.,1.],requires_grad=True),2.).rsample()",
    "D.Normal(T([0.,1.],dtype=torch.float64),2.)",
    "D.Uniform(0.,2.).sample((3,))",
    "D.Uniform(T([0.,1.]),T([1.,4.])).log_prob(T([.5,5.]))",
    "D.Uniform(T([0.,1.]),T([1.,4.]),validate_args=False).log_prob(T([.5,5.]))",
    "D.Uniform(1.,0.)",
    "D.Uniform(0.,2.).entropy()",
    "D.Uniform(0.,2.).mean",
    "D.Uniform(0.,2.).variance",
    "D.Uniform(0.,2.)",
    "D.Uniform(0.,2.).cdf(T(.5))",
    "D.Uniform(0.,2.).icdf(T(.5))",
    "D.Uniform(0.,2.).support",
    "D.Uniform(0.,2.).mode",
    "D.Uniform(T([0.]),T([2.])).stddev",
    "D.Independent(D.Normal(torch.zeros(2,3),1.),1)",
    "D.Independent(D.Normal(torch.zeros(2,3),1.),1).log_prob(torch.ones(2,3))",
    "D.Independent(D.Normal(torch.zeros(2,3),1.),1).event_shape",
    "D.Independent(D.Normal(torch.zeros(2,3),1.),3)",
    "D.Independent(D.Normal(torch.zeros(2,3),1.),2).entropy()",
    "D.Independent(D.Normal(torch.zeros(2,3),1.),1).sample().shape",
    "D.Independent(D.Normal(torch.zeros(2,3),1.),1).support",
    "D.kl_divergence(D.Normal(T([0.,1.]),T(2.)),D.Normal(T([1.,1.]),T(1.)))",
    "D.kl_divergence(D.Bernoulli(T([.2,1.])),D.Bernoulli(T([.5,.5])))",
    "D.kl_divergence(D.Bernoulli(T([.2,.5])),D.Bernoulli(T([0.,1.])))",
    "D.kl_divergence(D.Categorical(T([.2,.8])),D.Categorical(T([.5,.5])))",
    "D.kl_divergence(D.Categorical(T([.2,.8])),D.Categorical(T([1.,0.])))",
    "D.kl_divergence(D.OneHotCategorical(T([.2,.8])),D.OneHotCategorical(T([.5,.5])))",
    "D.kl_divergence(D.Uniform(0.,1.),D.Uniform(0.,2.))",
    "D.kl_divergence(D.Uniform(0.,3.),D.Uniform(0.,2.))",
    "D.kl_divergence(D.Normal(0.,1.),D.Bernoulli(.2))",
    "D.kl.kl_divergence(D.Independent(D.Normal(torch.zeros(2,3),1.),1),D.Independent(D.Normal(torch.ones(2,3),2.),1))",
    "D.kl_divergence(D.Uniform(0.,1.),D.Normal(0.,1.))",
    "D.constraints.positive",
    "D.constraints.real",
    "D.constraints.unit_interval",
    "D.constraints.simplex",
    "D.constraints.interval(0.,1.)",
    "D.constraints.boolean",
    "D.constraints.integer_interval(0,2)",
    "D.constraints.real_vector",
    "D.constraints.simplex.check(T([.5,.5]))",
    "D.constraints.positive.check(T([1.,0.]))",
    "D.constraints.is_dependent(D.Uniform.support)",
    "D.Normal.arg_constraints",
    "D.Categorical.arg_constraints",
    "D.Bernoulli.arg_constraints",
    "D.Normal.has_rsample",
    "D.Bernoulli.has_enumerate_support",
    "D.Normal(0.,1.).support",
    "D.Normal(T([0.]),T([1.])).sample_n(2)",
    "D.Laplace(T([0.,1.]),2.).sample((2,))",
    "D.Laplace(T([0.,1.]),2.).log_prob(T([1.,0.]))",
    "D.Exponential(T([1.,2.])).sample()",
    "D.Exponential(T([1.,2.])).log_prob(T([1.,0.]))",
    "D.Laplace(0.,1.)",
    "D.Exponential(1.)",
    "D.Laplace(T([0.,1.]),2.).entropy()",
    "D.Exponential(T([1.,2.])).mean",
    "D.Laplace(T([0.,1.]),2.).cdf(T([1.,-1.]))",
    "D.Exponential(T([1.,2.])).entropy()",
    "D.Exponential(T([1.,2.])).cdf(T([1.,2.]))",
    "D.Laplace(T([0.,1.]),2.).icdf(T([.1,.7]))",
    "D.Laplace(T([0.,1.]),2.).variance",
]

GRADIENTS = [
    "D.Categorical(logits=x).log_prob(T(1))",
    "D.Normal(x[0], x[2].exp()).log_prob(T(0.3))",
    "D.Bernoulli(logits=x).log_prob(T([1.0, 0, 1.0])).sum()",
    "D.kl_divergence(D.Normal(x, 1.0), D.Normal(0.0, 2.0)).sum()",
    "D.Categorical(logits=x).entropy()",
    "D.OneHotCategoricalStraightThrough(logits=x).rsample()[0] * 2",
    "D.Normal(x, 2.0).rsample().pow(2).sum()",
    "D.Laplace(x, 2.0).rsample().pow(2).sum()",
    "D.Exponential(x.exp()).rsample().pow(2).sum()",
    "D.Uniform(x, x + 1).rsample().pow(2).sum()",
]


def called(call, library):
    library.manual_seed(3)
    found = eval(call, {"torch": library, "D": library.distributions, "T": library.tensor})
    return found if isinstance(found, library.Tensor) else str(found)


def same(program):
    """Compare a program's results and warnings; names of modules count as the same."""
    ours, theirs = (outcome(program, library) for library in (pyconv, torch))
    result = ours[0].replace("pyconv.", "torch.") if isinstance(ours[0], str) else ours[0]
    assert_same([result], [theirs[0]])
    assert ours[1] == theirs[1]


@pytest.mark.parametrize("call", CALLS)
def test_calls(call):
    same(lambda library: called(call, library))


@pytest.mark.parametrize("call", GRADIENTS)
def test_gradients(call):
    def program(library):
        library.manual_seed(1)
        x = library.tensor([0.3, -0.2, 1.0], requires_grad=True)
        found = eval(call, {"D": library.distributions, "T": library.tensor, "x": x})
        found.backward()
        return [found, x.grad]

    same(program)
