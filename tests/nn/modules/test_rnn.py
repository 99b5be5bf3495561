"""RNN, LSTM, GRU and their cells: shapes, names, single and packed sequences, dropout, copies, torch's errors."""

import copy
import pickle

import numpy as np
import pytest

import pyconv as torch
from pyconv import nn
from pyconv.nn.utils.rnn import pack_sequence, pad_packed_sequence

KINDS = {"LSTM": nn.LSTM, "GRU": nn.GRU, "RNN": nn.RNN}


def close(a, b):
    return np.allclose(a.detach().numpy(), b.detach().numpy(), rtol=1e-5, atol=1e-6)


def first(last):
    return last[0] if isinstance(last, tuple) else last


@pytest.mark.parametrize("kind", KINDS)
def test_parameters(kind):
    layer = KINDS[kind](3, 4, num_layers=2, bidirectional=True)
    gates = {"LSTM": 16, "GRU": 12, "RNN": 4}[kind]
    shapes = {name: tuple(value.shape) for name, value in layer.named_parameters()}
    assert list(shapes)[:5] == ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0", "weight_ih_l0_reverse"]
    assert shapes["weight_ih_l0"] == (gates, 3)
    assert shapes["weight_ih_l1_reverse"] == (gates, 8)
    assert shapes["weight_hh_l1"] == (gates, 4)
    assert all(value.abs().max().item() <= 0.5 for value in layer.parameters())


@pytest.mark.parametrize("kind", KINDS)
def test_layouts(kind):
    torch.manual_seed(0)
    layer = KINDS[kind](3, 4, num_layers=2, bidirectional=True)
    other = KINDS[kind](3, 4, num_layers=2, bidirectional=True, batch_first=True)
    other.load_state_dict(layer.state_dict())
    x = torch.randn(5, 2, 3)
    y, last = layer(x)
    assert y.shape == (5, 2, 8)
    assert first(last).shape == (4, 2, 4)
    assert close(other(x.transpose(0, 1))[0].transpose(0, 1), y)
    alone, last_alone = layer(x[:, 1])
    assert close(alone, y[:, 1])
    assert close(first(last_alone), first(last)[:, 1])
    assert np.array_equal(layer(x.numpy())[0], y.detach().numpy())


@pytest.mark.parametrize("kind", KINDS)
def test_packed_sequences_come_out_in_their_order(kind):
    torch.manual_seed(0)
    layer = KINDS[kind](3, 4, bidirectional=True)
    given = [torch.randn(n, 3) for n in (2, 5, 3)]
    y, last = layer(pack_sequence(given, enforce_sorted=False))
    padded, lengths = pad_packed_sequence(y)
    assert lengths.tolist() == [2, 5, 3]
    for i, x in enumerate(given):
        alone, last_alone = layer(x)
        assert close(padded[: len(x), i], alone)
        assert close(first(last)[:, i], first(last_alone))


@pytest.mark.parametrize("kind", KINDS)
def test_the_state_of_a_call_goes_on_in_the_next(kind):
    layer = KINDS[kind](3, 4, num_layers=2)
    x = torch.randn(6, 2, 3)
    y, _ = layer(x)
    _, middle = layer(x[:4])
    assert close(layer(x[4:], middle)[0], y[4:])


def test_dropout_between_layers_in_training_only():
    layer = nn.GRU(3, 4, num_layers=2, dropout=0.5)
    x = torch.randn(4, 1, 3)
    assert not close(layer(x)[0], layer(x)[0])
    layer.eval()
    assert close(layer(x)[0], layer(x)[0])
    zero = nn.GRU(3, 4, num_layers=2, dropout=1.0, bias=False)
    assert zero(x)[0].abs().max().item() == 0.0


def test_the_projection_of_an_lstm():
    y, (h, c) = nn.LSTM(3, 4, num_layers=2, proj_size=2)(torch.ones(5, 2, 3))
    assert (y.shape, h.shape, c.shape) == ((5, 2, 2), (2, 2, 2), (2, 2, 4))


def test_copies_and_new_parameters():
    layer = nn.LSTM(3, 4)
    x = torch.randn(2, 1, 3)
    for other in (copy.deepcopy(layer), pickle.loads(pickle.dumps(layer))):
        assert close(other(x)[0], layer(x)[0])
        assert all(a is b for a, b in zip(other._flat_weights, other.parameters(), strict=True))
    before = layer(x)[0]
    layer.weight_ih_l0 = nn.Parameter(torch.zeros(16, 3))
    assert not close(layer(x)[0], before)
    assert layer.double()(x.double())[0].dtype is torch.float64
    assert layer.all_weights[0][0] is layer.weight_ih_l0


