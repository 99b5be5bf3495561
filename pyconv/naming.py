"""What Python itself says of a class's functions and attributes: "Conv2d.__init__() missing 1 required ...".

It names the class that a function was written in; torch's are other classes than ours where code is shared. May
import: the standard library.
"""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Any, TypeVar

C = TypeVar("C", bound=type)
_FAMILIES = {
    "attention": "activation",
    "conv_transpose": "conv",
    "embedding": "sparse",
    "embedding_bag": "sparse",
    "lazy_conv": "conv",
    "parameter_containers": "container",
    "rnn_base": "rnn",
    "rnn_cells": "rnn",
    "transformer_decoder": "transformer",
    "transformer_encoder": "transformer",
}
"""Files of `nn.modules` whose classes torch has in another one."""


def adopt(owner: type, *mixins: type) -> None:
    """Let the functions of mixins go by the name of the class that is made of them.

    Args:
        owner: the class, as `Module`.
        mixins: bases of it that nobody else has.

    Example:
        >>> class Part:
        ...     def run(self): ...
        >>> class Whole(Part): ...
        >>> adopt(Whole, Part)
        >>> Whole().run(1)
        Traceback (most recent call last):
        TypeError: Whole.run() takes 1 positional argument but 2 were given
    """
    for mixin in mixins:
        for name, value in vars(mixin).items():
            if isinstance(value, FunctionType):
                value.__qualname__ = f"{owner.__name__}.{name}"


def seal(owner: type, *mixins: type) -> None:
    """Let the attributes of a class that cannot be set say so as torch's do, which are written in C.

    Args:
        owner: the class, as `Tensor`.
        mixins: bases of it whose attributes are meant too.

    Example:
        >>> class Whole:
        ...     @property
        ...     def size(self): ...
        >>> seal(Whole)
        >>> Whole().size = 1
        Traceback (most recent call last):
        AttributeError: attribute 'size' of 'torch._C.TensorBase' objects is not writable
    """
    for holder in (owner, *mixins):
        for name, value in list(vars(holder).items()):
            if isinstance(value, property) and value.fset is None:
                refuse = _refusal(name)
                setattr(holder, name, property(value.fget, refuse, refuse, value.__doc__))


def _refusal(name: str) -> Callable[..., None]:
    def refuse(*_: Any) -> None:
        raise AttributeError(f"attribute '{name}' of 'torch._C.TensorBase' objects is not writable")

    return refuse


def family(module: str) -> str:
    """The module in which torch has what stands in one of ours, where a family of modules takes several files.

    Args:
        module: the name of ours, as `pyconv.nn.modules.pooling.maximum`.

    Example:
        >>> family("pyconv.nn.modules.pooling.maximum"), family("pyconv.optim.sgd")
        ('pyconv.nn.modules.pooling', 'pyconv.optim.sgd')
    """
    package, _, file = module.partition(".nn.modules.")
    name = file.partition(".")[0]
    return f"{package}.nn.modules.{_FAMILIES.get(name, name)}" if name and package == "pyconv" else module


def own(*names: str) -> Callable[[C], C]:
    """Give a class functions of its own where it inherits them, so that they go by its name.

    Args:
        names: of functions that the class inherits.

    Example:
        >>> class Base:
        ...     def run(self): ...
        >>> @own("run")
        ... class Special(Base): ...
        >>> Special().run(1)
        Traceback (most recent call last):
        TypeError: Special.run() takes 1 positional argument but 2 were given
    """

    def decorate(owner: C) -> C:
        for name in names:
            found: Any = getattr(owner, name)
            copy = FunctionType(found.__code__, found.__globals__, name, found.__defaults__, found.__closure__)
            copy.__kwdefaults__, copy.__annotations__ = found.__kwdefaults__, found.__annotations__
            copy.__doc__, copy.__module__ = found.__doc__, found.__module__
            copy.__qualname__ = f"{owner.__name__}.{name}"
            setattr(owner, name, copy)
        return owner

    return decorate
