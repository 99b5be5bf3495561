"""Calls with bad or unusual arguments, each a function of the library it is made on, by label.

A call takes torch, or a package with torch's API, and either returns something or raises. A label is short
for what is odd about its call; what it does not mention is an image (1, 4, 5, 5) of zeros under a kernel
(4, 4, 3, 3) of zeros.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.errors.making import (
    IMAGE,
    KERNEL,
    Call,
    Entries,
    Shape,
    Zeros,
    conv,
    gradients,
    half_layer,
    layer,
    nine_times,
)
from tests.errors.precedence import precedence

LARGE: dict[str, Any] = {"input": (2, 16, 32, 32), "weight": (16, 16, 3, 3)}
DTYPES = (
    "float64",
    "float16",
    "bfloat16",
    "int64",
    "int32",
    "int16",
    "int8",
    "uint8",
    "bool",
    "complex32",
    "complex64",
    "complex128",
    "float8_e4m3fn",
    "uint16",
    "uint32",
    "uint64",
)


def constructing() -> Entries:
    """Arguments of the constructor, some of which are noticed only by the first forward."""
    yield "Conv2d groups0", layer(4, 4, 3, 1, 0, 1, 0)
    yield "Conv2d groups-1", layer(4, 4, 3, 1, 0, 1, -1)
    yield "Conv2d in%g", layer(3, 4, 3, 1, 0, 1, 2)
    yield "Conv2d out%g", layer(4, 3, 3, 1, 0, 1, 2)
    yield "pad str", layer(4, 4, 3, padding="full")
    yield "same stride", layer(4, 4, 3, stride=2, padding="same")
    yield "padmode", layer(4, 4, 3, padding_mode="foo")
    yield "kernel tuple len3", layer(4, 4, (3, 3, 3))
    yield "kernel tuple len3 fwd", layer(4, 4, (3, 3, 3), on=IMAGE)
    yield "kernel tuple len1", layer(4, 4, (3,))
    yield "kernel tuple len1 fwd", layer(4, 4, (3,), on=IMAGE)
    yield "kernel 0", layer(4, 4, 0)
    yield "kernel 0 fwd", layer(4, 4, 0, on=IMAGE)
    yield "kernel -1", layer(4, 4, -1)
    yield "in 0", layer(0, 4, 3)
    yield "out 0", layer(4, 0, 3)
    yield "out 0 fwd", layer(4, 0, 3, on=IMAGE)
    yield "in 0 fwd", layer(0, 4, 3, on=(1, 0, 5, 5))
    yield "in -4", layer(-4, 4, 3)
    yield "kernel float", layer(4, 4, 3.0)
    yield "stride 0 ctor", layer(4, 4, 3, stride=0)
    yield "stride 0", layer(4, 4, 3, stride=0, on=IMAGE)
    yield "zeros neg module", layer(4, 4, 3, padding=-1)
    yield "zeros neg module fwd", layer(4, 4, 3, padding=-1, on=IMAGE)


def numbers() -> Entries:
    """Stride, padding, dilation and groups out of range, and shapes that do not go together."""
    yield "stride -1", conv(stride=-1)
    yield "pad -1", conv(padding=-1)
    yield "dil 0", conv(dilation=0)
    yield "dil -1", conv(dilation=-1)
    yield "groups 0 F", conv(groups=0)
    yield "groups -1 F", conv(groups=-1)
    yield "groups mismatch F", conv(weight=(4, 2, 3, 3), groups=3)
    yield "out not div groups F", conv(weight=(3, 2, 3, 3), groups=2)
    yield "groups>out", conv(weight=(1, 2, 3, 3), groups=2)
    yield "chan mismatch", conv(weight=(4, 3, 3, 3))
    yield "chan mismatch unbatched", conv((4, 5, 5), (4, 3, 3, 3))
    yield "bias shape", conv(bias=(3,))
    yield "bias 2d", conv(bias=(4, 1))
    yield "bias scalar", conv(bias=())


def dimensions() -> Entries:
    """Too few or too many dimensions, and kernels larger than the padded input."""
    yield "input 2D", conv((5, 5))
    yield "input 5D", conv((1, 1, 4, 5, 5))
    yield "input 0D", conv(())
    yield "weight 3D", conv(weight=(4, 4, 3))
    yield "weight 5D", conv(weight=(4, 4, 3, 3, 3))
    yield "weight 3D with 3D input", conv((4, 5, 5), (4, 4, 3))
    yield "conv1d 2D", conv((4, 5), (4, 4, 3), function="conv1d")
    yield "conv1d 1D", conv((5,), (4, 4, 3), function="conv1d")
    yield "conv1d 4D", conv((1, 1, 4, 5), (4, 4, 3), function="conv1d")
    yield "conv3d 3D", conv((4, 5, 5), (4, 4, 3, 3, 3), function="conv3d")
    yield "kernel larger", conv(weight=(4, 4, 7, 7))
    yield "kernel larger dil", conv(dilation=3)
    yield "kernel larger pad", conv(weight=(4, 4, 9, 9), padding=1)
    yield "kernel larger 1d", conv((1, 4, 5), (4, 4, 7), function="conv1d")
    yield "kernel larger unbatched 1d", conv((4, 5), (4, 4, 7), function="conv1d")
    yield "kernel larger 3d", conv((1, 4, 5, 5, 5), (4, 4, 7, 1, 1), function="conv3d")
    yield "kernel larger one dim", conv(weight=(4, 4, 7, 1))


def mixed_dtypes() -> Entries:
    """Operands whose dtypes differ, small and large: torch's text depends on which backend it takes."""
    yield "dtype mismatch f32/f64", conv(weight_dtype="float64")
    yield "dtype mismatch f64/f32", conv(dtype="float64", weight_dtype="float32")
    yield "dtype bias f64", conv(bias=(4,), bias_dtype="float64")
    yield "dtype int input f32 w", conv(dtype="int64", weight_dtype="float32")
    yield "dtype int32 input f32 w", conv(dtype="int32", weight_dtype="float32")
    yield "dtype uint8 input f32 w", conv(dtype="uint8", weight_dtype="float32")
    yield "dtype f16/f32", conv(dtype="float16", weight_dtype="float32")
    yield "dtype bf16/f32", conv(dtype="bfloat16", weight_dtype="float32")
    yield "dtype bf16/bf16 bias f32", conv(bias=(4,), dtype="bfloat16", bias_dtype="float32")
    yield "dtype f16 bias f32", conv(bias=(4,), dtype="float16", bias_dtype="float32")
    yield "complex/f32", conv(dtype="complex64", weight_dtype="float32")
    yield "f32/complex", conv(weight_dtype="complex64")
    yield "big f32/f64", conv(**LARGE, weight_dtype="float64")
    yield "big f64/f32", conv(**LARGE, dtype="float64", weight_dtype="float32")
    yield "big long/f32", conv(**LARGE, dtype="int64", weight_dtype="float32")
    yield "big f16/f32", conv(**LARGE, dtype="float16", weight_dtype="float32")
    yield "big bf16/f32", conv(**LARGE, dtype="bfloat16", weight_dtype="float32")
    yield "big f32/bf16", conv(**LARGE, weight_dtype="bfloat16")
    yield "big f32/f16", conv(**LARGE, weight_dtype="float16")
    yield "big dil f32/f64", conv(**LARGE, weight_dtype="float64", dilation=2)
    yield "small dil f32/f64", conv(weight=(4, 4, 2, 2), weight_dtype="float64", dilation=2)
    yield "conv1d f32/f64", conv((1, 4, 5), (4, 4, 3), function="conv1d", weight_dtype="float64")
    yield "conv3d f32/f64", conv((1, 4, 5, 5, 5), (4, 4, 3, 3, 3), function="conv3d", weight_dtype="float64")
    yield "convT2d f32/f64", conv(function="conv_transpose2d", weight_dtype="float64")
    yield "convT2d f64/f32", conv(function="conv_transpose2d", dtype="float64", weight_dtype="float32")


