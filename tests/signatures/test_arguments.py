"""The arguments of signatures: what each must be."""

import numpy as np
import pytest

import pyconv
from pyconv.signatures.arguments import Signature
from pyconv.signatures.complaint import complaint
from pyconv.signatures.values import is_int, plain, type_name


def test_a_signature_is_read():
    found = Signature.parse("(Tensor input, int dim, *, bool keepdim = False, torch.dtype dtype = None)")
    assert [argument.name for argument in found.arguments] == ["input", "dim", "keepdim", "dtype"]
    assert [argument.kind for argument in found.arguments] == ["Tensor", "int", "bool", "torch.dtype"]
    assert [argument.optional for argument in found.arguments] == [False, False, True, True]
    assert [argument.keyword_only for argument in found.arguments] == [False, False, True, True]
    assert found.required == 2


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("Tensor", [pyconv.ones(1), np.ones(1)], [1, [1.0], "a"]),
        ("int", [1, np.int64(2), pyconv.tensor(3)], [1.5, "a", True, pyconv.ones(2)]),
        ("float", [1.5, 2, True, np.float32(1), pyconv.tensor(1.0)], ["a", [1.0]]),
        ("bool", [True, False], [1, "a", 1.5]),
        ("str", ["a"], [1, b"a"]),
        ("Number", [1, 1.5, 2j, True], ["a", [1]]),
        ("tuple of ints", [(1, 2), [3], ()], ["a", 1.5]),
        ("torch.dtype", [pyconv.float32], ["float32", 1]),
    ],
)
def test_what_fits_an_argument(kind, good, bad):
    signature = [Signature.parse(f"({kind} value)")]
    for value in good:
        assert complaint("f", signature, (value,), {}) is None, value
    for value in bad:
        text = complaint("f", signature, (value,), {})
        assert text == f"f(): argument 'value' (position 1) must be {kind}, not {type_name(value)}"


def test_ints_are_told_from_bools_and_floats():
    assert is_int(3)
    assert is_int(np.int32(3))
    assert is_int(pyconv.tensor(3))
    assert not any(map(is_int, (True, 3.0, pyconv.tensor(3.0), pyconv.tensor([3]), "3")))


def test_lists_of_ints_become_tuples():
    assert plain("f", "dim", [1, np.int64(2), pyconv.tensor(3)]) == (1, 2, 3)
    assert plain("f", "dim", np.int64(2)) == 2
    text = r"'dim' failed to unpack the object at pos 2 with error \"type must be tuple of ints,but got str\""
    with pytest.raises(TypeError, match=text):
        plain("f", "dim", [1, "a"])
