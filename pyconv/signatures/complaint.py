"""What torch says to a call that fits none of a function's signatures.

May import: NumPy, `pyconv.autograd`, `pyconv.signatures`.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import numpy as np

from pyconv.autograd.traced import Traced
from pyconv.signatures.arguments import Argument, Signature, fits
from pyconv.signatures.values import is_int, plain_list, type_name

Args = tuple[Any, ...]
Kwargs = dict[str, Any]


@functools.cache
def parsed(texts: tuple[str, ...], of_method: bool) -> tuple[Signature, ...]:
    """The signatures that texts stand for, as those of methods without the tensor in front.

    Methods have no signature that begins otherwise, and none with an `out_dtype`.

    Example:
        >>> len(parsed(("(Tensor input)",), True)[0].arguments)
        0
    """
    found = tuple(map(Signature.parse, texts))
    if not of_method:
        return found
    return tuple(overload.of_method() for overload in found if _has_method(overload))


def _has_method(overload: Signature) -> bool:
    return overload.arguments[0].kind == "Tensor" and all(one.name != "out_dtype" for one in overload.arguments)


def bind(overload: Signature, args: Args, kwargs: Kwargs) -> dict[str, Any] | None:
    """The arguments of a call by name, if they fit a signature."""
    return _bound(overload, args, kwargs) if mismatch(overload, args, kwargs) is None else None


def _bound(overload: Signature, args: Args, kwargs: Kwargs) -> dict[str, Any]:
    if is_variadic(overload, args):
        args = (args,)
    bound = {argument.name: value for argument, value in zip(overload.arguments, args, strict=False)}
    for argument in overload.arguments[len(args) :]:
        for name in argument.names:
            if name in kwargs:
                bound[argument.name] = kwargs[name]
    return bound


_ARITHMETIC = ("add", "sub", "subtract", "mul", "multiply", "div", "divide", "true_divide", "floor_divide", "copy")
"""The functions that take a number for a tensor."""
_ONCE_OTHERWISE = frozenset(["add", "addbmm", "addcdiv", "addcmul", "addmm", "addmv", "addr", "baddbmm", "sub"])
"""The functions that have a deprecated signature beside the others, which torch does not print."""


def complaint(name: str, overloads: Sequence[Signature], args: Args, kwargs: Kwargs) -> str | None:
    """The text of torch's TypeError; None where the call fits a signature.

    Args:
        name: of the function.
        overloads: its signatures.
        args: of the call, without the tensor that a method belongs to.
        kwargs: likewise.

    Example:
        >>> complaint("exp", [Signature.parse("(Tensor input)")], ([1],), {})
        "exp(): argument 'input' (position 1) must be Tensor, not list"
    """
    overloads = _with_numbers(name, overloads)
    reasons = [mismatch(overload, args, kwargs) for overload in overloads]
    if None in reasons:
        return _not_unpacked(name, overloads[reasons.index(None)], args, kwargs)
    count = len(args) + len(kwargs)
    plausible = [
        reason
        for reason, overload in zip(reasons, overloads, strict=True)
        if overload.required <= count <= len(overload.arguments)
    ]
    if len(plausible) == 1:
        return f"{name}{plausible[0]}"
    if len(overloads) == 1 and name.rstrip("_") not in _ONCE_OTHERWISE:
        return f"{name}{reasons[0]}"
    return f"{name}{_combination(overloads, args, kwargs)}"


def _with_numbers(name: str, overloads: Sequence[Signature]) -> Sequence[Signature]:
    """The signatures as the function has them, which may take a number for a tensor."""
    taken = name.rstrip("_") in _ARITHMETIC
    return [overload.with_numbers() for overload in overloads] if taken else overloads


def fitting(name: str, overloads: Sequence[Signature], args: Args, kwargs: Kwargs) -> list[tuple[Argument, Any]]:
    """The arguments of the first signature that a call fits, each with what it is given.

    Args:
        name: of the function.
        overloads: its signatures.
        args: of the call, without the tensor that a method belongs to.
        kwargs: likewise.

    Example:
        >>> [(argument.name, value) for argument, value in fitting("f", [Signature.parse("(int n)")], (3,), {})]
        [('n', 3)]
    """
    for overload in _with_numbers(name, overloads):
        bound = bind(overload, args, kwargs)
        if bound is not None:
            return [(argument, bound[argument.name]) for argument in overload.arguments if argument.name in bound]
    return []


def _not_unpacked(name: str, overload: Signature, args: Args, kwargs: Kwargs) -> str | None:
    """What is wrong with an item of a list, whose first is all that a signature looks at."""
    bound = _bound(overload, args, kwargs)
    for argument in overload.arguments:
        value = bound.get(argument.name)
        if argument.kind == "tuple of ints" and isinstance(value, (tuple, list)):
            try:
                plain_list(name, argument.name, value)
            except TypeError as error:
                return str(error)
    return None


def complaint_of_method(name: str, overloads: Sequence[Signature], args: Args, kwargs: Kwargs) -> str | None:
    """The text of torch's TypeError for a method, which is Python's own where the method takes nothing.

    Args:
        name: of the method.
        overloads: its signatures, without the tensor that it belongs to.
        args: of the call, likewise.
        kwargs: likewise.

    Example:
        >>> complaint_of_method("exp", [Signature.parse("()")], (1,), {})
        'TensorBase.exp() takes no arguments (1 given)'
    """
    if any(overload.arguments for overload in overloads):
        return complaint(name, overloads, args, kwargs)
    if kwargs:
        return f"TensorBase.{name}() takes no keyword arguments"
    return f"TensorBase.{name}() takes no arguments ({len(args)} given)" if args else None


def tensor_type(overload: Signature, args: Args, kwargs: Kwargs) -> type:
    """np.ndarray where all tensors of the call are ndarrays, else the tape's type."""
    bound = _bound(overload, args, kwargs)
    values = [bound.get(a.name) for a in overload.arguments if a.kind in ("Tensor", "tuple of Tensors")]
    flat = [item for v in values for item in (v if isinstance(v, (tuple, list)) else (v,)) if item is not None]
    tensors = [item for item in flat if not isinstance(item, (int, float, complex, np.number))]
    return np.ndarray if tensors and all(isinstance(item, np.ndarray) for item in tensors) else Traced


