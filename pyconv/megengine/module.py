"""MegEngine's modules: pyconv's, with MegEngine's names, layouts, printed text and `state_dict` of ndarrays.

Past 300 lines because MegEngine has them all in this one place, most of them documentation. May import: NumPy,
`pyconv.nn`, `pyconv.random`, `pyconv.tensor`, `pyconv.megengine` beside it.
"""

from __future__ import annotations

import inspect
import math
import re
from collections import OrderedDict
from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np

from pyconv import nn
from pyconv.megengine import functional as F
from pyconv.megengine.layout import cut, declared
from pyconv.megengine.tensor import Parameter, Tensor
from pyconv.nn import init
from pyconv.nn.modules.module import Module as TorchModule
from pyconv.random import fork_rng
from pyconv.tensor import Tensor as TorchTensor


class Module(TorchModule):
    """A layer or a network: `pyconv.nn.Module`, whose names come in alphabetical order.

    The modules of a list that is assigned to it are its modules: `layers.0`, `layers.1` and so on.

    Example:
        >>> layer = Module()
        >>> layer.weight, layer.mean = Parameter([2.0]), Tensor([1.0])
        >>> [name for name, _ in layer.named_parameters()], list(layer.state_dict())
        (['weight'], ['mean', 'weight'])
    """

    weight: Any
    bias: Any
    _is_norm: ClassVar[bool] = False

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

    def _named_members(self, get: Any, prefix: str = "", recurse: bool = True, unique: bool = True) -> Iterator[Any]:
        seen: set[Any] = set()
        for name, member in sorted(super()._named_members(get, prefix, recurse, False), key=lambda pair: pair[0]):
            if not unique or member not in seen:
                seen.add(member)
                yield name, member

    def named_parameters(self, prefix: str | None = None, recursive: bool = True) -> Any:  # type: ignore[override]
        """The parameters with their names."""
        return super().named_parameters(prefix or "", recursive)

    def parameters(self, recursive: bool = True) -> Any:
        """The parameters, each once."""
        return (parameter for _, parameter in self.named_parameters(recursive=recursive))

    def _states(self) -> list[tuple[str, Tensor, bool]]:
        """All tensors by name, a module's own before those below it, and whether they are a normalization's."""
        states = [
            (f"{name}.{key}".lstrip("."), value, getattr(part, "_is_norm", False))
            for name, part in self.named_modules(remove_duplicate=False)
            for key, value in {**part._parameters, **part._buffers}.items()
            if value is not None
        ]
        return sorted(states, key=lambda state: [(".", part) for part in state[0].split(".")[:-1]] + [("", state[0])])

    def state_dict(self, rst: Any = None, prefix: str = "", keep_var: bool = False) -> Any:  # type: ignore[override]
        """Copies of all tensors by name, in ndarrays; the tensors themselves with `keep_var`."""
        found = OrderedDict() if rst is None else rst
        for name, value, is_norm in self._states():
            found[prefix + name] = value if keep_var else value._array.reshape(-1 if is_norm else value.shape).copy()
        return found

    def load_state_dict(self, state_dict: Any, strict: bool = True) -> None:  # type: ignore[override]
        """Copy a state, and take its dtypes.

        Args:
            state_dict: ndarrays by name, or a function that gives one for a name and a tensor; None leaves a tensor.
            strict: whether names on one side alone are an error.

        Raises:
            AssertionError, KeyError, ValueError: values that are no ndarrays, other names, other shapes.
        """
        if not callable(state_dict) and not isinstance(state_dict, dict):
            raise ValueError(f"`state_dict` must load a dict or callable, got {type(state_dict)}")
        find = state_dict if callable(state_dict) else lambda name, _: state_dict.get(name)
        arrays = {name: (find(name, value), value, is_norm) for name, value, is_norm in self._states()}
        missing = {name for name, (array, _, _) in arrays.items() if array is None}
        unused = set() if callable(state_dict) else state_dict.keys() - arrays.keys()
        for kind, names in (("Unused", unused), ("Missing", missing)):
            if names and strict:
                raise KeyError(f"{kind} params violate `strict=True`, {kind.lower()}={names}")
        for name in (name for name in arrays if name not in missing):
            _load(name, *arrays[name])


def _load(name: str, array: Any, value: Tensor, is_norm: bool) -> None:
    if not isinstance(array, np.ndarray):
        raise AssertionError(f"closure should return a `np.ndarray`, now `{name}` get {array}")
    if is_norm and array.size == value._array.size:
        array = array.reshape(value.shape)
    if array.shape != value.shape:
        raise ValueError(f"param `{name}` shape mismatch, should be {value.shape}, get {array.shape}")
    if array.dtype == value.dtype:
        value._array[...] = array
    else:
        value._array = array.copy()
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
        self.__dict__.update({key: given.pop(key) for key in ("conv_mode", "compute_mode") if key in given})
        for what in given.keys() & {"kernel_size", "stride", "padding", "output_padding", "dilation"}:
            given[what] = F.ints(what, given[what], self._torch.ndim, least=int("padding" not in what))
        self._torch.__init__(self, **given)
        self.name = name
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
        if self.padding_mode not in ("zeros", "reflect", "replicate"):
            raise AssertionError(f"padding_mode is 'zeros', 'reflect' or 'replicate', not {self.padding_mode!r}")
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
        names = inspect.signature(cls).parameters
        modes = ("zeros", "reflect", "replicate") if "padding_mode" in names else ("zeros",)
        if isinstance(module.padding, str) or module.padding_mode not in modes:
            raise ValueError(f"MegEngine has no padding {module.padding!r} of mode {module.padding_mode!r} here")
        made = _copied(cls, module, names)
        for name in ("weight", "bias") if made.bias is not None else ("weight",):
            setattr(made, name, Parameter.over(getattr(module, name), getattr(made, name).shape))
        return made

    def to_torch(self) -> Any:
        """The same convolution of torch's face, on the memory of these parameters."""
        made = _copied(self._torch, self, inspect.signature(self._torch).parameters)
        for name in ("weight", "bias") if made.bias is not None else ("weight",):
            own = getattr(self, name)
            value = TorchTensor._wrap(own._array.reshape(getattr(made, name).shape))
            value._counter, own._shared = own._counter, True
            setattr(made, name, nn.Parameter(value))
        return made