def test_training_learns_to_remember_the_first_element():
    torch.manual_seed(0)
    layer, head = nn.LSTM(1, 8), nn.Linear(8, 1)
    optimizer = torch.optim.Adam([*layer.parameters(), *head.parameters()], lr=0.02)
    x = torch.randn(4, 32, 1)
    losses = []
    for _ in range(60):
        optimizer.zero_grad()
        loss = (head(layer(x)[1][0][0]) - x[0]).square().mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.2 * losses[0]


def test_repr():
    assert repr(nn.LSTM(3, 4, 2, True, False, 0.5, True, 2)) == (
        "LSTM(3, 4, proj_size=2, num_layers=2, dropout=0.5, bidirectional=True)"
    )
    assert repr(nn.RNNCell(3, 4, bias=False, nonlinearity="relu")) == ("RNNCell(3, 4, bias=False, nonlinearity=relu)")


@pytest.mark.parametrize("kind", KINDS)
def test_a_cell_is_a_step_of_a_layer(kind):
    layer, cell = KINDS[kind](3, 4), getattr(nn, f"{kind}Cell")(3, 4)
    cell.load_state_dict({name.removesuffix("_l0"): value for name, value in layer.state_dict().items()})
    x = torch.randn(2, 3)
    found, again = cell(x), cell(x[0])
    assert close(first(found), layer(x[None])[0][0])
    assert close(first(again), first(found)[0])
    assert first(cell(x, found)).shape == (2, 4)


ERRORS = [
    (lambda: nn.RNN(3, 4, 1, "x"), ValueError, "Unknown nonlinearity 'x'. Select from 'tanh' or 'relu'."),
    (lambda: nn.GRU(3, 4, proj_size=1), ValueError, "proj_size argument is only supported for LSTM, not RNN or GRU"),
    (lambda: nn.LSTM(3, 4, proj_size=4), ValueError, "proj_size has to be smaller than hidden_size"),
    (lambda: nn.LSTM(0, 4), ValueError, "input_size must be greater than zero"),
    (lambda: nn.LSTM(3, 4, bias=1), TypeError, "bias should be of type bool, got: int"),
    (lambda: nn.RNNBase("X", 3, 4), ValueError, "Unrecognized RNN mode: X"),
    (lambda: nn.LSTM(3, 4)(torch.ones(3)), ValueError, "LSTM: Expected input to be 2D or 3D, got 1D instead"),
    (
        lambda: nn.GRU(3, 4)(torch.ones(2, 1, 4)),
        RuntimeError,
        "input.size(-1) must be equal to input_size. Expected 3, got 4",
    ),
    (
        lambda: nn.GRU(3, 4)(torch.ones(2, 1, 3), torch.ones(1, 2, 4)),
        RuntimeError,
        "Expected hidden size (1, 1, 4), got [1, 2, 4]",
    ),
    (
        lambda: nn.LSTM(3, 4)(torch.ones(2, 3), (torch.ones(1, 1, 4), torch.ones(1, 4))),
        RuntimeError,
        "For unbatched 2-D input, hx and cx should also be 2-D but got (3-D, 2-D) tensors",
    ),
    (
        lambda: nn.LSTMCell(3, 4)(torch.ones(1, 1, 3)),
        ValueError,
        "LSTMCell: Expected input to be 1D or 2D, got 3D",
    ),
]


@pytest.mark.parametrize(("call", "error", "text"), ERRORS)
def test_errors(call, error, text):
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value).startswith(text)


def test_dropout_of_one_layer_warns():
    with pytest.warns(UserWarning, match="^dropout option adds dropout after all but last recurrent layer"):
        nn.GRU(3, 4, dropout=0.5)


@pytest.mark.parametrize("options", [{}, {"bidirectional": True, "num_layers": 2}])
@pytest.mark.parametrize("kind", KINDS)
def test_no_sequences_at_all(kind, options):
    layer = KINDS[kind](3, 4, **options)
    x = torch.zeros(5, 0, 3, requires_grad=True)
    y, _ = layer(x)
    y.sum().backward()
    assert y.shape == (5, 0, 4 * (1 + layer.bidirectional))
    assert x.grad.shape == x.shape
    assert not any(parameter.grad.any() for parameter in layer.parameters())
