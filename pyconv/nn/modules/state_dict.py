"""Saving a module's state to a dict by full names, and loading it again.

May import: `pyconv.autograd`, `pyconv.tensor`, `pyconv.nn.parameter`, `pyconv.autograd.handles`,
`pyconv.nn.modules.traversal`.
"""

from __future__ import annotations

import warnings
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from pyconv.autograd.handles import RemovableHandle, register
from pyconv.autograd.mode import no_grad
from pyconv.nn.modules.hooks import _WrappedHook
from pyconv.nn.modules.traversal import Traversal
from pyconv.nn.parameter import Parameter, is_lazy
from pyconv.tensor import Tensor

_EXTRA = "_extra_state"
_ASSIGN = "assign_to_params_buffers"


class _IncompatibleKeys(NamedTuple):
    """The names that loading found on one side alone."""

    missing_keys: list[str]
    unexpected_keys: list[str]

    def __repr__(self) -> str:
        if not self.missing_keys and not self.unexpected_keys:
            return "<All keys matched successfully>"
        return f"_IncompatibleKeys(missing_keys={self.missing_keys}, unexpected_keys={self.unexpected_keys})"


class _Loading(NamedTuple):
    """What the loading of one state dict found so far."""

    missing_keys: list[str]
    unexpected_keys: list[str]
    errors: list[str]


_REPORT = (
    "Please file an issue at https://github.com/pytorch/pytorch/issues/new?template=bug-report.yml to report this bug."
)


