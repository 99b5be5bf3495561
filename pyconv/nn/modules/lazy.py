"""Modules that make their parameters when they see their first input.

May import: `pyconv.nn.parameter`, `pyconv.nn.modules.module`.
"""

from __future__ import annotations

from typing import Any, ClassVar

from pyconv.nn.modules.module import Module
from pyconv.nn.parameter import is_lazy


class LazyModuleMixin(Module):
    """What makes a module lazy: before its first `forward` it makes its parameters, and becomes another class.

    A subclass assigns `UninitializedParameter` or `UninitializedBuffer` values in `__init__`, and defines
    `initialize_parameters`, which materializes them. Its state can be saved and loaded before that.

    Attributes:
        cls_to_become: the class that the module has afterwards; None to keep its own.

    Example:
        >>> import pyconv
        >>> from pyconv.nn.parameter import UninitializedParameter
        >>> class LazyScale(LazyModuleMixin):
        ...     def __init__(self):
        ...         super().__init__()
        ...         self.factor = UninitializedParameter()
        ...     def initialize_parameters(self, x):
        ...         self.factor.materialize(x.shape[-1:])
        ...         _ = self.factor.data.fill_(3.0)
        ...     def forward(self, x):
        ...         return x * self.factor
        >>> LazyScale()(pyconv.ones(2))
        tensor([3., 3.], grad_fn=<MulBackward0>)
    """

    cls_to_become: ClassVar[type[Module] | None] = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._load_hook = self._register_load_state_dict_pre_hook(self._lazy_load_hook)
        self._initialize_hook = self.register_forward_pre_hook(self._infer_parameters, with_kwargs=True)

    def _save_to_state_dict(self, destination: Any, prefix: str, keep_vars: bool) -> None:
        for name, value in (*self._parameters.items(), *self._persistent_buffers().items()):
            if value is not None:
                destination[prefix + name] = value if keep_vars or is_lazy(value) else value.detach()

    def _lazy_load_hook(self, state_dict: Any, prefix: str, *_: Any) -> None:
        """Make room for what will be loaded."""
        values: dict[str, Any] = {**self._parameters, **self._buffers}
        for name, value in values.items():
            loaded = state_dict.get(prefix + name)
            if loaded is not None and is_lazy(value) and not is_lazy(loaded):
                value.materialize(loaded.shape)

    def initialize_parameters(self, *args: Any, **kwargs: Any) -> None:
        """Materialize the parameters as the arguments of the first `forward` ask for.

        Raises:
            NotImplementedError: a subclass has not defined it.
        """
        raise NotImplementedError(f"initialize_parameters is not implemented for {type(self).__name__}")

    def has_uninitialized_params(self) -> bool:
        """Whether a parameter or buffer of this module is not initialised."""
        return any(is_lazy(value) for value in (*self._parameters.values(), *self._buffers.values()))

    def _infer_parameters(self, module: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """Initialise before the first `forward`, and stop being lazy."""
        module.initialize_parameters(*args, **kwargs)
        if module.has_uninitialized_params():
            raise RuntimeError(f"module {self._get_name()} has not been fully initialized")
        module._initialize_hook.remove()
        module._load_hook.remove()
        del module._initialize_hook, module._load_hook
        if module.cls_to_become is not None:
            module.__class__ = module.cls_to_become
