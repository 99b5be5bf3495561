"""The Jacobian and the Hessian of a function, row by row.

May import: `pyconv.autograd`, `pyconv.functions`, `pyconv.tensor`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyconv.autograd import enable_grad
from pyconv.autograd.functional.arguments import Tensors, as_tuple, finished, fresh, unpacked
from pyconv.autograd.functional.strict import check, gradients
from pyconv.functions.joining import stack
from pyconv.tensor.creation import zeros_like

Function = Callable[..., Any]
Rows = tuple[Tensors, ...]
"""A Jacobian for every output and every input."""

_RETURNED = "outputs of the user-provided function"
_STRATEGIES = ("forward-mode", "reverse-mode")
_EXPECTED = 'Expected strategy to be either "forward-mode" or "reverse-mode".'


def jacobian(
    func: Function,
    inputs: Any,
    create_graph: bool = False,
    strict: bool = False,
    vectorize: bool = False,
    strategy: str = "reverse-mode",
) -> Any:
    """The derivative of each element that a function gives with respect to each element that it takes.

    Args:
        func: takes tensors, and gives one or a tuple of them.
        inputs: where the Jacobian is taken: a tensor, or a tuple of tensors.
        create_graph: whether the result can be differentiated.
        strict: refuse an input that an output does not depend on; otherwise its derivatives are zero.
        vectorize: changes nothing here: rows are computed one after the other.
        strategy: 'forward-mode', which needs `vectorize`, gives the outputs' dtype instead of the inputs'.

    Returns:
        Of the output's size followed by the input's; a tuple for a tuple of outputs, of tuples for one of inputs.

    Raises:
        AssertionError: there is no such strategy.
        NotImplementedError: the strategy does not do.
        RuntimeError: an input is refused, or `strict` does not do.
        TypeError: something is no tensor.

    Example:
        >>> import pyconv as torch
        >>> torch.autograd.functional.jacobian(lambda x: x**2, torch.tensor([1.0, 2.0]))
        tensor([[2., 0.],
                [0., 4.]])
    """
    if strategy not in _STRATEGIES:
        raise AssertionError(
            f'{_EXPECTED} Hint: If your function has more outputs than inputs, "forward-mode" tends to be more '
            'performant. Otherwise, prefer to use "reverse-mode".'
        )
    forward = strategy == "forward-mode"
    if forward:
        _check_forward(create_graph, strict, vectorize)
    several, given = as_tuple(inputs, "inputs", "jacobian")
    create_graph = any(x.requires_grad for x in given) if forward else create_graph
    with enable_grad():
        x = fresh(given, create_graph, True)
        several_outputs, y = as_tuple(func(*x), "outputs" if forward else _RETURNED, "jacobian")
        check(y, "outputs", strict)
        if vectorize and strict:
            raise RuntimeError(
                "torch.autograd.functional.jacobian: `strict=True` and `vectorized=True` are not supported together. "
                "Please either set `strict=False` or `vectorize=False`."
            )
        rows = tuple(_of_output(i, part, x, create_graph, strict) for i, part in enumerate(y))
    if forward:
        rows = tuple(tuple(part.to(of.dtype) for part in row) for row, of in zip(rows, y, strict=True))
    return _nested(finished(rows, create_graph), several_outputs, several)


def hessian(
    func: Function,
    inputs: Any,
    create_graph: bool = False,
    strict: bool = False,
    vectorize: bool = False,
    outer_jacobian_strategy: str = "reverse-mode",
) -> Any:
    """The second derivatives of a function that gives one number.

    Args:
        func: takes tensors, and gives a tensor of one element.
        inputs: where the Hessian is taken: a tensor, or a tuple of tensors.
        create_graph: whether the result can be differentiated.
        strict: refuse an input that the gradient does not depend on; otherwise its derivatives are zero.
        vectorize: changes nothing here: rows are computed one after the other.
        outer_jacobian_strategy: 'forward-mode' needs `vectorize`.

    Returns:
        Of the input's size twice; a tuple of tuples for a tuple of inputs.

    Raises:
        AssertionError: there is no such strategy.
        NotImplementedError: the strategy does not do.
        RuntimeError: `func` gives no number, an input is refused, or `strict` does not do.
        TypeError: something is no tensor.

    Example:
        >>> import pyconv as torch
        >>> torch.autograd.functional.hessian(lambda x: x[0] * x[1], torch.tensor([1.0, 2.0]))
        tensor([[0., 1.],
                [1., 0.]])
    """
    several, x = as_tuple(inputs, "inputs", "hessian")
    if outer_jacobian_strategy not in _STRATEGIES:
        raise AssertionError(_EXPECTED)

    if outer_jacobian_strategy == "forward-mode":
        x = tuple(part if part.requires_grad else part.detach().requires_grad_() for part in x)

    def first(*at: Any) -> Tensors:
        found: Tensors = jacobian(lambda *given: _number(func(*given), strict), at, create_graph=True)
        check(found, "jacobian", strict)
        return found

    found = jacobian(first, x, create_graph, strict, vectorize, outer_jacobian_strategy)
    return _nested(found, several, several)


def _check_forward(create_graph: bool, strict: bool, vectorize: bool) -> None:
    """Refuse what torch's forward mode does not do, with its text."""
    if create_graph:
        raise NotImplementedError(
            'torch.autograd.functional.jacobian: `create_graph=True` and `strategy="forward-mode"` are not supported '
            'together (yet). Please either set `create_graph=False` or `strategy="reverse-mode"`.'
        )
    if strict:
        raise RuntimeError(
            'torch.autograd.functional.jacobian: `strict=True` and `strategy="forward-mode"` are not supported '
            'together (yet). Please either set `strict=False` or `strategy="reverse-mode"`.'
        )
    if not vectorize:
        raise NotImplementedError(
            "Computing Jacobian using forward-AD or forward-over-reverse Hessian isonly implemented for "
            "`vectorize=True`."
        )


def _of_output(index: int, y: Any, x: Tensors, create_graph: bool, strict: bool) -> Tensors:
    """The Jacobians of one output, for every input."""
    flat = y.reshape(-1)
    rows = [_row(index, flat[i], x, create_graph, strict) for i in range(y.nelement())]
    return tuple(stack([row[k] for row in rows], 0).view(y.size() + part.size()) for k, part in enumerate(x))


def _row(index: int, y: Any, x: Tensors, create_graph: bool, strict: bool) -> Tensors:
    """The gradients of one number."""
    found = gradients((y,), x, None, create_graph, retain_graph=True)
    for i, g in enumerate(found if strict else ()):
        if g is None:
            raise RuntimeError(
                f"Output {index} of the user-provided function is independent of input {i}. This is not allowed in "
                "strict mode."
            )
        if create_graph and not g.requires_grad:
            raise RuntimeError(
                f"The jacobian of the user-provided function is independent of input {index}. This is not allowed in "
                "strict mode when create_graph=True."
            )
    return tuple(zeros_like(part) if g is None else g for g, part in zip(found, x, strict=True))


def _number(y: Any, strict: bool) -> Any:
    """What a function gives, of no dimensions."""
    several, outputs = as_tuple(y, _RETURNED, "hessian")
    check(outputs, "outputs", strict)
    if several:
        raise RuntimeError("The function given to hessian should return a single Tensor")
    if y.nelement() != 1:
        raise RuntimeError("The Tensor returned by the function given to hessian should contain a single element")
    return y.squeeze()


def _nested(rows: Any, several_outputs: bool, several_inputs: bool) -> Any:
    """Tuples only where tuples were given."""
    return unpacked(tuple(unpacked(row, several_inputs) for row in rows), several_outputs)
