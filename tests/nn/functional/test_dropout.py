"""Dropout: gradients, in-place forms, arguments, and torch 2.13.0's errors and warnings (recorded by hand).

Which elements it drops is compared with torch in `tests/functions/test_random.py`.
"""

import numpy as np
import pytest

import pyconv as torch
import pyconv.nn.functional as F
from pyconv.functions.dropout import native_dropout_backward

FUNCTIONS = {
    "dropout": (4, 6),
    "alpha_dropout": (4, 6),
    "feature_alpha_dropout": (3, 4, 2),
    "dropout1d": (3, 4, 2),
    "dropout2d": (3, 4, 2, 2),
    "dropout3d": (3, 4, 2, 1, 2),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_gradients(name):
    def run(x):
        torch.manual_seed(4)
        return getattr(F, name)(x, 0.4, True)

    x = torch.randn(FUNCTIONS[name], dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(run, (x,))
    assert torch.autograd.gradgradcheck(run, (x,))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_in_place_gives_the_same_in_the_same_memory(name):
    x = torch.randn(FUNCTIONS[name])
    torch.manual_seed(1)
    expected = getattr(F, name)(x, 0.4, True)
    torch.manual_seed(1)
    y = x.clone()
    got = getattr(F, name)(y, 0.4, True, True)
    assert np.shares_memory(got.numpy(), y.numpy())
    assert torch.equal(y, expected)
    assert not torch.equal(x, expected)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_what_does_nothing_gives_its_input(name):
    x = torch.randn(FUNCTIONS[name])
    assert getattr(F, name)(x, 0.4, False) is x
    assert getattr(F, name)(x, 0.0, True) is x


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("p", [-0.1, 1.5])
def test_a_probability_is_one(name, p):
    with pytest.raises(ValueError, match=f"^dropout probability has to be between 0 and 1, but got {p}$"):
        getattr(F, name)(torch.ones(FUNCTIONS[name]), p)


def test_all_is_dropped_at_one_and_infinity_becomes_nan():
    x = torch.tensor([1.0, float("inf")], requires_grad=True)
    y = F.dropout(x, 1.0)
    assert y.grad_fn.name() == "MulBackward0"
    assert y[0].item() == 0
    assert y[1].isnan().item()


@pytest.mark.parametrize(
    ("name", "features"), [("dropout1d", True), ("dropout2d", True), ("dropout3d", True), ("dropout", False)]
)
def test_channels_are_dropped_as_a_whole(name, features):
    torch.manual_seed(0)
    kept = getattr(F, name)(torch.ones(FUNCTIONS.get(name, ()) or (3, 4)), 0.5).numpy() != 0
    rows = kept.reshape(*kept.shape[:2], -1)
    same = (rows.all(axis=2) | ~rows.any(axis=2)).all()
    assert same if features else kept.any()
    assert not kept.all()


@pytest.mark.parametrize(
    ("shape", "name"), [((4, 2), "dropout1d"), ((4, 2, 1, 2), "dropout3d")], ids=["dropout1d", "dropout3d"]
)
def test_without_a_batch_the_first_dimension_is_the_channels(shape, name):
    torch.manual_seed(0)
    kept = getattr(F, name)(torch.ones(shape)).numpy() != 0
    rows = kept.reshape(4, -1)
    assert (rows.all(axis=1) | ~rows.any(axis=1)).all()


LEGACY = (
    "{0}: Received a {1}-D input to {0}, which is deprecated and will result in an error in a future release. To "
    "retain the behavior and silence this warning, please use dropout instead. Note that {0} exists to provide "
    "channel-wise dropout on inputs with {2} spatial dimensions, a channel dimension, and an optional batch dimension "
    "(i.e. {3} inputs)."
)


@pytest.mark.parametrize(
    ("name", "ndim", "text"),
    [
        ("dropout2d", 2, LEGACY.format("dropout2d", 2, 2, "3D or 4D")),
        ("dropout2d", 5, LEGACY.format("dropout2d", 5, 2, "3D or 4D")),
        ("dropout3d", 3, LEGACY.format("dropout3d", 3, 3, "4D or 5D")),
        (
            "dropout2d",
            3,
            "dropout2d: Received a 3D input to dropout2d and assuming that channel-wise 1D dropout behavior is desired "
            "- input is interpreted as shape (N, C, L), where C is the channel dim. This behavior will change in a "
            "future release to interpret the input as one without a batch dimension, i.e. shape (C, H, W). To maintain "
            "the 1D channel-wise dropout behavior, please switch to using dropout1d instead.",
        ),
    ],
)
def test_warnings_are_torchs(name, ndim, text):
    with pytest.warns(UserWarning, match=name) as caught:
        getattr(F, name)(torch.ones((2,) * ndim))
    assert [str(warning.message) for warning in caught] == [text]
    assert caught[0].filename == __file__


@pytest.mark.parametrize(
    ("call", "kind", "text"),
    [
        (
            lambda: F.dropout1d(torch.ones(3)),
            RuntimeError,
            "dropout1d: Expected 2D or 3D input, but received a 1D input. Note that dropout1d exists to provide "
            "channel-wise dropout on inputs with 1 spatial dimension, a channel dimension, and an optional batch "
            "dimension (i.e. 2D or 3D inputs).",
        ),
        (
            lambda: torch.feature_dropout(torch.ones(3), 0.5, True),
            RuntimeError,
            "Feature dropout requires at least 2 dimensions in the input",
        ),
        (
            lambda: F.dropout(torch.ones(3, dtype=torch.int64)),
            RuntimeError,
            "result type Float can't be cast to the desired output type Long",
        ),
        (
            lambda: F.dropout(torch.ones(3, dtype=torch.complex64)),
            NotImplementedError,
            "\"bernoulli_scalar_cpu_\" not implemented for 'ComplexFloat'",
        ),
        (lambda: F.dropout("x"), TypeError, "dropout(): argument 'input' (position 1) must be Tensor, not str"),
        (
            lambda: torch.dropout(torch.ones(1), 2.0, True),
            RuntimeError,
            "dropout probability has to be between 0 and 1, but got 2",
        ),
        (
            lambda: torch.dropout(torch.ones(1), 0.5),
            TypeError,
            'dropout() missing 1 required positional arguments: "train"',
        ),
    ],
)
def test_errors_are_torchs(call, kind, text):
    with pytest.raises(kind) as caught:
        call()
    assert str(caught.value) == text


def test_native_dropout_has_a_mask_and_a_gradient():
    torch.manual_seed(0)
    x = torch.ones(6, dtype=torch.float64, requires_grad=True)
    y, mask = torch.native_dropout(x, 0.5, True)
    assert y.grad_fn.name() == "NativeDropoutBackward0"
    assert mask.dtype is torch.bool
    assert torch.equal(y.detach(), mask * 2.0)
    y.sum().backward()
    assert torch.equal(x.grad, native_dropout_backward(torch.ones(6, dtype=torch.float64), mask, 2.0))


def test_ndarrays_give_ndarrays():
    x = np.ones((3, 4), np.float32)
    torch.manual_seed(0)
    dropped = F.dropout(x, 0.5)
    assert isinstance(dropped, np.ndarray)
    torch.manual_seed(0)
    assert F.dropout(x, 0.5, inplace=True) is x
    assert np.array_equal(x, dropped)
