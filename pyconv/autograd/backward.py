"""The backward pass: nodes in the reverse order of their making, cotangents added up where paths meet.

It knows no op; cotangents are traced values that know `+`. May import: NumPy, `pyconv.autograd`.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.graph import Node, Traced, attach, node_of
from pyconv.autograd.mode import _Mode


def run(
    roots: Sequence[tuple[Node, Traced]], targets: Sequence[Node] | None, retain_graph: bool, create_graph: bool
) -> dict[int, Traced]:
    """Send cotangents from `roots` through the graph.

    Args:
        roots: nodes and the cotangents that they start with.
        targets: the nodes whose cotangents are asked for; None adds them to the `grad` of every leaf instead.
        retain_graph: keep what was saved, so that the graph can be gone through again.
        create_graph: record the pass itself, for higher derivatives.

    Returns:
        The cotangents of the targets that were reached, by the node's id.
    """
    order, wanted = _reachable([node for node, _ in roots], targets)
    cotangents: dict[int, Traced] = {}
    owned: set[int] = set()
    captured: dict[int, Traced] = {}
    kept = {id(node) for node in targets or ()}
    with _Mode(create_graph):
        for node, g in roots:
            _add(cotangents, owned, node, g, g)
        for node in order:
            g = cotangents.pop(id(node), None)  # type: ignore[arg-type]
            if g is None:
                continue
            _retain(node, g)
            if id(node) in kept:
                captured[id(node)] = g
            if node.leaf is not None:
                if targets is None:
                    _accumulate(node.leaf, g, id(node) in owned, create_graph)
            else:
                for operand, cotangent in node.backward(g, wanted):
                    _add(cotangents, owned, operand, cotangent, g)
                if not retain_graph:
                    node.free()
    return captured


def _reachable(roots: list[Node], targets: Sequence[Node] | None) -> tuple[list[Node], set[int]]:
    """The nodes that can be reached from the roots, newest first, leaves as soon as they are whole.

    With targets, only the nodes on a path to one, by id, count as wanted.
    """
    nodes = {id(node): node for node in roots}
    waiting: dict[int, int] = {}
    stack = list(nodes.values())
    while stack:
        for _, operand in stack.pop().edges:
            waiting[id(operand)] = waiting.get(id(operand), 0) + 1
            if id(operand) not in nodes:
                nodes[id(operand)] = operand
                stack.append(operand)
    order = []
    ready = [(-node.sequence, id(node)) for key, node in nodes.items() if key not in waiting]
    heapq.heapify(ready)
    while ready:
        node = nodes[heapq.heappop(ready)[1]]
        order.append(node)
        for _, operand in node.edges:
            waiting[id(operand)] -= 1
            if not waiting[id(operand)]:
                first = -np.inf if operand.leaf is not None else -operand.sequence
                heapq.heappush(ready, (first, id(operand)))  # type: ignore[misc]
    if targets is None:
        return order, set(nodes)
    wanted = {id(node) for node in targets}
    for node in reversed(order):
        if any(id(operand) in wanted for _, operand in node.edges):
            wanted.add(id(node))
    return [node for node in order if id(node) in wanted], wanted


def _add(cotangents: dict[int, Traced], owned: set[int], node: Node, g: Traced, source: Traced) -> None:
    """Add a cotangent to those that have reached a node; one whose memory nobody else sees is owned."""
    before = cotangents.get(id(node))
    if before is not None:
        cotangents[id(node)] = before + g  # type: ignore[operator]
        owned.add(id(node))
        return
    cotangents[id(node)] = g
    if g is not source and g._array.base is None and not np.may_share_memory(g._array, source._array):
        owned.add(id(node))


def _retain(node: Node, g: Traced) -> None:
    value = node.retained() if node.retained is not None else None
    if value is not None:
        value._grad = g


def _accumulate(leaf: Traced, g: Traced, owned: bool, create_graph: bool) -> None:
    """Add to a leaf's `grad`: in place, or by a new tensor where the pass is recorded."""
    if leaf._grad is None:
        leaf._grad = g if create_graph or owned else type(g)._wrap(g._array.copy())
    elif create_graph:
        leaf._grad = leaf._grad + g
    else:
        leaf._grad += g


