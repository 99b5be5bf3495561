"""The pruning methods: at random, by size, of elements and of channels, and by a mask that is given.

May import: NumPy, and all of pyconv but `optim` and `megengine`.
"""

from __future__ import annotations

from typing import Any, ClassVar

from pyconv.functions.norms import norm
from pyconv.functions.order_statistics import kthvalue
from pyconv.functions.sorting import topk
from pyconv.nn.utils.prune.amount import check_amount, check_channels, count_of
from pyconv.nn.utils.prune.method import BasePruningMethod
from pyconv.size import contiguous_format
from pyconv.tensor.creation import zeros_like
from pyconv.tensor.random_creation import rand, rand_like

__all__ = [
    "CustomFromMask",
    "Identity",
    "L1Unstructured",
    "LnStructured",
    "RandomStructured",
    "RandomUnstructured",
]


def _without(mask: Any, scores: Any, count: int, largest: bool) -> Any:
    """A copy of a mask without the places of the `count` largest scores, or the smallest."""
    found = mask.clone(memory_format=contiguous_format)
    found.view(-1)[topk(scores.view(-1), k=count, largest=largest).indices] = 0
    return found


def _with_channels(t: Any, dim: int, kept: Any, mask: Any) -> Any:
    """A mask of the channels that are kept, on top of another."""
    found = zeros_like(t)
    place: list[Any] = [slice(None)] * t.dim()
    place[dim] = kept
    found[tuple(place)] = 1
    found *= mask.to(dtype=found.dtype)
    return found


class Identity(BasePruningMethod):
    """Prunes nothing: the parameter gets a mask of ones.

    Example:
        >>> import pyconv
        >>> layer = pyconv.nn.Linear(2, 1)
        >>> _ = Identity.apply(layer, "bias")
        >>> layer.bias_mask
        tensor([1.])
    """

    PRUNING_TYPE: ClassVar[str] = "unstructured"

    def compute_mask(self, t: Any, default_mask: Any) -> Any:  # noqa: ARG002
        """The mask so far."""
        return default_mask

    @classmethod
    def apply(cls, module: Any, name: str) -> Any:  # type: ignore[override]
        """Prune the parameter `name` of a module."""
        return super().apply(module, name)


class RandomUnstructured(BasePruningMethod):
    """Prunes elements at random.

    Args:
        amount: how many, an int, or which part of them, a float.

    Raises:
        TypeError: the amount is no number.
        ValueError: it is out of range.

    Example:
        >>> import pyconv
        >>> RandomUnstructured(3).prune(pyconv.ones(4)).sum()
        tensor(1.)
    """

    PRUNING_TYPE: ClassVar[str] = "unstructured"

    def __init__(self, amount: float) -> None:
        check_amount(amount)
        self.amount = amount

    def compute_mask(self, t: Any, default_mask: Any) -> Any:
        """The mask so far without elements drawn at random.

        Raises:
            ValueError: there are not so many.
        """
        count = count_of(self.amount, t.nelement())
        if not count:
            return default_mask.clone(memory_format=contiguous_format)
        return _without(default_mask, rand_like(t), count, True)

    @classmethod
    def apply(cls, module: Any, name: str, amount: float) -> Any:  # type: ignore[override]
        """Prune the parameter `name` of a module."""
        return super().apply(module, name, amount=amount)


class L1Unstructured(BasePruningMethod):
    """Prunes the elements of the smallest absolute values.

    Args:
        amount: how many, an int, or which part of them, a float.

    Raises:
        TypeError: the amount is no number.
        ValueError: it is out of range.

    Example:
        >>> import pyconv
        >>> L1Unstructured(0.5).prune(pyconv.tensor([1.0, -3.0, 2.0, 0.5]))
        tensor([ 0., -3.,  2.,  0.])
    """

    PRUNING_TYPE: ClassVar[str] = "unstructured"

    def __init__(self, amount: float) -> None:
        check_amount(amount)
        self.amount = amount

    def compute_mask(self, t: Any, default_mask: Any) -> Any:
        """The mask so far without the smallest elements.

        Raises:
            ValueError: there are not so many.
        """
        count = count_of(self.amount, t.nelement())
        if not count:
            return default_mask.clone(memory_format=contiguous_format)
        return _without(default_mask, t.abs(), count, False)

    @classmethod
    def apply(cls, module: Any, name: str, amount: float, importance_scores: Any = None) -> Any:  # type: ignore[override]
        """Prune the parameter `name` of a module."""
        return super().apply(module, name, amount=amount, importance_scores=importance_scores)


