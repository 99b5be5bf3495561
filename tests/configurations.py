"""Convolutions of every kind torch has, each with how to run it on a library with torch's API.

The operands are whole numbers from a fixed formula, small enough that every sum is exact in the dtype (or, in
the integer types, large enough to wrap), so that two correct libraries agree to the last bit.
`data/record_configurations.py` runs the table on torch, `test_configurations.py` on pyconv.
"""

from __future__ import annotations

import warnings
from typing import Any, NamedTuple

import numpy as np

Array = np.ndarray[Any, Any]
Shape = tuple[int, ...]

RANGES = {"float16": 5, "bfloat16": 3, "uint8": 200, "int8": 100, "int32": 2**30, "int64": 2**62}
EVEN_KERNEL = "Using padding='same' with even kernel"


class Configuration(NamedTuple):
    """One convolution: `kind` names a module of `nn`, or (in lower case) a function of `nn.functional`."""

    name: str
    x: Shape
    w: Shape
    kind: str
    dtype: str
    bias: bool
    output_size: list[int] | None
    options: dict[str, Any]

    @property
    def is_module(self) -> bool:
        return self.kind[0].isupper()

    @property
    def differentiable(self) -> bool:
        return "int" not in self.dtype

    @property
    def channels(self) -> tuple[int, int]:
        """(in, out); the weight of a transposed convolution is (in, out/groups, ...)."""
        first, second = self.w[0], self.w[1] * self.options.get("groups", 1)
        return (first, second) if "transpose" in self.kind.lower() else (second, first)


def case(
    name: str,
    x: Shape,
    w: Shape,
    kind: str = "Conv2d",
    *,
    dtype: str = "float32",
    bias: bool = True,
    output_size: list[int] | None = None,
    **options: Any,
) -> Configuration:
    """A configuration with the usual things left out."""
    return Configuration(name, x, w, kind, dtype, bias, output_size, options)


def table() -> list[Configuration]:
    """All configurations, family by family."""
    return [
        *strides_and_paddings(),
        *same_and_valid(),
        *dilations_and_groups(),
        *padding_modes(),
        *batches(),
        *dtypes(),
        *transposed(),
    ]


def strides_and_paddings() -> list[Configuration]:
    x, w = (2, 3, 7, 8), (4, 3, 3, 3)
    return [
        case("stride int", x, w, stride=2),
        case("stride pair", x, w, stride=(2, 3)),
        case("stride list", x, w, "conv2d", stride=[3, 1]),
        case("stride list of one", x, w, "conv2d", stride=[2]),
        case("stride past the kernel", x, (4, 3, 2, 1), stride=4),
        case("padding int", x, w, padding=1),
        case("padding pair", x, w, padding=(2, 0)),
        case("padding list", x, w, "conv2d", padding=[0, 2]),
        case("padding past the kernel", x, w, padding=(4, 5)),
        case("padding past the kernel, strided", x, w, padding=4, stride=3),
        case("kernel of the input's size", x, (4, 3, 7, 8)),
        case("kernel row", x, (4, 3, 1, 7), padding=(0, 3)),
        case("pointwise, strided", x, (5, 3, 1, 1), stride=2),
        case("no bias", x, w, bias=False, padding=1),
        case("one dimension", (2, 4, 11), (6, 2, 3), "Conv1d", stride=2, padding=2, dilation=2, groups=2),
        case("three dimensions", (1, 2, 4, 5, 4), (3, 2, 2, 3, 1), "Conv3d", stride=(1, 2, 3), padding=(1, 0, 2)),
    ]


def same_and_valid() -> list[Configuration]:
    x = (2, 3, 6, 7)
    return [
        case("same", x, (4, 3, 3, 5), padding="same"),
        case("same, even kernel", x, (4, 3, 2, 4), padding="same"),
        case("same, dilated", x, (4, 3, 3, 3), padding="same", dilation=2),
        case("same, even kernel dilated by three", x, (4, 3, 2, 2), padding="same", dilation=3),
        case("same, one axis even", x, (4, 3, 4, 3), "conv2d", padding="same", dilation=(1, 2)),
        case("same, one dimension", (2, 3, 9), (4, 3, 4), "Conv1d", padding="same"),
        case("same, three dimensions", (1, 2, 3, 4, 3), (2, 2, 2, 3, 4), "Conv3d", padding="same"),
        case("same, kernel past the input", (1, 2, 3, 3), (2, 2, 5, 6), padding="same"),
        case("valid, strided", x, (4, 3, 3, 3), padding="valid", stride=2),
    ]


