"""Sequential, ModuleList and ModuleDict. The texts are torch 2.13's."""

import copy
import pickle
from collections import OrderedDict

import pytest

import pyconv
from pyconv.nn.modules.container import ModuleDict, ModuleList, Sequential
from pyconv.nn.modules.module import Module


class Add(Module):
    def __init__(self, amount):
        super().__init__()
        self.amount = amount

    def forward(self, x):
        return x + self.amount

    def extra_repr(self):
        return f"{self.amount}"


def amounts(modules):
    return [module.amount for module in modules]


def names(container):
    return list(container._modules)


def numbered(kind, *values):
    modules = [Add(value) for value in values]
    return kind(*modules) if kind is Sequential else kind(modules)


# Sequential and ModuleList alike


@pytest.fixture(params=[Sequential, ModuleList])
def kind(request):
    return request.param


def test_modules_by_position(kind):
    container = numbered(kind, 1, 2, 3)
    assert len(container) == 3
    assert names(container) == ["0", "1", "2"]
    assert amounts(container) == [1, 2, 3]
    assert container[-1].amount == 3
    part = container[1:]
    assert type(part) is kind
    assert amounts(part) == [2, 3]
    assert part[0] is container[1]
    assert names(part) == (["1", "2"] if kind is Sequential else ["0", "1"])


@pytest.mark.parametrize("index", [3, -4])
def test_no_such_position(kind, index):
    container = numbered(kind, 1, 2, 3)
    text = f"^index {index} is out of range$"
    with pytest.raises(IndexError, match=text):
        container[index]
    with pytest.raises(IndexError, match=text):
        container[index] = Add(0)
    with pytest.raises(IndexError, match=text):
        del container[index]
    with pytest.raises(TypeError, match="'str' object cannot be interpreted as an integer"):
        container["0"]


def test_replacing(kind):
    container = numbered(kind, 1, 2)
    container[-1] = Add(9)
    assert amounts(container) == [1, 9]
    with pytest.raises(
        TypeError, match=r"cannot assign 'int' as child module '0' \(torch.nn.Module or None expected\)"
    ):
        container[0] = 3


def test_deleting_numbers_anew(kind):
    container = numbered(kind, 1, 2, 3, 4)
    del container[1]
    assert (amounts(container), names(container)) == ([1, 3, 4], ["0", "1", "2"])
    del container[::2]
    assert (amounts(container), names(container)) == ([3], ["0"])


def test_pop(kind):
    container = numbered(kind, 1, 2, 3)
    assert container.pop(-1).amount == 3
    assert amounts(container.pop(slice(0, 1))) == [1]
    assert (amounts(container), names(container)) == ([2], ["0"])


def test_append_extend_insert(kind):
    container = numbered(kind, 1)
    assert container.append(Add(2)) is container
    assert container.extend([Add(3), Add(4)]) is container
    container.insert(1, Add(5))
    assert (amounts(container), names(container)) == ([1, 5, 2, 3, 4], ["0", "1", "2", "3", "4"])


def test_adding(kind):
    first, second = numbered(kind, 1, 2), numbered(kind, 3)
    both = first + second
    assert (type(both), amounts(both), names(both)) == (kind, [1, 2, 3], ["0", "1", "2"])
    before = first
    first += second
    assert first is before
    assert amounts(first) == [1, 2, 3]
    assert first[2] is second[0]


def test_only_modules(kind):
    with pytest.raises(TypeError, match=r"^int is not a Module subclass$"):
        numbered(kind).append(3)


def test_numbers_are_no_attributes_to_list(kind):
    assert not [name for name in dir(numbered(kind, 1, 2)) if name.isdigit()]


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))], ids=["deepcopy", "pickle"])
def test_copies(kind, copied):
    container = numbered(kind, 1, 2)
    other = copied(container)
    assert repr(other) == repr(container)
    assert other[0] is not container[0]


# Sequential


def test_sequential_calls_one_after_the_other():
    assert numbered(Sequential, 1, 2)(pyconv.zeros(1)).tolist() == [3.0]
    assert Sequential()("x") == "x"


def test_sequential_by_name():
    named = Sequential(OrderedDict(first=Add(1), second=Add(2)))
    assert names(named) == ["first", "second"]
    assert named.second is named[1]
    part = named[1:]
    assert names(part) == ["second"]
    del named[0]
    assert names(named) == ["0"]
    assert repr(part) == "Sequential(\n  (second): Add(2)\n)"


def test_sequential_repr_says_everything():
    assert repr(numbered(Sequential, 1, 1)) == "Sequential(\n  (0): Add(1)\n  (1): Add(1)\n)"
    assert repr(Sequential()) == "Sequential()"


def test_sequential_insert_from_the_end_and_out_of_range():
    container = numbered(Sequential, 1, 2)
    assert container.insert(-1, Add(3)) is container
    assert amounts(container.insert(0, Add(4))) == [4, 1, 3, 2]
    with pytest.raises(IndexError, match="Index out of range: 5"):
        container.insert(5, Add(0))
    with pytest.raises(AssertionError, match=r"module should be of type: <class '.*\.Module'>"):
        container.insert(0, 3)


