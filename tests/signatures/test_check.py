"""Arguments of wrong types are refused before a function runs, and types that fit are known again."""

import numpy as np
import pytest

import pyconv as torch
from pyconv.signatures.check import checker

X = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
WRONG = {
    "amin(): argument 'keepdim' must be bool, not int": lambda: torch.amin(X, keepdim=0),
    "argmax(): argument 'keepdim' must be bool, not NoneType": lambda: torch.argmax(X, keepdim=None),
    "argmin(): argument 'dim' must be int, not bool": lambda: torch.argmin(X, dim=True),
    "argsort(): argument 'descending' must be bool, not str": lambda: torch.argsort(
        X, dim=0, descending="word", stable=True
    ),
    "kthvalue(): argument 'k' must be int, not float": lambda: torch.kthvalue(X, k=1.0),
    "tril(): argument 'diagonal' (position 2) must be int, not bool": lambda: torch.tril(X, True),
    "tril(): argument 'diagonal' (position 1) must be int, not bool": lambda: X.tril(True),
    "tril_(): argument 'diagonal' (position 1) must be int, not float": lambda: X.tril_(0.0),
    "nan_to_num(): argument 'nan' must be float, not list": lambda: torch.nan_to_num(X, nan=[]),
    "add(): argument 'alpha' must be Number, not NoneType": lambda: torch.add(X, X, alpha=None),
    "amax(): argument 'dim' (position 2) must be tuple of ints, not bool": lambda: torch.amax(X, True),
    "permute(): argument 'dims' must be tuple of ints, not int": lambda: torch.permute(X, dims=0),
    "reshape(): argument 'shape' (position 2) must be tuple of ints, not int": lambda: torch.reshape(X, 4),
    "expand(): argument 'size' must be tuple of ints, not int": lambda: X.expand(size=2),
    "tile(): argument 'dims' must be tuple of ints, not int": lambda: torch.tile(X, dims=2),
    "rot90(): argument 'dims' (position 3) must be tuple of ints, not NoneType": lambda: torch.rot90(X, 1, None),
    "einsum(): argument 'equation' (position 1) must be str, not bool": lambda: torch.einsum(True, X),
}


@pytest.mark.parametrize("text", WRONG)
def test_a_wrong_type_is_refused_though_the_function_could_work_with_it(text):
    with pytest.raises(TypeError) as error:
        WRONG[text]()
    assert str(error.value) == text


@pytest.mark.parametrize(
    "call",
    [
        lambda: torch.mean(X, keepdim=True),
        lambda: torch.max(X, dim=0, keepdim=None),
        lambda: torch.min(X, dim=None),
        lambda: torch.sort(X, descending=[], stable=True),
        lambda: torch.movedim(X, source=[0, 1], destination=0),
        lambda: torch.scatter(X, dim=0.0, index=X.long(), value=1),
        lambda: torch.split(X, 1, "word"),
    ],
)
def test_of_several_signatures_none_fits(call):
    with pytest.raises(TypeError, match=r"received an invalid combination of arguments"):
        call()


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (lambda: torch.amax(X, None), 4),
        (lambda: torch.sum(X, None), 10),
        (lambda: torch.sum(X, np.int64(1)), [3, 7]),
        (lambda: torch.sort(X, stable=None).values, [[1, 2], [3, 4]]),
        (lambda: torch.roll(X, 1, None), [[4, 1], [2, 3]]),
        (lambda: torch.div(X, 2, rounding_mode=None), [[0.5, 1], [1.5, 2]]),
        (lambda: torch.clamp(X, torch.tensor(2), 3), [[2, 2], [3, 3]]),
    ],
)
def test_what_torch_takes_is_taken(call, expected):
    assert call().tolist() == expected


def test_a_type_that_fitted_does_not_vouch_for_other_values():
    check = checker("f", ("(Tensor input, Number n)",))
    check((X, torch.tensor(1.0)), {})
    with pytest.raises(TypeError, match=r"argument 'n' \(position 2\) must be Number, not Tensor"):
        check((X, torch.ones(2)), {})


def test_the_types_of_a_lists_items_count():
    check = checker("f", ("(Tensor input, tuple of ints dim)",))
    check((X, (0, 1)), {})
    check((X, (1, 1)), {})
    with pytest.raises(TypeError, match=r"failed to unpack the object at pos 2"):
        check((X, (0, True)), {})
    with pytest.raises(TypeError, match=r"found element of type bool at pos 0"):
        check((X, (True, 0)), {})


def test_lists_with_items_of_other_types_are_held_against_the_signature_again():
    check = checker("f", ("(Tensor input, tuple of ints size, tuple of ints step = 1)",))
    check((X, [2, 3]), {"step": (1, 1)})
    check((X, [np.int64(2), 3]), {"step": ()})
    check((X, []), {"step": (np.int64(1),)})
    with pytest.raises(TypeError, match="argument 'step' must be tuple of ints, not tuple"):
        check((X, [2, 3]), {"step": (1.0, 1)})
    with pytest.raises(TypeError, match="'size' failed to unpack the object at pos 2"):
        check((X, [2, 3.0]), {"step": (1, 1)})


def test_names_of_arguments_count():
    check = checker("f", ("(Tensor input, int n = 1, bool b = False)",))
    check((X,), {"n": 2})
    with pytest.raises(TypeError, match="argument 'b' must be bool, not int"):
        check((X,), {"b": 2})
