"""The Tensor's methods of long ago: other names, and a Python function for each element.

May import: NumPy, and all of pyconv below `tensor.tensor`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.functions.dims import sizes
from pyconv.signatures import function, method
from pyconv.tensor.data import numbers


@function("(Tensor input, tuple of ints size)")
def _sum_to_size(input: Any, *size: Any) -> Any:
    wanted = sizes(size)
    have = tuple(input.shape)
    lead = len(have) - len(wanted)
    if not size:
        raise TypeError
    if lead < 0 or any(n not in (1, m) for n, m in zip(wanted, have[lead:], strict=True)):
        raise RuntimeError(f"size {{{list(wanted)}}} is not expandable to size {{{list(have)}}}.")
    if wanted and have == wanted:
        return input
    return input.sum([i for i, n in enumerate(have) if i < lead or wanted[i - lead] != n], keepdim=True).view(wanted)


class LegacyMethods:
    """What old programs still call.

    Example:
        >>> import pyconv
        >>> pyconv.ones(2, 3).sum_to_size(1, 3)
        tensor([[2., 2., 2.]])
    """

    __slots__ = ()

    sum_to_size = method(_sum_to_size, "sum_to_size")
    name = None

    def ndimension(self) -> int:
        """The number of dimensions."""
        return int(self._array.ndim)  # type: ignore[attr-defined]

    def is_same_size(self, other: Any) -> bool:
        """Whether another tensor has the same shape."""
        return bool(self._array.shape == other._array.shape)  # type: ignore[attr-defined]

    def is_conj(self) -> bool:
        """Whether the values are conjugates that nobody has computed yet: never."""
        return False

    def is_neg(self) -> bool:
        """Whether the values are negatives that nobody has computed yet: never."""
        return False

    def apply_(self, callable: Callable[[Any], Any]) -> Any:
        """Replace each element by a Python function of it.

        Raises:
            RuntimeError: the tensor requires a gradient.
        """
        self._check_plain("apply_")
        return self.copy_(self._filled(callable, self))  # type: ignore[attr-defined]

    def map_(self, tensor: Any, callable: Callable[[Any, Any], Any]) -> Any:
        """Replace each element by a Python function of it and of another tensor's.

        Raises:
            RuntimeError: the tensor requires a gradient.
        """
        self._check_plain("map_")
        return self.copy_(self._filled(callable, self, tensor))  # type: ignore[attr-defined]

    def _check_plain(self, name: str) -> None:
        if self.requires_grad:  # type: ignore[attr-defined]
            raise RuntimeError(
                f"Can't call {name}() on Variable that requires grad. Use var.detach().{name}() instead."
            )

    def _filled(self, call: Callable[..., Any], *tensors: Any) -> Any:
        arrays = np.broadcast_arrays(*(tensor._array for tensor in tensors))
        values = [call(*items) for items in zip(*(array.reshape(-1).tolist() for array in arrays), strict=True)]
        found = numbers(values, dtypes.of(arrays[0])).reshape(arrays[0].shape)
        return self._wrap(found)  # type: ignore[attr-defined]
