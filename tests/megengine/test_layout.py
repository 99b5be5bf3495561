"""From one face to the other: states and modules, on the same memory."""

import numpy as np
import pytest

import pyconv
import pyconv.megengine as mge
import pyconv.megengine.module as M
from pyconv import nn

LAYERS = [
    ("Conv1d", (4, 6, 3), {"groups": 2, "stride": 2}),
    ("Conv2d", (4, 6, (3, 2)), {"groups": 2, "padding": 1, "padding_mode": "reflect"}),
    ("Conv2d", (4, 6, 3), {"bias": False, "dilation": 2}),
    ("Conv3d", (4, 4, 2), {"groups": 4}),
    ("ConvTranspose2d", (4, 6, 3), {"groups": 2, "stride": 2, "output_padding": (1, 0)}),
    ("ConvTranspose3d", (2, 3, 2), {"stride": 2, "padding": 1}),
]


def whole(shape):
    return np.random.default_rng(0).integers(-4, 5, shape).astype(np.float32)


def fill(layer):
    with pyconv.no_grad():
        for parameter in layer.parameters():
            parameter.copy_(pyconv.from_numpy(whole(tuple(parameter.shape))))


def run_both(ours, theirs):
    x = whole((2, ours.in_channels, *(7,) * ours.ndim))
    assert np.array_equal(ours(mge.tensor(x)).numpy(), theirs(pyconv.tensor(x)).detach().numpy())


@pytest.mark.parametrize(("name", "args", "kwargs"), LAYERS)
def test_a_module_of_torchs_face_and_back_on_one_memory(name, args, kwargs):
    theirs = getattr(nn, name)(*args, **kwargs)
    fill(theirs)
    ours = getattr(M, name).from_torch(theirs)
    run_both(ours, theirs)
    back = ours.to_torch()
    assert type(back) is type(theirs)
    assert repr(back) == repr(theirs)
    before = theirs.weight._version
    ours.weight[...] = whole(ours.weight.shape) + 1
    assert theirs.weight._version == back.weight._version == before + 1
    assert np.array_equal(theirs.weight.detach().numpy(), back.weight.detach().numpy())
    run_both(ours, theirs)
    run_both(ours, back)
    for one in ("weight", "bias") if theirs.bias is not None else ("weight",):
        arrays = [
            value.numpy() for value in (getattr(theirs, one).detach(), getattr(ours, one), getattr(back, one).data)
        ]
        assert np.shares_memory(arrays[0], arrays[1])
        assert np.shares_memory(arrays[0], arrays[2])


@pytest.mark.parametrize(("name", "args", "kwargs"), LAYERS)
def test_states_both_ways(name, args, kwargs):
    ours, theirs = getattr(M, name)(*args, **kwargs), getattr(nn, name)(*args, **kwargs)
    fill(theirs)
    ours.load_state_dict(mge.from_torch_layout(theirs.state_dict(), ours))
    run_both(ours, theirs)
    fill(ours)
    theirs.load_state_dict(mge.to_torch_layout(ours.state_dict(), theirs))
    run_both(ours, theirs)


def test_states_of_networks_keep_names_and_leave_the_count_of_batches():
    theirs = nn.Sequential(nn.Conv2d(2, 4, 3, groups=2), nn.BatchNorm2d(4))
    ours = M.Sequential(M.Conv2d(2, 4, 3, groups=2), M.BatchNorm2d(4))
    state = mge.from_torch_layout(theirs.state_dict(), theirs)
    assert {name: value.shape for name, value in state.items()} == {
        "0.weight": (2, 2, 1, 3, 3),
        "0.bias": (1, 4, 1, 1),
        **{f"1.{name}": (4,) for name in ("weight", "bias", "running_mean", "running_var")},
    }
    assert np.shares_memory(state["0.weight"], theirs[0].weight.detach().numpy())
    ours.load_state_dict(state)
    back = mge.to_torch_layout(ours.state_dict(), ours)
    assert back["0.weight"].shape == (4, 1, 3, 3)
    theirs.load_state_dict(back)


def test_what_megengine_does_not_have_is_refused():
    with pytest.raises(AssertionError, match=r"padding is an int or a tuple of 2, .* got 'same'"):
        M.Conv2d.from_torch(nn.Conv2d(1, 1, 3, padding="same"))
    with pytest.raises(AssertionError, match="no padding_mode 'circular'"):
        M.Conv2d.from_torch(nn.Conv2d(1, 1, 3, padding_mode="circular"))
    with pytest.raises(TypeError, match="'padding_mode'"):
        M.Conv3d.from_torch(nn.Conv3d(1, 1, 3, padding_mode="reflect"))


def test_no_random_numbers_are_drawn_for_a_conversion():
    pyconv.manual_seed(3)
    expected = pyconv.rand(1).item()
    pyconv.manual_seed(3)
    layer = nn.Conv2d(1, 1, 1)
    pyconv.manual_seed(3)
    M.Conv2d.from_torch(layer).to_torch()
    assert pyconv.rand(1).item() == expected


def test_an_optimizer_of_torchs_face_moves_the_weights_of_both():
    theirs = nn.Conv2d(2, 2, 1, groups=2)
    ours = M.Conv2d.from_torch(theirs)
    optimizer = pyconv.optim.SGD(theirs.parameters(), lr=0.5)
    theirs(pyconv.ones(1, 2, 1, 1)).sum().backward()
    before = ours.bias.numpy().copy()
    optimizer.step()
    assert np.array_equal(ours.bias.numpy(), before - 0.5)