class Stateful(Traversal):
    """The part of Module that saves and loads.

    Attributes:
        _version: a number that is saved along, by which a class can tell how to load what an older self saved.
    """

    _version: int = 1

    _state_dict_pre_hooks: OrderedDict[int, Callable[..., Any]]
    _state_dict_hooks: OrderedDict[int, Callable[..., Any]]
    _load_state_dict_pre_hooks: OrderedDict[int, _WrappedHook]
    _load_state_dict_post_hooks: OrderedDict[int, Callable[..., Any]]

    def state_dict(self, *args: Any, destination: Any = None, prefix: str = "", keep_vars: bool = False) -> Any:
        """The parameters and persistent buffers of this module and all below it, by full names.

        Args:
            args: the others by position, which is deprecated.
            destination: a dict to put them in, or None for a new OrderedDict. One with an attribute `_metadata`
                gets the version of each module there.
            prefix: what full names begin with, its dot included.
            keep_vars: whether the tensors keep their gradient.

        Returns:
            `destination`, or the new OrderedDict. The tensors share memory with the module.
        """
        if args:
            warnings.warn(
                "Positional args are being deprecated, use kwargs instead. Refer to "
                "https://pytorch.org/docs/main/generated/torch.nn.Module.html#torch.nn.Module.state_dict for details.",
                FutureWarning,
                stacklevel=2,
            )
            destination = args[0] if destination is None else destination
            prefix = args[1] if len(args) > 1 and prefix == "" else prefix
            keep_vars = args[2] if len(args) > 2 and keep_vars is False else keep_vars
        if destination is None:
            destination = OrderedDict()
            destination._metadata = OrderedDict()
        local_metadata = {"version": self._version}
        if hasattr(destination, "_metadata"):
            destination._metadata[prefix[:-1]] = local_metadata
        for pre_hook in self._state_dict_pre_hooks.values():
            pre_hook(self, prefix, keep_vars)
        self._save_to_state_dict(destination, prefix, keep_vars)
        for name, module in self._modules.items():
            if module is not None:
                module.state_dict(destination=destination, prefix=f"{prefix}{name}.", keep_vars=keep_vars)
        for hook in self._state_dict_hooks.values():
            changed = hook(self, destination, prefix, local_metadata)
            if changed is not None and getattr(hook, "_from_public_api", False):
                raise RuntimeError("state_dict post-hook must return None")
            destination = destination if changed is None else changed
        return destination

    def _persistent_buffers(self) -> dict[str, Tensor | None]:
        return {name: b for name, b in self._buffers.items() if name not in self._non_persistent_buffers_set}

    def _save_to_state_dict(self, destination: Any, prefix: str, keep_vars: bool) -> None:
        """Save what this module alone holds."""
        for name, value in (*self._parameters.items(), *self._persistent_buffers().items()):
            if value is not None:
                destination[prefix + name] = value if keep_vars else value.detach()
        if type(self).get_extra_state is not Stateful.get_extra_state:
            destination[prefix + _EXTRA] = self.get_extra_state()

    def get_extra_state(self) -> Any:
        """What a subclass wants to save beside its tensors; called only where a subclass defines it."""
        raise RuntimeError(f"Reached a code path in Module.get_extra_state() that should never be called. {_REPORT}")

    def set_extra_state(self, state: Any) -> None:  # noqa: ARG002 (for subclasses to use)
        """Take what `get_extra_state` gave; called only where a subclass defines it."""
        raise RuntimeError(f"Reached a code path in Module.set_extra_state() that should never be called. {_REPORT}")

    def load_state_dict(
        self, state_dict: Mapping[str, Any], strict: bool = True, assign: bool = False
    ) -> _IncompatibleKeys:
        """Copy a state into the parameters and persistent buffers of this module and all below it.

        Args:
            state_dict: tensors by full name, of the shapes that this module has. It is left as it is.
            strict: whether names that are missing or that nothing here has are an error.
            assign: whether to take the tensors themselves, with their dtypes, instead of copying their values.

        Returns:
            The names that are missing, and those that nothing here has.

        Raises:
            RuntimeError: names or shapes do not match.
            TypeError: no mapping.
        """
        if not isinstance(state_dict, Mapping):
            raise TypeError(f"Expected state_dict to be dict-like, got {type(state_dict)}.")
        metadata = getattr(state_dict, "_metadata", None)
        copied: Any = OrderedDict(state_dict)
        if metadata is not None:
            copied._metadata = metadata
        found = _Loading([], [], [])
        self._load(copied, "", metadata or {}, assign, found)
        errors = found.errors
        if strict:
            errors = [
                *_key_errors("Missing", found.missing_keys),
                *_key_errors("Unexpected", found.unexpected_keys),
                *errors,
            ]
        if errors:
            lines = "\n\t".join(errors)
            raise RuntimeError(f"Error(s) in loading state_dict for {type(self).__name__}:\n\t{lines}")
        return _IncompatibleKeys(found.missing_keys, found.unexpected_keys)

    def _load(self, state: Any, prefix: str, metadata: Mapping[str, Any], assign: bool, found: _Loading) -> None:
        """Load the part of a state whose names begin with `prefix`."""
        # A copy, so that a state that was once assigned can be copied from the next time.
        local_metadata = dict(metadata.get(prefix[:-1], {}))
        if assign:
            local_metadata[_ASSIGN] = True
        self._load_from_state_dict(state, prefix, local_metadata, True, *found)
        for name, module in self._modules.items():
            if module is not None:
                below = f"{prefix}{name}."
                part = {key: value for key, value in state.items() if key.startswith(below)}
                module._load(part, below, metadata, assign, found)
        keys = _IncompatibleKeys(found.missing_keys, found.unexpected_keys)
        for hook in self._load_state_dict_post_hooks.values():
            if hook(self, keys) is not None:
                raise AssertionError(
                    "Hooks registered with ``register_load_state_dict_post_hook`` are not expected to return new "
                    "values, if incompatible_keys need to be modified, it should be done inplace."
                )

    def _load_from_state_dict(
        self,
        state_dict: Any,
        prefix: str,
        local_metadata: dict[str, Any],
        strict: bool,
        missing_keys: list[str],
        unexpected_keys: list[str],
        error_msgs: list[str],
    ) -> None:
        """Load what this module alone holds.

        Args:
            state_dict: tensors by full name; it can be changed.
            prefix: what the names of this module's tensors begin with.
            local_metadata: what was saved along for this module, such as its `version`.
            strict: whether to note names that do not match.
            missing_keys: where to note names that this module has alone.
            unexpected_keys: where to note names that the state has alone.
            error_msgs: where to note all else that went wrong.
        """
        for hook in self._load_state_dict_pre_hooks.values():
            hook(state_dict, prefix, local_metadata, strict, missing_keys, unexpected_keys, error_msgs)
        members = {**self._parameters, **self._persistent_buffers()}
        local = {name: value for name, value in members.items() if value is not None}
        for name, value in local.items():
            if prefix + name in state_dict:
                assign = local_metadata.get(_ASSIGN, False)
                error_msgs += self._load_one(name, value, prefix + name, state_dict[prefix + name], assign)
            elif strict:
                missing_keys.append(prefix + name)
        takes_extra = type(self).set_extra_state is not Stateful.set_extra_state
        if takes_extra and prefix + _EXTRA in state_dict:
            self.set_extra_state(state_dict[prefix + _EXTRA])
        elif strict and takes_extra:
            missing_keys.append(prefix + _EXTRA)
        elif strict and prefix + _EXTRA in state_dict:
            unexpected_keys.append(prefix + _EXTRA)
        if strict:
            unexpected_keys += self._unknown(state_dict, prefix, local)

    def _load_one(self, name: str, value: Tensor, key: str, loaded: Any, assign: bool) -> list[str]:
        """Load one tensor, and say what is wrong with it."""
        if not isinstance(loaded, Tensor):
            return [
                f'While copying the parameter named "{key}", expected torch.Tensor or Tensor-like object from '
                f"checkpoint but received {type(loaded)}"
            ]
        if not is_lazy(value):
            if value.shape == () and loaded.shape == (1,):
                loaded = loaded[0]
            if loaded.shape != value.shape:
                return [
                    f"size mismatch for {key}: copying a param with shape {loaded.shape} from checkpoint, the shape "
                    f"in current model is {value.shape}."
                ]
        if not is_lazy(value) and value.is_meta and not loaded.is_meta and not assign:
            warnings.warn(_NOTHING_COPIED.format(key), stacklevel=2)
        try:
            with no_grad():
                if assign:
                    setattr(self, name, _assigned(value, loaded))
                else:
                    value.copy_(loaded)
        except Exception as error:
            return [
                f'While copying the parameter named "{key}", whose dimensions in the model are {value.size()} and '
                f"whose dimensions in the checkpoint are {loaded.size()}, an exception occurred : {error.args}."
            ]
        return []

    def _unknown(self, state_dict: Any, prefix: str, local: dict[str, Any]) -> list[str]:
        """The names of a state that begin with `prefix` and that nothing in this module or right below it has."""
        unknown = []
        for key in state_dict:
            if key.startswith(prefix) and key != prefix + _EXTRA:
                name, dot, _ = key[len(prefix) :].partition(".")
                if name not in (self._modules if dot else local):
                    unknown.append(key)
        return unknown

    def register_state_dict_pre_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call `hook(module, prefix, keep_vars)` before this module is saved."""
        return register(self._state_dict_pre_hooks, hook)

    def register_state_dict_post_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call `hook(module, state_dict, prefix, local_metadata)` after this module is saved; it returns None."""
        hook._from_public_api = True  # type: ignore[attr-defined]
        return register(self._state_dict_hooks, hook)

    def _register_state_dict_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Likewise, but what the hook of the module that is asked returns takes the place of the state dict."""
        if getattr(hook, "_from_public_api", False):
            raise RuntimeError(
                "Cannot register the same function as the state dict post hook that was previously registered via "
                "register_state_dict_post_hook"
            )
        return register(self._state_dict_hooks, hook)

    def register_load_state_dict_pre_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call `hook` with the module and the arguments of `_load_from_state_dict` before this module is loaded."""
        return self._register_load_state_dict_pre_hook(hook, with_module=True)

    def _register_load_state_dict_pre_hook(
        self, hook: Callable[..., Any], with_module: bool = False
    ) -> RemovableHandle:
        return register(self._load_state_dict_pre_hooks, _WrappedHook(hook, self if with_module else None))

    def register_load_state_dict_post_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call `hook(module, incompatible_keys)` after this module is loaded; it may change the two lists."""
        return register(self._load_state_dict_post_hooks, hook)


_NOTHING_COPIED = (
    "for {}: copying from a non-meta parameter in the checkpoint to a meta parameter in the current model, which is a "
    "no-op. (Did you mean to pass `assign=True` to assign items in the state dictionary to their corresponding key in "
    "the module instead of copying them in place?)"
)


def _assigned(value: Tensor, loaded: Tensor) -> Tensor:
    """`loaded` as the parameter that takes the place of `value`, or as it is for a buffer."""
    if not isinstance(value, Parameter):
        return loaded
    if isinstance(loaded, Parameter):
        return loaded.requires_grad_(value.requires_grad)
    return Parameter(loaded, value.requires_grad)


def _key_errors(kind: str, keys: list[str]) -> list[str]:
    quoted = ", ".join(f'"{key}"' for key in keys)
    return [f"{kind} key(s) in state_dict: {quoted}. "] if keys else []
