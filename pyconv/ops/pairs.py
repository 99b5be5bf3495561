"""Elementary functions of two operands, and sums of products with a third.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.node import OUTPUT
from pyconv.autograd.primitive import Primitive, primitive
from pyconv.autograd.traced import Traced
from pyconv.ops.arithmetic import (
    BAREBONES,
    COMPLEX,
    add,
    as_operand,
    binary,
    check_broadcast,
    div,
    mul,
    neg,
    promoted,
    refuse,
    sub,
    where,
)
from pyconv.ops.cast import array_of, cast, conj
from pyconv.ops.elementwise import flat, pairwise, rounded_once, widened
from pyconv.ops.power import power
from pyconv.ops.shape import sum_to
from pyconv.ops.unary import exp, reciprocal

Array = np.ndarray[Any, Any]
_WHOLE = (dtypes.bool_, dtypes.uint8, dtypes.int8, dtypes.int16, dtypes.int32, dtypes.int64, *BAREBONES)

_angle = widened(rounded_once(np.arctan2))


@primitive("Atan2")
def _atan2(a: Array, b: Array, *, kind: np.dtype[Any]) -> Array:
    return _angle(a.astype(kind, copy=False), b.astype(kind, copy=False))


def _over_square(g: Any, numerator: Any, a: Any, b: Any) -> Any:
    """The cotangent over a² + b², the squares in the operands' own dtypes, where those of integers wrap."""
    square = add(mul(a, a), mul(b, b))
    zero = array_of(square) == 0
    return mul(mul(g, numerator), where(zero, 0, reciprocal(square)))


def _of_ordinate(g: Any, a: Any, b: Any, *, kind: np.dtype[Any]) -> Any:
    return cast(sum_to(_over_square(g, b, a, b), array_of(a).shape), array_of(a).dtype)


def _of_abscissa(g: Any, a: Any, b: Any, *, kind: np.dtype[Any]) -> Any:
    return cast(sum_to(_over_square(g, neg(a), a, b), array_of(b).shape), array_of(b).dtype)


_atan2.defvjp(0, _of_ordinate, saves=(0, 1))
_atan2.defvjp(1, _of_abscissa, saves=(0, 1))


def atan2(a: Any, b: Any) -> Any:
    """The angle of the point (b, a), in the default floating-point dtype where both are of integers or bool.

    Raises:
        NotImplementedError: one is complex.
    """
    kind = promoted(a, b)
    if dtypes.category(kind) < 2:
        kind = dtypes.get_default_dtype()
    refuse("atan2_cpu", kind, COMPLEX)
    check_broadcast(array_of(a).shape, array_of(b).shape)
    return _atan2(a, b, kind=kind.numpy)


_hypot, hypot = pairwise("Hypot", np.hypot, refused=(*_WHOLE, *COMPLEX), stub="hypot_cpu", keeps=True)
_hypot.defvjp(0, lambda g, y, a, b: sum_to(mul(g, div(a, y)), array_of(a).shape), saves=(OUTPUT, 0))
_hypot.defvjp(1, lambda g, y, a, b: sum_to(mul(g, div(b, y)), array_of(b).shape), saves=(OUTPUT, 1))


def _copysign(a: Array, b: Array) -> Array:
    return np.copysign(a, b)


_copysign_tensor, _of_tensors = pairwise("Copysign", _copysign, refused=COMPLEX, stub="copysign_cpu")
_copysign_number, _of_number = pairwise("Copysign", _copysign, refused=COMPLEX, stub="copysign_cpu", variant=1)


def _copysign_vjp(g: Any, y: Any, a: Any, b: Any) -> Any:
    values, signed = array_of(a), array_of(y)
    ratio = np.where(values == 0, 0, np.sign(signed) * np.sign(values)).astype(signed.dtype)
    return sum_to(mul(g, ratio), values.shape)


for _op in (_copysign_tensor, _copysign_number):
    _op.defvjp(0, _copysign_vjp, saves=(OUTPUT, 0))
    _op.defvjp(1, lambda g, a, b: sum_to(flat(g), b.shape))


def copysign(a: Any, b: Any) -> Any:
    """The size of `a` with the sign of `b`.

    Raises:
        NotImplementedError: one is complex.
    """
    return (_of_tensors if isinstance(b, (Traced, np.ndarray)) else _of_number)(a, b)


_nextafter = Primitive(lambda a, b: np.asarray(np.nextafter(a, b)), "Nextafter", False)
_nextafter.defvjp(0, lambda g, a, b: sum_to(where(array_of(a) != array_of(b), g, 0), array_of(a).shape), saves=(0, 1))
_nextafter.defvjp(1, lambda g, a, b: sum_to(flat(g), b.shape))


