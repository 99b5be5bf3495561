"""Containers in containers, taken apart and put together again."""

import collections

import pytest

import pyconv
from pyconv.utils import _pytree as pytree

Pair = collections.namedtuple("Pair", "a b")
TREE = {
    "list": [1, (2, None)],
    "pair": Pair(3, 4),
    "ordered": collections.OrderedDict(z=5),
    "default": collections.defaultdict(list, {"q": 6}),
    "deque": collections.deque([7, 8], maxlen=3),
    "empty": (),
}


def test_leaves_come_in_order_and_go_back_to_their_places():
    leaves, spec = pytree.tree_flatten(TREE)
    assert leaves == [1, 2, None, 3, 4, 5, 6, 7, 8]
    again = pytree.tree_unflatten(leaves, spec)
    assert again == TREE
    assert [type(value) for value in again.values()] == [type(value) for value in TREE.values()]
    assert (again["deque"].maxlen, again["default"].default_factory) == (3, list)
    assert (spec.num_leaves, spec.num_children, spec.type) == (9, 6, dict)


def test_results_with_names_and_sizes_are_taken_apart():
    found = pyconv.ones(2).max(0)
    assert type(pytree.tree_map(lambda leaf: leaf, found)) is type(found)
    assert repr(pytree.tree_structure(found)) == "TreeSpec(max, None, [*,\n  *])"
    assert pytree.tree_leaves(pyconv.Size([1, 2])) == [1, 2]


def test_a_tensor_is_a_leaf():
    doubled = pytree.tree_map(lambda t: t * 2, {"x": pyconv.ones(1)})
    assert doubled["x"].item() == 2
    assert pytree.tree_is_leaf(pyconv.ones(1))


def test_leaves_can_be_told():
    assert pytree.tree_leaves(TREE, is_leaf=lambda tree: isinstance(tree, list | Pair))[:2] == [[1, (2, None)], (3, 4)]
    assert pytree.tree_is_leaf([], is_leaf=lambda tree: True)
    assert not pytree.tree_is_leaf([])


def test_several_trees_are_mapped_together():
    assert pytree.tree_map(lambda a, b: (a, b), {"a": 1, "b": 2}, {"b": 3, "a": 4}) == {"a": (1, 4), "b": (2, 3)}
    assert pytree.tree_map(lambda a, b: (a, b), [1, 2], [[1], 2]) == [(1, [1]), (2, 2)]
    seen = []
    tree = [1, [2]]
    assert pytree.tree_map_(lambda a, b: seen.append((a, b)), tree, [3, [4]]) is tree
    assert seen == [(1, 3), (2, 4)]


def test_some_leaves_only():
    tree = [1, "a", 2.5]
    assert pytree.tree_map_only(int, lambda n: n + 1, tree) == [2, "a", 2.5]
    assert pytree.tree_map_only((int, float), lambda n: n + 1, tree) == [2, "a", 3.5]
    assert pytree.tree_map_only(int | float, lambda n: n + 1, tree) == [2, "a", 3.5]
    assert pytree.tree_map_only(lambda leaf: leaf == "a", str.upper, tree) == [1, "A", 2.5]
    seen = []
    assert pytree.tree_map_only_(int, seen.append, tree) is tree
    assert seen == [1]
    assert pytree.tree_all_only(int, lambda n: n > 0, tree)
    assert not pytree.tree_any_only(int, lambda n: n > 1, tree)
    assert pytree.tree_any(lambda leaf: leaf == "a", tree)
    assert not pytree.tree_all(lambda leaf: leaf == "a", tree)
    with pytest.raises(TypeError, match=r"^Argument must be a type, a tuple of types, or a callable\.$"):
        pytree.tree_map_only(5, abs, tree)


def test_classes_are_registered_once():
    class Box:
        def __init__(self, *items):
            self.items = items

    pytree.register_pytree_node(Box, lambda box: (list(box.items), "lid"), lambda items, lid: Box(*items))
    assert pytree.tree_map(lambda n: n + 1, Box(1, [2])).items == (2, [3])
    assert repr(pytree.tree_structure(Box(1))) == "TreeSpec(Box, 'lid', [*])"
    with pytest.raises(ValueError, match=r"Box'> is already registered as pytree node\.$"):
        pytree.register_pytree_node(Box, None, None)
    with pytest.raises(ValueError, match=r"^Type mismatch; expected <class .*Box'>, but got <class 'list'>\.$"):
        pytree.tree_map(max, Box(1), [1])


@pytest.mark.parametrize(
    ("tree", "other", "text"),
    [
        ([1, 2], [1], "Node arity mismatch; expected 2, but got 1."),
        ([1, 2], (1, 2), "Node type mismatch; expected <class 'list'>, but got <class 'tuple'>."),
        ({"a": 1}, {"b": 1}, "Node keys mismatch; missing key(s): {'a'}; extra key(s): {'b'}."),
        ([1], 2, "Node type mismatch; expected <class 'list'>, but got <class 'int'>."),
    ],
)
def test_trees_that_begin_otherwise_are_refused(tree, other, text):
    with pytest.raises(ValueError, match="mismatch") as raised:
        pytree.tree_map(max, tree, other)
    assert str(raised.value) == text


def test_structures_are_compared():
    assert pytree.tree_structure([1, {}]) == pytree.tree_structure([2, {}])
    assert hash(pytree.tree_structure([1])) == hash(pytree.tree_structure([2]))
    assert pytree.tree_structure([1]) != pytree.tree_structure((1,))
    assert pytree.tree_structure([1, [2]]).child(1) == pytree.tree_structure([3])
    assert pytree.tree_structure(3) == pytree.LeafSpec()
    with pytest.raises(
        ValueError, match=r"^treespec.unflatten\(leaves\): `leaves` has length 1 but the spec refers to"
    ):
        pytree.tree_unflatten([1], pytree.tree_structure([]))
    with pytest.raises(TypeError, match=r"^Expected `treespec` to be an instance of PyTreeSpec but got item of type"):
        pytree.tree_unflatten([1], 3)
