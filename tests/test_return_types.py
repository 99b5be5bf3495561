"""Results with names."""

import copy
import pickle

import pytest

import pyconv
from pyconv.return_types import named

Pair = named("pair", "first", "second")


def test_items_have_names_and_places():
    pair = Pair(1, 2)
    assert (pair.first, pair.second) == (pair[0], pair[1]) == tuple(pair) == (1, 2)
    first, second = pair
    assert (first, second) == (1, 2)
    assert pair == (1, 2)
    assert len(pair) == 2


def test_a_sequence_is_taken_for_the_items():
    assert Pair((1, 2)) == Pair(1, 2)
    single = named("single", "value")
    assert single((1, 2)).value == (1, 2)


def test_names_cannot_be_set():
    with pytest.raises(AttributeError):
        Pair(1, 2).first = 3


def test_the_text_is_torchs():
    assert repr(Pair(1, "b")) == "torch.return_types.pair(\nfirst=1,\nsecond='b')"
    assert (Pair.__name__, Pair.__module__) == ("pair", "torch.return_types")


def test_copies_are_of_the_same_class():
    pair = copy.copy(Pair(1, 2))
    assert type(pair) is Pair
    assert copy.deepcopy(pair).second == 2


def test_pickled_they_come_back_of_the_same_class():
    for found in (pyconv.tensor([[3.0, 1.0]]).median(1), pyconv.linalg.slogdet(pyconv.eye(2)), Pair(1, (2,))):
        again = pickle.loads(pickle.dumps(found))
        assert type(again) is type(found)
        assert again == found
    single = named("single", "value")((1,))
    assert pickle.loads(pickle.dumps(single)) == single == ((1,),)


def test_functions_give_them():
    found = pyconv.max(pyconv.tensor([[1.0, 5.0], [7.0, 2.0]]), 1)
    assert (found.values.tolist(), found.indices.tolist()) == ([5, 7], [1, 0])
    assert repr(found).startswith("torch.return_types.max(\nvalues=tensor([5., 7.]),\nindices=")
    assert type(found).__name__ == "max"
    assert type(pyconv.sort(pyconv.ones(2))).__name__ == "sort"
