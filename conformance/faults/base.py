"""A library with a planted fault: real torch, with one thing in it wrong.

May import: NumPy, `conformance.case`, `conformance.fills`, `conformance.adapters.base`.

Three decorators make a `Fault`, each of what is wrong: `wrong_function` of a variant of torch's functions, which
stands in torch's place while a case runs, so that modules call it too and autograd differentiates it;
`wrong_answers` of a variant of an adapter's `run`; `wrong_library` of an adapter. What the fault does not concern is
torch's own: its results, its errors, the bits of its rounding.
"""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any
from unittest import mock

from conformance.adapters.base import Adapter, Maps
from conformance.case import SPATIAL_AXES, Argument, Case, Sizes
from conformance.fills import Operands

FORWARD = ("conv1d", "conv2d", "conv3d")
TRANSPOSED = ("conv_transpose1d", "conv_transpose2d", "conv_transpose3d")
CONVOLUTIONS = FORWARD + TRANSPOSED
WINDOWS = (*CONVOLUTIONS, "unfold")

_STRIDE, _PADDING, _DILATION = ("stride", 1), ("padding", 0), ("dilation", 1)
_TENSORS = (("input", None), ("weight", None), ("bias", None))
_SIGNATURES: dict[str, tuple[tuple[str, Any], ...]] = {
    **dict.fromkeys(FORWARD, (*_TENSORS, _STRIDE, _PADDING, _DILATION, ("groups", 1))),
    **dict.fromkeys(TRANSPOSED, (*_TENSORS, _STRIDE, _PADDING, ("output_padding", 0), ("groups", 1), _DILATION)),
    "unfold": (("input", None), ("kernel_size", None), _DILATION, _PADDING, _STRIDE),
    "fold": (("input", None), ("output_size", None), ("kernel_size", None), _DILATION, _PADDING, _STRIDE),
    "pad": (("input", None), ("pad", None), ("mode", "constant"), ("value", None)),
}


class Faulty(Adapter):
    """Real torch behind an adapter, for a subclass to get one thing wrong.

    Args:
        torch: the adapter of real torch.

    Example:
        >>> from conformance.adapters import TorchAdapter
        >>> from conformance.runner import judge
        >>> from conformance.tokens import parse
        >>> torch = TorchAdapter()
        >>> judge(parse("conv1d n1 c1 o1 h5 k3 module"), torch, Faulty(torch)).differences
        ()
    """

    orders = 2

    def __init__(self, torch: Any) -> None:
        self.name = "torch with a fault"
        self.torch = torch

    def run(self, case: Case, operands: Operands) -> Maps:
        """See `Adapter.run`."""
        maps: Maps = self.torch.run(case, operands)
        return maps

    def second(self, case: Case, operands: Operands) -> Maps:
        """See `Adapter.second`."""
        maps: Maps = self.torch.second(case, operands)
        return maps

    def facts(self, case: Case) -> dict[str, Any] | None:
        """See `Adapter.facts`."""
        facts: dict[str, Any] | None = self.torch.facts(case)
        return facts

    def threads(self, count: int) -> AbstractContextManager[object]:  # noqa: ARG002
        """See `Adapter.threads`; always one thread, as torch's own sums may end in another bit on two."""
        return nullcontext()

    def poisoned(self) -> AbstractContextManager[object]:
        """See `Adapter.poisoned`."""
        context: AbstractContextManager[object] = self.torch.poisoned()
        return context


@dataclass(frozen=True)
class Fault:
    """A planted fault.

    Attributes:
        name: in words.
        wrong: what is wrong, a sentence.
        found_by: the checks that may find it; any other finding it would be a fault of theirs.
        plant: from the adapter of real torch one with the fault.
    """

    name: str
    wrong: str
    found_by: frozenset[str]
    plant: Callable[[Any], Adapter]


def wrong_library(*found_by: str) -> Callable[[type[Faulty]], Fault]:
    """Makes a fault of an adapter class.

    Args:
        found_by: the checks that may find it.

    Example:
        >>> @wrong_library("module")
        ... class NoModules(Faulty):
        ...     "Nothing can be read off a module."
        ...     def facts(self, case):
        ...         raise AttributeError("nn")
        >>> NoModules.name, NoModules.wrong
        ('no modules', 'Nothing can be read off a module.')
    """

    def of(adapter: type[Faulty]) -> Fault:
        words = re.sub(r"(?<!^)([A-Z])", r" \1", adapter.__name__).lower()
        return Fault(words, inspect.getdoc(adapter) or "", frozenset(found_by), adapter)

    return of


