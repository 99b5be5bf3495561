"""Modules that hold modules: in a row, in a list, in a dict.

May import: `pyconv.nn.modules.module`.
"""

from __future__ import annotations

import operator
from abc import abstractmethod
from collections import OrderedDict
from collections.abc import ItemsView, Iterable, Iterator, KeysView, Mapping, ValuesView
from itertools import chain
from typing import Any, TypeVar

from pyconv import lazy
from pyconv.autograd.mode import is_grad_enabled
from pyconv.naming import own
from pyconv.nn.modules.joined import joined
from pyconv.nn.modules.module import Module, enclosed, indented

N = TypeVar("N", bound="_Numbered")
S = TypeVar("S", bound="Sequential")


class _Numbered(Module):
    """Modules one after the other, by position."""

    def __len__(self) -> int:
        return len(self._modules)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._modules.values())

    def _name_at(self, idx: Any) -> str:
        """The name of the module at a position; an IndexError where there is none."""
        position = operator.index(idx)
        if not -len(self) <= position < len(self):
            raise IndexError(f"index {position} is out of range")
        return list(self._modules)[position]

    def __getitem__(self, idx: int | slice) -> Any:
        if isinstance(idx, slice):
            return self._of(dict(list(self._modules.items())[idx]))
        return self._modules[self._name_at(idx)]

    @abstractmethod
    def _of(self, modules: dict[str, Module]) -> Any:
        """A container of this class with some of the modules."""

    def __setitem__(self, idx: int, module: Module) -> None:
        setattr(self, self._name_at(idx), module)

    def __delitem__(self, idx: int | slice) -> None:
        for name in list(self._modules)[idx] if isinstance(idx, slice) else [self._name_at(idx)]:
            delattr(self, name)
        self._modules = {str(i): module for i, module in enumerate(self)}

    def pop(self, key: int | slice) -> Any:
        """Remove what is at a position, or in a slice, and return it."""
        found = self[key]
        del self[key]
        return found

    def append(self: N, module: Module) -> N:
        """Put a module at the end."""
        self.add_module(str(len(self)), module)
        return self

    def _insert(self, index: int, module: Module) -> None:
        """Put a module at a position counted from 0, and move the others up by one."""
        for i in range(len(self), index, -1):
            self._modules[str(i)] = self._modules[str(i - 1)]
        self._modules[str(index)] = module


@own("append", "pop")
class Sequential(_Numbered):
    """Modules of which each takes what the one before it gives.

    Args:
        args: the modules, or one OrderedDict of them by name.

    Raises:
        TypeError: something is no Module.

    Example:
        >>> import pyconv
        >>> from pyconv.nn.modules.conv import Conv2d
        >>> net = Sequential(Conv2d(1, 4, 3), Conv2d(4, 2, 3))
        >>> net
        Sequential(
          (0): Conv2d(1, 4, kernel_size=(3, 3), stride=(1, 1))
          (1): Conv2d(4, 2, kernel_size=(3, 3), stride=(1, 1))
        )
        >>> net(pyconv.zeros(1, 1, 8, 8)).shape
        torch.Size([1, 2, 4, 4])
    """

    def __init__(self, *args: Any) -> None:
        super().__init__()
        is_named = len(args) == 1 and isinstance(args[0], OrderedDict)
        named = args[0] if is_named else {str(i): module for i, module in enumerate(args)}
        for name, module in named.items():
            self.add_module(name, module)

    def forward(self, input: Any) -> Any:
        """What the last module gives for what the others made of `input`."""
        modules = iter(self)
        for module in modules if is_grad_enabled() else joined(modules):
            input = module(input)
        return input

    def _of(self, modules: dict[str, Module]) -> Any:
        return type(self)(OrderedDict(modules))

    def insert(self: S, index: int, module: Module) -> S:
        """Put a module at a position, and move the others up by one.

        Raises:
            AssertionError: no Module.
            IndexError: there is no such position.
        """
        if not isinstance(module, Module):
            raise AssertionError(f"module should be of type: {Module}")
        if not -len(self) <= index <= len(self):
            raise IndexError(f"Index out of range: {index}")
        self._insert(index + len(self) if index < 0 else index, module)
        return self

    def extend(self: S, sequential: Iterable[Module]) -> S:
        """Put modules at the end."""
        for module in sequential:
            self.append(module)
        return self

    def __add__(self, other: Any) -> Sequential:
        return Sequential(*self, *_sequential(other))

    def __iadd__(self: S, other: Any) -> S:
        return self.extend(list(_sequential(other)))

    def __mul__(self, other: Any) -> Sequential:
        return Sequential(*list(self) * _times(self, other))

    __rmul__ = __mul__

    def __imul__(self: S, other: Any) -> S:
        return self.extend(list(self) * (_times(self, other) - 1))


def _sequential(other: Any) -> Sequential:
    if not isinstance(other, Sequential):
        raise ValueError(f"add operator supports only objects of Sequential class, but {type(other)} is given.")
    return other


