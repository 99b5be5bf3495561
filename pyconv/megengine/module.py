"""MegEngine's modules: pyconv's, with MegEngine's names, layouts, printed text and `state_dict` of ndarrays.

May import: NumPy, `pyconv.nn`, `pyconv.random`, `pyconv.tensor`, `pyconv.megengine` beside it.
"""

from __future__ import annotations

import inspect
import math
import re
from collections import OrderedDict
from typing import Any, ClassVar

import numpy as np

from pyconv import nn
from pyconv.megengine import functional as F
from pyconv.megengine.functional import Ints
from pyconv.megengine.layout import cut
from pyconv.megengine.tensor import Parameter, Tensor
from pyconv.nn import init
from pyconv.nn.modules.module import Module as TorchModule
from pyconv.random import fork_rng
from pyconv.tensor import Tensor as TorchTensor


class Module(TorchModule):
    """A layer or a network: `pyconv.nn.Module`, whose parameters come in alphabetical order.

    The modules of a list that is assigned to it are its modules: `layers.0`, `layers.1` and so on.

    Example:
        >>> layer = Module()
        >>> layer.weight, layer.mean = Parameter([2.0]), Tensor([1.0])
        >>> [name for name, _ in layer.named_parameters()], list(layer.state_dict())
        (['weight'], ['mean', 'weight'])
    """

    weight: Any
    bias: Any

    def __init__(self, name: str | None = None) -> None:
        super().__init__()
        self.name = name

    def __setattr__(self, name: str, value: Any) -> None:
        if isinstance(value, Tensor) and not isinstance(value, Parameter):
            self._forget(name, keep=self._buffers)
            self._buffers[name] = value
            return
        if isinstance(value, (list, tuple)):
            self._modules.update({f"{name}.{i}": m for i, m in enumerate(value) if isinstance(m, TorchModule)})
        super().__setattr__(name, value)

    def named_parameters(self, prefix: str | None = None, recursive: bool = True) -> Any:  # type: ignore[override]
        """The parameters with their names, each once."""
        pairs = sorted(super().named_parameters(prefix or "", recursive, False), key=lambda pair: pair[0])
        first = {parameter: name for name, parameter in reversed(pairs)}
        return ((name, parameter) for name, parameter in pairs if first[parameter] == name)

    def parameters(self, recursive: bool = True) -> Any:
        """The parameters, each once."""
        return (parameter for _, parameter in self.named_parameters(recursive=recursive))

    def _states(self) -> list[tuple[str, Tensor, tuple[int, ...]]]:
        """All tensors by name, a module's own before those below it, and the shapes in which they are saved."""
        states = [
            (f"{name}.{key}".lstrip("."), value, (value.size(1),) if isinstance(part, BatchNorm2d) else value.shape)
            for name, part in self.named_modules(remove_duplicate=False)
            for key, value in {**part._parameters, **part._buffers}.items()
            if value is not None
        ]
        return sorted(states, key=lambda state: (state[0].split(".")[:-1], state[0]))

    def state_dict(self, rst: Any = None, prefix: str = "", keep_var: bool = False) -> Any:  # type: ignore[override]
        """Copies of all tensors by name, in ndarrays; the tensors themselves with `keep_var`."""
        found = OrderedDict() if rst is None else rst
        for name, value, saved in self._states():
            found[prefix + name] = value if keep_var else value._array.reshape(saved).copy()
        return found

    def load_state_dict(self, state_dict: Any, strict: bool = True) -> None:  # type: ignore[override]
        """Copy a state of ndarrays, and take its dtypes.

        Args:
            state_dict: ndarrays by name.
            strict: whether names on one side alone are an error.

        Raises:
            AssertionError, KeyError, ValueError: values that are no ndarrays, other names, other shapes.
        """
        if not isinstance(state_dict, dict):
            raise ValueError(f"`state_dict` must load a dict, got {type(state_dict)}")
        states = {name: (value, saved) for name, value, saved in self._states()}
        unused, missing = state_dict.keys() - states.keys(), states.keys() - state_dict.keys()
        for kind, names in (("Unused", unused), ("Missing", missing)):
            if names and strict:
                raise KeyError(f"{kind} params violate `strict=True`, {kind.lower()}={names}")
        for name in states.keys() - missing:
            _load(name, state_dict[name], *states[name])


def _load(name: str, array: Any, value: Tensor, saved: tuple[int, ...]) -> None:
    """Copy an array, in a tensor's shape or in that in which it is saved."""
    if not isinstance(array, np.ndarray):
        raise AssertionError(f"the state of `{name}` should be a `np.ndarray`, now get {array}")
    if array.shape not in (value.shape, saved):
        raise ValueError(f"param `{name}` shape mismatch, should be {value.shape}, get {array.shape}")
    if array.dtype == value.dtype:
        value._array[...] = array.reshape(value.shape)
    else:
        value._array = array.reshape(value.shape).copy()
    value._counter.count += 1


