"""Pooling modules: what they keep, print and hand on."""

import copy
import pickle

import pytest

import pyconv as torch
from pyconv import nn
from pyconv.nn import functional as F

X = {n: (torch.arange(2.0 * 3 * 6**n) * 7 % 31).reshape(2, 3, *(6,) * n) for n in (1, 2, 3)}


@pytest.mark.parametrize("n", [1, 2, 3])
@pytest.mark.parametrize(
    ("module", "function"),
    [
        (lambda n: getattr(nn, f"MaxPool{n}d")(3, 2, 1, 1, ceil_mode=True), lambda n: ("max_pool", (3, 2, 1, 1, True))),
        (lambda n: getattr(nn, f"MaxPool{n}d")(2, dilation=2), lambda n: ("max_pool", (2, 2, 0, 2))),
        (lambda n: getattr(nn, f"AvgPool{n}d")(2, 1, 1, True, False), lambda n: ("avg_pool", (2, 1, 1, True, False))),
        (lambda n: getattr(nn, f"AdaptiveAvgPool{n}d")(4), lambda n: ("adaptive_avg_pool", (4,))),
        (lambda n: getattr(nn, f"AdaptiveMaxPool{n}d")(4), lambda n: ("adaptive_max_pool", (4,))),
        (lambda n: getattr(nn, f"LPPool{n}d")(2, 3, 2, True), lambda n: ("lp_pool", (2.0, 3, 2, True))),
    ],
)
def test_a_module_is_its_function_with_arguments_kept(n, module, function):
    name, arguments = function(n)
    expected = getattr(F, f"{name}{n}d")(X[n], *arguments)
    pool = module(n)
    assert (pool(X[n]) == expected).all()
    for again in (copy.deepcopy(pool), pickle.loads(pickle.dumps(pool))):
        assert (again(X[n]) == expected).all()
        assert repr(again) == repr(pool)
    assert pool.state_dict() == {}


@pytest.mark.parametrize("n", [1, 2, 3])
def test_unpooling_takes_the_indices_of_pooling(n):
    pool = getattr(nn, f"MaxPool{n}d")(2, return_indices=True)
    unpool = getattr(nn, f"MaxUnpool{n}d")(2)
    values, places = pool(X[n])
    assert unpool(values, places).shape == X[n].shape
    assert unpool(values, places, (7,) * n).shape == (2, 3, *(7,) * n)


@pytest.mark.parametrize("n", [2, 3])
def test_fractional_pooling_keeps_its_samples(n):
    samples = torch.full((2, 3, n), 0.5)
    pool = getattr(nn, f"FractionalMaxPool{n}d")(2, output_ratio=0.5, return_indices=True, _random_samples=samples)
    assert list(pool.state_dict()) == ["_random_samples"]
    assert pool.output_ratio == (0.5,) * n
    values, places = pool(X[n])
    assert values.shape == places.shape == (2, 3, *(3,) * n)
    assert places.tolist() == pool(X[n])[1].tolist()


@pytest.mark.parametrize("n", [2, 3])
def test_fractional_pooling_draws_anew_without_samples(n):
    pool = getattr(nn, f"FractionalMaxPool{n}d")(2, 3)
    assert list(pool.state_dict()) == []
    before = torch.get_rng_state()
    pool(X[n])
    assert not (torch.get_rng_state() == before).all()


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: nn.FractionalMaxPool2d(2), "requires specifying either an output size, or a pooling ratio"),
        (lambda: nn.FractionalMaxPool3d(2, 3, 0.5), "only one of output_size and output_ratio"),
        (lambda: nn.FractionalMaxPool2d(2, output_ratio=1.5), r"must be between 0 and 1 \(got 1.5\)"),
        (lambda: nn.FractionalMaxPool3d((1, 0, 2), 3), r"kernel_size must be greater than 0, but got \(1, 0, 2\)"),
    ],
)
def test_fractional_pooling_refuses(call, text):
    with pytest.raises(ValueError, match=text):
        call()


@pytest.mark.parametrize(
    ("module", "text"),
    [
        (
            nn.MaxPool2d((3, 2), stride=2),
            "MaxPool2d(kernel_size=(3, 2), stride=2, padding=0, dilation=1, ceil_mode=False)",
        ),
        (nn.AvgPool1d(3), "AvgPool1d(kernel_size=(3,), stride=(3,), padding=(0,))"),
        (nn.AvgPool2d(3), "AvgPool2d(kernel_size=3, stride=3, padding=0)"),
        (nn.MaxUnpool2d(2), "MaxUnpool2d(kernel_size=(2, 2), stride=(2, 2), padding=(0, 0))"),
        (nn.AdaptiveAvgPool2d((None, 3)), "AdaptiveAvgPool2d(output_size=(None, 3))"),
        (nn.LPPool1d(1.5, 3), "LPPool1d(norm_type=1.5, kernel_size=3, stride=None, ceil_mode=False)"),
        (nn.FractionalMaxPool2d(2, 3), "FractionalMaxPool2d()"),
    ],
)
def test_printed(module, text):
    assert repr(module) == text


def test_an_old_state_of_a_3d_average_gets_its_defaults():
    pool = nn.AvgPool3d(2)
    state = {k: v for k, v in pool.__dict__.items() if k not in ("padding", "ceil_mode", "count_include_pad")}
    old = nn.AvgPool3d.__new__(nn.AvgPool3d)
    old.__setstate__(state)
    assert (old.padding, old.ceil_mode, old.count_include_pad) == (0, False, True)


def test_a_module_of_arrays_gives_arrays():
    assert nn.MaxPool2d(2)(X[2].numpy()).tolist() == F.max_pool2d(X[2], 2).tolist()
