"""Random numbers as methods: x.uniform_() and its kin.

May import: NumPy, and all of pyconv below `tensor.tensor`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.traced import Traced
from pyconv.functions import random
from pyconv.functions.random import source_of
from pyconv.ops.shape import check_expand
from pyconv.random import Generator, distributions
from pyconv.signatures import function, method
from pyconv.tensor.inplace import fill

Array = np.ndarray[Any, Any]


def _fill(input: Any, node: str, write: Callable[[Array], Any]) -> Any:
    """Overwrite a tensor at random; the graph calls it by torch's name for that."""
    before = input._node
    fill(input, write)
    if input._node is not before and input._base is None:
        input._node.rename(node)
    return input


@function("(Tensor input, float from = 0, float to = 1, *, torch.Generator generator = None)")
def uniform_(input: Any, from_: Any = 0.0, to: Any = 1.0, *, generator: Generator | None = None, **named: Any) -> Any:
    """In place: uniform numbers from [from, to)."""
    low = named.pop("from", from_)
    _no_more("uniform_", named)
    return _fill(input, "UniformBackward0", lambda array: source_of(generator).fill_uniform(array, low, to))


@function("(Tensor input, float mean = 0, float std = 1, *, torch.Generator generator = None)")
def normal_(input: Any, mean: Any = 0.0, std: Any = 1.0, *, generator: Generator | None = None) -> Any:
    """In place: normal numbers."""
    return _fill(input, "NormalBackward0", lambda array: source_of(generator).fill_normal(array, mean, std))


@function("(Tensor input, float lambd = 1, *, torch.Generator generator = None)")
def exponential_(input: Any, lambd: Any = 1.0, *, generator: Generator | None = None) -> Any:
    """In place: numbers of the density `lambd * exp(-lambd * x)`."""
    source = source_of(generator)
    return _fill(input, "ExponentialBackward0", lambda array: distributions.fill_exponential(source, array, lambd))


@function("(Tensor input, float p, *, torch.Generator generator = None)")
def geometric_(input: Any, p: Any, *, generator: Generator | None = None) -> Any:
    """In place: the number of trials up to the first success, each of probability `p`."""
    source = source_of(generator)
    return _fill(input, "GeometricBackward0", lambda array: distributions.fill_geometric(source, array, p))


@function("(Tensor input, float mean = 1, float std = 2, *, torch.Generator generator = None)")
def log_normal_(input: Any, mean: Any = 1.0, std: Any = 2.0, *, generator: Generator | None = None) -> Any:
    """In place: numbers whose logarithms are normal."""
    source = source_of(generator)
    return _fill(input, "LogNormalBackward0", lambda array: distributions.fill_log_normal(source, array, mean, std))


@function("(Tensor input, float median = 0, float sigma = 1, *, torch.Generator generator = None)")
def cauchy_(input: Any, median: Any = 0.0, sigma: Any = 1.0, *, generator: Generator | None = None) -> Any:
    """In place: numbers of the Cauchy distribution."""
    source = source_of(generator)
    return _fill(input, "CauchyBackward0", lambda array: distributions.fill_cauchy(source, array, median, sigma))


@function(
    "(Tensor input, *, torch.Generator generator = None)",
    "(Tensor input, int from, int? to, *, torch.Generator generator = None)",
    "(Tensor input, int to, *, torch.Generator generator = None)",
)
def random_(input: Any, *bounds: Any, generator: Generator | None = None, **named: Any) -> Any:
    """In place: integers up to what the dtype holds exactly, below `to`, or from `from` to `to - 1`.

    A `to` of None stands for no upper bound.
    """
    source = source_of(generator)
    given = [*bounds, *(named.pop(name) for name in ("from", "to") if name in named)]
    _no_more("random_", named)
    if not given:
        return _fill(input, "RandomBackward2", lambda array: distributions.fill_full_range(source, array))
    if len(given) == 1:
        return _fill(input, "RandomBackward1", lambda array: source.fill_integers(array, 0, int(given[0])))
    low, high = given
    if high is None:
        return _fill(input, "RandomBackward0", lambda array: distributions.fill_upwards(source, array, int(low)))
    return _fill(input, "RandomBackward0", lambda array: source.fill_integers(array, int(low), int(high)))


@function(
    "(Tensor input, Tensor p, *, torch.Generator generator = None)",
    "(Tensor input, float p = 0.5, *, torch.Generator generator = None)",
)
def bernoulli_(input: Any, p: Any = 0.5, *, generator: Generator | None = None) -> Any:
    """In place: ones with probability `p`, a number or a tensor that broadcasts."""
    source = source_of(generator)
    if not isinstance(p, Traced):
        return _fill(input, "BernoulliBackward2", lambda array: source.fill_bernoulli(array, float(p)))
    check_expand(p._array.shape, input._array.shape, dtypes.of(p._array))
    return _fill(input, "BernoulliBackward1", lambda array: source.fill_bernoulli(array, p._array))


def _no_more(name: str, kwargs: dict[str, Any]) -> None:
    if kwargs:
        raise TypeError(f"{name}() got an unexpected keyword argument '{next(iter(kwargs))}'")


class RandomMethods:
    """The methods that draw random numbers."""

    __slots__ = ()

    uniform_ = method(uniform_)
    normal_ = method(normal_)
    exponential_ = method(exponential_)
    geometric_ = method(geometric_)
    log_normal_ = method(log_normal_)
    cauchy_ = method(cauchy_)
    random_ = method(random_)
    bernoulli_ = method(bernoulli_)
    bernoulli = method(random.bernoulli_method, "bernoulli")
    multinomial = method(random.multinomial_method, "multinomial")
