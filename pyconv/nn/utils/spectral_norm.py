"""Spectral normalization by a hook before `forward`, torch's older way.

May import: NumPy, and all of pyconv but `optim` and `megengine`.
"""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np

from pyconv.autograd.mode import no_grad
from pyconv.nn import functional as F
from pyconv.nn.modules.conv_transpose import ConvTranspose1d, ConvTranspose2d, ConvTranspose3d
from pyconv.nn.modules.module import Module
from pyconv.nn.parameter import Parameter, UninitializedParameter
from pyconv.ops.matmul import dot, mm, mv
from pyconv.ops.shape import permute
from pyconv.tensor import Tensor
from pyconv.tensor.creation import empty

M = TypeVar("M", bound=Module)


def default_dim(module: Any) -> int:
    """The dimension of the output channels of a module's weight."""
    return 1 if isinstance(module, (ConvTranspose1d, ConvTranspose2d, ConvTranspose3d)) else 0


def as_matrix(weight: Any, dim: int) -> Any:
    """A weight as a matrix with a row for each index of a dimension."""
    if dim != 0:
        weight = permute(weight, axes=(dim, *(d for d in range(weight.dim()) if d != dim)))
    return weight.reshape(weight.size(0), -1)


class SpectralNorm:
    """The hook: it divides a weight by its largest singular value before every `forward`.

    T. Miyato, T. Kataoka, M. Koyama, Y. Yoshida, "Spectral Normalization for Generative Adversarial Networks", ICLR
    2018.

    Args:
        name: of the parameter.
        n_power_iterations: steps towards the singular vectors in each training `forward`.
        dim: the dimension of the output channels.
        eps: the least divisor in the normalization of those vectors.

    Raises:
        ValueError: the number of steps is not positive.
    """

    _version: int = 1

    def __init__(self, name: str = "weight", n_power_iterations: int = 1, dim: int = 0, eps: float = 1e-12) -> None:
        self.name = name
        self.dim = dim
        if n_power_iterations <= 0:
            raise ValueError(
                f"Expected n_power_iterations to be positive, but got n_power_iterations={n_power_iterations}"
            )
        self.n_power_iterations = n_power_iterations
        self.eps = eps

    def reshape_weight_to_matrix(self, weight: Any) -> Any:
        """The weight as a matrix with a row for each output channel."""
        return as_matrix(weight, self.dim)

    def compute_weight(self, module: Any, do_power_iteration: bool) -> Any:
        """The weight over its largest singular value, after steps that move the vectors in place."""
        weight, u, v = (getattr(module, f"{self.name}_{suffix}") for suffix in ("orig", "u", "v"))
        matrix = self.reshape_weight_to_matrix(weight)
        if do_power_iteration:
            with no_grad():
                for _ in range(self.n_power_iterations):
                    v = F.normalize(mv(matrix.t(), u), dim=0, eps=self.eps, out=v)
                    u = F.normalize(mv(matrix, v), dim=0, eps=self.eps, out=u)
                u, v = u.clone(), v.clone()
        return weight / dot(u, mv(matrix, v))

    def remove(self, module: Any) -> None:
        """Put the normalized weight in the place of the parameter and the vectors."""
        with no_grad():
            weight = self.compute_weight(module, do_power_iteration=False)
        for suffix in ("", "_u", "_v", "_orig"):
            delattr(module, self.name + suffix)
        module.register_parameter(self.name, Parameter(weight.detach()))

    def __call__(self, module: Any, inputs: Any) -> None:  # noqa: ARG002
        setattr(module, self.name, self.compute_weight(module, do_power_iteration=module.training))

    def solve_v_and_rescale(self, matrix: Any, u: Any, target: Any) -> Any:
        """The v for which u·Wv is `target`, in the direction that best fits u."""
        gram, right = mm(matrix.t(), matrix)._array, mv(matrix.t(), u)._array
        v = Tensor._wrap((np.linalg.pinv(gram) @ right).astype(right.dtype))
        return v * (target / dot(u, mv(matrix, v)))

    @staticmethod
    def apply(module: Any, name: str, n_power_iterations: int, dim: int, eps: float) -> SpectralNorm:
        """Draw the vectors, and put the hook before `forward`.

        Raises:
            RuntimeError: the parameter has such a hook.
            ValueError: it is None, or not initialised.
        """
        if _number(module._forward_pre_hooks, name) is not None:
            raise RuntimeError(f"Cannot register two spectral_norm hooks on the same parameter {name}")
        hook = SpectralNorm(name, n_power_iterations, dim, eps)
        weight = module._parameters[name]
        if weight is None:
            raise ValueError(f"`SpectralNorm` cannot be applied as parameter `{name}` is None")
        if isinstance(weight, UninitializedParameter):
            raise ValueError(
                "The module passed to `SpectralNorm` can't have uninitialized parameters. Make sure to run the dummy "
                "forward before applying spectral normalization"
            )
        with no_grad():
            u, v = (unit_vector(n, weight, eps) for n in hook.reshape_weight_to_matrix(weight).shape)
        delattr(module, name)
        module.register_parameter(f"{name}_orig", weight)
        setattr(module, name, weight.data)
        module.register_buffer(f"{name}_u", u)
        module.register_buffer(f"{name}_v", v)
        module.register_forward_pre_hook(hook)
        module.register_state_dict_post_hook(SpectralNormStateDictHook(hook))
        module._register_load_state_dict_pre_hook(SpectralNormLoadStateDictPreHook(hook))
        return hook