def one_dtype() -> Entries:
    """Every dtype through each kind of convolution; some have no kernel, and say so."""
    for dtype in DTYPES:
        name = f"same dtype torch.{dtype}"
        yield name, conv(bias=(4,), dtype=dtype)
        yield f"{name} groups2 dil2", conv(weight=(4, 2, 2, 2), dtype=dtype, groups=2, dilation=2)
        yield f"{name} padding same", conv(dtype=dtype, padding="same")
        yield f"{name} conv1d", conv((4, 5, 5), (4, 5, 3), function="conv1d", dtype=dtype)
        yield f"{name} conv3d", conv((1, 1, 4, 5, 5), (4, 1, 3, 3, 3), function="conv3d", dtype=dtype)
        yield f"{name} convT2d", conv(function="conv_transpose2d", dtype=dtype)


def lists() -> Entries:
    """Lists of the wrong length or kind for stride, padding and dilation."""
    yield "stride list 1", conv(stride=[2])
    yield "stride list 3", conv(stride=[2, 2, 2])
    yield "stride empty", conv(stride=[])
    yield "stride float", conv(stride=1.5)
    yield "padding list 3", conv(padding=[1, 1, 1])
    yield "padding list 4", conv(padding=[1, 1, 1, 1])
    yield "dilation list 3", conv(dilation=[1, 1, 1])


