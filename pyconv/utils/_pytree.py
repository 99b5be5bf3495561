"""torch.utils._pytree: containers in containers, taken apart into leaves and put together again.

Private to torch, and imported by many programs nevertheless. Paths to leaves and texts that hold a structure are not
here.

May import: the standard library and `pyconv.utils.tree_spec`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from types import UnionType
from typing import Any

from pyconv.utils.tree_spec import NODES, LeafSpec, Node, TreeSpec, kind_of

__all__ = [
    "LeafSpec",
    "PyTree",
    "TreeSpec",
    "register_pytree_node",
    "tree_all",
    "tree_all_only",
    "tree_any",
    "tree_any_only",
    "tree_flatten",
    "tree_is_leaf",
    "tree_iter",
    "tree_leaves",
    "tree_map",
    "tree_map_",
    "tree_map_only",
    "tree_map_only_",
    "tree_structure",
    "tree_unflatten",
]

PyTree = Any
IsLeaf = Callable[[Any], bool] | None


def register_pytree_node(
    cls: type,
    flatten_fn: Callable[[Any], tuple[list[Any], Any]],
    unflatten_fn: Callable[[Iterable[Any], Any], Any],
    *,
    serialized_type_name: str | None = None,
    to_dumpable_context: Callable[[Any], Any] | None = None,
    from_dumpable_context: Callable[[Any], Any] | None = None,
    flatten_with_keys_fn: Callable[[Any], Any] | None = None,
) -> None:
    """Let objects of a class be taken apart.

    Args:
        cls: the class; its subclasses stay leaves.
        flatten_fn: gives an object's items and a context.
        unflatten_fn: makes an object of items and a context.
        serialized_type_name: ignored, as the rest: structures are not written as texts.
        to_dumpable_context: ignored.
        from_dumpable_context: ignored.
        flatten_with_keys_fn: ignored.

    Raises:
        ValueError: the class is registered already.
    """
    del serialized_type_name, to_dumpable_context, from_dumpable_context, flatten_with_keys_fn
    if cls in NODES:
        raise ValueError(f"{cls} is already registered as pytree node.")
    NODES[cls] = Node(flatten_fn, unflatten_fn)


def tree_iter(tree: PyTree, is_leaf: IsLeaf = None) -> Iterator[Any]:
    """The leaves of a tree, one after another.

    Args:
        tree: containers in containers.
        is_leaf: says of what it is asked whether that is a leaf; what is no container is one anyway.

    Example:
        >>> list(tree_iter([1, (2, {"a": None})]))
        [1, 2, None]
    """
    kind = None if is_leaf is not None and is_leaf(tree) else kind_of(tree)
    if kind is None:
        yield tree
        return
    for item in NODES[kind].flatten(tree)[0]:
        yield from tree_iter(item, is_leaf)


def tree_leaves(tree: PyTree, is_leaf: IsLeaf = None) -> list[Any]:
    """The leaves of a tree."""
    return list(tree_iter(tree, is_leaf))


def tree_structure(tree: PyTree, is_leaf: IsLeaf = None) -> TreeSpec:
    """The structure of a tree."""
    kind = None if is_leaf is not None and is_leaf(tree) else kind_of(tree)
    if kind is None:
        return LeafSpec()
    items, context = NODES[kind].flatten(tree)
    return TreeSpec(kind, context, [tree_structure(item, is_leaf) for item in items])


def tree_flatten(tree: PyTree, is_leaf: IsLeaf = None) -> tuple[list[Any], TreeSpec]:
    """The leaves of a tree, and its structure.

    Example:
        >>> leaves, spec = tree_flatten({"a": [1, 2], "b": 3})
        >>> leaves, tree_unflatten([10, 20, 30], spec)
        ([1, 2, 3], {'a': [10, 20], 'b': 30})
    """
    return tree_leaves(tree, is_leaf), tree_structure(tree, is_leaf)


def tree_unflatten(leaves: Iterable[Any], treespec: TreeSpec) -> PyTree:
    """The tree of a structure with those leaves.

    Raises:
        TypeError: `treespec` is no structure.
        ValueError: the leaves are too many or too few.
    """
    if not isinstance(treespec, TreeSpec):
        raise TypeError(f"Expected `treespec` to be an instance of PyTreeSpec but got item of type {type(treespec)}.")
    return treespec.unflatten(leaves)


def tree_is_leaf(tree: PyTree, is_leaf: IsLeaf = None) -> bool:
    """Whether a tree is a single leaf."""
    return (is_leaf is not None and is_leaf(tree)) or kind_of(tree) is None


def tree_map(func: Callable[..., Any], tree: PyTree, *rests: PyTree, is_leaf: IsLeaf = None) -> PyTree:
    """A tree of the same structure with what a function makes of the leaves.

    Args:
        func: of a leaf, and of what stands in its place in `rests`.
        tree: containers in containers.
        rests: trees that begin alike.
        is_leaf: as in `tree_iter`.

    Raises:
        ValueError: one of `rests` has another structure, with torch's text.

    Example:
        >>> tree_map(lambda a, b: a + b, {"x": [1, 2]}, {"x": [10, 20]})
        {'x': [11, 22]}
    """
    leaves, spec = tree_flatten(tree, is_leaf)
    return spec.unflatten(map(func, leaves, *(spec.flatten_up_to(other) for other in rests)))


def tree_map_(func: Callable[..., Any], tree: PyTree, *rests: PyTree, is_leaf: IsLeaf = None) -> PyTree:
    """Call a function on the leaves; returns the tree."""
    leaves, spec = tree_flatten(tree, is_leaf)
    deque(map(func, leaves, *(spec.flatten_up_to(other) for other in rests)), maxlen=0)
    return tree


def tree_map_only(
    type_or_types_or_pred: Any, /, func: Callable[[Any], Any], tree: PyTree, is_leaf: IsLeaf = None
) -> PyTree:
    """`tree_map` on the leaves of some types, or for which a function says so; the others stay.

    Raises:
        TypeError: it is neither.

    Example:
        >>> tree_map_only(int, lambda n: n + 1, [1, "a"])
        [2, 'a']
    """
    return tree_map(_only(type_or_types_or_pred, func), tree, is_leaf=is_leaf)


def tree_map_only_(
    type_or_types_or_pred: Any, /, func: Callable[[Any], Any], tree: PyTree, is_leaf: IsLeaf = None
) -> PyTree:
    """`tree_map_` on such leaves."""
    return tree_map_(_only(type_or_types_or_pred, func), tree, is_leaf=is_leaf)


def tree_all(pred: Callable[[Any], bool], tree: PyTree, is_leaf: IsLeaf = None) -> bool:
    """Whether a function is true of every leaf."""
    return all(map(pred, tree_iter(tree, is_leaf)))


def tree_any(pred: Callable[[Any], bool], tree: PyTree, is_leaf: IsLeaf = None) -> bool:
    """Whether it is true of one leaf at least."""
    return any(map(pred, tree_iter(tree, is_leaf)))


def tree_all_only(type_or_types: Any, /, pred: Callable[[Any], bool], tree: PyTree, is_leaf: IsLeaf = None) -> bool:
    """Whether it is true of every leaf of some types."""
    return all(pred(leaf) for leaf in tree_iter(tree, is_leaf) if isinstance(leaf, type_or_types))


def tree_any_only(type_or_types: Any, /, pred: Callable[[Any], bool], tree: PyTree, is_leaf: IsLeaf = None) -> bool:
    """Whether it is true of one of them at least."""
    return any(pred(leaf) for leaf in tree_iter(tree, is_leaf) if isinstance(leaf, type_or_types))


def _only(which: Any, func: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A function of the leaves that are meant, which leaves the others as they are."""
    if isinstance(which, type | tuple | UnionType):
        return lambda leaf: func(leaf) if isinstance(leaf, which) else leaf
    if callable(which):
        return lambda leaf: func(leaf) if which(leaf) else leaf
    raise TypeError("Argument must be a type, a tuple of types, or a callable.")
