"""A library under test: one class, of which only `name` and `run` must be given.

May import: NumPy, `conformance.fills`; threadpoolctl where threads are limited.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from unittest import mock

import numpy as np

from conformance.fills import Array, Operands

Maps = dict[str, Array]


class Adapter:
    """What the harness asks of a library.

    The cases that it is given are `case.Case`, and where it says so in `calls` also `call.Call`.

    Attributes:
        name: how reports call it.
        orders: how many times it differentiates: 0 (results only), 1 (gradients), 2 (gradients of gradients).
        algorithms: the names that `using` takes.
        calls: whether it takes a `call.Call` too: an operation beside the convolutions and what belongs to them.
        skips: checks that mean nothing for it, such as `error text` where it does not imitate torch's.

    Example:
        >>> class Doubling(Adapter):
        ...     name = "doubling"
        ...     orders = 0
        ...     def run(self, case, operands):
        ...         return {"output": 2 * operands.arrays["input"]}
        >>> from conformance.tokens import parse
        >>> Doubling().lacks(parse("pad h3 p1,1")) is None
        True
    """

    name: str
    orders: int = 1
    algorithms: tuple[str, ...] = ()
    calls: bool = False
    skips: frozenset[str] = frozenset()

    def lacks(self, case: Any) -> str | None:  # noqa: ARG002
        """Why the library cannot be asked for this case (`no groups`), or None where it can."""
        return None

    def run(self, case: Any, operands: Operands) -> Maps:
        """The case's maps: `output`, and where the library differentiates `input gradient` and so on.

        A call may have an `output 1` and more, and tensors that it changes, such as `running_mean afterwards`.
        Whatever the library raises is let through.
        """
        raise NotImplementedError

    def second(self, case: Any, operands: Operands) -> Maps:
        """The derivatives of ⟨gradients, directions⟩: `second derivative by input`, `by weight`, `by cotangent`.

        Only those that the gradients depend on. Asked for where `orders` is 2.
        """
        raise NotImplementedError

    def facts(self, case: Any) -> dict[str, Any] | None:  # noqa: ARG002
        """What can be read off a module made for this case after seeding with its seed; None without modules.

        Its repr, its attributes by name, and its state_dict as arrays by name.
        """
        return None

    def code(self, case: Any) -> list[str]:  # noqa: ARG002
        """Python lines that make `y` of the ndarrays `x`, `w` and `b`, imports among them; for a person to paste.

        Empty where the library is called as torch is.
        """
        return []

    def others(self, case: Any, operands: Operands) -> tuple[str, ...]:  # noqa: ARG002
        """Those of `algorithms` by which a case may be computed otherwise than the library does; by default all."""
        return self.algorithms

    def using(self, algorithm: str) -> AbstractContextManager[object]:
        """A context in which the library computes by this one of its `algorithms` wherever that is possible."""
        raise ValueError(f"{self.name} has no algorithm {algorithm!r}")

    def threads(self, count: int) -> AbstractContextManager[object]:
        """A context in which the library computes on this many threads; by default NumPy's BLAS does."""
        return _controller().limit(limits=count)

    def poisoned(self) -> AbstractContextManager[object]:
        """A context in which fresh memory holds NaN and odd numbers; by default that of NumPy's `empty`."""
        return poisoned_numpy()


@functools.cache
def _controller() -> Any:
    import threadpoolctl

    return threadpoolctl.ThreadpoolController()


@contextmanager
def poisoned_numpy() -> Iterator[None]:
    """Inside, `numpy.empty` and `numpy.empty_like` return arrays full of NaN, or of 119 where there is no NaN.

    Example:
        >>> with poisoned_numpy():
        ...     print(np.empty(2))
        [nan nan]
    """
    empty, empty_like = np.empty, np.empty_like

    def poison(array: Array) -> Array:
        array.fill(np.nan if array.dtype.kind in "fcV" else 119)
        return array

    with (
        mock.patch.object(np, "empty", lambda *args, **kwargs: poison(empty(*args, **kwargs))),
        mock.patch.object(np, "empty_like", lambda *args, **kwargs: poison(empty_like(*args, **kwargs))),
    ):
        yield