class RandomStructured(BasePruningMethod):
    """Prunes whole channels at random.

    Args:
        amount: how many, an int, or which part of them, a float.
        dim: along which dimension they lie.

    Raises:
        TypeError: the amount is no number.
        ValueError: it is out of range.

    Example:
        >>> import pyconv
        >>> RandomStructured(1, dim=0).prune(pyconv.ones(3, 2)).sum()
        tensor(4.)
    """

    PRUNING_TYPE: ClassVar[str] = "structured"

    def __init__(self, amount: float, dim: int = -1) -> None:
        check_amount(amount)
        self.amount = amount
        self.dim = dim

    def compute_mask(self, t: Any, default_mask: Any) -> Any:
        """The mask so far without channels drawn at random.

        Raises:
            ValueError: there are not so many, or the tensor has no channels.
            IndexError: it has no such dimension.
        """
        check_channels(t, self.dim)
        channels = t.shape[self.dim]
        count = count_of(self.amount, channels)
        if not count:
            return default_mask
        drawn = rand(channels)
        return _with_channels(t, self.dim, drawn > kthvalue(drawn, k=count).values, default_mask)

    @classmethod
    def apply(cls, module: Any, name: str, amount: float, dim: int = -1) -> Any:  # type: ignore[override]
        """Prune the parameter `name` of a module."""
        return super().apply(module, name, amount=amount, dim=dim)


class LnStructured(BasePruningMethod):
    """Prunes the channels of the smallest norms.

    Args:
        amount: how many, an int, or which part of them, a float.
        n: which norm.
        dim: along which dimension they lie.

    Raises:
        TypeError: the amount is no number.
        ValueError: it is out of range.

    Example:
        >>> import pyconv
        >>> LnStructured(1, 2, dim=0).prune(pyconv.tensor([[1.0, 1.0], [2.0, 0.0]]))
        tensor([[0., 0.],
                [2., 0.]])
    """

    PRUNING_TYPE: ClassVar[str] = "structured"

    def __init__(self, amount: float, n: Any, dim: int = -1) -> None:
        check_amount(amount)
        self.amount = amount
        self.n = n
        self.dim = dim

    def compute_mask(self, t: Any, default_mask: Any) -> Any:
        """The mask so far without the channels of the smallest norms.

        Raises:
            ValueError: there are not so many, or the tensor has no channels.
            IndexError: it has no such dimension.
        """
        check_channels(t, self.dim)
        channels = t.shape[self.dim]
        count = count_of(self.amount, channels)
        others = [d for d in range(t.dim()) if d != self.dim % t.dim()]
        kept = topk(norm(t, p=self.n, dim=others), k=channels - count, largest=True)
        return _with_channels(t, self.dim, kept.indices, default_mask) if count else default_mask

    @classmethod
    def apply(  # type: ignore[override]
        cls, module: Any, name: str, amount: float, n: Any, dim: int, importance_scores: Any = None
    ) -> Any:
        """Prune the parameter `name` of a module."""
        return super().apply(module, name, amount=amount, n=n, dim=dim, importance_scores=importance_scores)


class CustomFromMask(BasePruningMethod):
    """Prunes by a mask.

    Args:
        mask: of the parameter's shape.

    Example:
        >>> import pyconv
        >>> CustomFromMask(pyconv.tensor([1, 0])).prune(pyconv.ones(2))
        tensor([1., 0.])
    """

    PRUNING_TYPE: ClassVar[str] = "global"

    def __init__(self, mask: Any) -> None:
        self.mask = mask

    def compute_mask(self, t: Any, default_mask: Any) -> Any:  # noqa: ARG002
        """The mask so far times the given one.

        Raises:
            AssertionError: it has another shape.
        """
        if default_mask.shape != self.mask.shape:
            raise AssertionError(
                f"default_mask shape {default_mask.shape} must match self.mask shape {self.mask.shape}"
            )
        return default_mask * self.mask.to(dtype=default_mask.dtype)

    @classmethod
    def apply(cls, module: Any, name: str, mask: Any) -> Any:  # type: ignore[override]
        """Prune the parameter `name` of a module."""
        return super().apply(module, name, mask=mask)