def mismatch(overload: Signature, args: Args, kwargs: Kwargs) -> str | None:
    """What is wrong with a call by one signature, if anything is."""
    if is_variadic(overload, args):
        args = (args,)
    if len(args) > overload.positional:
        return _too_many(overload, len(args))
    tensors = tensor_type(overload, args, kwargs)
    used = 0
    for position, argument in enumerate(overload.arguments):
        if position < len(args):
            if not fits(argument, args[position], tensors):
                return _wrong(argument, args[position], f" (position {position + 1})")
            continue
        given = [name for name in argument.names if name in kwargs]
        used += bool(given)
        if not given and not argument.optional:
            return _missing(overload.arguments[position:])
        if given and not fits(argument, kwargs[given[0]], tensors):
            return _wrong(argument, kwargs[given[0]], "")
    return _strange(overload, args, kwargs) if used < len(kwargs) else None


def is_variadic(overload: Signature, args: Args) -> bool:
    """Whether the positional arguments are the items of the one that the signature has, as in view(2, 3)."""
    one = overload.positional == 1 and overload.arguments[0].kind == "tuple of ints"
    return one and bool(args) and is_int(args[0])


def _too_many(overload: Signature, count: int) -> str:
    most = overload.positional
    least = sum(not argument.optional for argument in overload.arguments[:most])
    verb = "was" if count == 1 else "were"
    if least != most:
        return f"() takes from {least} to {most} positional arguments but {count} {verb} given"
    return f"() takes {most} positional argument{'' if most == 1 else 's'} but {count} {verb} given"


