"""torch.nn.functional's normalizations: the formulas, running statistics, refusals."""

import numpy as np
import pytest

import pyconv
from pyconv.nn import functional as F

X = np.random.default_rng(0).normal(2, 3, size=(3, 4, 5))


def standard(x, axes, eps=1e-5):
    return (x - x.mean(axes, keepdims=True)) / np.sqrt(x.var(axes, keepdims=True) + eps)


def test_training_uses_the_batch_and_moves_the_running_statistics():
    mean, var = pyconv.zeros(4, dtype=pyconv.float64), pyconv.ones(4, dtype=pyconv.float64)
    w, b = np.arange(1.0, 5), np.arange(4.0)
    y = F.batch_norm(pyconv.tensor(X), mean, var, pyconv.tensor(w), pyconv.tensor(b), training=True, momentum=0.3)
    np.testing.assert_allclose(y.numpy(), standard(X, (0, 2)) * w[:, None] + b[:, None], rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(mean.numpy(), 0.3 * X.mean((0, 2)))
    np.testing.assert_allclose(var.numpy(), 0.7 + 0.3 * X.var((0, 2), ddof=1))
    assert mean._version == 0


def test_evaluation_uses_the_running_statistics_and_leaves_them():
    mean, var = np.arange(4.0), np.arange(1.0, 5)
    y = F.batch_norm(X, mean, var)
    np.testing.assert_allclose(y, (X - mean[:, None]) / np.sqrt(var[:, None] + 1e-5))
    np.testing.assert_array_equal(mean, np.arange(4.0))


def test_half_precision_takes_single_precision_parameters():
    x = pyconv.tensor(X, dtype=pyconv.bfloat16)
    y = F.batch_norm(x, pyconv.zeros(4), pyconv.ones(4), pyconv.ones(4), pyconv.zeros(4), training=True)
    assert y.dtype is pyconv.bfloat16
    np.testing.assert_allclose(y.float().numpy(), standard(x.double().numpy(), (0, 2)), atol=2e-2)


def test_instance_norm_uses_each_sample_and_averages_the_running_statistics():
    mean, var = pyconv.zeros(4, dtype=pyconv.float64), pyconv.ones(4, dtype=pyconv.float64)
    y = F.instance_norm(pyconv.tensor(X), mean, var)
    np.testing.assert_allclose(y.numpy(), standard(X, 2), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(mean.numpy(), 0.1 * X.mean(2).mean(0))
    np.testing.assert_allclose(var.numpy(), 0.9 + 0.1 * X.var(2, ddof=1).mean(0))
    assert mean._version == 1


def test_group_norm_uses_groups_of_channels():
    grouped = standard(X.reshape(3, 2, 10), 2).reshape(X.shape)
    w = np.arange(1.0, 5)
    np.testing.assert_allclose(F.group_norm(X, 2, w), grouped * w[:, None], rtol=1e-12, atol=1e-12)


def test_layer_norm_uses_the_last_dimensions():
    w, b = np.random.default_rng(1).normal(size=(2, 4, 5))
    got = F.layer_norm(X, (4, 5), w, b)
    np.testing.assert_allclose(got, standard(X, (1, 2)) * w + b, rtol=1e-12, atol=1e-12)


def test_rms_norm_takes_no_mean_away():
    w = np.arange(5.0)
    expected = X / np.sqrt((X**2).mean(2, keepdims=True) + 0.1) * w
    np.testing.assert_allclose(F.rms_norm(X, (5,), w, 0.1), expected)


@pytest.mark.parametrize("size", [1, 2, 3, 6])
def test_local_response_norm_divides_by_neighbours(size):
    squares = np.pad(X**2, ((0, 0), (size // 2, (size - 1) // 2), (0, 0)))
    mean = sum(squares[:, i : i + 4] for i in range(size)) / size
    np.testing.assert_allclose(F.local_response_norm(X, size, 0.3, 0.6, 2.0), X / (2 + 0.3 * mean) ** 0.6)


@pytest.mark.parametrize("p", [1, 2, 3.5, float("inf")])
def test_normalized_slices_have_norm_one(p):
    y = F.normalize(X, p, dim=2)
    np.testing.assert_allclose(np.linalg.norm(y, p, axis=2), 1)
    out = pyconv.empty(0, dtype=pyconv.float64)
    assert F.normalize(pyconv.tensor(X), p, dim=2, out=out) is out
    np.testing.assert_array_equal(out.numpy(), y)


def test_a_zero_vector_stays_zero():
    np.testing.assert_array_equal(F.normalize(np.zeros((2, 3))), np.zeros((2, 3)))


REFUSED = {
    "batch_norm(o(1, 3), z(3), o(3), training=True)": (ValueError, "Expected more than 1 value per channel when"),
    "batch_norm(o(2, 3), z(4), o(3))": (RuntimeError, "running_mean should contain 3 elements not 4"),
    "batch_norm(o(2, 3), z(3), o(3), o(2))": (RuntimeError, "weight should contain 3 elements not 2"),
    "batch_norm(o(2, 3), None, None)": (RuntimeError, "running_mean must be defined in evaluation mode"),
    "batch_norm(o(2, 3), z(3), None, training=True)": (ValueError, "must either both be None or neither be None"),
    "batch_norm(o(2, 3).long(), z(3), o(3))": (NotImplementedError, "\"batch_norm\" not implemented for 'Long'"),
    "batch_norm(o(2, 3).double(), z(3), o(3))": (RuntimeError, "all inputs must share same datatype"),
    "batch_norm(o(2, 3), z(3), o(3), eps=-1.0)": (ValueError, "batch_norm eps must be non-negative, but got -1.0"),
    "batch_norm(o(2, 3), z(3), o(3), training=True, eps=0.0)": (ValueError, "must be positive during training"),
    "instance_norm(o(2, 3, 1))": (ValueError, "Expected more than 1 spatial element when training"),
    "instance_norm(o(2, 3, 4), use_input_stats=False)": (RuntimeError, "Expected running_mean and running_var to be"),
    "group_norm(o(2), 1)": (RuntimeError, "Expected at least 2 dimensions for input tensor but received 1"),
    "group_norm(o(2, 4), 3)": (RuntimeError, "to be divisible by num_groups, but got input of shape [2, 4]"),
    "group_norm(o(2, 4), 2, o(3))": (RuntimeError, "Expected weight to be a vector of size equal to the number"),
    "layer_norm(o(2, 4), (3,))": (RuntimeError, "expected input with shape [*, 3], but got input of size[2, 4]"),
    "layer_norm(o(2, 4), ())": (RuntimeError, "Expected normalized_shape to be at least 1-dimensional"),
    "layer_norm(o(2, 4), 4)": (TypeError, "argument 'normalized_shape' (position 2) must be tuple of ints, not int"),
    "rms_norm(o(4), (1, 4), None, 0.1)": (ValueError, "Input tensor must have at least 2 dimensions, but got 1"),
    "local_response_norm(o(2, 3), 2)": (ValueError, "input (got 2 dimensions)"),
    "local_response_norm(o(2, 3, 4), 0)": (RuntimeError, "kernel size should be greater than zero, but got kH: 0"),
    "local_response_norm(o(2, 3, 4), -2)": (
        RuntimeError,
        "pad should be at most half of effective kernel size, but got pad=0, kernel_size=-2 and dilation=1",
    ),
    "local_response_norm(o(1, 1, 1), -1)": (RuntimeError, "narrow(): length must be non-negative."),
    "local_response_norm(o(1, 1, 1, 1).bfloat16(), 1)": (
        NotImplementedError,
        "\"avg_pool3d_out_frame\" not implemented for 'BFloat16'",
    ),
    "instance_norm(o(2, 3, 4), z(3), o(3).double())": (RuntimeError, "expected scalar type Float but found Double"),
    "normalize(o(2, 3).long())": (RuntimeError, "Expected a floating point or complex tensor as input. Got Long"),
}


@pytest.mark.parametrize("call", REFUSED)
def test_bad_calls_are_refused_in_the_words_of_torch(call):
    kind, text = REFUSED[call]
    names = {name: getattr(F, name) for name in F.__all__} | {"o": pyconv.ones, "z": pyconv.zeros}
    with pytest.raises(kind) as raised:
        eval(call, names)
    assert text in str(raised.value)


def test_nothing_to_normalize_gives_nothing():
    empty = pyconv.ones(0, 3)
    assert F.batch_norm(empty, None, None, training=True).shape == (0, 3)
    assert F.group_norm(empty, 3).shape == (0, 3)
    assert F.layer_norm(empty, (3,)).shape == (0, 3)


@pytest.mark.parametrize("kind", [pyconv.float32, pyconv.float64, pyconv.int64])
def test_instance_norm_takes_statistics_of_another_dtype_as_rounded(kind):
    x = pyconv.tensor(X).bfloat16()
    mean, var = pyconv.tensor([0, 1, 2, 3], dtype=kind), pyconv.tensor([1, 2, 3, 4], dtype=kind)
    if kind.is_floating_point:
        mean, var = mean + 0.3, var + 0.3
    rounded = mean.bfloat16(), var.bfloat16()
    kept = mean.clone(), var.clone()
    assert pyconv.equal(
        F.instance_norm(x, mean, var, use_input_stats=False), F.instance_norm(x, *rounded, None, None, False)
    )
    assert pyconv.equal(mean, kept[0])
    assert pyconv.equal(var, kept[1])
    assert mean._version == kept[0]._version
    F.instance_norm(x, mean, var)
    F.instance_norm(x, *rounded)
    assert pyconv.equal(mean, rounded[0].to(kind))
    assert pyconv.equal(var, rounded[1].to(kind))


def test_instance_norm_takes_statistics_as_of_the_dtype_of_the_weight():
    x, weight = pyconv.tensor(X).bfloat16(), pyconv.full((4,), 1.5)
    mean, var = pyconv.tensor([0.25, 0.5, 1, 2]).bfloat16(), pyconv.tensor([0.25, 0.5, 1, 2]).bfloat16()
    found = F.instance_norm(x, mean, var, weight, use_input_stats=False)
    assert pyconv.equal(found, F.instance_norm(x, mean.float(), var.float(), weight, use_input_stats=False))
    F.instance_norm(x, mean, var, weight)
    assert mean.dtype is pyconv.bfloat16


def test_instance_norm_keeps_a_mean_of_its_dtype_with_a_variance_of_it():
    with pytest.raises(RuntimeError, match=r"^expected scalar type Double but found Float$"):
        F.instance_norm(pyconv.tensor(X), pyconv.zeros(4, dtype=pyconv.float64), pyconv.ones(4))
