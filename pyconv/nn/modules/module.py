"""Module, from which every layer and network derives.

What it does stands in the files of its bases, by concern. May import: NumPy, and all of pyconv but `optim` and
`megengine`.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from pyconv.naming import adopt
from pyconv.nn.modules.call import Call
from pyconv.nn.modules.conversion import Conversion
from pyconv.nn.modules.hooks import (
    _WrappedHook,
    register_module_backward_hook,
    register_module_forward_hook,
    register_module_forward_pre_hook,
    register_module_full_backward_hook,
    register_module_full_backward_pre_hook,
)
from pyconv.nn.modules.registry import (
    register_module_buffer_registration_hook,
    register_module_module_registration_hook,
    register_module_parameter_registration_hook,
)
from pyconv.nn.modules.state_dict import Stateful

__all__ = [
    "Module",
    "_WrappedHook",
    "enclosed",
    "indented",
    "register_module_backward_hook",
    "register_module_buffer_registration_hook",
    "register_module_forward_hook",
    "register_module_forward_pre_hook",
    "register_module_full_backward_hook",
    "register_module_full_backward_pre_hook",
    "register_module_module_registration_hook",
    "register_module_parameter_registration_hook",
]

M = TypeVar("M", bound="Module")


class Module(Call, Conversion, Stateful):
    """A layer or a network: a `forward` with the parameters, buffers and modules that it needs.

    Tensors in, Tensors out; a call whose arguments are ndarrays, with no Tensor among them, records no gradient and
    gives ndarrays.

    Attributes:
        training: whether it is in training mode, as it is at first, or in evaluation mode.
        call_super_init: whether `__init__` passes its arguments on to the class that follows in the order of bases.

    Example:
        >>> import numpy as np
        >>> import pyconv
        >>> from pyconv.nn.parameter import Parameter
        >>> class Scale(Module):
        ...     def __init__(self, factor):
        ...         super().__init__()
        ...         self.factor = Parameter(pyconv.tensor(factor))
        ...     def forward(self, x):
        ...         return x * self.factor
        >>> scale = Scale(2.0)
        >>> scale(pyconv.ones(2))
        tensor([2., 2.], grad_fn=<MulBackward0>)
        >>> scale(np.ones(2, np.float32))
        array([2., 2.], dtype=float32)
        >>> scale.state_dict()
        OrderedDict([('factor', tensor(2.))])
    """

    training: bool
    call_super_init: ClassVar[bool] = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if not self.call_super_init:
            _refuse(type(self).__name__, args, kwargs)
        self.__dict__.update(
            training=True,
            _parameters={},
            _buffers={},
            _non_persistent_buffers_set=set(),
            _modules={},
            **_hooks(),
        )
        if self.call_super_init:
            super().__init__(*args, **kwargs)

    def apply(self: M, fn: Callable[[Any], Any]) -> M:
        """Call `fn` with every module below this one, children first, and then with this one."""
        for module in self.children():
            module.apply(fn)
        fn(self)
        return self

    def train(self: M, mode: bool = True) -> M:
        """Put this module and all below it in training mode, or in evaluation mode.

        Raises:
            ValueError: `mode` is no bool.
        """
        if not isinstance(mode, bool):
            raise ValueError("training mode is expected to be boolean")
        self.training = mode
        for module in self.children():
            module.train(mode)
        return self

    def eval(self: M) -> M:
        """Put this module and all below it in evaluation mode."""
        return self.train(False)

    def requires_grad_(self: M, requires_grad: bool = True) -> M:
        """Say of all parameters whether gradients with respect to them are computed."""
        for parameter in self.parameters():
            parameter.requires_grad_(requires_grad)
        return self

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of all parameters, or make them zero."""
        for parameter in self.parameters():
            if set_to_none:
                parameter.grad = None
            elif parameter.grad is not None:
                parameter.grad.detach_().zero_()

    def compile(self, *args: Any, **kwargs: Any) -> None:
        """Leave the module as it is: there is no compiler, and the same is computed."""

    def share_memory(self: M) -> M:
        """This module, whose memory worker processes copy when they need it.

        Raises:
            RuntimeError: a parameter or buffer is not initialised yet.
        """
        return self._apply(lambda t: t.share_memory_())

    def _get_name(self) -> str:
        return type(self).__name__

    def extra_repr(self) -> str:
        """What a subclass wants in its `repr`: a line, or several."""
        return ""

    def __repr__(self) -> str:
        extra = self.extra_repr()
        lines = extra.split("\n") if extra else []
        children = [f"({name}): {indented(repr(module))}" for name, module in self._modules.items()]
        if len(lines) == 1 and not children:
            return f"{self._get_name()}({extra})"
        return enclosed(self._get_name(), lines + children)

    def __dir__(self) -> list[str]:
        names = (*dir(type(self)), *self.__dict__, *self._parameters, *self._modules, *self._buffers)
        return sorted(name for name in names if not name[0].isdigit())

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__.copy()

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(_hooks() | {"_non_persistent_buffers_set": set()} | state)


adopt(Module, *Module.__mro__[1:-1])


def _hooks() -> dict[str, Any]:
    """What a module without hooks has in the places of hooks."""
    return {"_is_full_backward_hook": None, **{name: OrderedDict() for name in _HOOKS}}


_HOOKS = (
    "_backward_hooks",
    "_backward_pre_hooks",
    "_forward_pre_hooks",
    "_forward_pre_hooks_with_kwargs",
    "_forward_hooks",
    "_forward_hooks_with_kwargs",
    "_forward_hooks_always_called",
    "_state_dict_pre_hooks",
    "_state_dict_hooks",
    "_load_state_dict_pre_hooks",
    "_load_state_dict_post_hooks",
)


def _refuse(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """Raise Python's TypeError for arguments that `__init__` does not have."""
    if kwargs:
        raise TypeError(f"{name}.__init__() got an unexpected keyword argument '{next(iter(kwargs))}'")
    if args:
        raise TypeError(f"{name}.__init__() takes 1 positional argument but {len(args) + 1} were given")


def indented(text: str) -> str:
    """A text whose lines but the first are moved right by two."""
    first, *rest = text.split("\n")
    return "\n".join([first, *("  " + line if line.strip() else "" for line in rest)])


def enclosed(name: str, lines: list[str]) -> str:
    """`name(...)`, with each item on a line of its own."""
    return f"{name}(\n  " + "\n  ".join(lines) + "\n)" if lines else f"{name}()"