_UNSAID = r", (stride=\(1,( 1,)*( 1)?\)|output_padding=\([^)]*\)|padding_mode=\w+)"
"""What torch prints of a convolution and MegEngine does not."""


class _Conv(Module):
    """What makes MegEngine's convolution of torch's, which comes after it among the bases."""

    _call: ClassVar[Any]
    _torch: ClassVar[Any]
    _fan: ClassVar[str] = "in_channels"

    def _make(self, name: str | None = None, **given: Any) -> None:
        """What `__init__` does with its arguments."""
        own = {key: given.pop(key) for key in ["conv_mode", "compute_mode"] if key in given}
        for key in given.keys() & {"kernel_size", "stride", "padding", "output_padding", "dilation"}:
            given[key] = F.ints(key, given[key], self._torch.ndim)
        self._torch.__init__(self, **given)
        self.__dict__.update(own, name=name)
        self.weight = Parameter(self.weight.reshape(cut(tuple(self.weight.shape), self.groups)), np.float32)
        if self.bias is not None:
            self.bias = Parameter(self.bias.reshape(1, -1, *(1,) * self.ndim), np.float32)

    def reset_parameters(self) -> None:
        """Draw the weight from a normal distribution of variance 1 / (channels · taps), whatever the groups."""
        init.normal_(self.weight, 0.0, 1 / math.sqrt(getattr(self, self._fan) * math.prod(self.kernel_size)))
        if self.bias is not None:
            init.zeros_(self.bias)

    def forward(self, inp: Any) -> Any:
        """The convolution of (N, C, ...)."""
        given = {name: getattr(self, name) for name in [*inspect.signature(self._call).parameters][3:]}
        if self.padding_mode != "zeros":
            inp = F.pad(inp, ((0, 0), (0, 0), *((n, n) for n in self.padding)), self.padding_mode)
            given["padding"] = 0
        return self._call(inp, self.weight, self.bias, **given)

    def extra_repr(self) -> str:
        return re.sub(_UNSAID, "", super().extra_repr())

    @classmethod
    def from_torch(cls, module: Any) -> Any:
        """The same convolution as one of torch's face, on the memory of its parameters.

        Raises:
            ValueError: MegEngine has no such padding.
        """
        modes = ("zeros", "reflect", "replicate") if "padding_mode" in inspect.signature(cls).parameters else ("zeros",)
        if isinstance(module.padding, str) or module.padding_mode not in modes:
            raise ValueError(f"MegEngine has no padding {module.padding!r} of mode {module.padding_mode!r} here")
        made = _copied(cls, module)
        for name, value in module.named_parameters():
            setattr(made, name, Parameter.over(value, getattr(made, name).shape))
        return made

    def to_torch(self) -> Any:
        """The same convolution of torch's face, on the memory of these parameters."""
        made = _copied(self._torch, self)
        for name, own in self.named_parameters():
            value = TorchTensor._wrap(own._array.reshape(getattr(made, name).shape))
            value._counter, own._shared = own._counter, True
            setattr(made, name, nn.Parameter(value))
        return made


def _copied(kind: Any, module: Any) -> Any:
    """A convolution of a class, made with the arguments of another; no random numbers are drawn for it."""
    names = inspect.signature(kind).parameters.keys() - {"bias"}
    taken = {name: getattr(module, name) for name in names if hasattr(module, name)}
    with fork_rng():
        return kind(**taken, bias=module.bias is not None)


class Conv1d(_Conv, nn.Conv1d):  # type: ignore[misc]
    """A convolution of (N, C, L): weight (O, C, k) or (G, O/G, C/G, k), bias (1, O, 1). See `Conv2d`."""

    _call, _torch = staticmethod(F.conv1d), nn.Conv1d

    def __init__(self, in_channels: int, out_channels: int, kernel_size: Ints, stride: Ints = 1, padding: Ints = 0,
                 dilation: Ints = 1, groups: int = 1, bias: bool = True, conv_mode: str = "cross_correlation",
                 compute_mode: str = "default", padding_mode: str = "zeros",
                 name: str | None = None) -> None:  # fmt: skip
        _Conv._make(**locals())


class Conv2d(_Conv, nn.Conv2d):  # type: ignore[misc]
    """A convolution of (N, C, H, W): weight (O, C, kH, kW) or (G, O/G, C/G, kH, kW), bias (1, O, 1, 1).

    The `padding_mode` is 'zeros', 'reflect' or 'replicate'; the other arguments are those of `functional.conv2d`.

    Example:
        >>> m = Conv2d(in_channels=3, out_channels=1, kernel_size=3)
        >>> m(Tensor(np.arange(0, 96).astype("float32").reshape(2, 3, 4, 4))).numpy().shape
        (2, 1, 2, 2)
        >>> Conv2d(4, 6, 3, padding=1, groups=2)
        Conv2d(4, 6, kernel_size=(3, 3), padding=(1, 1), groups=2)
    """

    _call, _torch = staticmethod(F.conv2d), nn.Conv2d
    __init__ = Conv1d.__init__