def nextafter(a: Any, b: Any) -> Any:
    """The next floating-point number after `a` towards `b`.

    Raises:
        NotImplementedError: the dtype is not of floating point.
    """
    kind = promoted(a, b)
    refuse("nextafter_cpu", kind, (*_WHOLE, *COMPLEX))
    return binary(_nextafter, a, b, kind)


def _heaviside_kernel(x: Array, values: Array) -> Array:
    return np.where(x == 0, values, (x > 0).astype(x.dtype))


def _heaviside_vjp(g: Any, x: Any, values: Any) -> Any:
    raise RuntimeError("derivative for aten::heaviside is not implemented")


_heaviside = Primitive(_heaviside_kernel, "torch::autograd::NotImplemented", False, None)
_heaviside.defvjp(0, _heaviside_vjp)
_heaviside.defvjp(1, _heaviside_vjp)


def heaviside(x: Any, values: Any) -> Any:
    """0 where `x` is negative, 1 where it is positive, `values` where it is zero.

    Raises:
        RuntimeError: one is complex, or the dtypes differ.
    """
    kinds = [dtypes.of(array_of(v)) for v in (x, values)]
    if any(kind.is_complex for kind in kinds):
        raise RuntimeError("heaviside is not yet implemented for complex tensors.")
    if kinds[0] is not kinds[1]:
        raise RuntimeError("heaviside is not yet implemented for tensors with different dtypes.")
    refuse("heaviside_cpu", kinds[0], BAREBONES)
    return binary(_heaviside, x, values, kinds[0])


def _logaddexp_kernel(a: Array, b: Array) -> Array:
    if a.dtype.kind != "c":
        return np.logaddexp(a, b)
    larger = np.where(a.real >= b.real, a, b)
    smaller = np.where(a.real >= b.real, b, a)
    same = np.isinf(a.real) & (a.real == b.real) & (a.real < 0)
    found = larger + np.log1p(np.exp(np.where(same, 0, smaller - larger)))
    return np.where(same, larger, found)


_logaddexp, logaddexp = pairwise("Logaddexp", _logaddexp_kernel, refused=_WHOLE, stub="logaddexp_cpu", keeps=True)
_logaddexp.defvjp(0, lambda g, a, b: sum_to(div(g, conj(add(exp(sub(b, a)), 1))), array_of(a).shape), saves=(0, 1))
_logaddexp.defvjp(1, lambda g, a, b: sum_to(div(g, conj(add(exp(sub(a, b)), 1))), array_of(b).shape), saves=(0, 1))
_logaddexp2, logaddexp2 = pairwise(
    "Logaddexp2", np.logaddexp2, refused=(*_WHOLE, *COMPLEX), stub="logaddexp2_cpu", keeps=True
)
_logaddexp2.defvjp(0, lambda g, a, b: sum_to(div(g, add(power(2, sub(b, a)), 1)), array_of(a).shape), saves=(0, 1))
_logaddexp2.defvjp(1, lambda g, a, b: sum_to(div(g, add(power(2, sub(a, b)), 1)), array_of(b).shape), saves=(0, 1))


_ldexp = Primitive(widened(lambda a, b: a * (np.asarray(2, a.dtype) ** b)), "Ldexp", False)
_ldexp.defvjp(0, lambda g, a, b: sum_to(mul(g, conj(power(2, b))), array_of(a).shape), saves=(1,))
_ldexp.defvjp(1, lambda g, y, a, b: sum_to(mul(mul(g, conj(y)), math.log(2)), array_of(b).shape), saves=(OUTPUT,))


def ldexp(a: Any, b: Any) -> Any:
    """A·2**b, in floating point."""
    kind = promoted(a, b)
    if dtypes.category(kind) < 2:
        kind = dtypes.get_default_dtype()
    return binary(_ldexp, a, b, kind)


def _lerp_kernel(a: Array, b: Array, weight: Array) -> Array:
    # from the nearer end, so that both ends are exact
    return np.where(np.abs(weight) < 0.5, a + weight * (b - a), b - (b - a) * (1 - weight))


def _weighted(g: Any, weight: Any, rest: bool) -> Any:
    """The cotangent of the start, or of the end."""
    if isinstance(weight, (Traced, np.ndarray)):
        return mul(g, conj(sub(1, weight) if rest else weight))
    return mul(g, (1 - weight if rest else weight).conjugate())


