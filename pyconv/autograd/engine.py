"""A pass through the graph: nodes in the reverse order of their making, cotangents added up where paths meet.

It knows no op; cotangents are traced values that know `+`. May import: NumPy, `pyconv.autograd`.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence

import numpy as np

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
                if targets is None and node.leaf._requires_grad:
                    accumulate(node.leaf, g, id(node) in owned, create_graph)
            elif any(id(operand) in wanted for _, operand in node.edges):
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
    """Add a cotangent to those that have reached a node; one in new memory is owned."""
    before = cotangents.get(id(node))
    if before is not None:
        cotangents[id(node)] = before + g  # type: ignore[operator]
        owned.add(id(node))
        return
    cotangents[id(node)] = g
    if g._array is not source._array and g._array.base is None:
        owned.add(id(node))


def _retain(node: Node, g: Traced) -> None:
    value = node.retained() if node.retained is not None else None
    if value is not None:
        value._grad = _copy(g) if value._grad is None else value._grad + g


def _copy(g: Traced) -> Traced:
    """A cotangent over memory of its own, in the same place in the graph."""
    value = type(g)._wrap(g._array.copy())
    attach(value, node_of(g))
    return value


def accumulate(leaf: Traced, g: Traced, owned: bool, create_graph: bool) -> None:
    """Add to a leaf's `grad`: in place, or by a new tensor where the pass is recorded."""
    if leaf._grad is None:
        leaf._grad = g if owned else _copy(g)
    elif create_graph:
        leaf._grad = leaf._grad + g
    else:
        leaf._grad += g