def unit_vector(size: int, like: Any, eps: float) -> Any:
    """A vector of length 1 in a random direction."""
    return F.normalize(empty(size, dtype=like.dtype).normal_(0, 1), dim=0, eps=eps)


class SpectralNormLoadStateDictPreHook:
    """The hook that completes a state of before the vectors were saved.

    Args:
        hook: the one before `forward`.
    """

    def __init__(self, hook: SpectralNorm) -> None:
        self.fn = hook

    def __call__(
        self,
        state_dict: Any,
        prefix: str,
        local_metadata: dict[str, Any],
        strict: bool,
        missing_keys: list[str],
        unexpected_keys: list[str],  # noqa: ARG002
        error_msgs: list[str],  # noqa: ARG002
    ) -> None:
        version = local_metadata.get("spectral_norm", {}).get(f"{self.fn.name}.version")
        if version is not None and version >= 1:
            return
        key = prefix + self.fn.name
        is_complete = all(key + suffix in state_dict for suffix in ("_orig", "_u", "_v")) and key not in state_dict
        if version is None and is_complete:
            return
        missing = [key + suffix for suffix in ("_orig", "", "_u") if key + suffix not in state_dict]
        if missing:
            missing_keys += missing if strict else []
            return
        with no_grad():
            original, weight = state_dict[f"{key}_orig"], state_dict.pop(key)
            sigma = (original / weight).mean()
            matrix = self.fn.reshape_weight_to_matrix(original)
            state_dict[f"{key}_v"] = self.fn.solve_v_and_rescale(matrix, state_dict[f"{key}_u"], sigma)


class SpectralNormStateDictHook:
    """The hook that saves the version of the state.

    Args:
        hook: the one before `forward`.
    """

    def __init__(self, hook: SpectralNorm) -> None:
        self.fn = hook

    def __call__(self, module: Any, state_dict: Any, prefix: str, local_metadata: dict[str, Any]) -> None:  # noqa: ARG002
        versions = local_metadata.setdefault("spectral_norm", {})
        key = f"{self.fn.name}.version"
        if key in versions:
            raise RuntimeError(f"Unexpected key in metadata['spectral_norm']: {key}")
        versions[key] = self.fn._version


def _number(hooks: Any, name: str) -> Any:
    """The number of the hook on a parameter in a table of hooks, if there is one."""
    kinds = SpectralNorm, SpectralNormStateDictHook, SpectralNormLoadStateDictPreHook
    for number, entry in hooks.items():
        hook = getattr(entry, "hook", entry)
        owner: Any = getattr(hook, "fn", hook)
        if isinstance(hook, kinds) and owner.name == name:
            return number
    return None


def spectral_norm(
    module: M, name: str = "weight", n_power_iterations: int = 1, eps: float = 1e-12, dim: int | None = None
) -> M:
    """Divide a module's weight by its largest singular value, found by power iteration.

    Args:
        module: changed in place: `weight_orig` is the parameter, `weight_u` and `weight_v` are buffers.
        name: of the parameter.
        n_power_iterations: steps in each training `forward`.
        eps: the least divisor in the normalization of the singular vectors.
        dim: the dimension of the output channels; None for 1 in a transposed convolution, else 0.

    Returns:
        The module.

    Raises:
        RuntimeError: the parameter has such a hook.
        ValueError: it is None or not initialised, or the number of steps is not positive.

    Example:
        >>> import pyconv.nn as nn
        >>> conv = spectral_norm(nn.Conv1d(2, 3, 1))
        >>> list(conv.state_dict())
        ['bias', 'weight_orig', 'weight_u', 'weight_v']
    """
    SpectralNorm.apply(module, name, n_power_iterations, default_dim(module) if dim is None else dim, eps)
    return module


def remove_spectral_norm(module: M, name: str = "weight") -> M:
    """Undo `spectral_norm`, leaving the normalized weight.

    Args:
        module: changed in place.
        name: of the parameter.

    Returns:
        The module.

    Raises:
        ValueError: the parameter has no such hook.

    Example:
        >>> import pyconv.nn as nn
        >>> conv = remove_spectral_norm(spectral_norm(nn.Conv1d(2, 3, 1)))
        >>> list(conv.state_dict())
        ['bias', 'weight']
    """
    number = _number(module._forward_pre_hooks, name)
    if number is None:
        raise ValueError(f"spectral_norm of '{name}' not found in {module}")
    hook: Any = module._forward_pre_hooks[number]
    hook.remove(module)
    for hooks in (module._forward_pre_hooks, module._state_dict_hooks, module._load_state_dict_pre_hooks):
        number = _number(hooks, name)
        if number is not None:
            del hooks[number]
    return module
