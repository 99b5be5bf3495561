"""torch.nn's tables that are looked up by number.

May import: NumPy, and all of pyconv but `optim` and `megengine`.
"""

from __future__ import annotations

from typing import Any, ClassVar

from pyconv import dtypes
from pyconv.autograd import no_grad
from pyconv.nn import functional as F
from pyconv.nn import init
from pyconv.nn.modules.module import Module
from pyconv.nn.parameter import Parameter
from pyconv.tensor.creation import empty

__all__ = ["Embedding"]


class _Table(Module):
    """What both tables have: the weight, its initial values, the row without gradient."""

    weight: Any
    num_embeddings: int
    embedding_dim: int
    padding_idx: int | None
    max_norm: float | None
    norm_type: float
    scale_grad_by_freq: bool
    sparse: bool

    def _begin(self, num_embeddings: int, embedding_dim: int, padding_idx: int | None) -> None:
        self.num_embeddings = num_embeddings
        self.embedding_dim = embedding_dim
        self.padding_idx = _row(padding_idx, num_embeddings)

    def _make_weight(self, given: Any, freeze: bool, device: Any, dtype: dtypes.dtype | None) -> None:
        if given is None:
            size = (self.num_embeddings, self.embedding_dim)
            self.weight = Parameter(empty(size, device=device, dtype=dtype), requires_grad=not freeze)
            self.reset_parameters()
            return
        if list(given.shape) != [self.num_embeddings, self.embedding_dim]:
            raise AssertionError("Shape of weight does not match num_embeddings and embedding_dim")
        self.weight = Parameter(given, requires_grad=not freeze)

    def reset_parameters(self) -> None:
        """Draw the table from N(0, 1), with zeros in the row of `padding_idx`."""
        init.normal_(self.weight)
        self._fill_padding_idx_with_zero()

    def _fill_padding_idx_with_zero(self) -> None:
        if self.padding_idx is not None:
            with no_grad():
                self.weight[self.padding_idx].fill_(0)


def _row(padding_idx: int | None, count: int) -> int | None:
    if padding_idx is None:
        return None
    if padding_idx > 0 and padding_idx >= count:
        raise AssertionError("Padding_idx must be within num_embeddings")
    if padding_idx < 0:
        if padding_idx < -count:
            raise AssertionError("Padding_idx must be within num_embeddings")
        padding_idx += count
    return padding_idx


class Embedding(_Table):
    """A table of vectors that are looked up by number: `functional.embedding`.

    Args:
        num_embeddings: the number of rows.
        embedding_dim: the size of each.
        padding_idx: the row that has no gradient, and is zero at first.
        max_norm: scale down the rows that are looked up and whose norm is above it.
        norm_type: which norm.
        scale_grad_by_freq: whether a row's gradient is divided by how often it is looked up.
        sparse: torch has sparse gradients with it; here they are dense, with the same values.

    Shape:
        - Input: any, of int64 or int32
        - Output: (*, embedding_dim)

    Attributes:
        weight: (num_embeddings, embedding_dim), drawn from N(0, 1).

    Raises:
        AssertionError: there is no row `padding_idx`.

    Example:
        >>> import pyconv
        >>> Embedding(10, 3)(pyconv.tensor([[1, 2, 4, 5]])).shape
        torch.Size([1, 4, 3])
    """

    __constants__: ClassVar[list[str]] = [
        "num_embeddings",
        "embedding_dim",
        "padding_idx",
        "max_norm",
        "norm_type",
        "scale_grad_by_freq",
        "sparse",
    ]

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        padding_idx: int | None = None,
        max_norm: float | None = None,
        norm_type: float = 2.0,
        scale_grad_by_freq: bool = False,
        sparse: bool = False,
        _weight: Any = None,
        _freeze: bool = False,
        device: Any = None,
        dtype: dtypes.dtype | None = None,
    ) -> None:
        super().__init__()
        self._begin(num_embeddings, embedding_dim, padding_idx)
        self.max_norm = max_norm
        self.norm_type = norm_type
        self.scale_grad_by_freq = scale_grad_by_freq
        self._make_weight(_weight, _freeze, device, dtype)
        self.sparse = sparse

    def forward(self, input: Any) -> Any:
        """The rows at the places of the input."""
        return F.embedding(
            input,
            self.weight,
            self.padding_idx,
            self.max_norm,
            self.norm_type,
            self.scale_grad_by_freq,
            self.sparse,
        )

    def extra_repr(self) -> str:
        text = f"{self.num_embeddings}, {self.embedding_dim}"
        if self.padding_idx is not None:
            text += f", padding_idx={self.padding_idx}"
        if self.max_norm is not None:
            text += f", max_norm={self.max_norm}"
        if self.norm_type != 2:
            text += f", norm_type={self.norm_type}"
        if self.scale_grad_by_freq is not False:
            text += f", scale_grad_by_freq={self.scale_grad_by_freq}"
        if self.sparse is not False:
            text += ", sparse=True"
        return text

    @classmethod
    def from_pretrained(
        cls,
        embeddings: Any,
        freeze: bool = True,
        padding_idx: int | None = None,
        max_norm: float | None = None,
        norm_type: float = 2.0,
        scale_grad_by_freq: bool = False,
        sparse: bool = False,
    ) -> Any:
        """A module around a table that there is already.

        Args:
            embeddings: (rows, size).
            freeze: whether it is not to be trained.
            padding_idx: as above, likewise the others.
            max_norm: likewise.
            norm_type: likewise.
            scale_grad_by_freq: likewise.
            sparse: likewise.

        Raises:
            AssertionError: the table is no matrix.

        Example:
            >>> import pyconv
            >>> Embedding.from_pretrained(pyconv.ones(2, 3))
            Embedding(2, 3)
        """
        if embeddings.dim() != 2:
            raise AssertionError("Embeddings parameter is expected to be 2-dimensional")
        rows, columns = embeddings.shape
        return cls(
            num_embeddings=rows,
            embedding_dim=columns,
            _weight=embeddings,
            _freeze=freeze,
            padding_idx=padding_idx,
            max_norm=max_norm,
            norm_type=norm_type,
            scale_grad_by_freq=scale_grad_by_freq,
            sparse=sparse,
        )