def wrong_answers(*found_by: str) -> Callable[[Callable[[Any, Case, Operands], Maps]], Fault]:
    """Makes a fault of a function that runs a case by the adapter of torch, and bends operands or maps.

    Args:
        found_by: the checks that may find it.

    Example:
        >>> @wrong_answers("maps")
        ... def only_outputs(torch, case, operands):
        ...     "There are no gradients."
        ...     return {"output": torch.run(case, operands)["output"]}
        >>> only_outputs.name
        'only outputs'
    """

    def of(run: Callable[[Any, Case, Operands], Maps]) -> Fault:
        class Answering(Faulty):
            def run(self, case: Case, operands: Operands) -> Maps:
                return run(self.torch, case, operands)

        return _named(run, found_by, Answering)

    return of


def wrong_function(*ops: str, found_by: tuple[str, ...] = ("value",)) -> Callable[[Callable[[Call], Any]], Fault]:
    """Makes a fault of a wrong variant of torch's functions; what torch refuses never gets to it.

    Args:
        ops: the functions in whose place it stands.
        found_by: the checks that may find it.

    Example:
        >>> @wrong_function("pad")
        ... def negated(call):
        ...     "The signs are wrong."
        ...     return -call.right
        >>> from conformance.adapters import TorchAdapter
        >>> from conformance.runner import judge
        >>> from conformance.tokens import parse
        >>> torch = TorchAdapter()
        >>> [found.where for found in judge(parse("pad c1 h3 p1,1"), torch, negated.plant(torch)).differences]
        ['output', 'input gradient']
    """

    def of(variant: Callable[[Call], Any]) -> Fault:
        class Replacing(Faulty):
            def run(self, case: Case, operands: Operands) -> Maps:
                with _replaced(self.torch.library, ops, variant):
                    return super().run(case, operands)

            def second(self, case: Case, operands: Operands) -> Maps:
                with _replaced(self.torch.library, ops, variant):
                    return super().second(case, operands)

        return _named(variant, found_by, Replacing)

    return of


@dataclass(frozen=True)
class Call:
    """A call of one of torch's functions that torch does not refuse.

    Attributes:
        library: torch.
        op: the name of the function.
        function: torch's own.
        values: the arguments by name, those left out too.
        right: torch's answer.
    """

    library: Any
    op: str
    function: Callable[..., Any]
    values: dict[str, Any]
    right: Any

    def __call__(self, **changed: Any) -> Any:
        """Torch's answer with some arguments changed."""
        return self.function(**(self.values | changed))

    @property
    def input(self) -> Any:
        """The tensor."""
        return self.values["input"]

    @property
    def weight(self) -> Any:
        """The weight of a convolution."""
        return self.values["weight"]

    @property
    def bias(self) -> Any:
        """The bias of a convolution, or None."""
        return self.values["bias"]

    @property
    def groups(self) -> int:
        """The groups of a convolution."""
        count: int = self.values["groups"]
        return count

    @property
    def spatial(self) -> Sizes:
        """The spatial axes, from the end."""
        return tuple(range(-SPATIAL_AXES[self.op], 0))

    @property
    def channel_axis(self) -> int:
        """The axis of the channels, from the end."""
        return -1 - SPATIAL_AXES[self.op]

    @property
    def batched(self) -> bool:
        """Whether the input has an axis of images."""
        axes: int = self.input.ndim
        return axes == SPATIAL_AXES[self.op] + 2

    def axes(self, name: str) -> Sizes:
        """An argument that is not a word, as one number for each spatial axis."""
        value: Argument = self.values[name]
        if isinstance(value, int):
            return (value,) * SPATIAL_AXES[self.op]
        numbers = tuple(value or ())
        return numbers * SPATIAL_AXES[self.op] if len(numbers) == 1 else numbers


def _named(function: Callable[..., Any], found_by: tuple[str, ...], plant: Callable[[Any], Adapter]) -> Fault:
    words = function.__name__.replace("_", " ")
    return Fault(words, inspect.getdoc(function) or "", frozenset(found_by), plant)


@contextmanager
def _replaced(library: Any, ops: tuple[str, ...], variant: Callable[[Call], Any]) -> Iterator[None]:
    """Inside, the variant stands in the place of the library's functions."""
    functional = library.nn.functional
    with ExitStack() as stack:
        for op in ops:
            function = functools.partial(_answer, library, op, getattr(functional, op), variant)
            stack.enter_context(mock.patch.object(functional, op, function))
        yield


def _answer(
    library: Any, op: str, function: Callable[..., Any], variant: Callable[[Call], Any], *args: Any, **keywords: Any
) -> Any:
    """The variant's answer to a call; an exception of torch's function goes before it."""
    right = function(*args, **keywords)
    signature = _SIGNATURES[op]
    values = dict(signature) | dict(zip((name for name, _ in signature), args)) | keywords
    return variant(Call(library, op, function, values, right))
