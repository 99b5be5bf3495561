"""Recurrent layers, cells and embedding bags live against torch: values, seeds, gradients, nodes, texts, warnings."""

import copy
import pickle

import pytest

from tests.against_torch.outcome import compare

LAYERS = {
    "deep": {"num_layers": 3, "dropout": 0.4, "bidirectional": True},
    "batch first": {"batch_first": True},
    "no bias": {"bias": False, "num_layers": 2},
    "double": {"dtype": "float64", "bidirectional": True},
}


def layer_of(library, kind, options):
    library.manual_seed(3)
    options = {key: getattr(library, value) if key == "dtype" else value for key, value in options.items()}
    return getattr(library.nn, kind)(3, 4, **options)


def names(*tensors):
    return [tensor.grad_fn.name() for tensor in tensors]


@pytest.mark.parametrize("options", LAYERS.values(), ids=LAYERS)
@pytest.mark.parametrize("kind", ["LSTM", "GRU", "RNN"])
def test_layers(kind, options):
    def program(library):
        layer = layer_of(library, kind, options)
        x = library.randn(5, 2, 3, dtype=layer.weight_ih_l0.dtype, requires_grad=True)
        y, last = layer(x)
        last = last if isinstance(last, tuple) else (last,)
        sum(t.square().sum() for t in (y, *last)).backward()
        grads = [p.grad for p in layer.parameters()]
        return repr(layer), layer.state_dict(), y, last, x.grad, grads, list(y.stride()), names(y, *last)

    compare(program)


@pytest.mark.parametrize("kind", ["LSTM", "GRU", "RNN"])
def test_packed_and_single_sequences(kind):
    def program(library):
        layer = layer_of(library, kind, {"bidirectional": True, "num_layers": 2, "dropout": 0.3})
        given = [library.randn(n, 3) for n in (3, 5, 1)]
        packed = library.nn.utils.rnn.pack_sequence(given, enforce_sorted=False)
        y, last = layer(packed)
        again, more = layer(packed, last)
        single = layer(given[1])
        return list(y), last, list(again), more, single, names(y.data), type(y).__name__

    compare(program)


def test_copies():
    def program(library):
        layer = layer_of(library, "LSTM", {"bidirectional": True}).eval()
        x = library.randn(5, 2, 3)
        other = copy.deepcopy(layer).double()
        kept = pickle.loads(pickle.dumps(layer))
        shared = [a is b for a, b in zip(other._flat_weights, other.parameters(), strict=True)]
        layer.weight_hh_l0 = library.nn.Parameter(library.zeros(16, 4))
        return other(x.double()), kept(x), layer(x), shared, layer._flat_weights_names, other.all_weights

    compare(program)


@pytest.mark.parametrize("kind", ["LSTM", "GRU", "RNN"])
def test_second_derivatives(kind):
    def program(library):
        layer = layer_of(library, kind, {"dtype": "float64", "num_layers": 2})
        x = library.randn(3, 2, 3, dtype=library.float64, requires_grad=True)
        inputs = [x, *layer.parameters()]
        first = library.autograd.grad(layer(x)[0].square().sum(), inputs, create_graph=True)
        return library.autograd.grad(sum(g.square().sum() for g in first), inputs)

    compare(program)


@pytest.mark.parametrize("kind", ["LSTMCell", "GRUCell", "RNNCell"])
def test_cells(kind):
    def program(library):
        cell = layer_of(library, kind, {})
        x = library.randn(2, 3)
        first, second = cell(x), cell(x[0])
        found = first if isinstance(first, tuple) else (first,)
        last = cell(x, first)
        (last[0] + last[1] if kind == "LSTMCell" else last).sum().backward()
        return repr(cell), cell.state_dict(), first, second, names(*found), [p.grad for p in cell.parameters()]

    compare(program)


def attempt(call):
    try:
        return call() and None
    except Exception as error:
        return f"{type(error).__name__}: {error}"


MADE_WRONG = [
    lambda nn: nn.RNN(3, 4, 1, "x"),
    lambda nn: nn.RNN(3, 4, proj_size=1),
    lambda nn: nn.LSTM(3, 4, proj_size=4),
    lambda nn: nn.LSTM(3, 4, proj_size=-4),
    lambda nn: nn.LSTM(0, 4),
    lambda nn: nn.LSTM(3, 0),
    lambda nn: nn.LSTM(3, 4, 0),
    lambda nn: nn.LSTM(3.0, 4),
    lambda nn: nn.LSTM(3, 4, bias=1),
    lambda nn: nn.LSTM(3, 4, dropout=2),
    lambda nn: nn.LSTM(3, 4, dropout=True),
    lambda nn: nn.LSTM(3, 4, dropout="a"),
    lambda nn: nn.GRU(3, 4, dropout=0.1),
    lambda nn: nn.RNNBase("X", 3, 4),
    lambda nn: nn.LSTM(),
    lambda nn: nn.LSTM(3, 4, foo=1),
    lambda nn: nn.EmbeddingBag(4, 3, padding_idx=4),
    lambda nn: nn.EmbeddingBag(4, 3, padding_idx=-5),
]


