"""The checks that `gradcheck` makes of a function at its inputs.

May import: NumPy, `pyconv.autograd`.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pyconv.autograd.backward import grad
from pyconv.autograd.jacobian import (
    Array,
    Direction,
    analytical,
    as_tuple,
    evaluation,
    has_gradients,
    numerical,
    pull_back,
    slope,
)
from pyconv.autograd.traced import Traced


class GradcheckError(RuntimeError):
    """What `gradcheck` and `gradgradcheck` raise where gradients are wrong."""


@dataclass(frozen=True)
class Check:
    """A function at its inputs, and how close its gradients have to be to finite differences."""

    func: Callable[..., Any]
    inputs: tuple[Any, ...]
    eps: float
    atol: float
    rtol: float
    nondet_tol: float
    check_grad_dtypes: bool


def differentiated(inputs: Sequence[Any]) -> list[Traced]:
    """The inputs that gradients are taken of."""
    return [x for x in inputs if isinstance(x, Traced) and x._requires_grad]


def differentiable(outputs: Sequence[Any]) -> list[Any]:
    """The outputs that have gradients."""
    return [y for y in outputs if y.requires_grad]


def compare(check: Check, outputs: tuple[Any, ...], fast: bool) -> None:
    """Compare the Jacobians, of complex outputs those of the imaginary parts first.

    Raises:
        GradcheckError: two are not close, or two backward passes are not.
    """
    targets = differentiable(outputs)
    for part in ("imag", "real") if any(y._array.dtype.kind == "c" for y in outputs) else ("real",):
        if not targets:
            _compare_with_zero(check, outputs, part)
        elif fast:
            _compare_projections(check, outputs, part)
        else:
            _compare_jacobians(check, outputs, part)


def _compare_with_zero(check: Check, outputs: tuple[Any, ...], part: str) -> None:
    """Outputs without a gradient must not depend on the inputs."""
    for x in differentiated(check.inputs):
        if any(found.any() for found in _differences(check, outputs, x, part)):
            raise GradcheckError("Numerical gradient for function expected to be zero")


def _compare_jacobians(check: Check, outputs: tuple[Any, ...], part: str) -> None:
    inputs = differentiated(check.inputs)
    expected = [_numerical(check, outputs, x, part) for x in inputs]
    for i, y in enumerate(differentiable(outputs)):
        for j, found in enumerate(_analytical(check, y, inputs, part)):
            if not np.allclose(found, expected[j][i], check.rtol, check.atol):
                wrap = type(inputs[j])._wrap
                raise GradcheckError(_mismatch(i, j, y, part, wrap(expected[j][i]), wrap(found)))


def _numerical(check: Check, outputs: tuple[Any, ...], x: Traced, part: str) -> list[Array]:
    """The Jacobians with respect to an input, of the outputs that have gradients."""
    found = _differences(check, outputs, x, part)
    return [j for y, j in zip(filter(has_gradients, outputs), found, strict=True) if y.requires_grad]


def _differences(check: Check, outputs: tuple[Any, ...], x: Traced, part: str) -> list[Array]:
    sizes = [y._array.size for y in filter(has_gradients, outputs)]
    return numerical(evaluation(check.func, check.inputs, part), x._array, sizes, check.eps)


def _analytical(check: Check, y: Traced, inputs: list[Traced], part: str) -> list[Array]:
    first, second = analytical(y, inputs, part), analytical(y, inputs, part)
    return _stacked(check, inputs, first, second)


def _stacked(check: Check, inputs: list[Traced], first: Any, second: Any) -> list[Array]:
    """The columns of Jacobians put together, where a second pass gave the same and dtypes and shapes are right."""
    pairs = [(x._array, g) for x, columns in zip(inputs, first, strict=True) for g in columns if g is not None]
    if check.check_grad_dtypes and any(g.shape == x.shape and g.dtype != x.dtype for x, g in pairs):
        raise GradcheckError("Gradient has dtype mismatch")
    if any(g.shape != x.shape for x, g in pairs):
        raise GradcheckError("Analytical gradient has incorrect size")
    found = [_columns(x._array, columns) for x, columns in zip(inputs, first, strict=True)]
    again = [_columns(x._array, columns) for x, columns in zip(inputs, second, strict=True)]
    if any(a.size and np.abs(a - b).max() > check.nondet_tol for a, b in zip(found, again, strict=True)):
        raise GradcheckError(
            "Backward is not reentrant, i.e., running backward with same input and grad_output multiple times gives "
            "different values, although analytical gradient matches numerical gradient."
            f"The tolerance for nondeterminism was {check.nondet_tol}."
        )
    return found


def _columns(x: Array, columns: list[Array | None]) -> Array:
    found = np.zeros((x.size, len(columns)), x.dtype)
    for k, g in enumerate(columns):
        if g is not None:
            found[:, k] = g.reshape(-1)
    return found


def _compare_projections(check: Check, outputs: tuple[Any, ...], part: str) -> None:
    """Compare v·J·u for one random u for each input and one random v for each output, instead of J."""
    generator = np.random.default_rng(0)
    inputs, targets = differentiated(check.inputs), differentiable(outputs)
    directions = [_direction(generator, x._array) for x in inputs]
    cotangents = [_unit(generator, y._array.size) for y in targets]
    evaluate = evaluation(check.func, check.inputs, part)
    for j, (x, u) in enumerate(zip(inputs, directions, strict=True)):
        shaped = (u[0].reshape(x._array.shape), u[1].reshape(x._array.shape))
        slopes = slope(evaluate, x._array, ..., shaped, check.eps)
        kept = [d for y, d in zip(filter(has_gradients, outputs), slopes, strict=True) if y.requires_grad]
        for i, (y, v) in enumerate(zip(targets, cotangents, strict=True)):
            expected, found = (v * kept[i]).sum(), _projection(check, y, inputs, j, v, u, part)
            scale = v.sum() * (u[0].sum() + (u[1].sum() if x._array.dtype.kind == "c" else 0))
            if not np.allclose(found, expected, check.rtol, check.atol * scale):
                text = _mismatch(i, j, y, part, expected, found)
                raise GradcheckError(text + _in_full(check, outputs, i, j, part))


def _unit(generator: np.random.Generator, size: int) -> Array:
    values = generator.random(size)
    return values / np.linalg.norm(values)


def _direction(generator: np.random.Generator, x: Array) -> Direction:
    return _unit(generator, x.size), _unit(generator, x.size)


def _projection(check: Check, y: Traced, inputs: list[Traced], j: int, v: Array, u: Direction, part: str) -> Any:
    passes = [[[g] for g in pull_back(y, inputs, part, v)] for _ in range(2)]
    found = _stacked(check, inputs, *passes)[j][:, 0]
    return found.real @ u[0] + (1j * (found.imag @ u[1]) if found.dtype.kind == "c" else 0)


def _in_full(check: Check, outputs: tuple[Any, ...], i: int, j: int, part: str) -> str:
    """What the whole Jacobians say where projections of them differ."""
    inputs = differentiated(check.inputs)
    expected = _numerical(check, outputs, inputs[j], part)[i]
    found = _columns(inputs[j]._array, analytical(differentiable(outputs)[i], inputs, part)[j])
    wrap = type(inputs[j])._wrap
    text = (
        "\nThe above quantities relating the numerical and analytical jacobians are computed \n"
        "in fast mode. See: https://github.com/pytorch/pytorch/issues/53876 for more background \n"
        "about fast mode. Below, we recompute numerical and analytical jacobians in slow mode:\n\n"
        f"Numerical:\n {wrap(expected)}\nAnalytical:\n{wrap(found)}\n\n"
        f"The max per-element difference (slow mode) is: {np.abs(expected - found).max()}.\n"
    )
    if np.allclose(found, expected, check.rtol, check.atol):
        text += (
            "Fast gradcheck failed but element-wise differences are small. This means that the\n"
            "test might've passed in slow_mode!"
        )
    return text


def _mismatch(i: int, j: int, y: Traced, part: str, expected: Any, found: Any) -> str:
    name = {"imag": "imaginary", "real": "real"}[part]
    prefix = f"While considering the {name} part of complex outputs only, " if y._array.dtype.kind == "c" else ""
    return (
        f"{prefix}Jacobian mismatch for output {i} with respect to input {j},\n"
        f"numerical:{expected}\nanalytical:{found}\n"
    )


def check_scaling(check: Check, outputs: tuple[Any, ...], masked: bool) -> None:
    """Check that cotangents of zero give gradients of zero.

    Raises:
        GradcheckError: they do not, or a gradient has another dtype or shape than its input.
    """
    inputs, targets = differentiated(check.inputs), differentiable(outputs)
    for x, g in zip(inputs, _gradients_of_zero(targets, inputs), strict=True):
        if g is None:
            continue
        if g._array.any() if not masked else not np.allclose(g._array, 0):
            raise GradcheckError("backward not multiplied by grad_output")
        if g._array.dtype != x._array.dtype:
            raise GradcheckError("grad is incorrect type")
        if g._array.shape != x._array.shape:
            raise GradcheckError("grad is incorrect size")


def check_batched(check: Check, outputs: tuple[Any, ...]) -> None:
    """Check that a batch of two cotangents gives what two passes give.

    Raises:
        GradcheckError: it does not, or its pass raises.
    """
    generator = np.random.default_rng(0)
    inputs = differentiated(check.inputs)
    for i, y in enumerate(differentiable(outputs)):
        batch = _normal(generator, (2, *y._array.shape), y._array.dtype)
        expected = [_pulled(y, inputs, type(y)._wrap(row)) for row in batch]
        try:
            found = _pulled(y, inputs, type(y)._wrap(batch), is_grads_batched=True)
        except RuntimeError as error:
            raise GradcheckError(f"While computing batched gradients, got: {error}\n\n{_BATCHED}") from error
        for j, pair in enumerate(zip(*expected, strict=True)):
            both = np.stack(pair)
            if not np.allclose(found[j], both):
                wrap = type(y)._wrap
                told = f"Got:\n{wrap(found[j])}\n\nExpected:\n{wrap(both)}"
                raise GradcheckError(f"For output {i} and input {j}:\n\n{_BATCHED}\n\n{told}")


_BATCHED = "gradcheck or gradgradcheck failed while testing batched gradient computation."


def _normal(generator: np.random.Generator, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
    values = generator.standard_normal(shape)
    return (values + 1j * generator.standard_normal(shape) if dtype.kind == "c" else values).astype(dtype)


def _pulled(y: Traced, inputs: list[Traced], cotangent: Traced, **options: Any) -> list[Array]:
    """The gradients of the inputs, zero where there is none."""
    found = grad(y, inputs, cotangent, retain_graph=True, allow_unused=True, **options)
    return [np.zeros_like(x._array) if g is None else g._array for x, g in zip(inputs, found, strict=True)]


def check_undefined(check: Check) -> None:
    """Check that gradients are zero where all cotangents are.

    The function is called anew. No VJP sees an undefined cotangent, as what no cotangent reaches is not run.

    Raises:
        GradcheckError: they are not.
    """
    inputs, targets = differentiated(check.inputs), differentiable(as_tuple(check.func(*check.inputs)))
    try:
        found = _gradients_of_zero(targets, inputs)
    except RuntimeError as error:
        _warn_of_undefined()
        raise GradcheckError(
            'Expected backward function to handle undefined output grads. Please look at "Notes about undefined '
            'output gradients" in "tools/autograd/derivatives.yaml"'
        ) from error
    if any(g is not None and g._array.any() for g in found):
        _warn_of_undefined()
        raise GradcheckError(
            "Expected all input grads to be undefined or zero when all output grads are undefined or zero. Please "
            'look at "Notes about undefined output gradients" in "tools/autograd/derivatives.yaml"'
        )


def _gradients_of_zero(outputs: list[Any], inputs: list[Traced]) -> tuple[Any, ...]:
    zeros = [type(y)._wrap(np.zeros_like(y._array)) for y in outputs]
    return grad(outputs, inputs, zeros, allow_unused=True)


def _warn_of_undefined() -> None:
    warnings.warn(
        "Backwards compatibility: New undefined gradient support checking feature is enabled by default, but it may "
        "break existing callers of this function. If this is true for you, you can call this function with "
        '"check_undefined_grad=False" to disable the feature',
        stacklevel=4,
    )
