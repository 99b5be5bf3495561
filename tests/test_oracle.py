"""The oracle against sums worked by hand, and against the identities that tie its maps to each other."""

import ast
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import oracle


def integers(*shape, seed):
    """Integers in [-9, 9] from a seeded generator."""
    return np.random.default_rng(seed).integers(-9, 10, shape)


def inner(a, b):
    return sum(a.astype(object).ravel() * b.astype(object).ravel())


def row(*values):
    """One sample of one channel, (1, 1, L)."""
    return np.array([[values]])


def test_plain_correlation_does_not_flip_the_kernel():
    assert oracle.convolve(row(1, 2, 3, 4), row(10, 1)).tolist() == [[[12, 23, 34]]]


def test_stride_leaves_the_remainder_out():
    assert oracle.convolve(row(1, 2, 3, 4), row(10, 1, 0), stride=2).tolist() == [[[12]]]


def test_dilation_spreads_the_taps():
    assert oracle.convolve(row(1, 2, 3, 4), row(10, 1), dilation=2).tolist() == [[[13, 24]]]


def test_padding_may_differ_at_the_two_ends():
    assert oracle.convolve(row(1, 2), row(100, 10, 1), padding=[(2, 1)]).tolist() == [[[1, 12, 120]]]


def test_negative_padding_crops():
    assert oracle.convolve(row(1, 2, 3, 4), row(1), padding=[(-1, -2)]).tolist() == [[[2]]]


def test_groups_and_bias():
    x = np.array([[[1, 2], [3, 4]]])
    w = np.array([[[1]], [[10]], [[100]], [[1000]]])
    y = oracle.convolve(x, w, np.array([5, 6, 7, 8]), groups=2)
    assert y.tolist() == [[[6, 7], [16, 26], [307, 407], [3008, 4008]]]


def test_two_dimensions_sum_over_channels():
    x = np.arange(1, 13).reshape(1, 2, 2, 3)
    w = np.array([[[[1, 0], [0, 2]], [[0, 3], [4, 0]]]])
    # 1·1 + 2·5 + 3·8 + 4·10 and, a column further, 1·2 + 2·6 + 3·9 + 4·11
    assert oracle.convolve(x, w).tolist() == [[[[75, 85]]]]


def test_gradients_by_hand():
    x, w, gy = row(1, 2, 3), row(10, 1), row(5, 7)
    assert oracle.input_gradient(gy, w, x.shape).tolist() == [[[50, 75, 7]]]
    assert oracle.weight_gradient(x, gy, w.shape).tolist() == [[[19, 31]]]
    assert oracle.bias_gradient(gy).tolist() == [12]


def test_complex_gradients_conjugate():
    x, w, gy = row(1 + 2j), row(3 - 1j), row(1j)
    assert oracle.input_gradient(gy, w, x.shape).tolist() == [[[1j * (3 + 1j)]]]
    assert oracle.weight_gradient(x, gy, w.shape).tolist() == [[[1j * (1 - 2j)]]]
    assert oracle.convolve(x, w).tolist() == [[[(1 + 2j) * (3 - 1j)]]]


def test_transpose_by_hand():
    assert oracle.transpose(row(1, 2), row(10, 1), stride=2).tolist() == [[[10, 1, 20, 2]]]
    assert oracle.transpose(row(1, 2), row(10, 1), np.array([3])).tolist() == [[[13, 24, 5]]]
    cut = oracle.transpose(row(1, 2), row(10, 1), padding=[(1, 0)], output_padding=1)
    assert cut.tolist() == [[[21, 2, 0]]]
    assert oracle.transpose(row(1, 2), row(10, 1), dilation=2).tolist() == [[[10, 20, 1, 2]]]


def test_transpose_keeps_groups_apart():
    x, w = np.array([[[1], [2]]]), np.array([[[3], [5]], [[7], [11]]])
    assert oracle.transpose(x, w, groups=2).tolist() == [[[3], [5], [14], [22]]]
    assert oracle.transpose(x, w).tolist() == [[[17], [27]]]


def test_unfold_and_fold_by_hand():
    columns = oracle.unfold(row(1, 2, 3), 2, padding=1)
    assert columns.tolist() == [[[0, 1, 2, 3], [1, 2, 3, 0]]]
    assert oracle.fold(columns, [3], 2, padding=1).tolist() == [[[2, 4, 6]]]


