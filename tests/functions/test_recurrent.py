"""lstm, gru, rnn_tanh and rnn_relu, and their cells: loops against single steps, derivatives, packing, errors."""

import numpy as np
import pytest

import pyconv as torch
from pyconv.autograd import gradcheck, gradgradcheck

GATES = {"lstm": 4, "gru": 3, "rnn_tanh": 1, "rnn_relu": 1}
T, N, INPUTS, H = 3, 2, 2, 3
COUNTS = [2, 2, 1]


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def step(kind, x, h, c, w_ih, w_hh, b_ih, b_hh):
    """A step by the formulas of torch's documentation."""
    a, b = x @ w_ih.T + b_ih, h @ w_hh.T + b_hh
    if kind == "lstm":
        i, f, g, o = np.split(a + b, 4, axis=1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        return sigmoid(o) * np.tanh(c), c
    if kind == "gru":
        (r, z, n), (r_hidden, z_hidden, n_hidden) = np.split(a, 3, axis=1), np.split(b, 3, axis=1)
        r, z = sigmoid(r + r_hidden), sigmoid(z + z_hidden)
        n = np.tanh(n + r * n_hidden)
        return (1 - z) * n + z * h, c
    return (np.tanh(a + b) if kind == "rnn_tanh" else np.maximum(a + b, 0)), c


def arrays(kind, *, layers=1, directions=1, packed=False, dtype=np.float64):
    rng = np.random.default_rng(7)
    x = rng.normal(size=(sum(COUNTS), INPUTS) if packed else (T, N, INPUTS)).astype(dtype)
    states = [rng.normal(size=(layers * directions, N, H)).astype(dtype) for _ in range(1 + (kind == "lstm"))]
    weights = []
    for layer in range(layers):
        size = INPUTS if layer == 0 else H * directions
        for _ in range(directions):
            shapes = (GATES[kind] * H, size), (GATES[kind] * H, H), GATES[kind] * H, GATES[kind] * H
            weights += [rng.normal(size=shape).astype(dtype) for shape in shapes]
    return x, states, weights


def call(kind, x, states, weights, *, layers=1, directions=1, packed=False, batch_first=False):
    hx = tuple(states) if kind == "lstm" else states[0]
    rest = (hx, weights, True, layers, 0.0, False, directions == 2)
    if packed:
        counts = torch.tensor(COUNTS) if isinstance(x, torch.Tensor) else np.array(COUNTS)
        return getattr(torch, kind)(x, counts, *rest)
    return getattr(torch, kind)(x, *rest, batch_first)


@pytest.mark.parametrize("kind", GATES)
def test_a_layer_is_its_steps(kind):
    x, states, weights = arrays(kind)
    h, c = states[0][0], states[-1][0]
    expected = []
    for t in range(T):
        h, c = step(kind, x[t], h, c, *weights)
        expected.append(h)
    found = call(kind, *[torch.tensor(x)], [torch.tensor(s) for s in states], [torch.tensor(w) for w in weights])
    np.testing.assert_allclose(found[0].numpy(), expected, rtol=1e-12)
    np.testing.assert_allclose(found[1].numpy()[0], h, rtol=1e-12)
    if kind == "lstm":
        np.testing.assert_allclose(found[2].numpy()[0], c, rtol=1e-12)


@pytest.mark.parametrize("kind", GATES)
def test_the_other_direction_goes_through_the_steps_backwards(kind):
    x, states, weights = arrays(kind, directions=2)
    found = call(kind, x, states, weights, directions=2)
    for place, order in ((0, slice(None)), (1, slice(None, None, -1))):
        alone = call(kind, x[order], [s[[place]] for s in states], weights[4 * place : 4 * place + 4])
        np.testing.assert_allclose(found[0][order][..., H * place : H * (place + 1)], alone[0], rtol=1e-12)
        np.testing.assert_allclose(found[1][place], alone[1][0], rtol=1e-12)


@pytest.mark.parametrize("kind", GATES)
def test_a_packed_sequence_is_as_if_it_were_alone(kind):
    x, states, weights = arrays(kind, directions=2, packed=True)
    found = call(kind, x, states, weights, directions=2, packed=True)
    for n, rows in enumerate(([0, 2, 4], [1, 3])):
        alone = call(kind, x[rows][:, None], [s[:, [n]] for s in states], weights, directions=2)
        np.testing.assert_allclose(found[0][rows], alone[0][:, 0], rtol=1e-12)
        for last, last_alone in zip(found[1:], alone[1:], strict=True):
            np.testing.assert_allclose(last[:, n], last_alone[:, 0], rtol=1e-12)


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("kind", GATES)
def test_first_and_second_derivatives(kind, packed):
    x, states, weights = arrays(kind, layers=2, directions=2, packed=packed)

    def run(x, *rest):
        found = call(kind, x, rest[: len(states)], list(rest[len(states) :]), layers=2, directions=2, packed=packed)
        return tuple(y * y for y in found)

    inputs = [torch.tensor(a, requires_grad=True) for a in (x, *states, *weights)]
    assert gradcheck(run, inputs, fast_mode=True)
    small = arrays(kind, packed=packed)

    def once(x, *rest):
        return call(kind, x, rest[: len(states)], list(rest[len(states) :]), packed=packed)[:2]

    inputs = [torch.tensor(a, requires_grad=True) for a in (small[0], *small[1], *small[2])]
    assert gradgradcheck(once, inputs, fast_mode=True)


def test_the_projection_of_an_lstm():
    x, states, weights = arrays("lstm")
    rng = np.random.default_rng(3)
    w_hr, w_hh, h = rng.normal(size=(2, H)), rng.normal(size=(4 * H, 2)), rng.normal(size=(1, N, 2))
    given = [torch.tensor(a, requires_grad=True) for a in (x, h, states[1], weights[0], w_hh, w_hr)]

    def run(x, h, c, w_ih, w_hh, w_hr):
        return torch.lstm(x, (h, c), [w_ih, w_hh, w_hr], False, 1, 0.0, False, False, False)

    hidden, cell = step("lstm", x[0], h[0], states[1][0], weights[0], w_hh, 0, 0)
    found = run(*[a[:1] if i == 0 else a for i, a in enumerate(given)])
    np.testing.assert_allclose(found[0][0].detach().numpy(), hidden @ w_hr.T, rtol=1e-12)
    np.testing.assert_allclose(found[2][0].detach().numpy(), cell, rtol=1e-12)
    assert gradcheck(run, given, fast_mode=True)
    assert gradgradcheck(run, given, fast_mode=True)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32"])
@pytest.mark.parametrize("kind", GATES)
def test_other_dtypes_are_the_double_result_rounded(kind, dtype):
    x, states, weights = arrays(kind)
    kind_of = getattr(torch, dtype)
    given = [torch.tensor(a, dtype=kind_of, requires_grad=True) for a in (x, *states, *weights)]
    found = call(kind, given[0], given[1 : 1 + len(states)], given[1 + len(states) :])[0]
    exact = [a.detach().double().requires_grad_() for a in given]
    expected = call(kind, exact[0], exact[1 : 1 + len(states)], exact[1 + len(states) :])[0]
    tolerance = 4 * torch.finfo(kind_of).eps
    assert found.dtype is kind_of
    assert torch.allclose(found.double(), expected, rtol=tolerance, atol=tolerance)
    found.sum().backward()
    expected.sum().backward()
    for mine, theirs in zip(given, exact, strict=True):
        assert mine.grad.dtype is kind_of
        scale = float(theirs.grad.abs().max())
        assert torch.allclose(mine.grad.double(), theirs.grad, rtol=0, atol=16 * tolerance * scale)


def test_large_data_in_single_precision():
    rng = np.random.default_rng(5)
    x, h = (torch.tensor(rng.normal(size=s).astype(np.float32), requires_grad=True) for s in ((20, 8, 40), (1, 8, 30)))
    w = [torch.tensor(rng.normal(size=s).astype(np.float32) / 6, requires_grad=True) for s in ((90, 40), (90, 30))]
    torch.gru(x, h, w, False, 1, 0.0, False, False, False)[0].sum().backward()
    exact = [a.detach().double().requires_grad_() for a in (x, h, *w)]
    torch.gru(exact[0], exact[1], exact[2:], False, 1, 0.0, False, False, False)[0].sum().backward()
    for mine, theirs in zip((x, h, *w), exact, strict=True):
        assert torch.allclose(mine.grad.double(), theirs.grad, rtol=0, atol=1e-5 * float(theirs.grad.abs().max()))


@pytest.mark.parametrize(
    ("kind", "packed", "name"),
    [
        ("lstm", False, "StackBackward0"),
        ("lstm", True, "CatBackward0"),
        ("gru", False, "StackBackward0"),
        ("rnn_relu", True, "CatBackward0"),
    ],
)
def test_nodes(kind, packed, name):
    x, states, weights = arrays(kind, packed=packed)
    given = [torch.tensor(w, requires_grad=True) for w in weights]
    found = call(kind, torch.tensor(x), [torch.tensor(s) for s in states], given, packed=packed)
    assert [y.grad_fn.name() for y in found] == [name] + ["StackBackward0"] * len(states)


def test_an_lstm_in_single_precision_has_the_node_of_torchs_library():
    x, states, weights = arrays("lstm", dtype=np.float32)
    given = [torch.tensor(w, requires_grad=True) for w in weights]
    found = call("lstm", torch.tensor(x), [torch.tensor(s) for s in states], given)
    assert found[0].grad_fn.name() == "MkldnnRnnLayerBackward0"


@pytest.mark.parametrize("kind", GATES)
def test_a_cell_is_a_layer_of_one_step(kind):
    x, states, weights = arrays(kind)
    hx = tuple(s[0] for s in states) if kind == "lstm" else states[0][0]
    found = getattr(torch, f"{kind}_cell")(x[0], hx, *weights)
    expected = call(kind, x[:1], states, weights)[1:]
    for y, wanted in zip(found if kind == "lstm" else (found,), expected, strict=True):
        np.testing.assert_allclose(y, wanted[0], rtol=1e-12)


X, STATE, WEIGHT, SQUARE, BIAS = np.ones((2, 3)), np.ones((2, 4)), np.ones((4, 3)), np.ones((4, 4)), np.ones(4)
MISTAKES = [
    (lambda t: torch.rnn_tanh_cell(t(X), t(np.ones((2, 5))), t(WEIGHT), t(SQUARE)), "hidden0 has inconsistent hidden_"),
    (lambda t: torch.rnn_tanh_cell(t(X), t(np.ones((3, 4))), t(WEIGHT), t(SQUARE)), "Input batch size 2 doesn't match"),
    (lambda t: torch.rnn_tanh_cell(t(X[:, :2]), t(STATE), t(WEIGHT), t(SQUARE)), "input has inconsistent input_size: "),
    (lambda t: torch.rnn_tanh_cell(t(X), t(STATE), t(WEIGHT), t(SQUARE), t(BIAS[:3])), "The expanded size of the"),
    (
        lambda t: torch.gru_cell(t(X), t(STATE), t(WEIGHT), t(SQUARE)),
        "weight_ih first dim must be 3 * hidden_size = 12",
    ),
    (lambda t: torch.lstm_cell(t(X), (t(STATE),), t(WEIGHT), t(SQUARE)), "lstm_cell expects two hidden states"),
    (
        lambda t: torch.gru(
            t(X[:0, None]), t(STATE[:1, None]), [t(WEIGHT), t(SQUARE)], False, 1, 0.0, True, False, False
        ),
        "Expected sequence length to be larger than 0 in RNN",
    ),
    (
        lambda t: torch.gru(t(X[:, None]), t(STATE[:1, None]), [t(WEIGHT)], False, 1, 0.0, True, False, False),
        "MatrixRef: ArrayRef size 1 not divisible by stride 2",
    ),
]


@pytest.mark.parametrize(("call", "text"), MISTAKES)
def test_errors(call, text):
    with pytest.raises(RuntimeError) as caught:
        call(torch.tensor)
    assert str(caught.value).startswith(text)


def test_arguments_of_other_types():
    with pytest.raises(
        TypeError, match=r"^lstm_cell\(\): argument 'hx' \(position 2\) must be tuple of Tensors, not T"
    ):
        torch.lstm_cell(torch.tensor(X), torch.tensor(STATE), torch.tensor(WEIGHT), torch.tensor(SQUARE))
