"""Weight normalization by a hook before `forward`, torch's older way.

May import: all of pyconv but `optim` and `megengine`.
"""

from __future__ import annotations

import warnings
from typing import Any, TypeVar

from pyconv.nn.modules.module import Module
from pyconv.nn.parameter import Parameter, UninitializedParameter
from pyconv.ops.weight_norm import norm_except_dim
from pyconv.ops.weight_norm import weight_norm as compute

M = TypeVar("M", bound=Module)


class WeightNorm:
    """The hook: it computes a weight from its norms and its direction before every `forward`.

    Args:
        name: of the parameter.
        dim: the dimension whose slices have a norm each; -1 for one norm of all.
    """

    def __init__(self, name: str, dim: int | None) -> None:
        self.name = name
        self.dim = -1 if dim is None else dim

    def compute_weight(self, module: Any) -> Any:
        """The weight, from the parameters that stand for it."""
        return compute(getattr(module, f"{self.name}_v"), getattr(module, f"{self.name}_g"), self.dim)

    @staticmethod
    def apply(module: Any, name: str, dim: int | None) -> WeightNorm:
        """Put two parameters in the place of one, and the hook before `forward`.

        Raises:
            RuntimeError: the parameter has such a hook.
            ValueError: it is not initialised.
        """
        if _hook_of(module, name) is not None:
            raise RuntimeError(f"Cannot register two weight_norm hooks on the same parameter {name}")
        hook = WeightNorm(name, dim)
        weight = getattr(module, name)
        if isinstance(weight, UninitializedParameter):
            raise ValueError(
                "The module passed to `WeightNorm` can't have uninitialized parameters. Make sure to run the dummy "
                "forward before applying weight normalization"
            )
        del module._parameters[name]
        module.register_parameter(f"{name}_g", Parameter(norm_except_dim(weight, 2, hook.dim).data))
        module.register_parameter(f"{name}_v", Parameter(weight.data))
        setattr(module, name, hook.compute_weight(module))
        module.register_forward_pre_hook(hook)
        return hook

    def remove(self, module: Any) -> None:
        """Put the weight back in the place of the two parameters."""
        weight = self.compute_weight(module)
        delattr(module, self.name)
        del module._parameters[f"{self.name}_g"]
        del module._parameters[f"{self.name}_v"]
        setattr(module, self.name, Parameter(weight.data))

    def __call__(self, module: Any, inputs: Any) -> None:  # noqa: ARG002
        setattr(module, self.name, self.compute_weight(module))


def _hook_of(module: Any, name: str) -> int | None:
    """The number of the hook on a parameter, if there is one."""
    for number, hook in module._forward_pre_hooks.items():
        if isinstance(hook, WeightNorm) and hook.name == name:
            return int(number)
    return None


def weight_norm(module: M, name: str = "weight", dim: int | None = 0) -> M:
    """Give a module a weight by its norms and its direction: parameters `weight_g` and `weight_v`.

    Deprecated, as in torch, for `parametrizations.weight_norm`.

    Args:
        module: changed in place.
        name: of the parameter.
        dim: the dimension whose slices have a norm each; None for one norm of all.

    Returns:
        The module.

    Raises:
        RuntimeError: the parameter has such a hook.
        ValueError: it is not initialised.

    Example:
        >>> import pyconv.nn as nn
        >>> with warnings.catch_warnings():
        ...     warnings.simplefilter("ignore")
        ...     conv = weight_norm(nn.Conv1d(2, 3, 1))
        >>> conv.weight_g.shape, conv.weight_v.shape
        (torch.Size([3, 1, 1]), torch.Size([3, 2, 1]))
    """
    warnings.warn(
        "`torch.nn.utils.weight_norm` is deprecated in favor of `torch.nn.utils.parametrizations.weight_norm`.",
        FutureWarning,
        stacklevel=2,
    )
    WeightNorm.apply(module, name, dim)
    return module


def remove_weight_norm(module: M, name: str = "weight") -> M:
    """Undo `weight_norm`.

    Args:
        module: changed in place.
        name: of the parameter.

    Returns:
        The module.

    Raises:
        ValueError: the parameter has no such hook.

    Example:
        >>> import pyconv.nn as nn
        >>> remove_weight_norm(nn.Conv1d(2, 3, 1))
        Traceback (most recent call last):
        ValueError: weight_norm of 'weight' not found in Conv1d(2, 3, kernel_size=(1,), stride=(1,))
    """
    number = _hook_of(module, name)
    if number is None:
        raise ValueError(f"weight_norm of '{name}' not found in {module}")
    hook: Any = module._forward_pre_hooks.pop(number)
    hook.remove(module)
    return module
