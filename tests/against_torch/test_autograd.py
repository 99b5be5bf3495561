"""The tape and the Tensor beside torch's: the same programs give the same values, dtypes, exceptions and warnings."""

import inspect

import pytest

from tests.against_torch.outcome import compare
from tests.against_torch.programs import changes, checks, creation, gradients, inputs, modes, passes, values, views

MODULES = (passes, inputs, modes, changes, views, values, creation, gradients, checks)
PROGRAMS = {
    f"{module.__name__.rpartition('.')[2]}.{name}": function
    for module in MODULES
    for name, function in vars(module).items()
    if inspect.isfunction(function) and not name.startswith("_") and function.__module__ == module.__name__
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_same_happens(name):
    compare(PROGRAMS[name])
