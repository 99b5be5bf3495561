"""The arguments of torch's signatures: what each must be, and whether a value is that.

May import: NumPy, `pyconv.dtypes`, `pyconv.size`, `pyconv.autograd`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.traced import Traced
from pyconv.signatures.values import is_int
from pyconv.size import device, layout, memory_format

_ARGUMENT = re.compile(
    r"(\*(?=[,)]))|(Tensor|Number|float|int|bool|str|object|Generator|tuple of \w+|torch\.\w+|Sequence)(!?)(\??) (\w+)( = [^,)]+)?"  # noqa: E501
)
_NUMPY_NAMES = {"dim": ("axis",), "keepdim": ("keepdims",), "input": ("x", "a", "x1"), "other": ("x2",)}
"""The names that NumPy has for arguments, which torch takes too."""


@dataclass(frozen=True)
class Argument:
    """One argument of a signature: what it must be, its name, whether it may be missing, whether it needs its name.

    `nullable` is for one that may be None, `numbers` for a Tensor that may be a number, `several` for a tuple in whose
    place no single int may stand.
    """

    kind: str
    name: str
    optional: bool
    keyword_only: bool = False
    nullable: bool = False
    numbers: bool = False
    several: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The keywords that it goes by."""
        return (self.name, *_NUMPY_NAMES.get(self.name, ()))


@dataclass(frozen=True)
class Signature:
    """A signature as torch prints it, and its arguments."""

    text: str
    arguments: tuple[Argument, ...]

    @classmethod
    def parse(cls, text: str) -> Signature:
        """The signature that a text stands for, with two marks behind a kind that torch does not print.

        A question mark allows None, as a default of None or () does; an exclamation mark behind `tuple of ints`
        forbids an int alone.

        Example:
            >>> [argument.name for argument in Signature.parse("(Tensor input, *, int dim = None)").arguments]
            ['input', 'dim']
        """
        found = []
        keyword_only = False
        for star, kind, several, nullable, name, default in _ARGUMENT.findall(text):
            if star:
                keyword_only = True
            else:
                none = bool(nullable) or default in (" = None", " = (")
                found.append(Argument(kind, name, bool(default), keyword_only, none, several=bool(several)))
        return cls(re.sub(r"[!?]+ ", " ", text), tuple(found))

    def of_method(self) -> Signature:
        """The signature without the tensor that the method belongs to, and without `out`."""
        text = re.sub(r"(, \*)?, (Tensor|tuple of Tensors) out = None(?=\))", "", self.text)
        arguments = tuple(argument for argument in self.arguments[1:] if argument.name != "out")
        return replace(self, text=re.sub(r"^\(\w+ \w+(, )?", "(", text), arguments=arguments)

    def with_numbers(self) -> Signature:
        """The signature with numbers taken for tensors, as torch does it in plain arithmetic."""
        return replace(self, arguments=tuple(replace(argument, numbers=True) for argument in self.arguments))

    @property
    def positional(self) -> int:
        """How many arguments can go without their names."""
        return sum(not argument.keyword_only for argument in self.arguments)

    @property
    def required(self) -> int:
        """How many arguments must be there."""
        return sum(not argument.optional for argument in self.arguments)


def fits(argument: Argument, value: Any, tensors: type = Traced) -> bool:
    """Whether torch takes a value for an argument.

    Args:
        argument: of a signature.
        value: any object.
        tensors: the type that counts as Tensor.
    """
    if value is None and argument.nullable:
        return True
    if argument.numbers and argument.kind == "Tensor" and argument.name != "out" and _number(value, tensors):
        return True
    if argument.several and not isinstance(value, (tuple, list)):
        return False
    return _FITS.get(argument.kind, _anything)(value, tensors)


def _anything(value: Any, tensors: type) -> bool:  # noqa: ARG001
    return True


def _tensor(value: Any, tensors: type) -> bool:
    return isinstance(value, tensors)


def _number(value: Any, tensors: type) -> bool:  # noqa: ARG001
    if isinstance(value, Traced):
        return value._array.ndim == 0 and not value._requires_grad
    return isinstance(value, (int, float, complex, np.number, np.bool_))


def _float(value: Any, tensors: type) -> bool:
    return _number(value, tensors) and not isinstance(value, (complex, np.complexfloating))


def _ints(value: Any, tensors: type) -> bool:  # noqa: ARG001
    if isinstance(value, (tuple, list)):
        return not value or is_int(value[0])
    return is_int(value)


def _floats(value: Any, tensors: type) -> bool:
    if isinstance(value, (tuple, list)):
        return not value or _float(value[0], tensors)
    return _float(value, tensors)


def _tensors(value: Any, tensors: type) -> bool:  # noqa: ARG001 (the items are looked at when they are taken out)
    return isinstance(value, (tuple, list))


def _bool(value: Any, tensors: type) -> bool:  # noqa: ARG001
    return isinstance(value, (bool, np.bool_))


def _str(value: Any, tensors: type) -> bool:  # noqa: ARG001
    return isinstance(value, str)


def _dtype(value: Any, tensors: type) -> bool:  # noqa: ARG001
    return isinstance(value, dtypes.dtype) or (isinstance(value, type) and value in (float, int, bool, complex))


def _device(value: Any, tensors: type) -> bool:  # noqa: ARG001
    return isinstance(value, (device, str, int))


def _memory_format(value: Any, tensors: type) -> bool:  # noqa: ARG001
    return isinstance(value, memory_format)


def _layout(value: Any, tensors: type) -> bool:  # noqa: ARG001
    return isinstance(value, layout)


def _generator(value: Any, tensors: type) -> bool:  # noqa: ARG001
    return value is None or hasattr(value, "fill_uniform")


_FITS: dict[str, Callable[[Any, type], bool]] = {
    "Tensor": _tensor,
    "Number": _number,
    "float": _float,
    "int": is_int,
    "bool": _bool,
    "str": _str,
    "tuple of ints": _ints,
    "tuple of floats": _floats,
    "tuple of Tensors": _tensors,
    "torch.dtype": _dtype,
    "torch.device": _device,
    "torch.memory_format": _memory_format,
    "torch.layout": _layout,
    "torch.Generator": _generator,
}
