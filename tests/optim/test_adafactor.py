"""Adafactor: its steps are those of the formula, by rows and columns for matrices."""

import numpy as np
import pytest

import pyconv
from tests.optim.walk import check, walk


def rms(x):
    """The root of the mean square."""
    return np.sqrt(np.mean(x * x))


def stepped(x, g, t, square):
    """The next parameters, from the mean squares of the gradient."""
    size = max(1e-2, rms(x)) * min(0.05, 1 / np.sqrt(t))
    change = g / np.sqrt(np.maximum(square, 1e-6))
    return x * (1 - 0.05 * 0.1) - size * change / max(1, rms(change) / 1.5)


OPTIONS = {"lr": 0.05, "beta2_decay": -0.5, "eps": (1e-3, 1e-2), "d": 1.5, "weight_decay": 0.1}


def test_vectors_step_by_the_formula():
    square = np.zeros(4)

    def step(x, g, t):
        nonlocal square
        square = square + (g * g - square) / np.sqrt(t)
        return stepped(x, g, t, square)

    check(walk("Adafactor", **OPTIONS), step)


def test_matrices_step_by_rows_and_columns():
    rng = np.random.default_rng(0)
    x = rng.standard_normal((2, 3, 4))
    param = pyconv.nn.Parameter(pyconv.tensor(x))
    optimizer = pyconv.optim.Adafactor([param], **OPTIONS)
    rows, columns = np.zeros((2, 3, 1)), np.zeros((2, 1, 4))
    for t in range(1, 6):
        g = rng.standard_normal(x.shape)
        param.grad = pyconv.tensor(g)
        optimizer.step()
        rows = rows + ((g * g).mean(-1, keepdims=True) - rows) / np.sqrt(t)
        columns = columns + ((g * g).mean(-2, keepdims=True) - columns) / np.sqrt(t)
        x = stepped(x, g, t, rows * columns / rows.mean(-2, keepdims=True))
        np.testing.assert_allclose(param.detach().numpy(), x, 1e-12)
    assert list(optimizer.state[param]) == ["step", "row_var", "col_var"]


def test_complex_parameters_are_refused():
    param = pyconv.nn.Parameter(pyconv.ones(1, dtype=pyconv.complex64))
    param.grad = pyconv.ones(1, dtype=pyconv.complex64)
    with pytest.raises(RuntimeError, match="Adafactor does not support complex parameters"):
        pyconv.optim.Adafactor([param]).step()


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"lr": -1}, "Learning rate should be >= 0 but is: -1"),
        ({"beta2_decay": 1}, "beta2_decay should be <= 0 but is: 1"),
        ({"eps": (-1, 1)}, "epsilon1 should be >= 0 but is: -1"),
        ({"eps": (None, -1)}, "epsilon2 should be >= 0 but is: -1"),
        ({"d": 0.5}, "Clipping threshold d should be >= 1 but is: 0.5"),
        ({"weight_decay": -1}, "weight_decay should be >= 0 but is: -1"),
    ],
)
def test_options_out_of_range_are_refused(options, text):
    with pytest.raises(ValueError, match=text):
        pyconv.optim.Adafactor([pyconv.ones(1)], **options)