def _times(value: Sequential, factor: Any) -> int:
    if not isinstance(factor, int):
        raise TypeError(f"unsupported operand type(s) for *: {type(value)} and {type(factor)}")
    if factor <= 0:
        raise ValueError(f"Non-positive multiplication factor {factor} for {type(value)}")
    return factor


L = TypeVar("L", bound="ModuleList")


@own("append", "pop")
class ModuleList(_Numbered):
    """A list of modules, whose parameters are parameters of the module that holds the list.

    Args:
        modules: the modules, or None for none.

    Raises:
        TypeError: no iterable, or something in it is no Module.

    Example:
        >>> from pyconv.nn.modules.conv import Conv1d
        >>> ModuleList(Conv1d(2, 2, 1) for _ in range(3))
        ModuleList(
          (0-2): 3 x Conv1d(2, 2, kernel_size=(1,), stride=(1,))
        )
    """

    def __init__(self, modules: Iterable[Module] | None = None) -> None:
        super().__init__()
        if modules is not None:
            self.extend(modules)

    def _of(self, modules: dict[str, Module]) -> Any:
        return type(self)(modules.values())

    def insert(self, index: int, module: Module) -> None:
        """Put a module at a position counted from 0, and move the others up by one."""
        self._insert(index, module)

    def extend(self: L, modules: Iterable[Module]) -> L:
        """Put modules at the end."""
        if not isinstance(modules, Iterable):
            raise TypeError(f"ModuleList.extend should be called with an iterable, but got {type(modules).__name__}")
        for i, module in enumerate(modules, len(self)):
            self.add_module(str(i), module)
        return self

    __iadd__ = extend

    def __add__(self, other: Iterable[Module]) -> ModuleList:
        return ModuleList(chain(self, other))

    def __repr__(self) -> str:
        runs: list[tuple[int, int, str]] = []
        for i, text in enumerate(map(repr, self)):
            if runs and runs[-1][2] == text:
                runs[-1] = (runs[-1][0], i, text)
            else:
                runs.append((i, i, text))
        lines = [
            f"({first}): {text}" if first == last else f"({first}-{last}): {last - first + 1} x {text}"
            for first, last, text in runs
        ]
        return enclosed(self._get_name(), [indented(line) for line in lines])


class ModuleDict(Module):
    """A dict of modules, whose parameters are parameters of the module that holds the dict.

    Args:
        modules: the modules by name, or pairs of a name and a module, or None for none.

    Raises:
        KeyError: a name that is no attribute's to have.
        TypeError: no mapping and no iterable of pairs, or something in it is no Module.
        ValueError: something in it is no pair.

    Example:
        >>> from pyconv.nn.modules.conv import Conv1d
        >>> heads = ModuleDict({"small": Conv1d(2, 2, 1), "large": Conv1d(2, 2, 5)})
        >>> heads["large"], "small" in heads
        (Conv1d(2, 2, kernel_size=(5,), stride=(1,)), True)
    """

    def __init__(self, modules: Any = None) -> None:
        super().__init__()
        if modules is not None:
            self.update(modules)

    def __getitem__(self, key: str) -> Any:
        return self._modules[key]

    def __setitem__(self, key: str, module: Module) -> None:
        self.add_module(key, module)

    def __delitem__(self, key: str) -> None:
        del self._modules[key]

    def __len__(self) -> int:
        return len(self._modules)

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __contains__(self, key: str) -> bool:
        return key in self._modules

    def clear(self) -> None:
        """Remove all modules."""
        self._modules.clear()

    def pop(self, key: str) -> Any:
        """Remove a module and return it."""
        return self._modules.pop(key)

    def keys(self) -> KeysView[str]:
        """The names."""
        return self._modules.keys()

    def items(self) -> ItemsView[str, Any]:
        """The names with their modules."""
        return self._modules.items()

    def values(self) -> ValuesView[Any]:
        """The modules."""
        return self._modules.values()

    def update(self, modules: Any) -> None:
        """Add modules, in place of those of the same names, from what the constructor takes."""
        if not isinstance(modules, Iterable):
            raise TypeError(
                "ModuleDict.update should be called with an iterable of key/value pairs, but got "
                f"{type(modules).__name__}"
            )
        for name, module in modules.items() if isinstance(modules, (Mapping, ModuleDict)) else _pairs(modules):
            self[name] = module


def _pairs(items: Iterable[Any]) -> Iterator[Any]:
    for i, item in enumerate(items):
        if not isinstance(item, Iterable):
            raise TypeError(f"ModuleDict update sequence element #{i} should be Iterable; is{type(item).__name__}")
        pair: Any = item
        if len(pair) != 2:
            raise ValueError(f"ModuleDict update sequence element #{i} has length {len(pair)}; 2 is required")
        yield pair


lazy.package(__name__, {"pyconv.nn.modules.parameter_containers": ["ParameterDict", "ParameterList"]})
