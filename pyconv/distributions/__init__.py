"""torch.distributions: probabilities, and values drawn as torch draws them.

May import: `pyconv.distributions`.
"""

from pyconv.distributions import constraints, kl
from pyconv.distributions.bernoulli import Bernoulli
from pyconv.distributions.categorical import Categorical, OneHotCategorical, OneHotCategoricalStraightThrough
from pyconv.distributions.distribution import Distribution, ExponentialFamily
from pyconv.distributions.independent import Independent
from pyconv.distributions.kl import kl_divergence, register_kl
from pyconv.distributions.location_scale import Exponential, Laplace, Normal
from pyconv.distributions.uniform import Uniform

__all__ = [
    "Bernoulli",
    "Categorical",
    "Distribution",
    "Exponential",
    "ExponentialFamily",
    "Independent",
    "Laplace",
    "Normal",
    "OneHotCategorical",
    "OneHotCategoricalStraightThrough",
    "Uniform",
    "constraints",
    "kl",
    "kl_divergence",
    "register_kl",
]
