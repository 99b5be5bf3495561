"""Jacobians of functions that are known in full."""

import numpy as np
import pytest

import pyconv
from pyconv.autograd.jacobian import analytical, as_tuple, evaluation, numerical, part_of, pull_back, slope

MATRIX = np.array([[1.0, -2.0, 0.5], [0.25, 3.0, -1.0]])


def linear(x):
    """Two outputs of three inputs, by whole-array operations alone."""
    return (pyconv.from_numpy(MATRIX) * x).sum(1)


def tensor(values, dtype=pyconv.float64):
    return pyconv.tensor(values, dtype=dtype, requires_grad=True)


def test_a_linear_map_has_its_matrix():
    x = tensor([0.5, 1.0, -2.0])
    before = x.tolist()
    (found,) = numerical(evaluation(linear, (x,), "real"), x._array, [2], 1e-6)
    np.testing.assert_allclose(found, MATRIX.T, rtol=1e-8)
    assert x.tolist() == before
    rows = analytical(linear(x), [x], "real")
    np.testing.assert_array_equal(rows[0], MATRIX)


def test_a_complex_input_has_both_derivatives_in_one_number():
    """f(x + iy) = x² + 3y has df/dx + i·df/dy = 2x + 3i."""
    z = tensor([1.5 + 0.5j], pyconv.complex128)

    def f(z):
        real, imaginary = (z + z.conj()) / 2, (z - z.conj()) / 2j
        return real * real + imaginary * 3

    (found,) = numerical(evaluation(f, (z,), "real"), z._array, [1], 1e-6)
    np.testing.assert_allclose(found, [[3 + 3j]], rtol=1e-8)
    np.testing.assert_allclose(analytical(f(z), [z], "real")[0][0], [3 + 3j])


@pytest.mark.parametrize("part", ["real", "imag"])
def test_a_complex_output_is_taken_part_by_part(part):
    x = tensor([2.0])
    factor = 3 + 4j
    y = x * factor
    np.testing.assert_allclose(pull_back(y, [x], part, np.ones(1))[0], [getattr(factor, part)])
    evaluate = evaluation(lambda x: x * factor, (x,), part)
    np.testing.assert_allclose(
        slope(evaluate, x._array, ..., (np.ones(1), np.ones(1)), 1e-6), [[getattr(factor, part)]]
    )


def test_parts():
    z, x = np.array([1 + 2j]), np.array([3.0])
    assert part_of(z, "real").tolist() == [1.0]
    assert part_of(z, "imag").tolist() == [2.0]
    assert part_of(x, "imag") is x


def test_outputs_without_gradients_are_left_out_and_the_others_copied():
    x = tensor([1.0, 2.0])
    evaluate = evaluation(lambda x: (x.long(), x, x.view(2, 1)), (x,), "real")
    found = evaluate()
    assert [y.shape for y in found] == [(2,), (2, 1)]
    assert not any(np.shares_memory(y, x._array) for y in found)


def test_an_input_that_is_not_used_has_no_gradient():
    x, y = tensor([1.0]), tensor([2.0])
    assert pull_back(x * 2, [x, y], "real", np.ones(1))[1] is None


def test_the_input_is_put_back_when_the_function_fails():
    x = tensor([1.0, 2.0])

    def fail():
        raise KeyError

    with pytest.raises(KeyError):
        numerical(fail, x._array, [2], 1e-6)
    assert x.tolist() == [1.0, 2.0]


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (
            lambda x, n: x[: n + 1],
            r"same shape when .* on index \(0,\) by 0.5, but got: shapes torch.Size\(\[1\]\) and",
        ),
        (lambda x, n: x.astype(np.float32) if n else x, "same dtype .* dtypes torch.float64 and torch.float32."),
    ],
)
def test_an_output_may_not_change_its_kind(change, text):
    x, calls = np.array([1.0, 2.0]), iter(range(9))
    with pytest.raises(AssertionError, match=text):
        numerical(lambda: [change(x, next(calls))], x, [2], 0.5)


def test_as_tuple():
    assert as_tuple(3) == (3,)
    assert as_tuple([1, 2]) == as_tuple((1, 2)) == (1, 2)