def start(output: Traced, gradient: Traced | None, index: int, create_graph: bool) -> tuple[Node, Traced]:
    """The node of an output and the cotangent that it starts with.

    Raises:
        RuntimeError: the output needs no gradient, or the cotangent is missing or does not fit.
    """
    if gradient is None:
        if output._array.size != 1:
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
        gradient = type(output)._wrap(gradient._array.astype(output._array.dtype))
    if not create_graph and gradient._node is not None:
        gradient = type(output)._wrap(gradient._array)
    return node, gradient


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


def backward(
    tensors: Any,
    grad_tensors: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    inputs: Any = None,
) -> None:
    """Add the gradients of `tensors` to the `grad` of the leaves that they were made from.

    Args:
        tensors: a tensor or a sequence of them.
        grad_tensors: the cotangent of each; None for one real element.
        retain_graph: keep the graph for another pass; by default the value of `create_graph`.
        create_graph: record the pass, for higher derivatives.
        inputs: the only tensors whose `grad` is added to; all leaves by default.

    Raises:
        RuntimeError: as torch.

    Example:
        >>> import pyconv
        >>> x = pyconv.ones(2, requires_grad=True)
        >>> backward((x * x).sum())
        >>> x.grad
        tensor([2., 2.])
    """
    outputs = _sequence(tensors)
    gradients = _sequence(grad_tensors) if grad_tensors is not None else [None] * len(outputs)
    retain = create_graph if retain_graph is None else retain_graph
    roots = [start(y, g, i, create_graph) for i, (y, g) in enumerate(zip(outputs, gradients, strict=True))]
    if inputs is None:
        run(roots, None, retain, create_graph)
        return
    values = _sequence(inputs)
    if not values:
        raise RuntimeError("`inputs` argument to `backward()` cannot be empty.")
    nodes = [_differentiated(value) for value in values]
    captured = run(roots, nodes, retain, create_graph)
    with _Mode(create_graph):
        for value, node in zip(values, nodes, strict=True):
            if id(node) in captured:
                _accumulate(value, captured[id(node)], False, create_graph)


def _differentiated(value: Traced) -> Node:
    node = node_of(value)
    if node is None:
        raise RuntimeError("One of the differentiated Tensors does not require grad")
    return node


def grad(
    outputs: Any,
    inputs: Any,
    grad_outputs: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    allow_unused: bool | None = None,
    is_grads_batched: bool = False,
    materialize_grads: bool = False,
) -> tuple[Any, ...]:
    """The gradients of `outputs` with respect to `inputs`; no `grad` is changed.

    Args:
        outputs: a tensor or a sequence of them.
        inputs: likewise.
        grad_outputs: the cotangent of each output; None for one real element.
        retain_graph: keep the graph for another pass; by default the value of `create_graph`.
        create_graph: record the pass, for higher derivatives.
        allow_unused: give None for an input that no output was made from; by default the value of
            `materialize_grads`.
        is_grads_batched: not supported here; anything but False raises.
        materialize_grads: give zeros instead of None.

    Returns:
        A tuple of tensors, one for each input.

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
    results, values = _sequence(outputs), _sequence(inputs)
    gradients = _sequence(grad_outputs) if grad_outputs is not None else [None] * len(results)
    retain = create_graph if retain_graph is None else retain_graph
    roots = [start(y, g, i, create_graph) for i, (y, g) in enumerate(zip(results, gradients, strict=True))]
    nodes = [_differentiated(value) for value in values]
    captured = run(roots, nodes, retain, create_graph)
    found: list[Any] = [captured.get(id(node)) for node in nodes]
    for i, (value, g) in enumerate(zip(values, found, strict=True)):
        if g is None and materialize_grads:
            found[i] = type(value)._wrap(np.zeros_like(value._array))
        elif g is None and not allow_unused:
            raise RuntimeError(
                f"The differentiated Tensor at index {i} appears to not have been used in the graph. "
                "Set allow_unused=True if this is the desired behavior."
            )
    return tuple(found)


def rebase(value: Traced, result: Traced) -> None:
    """Put `value`, changed in place, where `result` stands in the graph."""
    attach(value, result._node)