def dilations_and_groups() -> list[Configuration]:
    x = (2, 4, 7, 8)
    return [
        case("dilation int", x, (3, 4, 3, 3), dilation=2),
        case("dilation pair, strided", x, (3, 4, 3, 3), dilation=(1, 3), stride=(2, 1), padding=(1, 3)),
        case("two groups", x, (6, 2, 3, 3), groups=2, padding=1),
        case("groups, dilated and strided", (2, 6, 7, 7), (9, 2, 2, 3), groups=3, dilation=2, stride=2, padding=2),
        case("depthwise", x, (4, 1, 3, 3), groups=4, padding=1),
        case("depthwise, multiplier three", x, (12, 1, 3, 3), groups=4),
        case("depthwise, large kernel, strided", x, (8, 1, 5, 5), groups=4, padding=2, stride=2),
        case("depthwise, same, even kernel", x, (4, 1, 4, 2), groups=4, padding="same"),
        case("grouped pointwise", x, (6, 2, 1, 1), groups=2),
    ]


def padding_modes() -> list[Configuration]:
    x, w = (2, 2, 5, 6), (3, 2, 3, 3)
    reflect, replicate, circular = ({"padding_mode": mode} for mode in ("reflect", "replicate", "circular"))
    return [
        case("reflect", x, w, padding=(4, 2), **reflect),
        case("reflect, same, even kernel", x, (3, 2, 2, 4), padding="same", **reflect),
        case("reflect, strided, one dimension", (2, 3, 7), (4, 3, 3), "Conv1d", padding=3, stride=2, **reflect),
        case("replicate, padding past the input", x, w, padding=(7, 6), **replicate),
        case("replicate, same, dilated", x, w, padding="same", dilation=2, **replicate),
        case("replicate, three dimensions", (1, 2, 3, 3, 4), (2, 2, 2, 2, 3), "Conv3d", padding=(1, 0, 2), **replicate),
        case("replicate, negative padding crops", x, w, padding=-1, **replicate),
        case("circular, padding of the input's size", x, w, padding=(5, 6), **circular),
        case("circular, same, even kernel dilated", x, (3, 2, 2, 3), padding="same", dilation=(3, 1), **circular),
        case("circular, grouped and strided", (2, 4, 5, 6), (4, 2, 3, 3), padding=2, groups=2, stride=2, **circular),
        case("circular, valid", x, w, padding="valid", **circular),
    ]


def batches() -> list[Configuration]:
    w = (4, 3, 3, 3)
    return [
        case("unbatched", (3, 6, 5), w, padding=1, stride=2),
        case("unbatched, same, one dimension", (3, 8), (2, 3, 2), "conv1d", padding="same"),
        case("unbatched, reflect", (3, 6, 5), w, padding=2, padding_mode="reflect"),
        case("empty batch", (0, 3, 6, 5), w, padding=1),
        case("empty batch, grouped, same", (0, 4, 6, 5), (4, 2, 3, 3), groups=2, padding="same"),
        case("no channels", (2, 0, 5, 5), (4, 0, 3, 3), "conv2d"),
    ]


def dtypes() -> list[Configuration]:
    x, w, half = (2, 4, 6, 5), (4, 4, 3, 3), (4, 2, 3, 3)
    grouped = {"groups": 2, "stride": 2, "padding": 1}
    return [
        case("float64", x, w, dtype="float64", padding="same"),
        case("float64, reflect, dilated", x, w, dtype="float64", padding=2, dilation=2, padding_mode="reflect"),
        case("float16", x, w, dtype="float16", padding=1),
        case("float16, grouped", x, half, dtype="float16", **grouped),
        case("bfloat16", (1, 2, 4, 4), (2, 2, 3, 3), dtype="bfloat16", padding=1),
        case("int64", x, w, "conv2d", dtype="int64", padding=1),
        case("int64, grouped and dilated", x, (4, 2, 2, 2), "conv2d", dtype="int64", groups=2, dilation=2),
        case("int32", x, w, "conv2d", dtype="int32", stride=2),
        case("int32, grouped, same", x, half, "conv2d", dtype="int32", groups=2, padding="same"),
        case("int8", x, w, "conv2d", dtype="int8", padding=1),
        case("uint8", x, w, "conv2d", dtype="uint8", padding=1),
        case("complex64", x, w, dtype="complex64", padding=1),
        case("complex64, circular", x, w, dtype="complex64", padding=2, padding_mode="circular"),
        case("complex128, grouped", x, half, dtype="complex128", **grouped),
        case("complex128, same, even kernel", (2, 2, 7), (2, 2, 4), "Conv1d", dtype="complex128", padding="same"),
    ]


