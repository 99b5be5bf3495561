"""torch.einsum: against NumPy's, with torch's own syntax, gradients and errors."""

import numpy as np
import pytest

import pyconv as torch
from pyconv.autograd import gradcheck, gradgradcheck

RANDOM = np.random.default_rng(1)

CASES = [
    ("ij,jk->ik", (2, 3), (3, 4)),
    ("ij,jk", (2, 3), (3, 4)),
    ("ii", (3, 3)),
    ("ii->i", (3, 3)),
    ("ij->ji", (2, 3)),
    ("ij->", (2, 3)),
    ("bij,bjk->bik", (2, 2, 3), (2, 3, 4)),
    ("...ij,...jk->...ik", (5, 1, 2, 3), (4, 3, 2)),
    ("i...->...", (2, 3, 4)),
    ("ij,kj,lj->ikl", (2, 3), (4, 3), (5, 3)),
    ("i,j", (2,), (3,)),
    ("bn,anm,bm->ba", (2, 3), (4, 3, 5), (2, 5)),
    ("ij,ij->ij", (2, 3), (1, 3)),
    ("Ab,bC->CA", (2, 3), (3, 4)),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_values_are_numpys_and_have_derivatives(case):
    equation, *shapes = case
    arrays = [RANDOM.normal(size=shape) for shape in shapes]
    tensors = tuple(torch.tensor(array, requires_grad=True) for array in arrays)
    found = torch.einsum(equation, *tensors)
    np.testing.assert_allclose(found.detach().numpy(), np.einsum(equation, *arrays), rtol=1e-12)
    assert gradcheck(lambda *x: torch.einsum(equation, *x), tensors)
    assert gradgradcheck(lambda *x: torch.einsum(equation, *x), tensors)


def test_subscripts_can_be_lists_and_operands_a_list():
    a, b = torch.ones(2, 3), torch.ones(3, 4)
    assert torch.einsum(a, [0, 1], b, [1, 2], [2, 0]).shape == (4, 2)
    assert torch.einsum(a, [..., 1], b, [1, 27], [27, ...]).shape == (4, 2)
    assert torch.einsum("ij,jk", [a, b]).shape == (2, 4)


ERRORS = [
    ("ij,jk", [(2, 2)], "fewer operands were provided than specified in the equation"),
    ("ij", [(2, 3), (2, 3)], "more operands were provided than specified in the equation"),
    ("ij->iz", [(2, 3)], "output subscript z does not appear in the equation for any input operand"),
    ("ij->ii", [(2, 3)], "output subscript i appears more than once in the output"),
    ("ii", [(2, 3)], "subscript i is repeated for operand 0 but the sizes don't match, 3 != 2"),
    ("i..j", [(2, 3)], "found '.' for operand 0 that is not part of any ellipsis"),
    ("i...j...", [(2, 3)], "found '.' for operand 0 for which an ellipsis was already found"),
    ("ij->.", [(2, 3)], "found '.' for output that is not part of any ellipsis (...)"),
    ("ij->1", [(2, 3)], "invalid subscript given at index 4 in the equation string, subscripts must be in [a-zA-Z]"),
    (
        "ijk",
        [(2, 3)],
        "the number of subscripts in the equation (3) does not match the number of dimensions (2) for operand 0 and no "
        "ellipsis was given",
    ),
    (
        "ij,jk",
        [(2, 3), (2, 3)],
        "subscript j has size 2 for operand 1 which does not broadcast with previously seen size 3",
    ),
]


@pytest.mark.parametrize(("equation", "shapes", "text"), ERRORS)
def test_errors_are_torchs(equation, shapes, text):
    with pytest.raises(RuntimeError) as raised:
        torch.einsum(equation, *(torch.ones(shape) for shape in shapes))
    assert str(raised.value) == f"einsum(): {text}"


def test_operands_of_several_dtypes_promote_where_there_is_nothing_to_sum():
    x, y, z = torch.tensor([[3.0]]), torch.tensor([[5.0]], dtype=torch.float64), torch.tensor([[2]])
    product = torch.einsum("ij,jk,kl->il", x, y, z)
    assert (product.dtype, product.tolist()) == (torch.float64, [[30.0]])
    with pytest.raises(RuntimeError, match="expected scalar type Float but found Double"):
        torch.einsum("ij,jk->ik", x.expand(1, 2), y.expand(2, 1))


def test_a_subscript_is_below_52():
    with pytest.raises(ValueError, match="subscript in subscript list is not within the valid range"):
        torch.einsum(torch.ones(2), [52])
