"""tensordot, multi_dot and the vector product."""

import numpy as np
import pytest

import pyconv as torch
from pyconv.autograd import gradcheck, gradgradcheck

RANDOM = np.random.default_rng(2)


def tensors(*shapes):
    return tuple(torch.tensor(RANDOM.normal(size=shape), requires_grad=True) for shape in shapes)


@pytest.mark.parametrize("dims", [0, 1, 2, ([0, 2], [2, 1])])
def test_tensordot_is_numpys(dims):
    a, b = tensors((2, 3, 4), (4, 3, 2) if dims == 1 else (3, 4, 2))
    found = torch.tensordot(a, b, dims)
    np.testing.assert_allclose(found.detach().numpy(), np.tensordot(a.detach(), b.detach(), dims), rtol=1e-12)
    assert gradcheck(lambda x, y: torch.tensordot(x, y, dims), (a, b))


def test_multi_dot_takes_vectors_at_both_ends():
    chain = tensors((4,), (4, 5), (5, 2), (2,))
    found = torch.linalg.multi_dot(chain)
    np.testing.assert_allclose(found.item(), np.linalg.multi_dot([x.detach().numpy() for x in chain]))
    assert gradcheck(lambda *x: torch.linalg.multi_dot(x), chain)


def test_cross_is_numpys_and_broadcasts():
    a, b = tensors((1, 3), (4, 3))
    np.testing.assert_allclose(torch.linalg.cross(a, b).detach().numpy(), np.cross(a.detach(), b.detach()))
    assert gradcheck(torch.linalg.cross, (a, b))
    assert gradgradcheck(torch.linalg.cross, (a, b))


def test_cross_without_dimension_warns_and_takes_the_first_of_size_3():
    a = torch.arange(6.0).reshape(3, 2)
    with pytest.warns(UserWarning, match="Using torch.cross without specifying the dim arg is deprecated"):
        found = torch.cross(a, a.flip(0))
    assert torch.equal(found, torch.cross(a, a.flip(0), dim=0))


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (
            lambda: torch.tensordot(torch.ones(2), torch.ones(2), 2),
            "tensordot expects dims < ndim_a or ndim_b, but got dims=2",
        ),
        (
            lambda: torch.tensordot(torch.ones(2, 3), torch.ones(2, 3), 1),
            "contracted dimensions need to match, but first has size 3 in dim -1 and second has size 2 in dim 0",
        ),
        (lambda: torch.linalg.multi_dot([torch.ones(2)]), "multi_dot(): expected at least 2 tensors but got 1"),
        (
            lambda: torch.linalg.cross(torch.ones(2), torch.ones(2)),
            "linalg.cross: inputs dimension -1 must have length 3. Got 2 and 2",
        ),
    ],
)
def test_errors_are_torchs(call, text):
    with pytest.raises(RuntimeError) as raised:
        call()
    assert str(raised.value) == text