def test_sequential_times():
    container = numbered(Sequential, 1, 2)
    assert amounts(container * 2) == amounts(2 * container) == [1, 2, 1, 2]
    assert amounts(container * 1) == [1, 2]
    before = container
    container *= 3
    assert container is before
    assert (amounts(container), names(container)) == ([1, 2] * 3, ["0", "1", "2", "3", "4", "5"])
    assert container[0] is container[2]


def test_sequential_times_nothing():
    container = numbered(Sequential, 1)
    with pytest.raises(ValueError, match=r"Non-positive multiplication factor 0 for <class '.*\.Sequential'>"):
        container *= 0
    with pytest.raises(
        TypeError, match=r"unsupported operand type\(s\) for \*: <class '.*\.Sequential'> and <class 'float'>"
    ):
        _ = container * 1.5


def test_sequential_adds_only_its_kind():
    text = "add operator supports only objects of Sequential class, but <class 'list'> is given."
    container = numbered(Sequential, 1)
    with pytest.raises(ValueError) as raised:
        container.__add__([Add(1)])
    assert str(raised.value) == text
    with pytest.raises(ValueError) as raised:
        container += [Add(1)]
    assert str(raised.value) == text


def test_sequential_takes_only_modules():
    with pytest.raises(TypeError, match=r"^int is not a Module subclass$"):
        Sequential(3)


# ModuleList


def test_a_list_has_no_forward():
    with pytest.raises(NotImplementedError, match=r'Module \[ModuleList\] is missing the required "forward" function'):
        numbered(ModuleList, 1)(3)


def test_a_list_prints_repeated_blocks_once():
    inner = numbered(ModuleList, 2, 2, 2)
    assert repr(ModuleList([Add(1), Add(1), inner, inner, Add(1)])) == (
        "ModuleList(\n  (0-1): 2 x Add(1)\n  (2-3): 2 x ModuleList(\n    (0-2): 3 x Add(2)\n  )\n  (4): Add(1)\n)"
    )
    assert repr(ModuleList()) == "ModuleList()"


def test_a_list_of_no_iterable():
    with pytest.raises(TypeError, match=r"ModuleList\.extend should be called with an iterable, but got int"):
        ModuleList(3)


def test_a_list_does_not_insert_from_the_end():
    with pytest.raises(KeyError, match="'-1'"):
        numbered(ModuleList, 1).insert(-1, Add(2))


# ModuleDict


def test_a_dict_of_modules():
    container = ModuleDict({"a": Add(1), "b": Add(2)})
    container["c"] = Add(3)
    assert list(container) == list(container.keys()) == ["a", "b", "c"]
    assert amounts(container.values()) == [1, 2, 3]
    assert dict(container.items())["b"] is container["b"] is container.b
    assert ("a" in container, "x" in container, len(container)) == (True, False, 3)
    del container["a"]
    assert container.pop("b").amount == 2
    assert list(container) == ["c"]
    container.clear()
    assert len(container) == 0
    with pytest.raises(KeyError, match="'a'"):
        container.pop("a")


@pytest.mark.parametrize(
    "make",
    [dict, OrderedDict, ModuleDict, lambda pairs: pairs, iter],
    ids=["dict", "ordered", "modules", "list", "iterator"],
)
def test_what_a_dict_takes(make):
    container = ModuleDict({"b": Add(0)})
    container.update(make([("b", Add(1)), ("a", Add(2))]))
    assert repr(container) == "ModuleDict(\n  (b): Add(1)\n  (a): Add(2)\n)"


@pytest.mark.parametrize(
    ("modules", "kind", "text"),
    [
        (3, TypeError, "ModuleDict.update should be called with an iterable of key/value pairs, but got int"),
        ([3], TypeError, "ModuleDict update sequence element #0 should be Iterable; isint"),
        ([("a", Add(1)), (1, 2, 3)], ValueError, "ModuleDict update sequence element #1 has length 3; 2 is required"),
        ({"a": 3}, TypeError, "int is not a Module subclass"),
        ({"a.b": Add(1)}, KeyError, 'module name can\'t contain ".", got: a.b'),
        ({"keys": Add(1)}, KeyError, "attribute 'keys' already exists"),
    ],
)
def test_what_a_dict_refuses(modules, kind, text):
    with pytest.raises(kind) as raised:
        ModuleDict(modules)
    assert raised.value.args == (text,)


@pytest.mark.parametrize(
    "make", [lambda m: Sequential(m, m), lambda m: ModuleList([m, m]), lambda m: ModuleDict({"0": m})]
)
def test_what_they_hold_is_registered(make):
    class Outer(Module):
        def __init__(self):
            super().__init__()
            self.inner = make(Sequential(Add(1)))

    assert [name for name, _ in Outer().named_modules()] == ["", "inner", "inner.0", "inner.0.0"]