def padding_strings() -> Entries:
    """'same', 'valid' and what is neither."""
    yield "padding str F", conv(padding="full")
    yield "padding SAME F", conv(padding="SAME")
    yield "padding same strided F", conv(padding="same", stride=2)
    yield "padding valid strided", conv(padding="valid", stride=2)
    yield "same even", conv(weight=(4, 4, 2, 2), padding="same")
    yield "same even twice", conv(weight=(4, 4, 2, 2), padding="same")
    yield "same even dil2", conv(weight=(4, 4, 2, 2), padding="same", dilation=2)
    yield "same even 1d", conv((1, 4, 5), (4, 4, 2), function="conv1d", padding="same")
    yield "same even 3d", conv((1, 4, 5, 5, 5), (4, 4, 2, 2, 2), function="conv3d", padding="same")
    yield "same 2D input", conv((5, 5), padding="same")
    yield "same unb", conv((4, 5, 5), padding="same")
    yield "same dil0", conv(padding="same", dilation=0)
    yield "same module even", layer(4, 4, 2, padding="same", on=IMAGE)
    yield "same even reflect", layer(4, 4, 2, padding="same", padding_mode="reflect", on=IMAGE)


def other_types() -> Entries:
    """Operands that are no tensors."""
    x, w = Zeros(IMAGE), Zeros(KERNEL)
    yield "weight not tensor", lambda t: t.nn.functional.conv2d(x.on(t), [[1.0]])
    yield "input ndarray", lambda t: t.nn.functional.conv2d(x.on(t).numpy(), w.on(t))
    yield "input None", lambda t: t.nn.functional.conv2d(None, w.on(t))
    yield "module ndarray", lambda t: t.nn.Conv2d(4, 4, 3)(x.on(t).numpy())


def empties() -> Entries:
    """No samples, no channels, no pixels."""
    yield "N0", conv((0, 4, 5, 5))
    yield "N0 C mismatch", conv((0, 3, 5, 5))
    yield "H0", conv((1, 4, 0, 5))
    yield "H0 k1", conv((1, 4, 0, 5), (4, 4, 1, 1))
    yield "H0 pad1", conv((1, 4, 0, 5), padding=2)
    yield "C0 w", conv((1, 0, 5, 5), (4, 0, 3, 3))
    yield "C0 w bias", conv((1, 0, 5, 5), (4, 0, 3, 3), (4,))
    yield "N0 C0", conv((0, 0, 5, 5), (4, 0, 3, 3))
    yield "C0 w O0", conv((1, 0, 5, 5), (0, 0, 3, 3))
    yield "C0 but w C4", conv((1, 0, 5, 5))
    yield "C0 groups2", conv((1, 0, 5, 5), (4, 0, 3, 3), groups=2)
    yield "unbatched C0", conv((0, 5, 5), (4, 0, 3, 3))
    yield "N0 dil", conv((0, 4, 5, 5), (4, 4, 2, 2), dilation=2)
    yield "N0 same", conv((0, 4, 5, 5), padding="same")
    yield "N0 int64", conv((0, 4, 5, 5), dtype="int64")
    yield "N0 half", conv((0, 4, 5, 5), dtype="float16")
    yield "N0 conv1d", conv((0, 4, 5), (4, 4, 3), function="conv1d")
    yield "N0 conv3d", conv((0, 4, 5, 5, 5), (4, 4, 3, 3, 3), function="conv3d")
    yield "N0 convT", conv((0, 4, 5, 5), function="conv_transpose2d")
    yield "C0 convT", conv((1, 0, 5, 5), (0, 4, 3, 3), function="conv_transpose2d")
    yield "H0 convT", conv((1, 4, 0, 5), function="conv_transpose2d")
    yield "bw N0", gradients((0, 4, 5, 5), (4, 4, 3, 3))
    yield "bw C0", gradients((1, 0, 5, 5), (4, 0, 3, 3))
    yield "bw N0 C0", gradients((0, 0, 5, 5), (4, 0, 3, 3))


