"""torch.autograd.functional: values, graphs, errors and their text, beside torch's."""

import pytest
import torch

import pyconv
from tests.against_torch.outcome import assert_same, outcome

FUNCTIONS = {
    "square": lambda x: (x**2).sin(),
    "number": lambda x: (x**3).sum(),
    "one_element": lambda x: (x**3).sum().reshape(1, 1),
    "linear": lambda x: (x * 3).sum(),
    "constant": lambda x: x.detach() * 2,
    "constant_number": lambda x: x.detach().sum(),
    "two": lambda x: (x.exp(), (x * x).sum(dim=-1)),
    "no_tensor": lambda x: 3,
    "list": lambda x: [x.sum()],
    "matrix": lambda x: x.unsqueeze(-1) * x,
}
TWO = {
    "product": lambda x, y: (x * y).sum(),
    "first": lambda x, y: (x * x).sum(),
    "cube": lambda x, y: (x**3 * y**2).sum(),
    "both": lambda x, y: (x * y, x.sum() + y**2),
}
"""Of two inputs."""

OPTIONS = [{}, {"create_graph": True}, {"strict": True}, {"create_graph": True, "strict": True}]
JACOBIAN_OPTIONS = [
    {"vectorize": True},
    {"vectorize": True, "strict": True},
    {"vectorize": True, "create_graph": True},
]
STRATEGIES = ["forward-mode", "sideways"]


def called(lib, name, func, inputs, v, options, requires_grad=False):
    """What a function of autograd.functional gives at some numbers."""
    x = tuple(lib.tensor(values, dtype=lib.float64, requires_grad=requires_grad) for values in inputs)
    given = {} if v is None else {"v": tuple(lib.tensor(values, dtype=lib.float64) for values in v)}
    if len(x) == 1:
        x, given = x[0], {key: value[0] for key, value in given.items()}
    return getattr(lib.autograd.functional, name)(func, x, **given, **options)


def same(*call):
    ours, theirs = (outcome(lambda lib: called(lib, *call), lib) for lib in (pyconv, torch))
    assert_same(ours[0], theirs[0])  # torch's warnings are about its own vmap
    assert not ours[1]


@pytest.mark.parametrize("options", OPTIONS, ids=str)
@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("name", ["vjp", "jvp", "vhp", "hvp", "jacobian", "hessian"])
def test_of_one_input(name, function, options):
    func = FUNCTIONS[function]
    for requires_grad in (False, True):
        for v in (None, [[1.0, -2.0]], [[1.0, 2.0, 3.0]], [[1.0], [2.0]]):
            if name in ("jacobian", "hessian") and v is not None:
                continue
            same(name, func, [[0.5, -1.5]], v, options, requires_grad)
    same(name, func, [[0.5]], None, options)


@pytest.mark.parametrize("options", OPTIONS, ids=str)
@pytest.mark.parametrize("function", TWO)
@pytest.mark.parametrize("name", ["vjp", "jvp", "vhp", "hvp", "jacobian", "hessian"])
def test_of_two_inputs(name, function, options):
    inputs = [[0.5, -1.5], [2.0, 0.25]]
    for v in (None, [[1.0, -2.0], [0.5, 1.0]], [[1.0, 2.0]], [[1.0, 2.0], [1.0]]):
        if name in ("jacobian", "hessian") and v is not None:
            continue
        same(name, TWO[function], inputs, v, options)


@pytest.mark.parametrize("name", ["jacobian", "hessian"])
def test_vectorize_and_strategies(name):
    key = "strategy" if name == "jacobian" else "outer_jacobian_strategy"
    for options in JACOBIAN_OPTIONS:
        same(name, FUNCTIONS["number"], [[0.5, -1.5]], None, options)
        for strategy in STRATEGIES:
            same(name, FUNCTIONS["number"], [[0.5, -1.5]], None, {**options, key: strategy})
    same(name, FUNCTIONS["number"], [[0.5]], None, {key: "forward-mode"})


@pytest.mark.parametrize("name", ["vjp", "jvp", "vhp", "hvp"])
@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_where_no_gradients_are_recorded(name, options):
    with torch.no_grad(), pyconv.no_grad():
        same(name, FUNCTIONS["number"], [[0.5]], None, options, True)
