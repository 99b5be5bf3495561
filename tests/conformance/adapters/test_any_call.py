"""A call through torch: its arguments by name, its results and gradients, what it changes, what it draws."""

import numpy as np
import pytest

from conformance.adapters.any_call import output_names, results
from conformance.checks.reference import attempt
from conformance.operands import operands_of
from conformance.tokens import parse


def _maps(torch, line):
    call = parse(line)
    return torch.run(call, operands_of(call))


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("relu input=3x", ["output", "input gradient"]),
        ("relu input=3x i64", ["output"]),
        ("max_pool1d input=1x4 kernel_size=2 return_indices=True", ["output", "output 1", "input gradient"]),
        ("embedding input=3x:i64:below2 weight=2x2", ["output", "weight gradient"]),
        ("cat tensors.0=2x tensors.1=3x", ["output", "tensors.0 gradient", "tensors.1 gradient"]),
        ("split input=4x split_size_or_sections=3", ["output", "output 1", "input gradient"]),
        (
            "einsum operands.0=2x3 operands.1=3x equation=ij,j->i",
            ["output", "operands.0 gradient", "operands.1 gradient"],
        ),
        (
            "batch_norm input=3x2 running_mean=2x running_var=2x:positive training=True",
            ["output", "input gradient", "running_mean afterwards", "running_var afterwards"],
        ),
        ("where condition=2x:bool input=2x other=1.5", ["output", "input gradient"]),
        ("expand input=1x2 size=(3,2)", ["output", "input gradient"]),
    ],
)
def test_the_maps_of_a_call(torch, line, names):
    assert list(_maps(torch, line)) == names


def test_arguments_are_passed_by_name(torch):
    found = _maps(torch, "sum input=2x3 dim=(0,) keepdim=True dtype=torch.float64 ints")
    assert found["output"].shape == (1, 3)
    assert found["output"].dtype == np.float64


def test_running_statistics_are_changed_in_a_copy(torch):
    call = parse("batch_norm input=3x2 running_mean=2x running_var=2x:positive training=True momentum=1.0")
    operands = operands_of(call)
    before = {name: array.copy() for name, array in operands.arrays.items()}
    found = torch.run(call, operands)
    assert np.allclose(found["running_mean afterwards"], operands.arrays["input"].mean(0), atol=1e-6)
    assert all(np.array_equal(operands.arrays[name], array) for name, array in before.items())


def test_what_draws_is_seeded_by_the_call(torch):
    first = _maps(torch, "dropout input=90x p=0.5 training=True seed3")["output"]
    assert np.array_equal(first, _maps(torch, "dropout input=90x p=0.5 training=True seed3")["output"])
    assert 10 < np.count_nonzero(first) < 80


def test_a_sum_of_results_is_differentiated_twice(torch):
    call = parse("mul input=2x other=2x f64")
    operands = operands_of(call)
    found = torch.second(call, operands)
    cotangent, direction = operands.draw("cotangent", (2,)), operands.draw("other direction", (2,))
    assert np.allclose(found["second derivative by input"], cotangent * direction)
    assert set(found) == {f"second derivative by {name}" for name in ("input", "other", "cotangent")}


def test_what_a_library_raises_is_let_through(torch):
    call = parse("relu input=2x unknown=1")
    assert attempt(torch.run, call, operands_of(call)).kind == "TypeError"


def test_results_at_any_depth_are_found(torch):
    class Library:
        Tensor = torch.library.Tensor

        @staticmethod
        def split(input, **_):
            return [input, (input, 3, None)]

    tensor = torch.library.ones(1)
    assert len(results(Library, parse("split input=1x"), {"input": tensor})) == 2
    assert output_names(0) == []
