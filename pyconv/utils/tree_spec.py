"""The structure of containers in containers, as `pyconv.utils._pytree` takes them apart: torch's TreeSpec.

May import: the standard library and `pyconv.return_types`, `pyconv.size`.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict, deque, namedtuple
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from pyconv.return_types import is_named
from pyconv.size import Size

__all__ = ["LeafSpec", "TreeSpec"]


class Node(NamedTuple):
    """How a container is taken apart into its items and a context, and made of them again."""

    flatten: Callable[[Any], tuple[list[Any], Any]]
    unflatten: Callable[[Iterable[Any], Any], Any]


def _items(tree: Any) -> tuple[list[Any], None]:
    return list(tree), None


def _values(tree: Any) -> tuple[list[Any], list[Any]]:
    return list(tree.values()), list(tree)


NODES: dict[Any, Node] = {
    tuple: Node(_items, lambda items, _: tuple(items)),
    list: Node(_items, lambda items, _: list(items)),
    Size: Node(_items, lambda items, _: tuple(items)),
    dict: Node(_values, lambda items, keys: dict(zip(keys, items, strict=True))),
    OrderedDict: Node(_values, lambda items, keys: OrderedDict(zip(keys, items, strict=True))),
    defaultdict: Node(
        lambda tree: (list(tree.values()), [tree.default_factory, list(tree)]),
        lambda items, context: defaultdict(context[0], zip(context[1], items, strict=True)),
    ),
    deque: Node(lambda tree: (list(tree), tree.maxlen), lambda items, most: deque(items, maxlen=most)),
    namedtuple: Node(lambda tree: (list(tree), type(tree)), lambda items, kind: kind(*items)),
}
_KEYED = (dict, OrderedDict, defaultdict)
_STANDARD = frozenset(NODES) - {Size}


def kind_of(tree: Any) -> Any:
    """The key under which a container's node is registered; None of a leaf."""
    kind = type(tree)
    if kind in NODES:
        return kind
    if is_named(kind):
        NODES[kind] = Node(_items, lambda items, _: kind(*items))
        return kind
    fields = getattr(kind, "_fields", None)
    plain = issubclass(kind, tuple) and isinstance(fields, tuple) and callable(getattr(kind, "_make", None))
    return namedtuple if plain else None


class TreeSpec:
    """The structure of a tree: what is left of it without its leaves.

    Args:
        type: of the container; None of a leaf.
        context: what else the container needs, as the keys of a dict.
        children_specs: the structures of its items.

    Example:
        >>> leaf = LeafSpec()
        >>> TreeSpec(dict, ["a", "b"], [TreeSpec(list, None, [leaf, leaf]), leaf])
        TreeSpec(dict, ['a', 'b'], [TreeSpec(list, None, [*,
            *]),
          *])
    """

    def __init__(self, type: Any, context: Any, children_specs: list[TreeSpec]) -> None:
        self.type = type
        self.context = context
        self._children = children_specs
        self.num_children = len(children_specs)
        self.num_nodes: int = 1 + sum(child.num_nodes for child in children_specs)
        self.num_leaves: int = sum(child.num_leaves for child in children_specs) if type is not None else 1

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, TreeSpec):
            return NotImplemented
        mine, its = ((spec.type, spec.context, spec._children) for spec in (self, other))
        return mine == its

    def __hash__(self) -> int:
        return hash((self.type, self.num_nodes, self.num_leaves, self.num_children))

    def __repr__(self) -> str:
        return self._text(0)

    def _text(self, indent: int) -> str:
        if self.is_leaf():
            return "*"
        between = ",\n" + " " * (indent + 2)
        return f"TreeSpec({self.type.__name__}, {self.context!r}, [{between.join(self._texts(indent + 2))}])"

    def _texts(self, indent: int) -> Iterator[str]:
        return (child._text(indent) for child in self._children)

    def is_leaf(self) -> bool:
        """Whether it is that of a single leaf."""
        return self.type is None

    def children(self) -> list[TreeSpec]:
        """The structures of the items."""
        return list(self._children)

    def child(self, index: int) -> TreeSpec:
        """That of one item."""
        return self._children[index]

    def flatten_up_to(self, tree: Any) -> list[Any]:
        """What a tree that begins alike has where this one has leaves.

        Raises:
            ValueError: it is another container somewhere, or has other items, with torch's text.
        """
        if self.is_leaf():
            return [tree]
        items = self._alike(tree)
        return [leaf for child, item in zip(self._children, items, strict=True) for leaf in child.flatten_up_to(item)]

    def _alike(self, tree: Any) -> list[Any]:
        """The items of a container of the same kind and length, in the order of this one's."""
        kind = kind_of(tree)
        keyed = self.type in _KEYED and kind in _KEYED
        if kind is not self.type and not keyed:
            what = "Node type" if self.type in _STANDARD else "Type"
            raise ValueError(f"{what} mismatch; expected {self.type!r}, but got {type(tree)!r}.")
        items, context = NODES[kind].flatten(tree)
        if len(items) != self.num_children:
            raise ValueError(f"Node arity mismatch; expected {self.num_children}, but got {len(items)}.")
        if keyed:
            return self._by_keys(tree)
        if kind is not deque and context != self.context:
            raise ValueError(
                f"Node context mismatch for node type {self.type!r}; expected {self.context!r}, but got {context!r}."
            )
        return items

    def _by_keys(self, tree: Any) -> list[Any]:
        keys = self.context[1] if self.type is defaultdict else self.context
        if set(keys) != set(tree):
            missing, extra = set(keys) - set(tree), set(tree) - set(keys)
            told = [f" missing key(s): {missing}"] * bool(missing) + [f" extra key(s): {extra}"] * bool(extra)
            raise ValueError(f"Node keys mismatch;{';'.join(told)}.")
        return [tree[key] for key in keys]

    def unflatten(self, leaves: Iterable[Any]) -> Any:
        """The tree of this structure with those leaves.

        Raises:
            ValueError: they are too many or too few, with torch's text.
        """
        leaves = list(leaves)
        if len(leaves) != self.num_leaves:
            raise ValueError(
                f"treespec.unflatten(leaves): `leaves` has length {len(leaves)} but the spec refers to a pytree that "
                f"holds {self.num_leaves} items ({self})."
            )
        return self._made(iter(leaves))

    def _made(self, leaves: Iterator[Any]) -> Any:
        if self.is_leaf():
            return next(leaves)
        return NODES[self.type].unflatten([child._made(leaves) for child in self._children], self.context)


class LeafSpec(TreeSpec):
    """The structure of a leaf."""

    def __init__(self) -> None:
        super().__init__(None, None, [])
