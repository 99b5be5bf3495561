"""One function that torch and pyconv both have: its name, its operands and its arguments, all of it data.

May import: NumPy, `benchmarks.timing`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

import numpy as np

from benchmarks.timing import Run

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Operand:
    """An array that a function is called with.

    Attributes:
        shape: its sizes, without N where it has one.
        draw: what fills it, of a generator and the whole shape.
        batched: whether N comes before them.
        leaf: whether the backward pass gives its gradient.
    """

    shape: tuple[int, ...]
    draw: Callable[[np.random.Generator, tuple[int, ...]], Array]
    batched: bool = True
    leaf: bool = True

    def array(self, batch: int, rng: np.random.Generator) -> Array:
        """The operand of a batch of that size."""
        return self.draw(rng, (batch, *self.shape) if self.batched else self.shape)


def _normal(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    return rng.standard_normal(shape, np.float32)


def _positive(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    return rng.random(shape, np.float32) * np.float32(0.9) + np.float32(0.05)


def normal(*shape: int) -> Operand:
    """Values of the normal distribution, with N before them."""
    return Operand(shape, _normal)


def parameter(*shape: int) -> Operand:
    """Weights: the same without N."""
    return Operand(shape, _normal, batched=False)


def target(*shape: int) -> Operand:
    """What a loss compares with: the same with N, and without a gradient."""
    return Operand(shape, _normal, leaf=False)


def positive(*shape: int) -> Operand:
    """Values from 0.05 to 0.95, with N before them."""
    return Operand(shape, _positive)


def places(count: int, *shape: int) -> Operand:
    """Whole numbers below `count`, with N before them."""
    return Operand(shape, lambda rng, whole: rng.integers(0, count, whole), leaf=False)


@dataclass(frozen=True)
class Function:
    """A call of a function.

    Attributes:
        title: the line's name.
        path: where torch has it, as `nn.functional.relu`.
        operands: what comes first.
        arguments: the keyword arguments after them.
        joined: whether the operands are one argument, a sequence.
        random: whether there is nothing exact to compare the result with.
    """

    title: str
    path: str
    operands: tuple[Operand, ...]
    arguments: dict[str, Any] = field(default_factory=dict)
    joined: bool = False
    random: bool = False

    def arrays(self, batch: int) -> list[Array]:
        """The operands of a batch of that size, always the same."""
        rng = np.random.default_rng(0)
        return [operand.array(batch, rng) for operand in self.operands]

    def run(self, torch: Any, arrays: Sequence[Array], name: str) -> Run:
        """The call that is timed, with torch or whatever has its names.

        Args:
            torch: the library.
            arrays: the operands.
            name: 'forward', which gives the result without a tape, or 'forward+backward', which gives the first
                operand's gradient.
        """
        call, tensors = attrgetter(self.path)(torch), [torch.from_numpy(array) for array in arrays]
        positional = (tensors,) if self.joined else tensors

        def forward() -> Any:
            found = call(*positional, **self.arguments)
            return found[0] if isinstance(found, tuple) else found

        if name == "forward":
            return forward
        leaves = [tensor.requires_grad_() for tensor, operand in zip(tensors, self.operands) if operand.leaf]
        result = forward().detach().numpy()
        cotangent = torch.from_numpy(np.array(np.random.default_rng(1).standard_normal(result.shape), result.dtype))

        def both() -> Any:
            for leaf in leaves:
                leaf.grad = None
            forward().backward(cotangent)
            return leaves[0].grad

        return both


@dataclass(frozen=True)
class Group:
    """Functions of a kind: a suite of the benchmarks.

    Attributes:
        about: what they are.
        functions: in the order of the table.
    """

    about: str
    functions: tuple[Function, ...]


def each(path: str, operands: tuple[Operand, ...], *names: str, **arguments: Any) -> tuple[Function, ...]:
    """Functions of one kind, named alike but for the last part of their paths."""
    return tuple(Function(name, f"{path}{name}", operands, arguments) for name in names)
