"""torch.nn.AdaptiveLogSoftmaxWithLoss.

May import: NumPy, and all of pyconv but `optim` and `megengine`.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any, NamedTuple

from pyconv import dtypes
from pyconv.functions.extrema import argmax
from pyconv.nn import functional as F
from pyconv.nn.modules.container import ModuleList, Sequential
from pyconv.nn.modules.linear import Linear
from pyconv.nn.modules.module import Module

__all__ = ["AdaptiveLogSoftmaxWithLoss"]


class _ASMoutput(NamedTuple):
    output: Any
    loss: Any


class AdaptiveLogSoftmaxWithLoss(Module):
    """A softmax of many classes, the rare ones in clusters that have fewer parameters.

    E. Grave et al., "Efficient softmax approximation for GPUs", 2017.

    Args:
        in_features: the size of the input.
        n_classes: how many classes, the frequent ones first.
        cutoffs: where a cluster begins, in increasing order.
        div_value: each cluster's inner size is the one before it divided by this.
        head_bias: whether the map to the frequent classes and the clusters has a bias.
        device: the CPU.
        dtype: of the parameters; the default one by default.

    Shape:
        - Input: (N, in_features) or (in_features)
        - Target: (N) or (), from 0 to n_classes - 1
        - Output: `output`, (N) or (), the target's log probability, and `loss`, its negative mean

    Raises:
        ValueError: the cutoffs are none, or not in order, or out of range.

    Example:
        >>> import pyconv
        >>> m = AdaptiveLogSoftmaxWithLoss(16, 10, [4, 7])
        >>> x = pyconv.ones(2, 16)
        >>> m(x, pyconv.tensor([1, 9])).output.shape, m.log_prob(x).shape
        (torch.Size([2]), torch.Size([2, 10]))
    """

    def __init__(
        self,
        in_features: int,
        n_classes: int,
        cutoffs: Sequence[int],
        div_value: float = 4.0,
        head_bias: bool = False,
        device: Any = None,
        dtype: dtypes.dtype | None = None,
    ) -> None:
        super().__init__()
        cutoffs = list(cutoffs)
        _check_cutoffs(cutoffs, n_classes)
        made = {"device": device, "dtype": dtype}
        self.in_features = in_features
        self.n_classes = n_classes
        self.cutoffs = [*cutoffs, n_classes]
        self.div_value = div_value
        self.head_bias = head_bias
        self.shortlist_size = self.cutoffs[0]
        self.n_clusters = len(self.cutoffs) - 1
        self.head_size = self.shortlist_size + self.n_clusters
        self.head = Linear(in_features, self.head_size, bias=head_bias, **made)
        self.tail = ModuleList()
        for i, (start, stop) in enumerate(itertools.pairwise(self.cutoffs)):
            inner = int(in_features // (div_value ** (i + 1)))
            first = Linear(in_features, inner, bias=False, **made)
            self.tail.append(Sequential(first, Linear(inner, stop - start, bias=False, **made)))

    def reset_parameters(self) -> None:
        """Draw all parameters as `Linear` does."""
        self.head.reset_parameters()
        for first, second in self.tail:
            first.reset_parameters()
            second.reset_parameters()

    def forward(self, input_: Any, target_: Any) -> _ASMoutput:
        """The log probabilities of the targets, and their negative mean.

        Raises:
            RuntimeError: shapes do not fit, or a target is out of range.
        """
        _check_shapes(input_, target_)
        is_batched = target_.dim() > 0
        input, target = (input_, target_) if is_batched else (input_.unsqueeze(0), target_.unsqueeze(0))
        output = input.new_zeros(target.size(0))
        gathered = target.new_empty(target.size(0))
        used = 0
        for i, (low, high) in enumerate(itertools.pairwise([0, *self.cutoffs])):
            inside = (target >= low) & (target < high)
            rows = inside.nonzero().squeeze()
            if rows.numel() == 0:
                continue
            used += rows.numel()
            if i == 0:
                gathered.index_copy_(0, rows, target[inside])
                continue
            gathered.index_fill_(0, rows, self.shortlist_size + i - 1)
            found = F.log_softmax(self.tail[i - 1](input.index_select(0, rows)), dim=1)
            found = found.gather(1, (target[inside] - low).unsqueeze(1))
            output.index_copy_(0, rows, found.squeeze(1))
        if used != target.size(0):
            raise RuntimeError(
                f"Target values should be in [0, {self.n_classes - 1}], but values in range "
                f"[{target.min().item()}, {target.max().item()}] were found. "
            )
        output += F.log_softmax(self.head(input), dim=1).gather(1, gathered.unsqueeze(1)).squeeze()
        loss = (-output).mean()
        return _ASMoutput(output if is_batched else output.squeeze(0), loss)

    def _get_full_log_prob(self, input: Any, head_output: Any) -> Any:
        out = input.new_empty((head_output.size(0), self.n_classes))
        of_head = F.log_softmax(head_output, dim=1)
        out[:, : self.shortlist_size] = of_head[:, : self.shortlist_size]
        for i, (start, stop) in enumerate(itertools.pairwise(self.cutoffs)):
            inside = F.log_softmax(self.tail[i](input), dim=1)
            out[:, start:stop] = inside + of_head[:, self.shortlist_size + i].unsqueeze(1)
        return out

    def log_prob(self, input: Any) -> Any:
        """The log probabilities of all classes: (N, in_features) → (N, n_classes)."""
        return self._get_full_log_prob(input, self.head(input))

    def predict(self, input: Any) -> Any:
        """The most probable class: (N, in_features) → (N). Clusters are looked into only where one is ahead."""
        head_output = self.head(input)
        output = argmax(head_output, dim=1)
        rare = output >= self.shortlist_size
        if not rare.any():
            return output
        if rare.all():
            return argmax(self._get_full_log_prob(input, head_output), dim=1)
        output[rare] = argmax(self._get_full_log_prob(input[rare], head_output[rare]), dim=1)
        return output


def _check_cutoffs(cutoffs: list[int], n_classes: int) -> None:
    if not cutoffs:
        raise ValueError("cutoffs should be a sequence of length larger than 0")
    out_of_order = cutoffs != sorted(cutoffs) or len(set(cutoffs)) != len(cutoffs)
    if out_of_order or cutoffs[0] <= 0 or cutoffs[-1] > n_classes - 1 or any(int(c) != c for c in cutoffs):
        raise ValueError(
            "cutoffs should be a sequence of unique, positive integers sorted in an increasing order, where each value "
            "is between 1 and n_classes-1"
        )


def _check_shapes(input: Any, target: Any) -> None:
    if target.dim() == 1:
        if input.size(0) != target.size(0):
            raise RuntimeError("Input and target should have the same size in the batch dimension.")
        if input.dim() != 2:
            raise RuntimeError(f"1D target tensor expects 2D input tensors, but found inputs with size {input.size()}")
    elif target.dim() == 0:
        if input.dim() != 1:
            raise RuntimeError(f"0D target tensor expects 1D input tensors, but found inputs with size {input.size()}")
    else:
        raise RuntimeError("0D or 1D target tensor expected, multi-target not supported")