@pytest.mark.parametrize("make", MADE_WRONG)
def test_layers_that_cannot_be_made(make):
    compare(lambda library: attempt(lambda: make(library.nn)))


@pytest.mark.parametrize("kind", ["LSTM", "GRU", "RNN"])
def test_inputs_that_do_not_fit(kind):
    def program(library):
        layer, z = getattr(library.nn, kind)(3, 4), library.zeros

        def h(*size):
            return (z(*size), z(*size)) if kind == "LSTM" else z(*size)

        x = z(2, 1, 3)
        calls = [(z(3),), (z(2, 1, 4),), (x, h(1, 4)), (x, h(1, 2, 4)), (x[:, 0], h(1, 1, 4)), (x[:0],)]
        calls += [(x[:, 0], h(2, 4)), (x.double(),), (x, h(1, 1, 3)), (x, h(1, 1, 4)[:1])]
        return [attempt(lambda given=given: layer(*given)) for given in calls]

    compare(program)


def test_inputs_of_cells_that_do_not_fit():
    def program(library):
        nn, z = library.nn, library.zeros
        lstm, gru, rnn = nn.LSTMCell(3, 4), nn.GRUCell(3, 4, bias=False), nn.RNNCell(3, 4)
        calls = [lambda: lstm(z(1, 1, 3)), lambda: lstm(z(1, 3), (z(1, 1, 4), z(1, 4))), lambda: gru(z(3).double())]
        calls += [lambda: lstm(z(2, 3), z(3, 4)), lambda: lstm(z(2, 3), (z(2, 4), z(3, 4))), lambda: rnn(z(2, 2))]
        calls += [lambda: rnn(z(2, 3), z(2, 3)), lambda: rnn(z(2, 3), z(4)), lambda: rnn(z(3), z(2, 4))]
        calls += [lambda: rnn(z(2, 3).double()), lambda: nn.RNNCell(3, 4, nonlinearity="u")(z(3))]
        return [attempt(call) for call in calls], repr(gru), repr(nn.RNNCell(3, 4, nonlinearity="relu"))

    compare(program)


BAGS = [
    {"mode": mode, "padding_idx": padding, "scale_grad_by_freq": by_frequency, "include_last_offset": ends}
    for mode in ("sum", "mean", "max")
    for padding in (None, 2, -1)
    for by_frequency in (False, True)
    for ends in (False, True)
    if not (mode == "max" and by_frequency)
]


@pytest.mark.parametrize("options", BAGS, ids=str)
def test_embedding_bag(options):
    def program(library):
        library.manual_seed(6)
        w = library.randn(6, 4, dtype=library.float64).requires_grad_()
        p = library.randn(15, dtype=library.float64).requires_grad_()
        at, offsets = library.randint(0, 6, (15,)), library.tensor([0, 0, 3, 9, 15])
        weights = {"per_sample_weights": p} if options["mode"] == "sum" else {}
        y = library.nn.functional.embedding_bag(at, w, offsets, **options, **weights)
        y.square().sum().backward()
        return y, w.grad, p.grad, names(y)

    compare(program)


BAG_CALLS = [
    lambda e, t: e(t([1])),
    lambda e, t: e(t([1]), t([[0]])),
    lambda e, t: e(t([[[1]]])),
    lambda e, t: e(t([1]), t([0]), t([1.0])),
    lambda e, t: e(t([1]), t([0]), t([1.0, 2.0])),
    lambda e, t: e(t([5]), t([0])),
    lambda e, t: e(t([1, 2]), t([1])),
    lambda e, t: e(t([1, 2]), t([0, 3])),
    lambda e, t: e(t([1.0]), t([0])),
]


@pytest.mark.parametrize("mode", ["sum", "mean", "max"])
@pytest.mark.parametrize("call", BAG_CALLS)
def test_bags_that_do_not_fit(call, mode):
    def program(library):
        library.manual_seed(1)
        found = attempt(lambda: call(library.nn.EmbeddingBag(4, 3, mode=mode), library.tensor))
        return None if found is None else found.split("\n")[0]

    compare(program)
