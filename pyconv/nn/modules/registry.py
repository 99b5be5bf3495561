"""What a module keeps of what is assigned to it: parameters, buffers and other modules, each in a table of its own.

May import: `pyconv.naming`, `pyconv.autograd.handles`, `pyconv.tensor`, `pyconv.nn.parameter`.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from pyconv.autograd.handles import Hooks, RemovableHandle, register
from pyconv.naming import family
from pyconv.nn.parameter import Buffer, Parameter
from pyconv.tensor import Tensor

_buffer_hooks: Hooks = OrderedDict()
_module_hooks: Hooks = OrderedDict()
_parameter_hooks: Hooks = OrderedDict()


def register_module_buffer_registration_hook(hook: Callable[..., Any]) -> RemovableHandle:
    """Call `hook(module, name, buffer)` for every buffer of any module; what it returns is kept, unless None."""
    return register(_buffer_hooks, hook)


def register_module_module_registration_hook(hook: Callable[..., Any]) -> RemovableHandle:
    """Call `hook(module, name, child)` for every module within another; what it returns is kept, unless None."""
    return register(_module_hooks, hook)


def register_module_parameter_registration_hook(hook: Callable[..., Any]) -> RemovableHandle:
    """Call `hook(module, name, parameter)` for every parameter; what it returns is kept, unless None."""
    return register(_parameter_hooks, hook)


def _after(hooks: Hooks, module: Any, name: str, value: Any) -> Any:
    """A value to be kept, after hooks have seen it."""
    for hook in hooks.values():
        changed = hook(module, name, value)
        value = value if changed is None else changed
    return value


class Registry:
    """The part of Module that registers attributes, and finds them again."""

    _parameters: dict[str, Parameter | None]
    _buffers: dict[str, Tensor | None]
    _non_persistent_buffers_set: set[str]
    _modules: dict[str, Any]

    def register_parameter(self, name: str, param: Parameter | None) -> None:
        """Add a parameter under a name.

        Args:
            name: the attribute by which it is found.
            param: a leaf, or None to say that there is none.

        Raises:
            AttributeError: before `Module.__init__`.
            KeyError: the name is empty, has a dot, or is another attribute's.
            TypeError: no Parameter, or the name is no string.
            ValueError: the parameter is no leaf.
        """
        if "_parameters" not in self.__dict__:
            raise AttributeError("cannot assign parameter before Module.__init__() call")
        self._check_name("parameter", name, self._parameters)
        if param is not None and not isinstance(param, Parameter):
            raise TypeError(
                f"cannot assign '{_type_name(param)}' object to parameter '{name}' "
                "(torch.nn.Parameter or None required)"
            )
        if param is not None and param.grad_fn is not None:
            raise ValueError(
                f"Cannot assign non-leaf Tensor to parameter '{name}'. Model parameters must be created explicitly. To "
                f"express '{name}' as a function of another Tensor, compute the value in the forward() method."
            )
        self._parameters[name] = _after(_parameter_hooks, self, name, param)

    def register_buffer(self, name: str, tensor: Tensor | None, persistent: bool = True) -> None:
        """Add a buffer under a name: state that is no parameter.

        Args:
            name: the attribute by which it is found.
            tensor: of any shape and dtype, or None to say that there is none.
            persistent: whether it is part of the `state_dict`.

        Raises:
            AttributeError: before `Module.__init__`.
            KeyError: the name is empty, has a dot, or is another attribute's.
            TypeError: no Tensor, or the name is no string.
        """
        if "_buffers" not in self.__dict__:
            raise AttributeError("cannot assign buffer before Module.__init__() call")
        self._check_name("buffer", name, self._buffers)
        if tensor is not None and not isinstance(tensor, Tensor):
            raise TypeError(
                f"cannot assign '{_type_name(tensor)}' object to buffer '{name}' (torch Tensor or None required)"
            )
        self._buffers[name] = _after(_buffer_hooks, self, name, tensor)
        if persistent:
            self._non_persistent_buffers_set.discard(name)
        else:
            self._non_persistent_buffers_set.add(name)

    def _check_name(self, kind: str, name: Any, table: dict[str, Any]) -> None:
        if not isinstance(name, str):
            raise TypeError(f"{kind} name should be a string. Got {_type_name(name)}")
        if "." in name:
            raise KeyError(f'{kind} name can\'t contain "."')
        if name == "":
            raise KeyError(f'{kind} name can\'t be empty string ""')
        if hasattr(self, name) and name not in table:
            raise KeyError(f"attribute '{name}' already exists")

    def add_module(self, name: str, module: Registry | None) -> None:
        """Add a child module under a name.

        Args:
            name: the attribute by which it is found.
            module: the child, or None to say that there is none.

        Raises:
            KeyError: the name is empty, has a dot, or is another attribute's.
            TypeError: no Module, or the name is no string.
        """
        if module is not None and not isinstance(module, Registry):
            raise TypeError(f"{_type_name(module)} is not a Module subclass")
        if not isinstance(name, str):
            raise TypeError(f"module name should be a string. Got {_type_name(name)}")
        if hasattr(self, name) and name not in self._modules:
            raise KeyError(f"attribute '{name}' already exists")
        if "." in name:
            raise KeyError(f'module name can\'t contain ".", got: {name}')
        if name == "":
            raise KeyError('module name can\'t be empty string ""')
        self._modules[name] = _after(_module_hooks, self, name, module)

    def register_module(self, name: str, module: Registry | None) -> None:
        """The same as `add_module`."""
        self.add_module(name, module)

    def __getattr__(self, name: str) -> Any:
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, ()):
                return self.__dict__[table][name]
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")

    def __setattr__(self, name: str, value: Any) -> None:
        if isinstance(value, Parameter):
            if "_parameters" not in self.__dict__:
                raise AttributeError("cannot assign parameters before Module.__init__() call")
            self._forget(name, keep=self._parameters)
            self.register_parameter(name, value)
        elif name in self.__dict__.get("_parameters", ()):
            _expect_none(value, f"parameter '{name}'", "torch.nn.Parameter or None")
            self.register_parameter(name, value)
        elif isinstance(value, Registry):
            if "_modules" not in self.__dict__:
                raise AttributeError("cannot assign module before Module.__init__() call")
            self._forget(name, keep=self._modules)
            self._modules[name] = _after(_module_hooks, self, name, value)
        elif name in self.__dict__.get("_modules", ()):
            _expect_none(value, f"child module '{name}'", "torch.nn.Module or None")
            self._modules[name] = _after(_module_hooks, self, name, value)
        elif isinstance(value, Buffer) or name in self.__dict__.get("_buffers", ()):
            if not isinstance(value, Tensor):
                _expect_none(value, f"buffer '{name}'", "torch.nn.Buffer, torch.Tensor or None")
            self.register_buffer(name, value, self._is_persistent(name, value))
        else:
            object.__setattr__(self, name, value)

    def _forget(self, name: str, keep: dict[str, Any]) -> None:
        """Drop what stands under a name, but in the table in which it will be replaced."""
        for table in (self.__dict__, self._parameters, self._buffers, self._modules):
            if table is not keep:
                table.pop(name, None)
        self._non_persistent_buffers_set.discard(name)

    def _is_persistent(self, name: str, value: Tensor | None) -> bool:
        return value.persistent if isinstance(value, Buffer) else name not in self._non_persistent_buffers_set

    def __delattr__(self, name: str) -> None:
        for table in (self._parameters, self._buffers, self._modules):
            if name in table:
                del table[name]
                self._non_persistent_buffers_set.discard(name)
                return
        object.__delattr__(self, name)


def _expect_none(value: Any, what: str, expected: str) -> None:
    if value is not None:
        raise TypeError(f"cannot assign '{_type_name(value)}' as {what} ({expected} expected)")


def _type_name(value: Any) -> str:
    """The name that torch's errors give a value: its own for a class or function, else its type's."""
    if isinstance(value, Tensor):
        return value.type()
    named = value if hasattr(value, "__qualname__") else type(value)
    module = family(named.__module__)
    return named.__qualname__ if module in ("", "builtins") else f"{module}.{named.__qualname__}"
