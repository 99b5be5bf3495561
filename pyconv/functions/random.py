"""Random numbers whose parameters are tensors: torch.bernoulli, torch.multinomial, torch.poisson.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.random`, `pyconv.ops`, `pyconv.signatures`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv.autograd.primitive import Primitive
from pyconv.ops import random as ops
from pyconv.ops.cast import array_of
from pyconv.random import Generator, default_generator
from pyconv.random.categorical import multinomial as draw_categories
from pyconv.signatures import function, signature
from pyconv.signatures.out import check_out, write_out

__all__ = ["bernoulli", "multinomial", "poisson"]

Array = np.ndarray[Any, Any]


def source_of(generator: Generator | None) -> Generator:
    """The generator to draw from: the default one where none is given."""
    return default_generator if generator is None else generator


@signature(
    "(Tensor input, *, torch.Generator generator = None, Tensor out = None)",
    "(Tensor input, float p, *, torch.Generator generator = None)",
)
def bernoulli(input: Any, p: Any = None, *, generator: Generator | None = None, out: Any = None) -> Any:
    """Zeros and ones, one with the probability that each element of `input` gives.

    Args:
        input: probabilities, of a float dtype; with `p`, a tensor whose shape and dtype the result has.
        p: one probability for all elements.
        generator: what to draw from; the default generator if None.
        out: a tensor to fill instead of a new one, in its dtype.

    Returns:
        A tensor of the shape and dtype of `input`; its gradient is zero.

    Raises:
        RuntimeError: a probability is outside [0, 1].
        NotImplementedError: the dtype is no float.

    Example:
        >>> import pyconv
        >>> _ = pyconv.manual_seed(0)
        >>> bernoulli(pyconv.tensor([0.0, 0.5, 1.0]))
        tensor([0., 0., 1.])
    """
    if out is not None:
        check_out("bernoulli", out, (input,), {})
        return _sized(out, array_of(input).shape).bernoulli_(input, generator=generator)
    if p is None:
        return ops.bernoulli(input, source=source_of(generator))
    return ops.bernoulli_number(input, p=float(p), source=source_of(generator))


@function(
    "(Tensor input, *, torch.Generator generator = None)",
    "(Tensor input, float p, *, torch.Generator generator = None)",
)
def bernoulli_method(input: Any, p: Any = None, *, generator: Generator | None = None) -> Any:
    """`bernoulli` as a method, which takes no `out`.

    Example:
        >>> import pyconv
        >>> pyconv.ones(2).bernoulli(1.0)
        tensor([1., 1.])
    """
    return bernoulli(input, generator=generator) if p is None else bernoulli(input, p, generator=generator)


def _sized(out: Any, shape: tuple[int, ...]) -> Any:
    """A tensor to write to, with the shape of what is written."""
    if out._array.shape != shape:
        out._array = np.empty(shape, out._array.dtype)
    return out


@function("(Tensor input, torch.Generator generator = None)")
def poisson(input: Any, generator: Generator | None = None) -> Any:
    """Numbers from Poisson distributions with the rates in `input`.

    Args:
        input: rates, not negative, of a float dtype.
        generator: what to draw from; the default generator if None.

    Returns:
        A tensor of the shape and dtype of `input`; its gradient is zero.

    Raises:
        RuntimeError: a rate is negative or NaN.
        NotImplementedError: the dtype is no float.

    Example:
        >>> import pyconv
        >>> _ = pyconv.manual_seed(0)
        >>> poisson(pyconv.tensor([0.5, 4.0, 100.0]))
        tensor([ 2.,  5., 94.])
    """
    return ops.poisson(input, source=source_of(generator))


_multinomial = Primitive(
    lambda weights, *, count, replacement, source: draw_categories(source, weights, count, replacement),
    "Multinomial",
    False,
)


_MULTINOMIAL = "(Tensor input, int num_samples, bool replacement = False, *, torch.Generator generator = None"


@signature(f"{_MULTINOMIAL}, Tensor out = None)")
def multinomial(
    input: Any,
    num_samples: int,
    replacement: bool = False,
    *,
    generator: Generator | None = None,
    out: Any = None,
) -> Any:
    """Indices drawn from the categories whose weights the rows of `input` hold.

    Args:
        input: (categories,) or (rows, categories), of a float dtype: weights that need not sum to one.
        num_samples: how many indices to draw from each row.
        replacement: whether a category can be drawn again.
        generator: what to draw from; the default generator if None.
        out: an int64 tensor for the result.

    Returns:
        int64 indices of shape (num_samples,) or (rows, num_samples).

    Raises:
        RuntimeError: the weights are no distribution, or there are too few of them.

    Example:
        >>> import pyconv
        >>> multinomial(pyconv.tensor([0.0, 1.0, 0.0]), 3, replacement=True)
        tensor([1, 1, 1])
    """
    found = _multinomial(input, count=num_samples, replacement=replacement, source=source_of(generator))
    return found if out is None else write_out("multinomial", out, found)


@function(f"{_MULTINOMIAL})")
def multinomial_method(
    input: Any, num_samples: int, replacement: bool = False, *, generator: Generator | None = None
) -> Any:
    """`multinomial` as a method, which takes no `out`.

    Example:
        >>> import pyconv
        >>> pyconv.tensor([0.0, 1.0]).multinomial(1)
        tensor([1])
    """
    return multinomial(input, num_samples, replacement, generator=generator)
