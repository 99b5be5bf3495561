"""A case as a call of a library with torch's API: a function of `nn.functional`, or a module of `nn`.

May import: `conformance.case`.
"""

from __future__ import annotations

from typing import Any

from conformance.case import DTYPES, SPATIAL_AXES, Argument, Case

_ARGUMENTS = ("stride", "padding", "dilation", "groups", "output_padding")


def by_function(library: Any, case: Case, operands: dict[str, Any]) -> Any:
    """The output of the function.

    Args:
        library: torch, or what has its API.
        case: the configuration.
        operands: input, weight and bias by name, as the library takes them.

    Example:
        >>> import torch
        >>> operands = {"input": torch.ones(1, 4), "weight": torch.ones(1, 1, 3)}
        >>> by_function(torch, Case("conv1d", channels=1, out_channels=1, size=(4,), kernel=3, stride=2), operands)
        tensor([[3.]])
    """
    function = getattr(library.nn.functional, case.op)
    tensors = [operands["input"]]
    if case.is_convolution:
        tensors += [operands["weight"], operands.get("bias")]
    return function(*tensors, *_sizes(case), **_keywords(case))


def by_module(library: Any, case: Case, operands: dict[str, Any]) -> Any:
    """The output of a module; weight and bias in `operands` become its parameters, and are replaced by them.

    Example:
        >>> import torch
        >>> by_module(torch, Case("unfold", kernel=2, module=True), {"input": torch.ones(1, 1, 2, 2)}).shape
        torch.Size([1, 4, 1])
    """
    module = make_module(library, case)
    for name in operands.keys() & {"weight", "bias"}:
        operands[name] = library.nn.Parameter(operands[name].detach())
        setattr(module, name, operands[name])
    if case.is_transposed and case.output_size is not None:
        return module(operands["input"], spelled(case, case.output_size))
    return module(operands["input"])


def make_module(library: Any, case: Case) -> Any:
    """The module of a case, with the weights that it draws for itself.

    Example:
        >>> import torch
        >>> make_module(torch, Case("fold", output_size=4, kernel=(2, 1), stride=2))
        Fold(output_size=4, kernel_size=(2, 1), dilation=1, padding=0, stride=2)
    """
    kind = getattr(library.nn, module_name(case))
    if not case.is_convolution:
        return kind(*_sizes(case), **_keywords(case))
    dtype = getattr(library, DTYPES[case.dtype])
    kernel, bias = spelled(case, case.kernel), "bias" in case.shapes()
    return kind(case.channels, case.out_channels, kernel, bias=bias, dtype=dtype, **_keywords(case))


def module_name(case: Case) -> str:
    """The name of the case's module in `nn`.

    Example:
        >>> module_name(Case("conv_transpose2d")), module_name(Case("fold"))
        ('ConvTranspose2d', 'Fold')
    """
    if case.is_transposed:
        return f"ConvTranspose{SPATIAL_AXES[case.op]}d"
    return case.op.capitalize()


def _sizes(case: Case) -> list[Any]:
    """The arguments after the tensors that are passed by position."""
    values = {"pad": (case.padding,), "unfold": (case.kernel,), "fold": (case.output_size, case.kernel)}
    return [spelled(case, value) for value in values.get(case.op, ())]


def _keywords(case: Case) -> dict[str, Any]:
    """The arguments that are passed by name."""
    if case.op == "pad":
        named = {"mode": case.mode, "value": case.value}
    else:
        named = {name: spelled(case, getattr(case, name)) for name in _ARGUMENTS}
        named["padding_mode"] = case.mode
    return {name: value for name, value in named.items() if value is not None}


def spelled(case: Case, value: Argument | str) -> Any:
    """An argument as the case passes it: its tuples as lists where it says so.

    Example:
        >>> spelled(Case("conv2d", lists=True), (1, 2)), spelled(Case("conv2d"), (1, 2))
        ([1, 2], (1, 2))
    """
    return list(value) if case.lists and isinstance(value, tuple) else value
