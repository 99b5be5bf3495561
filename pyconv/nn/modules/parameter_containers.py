"""Modules that hold parameters: in a list, in a dict. What is no tensor is held as it is.

May import: `pyconv.tensor`, `pyconv.nn.parameter`, `pyconv.nn.modules.module`.
"""

from __future__ import annotations

import operator
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pyconv.nn.modules.module import Module
from pyconv.nn.parameter import Parameter
from pyconv.tensor import Tensor

__all__ = ["ParameterDict", "ParameterList"]


def _held(value: Any) -> Any:
    """A value as it is held: a tensor that is no parameter becomes one."""
    return Parameter(value) if isinstance(value, Tensor) and not isinstance(value, Parameter) else value


def _lines(named: Iterable[tuple[Any, Any]], type_name: Any) -> list[str]:
    lines = []
    for name, value in named:
        if isinstance(value, Tensor):
            what = "Parameter" if isinstance(value, Parameter) else "Tensor"
            size = "x".join(str(n) for n in value.shape)
            lines.append(f"  ({name}): {what} containing: [{type_name(value)} of size {size}]")
        else:
            lines.append(f"  ({name}): Object of type: {type(value).__name__}")
    return lines


class ParameterList(Module):
    """Parameters by number.

    Args:
        values: what it holds; tensors become parameters.

    Raises:
        TypeError: `values` cannot be gone through.

    Example:
        >>> import pyconv
        >>> ParameterList([pyconv.ones(2), pyconv.ones(3)])
        ParameterList(
            (0): Parameter containing: [torch.float32 of size 2]
            (1): Parameter containing: [torch.float32 of size 3]
        )
    """

    def __init__(self, values: Iterable[Any] | None = None) -> None:
        super().__init__()
        self._size = 0
        if values is not None:
            self.extend(values)

    def _name_at(self, idx: Any) -> str:
        position = operator.index(idx)
        if not -len(self) <= position < len(self):
            raise IndexError(f"index {position} is out of range")
        return str(position % len(self) if len(self) else position)

    def __getitem__(self, idx: Any) -> Any:
        if isinstance(idx, slice):
            start, stop, step = idx.indices(len(self))
            return type(self)([self[i] for i in range(start, stop, step)])
        return getattr(self, self._name_at(idx))

    def __setitem__(self, idx: int, param: Any) -> None:
        setattr(self, self._name_at(idx), _held(param))

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[Any]:
        return iter([self[i] for i in range(len(self))])

    def __iadd__(self, parameters: Iterable[Any]) -> ParameterList:
        return self.extend(parameters)

    def __dir__(self) -> list[str]:
        return [name for name in super().__dir__() if not name.isdigit()]

    def append(self, value: Any) -> ParameterList:
        """Add one value at the end."""
        position = len(self)
        self._size += 1
        self[position] = value
        return self

    def extend(self, values: Iterable[Any]) -> ParameterList:
        """Add several values at the end.

        Raises:
            TypeError: they cannot be gone through.
        """
        if not isinstance(values, Iterable) or isinstance(values, Tensor):
            raise TypeError(f"ParameterList.extend should be called with an iterable, but got {type(values).__name__}")
        for value in values:
            self.append(value)
        return self

    def extra_repr(self) -> str:
        return "\n".join(_lines(enumerate(self), lambda value: value.dtype))

    def __call__(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ARG002
        """Refuse.

        Raises:
            RuntimeError: always.
        """
        raise RuntimeError("ParameterList should not be called.")


class ParameterDict(Module):
    """Parameters by name, in the order of their coming.

    Args:
        parameters: a mapping, or pairs of a name and a value; tensors become parameters.

    Raises:
        TypeError: `parameters` is neither.
        ValueError: an item is no pair.

    Example:
        >>> import pyconv
        >>> ParameterDict({"scale": pyconv.ones(2)})
        ParameterDict(  (scale): Parameter containing: [torch.FloatTensor of size 2])
    """

    def __init__(self, parameters: Any = None) -> None:
        super().__init__()
        self._keys: dict[str, None] = {}
        if parameters is not None:
            self.update(parameters)

    def __getitem__(self, key: str) -> Any:
        return getattr(self, key)

    def __setitem__(self, key: str, value: Any) -> None:
        self._keys[key] = None
        setattr(self, key, _held(value))

    def __delitem__(self, key: str) -> None:
        del self._keys[key]
        delattr(self, key)

    def __len__(self) -> int:
        return len(self._keys)

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __reversed__(self) -> Iterator[str]:
        return reversed(list(self._keys))

    def __contains__(self, key: object) -> bool:
        return key in self._keys

    def __or__(self, other: ParameterDict) -> ParameterDict:
        found = self.copy()
        found.update(other)
        return found

    def __ror__(self, other: ParameterDict) -> ParameterDict:
        found = other.copy()
        found.update(self)
        return found

    def __ior__(self, other: Any) -> ParameterDict:  # type: ignore[misc]
        self.update(other)
        return self

    def copy(self) -> ParameterDict:
        """A dict of its own with the same parameters."""
        return ParameterDict(OrderedDict((key, self[key]) for key in self))

    def setdefault(self, key: str, default: Any = None) -> Any:
        """What has the name, which is `default` from now on where there was nothing."""
        if key not in self:
            self[key] = default
        return self[key]

    def clear(self) -> None:
        """Remove everything."""
        for key in list(self):
            del self[key]

    def pop(self, key: str) -> Any:
        """Remove what has the name, and return it."""
        found = self[key]
        del self[key]
        return found

    def popitem(self) -> tuple[str, Any]:
        """Remove what came last, and return it with its name."""
        key = next(reversed(self))
        return key, self.pop(key)

    def get(self, key: str, default: Any = None) -> Any:
        """What has the name, or `default`."""
        return self[key] if key in self else default  # noqa: SIM401 (this is that method)

    def fromkeys(self, keys: Iterable[str], default: Any = None) -> ParameterDict:
        """A dict with the same value under each of the names."""
        return ParameterDict((key, default) for key in keys)

    def keys(self) -> Any:
        """The names."""
        return self._keys.keys()

    def items(self) -> Iterator[tuple[str, Any]]:
        """The names and values."""
        return ((key, self[key]) for key in self)

    def values(self) -> Iterator[Any]:
        """The values."""
        return (self[key] for key in self)

    def update(self, parameters: Any) -> None:
        """Take over the items of a mapping, or pairs; a plain dict's in the order of the names.

        Raises:
            TypeError: `parameters` is neither.
            ValueError: an item is no pair.
        """
        if not isinstance(parameters, (Iterable, ParameterDict)):
            raise TypeError(
                "ParametersDict.update should be called with an iterable of key/value pairs, but got "
                f"{type(parameters).__name__}"
            )
        if isinstance(parameters, (OrderedDict, ParameterDict)):
            pairs: Iterable[Any] = list(parameters.items())
        elif isinstance(parameters, Mapping):
            pairs = sorted(parameters.items())
        else:
            pairs = _pairs(parameters)
        for key, value in pairs:
            self[key] = value

    def extra_repr(self) -> str:
        return "\n".join(_lines(self.items(), lambda value: value.type()))

    def __call__(self, input: Any) -> Any:  # noqa: ARG002
        """Refuse.

        Raises:
            RuntimeError: always.
        """
        raise RuntimeError("ParameterDict should not be called.")


def _pairs(items: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    for i, item in enumerate(items):
        if not isinstance(item, Iterable):
            raise TypeError(f"ParameterDict update sequence element #{i} should be Iterable; is{type(item).__name__}")
        pair = tuple(item)
        if len(pair) != 2:
            raise ValueError(f"ParameterDict update sequence element #{i} has length {len(pair)}; 2 is required")
        yield pair[0], pair[1]
