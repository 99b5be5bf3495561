"""MegEngine's modules: pyconv's, with MegEngine's names, layouts, printed text and `state_dict` of ndarrays.

May import: NumPy, `pyconv.nn`, `pyconv.random`, `pyconv.tensor`, `pyconv.megengine` beside it.
"""

from __future__ import annotations

import math
import re
from inspect import signature
from typing import Any, ClassVar

import numpy as np

from pyconv import nn
from pyconv.megengine import functional as F
from pyconv.megengine.layout import cut
from pyconv.megengine.tensor import Parameter, Tensor
from pyconv.nn import init
from pyconv.nn.modules.module import Module as TorchModule
from pyconv.random import fork_rng


class Module(TorchModule):
    """A layer or a network: `pyconv.nn.Module`, whose parameters come in alphabetical order."""

    weight: Any
    bias: Any

    def __init__(self, name: str | None = None) -> None:
        TorchModule.__init__(self)
        self.name = name

    def named_parameters(self, prefix: str | None = None, recursive: bool = True) -> Any:  # type: ignore[override]
        """The parameters with their names, each once."""
        pairs = sorted(super().named_parameters(prefix or "", recursive, False), reverse=True)
        return iter(sorted((name, parameter) for parameter, name in {p: name for name, p in pairs}.items()))

    def parameters(self, recursive: bool = True) -> Any:
        """The parameters, each once."""
        return (parameter for _, parameter in self.named_parameters(recursive=recursive))

    def _states(self) -> dict[str, tuple[Tensor, tuple[int, ...]]]:
        """All tensors by name, and the shapes in which they are saved."""
        return {
            f"{name}.{key}".lstrip("."): (value, (value.size(1),) if isinstance(part, BatchNorm2d) else value.shape)
            for name, part in sorted(self.named_modules(remove_duplicate=False))
            for key, value in sorted({**part._parameters, **part._buffers}.items())
            if value is not None
        }

    def state_dict(self) -> Any:  # type: ignore[override]
        """Copies of all tensors by name, in ndarrays."""
        return {name: value._array.reshape(saved).copy() for name, (value, saved) in self._states().items()}

    def load_state_dict(self, state_dict: Any, strict: bool = True) -> None:  # type: ignore[override]
        """Copy a state of ndarrays, and take its dtypes; unless `strict`, of the names on both sides.

        Raises:
            KeyError, ValueError: other names, other shapes.
        """
        states = self._states()
        if strict and (other := states.keys() ^ state_dict.keys()):
            raise KeyError(f"params violate `strict=True`, missing or unused: {sorted(other)}")
        for name in states.keys() & state_dict.keys():
            array, (value, saved) = np.asarray(state_dict[name]), states[name]
            if array.shape not in (value.shape, saved):
                raise ValueError(f"param `{name}` shape mismatch, should be {value.shape}, get {array.shape}")
            if array.dtype != value.dtype:
                value._array = value._array.astype(array.dtype)
            value._array[...] = array.reshape(value.shape)
            value._counter.count += 1


