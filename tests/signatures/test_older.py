"""Calls by signatures of long ago, with the numbers before the tensors."""

import warnings

import pytest

import pyconv
from pyconv import warned

X = pyconv.full((2, 2), 3.0)
V, B = X[0], X[None]
CALLS = {
    "add": (lambda: pyconv.add(X, 2, X), X + 2 * X),
    "x.add": (lambda: X.add(2, X), X + 2 * X),
    "x.add_": (lambda: X.clone().add_(2, X), X + 2 * X),
    "sub": (lambda: pyconv.sub(X, 2, X), X - 2 * X),
    "x.sub_": (lambda: X.clone().sub_(2, X), X - 2 * X),
    "addcmul": (lambda: pyconv.addcmul(X, 2, X, X), X + 2 * X * X),
    "x.addcmul_": (lambda: X.clone().addcmul_(2, X, X), X + 2 * X * X),
    "addcdiv": (lambda: pyconv.addcdiv(X, 2, X, X), X + 2),
    "x.addcdiv_": (lambda: X.clone().addcdiv_(2, X, X), X + 2),
    "addmm": (lambda: pyconv.addmm(2, X, 5, X, X), 2 * X + 5 * X @ X),
    "addmm without alpha": (lambda: pyconv.addmm(2, X, X, X), 2 * X + X @ X),
    "x.addmm": (lambda: X.addmm(2, 5, X, X), 2 * X + 5 * X @ X),
    "x.addmm_": (lambda: X.clone().addmm_(2, X, X), 2 * X + X @ X),
    "addmv": (lambda: pyconv.addmv(2, V, 5, X, V), 2 * V + 5 * X @ V),
    "addr": (lambda: pyconv.addr(2, X, V, V), 2 * X + V * V[:, None]),
    "addbmm": (lambda: pyconv.addbmm(2, X, 5, B, B), 2 * X + 5 * X @ X),
    "baddbmm": (lambda: pyconv.baddbmm(2, B, 5, B, B), 2 * B + 5 * B @ B),
    "by name": (lambda: pyconv.add(X, alpha=2, other=X), X + 2 * X),
    "numbers": (lambda: pyconv.add(1, 2, 3), pyconv.tensor(7)),
    "a tensor for the number": (lambda: pyconv.add(X, pyconv.tensor(2), 3), X + 6),
    "out": (lambda: pyconv.add(X, 2, X, out=pyconv.empty(2, 2)), X + 2 * X),
}


@pytest.mark.filterwarnings("ignore:This overload of")
@pytest.mark.parametrize("name", CALLS)
def test_the_numbers_may_come_first(name):
    call, expected = CALLS[name]
    assert call().tolist() == expected.tolist()


TEXTS = {
    "add": "add(Tensor input, Number alpha, Tensor other, *, Tensor out = None)\nConsider using one of the following "
    "signatures instead:\n\tadd(Tensor input, Tensor other, *, Number alpha = 1, Tensor out = None)",
    "x.addcmul_": "addcmul_(Number value, Tensor tensor1, Tensor tensor2)\nConsider using one of the following "
    "signatures instead:\n\taddcmul_(Tensor tensor1, Tensor tensor2, *, Number value = 1)",
    "x.addmm": "addmm(Number beta, Number alpha, Tensor mat1, Tensor mat2)\nConsider using one of the following "
    "signatures instead:\n\taddmm(Tensor mat1, Tensor mat2, *, Number beta = 1, Number alpha = 1)",
}


@pytest.mark.parametrize("name", TEXTS)
def test_the_first_such_call_is_warned_of(name, monkeypatch):
    monkeypatch.setattr(warned, "_given", set())
    with warnings.catch_warnings(record=True) as given:
        warnings.simplefilter("always")
        CALLS[name][0]()
        CALLS["addr"][0]()
    (warning,) = given
    function = TEXTS[name].partition("(")[0]
    assert str(warning.message) == f"This overload of {function} is deprecated:\n\t{TEXTS[name]}"


def test_other_functions_have_none():
    with pytest.raises(TypeError, match=r"mul\(\) takes 2 positional arguments but 3 were given"):
        pyconv.mul(X, 2, X)
    with pytest.raises(TypeError, match=r"addcmul\(\) takes 3 positional arguments but 5 were given"):
        pyconv.addcmul(X, 2, X, X, X)