_lerps = [Primitive(widened(_lerp_kernel), "Lerp", False, i) for i in (0, 1)]
for _op in _lerps:
    _op.defvjp(0, lambda g, a, b, w: sum_to(_weighted(g, w, True), array_of(a).shape), saves=(2,))
    _op.defvjp(1, lambda g, a, b, w: sum_to(_weighted(g, w, False), array_of(b).shape), saves=(2,))
    _op.defvjp(2, lambda g, a, b, w: sum_to(mul(g, conj(sub(b, a))), array_of(w).shape), saves=(0, 1))


def lerp(a: Any, b: Any, weight: Any) -> Any:
    """A + weight·(b - a).

    Raises:
        RuntimeError: the dtypes differ, or the shapes do not broadcast.
        NotImplementedError: the dtype is of integers.
    """
    tensor = isinstance(weight, (Traced, np.ndarray))
    kind = dtypes.of(array_of(a))
    for name, other in (("end", b), *((("weight", weight),) if tensor else ())):
        found = dtypes.of(array_of(other))
        if found is not kind:
            raise RuntimeError(f"expected dtype {kind.cpp_name} for `{name}` but got dtype {found.cpp_name}")
    refuse("lerp_kernel_tensor" if tensor else "lerp_kernel_scalar", kind, _WHOLE)
    _check_three(a, b, weight)
    if tensor:
        return _lerps[1](a, b, weight)
    return _lerps[0](a, b, weight)


def _check_three(*operands: Any) -> None:
    shape: tuple[int, ...] = ()
    for operand in operands:
        other = array_of(operand).shape if isinstance(operand, (Traced, np.ndarray)) else ()
        check_broadcast(shape, other)
        shape = np.broadcast_shapes(shape, other)


def _addcmul_kernel(x: Array, a: Array, b: Array, *, value: Any) -> Array:
    return x + np.asarray(value).astype(x.dtype) * a * b


def _addcdiv_kernel(x: Array, a: Array, b: Array, *, value: Any) -> Array:
    return x + np.asarray(value).astype(x.dtype) * a / b


def _times(g: Any, value: Any) -> Any:
    return g if isinstance(value, int) and value == 1 else mul(g, value.conjugate())


_addcmul = Primitive(widened(_addcmul_kernel), "Addcmul", False)
_addcmul.defvjp(0, lambda g, x, a, b, *, value: sum_to(g, x.shape))
_addcmul.defvjp(1, lambda g, x, a, b, *, value: sum_to(_times(mul(g, conj(b)), value), array_of(a).shape), saves=(2,))
_addcmul.defvjp(2, lambda g, x, a, b, *, value: sum_to(_times(mul(g, conj(a)), value), array_of(b).shape), saves=(1,))
_addcdiv = Primitive(widened(_addcdiv_kernel), "Addcdiv", False)
_addcdiv.defvjp(0, lambda g, x, a, b, *, value: sum_to(g, x.shape))
_addcdiv.defvjp(1, lambda g, x, a, b, *, value: sum_to(mul(g, conj(div(value, b))), array_of(a).shape), saves=(2,))
_addcdiv.defvjp(
    2,
    lambda g, x, a, b, *, value: sum_to(neg(mul(g, conj(div(_times(a, value), mul(b, b))))), array_of(b).shape),
    saves=(1, 2),
)


def addcmul(x: Any, a: Any, b: Any, value: Any = 1) -> Any:
    """X + value·a·b."""
    return _with_third(_addcmul, "addcmul_cpu_out", x, a, b, value)


def addcdiv(x: Any, a: Any, b: Any, value: Any = 1) -> Any:
    """X + value·a / b.

    Raises:
        RuntimeError: `a` and `b` are of integers.
    """
    if all(dtypes.category(dtypes.of(array_of(v))) < 2 for v in (a, b)):
        raise RuntimeError(
            "Integer division with addcdiv is no longer supported, and in a future  release addcdiv will perform a "
            "true division of tensor1 and tensor2. The historic addcdiv behavior can be implemented as (input + value "
            "* torch.trunc(tensor1 / tensor2)).to(input.dtype) for integer inputs and as (input + value * tensor1 / "
            "tensor2) for float inputs. The future addcdiv behavior is just the latter implementation: (input + value "
            "* tensor1 / tensor2), for all dtypes."
        )
    return _with_third(_addcdiv, "addcdiv_cpu_out", x, a, b, value)


def _with_third(op: Primitive, stub: str, x: Any, a: Any, b: Any, value: Any) -> Any:
    kind = promoted(x, a, b)
    refuse(stub, kind, (dtypes.bool_, *BAREBONES))
    operands = [as_operand(v, kind.numpy) for v in (x, a, b)]
    _check_three(*operands)
    return op(*operands, value=value)
