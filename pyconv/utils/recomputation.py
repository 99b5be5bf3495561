"""What nodes keep, computed again when a backward pass asks for it: checkpoints without a pass of their own.

May import: the standard library, and all of pyconv below `utils`.
"""

from __future__ import annotations

import itertools
import weakref
from collections.abc import Callable
from typing import Any

from pyconv.autograd import enable_grad
from pyconv.autograd.graph import saved_tensors_hooks
from pyconv.autograd.tasks import current_task
from pyconv.tensor import Tensor

_asked = itertools.count(-2, -1)
"""Numbers for the times that something is asked for outside of a backward pass."""

TIP = """
Tip: To see a more detailed error message, either pass `debug=True` to
`torch.utils.checkpoint.checkpoint(...)` or wrap the code block
with `with torch.utils.checkpoint.set_checkpoint_debug_enabled(True):` to
enable checkpoint‑debug mode globally.
"""


class CheckpointError(RuntimeError):
    """The function did not keep the same tensors when it was called again."""


class _StopError(Exception):
    """Everything that is wanted has been computed again."""


class _Holder:
    """What a node keeps instead of a tensor: its place among all that were kept."""

    __slots__ = ("__weakref__", "number")

    def __init__(self, number: int) -> None:
        self.number = number


class Recomputation:
    """A call whose nodes keep nothing: a backward pass that asks for something has the call made again.

    Args:
        again: makes the call again.
        early_stop: whether to leave the call as soon as everything has been computed again.
        described: what must be the same of a tensor both times; None for nothing.

    Example:
        >>> import pyconv
        >>> x = pyconv.tensor([3.0], requires_grad=True)
        >>> frame = Recomputation(lambda: x * x, early_stop=True, described=None)
        >>> with frame.recording():
        ...     y = x * x
        >>> y.backward()
        >>> x.grad
        tensor([6.])
    """

    def __init__(
        self, again: Callable[[], Any], *, early_stop: bool, described: Callable[[Tensor], Any] | None
    ) -> None:
        self._again = again
        self._early_stop = early_stop
        self._described = described
        self._descriptions: list[Any] = []
        self._holders: list[weakref.ref[_Holder]] = []
        self._computed: dict[int, dict[int, Tensor]] = {}
        self._is_complete = False

    def recording(self) -> saved_tensors_hooks:
        """The `with` block for the first call."""
        return saved_tensors_hooks(self._hold, self._ask)

    def finish(self) -> None:
        """Say that the first call is over."""
        self._is_complete = True

    def _hold(self, tensor: Tensor) -> _Holder:
        holder = _Holder(len(self._holders))
        self._holders.append(weakref.ref(holder))
        self._descriptions.append(None if self._described is None else self._described(tensor))
        return holder

    def _ask(self, holder: _Holder) -> Tensor:
        """The tensor that was to be kept.

        Raises:
            CheckpointError: the call did not keep the same tensors again, or this one was asked for in this pass.
        """
        task = current_task()
        task = next(_asked) if task == -1 else task
        if task not in self._computed:
            self._computed = {task: self._compute()}
        if holder.number not in self._computed[task]:
            raise CheckpointError(
                "torch.utils.checkpoint: Unpack is being triggered for a tensor that was already unpacked once. If you "
                "are calling ctx.saved_tensors in backward, make sure to do so only once. Otherwise please open an "
                "issue with details on your use case."
            )
        return self._computed[task].pop(holder.number)

    def _compute(self) -> dict[int, Tensor]:
        """Make the call again, and collect what is still wanted of what it keeps."""
        found: dict[int, Tensor] = {}
        kept: list[None] = []

        def hold(tensor: Tensor) -> Tensor:
            tensor, number = tensor.detach(), len(kept)
            kept.append(None)
            if number >= len(self._holders):
                if self._is_complete:
                    raise CheckpointError(
                        "torch.utils.checkpoint: trying to save more tensors during recomputation than during the "
                        f"original forward pass.\n{TIP}"
                    )
                return tensor
            if self._holders[number]() is not None:
                found[number] = tensor
            if self._early_stop and len(kept) == len(self._holders):
                raise _StopError
            return tensor

        try:
            with saved_tensors_hooks(hold, lambda tensor: tensor), enable_grad():
                self._again()
        except _StopError:
            pass
        self._check(len(kept), found)
        return found

    def _check(self, count: int, found: dict[int, Tensor]) -> None:
        """Compare what was kept the second time with the first.

        Raises:
            CheckpointError: it is something else.
        """
        if count < len(self._holders):
            raise CheckpointError(
                "torch.utils.checkpoint: A different number of tensors was saved during the original forward and "
                f"recomputation.\nNumber of tensors saved during forward: {len(self._holders)}\n"
                f"Number of tensors saved during recomputation: {count}.\n{TIP}"
            )
        if self._described is None:
            return
        text = ""
        for number, tensor in found.items():
            first, second = self._descriptions[number], self._described(tensor)
            if first != second:
                text += f"tensor at position {number}:\nsaved metadata: {first}\nrecomputed metadata: {second}\n"
        if text:
            raise CheckpointError(
                "torch.utils.checkpoint: Recomputed values for the following tensors have different metadata than "
                f"during the forward pass.\n{text}.\n{TIP}"
            )
