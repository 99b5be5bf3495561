"""Gradients kept below a norm or a value.

May import: NumPy, and all of pyconv but `optim` and `megengine`.
"""

from __future__ import annotations

import types
import warnings
from collections.abc import Iterable
from typing import Any

from pyconv.autograd.mode import no_grad
from pyconv.functions.joining import stack
from pyconv.ops.norms import vector_norm
from pyconv.tensor import Tensor
from pyconv.tensor.creation import tensor

Tensors = Tensor | Iterable[Tensor]


def _gradients(parameters: Iterable[Any]) -> list[Any]:
    return [p.grad for p in parameters if p.grad is not None]


def get_total_norm(
    tensors: Tensors,
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
    foreach: bool | None = None,  # noqa: ARG001
) -> Tensor:
    """The norm of some tensors, as if they were one vector.

    Args:
        tensors: one, or several of any shapes.
        norm_type: the order of the norm, inf for the largest absolute value.
        error_if_nonfinite: whether a norm that is infinite or NaN is an error.
        foreach: means nothing here.

    Returns:
        A tensor without dimensions.

    Raises:
        RuntimeError: the norm is not finite.

    Example:
        >>> get_total_norm([tensor([3.0]), tensor([[4.0]])])
        tensor(5.)
    """
    given: list[Any] = [tensors] if isinstance(tensors, Tensor) else list(tensors)
    order = float(norm_type)
    if not given:
        return tensor(0.0)
    with no_grad():
        norms = [vector_norm(t, order, tuple(range(t.dim()))) for t in given]
        total: Tensor = vector_norm(stack(norms), order, (0,))
    value = float(total)
    if error_if_nonfinite and (value != value or abs(value) == float("inf")):
        raise RuntimeError(
            f"The total norm of order {order} for gradients from `parameters` is non-finite, so it cannot be clipped. "
            "To disable this error and scale the gradients by the non-finite norm anyway, set "
            "`error_if_nonfinite=False`"
        )
    return total


def clip_grads_with_norm_(
    parameters: Tensors,
    max_norm: float,
    total_norm: Tensor,
    foreach: bool | None = None,  # noqa: ARG001
) -> None:
    """Scale the gradients of parameters in place, if their norm is too large.

    Args:
        parameters: one, or several.
        max_norm: the largest norm.
        total_norm: the norm that the gradients have.
        foreach: means nothing here.

    Example:
        >>> p = tensor([0.0])
        >>> p.grad = tensor([8.0])
        >>> clip_grads_with_norm_(p, 2.0, tensor(4.0))
        >>> p.grad
        tensor([4.0000])
    """
    gradients = _gradients([parameters] if isinstance(parameters, Tensor) else parameters)
    if not gradients:
        return
    with no_grad():
        factor = (float(max_norm) / (total_norm + 1e-6)).clamp(max=1.0)
        for gradient in gradients:
            gradient.mul_(factor)


def clip_grad_norm_(
    parameters: Tensors,
    max_norm: float,
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
    foreach: bool | None = None,
) -> Tensor:
    """Scale the gradients of parameters in place, so that their norm as one vector is at most `max_norm`.

    R. Pascanu, T. Mikolov, Y. Bengio, "On the Difficulty of Training Recurrent Neural Networks", ICML 2013.

    Args:
        parameters: one, or several; those without a gradient do not count.
        max_norm: the largest norm.
        norm_type: its order, inf for the largest absolute value.
        error_if_nonfinite: whether a norm that is infinite or NaN is an error.
        foreach: means nothing here.

    Returns:
        The norm that the gradients had.

    Raises:
        RuntimeError: the norm is not finite.

    Example:
        >>> p = tensor([0.0, 0.0])
        >>> p.grad = tensor([3.0, 4.0])
        >>> clip_grad_norm_(p, 1.0)
        tensor(5.)
        >>> p.grad
        tensor([0.6000, 0.8000])
    """
    if isinstance(parameters, Tensor):
        parameters = [parameters]
    else:
        is_generator = isinstance(parameters, types.GeneratorType)
        parameters = list(parameters)
        if is_generator and not parameters:
            warnings.warn("`parameters` is an empty generator, no gradient clipping will occur.", stacklevel=2)
    total = get_total_norm(_gradients(parameters), norm_type, error_if_nonfinite, foreach)
    clip_grads_with_norm_(parameters, max_norm, total, foreach)
    return total


def clip_grad_norm(
    parameters: Tensors,
    max_norm: float,
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
    foreach: bool | None = None,
) -> Tensor:
    """`clip_grad_norm_` by its old name, with a FutureWarning.

    Example:
        >>> p = tensor([0.0])
        >>> with warnings.catch_warnings(record=True) as seen:
        ...     warnings.simplefilter("always")
        ...     _ = clip_grad_norm(p, 1.0)
        >>> seen[0].category
        <class 'FutureWarning'>
    """
    warnings.warn(
        "`torch.nn.utils.clip_grad_norm` is now deprecated in favor of `torch.nn.utils.clip_grad_norm_`.",
        FutureWarning,
        stacklevel=2,
    )
    return clip_grad_norm_(parameters, max_norm, norm_type, error_if_nonfinite, foreach)


def clip_grad_value_(parameters: Tensors, clip_value: float, foreach: bool | None = None) -> None:  # noqa: ARG001
    """Bring the elements of the gradients of parameters into [-clip_value, clip_value], in place.

    Args:
        parameters: one, or several; those without a gradient do not count.
        clip_value: the largest absolute value.
        foreach: means nothing here.

    Example:
        >>> p = tensor([0.0, 0.0])
        >>> p.grad = tensor([3.0, -0.5])
        >>> clip_grad_value_(p, 1.0)
        >>> p.grad
        tensor([ 1.0000, -0.5000])
    """
    bound = float(clip_value)
    with no_grad():
        for gradient in _gradients([parameters] if isinstance(parameters, Tensor) else parameters):
            gradient.clamp_(min=-bound, max=bound)
