"""What a module of torch's was made with: the caller's arguments, and torch as before afterwards."""

from contextlib import suppress
from copy import deepcopy

import pytest

from conformance.opinfo.recipes import noted, recipe


def test_the_arguments_are_those_of_the_class_that_was_called(torch):
    nn = torch.library.nn
    with noted(torch.library):
        made = nn.Conv2d(2, 3, kernel_size=1)
        inherited = nn.BatchNorm1d(3)
        outer = nn.Sequential(nn.ReLU(inplace=True))
    assert recipe(made) == ([2, 3], {"kernel_size": 1})
    assert recipe(inherited) == ([3], {})
    assert recipe(outer[0]) == ([], {"inplace": True})


def test_a_copy_has_the_recipe_too(torch):
    with noted(torch.library):
        made = torch.library.nn.Linear(2, 3)
    assert recipe(deepcopy(made)) == ([2, 3], {})


def test_torch_is_as_it_was_afterwards(torch):
    linear = torch.library.nn.Linear
    before = linear.__init__
    with suppress(KeyError), noted(torch.library):
        assert linear.__init__ is not before
        raise KeyError
    assert linear.__init__ is before
    with pytest.raises(ValueError, match="what Linear was made with is not known"):
        recipe(linear(2, 3))
