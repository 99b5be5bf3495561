"""Batch normalization modules: counting, running statistics, evaluation, old states, lazy making, conversion."""

import numpy as np
import pytest

import pyconv
from pyconv import nn

SHAPES = {"BatchNorm1d": (4, 3), "BatchNorm2d": (4, 3, 2, 2), "BatchNorm3d": (4, 3, 2, 1, 2)}


def batch(shape, seed=0):
    return pyconv.tensor(np.random.default_rng(seed).normal(1, 2, shape), dtype=pyconv.float32)


def layer_of(name, *args, **kwargs):
    return getattr(nn, name)(*args, **kwargs)


@pytest.mark.parametrize("name", SHAPES)
def test_training_normalizes_and_evaluation_repeats_what_was_seen(name):
    layer, x = layer_of(name, 3, momentum=1.0), batch(SHAPES[name])
    axes = (0, *range(2, x.dim()))
    y = layer(x).detach().numpy()
    np.testing.assert_allclose(y.mean(axes), 0, atol=1e-6)
    np.testing.assert_allclose(y.var(axes), 1, atol=1e-4)
    count = x.numel() // 3
    again = layer.eval()(x).detach().numpy()
    np.testing.assert_allclose(again, y * np.sqrt((count - 1) / count), atol=1e-5)


def test_without_momentum_the_running_mean_is_that_of_all_batches():
    layer = nn.BatchNorm1d(3, momentum=None)
    batches = [batch((5, 3), seed) for seed in range(3)]
    for x in batches:
        layer(x)
    expected = np.mean([x.numpy().mean(0) for x in batches], axis=0)
    np.testing.assert_allclose(layer.running_mean.numpy(), expected, rtol=1e-6, atol=1e-7)
    assert layer.num_batches_tracked.item() == 3


def test_without_running_statistics_the_batch_is_used_in_evaluation_too():
    layer, x = nn.BatchNorm1d(3, track_running_stats=False), batch((5, 3))
    y = layer(x).detach()
    assert list(layer.state_dict()) == ["weight", "bias"]
    np.testing.assert_array_equal(layer.eval()(x).detach().numpy(), y.numpy())


@pytest.mark.parametrize(
    ("options", "keys"),
    [
        ({}, ["weight", "bias", "running_mean", "running_var", "num_batches_tracked"]),
        ({"affine": False}, ["running_mean", "running_var", "num_batches_tracked"]),
        ({"bias": False, "track_running_stats": False}, ["weight"]),
    ],
)
def test_the_state_has_what_the_options_ask_for(options, keys):
    assert list(nn.BatchNorm2d(3, **options).state_dict()) == keys


def test_a_state_of_before_the_count_is_completed():
    layer = nn.BatchNorm1d(2)
    old = nn.BatchNorm1d(2).state_dict()
    del old["num_batches_tracked"]
    with pytest.raises(RuntimeError, match=r'Missing key.*"num_batches_tracked"'):
        layer.load_state_dict(old)
    old._metadata[""]["version"] = 1
    assert repr(layer.load_state_dict(old)) == "<All keys matched successfully>"


def test_reset_forgets_the_batches_and_the_parameters():
    layer = nn.BatchNorm1d(3)
    layer(batch((5, 3)))
    with pyconv.no_grad():
        layer.weight.fill_(5)
    layer.reset_running_stats()
    assert layer.running_mean.tolist() == [0, 0, 0]
    assert layer.num_batches_tracked.item() == 0
    layer.reset_parameters()
    assert layer.weight.tolist() == [1, 1, 1]


@pytest.mark.parametrize(
    ("name", "shape", "text"),
    [
        ("BatchNorm1d", (3,), "expected 2D or 3D input (got 1D input)"),
        ("BatchNorm2d", (2, 3, 4), "expected 4D input (got 3D input)"),
        ("BatchNorm3d", (2, 3, 4, 4), "expected 5D input (got 4D input)"),
        ("SyncBatchNorm", (3,), "expected at least 2D input (got 1D input)"),
        (
            "BatchNorm2d",
            (1, 3, 1, 1),
            "Expected more than 1 value per channel when training, got input size torch.Size([1, 3, 1, 1])",
        ),
    ],
)
def test_bad_inputs_are_refused_in_the_words_of_torch(name, shape, text):
    with pytest.raises(ValueError) as raised:
        layer_of(name, 3)(pyconv.ones(shape))
    assert str(raised.value) == text


@pytest.mark.parametrize("name", SHAPES)
def test_a_lazy_one_takes_the_channels_of_its_first_input(name):
    layer = layer_of(f"Lazy{name}", momentum=0.3)
    y = layer(batch(SHAPES[name]))
    same = layer_of(name, 3, momentum=0.3)
    np.testing.assert_array_equal(y.detach().numpy(), same(batch(SHAPES[name])).detach().numpy())
    assert repr(layer) == repr(same)
    np.testing.assert_array_equal(layer.running_mean.numpy(), same.running_mean.numpy())


def test_a_lazy_one_loads_a_state_before_its_first_input():
    layer = nn.LazyBatchNorm1d()
    source = nn.BatchNorm1d(3)
    source(batch((5, 3)))
    layer.load_state_dict(source.state_dict())
    assert layer.running_mean.tolist() == source.running_mean.tolist()


def test_conversion_to_sync_keeps_the_state_and_the_rest():
    model = nn.Sequential(nn.Conv1d(3, 3, 1), nn.Sequential(nn.BatchNorm1d(3, momentum=0.2, bias=False).eval()))
    state = {key: value.tolist() for key, value in model.state_dict().items()}
    converted = nn.SyncBatchNorm.convert_sync_batchnorm(model)
    assert converted is model
    assert type(model[1][0]) is nn.SyncBatchNorm
    assert not model[1][0].training
    assert model[1][0].momentum == 0.2
    assert {key: value.tolist() for key, value in model.state_dict().items()} == state


def test_arrays_give_arrays():
    assert isinstance(nn.BatchNorm1d(3)(np.ones((2, 3), np.float32)), np.ndarray)