class Conv3d(_Conv, nn.Conv3d):  # type: ignore[misc]
    """A convolution of (N, C, D, H, W), padded with zeros alone. See `Conv2d`.

    Example:
        >>> m = Conv3d(in_channels=3, out_channels=1, kernel_size=3)
        >>> m(Tensor(np.arange(0, 384).astype("float32").reshape(2, 3, 4, 4, 4))).numpy().shape
        (2, 1, 2, 2, 2)
    """

    _call, _torch = staticmethod(F.conv3d), nn.Conv3d

    def __init__(self, in_channels: int, out_channels: int, kernel_size: Ints, stride: Ints = 1, padding: Ints = 0,
                 dilation: Ints = 1, groups: int = 1, bias: bool = True,
                 conv_mode: str = "cross_correlation") -> None:  # fmt: skip
        _Conv._make(**locals())


class ConvTranspose2d(_Conv, nn.ConvTranspose2d):  # type: ignore[misc]
    """A transposed convolution of (N, C, H, W): weight (C, O, kH, kW) or (G, C/G, O/G, kH, kW), bias (1, O, 1, 1)."""

    _call, _torch, _fan = staticmethod(F.conv_transpose2d), nn.ConvTranspose2d, "out_channels"

    def __init__(self, in_channels: int, out_channels: int, kernel_size: Ints, stride: Ints = 1, padding: Ints = 0,
                 output_padding: Ints = 0, dilation: Ints = 1, groups: int = 1, bias: bool = True,
                 conv_mode: str = "cross_correlation", compute_mode: str = "default",
                 name: str | None = None) -> None:  # fmt: skip
        _Conv._make(**locals())


class ConvTranspose3d(_Conv, nn.ConvTranspose3d):  # type: ignore[misc]
    """A transposed convolution of (N, C, D, H, W). See `ConvTranspose2d`."""

    _call, _torch = staticmethod(F.conv_transpose3d), nn.ConvTranspose3d

    def __init__(self, in_channels: int, out_channels: int, kernel_size: Ints, stride: Ints = 1, padding: Ints = 0,
                 output_padding: Ints = 0, dilation: Ints = 1, groups: int = 1, bias: bool = True) -> None:  # fmt: skip
        _Conv._make(**locals())


class BatchNorm2d(Module):
    """Batch normalization of (N, C, H, W); `momentum` is what running statistics keep, in torch what they take.

    Weight, bias and statistics are (1, C, 1, 1), and (C,) in a `state_dict`.

    Example:
        >>> norm = BatchNorm2d(1)
        >>> norm(Tensor(np.ones((2, 1, 2, 2)))).shape, norm.running_mean.numpy().round(3)
        ((2, 1, 2, 2), array([[[[0.1]]]], dtype=float32))
    """

    running_mean: Any
    running_var: Any

    def __init__(self, num_features: int, eps: float = 1e-5, momentum: float = 0.9, affine: bool = True,
                 track_running_stats: bool = True, freeze: bool = False, name: str | None = None) -> None:  # fmt: skip
        super().__init__(name)
        self.num_features, self.eps, self.momentum = num_features, eps, momentum
        self.affine, self.track_running_stats, self.freeze = affine, track_running_stats, freeze
        zeros, ones = (np.full((1, num_features, 1, 1), value, np.float32) for value in (0, 1))
        self.weight, self.bias = (Parameter(ones), Parameter(zeros)) if affine else (None, None)
        self.running_mean, self.running_var = (Tensor(zeros), Tensor(ones)) if track_running_stats else (None, None)

    def forward(self, inp: Any) -> Any:
        """Normalize by the batch in training, else by running statistics; always by these if `freeze`."""
        if inp.ndim != 4:
            raise ValueError(f"expected 4D input (got {inp.ndim}D input)")
        affine = [v.detach() if v is not None and self.freeze else v for v in (self.weight, self.bias)]
        training = not self.freeze and (self.training or self.running_mean is None)
        rows = [None if v is None else v.reshape(-1) for v in (self.running_mean, self.running_var, *affine)]
        return nn.functional.batch_norm(inp, *rows, training, 1 - self.momentum, self.eps)

    def extra_repr(self) -> str:
        names = ("eps", "momentum", "affine", "track_running_stats")
        return ", ".join([str(self.num_features), *(f"{name}={getattr(self, name)}" for name in names)])


class MaxPool2d(nn.MaxPool2d, Module):  # type: ignore[misc]
    """The largest element of each window; `stride` is `kernel_size` by default."""

    def extra_repr(self) -> str:
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"


class ReLU(nn.ReLU, Module):  # type: ignore[misc]
    """The elements above zero, and zero for the others."""


class Sequential(nn.Sequential, Module):  # type: ignore[misc]
    """Modules of which each takes what the one before it gives."""
