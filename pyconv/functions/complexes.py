"""Complex tensors put together from real ones: torch.complex and torch.polar.

May import: NumPy, `pyconv.dtypes`, `pyconv.ops`, `pyconv.signatures`.
"""

from __future__ import annotations

from typing import Any

from pyconv import dtypes
from pyconv.ops import complexes as ops
from pyconv.ops.arithmetic import check_broadcast
from pyconv.ops.cast import array_of
from pyconv.signatures import function

__all__ = ["complex", "polar", "resolve_conj", "resolve_neg"]


def _check(a: Any, b: Any) -> None:
    kinds = [dtypes.of(array_of(x)) for x in (a, b)]
    if any(kind not in (dtypes.float16, dtypes.float32, dtypes.float64) for kind in kinds):
        raise RuntimeError(
            "Expected both inputs to be Half, Float or Double tensors but got "
            f"{kinds[0].scalar_name} and {kinds[1].scalar_name}"
        )
    if kinds[0] is not kinds[1]:
        raise RuntimeError(
            f"Expected object of scalar type {kinds[0].scalar_name} but got scalar type {kinds[1].scalar_name} for "
            "second argument"
        )
    kinds[0].to_complex().numpy  # noqa: B018 (no half complex in NumPy)
    check_broadcast(array_of(a).shape, array_of(b).shape)


@function("(Tensor real, Tensor imag, *, Tensor out = None)")
def complex(real: Any, imag: Any) -> Any:
    """The complex values of real and imaginary parts.

    Args:
        real: of any shape, float32 or float64.
        imag: of the same dtype; both shapes broadcast.

    Raises:
        RuntimeError: the dtypes are others, or differ.

    Example:
        >>> import pyconv
        >>> complex(pyconv.tensor([1.0]), pyconv.tensor([2.0]))
        tensor([1.+2.j])
    """
    _check(real, imag)
    return ops.join(real, imag)


@function("(Tensor abs, Tensor angle, *, Tensor out = None)")
def polar(abs: Any, angle: Any) -> Any:
    """The complex values of absolute values and angles.

    Args:
        abs: of any shape, float32 or float64.
        angle: of the same dtype; both shapes broadcast.

    Raises:
        RuntimeError: the dtypes are others, or differ.

    Example:
        >>> import pyconv
        >>> polar(pyconv.tensor([2.0]), pyconv.tensor([0.0]))
        tensor([2.+0.j])
    """
    _check(abs, angle)
    return ops.polar(abs, angle)


@function("(Tensor input)")
def resolve_conj(input: Any) -> Any:
    """The tensor itself: conjugates are never put off.

    Example:
        >>> import pyconv
        >>> resolve_conj(pyconv.tensor([1j]).conj())
        tensor([0.-1.j])
    """
    return input


@function("(Tensor input)")
def resolve_neg(input: Any) -> Any:
    """The tensor itself: negations are never put off.

    Example:
        >>> import pyconv
        >>> resolve_neg(pyconv.tensor([1]))
        tensor([1])
    """
    return input
