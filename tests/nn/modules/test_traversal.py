"""Walking over a tree of modules, with a module and a parameter that stand in it twice."""

import pytest

import pyconv
from pyconv.nn.modules.module import Module
from pyconv.nn.parameter import Parameter


class Leaf(Module):
    def __init__(self):
        super().__init__()
        self.w = Parameter(pyconv.ones(2))
        self.register_buffer("n", pyconv.zeros(1))
        self.factor = 2


class Tree(Module):
    def __init__(self):
        super().__init__()
        self.left = Leaf()
        self.nested = Module()
        self.nested.inner = self.left
        self.nested.other = Leaf()
        self.nothing = Leaf()
        self.nothing = None
        self.again = self.left
        self.tied = self.left.w
        self.register_parameter("none", None)
        self.register_buffer("total", pyconv.zeros(1))
        self.register_buffer("absent", None)


def names(pairs):
    return [name for name, _ in pairs]


def test_modules_come_once_parents_first():
    tree = Tree()
    assert names(tree.named_modules()) == ["", "left", "nested", "nested.other"]
    assert list(tree.modules()) == [tree, tree.left, tree.nested, tree.nested.other]


def test_modules_under_every_name():
    everywhere = ["", "left", "nested", "nested.inner", "nested.other", "again"]
    assert names(Tree().named_modules(remove_duplicate=False)) == everywhere
    assert len(list(Tree().modules(remove_duplicate=False))) == len(everywhere)


def test_a_memo_and_a_prefix():
    tree = Tree()
    memo = {tree.left}
    assert names(tree.named_modules(memo, "net")) == ["net", "net.nested", "net.nested.other"]
    assert memo == set(tree.modules())


def test_children_come_once():
    tree = Tree()
    assert names(tree.named_children()) == ["left", "nested"]
    assert list(tree.children()) == [tree.left, tree.nested]


def test_parameters():
    tree = Tree()
    assert names(tree.named_parameters()) == ["tied", "nested.other.w"]
    assert names(tree.named_parameters(recurse=False)) == ["tied"]
    assert names(tree.named_parameters("net", recurse=False)) == ["net.tied"]
    everywhere = ["tied", "left.w", "nested.inner.w", "nested.other.w", "again.w"]
    assert names(tree.named_parameters(remove_duplicate=False)) == everywhere
    assert [id(p) for p in tree.parameters()] == [id(tree.tied), id(tree.nested.other.w)]
    assert [id(p) for p in tree.parameters(recurse=False)] == [id(tree.tied)]


def test_buffers():
    tree = Tree()
    assert names(tree.named_buffers()) == ["total", "left.n", "nested.other.n"]
    assert names(tree.named_buffers("net", recurse=False)) == ["net.total"]
    assert len(list(tree.buffers())) == 3
    assert [id(b) for b in tree.buffers(recurse=False)] == [id(tree.total)]
    assert len(names(tree.named_buffers(remove_duplicate=False))) == 5


def test_finding_by_full_name():
    tree = Tree()
    assert tree.get_submodule("") is tree
    assert tree.get_submodule("nested.other") is tree.nested.other
    assert tree.get_parameter("nested.other.w") is tree.nested.other.w
    assert tree.get_parameter("tied") is tree.tied
    assert tree.get_buffer("left.n") is tree.left.n


@pytest.mark.parametrize(
    ("method", "target", "text"),
    [
        ("get_submodule", "nested.x", "Module has no attribute `x`"),
        ("get_submodule", "left.w", "`w` is not an nn.Module"),
        ("get_submodule", "left.w.x", "`w` is not an nn.Module"),
        ("get_parameter", "left.x", "Leaf has no attribute `x`"),
        ("get_parameter", "left.factor", "`factor` is not an nn.Parameter"),
        ("get_parameter", "left.n", "`n` is not an nn.Parameter"),
        ("get_buffer", "left.w", "`w` is not a buffer"),
        ("get_buffer", "x", "Tree has no attribute `x`"),
    ],
)
def test_finding_nothing(method, target, text):
    with pytest.raises(AttributeError) as raised:
        getattr(Tree(), method)(target)
    assert str(raised.value) == text


def test_putting_a_module_in_place():
    tree, leaf = Tree(), Leaf()
    tree.set_submodule("nested.other", leaf, strict=True)
    tree.set_submodule("nested.new", leaf)
    tree.set_submodule("new", leaf)
    assert tree.nested.other is tree.nested.new is tree.new is leaf


@pytest.mark.parametrize(
    ("target", "module", "strict", "kind", "text"),
    [
        ("", Leaf(), False, ValueError, "Cannot set the submodule without a target name!"),
        ("left", 3, False, ValueError, "`module` is not an nn.Module, found <class 'int'>"),
        ("nested.x", Leaf(), True, AttributeError, "Module has no attribute `x`"),
        ("left.w", Leaf(), False, AttributeError, "`w` is not an nn.Module"),
        ("x.y", Leaf(), False, AttributeError, "Tree has no attribute `x`"),
    ],
)
def test_putting_a_module_in_no_place(target, module, strict, kind, text):
    with pytest.raises(kind) as raised:
        Tree().set_submodule(target, module, strict)
    assert str(raised.value) == text
