"""Instance normalization, for each number of spatial dimensions.

May import: NumPy, and all of pyconv but `optim` and `megengine`.
"""

from __future__ import annotations

import warnings
from typing import Any, ClassVar

from pyconv import dtypes
from pyconv.nn import functional as F
from pyconv.nn.modules.norm_base import _LazyNormBase, _NormBase, check_ranks


class _InstanceNorm(_NormBase):
    """The forward of all of them."""

    unbatched: ClassVar[int]
    """The rank of an input without a batch."""

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float = 0.1,
        affine: bool = False,
        track_running_stats: bool = False,
        device: Any = None,
        dtype: dtypes.dtype | None = None,
        *,
        bias: bool = True,
    ) -> None:
        super().__init__(num_features, eps, momentum, affine, track_running_stats, device, dtype, bias=bias)

    def _check_input_dim(self, input: Any) -> None:
        rank = self._get_no_batch_dim()
        check_ranks(input, rank, rank + 1)

    def _get_no_batch_dim(self) -> int:
        """The rank of an input without a batch, which a subclass may know otherwise."""
        return self.unbatched

    def _load_from_state_dict(
        self,
        state_dict: Any,
        prefix: str,
        local_metadata: dict[str, Any],
        strict: bool,
        missing_keys: list[str],
        unexpected_keys: list[str],
        error_msgs: list[str],
    ) -> None:
        """Load; running statistics in a state without a version are refused where there is no place for them."""
        if local_metadata.get("version") is None and not self.track_running_stats:
            found = [key for key in (f"{prefix}running_mean", f"{prefix}running_var") if key in state_dict]
            if found:
                error_msgs.append(_superfluous(found, type(self).__name__))
            for key in found:
                state_dict.pop(key)
        super()._load_from_state_dict(
            state_dict, prefix, local_metadata, strict, missing_keys, unexpected_keys, error_msgs
        )

    def forward(self, input: Any) -> Any:
        self._check_input_dim(input)
        axis = input.dim() - self._get_no_batch_dim()
        if input.size(axis) != self.num_features:
            self._complain(axis, input.size(axis))
        if axis == 0:
            return self._handle_no_batch_input(input)
        return self._apply_instance_norm(input)

    def _handle_no_batch_input(self, input: Any) -> Any:
        return self._apply_instance_norm(input.unsqueeze(0)).squeeze(0)

    def _complain(self, axis: int, size: int) -> None:
        if self.affine:
            raise ValueError(
                f"expected input's size at dim={axis} to match num_features ({self.num_features}), but got: {size}."
            )
        warnings.warn(
            f"input's size at dim={axis} does not match num_features. You can silence this warning by not passing in "
            "num_features, which is not used because affine=False",
            stacklevel=3,
        )

    def _apply_instance_norm(self, input: Any) -> Any:
        return F.instance_norm(
            input,
            self.running_mean,
            self.running_var,
            self.weight,
            self.bias,
            self.training or not self.track_running_stats,
            0.0 if self.momentum is None else self.momentum,
            self.eps,
        )


def _superfluous(keys: list[str], name: str) -> str:
    """What torch says to running statistics that there is no place for."""
    names = " and ".join(f'"{key}"' for key in keys)
    return (
        f"Unexpected running stats buffer(s) {names} for {name} with track_running_stats=False. If state_dict is a "
        f"checkpoint saved before 0.4.0, this may be expected because {name} does not track running stats by default "
        "since 0.4.0. Please remove these keys from state_dict. If the running stats are actually needed, instead set "
        f"track_running_stats=True in {name} to enable them. See the documentation of {name} for details."
    )


class InstanceNorm1d(_InstanceNorm):
    """Normalization of every channel of every sample of (N, C, L) or (C, L) by its own statistics.

    Args:
        num_features: C.
        eps: added to the variance.
        momentum: the share of a batch in the running statistics.
        affine: whether there are a weight and a bias for every channel.
        track_running_stats: whether there are running statistics, by which evaluation normalizes.
        device: 'cpu'.
        dtype: of the parameters and running statistics; the default dtype if None.
        bias: whether there is a bias beside the weight.

    Shape:
        - Input: (N, C, L) or (C, L)
        - Output: the same

    Raises:
        ValueError: an input of another rank or with other channels, or one spatial element alone.

    Example:
        >>> import pyconv
        >>> InstanceNorm1d(2)(pyconv.ones(1, 2, 3))
        tensor([[[0., 0., 0.],
                 [0., 0., 0.]]])
    """

    unbatched = 2


class InstanceNorm2d(_InstanceNorm):
    """Instance normalization of (N, C, H, W) or (C, H, W); the arguments are as in InstanceNorm1d.

    Shape:
        - Input: (N, C, H, W) or (C, H, W)
        - Output: the same

    Example:
        >>> import pyconv
        >>> InstanceNorm2d(2, affine=True)(pyconv.ones(2, 3, 3)).shape
        torch.Size([2, 3, 3])
    """

    unbatched = 3


class InstanceNorm3d(_InstanceNorm):
    """Instance normalization of (N, C, D, H, W) or (C, D, H, W); the arguments are as in InstanceNorm1d.

    Shape:
        - Input: (N, C, D, H, W) or (C, D, H, W)
        - Output: the same

    Example:
        >>> import pyconv
        >>> InstanceNorm3d(2)(pyconv.ones(1, 2, 2, 3, 3)).shape
        torch.Size([1, 2, 2, 3, 3])
    """

    unbatched = 4


class LazyInstanceNorm1d(_LazyNormBase, _InstanceNorm):
    """An InstanceNorm1d that learns `num_features` from its first input; the other arguments are as in BatchNorm1d.

    Example:
        >>> import pyconv
        >>> layer = LazyInstanceNorm1d()
        >>> _ = layer(pyconv.ones(1, 5, 2))
        >>> layer.weight.shape
        torch.Size([5])
    """

    cls_to_become = InstanceNorm1d
    unbatched = 2


class LazyInstanceNorm2d(_LazyNormBase, _InstanceNorm):
    """An InstanceNorm2d that learns `num_features` from its first input; the other arguments are as in BatchNorm1d.

    Example:
        >>> import pyconv
        >>> layer = LazyInstanceNorm2d()
        >>> _ = layer(pyconv.ones(1, 5, 2, 2))
        >>> layer.num_features
        5
    """

    cls_to_become = InstanceNorm2d
    unbatched = 3


class LazyInstanceNorm3d(_LazyNormBase, _InstanceNorm):
    """An InstanceNorm3d that learns `num_features` from its first input; the other arguments are as in BatchNorm1d.

    Example:
        >>> import pyconv
        >>> layer = LazyInstanceNorm3d()
        >>> _ = layer(pyconv.ones(1, 5, 2, 2, 2))
        >>> type(layer).__name__
        'InstanceNorm3d'
    """

    cls_to_become = InstanceNorm3d
    unbatched = 4