def test_integers_are_unbounded_and_other_numbers_wide():
    assert oracle.convolve(row(2**62, 2**62), row(2, 2)).tolist() == [[[2**64]]]
    assert oracle.convolve(row(200, 200).astype(np.uint8), row(9, 9).astype(np.uint8)).tolist() == [[[3600]]]
    half = row(0.1).astype(np.float16)
    assert oracle.convolve(half, half).dtype == np.float64
    assert oracle.convolve(half, half).item() == float(half.item()) ** 2
    assert oracle.convolve(half, half.astype(np.complex64)).dtype == np.complex128


def test_an_object_array_of_floats_is_refused():
    with pytest.raises(TypeError):
        oracle.convolve(row(1.5).astype(object), row(1))


def test_the_oracle_imports_nothing_it_could_borrow_from():
    tree = ast.parse(Path(oracle.__file__).read_text())
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    imported |= {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert imported == {"__future__", "collections.abc", "itertools", "math", "operator", "typing", "numpy"}
    assert not attributes & {"convolve", "correlate", "einsum", "tensordot", "dot", "matmul"}


@st.composite
def problems(draw):
    """(operands' shapes, options) of a small convolution that fits, one or two spatial dimensions."""
    dims = draw(st.integers(1, 2))

    def each(low, high):
        return [draw(st.integers(low, high)) for _ in range(dims)]

    kernel, dilation = each(1, 3), each(1, 2)
    pads = list(zip(each(-1, 2), each(0, 2)))
    reach = [d * (k - 1) + 1 for k, d in zip(kernel, dilation)]
    space = [r + max(0, -low - high) + extra for r, (low, high), extra in zip(reach, pads, each(0, 3))]
    groups, c_group, o_group = (draw(st.integers(1, 2)) for _ in range(3))
    options = {"stride": each(1, 3), "padding": pads, "dilation": dilation, "groups": groups}
    return (2, groups * c_group, *space), (groups * o_group, c_group, *kernel), options


@settings(max_examples=40, deadline=None)
@given(problems(), st.integers(0, 99))
def test_the_three_maps_are_each_others_adjoints(problem, seed):
    x_shape, w_shape, options = problem
    x, w = integers(*x_shape, seed=seed), integers(*w_shape, seed=seed + 1)
    y = oracle.convolve(x, w, **options)
    gy = integers(*y.shape, seed=seed + 2)
    assert inner(gy, y) == inner(oracle.input_gradient(gy, w, x.shape, **options), x)
    assert inner(gy, y) == inner(oracle.weight_gradient(x, gy, w.shape, **options), w)


@settings(max_examples=40, deadline=None)
@given(problems(), st.integers(0, 99))
def test_transpose_is_the_input_gradient(problem, seed):
    x_shape, w_shape, options = problem
    w = integers(*w_shape, seed=seed)
    size = oracle.output_size(x_shape[2:], w_shape[2:], options["stride"], options["padding"], options["dilation"])
    gy = integers(x_shape[0], w_shape[0], *size, seed=seed + 1)
    remainder = [
        (n + low + high - d * (k - 1) - 1) % s
        for n, k, s, (low, high), d in zip(
            x_shape[2:], w_shape[2:], options["stride"], options["padding"], options["dilation"]
        )
    ]
    scattered = oracle.transpose(gy, w, output_padding=remainder, **options)
    assert scattered.tolist() == oracle.input_gradient(gy, w, x_shape, **options).tolist()


@settings(max_examples=40, deadline=None)
@given(problems(), st.integers(0, 99))
def test_unfold_then_multiply_is_the_convolution(problem, seed):
    x_shape, w_shape, options = problem
    groups = options.pop("groups")
    x = integers(*x_shape, seed=seed)
    w = integers(w_shape[0], w_shape[1] * groups, *w_shape[2:], seed=seed + 1)
    columns = oracle.unfold(x, w.shape[2:], **options)
    y = oracle.convolve(x, w, **options)
    product = w.reshape(len(w), -1).astype(object) @ columns
    assert product.reshape(y.shape).tolist() == y.tolist()
    g = integers(*columns.shape, seed=seed + 2)
    assert inner(columns, g) == inner(x, oracle.fold(g, x.shape[2:], w.shape[2:], **options))
