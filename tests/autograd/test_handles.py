"""Handles of hooks."""

import copy
import pickle
from collections import OrderedDict

from pyconv.autograd.handles import RemovableHandle, register


def test_hooks_stand_in_order_and_are_removed_once():
    hooks = OrderedDict()
    handles = [register(hooks, "b"), register(hooks, "c"), register(hooks, "a", prepend=True)]
    assert list(hooks.values()) == ["a", "b", "c"]
    handles[0].remove()
    handles[0].remove()
    assert list(hooks.values()) == ["a", "c"]


def test_a_handle_as_a_context_manager():
    hooks = OrderedDict()
    with register(hooks, "a") as handle:
        assert hooks == {handle.id: "a"}
    assert not hooks


def test_a_number_that_is_taken_is_not_given_again():
    first = RemovableHandle(OrderedDict()).id
    taken = OrderedDict.fromkeys(range(first + 1, first + 4))
    assert RemovableHandle(taken).id == first + 4


def test_a_copied_handle_removes_from_the_copied_hooks():
    hooks = OrderedDict()
    handle = register(hooks, "a")
    for copied_hooks, copied in (copy.deepcopy((hooks, handle)), pickle.loads(pickle.dumps((hooks, handle)))):
        copied.remove()
        assert not copied_hooks
    assert list(hooks.values()) == ["a"]


def test_a_handle_clears_further_tables():
    hooks, one, two = OrderedDict(), OrderedDict(), OrderedDict()
    handle = register(hooks, "a", extra=[one, two])
    one[handle.id] = True
    for taken, tables in ((handle, (hooks, one)), (RemovableHandle(hooks, extra_dict=one), (hooks, one))):
        for table in tables:
            table[taken.id] = "b"
        taken.remove()
        assert not any(tables)


def test_a_handle_does_not_keep_its_hooks():
    hooks = OrderedDict()
    handle = register(hooks, "a", extra=[OrderedDict()])
    assert handle.hooks_dict_ref() is hooks
    del hooks
    assert handle.hooks_dict_ref() is None
    handle.remove()
    pickle.loads(pickle.dumps(handle)).remove()