def _copied(kind: Any, module: Any, names: Any) -> Any:
    """A module of a class, made with the arguments of another."""
    taken = {name: getattr(module, name) for name in names if name != "bias" and hasattr(module, name)}
    with fork_rng():
        return kind(**{**taken, "bias": module.bias is not None})


_HEAD = "self, in_channels, out_channels, kernel_size, stride=1, padding=0"
_TAIL = "dilation=1, groups=1, bias=True"
_MODES = "conv_mode='cross_correlation', compute_mode='default'"


class Conv1d(_Conv, nn.Conv1d):  # type: ignore[misc]
    """A convolution of (N, C, L): weight (O, C, k) or (G, O/G, C/G, k), bias (1, O, 1). See `Conv2d`."""

    _call, _torch = staticmethod(F.conv1d), nn.Conv1d
    __init__ = declared("__init__", f"{_HEAD}, {_TAIL}, {_MODES}, padding_mode='zeros', name=None", _Conv._make)


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
    __init__ = declared("__init__", f"{_HEAD}, {_TAIL}, conv_mode='cross_correlation'", _Conv._make)


class ConvTranspose2d(_Conv, nn.ConvTranspose2d):  # type: ignore[misc]
    """A transposed convolution of (N, C, H, W): weight (C, O, kH, kW) or (G, C/G, O/G, kH, kW), bias (1, O, 1, 1)."""

    _call, _torch, _fan = staticmethod(F.conv_transpose2d), nn.ConvTranspose2d, "out_channels"
    __init__ = declared("__init__", f"{_HEAD}, output_padding=0, {_TAIL}, {_MODES}, name=None", _Conv._make)


class ConvTranspose3d(_Conv, nn.ConvTranspose3d):  # type: ignore[misc]
    """A transposed convolution of (N, C, D, H, W). See `ConvTranspose2d`."""

    _call, _torch = staticmethod(F.conv_transpose3d), nn.ConvTranspose3d
    __init__ = declared("__init__", f"{_HEAD}, output_padding=0, {_TAIL}", _Conv._make)


_NORM = "self, num_features, eps=1e-5, momentum=0.9, affine=True, track_running_stats=True, freeze=False, name=None"


class _BatchNorm(Module):
    """Batch normalization, whose state is (1, C, 1, 1), and (C,) in a `state_dict`."""

    running_mean: Any
    running_var: Any
    _is_norm = True
    _ranks: ClassVar[tuple[int, ...]]

    def _make(self, name: str | None, **given: Any) -> None:
        Module.__init__(self, name)
        self.__dict__.update(given)
        zeros, ones = (np.full((1, given["num_features"], 1, 1), value, np.float32) for value in (0, 1))
        self.weight, self.bias = (Parameter(ones), Parameter(zeros)) if given["affine"] else (None, None)
        tracked = given["track_running_stats"]
        self.running_mean, self.running_var = (Tensor(zeros), Tensor(ones)) if tracked else (None, None)

    def forward(self, inp: Any) -> Any:
        """Normalize by the batch in training, else by running statistics; always by these if `freeze`."""
        if inp.ndim not in self._ranks:
            raise ValueError(f"expected {' or '.join(f'{n}D' for n in self._ranks)} input (got {inp.ndim}D input)")
        affine = [v.detach() if v is not None and self.freeze else v for v in (self.weight, self.bias)]
        training = not self.freeze and (self.training or self.running_mean is None)
        rows = [None if v is None else v.reshape(-1) for v in (self.running_mean, self.running_var, *affine)]
        return nn.functional.batch_norm(inp, *rows, training, 1 - self.momentum, self.eps)

    def extra_repr(self) -> str:
        names = ("eps", "momentum", "affine", "track_running_stats")
        return ", ".join([str(self.num_features), *(f"{name}={getattr(self, name)}" for name in names)])


class BatchNorm1d(_BatchNorm):
    """Batch normalization of (N, C) or (N, C, L). See `BatchNorm2d`."""

    _ranks = (2, 3)
    __init__ = declared("__init__", _NORM, _BatchNorm._make)


class BatchNorm2d(_BatchNorm):
    """Batch normalization of (N, C, H, W); `momentum` is what running statistics keep, in torch what they take.

    Example:
        >>> norm = BatchNorm2d(1)
        >>> norm(Tensor(np.ones((2, 1, 2, 2)))).shape, norm.running_mean.numpy().round(3)
        ((2, 1, 2, 2), array([[[[0.1]]]], dtype=float32))
    """

    _ranks = (4,)
    __init__ = BatchNorm1d.__init__


class MaxPool2d(nn.MaxPool2d, Module):  # type: ignore[misc]
    """The largest element of each window; `stride` is `kernel_size` by default."""

    def extra_repr(self) -> str:
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"


class ReLU(nn.ReLU, Module):  # type: ignore[misc]
    """The elements above zero, and zero for the others."""


class Sequential(nn.Sequential, Module):  # type: ignore[misc]
    """Modules of which each takes what the one before it gives."""
