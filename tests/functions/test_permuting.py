"""Views in another order."""

import pyconv


def grid():
    return pyconv.arange(24.0, dtype=pyconv.float64).reshape(2, 3, 4)


def test_transposing_in_place_keeps_the_history():
    x = grid().requires_grad_()
    y = (x * 2).transpose_(0, 1).unsqueeze_(0)
    assert y.shape == (1, 3, 2, 4)
    y.sum().backward()
    assert (x.grad == 2).all()
