"""What the calls are made of: functions that make tensors of zeros and pass them on.

Each returns a function of the library, so that one table serves torch and a package with torch's API.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

Call = Callable[[Any], Any]
Shape = tuple[int, ...]
Entries = Iterator[tuple[str, Call]]

IMAGE: Shape = (1, 4, 5, 5)
KERNEL: Shape = (4, 4, 3, 3)


class Zeros(NamedTuple):
    """A tensor of zeros that is yet to be made."""

    shape: Shape
    dtype: str = "float32"

    def on(self, t: Any) -> Any:
        return t.zeros(self.shape).to(getattr(t, self.dtype))


def conv(
    input: Shape = IMAGE,
    weight: Shape = KERNEL,
    bias: Shape | None = None,
    *,
    function: str = "conv2d",
    dtype: str = "float32",
    weight_dtype: str | None = None,
    bias_dtype: str | None = None,
    **options: Any,
) -> Call:
    """The functional call on zeros; weight and bias have the input's dtype unless they name their own."""
    operands = [Zeros(input, dtype), Zeros(weight, weight_dtype or dtype)]
    if bias is not None:
        operands.append(Zeros(bias, bias_dtype or dtype))
    return lambda t: getattr(t.nn.functional, function)(*(operand.on(t) for operand in operands), **options)


def layer(
    *arguments: Any,
    kind: str = "Conv2d",
    on: Shape | None = None,
    dtype: str = "float32",
    output_size: list[int] | None = None,
    **options: Any,
) -> Call:
    """The module built, and called on zeros where `on` gives a shape."""

    def call(t: Any) -> Any:
        module = getattr(t.nn, kind)(*arguments, **options)
        if on is None:
            return module
        extra = {} if output_size is None else {"output_size": output_size}
        return module(Zeros(on, dtype).on(t), **extra)

    return call


def gradients(input: Shape, weight: Shape) -> Call:
    """The shape and the absolute sum of each operand's gradient, as text."""

    def call(t: Any) -> str:
        operands = [Zeros(shape).on(t).requires_grad_() for shape in (input, weight, weight[:1])]
        t.nn.functional.conv2d(*operands).sum().backward()
        grads = [operand.grad for operand in operands]
        return str([(tuple(grad.shape), float(grad.abs().sum())) for grad in grads])

    return call


def half_layer(mode: str) -> Call:
    """A float16 module on a float16 image."""
    return lambda t: t.nn.Conv2d(4, 4, 3, padding=1, padding_mode=mode, dtype=t.half)(Zeros(IMAGE, "float16").on(t))


def nine_times(value: int, dtype: str) -> Call:
    """A 3 × 3 image of one value under a kernel of ones: the sum as an int."""

    def call(t: Any) -> Any:
        kind = getattr(t, dtype)
        return t.nn.functional.conv2d(t.full((1, 1, 3, 3), value, dtype=kind), t.ones(1, 1, 3, 3, dtype=kind)).item()

    return call
