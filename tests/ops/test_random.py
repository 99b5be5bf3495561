"""Drawing for tensors whose elements do not lie one after the other: the order of drawing is that of the dimensions."""

import numpy as np
import pytest

import pyconv as torch

P = torch.tensor([[0.3, 0.6, 0.5], [0.1, 0.2, 0.9]])


@pytest.mark.parametrize("given", [P.t(), P[:, :1].expand(2, 9), P[0].expand(7, 3)], ids=["turned", "rows", "spread"])
@pytest.mark.parametrize(
    "draw",
    [
        torch.bernoulli,
        lambda p: torch.bernoulli(p, 0.4),
        lambda p: torch.poisson(5 * p),
        lambda p: torch.poisson(p),
        lambda p: torch.normal(p, 1.0),
        lambda p: torch.normal(0.0, p),
    ],
)
def test_the_order_of_drawing(given, draw):
    torch.manual_seed(3)
    expected = draw(given.contiguous())
    torch.manual_seed(3)
    found = draw(given)
    np.testing.assert_array_equal(found.numpy(), expected.numpy())
    assert found.is_contiguous()


@pytest.mark.parametrize("draw", [torch.rand_like, torch.randn_like, lambda x: torch.nn.functional.dropout(x, 0.5)])
def test_repeated_elements_are_drawn_in_the_order_of_the_dimensions(draw):
    given = torch.ones(2).expand(9, 2)
    torch.manual_seed(3)
    expected = draw(given.contiguous())
    torch.manual_seed(3)
    found = draw(given)
    np.testing.assert_array_equal(found.numpy(), expected.numpy())
    assert found.stride() == (2, 1)