def padding_modes() -> Entries:
    """The modes that copy pixels: how far they reach, and what they are given."""
    for mode in ("reflect", "circular", "replicate"):

        def padded(padding: Any = 1, on: Shape = IMAGE, mode: str = mode, **more: Any) -> Call:
            return layer(4, 4, 3, padding=padding, padding_mode=mode, on=on, **more)

        yield f"{mode} pad4 of 5", padded(4)
        yield f"{mode} pad5 of 5", padded(5)
        yield f"{mode} pad6 of 5", padded(6)
        yield f"{mode} pad(0,6)", padded((0, 6))
        yield f"{mode} pad(6,0)", padded((6, 0))
        yield f"{mode} pad6 conv1d", padded(6, (4, 5, 5), kind="Conv1d")
        yield f"{mode} pad6 conv3d", layer(1, 4, 3, padding=6, padding_mode=mode, kind="Conv3d", on=(1, 1, 4, 5, 5))
        yield f"{mode} neg", padded(-1)
        yield f"{mode} N0", padded(on=(0, 4, 5, 5))
        yield f"{mode} H0", padded(on=(1, 4, 0, 5))
        yield f"{mode} C0", padded(on=(1, 0, 5, 5))
        yield f"{mode} C0 mod0", layer(0, 4, 3, padding=1, padding_mode=mode, on=(1, 0, 5, 5))
        yield f"{mode} unbatched", padded(on=(4, 5, 5))
        yield f"{mode} 2D", padded(on=(5, 5))
        yield f"{mode} 5D", padded(on=(1, 1, 4, 5, 5))
        yield f"{mode} int64", padded(dtype="int64")
        yield f"{mode} half", half_layer(mode)
        yield f"{mode} valid", padded("valid")


def transposed() -> Entries:
    """Transposed convolution: its padding, output_padding and output_size."""

    def module(**more: Any) -> Call:
        return layer(4, 4, 3, kind="ConvTranspose2d", **more)

    def function(input: Shape = IMAGE, weight: Shape = KERNEL, *bias: Shape, **more: Any) -> Call:
        return conv(input, weight, *bias, function="conv_transpose2d", **more)

    yield "CT padmode", module(padding_mode="reflect")
    yield "CT padmode bogus", module(padding_mode="foo")
    yield "CT pad same", module(padding="same")
    yield "CT pad same fwd", module(padding="same", on=IMAGE)
    yield "CT outpad ge stride", module(output_padding=1, on=IMAGE)
    yield "CT outpad == stride dil2", module(output_padding=1, dilation=2, on=IMAGE)
    yield "CT outpad neg", module(stride=2, output_padding=-1, on=IMAGE)
    yield "CT output_size", module(stride=2, on=IMAGE, output_size=[12, 12])
    yield "CT output_size ok", module(stride=2, on=IMAGE, output_size=[11, 12])
    yield "CT output_size4", module(stride=2, on=IMAGE, output_size=[1, 4, 12, 12])
    yield "CT output_size3 unb", module(stride=2, on=(4, 5, 5), output_size=[4, 12, 12])
    yield "CT output_size bad", module(stride=2, on=IMAGE, output_size=[13, 12])
    yield "CT output_size len1", module(stride=2, on=IMAGE, output_size=[12])
    yield "CT output_size len3", module(stride=2, on=IMAGE, output_size=[4, 12, 12])
    yield "CT neg out", function((1, 4, 1, 1), padding=2)
    yield "CT zero out", function((1, 4, 2, 2), (4, 4, 2, 2), padding=2)
    yield "CT chan", function(weight=(3, 4, 3, 3))
    yield "CT bias", function(IMAGE, KERNEL, (3,))
    yield "CT groups", function(groups=3)
    yield "CT in2d", function((5, 5))
    yield "CT stride0", function(stride=0)
    yield "CT pad str F", function(padding="same")
    yield "CT padneg", function(padding=-1)
    yield "CT dil0", function(dilation=0)


def integers() -> Entries:
    """Sums past the end of an integer type, and gradients of one."""
    yield "int8 wrap val", nine_times(100, "int8")
    yield "uint8 wrap val", nine_times(200, "uint8")
    yield (
        "int64 requires grad",
        lambda t: t.nn.functional.conv2d(Zeros(IMAGE, "int64").on(t), Zeros(KERNEL, "int64").on(t).requires_grad_()),
    )


def _table(*families: Callable[[], Entries]) -> dict[str, Call]:
    table: dict[str, Call] = {}
    for family in families:
        for label, call in family():
            if label in table:
                raise ValueError(f"two calls are labelled {label!r}")
            table[label] = call
    return table


CALLS = _table(
    constructing,
    numbers,
    dimensions,
    mixed_dtypes,
    one_dtype,
    lists,
    padding_strings,
    other_types,
    empties,
    padding_modes,
    transposed,
    integers,
    precedence,
)
