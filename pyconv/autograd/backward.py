"""torch.autograd.backward and grad: their arguments checked, a pass through the graph run.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd import batched
from pyconv.autograd.engine import run
from pyconv.autograd.mode import _Mode
from pyconv.autograd.node import GradientEdge, Node, node_of
from pyconv.autograd.traced import Traced, retain


def _start(
    output: Traced | GradientEdge, gradient: Traced | None, index: int, create_graph: bool
) -> tuple[Node, int, Traced]:
    """The node of an output and the cotangent that it starts with.

    Raises:
        RuntimeError: the output needs no gradient, or the cotangent is missing or does not fit.
    """
    if gradient is not None and not isinstance(gradient, Traced):
        raise TypeError(f"gradients can be either Tensors or None, but got {type(gradient).__name__}")
    if isinstance(output, GradientEdge):
        if gradient is None:
            raise RuntimeError("grad can be implicitly created only for scalar outputs")
        return output.node, output.output_nr, gradient
    if gradient is None:
        if output._array.size != 1 and output._requires_grad:
            raise RuntimeError("grad can be implicitly created only for scalar outputs")
        if output._array.dtype.kind == "c":
            kind = dtypes.of(output._array)
            raise RuntimeError(f"grad can be implicitly created only for real scalar outputs but got {kind}")
        gradient = type(output)._wrap(np.ones_like(output._array))
    _check_cotangent(output._array, gradient._array, index)
    node = node_of(output)
    if node is None:
        raise RuntimeError(f"element {index} of tensors does not require grad and does not have a grad_fn")
    if gradient._array.dtype != output._array.dtype:
        gradient = gradient.to(dtypes.of(output._array))  # type: ignore[attr-defined]
    if not create_graph and gradient._node is not None:
        gradient = type(output)._wrap(gradient._array)
    return node, output._output, gradient


def _check_cotangent(output: np.ndarray[Any, Any], gradient: np.ndarray[Any, Any], index: int) -> None:
    if gradient.shape != output.shape:
        raise RuntimeError(
            f"Mismatch in shape: grad_output[{index}] has a shape of torch.Size({list(gradient.shape)}) "
            f"and output[{index}] has a shape of torch.Size({list(output.shape)})."
        )
    if (gradient.dtype.kind == "c") != (output.dtype.kind == "c"):
        raise RuntimeError(
            "For complex Tensors, both grad_output and output are required to have the same dtype. Mismatch in "
            f"dtype: grad_output[{index}] has a dtype of {dtypes.of(gradient)} and output[{index}] has a dtype of "
            f"{dtypes.of(output)}."
        )


def _sequence(value: Any) -> list[Any]:
    return [value] if isinstance(value, (Traced, GradientEdge)) or value is None else list(value)


def _roots(tensors: Any, grad_tensors: Any, create_graph: bool) -> list[tuple[Node, int, Traced]]:
    outputs = _sequence(tensors)
    gradients = [None] * len(outputs) if grad_tensors is None else _sequence(grad_tensors)
    _check_count(outputs, gradients)
    return [_start(y, g, i, create_graph) for i, (y, g) in enumerate(zip(outputs, gradients, strict=False))]


def _check_count(outputs: list[Any], gradients: list[Any]) -> None:
    if len(gradients) < len(outputs):
        raise RuntimeError(f"got {len(outputs)} tensors and {len(gradients)} gradients")


def backward(
    tensors: Any,
    grad_tensors: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    grad_variables: Any = None,
    inputs: Any = None,
) -> None:
    """Add the gradients of `tensors` to the `grad` of the leaves that they were made from.

    Args:
        tensors: a tensor or a sequence of them.
        grad_tensors: the cotangent of each; None for one real element.
        retain_graph: keep the graph for another pass; by default the value of `create_graph`.
        create_graph: record the pass, for higher derivatives.
        grad_variables: the old name of `grad_tensors`.
        inputs: the only tensors whose `grad` is added to, a tensor, a sequence or a dict; all leaves by default.

    Raises:
        RuntimeError: as torch.

    Example:
        >>> import pyconv
        >>> x = pyconv.ones(2, requires_grad=True)
        >>> backward((x * x).sum())
        >>> x.grad
        tensor([2., 2.])
    """
    if grad_variables is not None:
        grad_tensors = _renamed(grad_tensors, grad_variables)
    retain_graph = create_graph if retain_graph is None else retain_graph
    if inputs is None:
        run(_roots(tensors, grad_tensors, create_graph), None, retain_graph, create_graph)
        return
    values = _inputs(inputs, "backward")
    roots = _roots(tensors, grad_tensors, create_graph)
    for value in values:
        if isinstance(value, Traced):
            retain(value)
        elif not isinstance(value, GradientEdge):
            raise RuntimeError(f"all inputs have to be Tensors or GradientEdges, but got {type(value).__name__}")
    wanted = [_differentiated(value) for value in values]
    run(roots, wanted, retain_graph, create_graph)


def _renamed(grad_tensors: Any, grad_variables: Any) -> Any:
    warnings.warn("`grad_variables` is deprecated. Use `grad_tensors` instead.", FutureWarning, stacklevel=3)
    if grad_tensors is not None:
        raise RuntimeError(
            "`grad_tensors` and `grad_variables` (deprecated) arguments both passed to `backward()`. Please only use "
            "`grad_tensors`."
        )
    return grad_variables


def _inputs(inputs: Any, caller: str) -> list[Traced]:
    values = list(inputs.values()) if type(inputs) is dict else _sequence(inputs)
    if not values:
        raise RuntimeError(f"`inputs` argument to `{caller}()` cannot be empty.")
    return values


def _differentiated(value: Traced | GradientEdge) -> tuple[Node, int]:
    if isinstance(value, GradientEdge):
        return value.node, value.output_nr
    if not isinstance(value, Traced):
        raise RuntimeError(f"all inputs have to be Tensors or GradientEdges, but got {type(value).__name__}")
    node = node_of(value)
    if node is None:
        raise RuntimeError("One of the differentiated Tensors does not require grad")
    return node, value._output


def _pull(outputs: Any, grad_outputs: Any, values: list[Traced], retain_graph: bool, create_graph: bool) -> list[Any]:
    """The gradients of values, None for those that no output was made from."""
    roots = _roots(outputs, grad_outputs, create_graph)
    nodes = [_differentiated(value) for value in values]
    captured = run(roots, nodes, retain_graph, create_graph, to_leaves=False)
    return [captured.get((id(node), output)) for node, output in nodes]


def _pull_rows(
    outputs: Any, grad_outputs: Any, values: list[Traced], retain_graph: bool, create_graph: bool
) -> list[Any]:
    """The gradients of values for each row of the cotangents, put together."""
    targets = _sequence(outputs)
    cotangents = [None] * len(targets) if grad_outputs is None else _sequence(grad_outputs)
    _check_count(targets, cotangents)
    batch = batched.rows(targets, cotangents)
    passes = [
        _pull(targets, row, values, retain_graph or i < len(batch), create_graph) for i, row in enumerate(batch, 1)
    ]
    with _Mode(create_graph):
        return [batched.together(found) for found in zip(*passes, strict=True)]


def grad(
    outputs: Any,
    inputs: Any,
    grad_outputs: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    only_inputs: bool = True,
    allow_unused: bool | None = None,
    is_grads_batched: bool = False,
    materialize_grads: bool = False,
) -> Any:
    """The gradients of `outputs` with respect to `inputs`; no `grad` is changed.

    Args:
        outputs: a tensor or a sequence of them.
        inputs: likewise, or a dict of tensors.
        grad_outputs: the cotangent of each output; None for one real element.
        retain_graph: keep the graph for another pass; by default the value of `create_graph`.
        create_graph: record the pass, for higher derivatives.
        only_inputs: ignored, as by torch.
        allow_unused: give None for an input that no output was made from; by default the value of
            `materialize_grads`.
        is_grads_batched: whether the first dimension of the cotangents is one of a batch. The gradients then have it
            too; there is a pass through the graph for each of its rows.
        materialize_grads: give zeros instead of None.

    Returns:
        A tuple of tensors, one for each input, or a dict with the keys of `inputs`.

    Raises:
        RuntimeError: as torch.
        ValueError: `materialize_grads` with `allow_unused=False`.

    Example:
        >>> import pyconv
        >>> x = pyconv.tensor(3.0, requires_grad=True)
        >>> (first,) = grad(x**3, x, create_graph=True)
        >>> first.item(), grad(first, x)[0].item()
        (27.0, 18.0)
    """
    if materialize_grads and allow_unused is False:
        raise ValueError(
            "Expected allow_unused to be True or not passed when materialize_grads=True, but got: allow_unused=False."
        )
    if not only_inputs:
        warnings.warn(
            "only_inputs argument is deprecated and is ignored now (defaults to True). To accumulate gradient for "
            "other parts of the graph, please use torch.autograd.backward.",
            FutureWarning,
            stacklevel=2,
        )
    values = _inputs(inputs, "grad")
    retain_graph = create_graph if retain_graph is None else retain_graph
    pull = _pull_rows if is_grads_batched else _pull
    found = pull(outputs, grad_outputs, values, retain_graph, create_graph)
    for i, (value, g) in enumerate(zip(values, found, strict=True)):
        if g is None and materialize_grads:
            found[i] = type(value)._wrap(np.zeros_like(value._array))
            found[i]._requires_grad = create_graph
        elif g is None and not allow_unused:
            raise RuntimeError(
                f"The differentiated Tensor at index {i} appears to not have been used in the graph. "
                "Set allow_unused=True if this is the desired behavior."
            )
    return dict(zip(inputs, found, strict=True)) if type(inputs) is dict else tuple(found)
