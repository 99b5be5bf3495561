"""torch.nn.functional's pooling.

The numbers of `test_numbers_are_torchs` and of the fractional pooling were recorded from torch 2.13.0: the calls
themselves on `(torch.arange(50.0) * 7 % 11).reshape(1, 2, 5, 5)`, after `torch.manual_seed(0)`.
"""

import inspect

import numpy as np
import pytest

import pyconv
import pyconv.nn.functional as F

X = (pyconv.arange(50.0) * 7 % 11).reshape(1, 2, 5, 5)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (lambda x: F.avg_pool2d(x, 2, ceil_mode=True)[0, 0], [[4.5, 4.75, 7.0], [3.0, 6.0, 5.5], [6.0, 3.5, 3.0]]),
        (
            lambda x: F.avg_pool2d(x, 2, 2, 1, count_include_pad=False)[0, 0],
            [[0.0, 5.0, 8.0], [3.0, 5.25, 5.5], [7.0, 3.75, 4.0]],
        ),
        (
            lambda x: F.avg_pool2d(x, 2, 2, 1, divisor_override=3)[0, 0],
            [
                [0.0, 3.3333332538604736, 5.333333492279053],
                [2.0, 7.0, 7.333333492279053],
                [4.666666507720947, 5.0, 5.333333492279053],
            ],
        ),
        (
            lambda x: F.lp_pool2d(x, 3, 2)[0, 0],
            [[10.259855270385742, 10.485998153686523], [6.603854656219482, 10.696962356567383]],
        ),
        (
            lambda x: F.max_pool1d(x[0], 2, 2, 1, ceil_mode=True)[1],
            [[10.0, 6.0, 9.0], [1.0, 8.0, 7.0], [3.0, 10.0, 9.0], [5.0, 8.0, 4.0], [7.0, 10.0, 6.0]],
        ),
    ],
)
def test_numbers_are_torchs(found, expected):
    np.testing.assert_allclose(found(X).numpy(), expected, 1e-6)


def test_fractional_pooling_draws_torchs_samples():
    pyconv.manual_seed(0)
    _, places = F.fractional_max_pool2d(X, 2, 3, return_indices=True)
    assert places.tolist() == [[[[6, 3, 3], [6, 12, 14], [20, 17, 23]], [[0, 6, 3], [11, 11, 14], [20, 22, 23]]]]
    pyconv.manual_seed(0)
    _, places = F.fractional_max_pool3d(X[None], (1, 2, 2), output_ratio=(0.5, 0.6, 0.6), return_indices=True)
    assert places.tolist() == [[[[[25, 31, 28], [36, 36, 39], [45, 47, 48]]]]]


@pytest.mark.parametrize("ndim", [1, 2, 3])
@pytest.mark.parametrize("name", ["max_pool", "adaptive_max_pool"])
def test_indices_come_where_they_are_asked_for(ndim, name):
    x = pyconv.arange(2.0 * 3**ndim).reshape(2, *(3,) * ndim)
    pool = getattr(F, f"{name}{ndim}d")
    position = 6 if name == "max_pool" else 2
    defaults = (None, 0, 1, False)[: position - 2]
    values, places = pool(x, 1, *defaults, True)
    assert (values == pool(x, 1)).all()
    assert pool(x, 1, return_indices=True)[1].tolist() == places.tolist()
    assert getattr(F, f"{name}{ndim}d_with_indices")(x, 1)[1].tolist() == places.tolist()


@pytest.mark.parametrize("ndim", [1, 2, 3])
def test_unpooling_undoes_pooling(ndim):
    shape = (2, 3, *(6,) * ndim)
    x = pyconv.from_numpy(np.random.default_rng(0).permutation(np.prod(shape)).reshape(shape) + 1.0)
    pool, unpool = (getattr(F, f"max_{kind}{ndim}d") for kind in ("pool", "unpool"))
    values, places = pool(x, 2, return_indices=True)
    back = unpool(values, places, 2)
    assert back.shape == x.shape
    assert (back != 0).sum() == values.numel()
    assert (pool(back, 2) == values).all()
    assert unpool(values, places, 2, output_size=(7,) * ndim).shape == (2, 3, *(7,) * ndim)
    assert unpool(values, places, 2, output_size=x.shape).shape == x.shape


@pytest.mark.parametrize(
    ("size", "text"),
    [
        ((12, 12, 12), "should be a sequence containing 2 or 4 elements, but it has a length of '3'"),
        ((4, 8), r'invalid output_size ".4, 8." .dim 0 must be between 4 and 8.'),
    ],
)
def test_output_sizes_that_do_not_fit(size, text):
    with pytest.raises(ValueError, match=text):
        F.max_unpool2d(pyconv.ones(1, 3, 3), pyconv.zeros(1, 3, 3).long(), 2, output_size=size)


