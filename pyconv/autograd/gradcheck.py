"""torch.autograd.gradcheck and gradgradcheck: gradients against finite differences.

Forward mode is torch's alone; to ask for a check of it is an error. May import: NumPy, `pyconv.dtypes`,
`pyconv.autograd`.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd import comparison
from pyconv.autograd.backward import grad
from pyconv.autograd.comparison import Check, GradcheckError
from pyconv.autograd.jacobian import as_tuple
from pyconv.autograd.traced import Traced

__all__ = ["GradcheckError", "gradcheck", "gradgradcheck"]


def gradcheck(
    func: Callable[..., Any],
    inputs: Any,
    *,
    eps: float = 1e-06,
    atol: float = 1e-05,
    rtol: float = 0.001,
    raise_exception: bool = True,
    nondet_tol: float = 0.0,
    check_undefined_grad: bool = True,
    check_grad_dtypes: bool = False,
    check_batched_grad: bool = False,
    check_batched_forward_grad: bool = False,
    check_forward_ad: bool = False,
    check_backward_ad: bool = True,
    fast_mode: bool = False,
    masked: bool | None = None,
) -> bool:
    """Check the gradients of a function against central differences.

    Of complex outputs the imaginary parts are checked, then the real ones.

    Args:
        func: takes the inputs, returns a tensor or a tuple of them.
        inputs: a tensor or a tuple. Those that require gradients are checked, and ought to be float64 or complex128.
        eps: how far the differences go to each side.
        atol: absolute tolerance.
        rtol: relative tolerance.
        raise_exception: raise where the check fails, instead of returning False.
        nondet_tol: how much two backward passes may differ.
        check_undefined_grad: check, on a second call, that cotangents of zero give gradients of zero.
        check_grad_dtypes: check that gradients have the dtype of their input.
        check_batched_grad: check that a batch of cotangents gives what they give one by one.
        check_batched_forward_grad: not supported here; True raises.
        check_forward_ad: likewise.
        check_backward_ad: has to be True, as there is nothing else to check.
        fast_mode: compare one random projection of each Jacobian, not all of it.
        masked: let gradients that ought to be zero be as good as zero.

    Returns:
        True, or False where the check fails and nothing is to be raised.

    Raises:
        GradcheckError: gradients are wrong.
        ValueError: no input requires a gradient.
        RuntimeError: an input has overlapping memory, or a check is asked for that pyconv does not have.
        AssertionError: the options contradict one another.

    Example:
        >>> import pyconv
        >>> x = pyconv.tensor([0.5, 2.0], dtype=pyconv.float64, requires_grad=True)
        >>> gradcheck(lambda x: x.exp() * x, x)
        True
    """
    _require(check_forward_ad or check_backward_ad, "at least one of check_forward_ad or check_backward_ad")
    _require_with("check_batched_grad", check_batched_grad, "check_backward_ad", check_backward_ad)
    _require_with("check_batched_forward_grad", check_batched_forward_grad, "check_forward_ad", check_forward_ad)
    _refuse("check_forward_ad", check_forward_ad, "forward-mode differentiation")
    values = as_tuple(inputs)
    _check_inputs(values)
    check = Check(func, values, eps, atol, rtol, nondet_tol, check_grad_dtypes)
    try:
        outputs = as_tuple(func(*values))
        comparison.compare(check, outputs, fast_mode)
        if check_batched_grad:
            comparison.check_batched(check, outputs)
        comparison.check_scaling(check, outputs, bool(masked))
        if check_undefined_grad:
            comparison.check_undefined(check)
    except GradcheckError:
        if raise_exception:
            raise
        return False
    return True


def gradgradcheck(
    func: Callable[..., Any],
    inputs: Any,
    grad_outputs: Any = None,
    *,
    eps: float = 1e-06,
    atol: float = 1e-05,
    rtol: float = 0.001,
    gen_non_contig_grad_outputs: bool = False,
    raise_exception: bool = True,
    nondet_tol: float = 0.0,
    check_undefined_grad: bool = True,
    check_grad_dtypes: bool = False,
    check_batched_grad: bool = False,
    check_fwd_over_rev: bool = False,
    check_rev_over_rev: bool = True,
    fast_mode: bool = False,
    masked: bool = False,
) -> bool:
    """Check the gradients of the gradients of a function against central differences.

    Args:
        func: takes the inputs, returns a tensor or a tuple of them.
        inputs: a tensor or a tuple.
        grad_outputs: a cotangent of each output; random ones from -1 to 1 by default.
        eps: as for `gradcheck`, like all that are not explained here.
        atol: absolute tolerance.
        rtol: relative tolerance.
        gen_non_contig_grad_outputs: make the random cotangents non-contiguous.
        raise_exception: raise where the check fails.
        nondet_tol: how much two backward passes may differ.
        check_undefined_grad: as for `gradcheck`.
        check_grad_dtypes: check that gradients have the dtype of their input.
        check_batched_grad: as for `gradcheck`.
        check_fwd_over_rev: not supported here; True raises.
        check_rev_over_rev: has to be True, as there is nothing else to check.
        fast_mode: compare random projections.
        masked: let gradients that ought to be zero be as good as zero.

    Returns:
        True, or False where the check fails and nothing is to be raised.

    Raises:
        GradcheckError: gradients are wrong; and what else `gradcheck` raises.

    Example:
        >>> import pyconv
        >>> x = pyconv.tensor([0.5, 2.0], dtype=pyconv.float64, requires_grad=True)
        >>> gradgradcheck(lambda x: x**3, x)
        True
    """
    _require(check_fwd_over_rev or check_rev_over_rev, "at least one of check_fwd_over_rev or check_rev_over_rev")
    _require_with("check_undefined_grad", check_undefined_grad, "check_rev_over_rev", check_rev_over_rev)
    _require_with("check_batched_grad", check_batched_grad, "check_rev_over_rev", check_rev_over_rev)
    _refuse("check_fwd_over_rev", check_fwd_over_rev, "forward-mode differentiation")
    given = as_tuple(inputs)
    if grad_outputs is None:
        outputs = comparison.differentiable(as_tuple(func(*given)))
        cotangents = _random_cotangents(outputs, gen_non_contig_grad_outputs)
    else:
        cotangents = as_tuple(grad_outputs)

    def gradients(*arguments: Any) -> tuple[Any, ...]:
        values, seeds = arguments[: len(given)], arguments[len(given) :]
        outputs = comparison.differentiable(as_tuple(func(*values)))
        wanted = comparison.differentiated(values)
        found = grad(outputs, wanted, seeds, create_graph=True, allow_unused=True)
        return tuple(g for g in found if g is not None)

    return gradcheck(
        gradients,
        (*given, *cotangents),
        eps=eps,
        atol=atol,
        rtol=rtol,
        raise_exception=raise_exception,
        nondet_tol=nondet_tol,
        check_undefined_grad=check_undefined_grad,
        check_grad_dtypes=check_grad_dtypes,
        check_batched_grad=check_batched_grad,
        fast_mode=fast_mode,
        masked=masked,
    )


def _require(given: bool, what: str) -> None:
    if not given:
        raise AssertionError(f"Expected {what} to be True")


def _require_with(option: str, given: bool, other: str, other_given: bool) -> None:
    if given and not other_given:
        raise AssertionError(f"Setting {option}=True requires {other} to be True")


def _refuse(option: str, given: bool, what: str) -> None:
    if given:
        raise RuntimeError(f"{option}=True needs {what}, which pyconv does not have")


def _check_inputs(inputs: tuple[Any, ...]) -> None:
    """Raise unless differences can be taken of some input; warn of those that are too coarse for them."""
    count = 0
    for i, x in enumerate(inputs):
        if not isinstance(x, Traced) or not x._requires_grad:
            continue
        count += 1
        if dtypes.of(x._array) not in (dtypes.float64, dtypes.complex128):
            warnings.warn(
                f"Input #{i} requires gradient and is not a double precision floating point or complex. "
                "This check will likely fail if all the inputs are not of double precision floating point or "
                "complex. ",
                stacklevel=3,
            )
        if x._array.size and any(n > 1 and not s for n, s in zip(x._array.shape, x._array.strides, strict=True)):
            raise RuntimeError(
                f"The {i}th input has a dimension with stride 0. gradcheck only supports inputs that are "
                "non-overlapping to be able to compute the numerical gradients correctly. You should call "
                ".contiguous on the input before passing it to gradcheck."
            )
    if not count:
        raise ValueError(
            "gradcheck expects at least one input tensor to require gradient, but none of them have requires_grad=True."
        )


def _random_cotangents(outputs: Sequence[Traced], strided: bool) -> tuple[Traced, ...]:
    """Cotangents from -1 to 1, always the same; `strided` puts other elements between theirs."""
    generator = np.random.default_rng(0)
    made = []
    for y in outputs:
        array = y._array
        last = array.shape[-1:] and (array.shape[-1] * (2 if strided else 1),)
        values = generator.uniform(-1, 1, (*array.shape[:-1], *last)).astype(array.dtype)
        if array.dtype.kind == "c":
            values += 1j * generator.uniform(-1, 1, values.shape)
        value = type(y)._wrap(values[..., ::2] if strided and values.ndim else values)
        value._requires_grad = True
        made.append(value)
    return tuple(made)
