"""Libraries with one planted fault each: real torch, its operands or its answers bent a little.

A fault is a function from the adapter of torch, a case and its operands to the maps; `FAULTS` names them.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from conformance.adapters import Adapter
from conformance.case import SPATIAL_AXES, Case
from conformance.fills import Operands

Maps = dict[str, np.ndarray]


@dataclass(frozen=True)
class Faulty:
    """An adapter that answers with a planted fault."""

    name: str
    torch: Adapter
    fault: Callable[[Adapter, Case, Operands], Maps]

    def run(self, case: Case, operands: Operands) -> Maps:
        """The maps with the fault in them."""
        return self.fault(self.torch, case, operands)


def _spatial(case):
    return tuple(range(-SPATIAL_AXES[case.op], 0))


def _with(operands, **arrays):
    return Operands(operands.arrays | arrays, operands.cotangent)


def _mirrored(array, case):
    return np.flip(array, _spatial(case)).copy()


def flipped_kernel(torch, case, operands):
    """A true convolution instead of a correlation."""
    if not case.is_convolution or operands.arrays["weight"].ndim <= SPATIAL_AXES[case.op]:
        return torch.run(case, operands)
    maps = torch.run(case, _with(operands, weight=_mirrored(operands.arrays["weight"], case)))
    if "weight gradient" in maps:
        maps["weight gradient"] = _mirrored(maps["weight gradient"], case)
    return maps


def same_on_the_wrong_side(torch, case, operands):
    """padding='same' with its odd element on the left: the mirror image of the right one."""
    if case.padding != "same" or not case.is_convolution or operands.arrays["input"].ndim < 2:
        return torch.run(case, operands)
    flipped = Operands(
        {n: a if n == "bias" else _mirrored(a, case) for n, a in operands.arrays.items()},
        lambda shape: _mirrored(operands.cotangent(shape), case),
    )
    maps = torch.run(case, flipped)
    return {n: a if n == "bias gradient" else _mirrored(a, case) for n, a in maps.items()}


def missing_bias(torch, case, operands):
    """The bias is not added."""
    if "bias" not in operands.arrays:
        return torch.run(case, operands)
    return torch.run(case, _with(operands, bias=np.zeros_like(operands.arrays["bias"])))


def swapped_groups(torch, case, operands):
    """The channels of the output come from the groups in reverse."""
    maps = torch.run(case, operands)
    axis = -1 - SPATIAL_AXES[case.op]
    if (case.groups or 1) > 1 and maps["output"].shape[axis]:
        grouped = np.stack(np.split(maps["output"], case.groups, axis))
        maps["output"] = np.concatenate(grouped[::-1], axis)
    return maps


def wrong_gradient_of_weight(torch, case, operands):
    """The weight's gradient lacks what the last image of the batch adds."""
    maps = torch.run(case, operands)
    if case.is_convolution and (case.batch or 0) > 1 and "weight gradient" in maps:
        shorter = replace(case, batch=1, input_shape=None, output_size=None)
        first = Operands(
            operands.arrays | {"input": operands.arrays["input"][:1].copy()},
            lambda _: operands.cotangent(maps["output"].shape)[:1].copy(),
        )
        maps["weight gradient"] = torch.run(shorter, first)["weight gradient"]
    return maps


def gradient_not_conjugated(torch, case, operands):
    """The gradients of complex operands are those of a real formula."""
    maps = torch.run(case, operands)
    return {n: a.conj() if n.endswith("gradient") and np.iscomplexobj(a) else a for n, a in maps.items()}


def wider_result(torch, case, operands):
    """float16 comes back as the float32 it was accumulated in."""
    maps = torch.run(case, operands)
    return {n: a.astype(np.float32) if a.dtype == np.float16 else a for n, a in maps.items()}


def saturated_integers(torch, case, operands):
    """Integers stop at the end of their range instead of wrapping."""
    maps = torch.run(case, operands)
    if case.dtype in ("i8", "u8") and case.is_convolution:
        wide = torch.run(replace(case, dtype="i64"), operands.mapped(lambda a: a.astype(np.int64)))["output"]
        ends = np.iinfo(maps["output"].dtype)
        maps["output"] = np.clip(wide, ends.min, ends.max).astype(maps["output"].dtype)
    return maps


def lost_precision(torch, case, operands):
    """float64 is computed in float32."""
    if case.dtype != "f64":
        return torch.run(case, operands)
    narrow = operands.mapped(lambda a: a.astype(np.float32))
    return {n: a.astype(np.float64) for n, a in torch.run(replace(case, dtype="f32"), narrow).items()}


def rounded_too_early(torch, case, operands):
    """float32 results lose their last six bits."""
    maps = torch.run(case, operands)
    return {n: (a.view(np.int32) & -64).view(np.float32) if a.dtype == np.float32 else a for n, a in maps.items()}


def unbatched_with_a_batch(torch, case, operands):
    """An unbatched input comes back with a batch of one."""
    maps = torch.run(case, operands)
    if case.is_convolution and case.batch is None:
        maps["output"] = maps["output"][None]
    return maps


def no_gradient_of_bias(torch, case, operands):
    """The bias has no gradient."""
    maps = torch.run(case, operands)
    maps.pop("bias gradient", None)
    return maps


def reflected_with_the_edge(torch, case, operands):
    """'reflect' repeats the border, as 'symmetric' would, where the sizes allow to compute that."""
    if case.op != "pad" or case.mode != "reflect" or min(case.padding) < 0:
        return torch.run(case, operands)
    maps = torch.run(case, operands)
    sides = list(zip(case.padding[::2], case.padding[1::2]))[::-1]
    widths = [(0, 0)] * (maps["output"].ndim - len(sides)) + sides
    maps["output"] = np.pad(operands.arrays["input"], widths, mode="symmetric")
    return maps


def _reworded(old, new):
    def fault(torch, case, operands):
        try:
            return torch.run(case, operands)
        except RuntimeError as error:
            raise type(error)(str(error).replace(old, new)) from error

    fault.__doc__ = f"Errors say {new!r} where torch says {old!r}."
    return fault


def other_exception(torch, case, operands):
    """A bad call of a function raises ValueError."""
    try:
        return torch.run(case, operands)
    except RuntimeError as error:
        raise ValueError(str(error)) from error


def no_error(torch, case, operands):
    """A kernel larger than the input gives an empty result."""
    try:
        return torch.run(case, operands)
    except RuntimeError as error:
        if "Kernel size can't be greater" in str(error):
            return {"output": np.zeros(0, np.float32)}
        raise


FAULTS = {
    "flipped kernel": flipped_kernel,
    "same on the wrong side": same_on_the_wrong_side,
    "missing bias": missing_bias,
    "swapped groups": swapped_groups,
    "wrong gradient of the weight": wrong_gradient_of_weight,
    "gradient not conjugated": gradient_not_conjugated,
    "wider result": wider_result,
    "saturated integers": saturated_integers,
    "lost precision": lost_precision,
    "rounded too early": rounded_too_early,
    "unbatched with a batch": unbatched_with_a_batch,
    "no gradient of the bias": no_gradient_of_bias,
    "reflected with the edge": reflected_with_the_edge,
    "other words": _reworded("non-positive", "non positive"),
    "other sizes in the text": _reworded("[", "("),
    "other exception": other_exception,
    "no error": no_error,
}
