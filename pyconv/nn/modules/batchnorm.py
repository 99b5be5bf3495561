"""Batch normalization, for each number of spatial dimensions.

May import: NumPy, and all of pyconv but `optim` and `megengine`.
"""

from __future__ import annotations

from typing import Any

from pyconv import dtypes
from pyconv.autograd.mode import no_grad
from pyconv.naming import own
from pyconv.nn import functional as F
from pyconv.nn.modules.norm_base import _LazyNormBase, _NormBase, check_ranks


@own("__init__")
class _BatchNorm(_NormBase):
    """The forward of all of them."""

    def forward(self, input: Any) -> Any:
        self._check_input_dim(input)
        return self._normalize(input)

    def _normalize(self, input: Any) -> Any:
        """Normalize, and in training count the batch and move the running statistics."""
        factor = 0.0 if self.momentum is None else self.momentum
        if self.training and self.track_running_stats and self.num_batches_tracked is not None:
            self.num_batches_tracked.add_(1)
            if self.momentum is None:
                factor = 1.0 / float(self.num_batches_tracked)
        uses_running = not self.training or self.track_running_stats
        by_batch = self.training or (self.running_mean is None and self.running_var is None)
        return F.batch_norm(
            input,
            self.running_mean if uses_running else None,
            self.running_var if uses_running else None,
            self.weight,
            self.bias,
            by_batch,
            factor,
            self.eps,
        )


class BatchNorm1d(_BatchNorm):
    """Batch normalization of (N, C) or (N, C, L).

    In training every channel is normalized by the mean and variance of the batch, which running statistics follow;
    in evaluation by those.

    Args:
        num_features: C.
        eps: added to the variance.
        momentum: the share of a batch in the running statistics; None for the plain mean over all batches.
        affine: whether there are a weight and a bias for every channel.
        track_running_stats: whether there are running statistics; without them the batch's are used always.
        device: 'cpu'.
        dtype: of the parameters and running statistics; the default dtype if None.
        bias: whether there is a bias beside the weight.

    Shape:
        - Input: (N, C) or (N, C, L)
        - Output: the same

    Raises:
        ValueError: an input of another rank, or in training one value for each channel.

    Example:
        >>> import pyconv
        >>> layer = BatchNorm1d(2)
        >>> layer
        BatchNorm1d(2, eps=1e-05, momentum=0.1, affine=True, bias=True, track_running_stats=True)
        >>> _ = layer(pyconv.tensor([[1.0, 0.0], [3.0, 4.0]]))
        >>> layer.running_mean
        tensor([0.2000, 0.2000])
    """

    def _check_input_dim(self, input: Any) -> None:
        check_ranks(input, 2, 3)


class BatchNorm2d(_BatchNorm):
    """Batch normalization of (N, C, H, W); the arguments are as in BatchNorm1d.

    Shape:
        - Input: (N, C, H, W)
        - Output: the same

    Raises:
        ValueError: an input of another rank, or in training one value for each channel.

    Example:
        >>> import pyconv
        >>> BatchNorm2d(3)(pyconv.ones(2, 3, 4, 4)).shape
        torch.Size([2, 3, 4, 4])
    """

    def _check_input_dim(self, input: Any) -> None:
        check_ranks(input, 4)


class BatchNorm3d(_BatchNorm):
    """Batch normalization of (N, C, D, H, W); the arguments are as in BatchNorm1d.

    Shape:
        - Input: (N, C, D, H, W)
        - Output: the same

    Raises:
        ValueError: an input of another rank, or in training one value for each channel.

    Example:
        >>> import pyconv
        >>> BatchNorm3d(3)(pyconv.ones(2, 3, 2, 4, 4)).shape
        torch.Size([2, 3, 2, 4, 4])
    """

    def _check_input_dim(self, input: Any) -> None:
        check_ranks(input, 5)


class LazyBatchNorm1d(_LazyNormBase, _BatchNorm):
    """A BatchNorm1d that learns `num_features` from its first input; the other arguments are as there.

    Example:
        >>> import pyconv
        >>> layer = LazyBatchNorm1d()
        >>> _ = layer(pyconv.ones(2, 5))
        >>> layer.weight.shape
        torch.Size([5])
    """

    cls_to_become = BatchNorm1d

    def _check_input_dim(self, input: Any) -> None:
        check_ranks(input, 2, 3)


class LazyBatchNorm2d(_LazyNormBase, _BatchNorm):
    """A BatchNorm2d that learns `num_features` from its first input; the other arguments are as in BatchNorm1d.

    Example:
        >>> import pyconv
        >>> layer = LazyBatchNorm2d()
        >>> _ = layer(pyconv.ones(2, 5, 1, 1))
        >>> type(layer).__name__
        'BatchNorm2d'
    """

    cls_to_become = BatchNorm2d

    def _check_input_dim(self, input: Any) -> None:
        check_ranks(input, 4)


class LazyBatchNorm3d(_LazyNormBase, _BatchNorm):
    """A BatchNorm3d that learns `num_features` from its first input; the other arguments are as in BatchNorm1d.

    Example:
        >>> import pyconv
        >>> layer = LazyBatchNorm3d()
        >>> _ = layer(pyconv.ones(2, 5, 1, 1, 1))
        >>> layer.num_features
        5
    """

    cls_to_become = BatchNorm3d

    def _check_input_dim(self, input: Any) -> None:
        check_ranks(input, 5)


class SyncBatchNorm(_BatchNorm):
    """Batch normalization over all processes of a group: here there is one, and it is batch normalization.

    The arguments are as in BatchNorm1d, with the `process_group` before `device`.

    Shape:
        - Input: (N, C, ...)
        - Output: the same

    Raises:
        ValueError: an input of fewer than two dimensions or without channels, or in training one value for each
            channel.

    Example:
        >>> import pyconv
        >>> SyncBatchNorm(3)(pyconv.ones(2, 3)).shape
        torch.Size([2, 3])
    """

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        process_group: Any = None,
        device: Any = None,
        dtype: dtypes.dtype | None = None,
        *,
        bias: bool = True,
    ) -> None:
        super().__init__(num_features, eps, momentum, affine, track_running_stats, device, dtype, bias=bias)
        self.process_group = process_group

    def _check_input_dim(self, input: Any) -> None:
        if input.dim() < 2:
            raise ValueError(f"expected at least 2D input (got {input.dim()}D input)")
        if input.size(1) == 0:
            raise ValueError("SyncBatchNorm number of input channels should be non-zero")

    @classmethod
    def convert_sync_batchnorm(cls, module: Any, process_group: Any = None) -> Any:
        """A module with every batch normalization in it replaced by a SyncBatchNorm of the same state.

        Args:
            module: changed in place, unless it is one itself.
            process_group: of the new ones.

        Example:
            >>> SyncBatchNorm.convert_sync_batchnorm(BatchNorm1d(3))
            SyncBatchNorm(3, eps=1e-05, momentum=0.1, affine=True, bias=True, track_running_stats=True)
        """
        made = module
        if isinstance(module, _BatchNorm):
            made = SyncBatchNorm(
                module.num_features,
                module.eps,
                module.momentum,
                module.affine,
                module.track_running_stats,
                process_group,
                bias=module.bias is not None,
            )
            if module.affine:
                with no_grad():
                    made.weight, made.bias = module.weight, module.bias
            made.running_mean, made.running_var = module.running_mean, module.running_var
            made.num_batches_tracked = module.num_batches_tracked
            made.training = module.training
        for name, child in module.named_children():
            made.add_module(name, cls.convert_sync_batchnorm(child, process_group))
        return made