@pytest.mark.parametrize(("size", "expected"), [((None, 1), (5, 1)), ((2, None), (2, 5)), (3, (3, 3))])
def test_adaptive_sizes_that_are_none_stay(size, expected):
    assert F.adaptive_avg_pool2d(X, size).shape[2:] == expected
    assert F.adaptive_max_pool2d(X, size).shape[2:] == expected


def test_adaptive_pooling_over_equal_windows_is_plain_pooling():
    x = pyconv.from_numpy(np.random.default_rng(0).standard_normal((2, 3, 6, 8)))
    np.testing.assert_allclose(F.adaptive_avg_pool2d(x, (3, 2)).numpy(), F.avg_pool2d(x, (2, 4)).numpy(), 1e-15)
    assert (F.adaptive_max_pool2d(x, (3, 2)) == F.max_pool2d(x, (2, 4))).all()
    np.testing.assert_allclose(F.adaptive_avg_pool2d(x, 1).numpy(), x.numpy().mean((2, 3), keepdims=True), 1e-14)


@pytest.mark.parametrize("shape", [(0, 2, 5, 5), (2, 5, 5), (3, 2, 5, 5)])
def test_lead_dimensions(shape):
    x = pyconv.zeros(shape)
    for pooled in (F.max_pool2d(x, 2), F.avg_pool2d(x, 2), F.adaptive_avg_pool2d(x, 2), F.adaptive_max_pool2d(x, 2)):
        assert pooled.shape == (*shape[:-2], 2, 2)


@pytest.mark.parametrize("view", [lambda x: x[:, :, ::2, ::-1], lambda x: x.transpose(0, 2, 3, 1), lambda x: x[:, ::2]])
def test_strided_inputs(view):
    x = view(np.random.default_rng(0).standard_normal((2, 6, 8, 8)))
    for pool in (F.max_pool2d, F.avg_pool2d):
        assert np.array_equal(pool(x, 3, 2, 1), pool(np.ascontiguousarray(x), 3, 2, 1))
    assert np.array_equal(F.max_pool2d(x, 2, return_indices=True)[1], F.max_pool2d(x.copy(), 2, return_indices=True)[1])


@pytest.mark.parametrize("norm", [float("inf"), -float("inf"), 1, 2, 2.5])
def test_power_average_pooling_is_the_norm_of_each_window(norm):
    x = np.random.default_rng(0).uniform(0.5, 2, (2, 3, 6)) + 0.0
    expected = np.linalg.norm(x.reshape(2, 3, 3, 2), norm, axis=-1)
    np.testing.assert_allclose(F.lp_pool1d(x, norm, 2), expected, 1e-12)
    np.testing.assert_allclose(F.lp_pool1d(pyconv.from_numpy(x), norm, 2).numpy(), expected, 1e-12)


@pytest.mark.parametrize(
    ("call", "kind", "text"),
    [
        (lambda: F.max_pool2d(X), TypeError, r"_max_pool2d\(\) missing 1 required positional argument: 'kernel_size'"),
        (lambda: F.fractional_max_pool2d(X, 2), ValueError, "requires specifying either an output_size or"),
        (lambda: F.fractional_max_pool2d(X, 2, None, (0.5,) * 3), ValueError, "output_ratio to either be a single Int"),
        (lambda: F.adaptive_avg_pool2d(X[0, 0], (2, 2)), ValueError, "Input dimension should be at least 3"),
        (lambda: F.max_unpool2d([1], X.long(), 2), AttributeError, "'list' object has no attribute 'size'"),
        (lambda: F.lp_pool2d(X, 2, (2,)), ValueError, "not enough values to unpack"),
    ],
)
def test_errors(call, kind, text):
    with pytest.raises(kind, match=text):
        call()


@pytest.mark.parametrize("name", [name for name in F.__all__ if "pool" in name])
def test_every_function_has_a_docstring_with_an_example(name):
    assert ">>> " in inspect.getdoc(getattr(F, name)) or "_with_indices" in name


@pytest.mark.parametrize("axes", [2, 3])
def test_nothing_is_put_back_in_any_dtype(axes):
    size = (0, *(1 for _ in range(axes + 1)))
    unpool = getattr(F, f"max_unpool{axes}d")
    none = pyconv.zeros(size, dtype=pyconv.int8)
    assert unpool(none, none.long(), 1).dtype == pyconv.int8


@pytest.mark.parametrize(("lead", "dim"), [((3, 1), 2), ((1,), 1)])
def test_the_gradient_of_unpooling_into_nothing(lead, dim):
    x = pyconv.zeros(*lead, 3, requires_grad=True)
    y = F.max_unpool1d(x, pyconv.full((*lead, 3), 5), 2, stride=-1)
    with pytest.raises(RuntimeError, match=f"^index 5 is out of bounds for dimension {dim} with size 0$"):
        y.sum().backward()
