"""Parameters of distributions: given as tensors or numbers, as probabilities or as their logits.

May import: `pyconv.autograd`, `pyconv.dtypes`, `pyconv.functions`, `pyconv.limits`, `pyconv.tensor`.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from pyconv.autograd import enable_grad
from pyconv.dtypes import get_default_dtype
from pyconv.functions.broadcasting import broadcast_tensors
from pyconv.limits import finfo
from pyconv.nn import functional as F
from pyconv.tensor import Tensor
from pyconv.tensor.creation import tensor

Number = (int, float, bool)


class lazy_property(cached_property[Any]):
    """A property that is computed when it is first asked for, with gradients whatever holds then."""

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return self
        with enable_grad():
            return super().__get__(instance, owner)


def broadcast_all(*values: Any) -> Any:
    """Tensors and numbers as tensors of one shape; numbers get the dtype of the first tensor, else the default one.

    Raises:
        ValueError: a value is neither.
    """
    if not all(isinstance(value, (Tensor, *Number)) for value in values):
        raise ValueError(
            "Input arguments must all be instances of Number, torch.Tensor or objects implementing __torch_function__."
        )
    kind = next((value.dtype for value in values if isinstance(value, Tensor)), get_default_dtype())
    return broadcast_tensors(*(v if isinstance(v, Tensor) else tensor(v, dtype=kind) for v in values))


def sum_rightmost(value: Any, dim: int) -> Any:
    """The sum over the last `dim` dimensions."""
    return value if dim == 0 else value.reshape((*value.shape[: value.dim() - dim], -1)).sum(-1)


def clamp_probs(probs: Any) -> Any:
    """Probabilities that are neither 0 nor 1."""
    eps = finfo(probs.dtype).eps
    return probs.clamp(min=eps, max=1 - eps)


def probs_to_logits(probs: Any, is_binary: bool = False) -> Any:
    """Logits of probabilities: their logarithms, or log(p/(1 - p)) of binary ones."""
    clamped = clamp_probs(probs)
    return clamped.log() - (-clamped).log1p() if is_binary else clamped.log()


def logits_to_probs(logits: Any, is_binary: bool = False) -> Any:
    """Probabilities of logits."""
    return logits.sigmoid() if is_binary else F.softmax(logits, dim=-1)


def one_of(probs: Any, logits: Any) -> None:
    """Check that a distribution is given its probabilities or their logits.

    Raises:
        ValueError: it is given both or neither.
    """
    if (probs is None) == (logits is None):
        raise ValueError("Either `probs` or `logits` must be specified, but not both.")