class _Conv(Module):
    """What makes MegEngine's convolution of torch's, the second of its bases, and of the function `call`."""

    _call: ClassVar[Any]
    _torch: ClassVar[Any]
    _given: ClassVar[list[str]]
    _fan: ClassVar[str] = "in_channels"

    def __init_subclass__(cls, call: Any = None, more: str = "", **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if call is not None:
            cls._call, cls._torch, cls._given = staticmethod(call), cls.__bases__[1], [*signature(call).parameters][3:]
            arguments = f"self in_channels out_channels kernel_size {' '.join(cls._given)} {more}"
            making = F.taking(arguments.replace("groups", "groups bias"), _Conv._make, "__init__", bias=True)
            cls.__init__ = making  # type: ignore[method-assign]

    def _make(self, in_channels: int, out_channels: int, groups: int, bias: bool, padding_mode: str = "zeros",
              conv_mode: str = "", compute_mode: str = "", kwargs: Any = (), **sizes: Any) -> None:  # fmt: skip
        """What `__init__` does."""
        Module.__init__(self, **dict(kwargs))
        if padding_mode not in ("zeros", "reflect", "replicate"):
            raise AssertionError(f"MegEngine has no padding_mode {padding_mode!r}")
        given = {name: F.ints(name, value, self._torch.ndim) for name, value in sizes.items()}
        self._torch.__init__(self, in_channels, out_channels, groups=groups, bias=bias, **given)
        self.padding_mode, self.conv_mode, self.compute_mode = padding_mode, conv_mode, compute_mode
        self.weight = Parameter(self.weight.reshape(cut(tuple(self.weight.shape), groups)), np.float32)
        if bias:
            self.bias = Parameter(self.bias.reshape(1, -1, *(1,) * self._torch.ndim), np.float32)

    def reset_parameters(self) -> None:
        """Draw the weight from a normal distribution of variance 1 / (channels · taps), whatever the groups."""
        init.normal_(self.weight, 0.0, 1 / math.sqrt(getattr(self, self._fan) * math.prod(self.kernel_size)))
        if self.bias is not None:
            init.zeros_(self.bias)

    def forward(self, inp: Any) -> Any:
        """The convolution of (N, C, ...)."""
        given = {name: getattr(self, name) for name in self._given}
        if self.padding_mode != "zeros":
            inp = F.pad(inp, ((0, 0), (0, 0), *((n, n) for n in self.padding)), self.padding_mode)
            given["padding"] = 0
        return self._call(inp, self.weight, self.bias, **given)

    def extra_repr(self) -> str:
        unsaid = r", (stride=\(1,( 1,)*( 1)?\)|output_padding=\([^)]*\)|padding_mode=\w+)"
        return re.sub(unsaid, "", super().extra_repr())

    @classmethod
    def from_torch(cls, module: Any) -> Any:
        """The same convolution as one of torch's face, on its memory.

        Raises:
            AssertionError, TypeError: MegEngine has no such padding, or not here.
        """
        return _twin(cls, module, Parameter)

    def to_torch(self) -> Any:
        """The same convolution of torch's face, on the same memory."""
        return _twin(self._torch, self, nn.Parameter)


def _twin(kind: Any, conv: Any, parameter: Any) -> Any:
    """A convolution like another one, on the memory of its parameters; no random numbers are drawn."""
    names = ["in_channels", "out_channels", "kernel_size", "stride", "padding", "dilation", "groups"]
    names += ["output_padding"] * conv.transposed + ["padding_mode"] * (conv.padding_mode != "zeros")
    with fork_rng():
        made = kind(**{name: getattr(conv, name) for name in names}, bias=conv.bias is not None)
    for name, value in conv.named_parameters():
        twin = object.__new__(parameter)
        twin._begin(value._array.reshape(getattr(made, name).shape))
        twin._counter, twin._requires_grad = value._counter, parameter is nn.Parameter
        (twin if parameter is Parameter else value)._shared = True
        setattr(made, name, twin)
    return made


class Conv1d(_Conv, nn.Conv1d, call=F.conv1d, more="padding_mode kwargs"):  # type: ignore[misc]
    """A convolution of (N, C, L): weight (O, C, k) or (G, O/G, C/G, k), bias (1, O, 1). See `Conv2d`."""


class Conv2d(_Conv, nn.Conv2d, call=F.conv2d, more="padding_mode kwargs"):  # type: ignore[misc]
    """A convolution of (N, C, H, W): weight (O, C, kH, kW) or (G, O/G, C/G, kH, kW), bias (1, O, 1, 1).

    The `padding_mode` is 'zeros', 'reflect' or 'replicate'; the other arguments are those of `functional.conv2d`.

    Example:
        >>> m = Conv2d(in_channels=3, out_channels=1, kernel_size=3)
        >>> m(Tensor(np.arange(0, 96).astype("float32").reshape(2, 3, 4, 4))).numpy().shape
        (2, 1, 2, 2)
        >>> Conv2d(4, 6, 3, padding=1, groups=2)
        Conv2d(4, 6, kernel_size=(3, 3), padding=(1, 1), groups=2)
    """


class Conv3d(_Conv, nn.Conv3d, call=F.conv3d):  # type: ignore[misc]
    """A convolution of (N, C, D, H, W), padded with zeros alone. See `Conv2d`.

    Example:
        >>> m = Conv3d(in_channels=3, out_channels=1, kernel_size=3)
        >>> m(Tensor(np.arange(0, 384).astype("float32").reshape(2, 3, 4, 4, 4))).numpy().shape
        (2, 1, 2, 2, 2)
    """


class ConvTranspose2d(_Conv, nn.ConvTranspose2d, call=F.conv_transpose2d, more="kwargs"):  # type: ignore[misc]
    """A transposed convolution of (N, C, H, W): weight (C, O, kH, kW) or (G, C/G, O/G, kH, kW), bias (1, O, 1, 1)."""

    _fan = "out_channels"


class ConvTranspose3d(_Conv, nn.ConvTranspose3d, call=F.conv_transpose3d):  # type: ignore[misc]
    """A transposed convolution of (N, C, D, H, W). See `ConvTranspose2d`."""


class BatchNorm2d(Module):
    """Batch normalization of (N, C, H, W); `momentum` is what running statistics keep, in torch what they take.

    Weight, bias and statistics are (1, C, 1, 1), and (C,) in a `state_dict`.

    Example:
        >>> norm = BatchNorm2d(1)
        >>> norm(Tensor(np.ones((2, 1, 2, 2)))).shape, norm.running_mean.numpy().round(3)
        ((2, 1, 2, 2), array([[[[0.1]]]], dtype=float32))
    """

    def __init__(self, num_features: int, eps: float = 1e-5, momentum: float = 0.9, affine: bool = True,
                 track_running_stats: bool = True, **kwargs: Any) -> None:  # fmt: skip
        super().__init__(**kwargs)
        self.num_features, self.eps, self.momentum = num_features, eps, momentum
        self.affine, self.track_running_stats = affine, track_running_stats
        zeros, ones = (np.full((1, num_features, 1, 1), value, np.float32) for value in (0, 1))
        self.weight, self.bias = (Parameter(ones), Parameter(zeros)) if affine else (None, None)
        self.register_buffer("running_mean", Tensor(zeros) if track_running_stats else None)
        self.register_buffer("running_var", Tensor(ones) if track_running_stats else None)

    def forward(self, inp: Any) -> Any:
        """Normalize by the batch in training, else by running statistics."""
        if inp.ndim != 4:
            raise ValueError(f"expected 4D input (got {inp.ndim}D input)")
        values = (self.running_mean, self.running_var, self.weight, self.bias)
        rows = [None if v is None else v.reshape(-1) for v in values]
        training = self.training or self.running_mean is None
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
