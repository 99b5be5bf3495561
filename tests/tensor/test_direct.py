"""Changes in place that are written at once have the values, the errors and the versions of the operations."""

import numpy as np
import pytest

import pyconv as torch
from pyconv.tensor import direct

CHANGES = {
    "relu": lambda x: x.relu_(),
    "relu6": lambda x: torch.nn.functional.relu6(x, inplace=True),
    "hardtanh": lambda x: torch.nn.functional.hardtanh(x, -0.5, 2, inplace=True),
    "hardtanh without room": lambda x: torch.nn.functional.hardtanh_(x, 2, -0.5),
    "add": lambda x: x.add_(torch.ones_like(x)),
    "add a number": lambda x: x.add_(0.1),
    "add a large int": lambda x: x.add_(2**60),
    "+=": lambda x: x.__iadd__(x),
    "*=": lambda x: x.__imul__(3),
    "mul": lambda x: x.mul_(torch.full_like(x, 0.1)),
    "add broadcast": lambda x: x.add_(torch.ones(3, dtype=x.dtype)),
    "add scaled": lambda x: x.add_(torch.ones_like(x), alpha=0.3),
    "add a tensor of no dimension": lambda x: x.add_(torch.tensor(2)),
    "add of another dtype": lambda x: x.add_(torch.ones(2, 3, dtype=torch.float16)),
}
VALUES = np.array([[-np.inf, -1.5, -0.0], [0.7, 7.0, np.nan]])


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8"])
@pytest.mark.parametrize("name", CHANGES)
def test_values_are_those_of_the_operation(monkeypatch, name, dtype):
    found = []
    for known in (direct._KNOWN, {}):
        monkeypatch.setattr(direct, "_KNOWN", known)
        x = torch.tensor(VALUES.astype(dtype))
        memory = x.data_ptr()
        assert CHANGES[name](x) is x
        assert x.data_ptr() == memory
        found.append((x.numpy().tobytes(), x.dtype, x._version))
    assert found[0] == found[1]
    assert found[0][2] == 1


INTEGERS = {
    "relu": lambda x: x.relu_(),
    "add": lambda x: x.add_(torch.ones_like(x)),
    "add a number": lambda x: x.add_(1),
    "add beyond the largest": lambda x: x.add_(2**52).mul_(2**12),
    "mul": lambda x: x.mul_(3),
}


@pytest.mark.parametrize("name", INTEGERS)
def test_integers_are_those_of_the_operation(monkeypatch, name):
    found = []
    for known in (direct._KNOWN, {}):
        monkeypatch.setattr(direct, "_KNOWN", known)
        x = torch.tensor([-3, 0, 2**62])
        INTEGERS[name](x)
        found.append((x.tolist(), x.dtype, x._version))
    assert found[0] == found[1]


def test_a_float_is_not_added_to_integers():
    with pytest.raises(RuntimeError, match="result type Float can't be cast to the desired output type Long"):
        torch.tensor([1]).add_(0.5)


@pytest.mark.parametrize("name", ["relu", "hardtanh", "add", "+=", "mul"])
def test_values_do_not_depend_on_the_pieces(monkeypatch, name):
    x = torch.tensor(np.resize(VALUES, (5, 7)))
    whole = CHANGES[name](x.clone())
    monkeypatch.setattr(direct, "_SHARED", 1)
    monkeypatch.setattr(direct, "_PIECE", 4)
    assert CHANGES[name](x).numpy().tobytes() == whole.numpy().tobytes()


def test_a_recorded_change_stays_in_the_graph():
    w = torch.ones(2, requires_grad=True)
    x = w * 2
    x += 1
    x.relu_()
    assert x.grad_fn.name() == "ReluBackward0"
    x.sum().backward()
    assert w.grad.tolist() == [2, 2]


def test_a_recorded_relu_takes_no_memory():
    x = torch.tensor([-1.0, 2.0, np.nan, -0.0], requires_grad=True)
    y = x * 2
    memory = y._array
    y.relu_()
    assert y._array is memory
    assert y.grad_fn._operands[-1].array is memory
    assert np.array_equal(y.tolist(), torch.relu(x * 2).tolist(), equal_nan=True)
    y.sum().backward()
    assert x.grad.tolist() == [0.0, 2.0, 2.0, 0.0]


def test_a_recorded_relu_is_not_changed_again_before_its_gradient():
    y = torch.ones(2, requires_grad=True) * 2
    y.relu_()
    y.add_(1)
    with pytest.raises(RuntimeError, match="is at version 2; expected version 1 instead"):
        y.sum().backward()


def test_a_recorded_relu_of_a_view_is_one_of_its_base():
    x = torch.tensor([[-1.0, 2.0], [-3.0, 4.0]], requires_grad=True)
    y = x * 2
    y[0].relu_()
    assert y.tolist() == [[0.0, 4.0], [-6.0, 8.0]]
    y.sum().backward()
    assert x.grad.tolist() == [[0.0, 2.0], [2.0, 2.0]]


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (lambda x: x.add_(torch.ones(2, 2, 3)), "doesn't match the broadcast shape"),
        (lambda x: x.add_(1j), "can't be cast to the desired output type"),
        (lambda x: x.expand(4, 2, 3).relu_(), "refers to a single memory location"),
    ],
)
def test_errors_stay(change, text):
    with pytest.raises(RuntimeError, match=text):
        change(torch.ones(1, 2, 3))


def test_narrow_whole_numbers_are_left_to_the_operation():
    x = np.array([1, -1], np.int32)
    assert not direct.write(x, torch.relu, (), {})
    assert x.tolist() == [1, -1]