def transposed() -> list[Configuration]:
    x, w, kind = (2, 4, 4, 3), (4, 3, 3, 3), "ConvTranspose2d"
    return [
        case("transposed", x, w, kind, stride=2, output_padding=1, padding=1),
        case("transposed, output size", x, w, kind, output_size=[13, 11], stride=3),
        case("transposed, grouped and dilated", x, w, kind, groups=2, dilation=2, stride=(1, 2), padding=(1, 3)),
        case("transposed, unbatched, one dimension", (4, 5), (4, 2, 4), "ConvTranspose1d", stride=2),
        case(
            "transposed, three dimensions",
            (1, 2, 2, 3, 2),
            (2, 3, 2, 2, 3),
            "conv_transpose3d",
            stride=(2, 1, 2),
            output_padding=(1, 0, 0),
        ),
        case("transposed, complex64", x, w, kind, dtype="complex64", stride=2),
    ]


def run(library: Any, c: Configuration) -> dict[str, tuple[str, Array]]:
    """(dtype, elements) of the result y and, where the dtype has gradients, of gx, gw and gb."""
    leaves = {"gx": tensor(library, c.x, c.dtype, 1), "gw": tensor(library, c.w, c.dtype, 2)}
    if c.bias:
        leaves["gb"] = tensor(library, c.channels[1:], c.dtype, 3)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=EVEN_KERNEL)
        y = (through_module if c.is_module else through_function)(library, c, leaves)
    found = {"y": elements(y)}
    if c.differentiable:
        y.backward(tensor(library, tuple(y.shape), c.dtype, 4))
        found |= {name: elements(leaf.grad) for name, leaf in leaves.items()}
    return found


def through_function(library: Any, c: Configuration, leaves: dict[str, Any]) -> Any:
    """The function of `nn.functional` called on the leaves."""
    if c.differentiable:
        for leaf in leaves.values():
            leaf.requires_grad_()
    return getattr(library.nn.functional, c.kind)(*leaves.values(), **c.options)


def through_module(library: Any, c: Configuration, leaves: dict[str, Any]) -> Any:
    """A module that has loaded the leaves called on x; its parameters take their place among the leaves."""
    module = getattr(library.nn, c.kind)(
        *c.channels, c.w[2:], bias=c.bias, dtype=getattr(library, c.dtype), **c.options
    )
    names = {"gw": "weight", "gb": "bias"}
    module.load_state_dict({names[key]: leaf for key, leaf in leaves.items() if key in names})
    leaves |= {key: getattr(module, names[key]) for key in leaves if key in names}
    extra = {} if c.output_size is None else {"output_size": c.output_size}
    return module(leaves["gx"].requires_grad_(), **extra)


def tensor(library: Any, shape: Shape, dtype: str, seed: int) -> Any:
    """Whole numbers in the dtype's range, both parts of a complex number filled."""
    if dtype.startswith("complex"):
        parts = filled(shape, 5, seed) + 1j * filled(shape, 5, seed + 10)
        return library.from_numpy(parts.astype(dtype))
    whole = filled(shape, RANGES.get(dtype, 7), seed)
    if dtype == "bfloat16":
        return library.from_numpy(whole.astype(np.float32)).to(library.bfloat16)
    return library.from_numpy((abs(whole) if dtype == "uint8" else whole).astype(dtype))


def filled(shape: Shape, reach: int, seed: int) -> Array:
    """Integers in [-reach, reach] that look random: a counter through SplitMix64's mixing steps."""
    z = np.arange(1, 1 + int(np.prod(shape)), dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    z += np.uint64(seed * 0x632BE59BD9B4E019 % 2**64)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z ^= z >> np.uint64(31)
    return ((z % np.uint64(2 * reach + 1)).astype(np.int64) - reach).reshape(shape)


def elements(result: Any) -> tuple[str, Array]:
    """A tensor's dtype by name, and its elements; NumPy has no bfloat16, so those are widened."""
    dtype = str(result.dtype).removeprefix("torch.")
    return dtype, (result.float() if dtype == "bfloat16" else result).detach().numpy()