def _missing(arguments: Sequence[Argument]) -> str:
    names = [f'"{argument.name}"' for argument in arguments if not argument.optional]
    return f"() missing {len(names)} required positional argument{'s' if len(names) == 1 else ''}: {', '.join(names)}"


def _wrong(argument: Argument, value: Any, position: str) -> str:
    in_list = argument.kind.startswith("tuple of ") and isinstance(value, (tuple, list)) and len(value)
    if position and in_list:
        found = f"but found element of type {type_name(value[0])} at pos 0"
    else:
        found = f"not {type_name(value)}"
    return f"(): argument '{argument.name}'{position} must be {argument.kind}, {found}"


def _strange(overload: Signature, args: Args, kwargs: Kwargs) -> str:
    positional = {argument.name for argument in overload.arguments[: len(args)]}
    known = {name for argument in overload.arguments for name in argument.names}
    for name in kwargs:
        if name in positional:
            return f"() got multiple values for argument '{name}'"
        if name not in known:
            return f"() got an unexpected keyword argument '{name}'"
    return "() got multiple values for an argument"


def _combination(overloads: Sequence[Signature], args: Args, kwargs: Kwargs) -> str:
    """What is wrong with a call of a function that has several signatures."""
    got = "".join(f"{type_name(value)}, " for value in args)
    got += "".join(f"{name}={type_name(value)}, " for name, value in kwargs.items())
    if args:
        got = got[:-2]
    start = f"() received an invalid combination of arguments - got ({got}), but expected "
    if len(overloads) == 1:
        unknown = _unknown(overloads[0], kwargs)
        if unknown:
            return f"{start.partition(' - ')[0]} - got unrecognized keyword arguments: {', '.join(unknown)}"
        return f"{start}{overloads[0].text}"
    lines = [f"{start}one of:"]
    for overload in overloads:
        lines.append(f" * {overload.text}")
        if len(args) + len(kwargs) == overload.text.count(", ") + 1:
            lines.append(f"      didn't match because some of the {_incorrect(overload, args, kwargs)}")
    return "\n".join(lines) + "\n"


def _incorrect(overload: Signature, args: Args, kwargs: Kwargs) -> str:
    """What torch says of an overload of as many arguments; it knows no type where the argument has a default."""
    unknown = _unknown(overload, kwargs)
    if unknown:
        return f"keywords were incorrect: {', '.join(unknown)}"
    padded = [*overload.arguments, *[None] * len(args)]
    described = [_judged(argument, value, "") for argument, value in zip(padded, args, strict=False)]
    by_name = [argument for argument in overload.arguments if argument.name in kwargs]
    described += [_judged(argument, kwargs[argument.name], f"{argument.name}=") for argument in by_name]
    return f"arguments have invalid types: ({', '.join(described)})"


def _unknown(overload: Signature, kwargs: Kwargs) -> list[str]:
    """The keywords that torch does not know again.

    It looks for them among the last of the arguments alone, as many as there are keywords, and finds none that has a
    default.
    """
    last = overload.text[1:-1].split(", ")[-len(kwargs) :] if kwargs else []
    known = {item.rpartition(" ")[2] for item in last}
    return [name for name in kwargs if name not in known]


def _judged(argument: Argument | None, value: Any, name: str) -> str:
    """A value as torch describes it, between exclamation marks where it does not know its type again."""
    known = argument is not None and not argument.optional and type_name(value) == argument.kind
    return f"{name}{_described(value)}" if known else f"!{name}{_described(value)}!"


def _described(value: Any) -> str:
    if isinstance(value, tuple):
        return f"tuple of ({', '.join(map(type_name, value))}{',' * (len(value) == 1)})"
    if isinstance(value, list):
        return f"list of [{', '.join(map(type_name, value))}]"
    return type_name(value)
