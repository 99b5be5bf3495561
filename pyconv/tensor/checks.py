"""What torch refuses of a tensor's value, and says.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.traced import Traced
from pyconv.meta import NO_DATA, Meta
from pyconv.signatures import type_name
from pyconv.warned import warn_once


def is_operand(value: Any) -> bool:
    """Whether a value can stand beside a tensor in arithmetic: a tensor, or a number.

    An array cannot: NumPy's operator does the work, where the array stands on the right.
    """
    return isinstance(value, (Traced, bool, int, float, complex, np.generic))


def is_item(value: Any) -> bool:
    """Whether a value can be assigned to elements of a tensor: a tensor, or a number that Python knows as one."""
    return isinstance(value, (Traced, bool, int, float, complex, np.integer))


def has_data(value: Traced) -> None:
    """Raise TypeError where there are no elements, and so no ndarray."""
    if isinstance(value._array, Meta):
        raise TypeError(
            "can't convert meta device type tensor to numpy. Use Tensor.cpu() to copy the tensor to host memory first."
        )


def has_source(other: Any, target: Traced) -> None:
    """Raise NotImplementedError where a tensor with elements would be given those of one that has none."""
    if isinstance(other, Traced) and isinstance(other._array, Meta) and not isinstance(target._array, Meta):
        raise NotImplementedError(NO_DATA)


def one_element(value: Traced) -> None:
    """Raise RuntimeError unless there is one element."""
    if isinstance(value._array, Meta):
        raise RuntimeError("Tensor.item() cannot be called on meta tensors")
    if value._array.size != 1:
        raise RuntimeError(f"a Tensor with {value._array.size} elements cannot be converted to Scalar")


def unambiguous(value: Traced) -> None:
    """Raise RuntimeError unless there is one element to take the truth of."""
    if value._array.size == 0:
        raise RuntimeError("Boolean value of Tensor with no values is ambiguous")
    if value._array.size > 1:
        raise RuntimeError("Boolean value of Tensor with more than one value is ambiguous")


def integer(value: Traced) -> None:
    """Raise TypeError unless there is one integer."""
    if value._array.size != 1 or value._array.dtype.kind not in "iub":
        raise TypeError("only integer tensors of a single element can be converted to an index")


def check_grad(value: Any, owner: Traced) -> None:
    """Raise what torch raises unless `value` can be the gradient of `owner`."""
    if not isinstance(value, Traced):
        raise TypeError(f"assigned grad expected to be a Tensor or None but got grad of type {type_name(value)}")
    if value is owner:
        raise RuntimeError("can't assign Variable as its own grad")
    here, there = ("meta" if isinstance(each._array, Meta) else "cpu" for each in (value, owner))
    if here != there:
        raise RuntimeError(
            f"attempting to assign a gradient with device type '{here}' to a tensor with device type '{there}'. Please "
            "ensure that the gradient and the tensor are on the same device"
        )
    if value._array.shape != owner._array.shape:
        raise RuntimeError(
            f"attempting to assign a gradient of size '{list(value._array.shape)}' to a tensor of size "
            f"'{list(owner._array.shape)}'. Please ensure that the gradient and the tensor are the same size"
        )
    if value._array.dtype != owner._array.dtype:
        raise RuntimeError(
            f"attempting to assign a gradient with dtype '{dtypes.of(value._array).cpp_name}' to a tensor with "
            f"grad_dtype '{dtypes.of(owner._array).scalar_name}'. The gradient must match the tensor's grad_dtype "
            "(defaults to the tensor's dtype). You can set the tensor's grad_dtype attribute with a specific dtype, "
            "or None to allow any dtype. Set grad_dtype with caution. Diverging the dtypes of a tensor and its "
            "gradient may break downstream systems that assume they match."
        )


def warn_non_leaf_grad() -> None:
    """Say that the `grad` of a tensor that is not a leaf stays empty."""
    warnings.warn(
        "The .grad attribute of a Tensor that is not a leaf Tensor is being accessed. Its .grad attribute won't be "
        "populated during autograd.backward(). If you indeed want the .grad field to be populated for a non-leaf "
        "Tensor, use .retain_grad() on the non-leaf Tensor. If you access the non-leaf Tensor by mistake, make sure "
        "you access the leaf Tensor instead. See github.com/pytorch/pytorch/pull/30531 for more information.",
        UserWarning,
        stacklevel=3,
    )


DETACHED_VIEW = (
    "Can't detach views in-place. Use detach() instead. If you are using DistributedDataParallel (DDP) for training, "
    "and gradient_as_bucket_view is set as True, gradients are views of DDP buckets, and hence detach_() cannot be "
    "called on these gradients. To fix this error, please refer to the Optimizer.zero_grad() function in "
    "torch/optim/optimizer.py as the solution."
)


def check_data(value: Traced, owner: Traced) -> None:
    """Raise what torch raises unless `value` is a tensor whose dtype can carry the gradient that `owner` requires."""
    if not isinstance(value, Traced):
        raise TypeError(f"Variable data has to be a tensor, but got {type_name(value)}")
    if isinstance(value._array, Meta) != isinstance(owner._array, Meta):
        raise RuntimeError(
            "Attempted to call `variable.set_data(tensor)`, but `variable` and `tensor` have incompatible tensor type."
        )
    if owner._requires_grad and dtypes.category(dtypes.of(value._array)) < 2:
        raise RuntimeError("data set to a tensor that requires gradients must be floating point or complex dtype")


def warn_of_lost_parts(source: dtypes.dtype, target: dtypes.dtype) -> None:
    """Say, once a process, that a cast from complex to real loses the imaginary part."""
    if source.is_complex and not target.is_complex and target is not dtypes.bool_:
        warn_once("Casting complex values to real discards the imaginary part")


def warn_of_lost_gradient(value: Traced) -> None:
    """Say, once a process, that a Python number of a tensor which requires a gradient has none."""
    if value._requires_grad:
        warn_once(
            "Converting a tensor with requires_grad=True to a scalar may lead to unexpected behavior.\nConsider using "
            "tensor.detach() first."
        )
