"""Instance normalization modules: with and without a batch, running statistics, old states, refusals."""

import numpy as np
import pytest

import pyconv
from pyconv import nn

SHAPES = {"InstanceNorm1d": (2, 3, 4), "InstanceNorm2d": (2, 3, 2, 3), "InstanceNorm3d": (2, 3, 2, 1, 3)}


def batch(shape, seed=0):
    return pyconv.tensor(np.random.default_rng(seed).normal(1, 2, shape), dtype=pyconv.float64)


@pytest.mark.parametrize("name", SHAPES)
def test_every_channel_of_every_sample_is_normalized(name):
    layer, x = getattr(nn, name)(3), batch(SHAPES[name])
    y = layer(x).numpy().reshape(2, 3, -1)
    np.testing.assert_allclose(y.mean(2), 0, atol=1e-12)
    np.testing.assert_allclose(y.var(2), 1, atol=1e-3)
    np.testing.assert_array_equal(layer(x[0]).numpy().reshape(3, -1), y[0])
    assert layer.state_dict() == {}


def test_running_statistics_are_used_in_evaluation():
    layer, x = nn.InstanceNorm1d(3, track_running_stats=True, momentum=1.0, dtype=pyconv.float64), batch((2, 3, 4))
    layer(x)
    np.testing.assert_allclose(layer.running_mean.numpy(), x.numpy().mean((0, 2)))
    expected = (x - layer.running_mean[:, None]) / (layer.running_var[:, None] + 1e-5).sqrt()
    np.testing.assert_allclose(layer.eval()(x).numpy(), expected.numpy())


def test_other_channels_are_refused_with_parameters_and_warned_of_without():
    with pytest.raises(ValueError, match=r"size at dim=1 to match num_features \(3\), but got: 4."):
        nn.InstanceNorm1d(3, affine=True)(pyconv.ones(2, 4, 5))
    with pytest.warns(UserWarning, match="input's size at dim=0 does not match num_features"):
        nn.InstanceNorm1d(3)(pyconv.ones(4, 5))


def test_another_rank_is_refused():
    with pytest.raises(ValueError, match=r"expected 3D or 4D input \(got 2D input\)"):
        nn.InstanceNorm2d(3)(pyconv.ones(3, 4))


def test_running_statistics_of_an_old_state_are_refused():
    old = nn.InstanceNorm1d(3, track_running_stats=True).state_dict()
    old._metadata = {}
    with pytest.raises(RuntimeError, match=r'Unexpected running stats buffer.s. "running_mean" and "running_var" for'):
        nn.InstanceNorm1d(3).load_state_dict(old)


@pytest.mark.parametrize("name", SHAPES)
def test_a_lazy_one_takes_the_channels_of_its_first_input(name):
    layer = getattr(nn, f"Lazy{name}")()
    layer(batch(SHAPES[name]).float())
    assert repr(layer) == repr(getattr(nn, name)(3, affine=True, track_running_stats=True))


def test_a_subclass_says_which_ranks_it_takes():
    class OfSequences(nn.modules.instancenorm._InstanceNorm):
        def _check_input_dim(self, input):
            if input.dim() != 3:
                raise ValueError("three dimensions")

        def _get_no_batch_dim(self):
            return 2

    x = batch((2, 3, 4))
    assert pyconv.equal(OfSequences(3)(x), nn.InstanceNorm1d(3)(x))
    with pytest.raises(ValueError, match="three dimensions"):
        OfSequences(3)(x[0])
    assert [getattr(nn, name)(3)._get_no_batch_dim() for name in SHAPES] == [2, 3, 4]
