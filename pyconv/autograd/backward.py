"""torch.autograd.backward and grad: their arguments checked, a pass through the graph run.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.engine import accumulate, run
from pyconv.autograd.graph import Node, Traced, node_of, retain
from pyconv.autograd.hooks import call_after
from pyconv.autograd.mode import _Mode


def _start(output: Traced, gradient: Traced | None, index: int, create_graph: bool) -> tuple[Node, int, Traced]:
    """The node of an output and the cotangent that it starts with.

    Raises:
        RuntimeError: the output needs no gradient, or the cotangent is missing or does not fit.
    """
    if gradient is not None and not isinstance(gradient, Traced):
        raise TypeError(f"gradients can be either Tensors or None, but got {type(gradient).__name__}")
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
    return [value] if isinstance(value, Traced) or value is None else list(value)


def _roots(tensors: Any, grad_tensors: Any, create_graph: bool) -> list[tuple[Node, int, Traced]]:
    outputs = _sequence(tensors)
    gradients = [None] * len(outputs) if grad_tensors is None else _sequence(grad_tensors)
    if len(gradients) < len(outputs):
        raise RuntimeError(f"got {len(outputs)} tensors and {len(gradients)} gradients")
    return [_start(y, g, i, create_graph) for i, (y, g) in enumerate(zip(outputs, gradients, strict=False))]


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
        if not isinstance(value, Traced):
            raise RuntimeError(f"all inputs have to be Tensors or GradientEdges, but got {type(value).__name__}")
        retain(value)
    wanted = [_differentiated(value) for value in values]
    leaves = [value for value in values if value._node is None]
    captured = run(roots, wanted, retain_graph, create_graph)
    with _Mode(create_graph):
        for leaf in leaves:
            g = captured.get((id(node_of(leaf)), 0))
            if g is not None:
                accumulate(leaf, g, False, create_graph)
                call_after(leaf)


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


def _differentiated(value: Traced) -> tuple[Node, int]:
    if not isinstance(value, Traced):
        raise RuntimeError(f"all inputs have to be Tensors or GradientEdges, but got {type(value).__name__}")
    node = node_of(value)
    if node is None:
        raise RuntimeError("One of the differentiated Tensors does not require grad")
    return node, value._output


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
        is_grads_batched: not supported here; anything but False raises.
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
    if is_grads_batched:
        raise RuntimeError("is_grads_batched=True needs torch.vmap, which pyconv does not have")
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
    roots = _roots(outputs, grad_outputs, create_graph)
    nodes = [_differentiated(value) for value in values]
    captured = run(roots, nodes, create_graph if retain_graph is None else retain_graph, create_graph)
    found: list[Any] = [captured.get((id(node), output)) for node, output in nodes]
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
