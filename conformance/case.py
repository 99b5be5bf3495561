"""A configuration: one operation, its arguments, and how its tensors are filled.

May import: the standard library; `conformance.tokens`, which knows the text of a case, when a case is printed.
"""

from __future__ import annotations

from dataclasses import dataclass

Sizes = tuple[int, ...]
Argument = int | Sizes | None

SPATIAL_AXES = {
    "conv1d": 1,
    "conv2d": 2,
    "conv3d": 3,
    "conv_transpose1d": 1,
    "conv_transpose2d": 2,
    "conv_transpose3d": 3,
    "unfold": 2,
    "fold": 2,
    "pad": 0,
}
DTYPES = {
    "f64": "float64",
    "f32": "float32",
    "f16": "float16",
    "bf16": "bfloat16",
    "complex64": "complex64",
    "complex128": "complex128",
    "i64": "int64",
    "i32": "int32",
    "i16": "int16",
    "i8": "int8",
    "u8": "uint8",
}
MODES = ("reflect", "replicate", "circular", "constant", "zeros")
FILLS = ("ints", "real")
LAYOUTS = ("strided", "fortran", "reversed", "readonly", "overlapping")


def is_integer(dtype: str) -> bool:
    """Whether a dtype's token names an integer type.

    Example:
        >>> is_integer("u8"), is_integer("bf16")
        (True, False)
    """
    return dtype[0] in "iu"


@dataclass(frozen=True)
class Case:
    """One configuration: an operation, its arguments, and how its tensors are filled.

    `str(case)` is its line, and `tokens.parse` reads that back. None is an argument that is not passed.

    Example:
        >>> from conformance.tokens import parse
        >>> case = parse("conv2d n2 c4 o6 h9x10 k3x5 s2 p1,2 g2 bias f32 real seed17")
        >>> case.stride, case.padding, case.dilation
        (2, (1, 2), None)
        >>> case.shapes()
        {'input': (2, 4, 9, 10), 'weight': (6, 2, 3, 5), 'bias': (6,)}
    """

    op: str
    batch: int | None = None
    channels: int | None = None
    out_channels: int | None = None
    size: Sizes | None = None
    kernel: Argument = None
    stride: Argument = None
    padding: Argument | str = None
    dilation: Argument = None
    groups: int | None = None
    output_padding: Argument = None
    output_size: Argument = None
    bias: bool = False
    mode: str | None = None
    value: float | None = None
    module: bool = False
    lists: bool = False
    input_shape: Sizes | None = None
    weight_shape: Sizes | None = None
    weight_dtype: str | None = None
    bias_shape: Sizes | None = None
    bias_dtype: str | None = None
    layout: str | None = None
    dtype: str = "f32"
    fill: str = "ints"
    seed: int = 0

    def __str__(self) -> str:
        from conformance.tokens import to_text

        return to_text(self)

    @property
    def is_convolution(self) -> bool:
        """Whether the operation has a weight."""
        return self.op.startswith("conv")

    @property
    def is_transposed(self) -> bool:
        """Whether the operation is a transposed convolution."""
        return self.op.startswith("conv_transpose")

    @property
    def through_module(self) -> bool:
        """Whether the case goes through `nn.Conv2d` or its kin and not through a function."""
        return self.module or (self.is_convolution and self.mode is not None)

    def axes(self, argument: Argument, default: int = 1) -> Sizes:
        """One value for each spatial axis, as torch reads an int or an argument left out.

        Example:
            >>> Case("conv2d").axes(3), Case("conv2d").axes((1, 2)), Case("conv2d").axes(None, 0)
            ((3, 3), (1, 2), (0, 0))
        """
        if isinstance(argument, tuple):
            return argument * SPATIAL_AXES[self.op] if len(argument) == 1 else argument
        return (default if argument is None else argument,) * SPATIAL_AXES[self.op]

    def shapes(self) -> dict[str, Sizes]:
        """The shape of each tensor that the case has, by name: input, weight, bias."""
        leading = tuple(length for length in (self.batch, self.channels) if length is not None)
        shapes = {"input": self.input_shape}
        if self.input_shape is None:
            shapes["input"] = leading + (self.size or ())
        if self.is_convolution:
            shapes["weight"] = self._weight_shape() if self.weight_shape is None else self.weight_shape
            if self.bias or self.bias_shape is not None or self.bias_dtype is not None:
                shapes["bias"] = (self.out_channels or 0,) if self.bias_shape is None else self.bias_shape
        return {name: shape for name, shape in shapes.items() if shape is not None}

    def _weight_shape(self) -> Sizes:
        first, second = self.out_channels or 0, self.channels or 0
        if self.is_transposed:
            first, second = second, first
        kernel = self.kernel if isinstance(self.kernel, tuple) else self.axes(self.kernel)
        return (first, second // max(self.groups or 1, 1), *(max(length, 0) for length in kernel))

    def dtypes(self) -> dict[str, str]:
        """The dtype's token of each tensor, by name."""
        return {
            "input": self.dtype,
            "weight": self.weight_dtype or self.dtype,
            "bias": self.bias_dtype or self.dtype,
        }
