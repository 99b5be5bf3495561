"""embedding_bag and EmbeddingBag: bags by hand, derivatives, padding, norms, torch's errors."""

import itertools

import numpy as np
import pytest

import pyconv as torch
from pyconv import nn
from pyconv.autograd import gradcheck, gradgradcheck
from pyconv.nn import functional as F
from pyconv.ops import embedding_bag as ops

AT = [3, 1, 1, 0, 2, 3, 1]
OFFSETS = [0, 2, 2, 5]


def table(dtype=np.float64):
    return torch.tensor(np.random.default_rng(2).normal(size=(4, 3)).astype(dtype), requires_grad=True)


def by_hand(w, mode, padding, weights):
    found = np.zeros((len(OFFSETS), w.shape[1]))
    for bag, (start, stop) in enumerate(itertools.pairwise([*OFFSETS, len(AT)])):
        kept = [i for i in range(start, stop) if AT[i] != padding]
        rows = np.array([w[AT[i]] * weights[i] for i in kept])
        if kept:
            found[bag] = getattr(rows, mode)(axis=0)
    return found


@pytest.mark.parametrize("padding", [None, 1])
@pytest.mark.parametrize("mode", ["sum", "mean", "max"])
def test_bags_and_derivatives(mode, padding):
    w, weights = table(), np.arange(1.0, 8.0) if mode == "sum" else np.ones(7)
    p = torch.tensor(weights, requires_grad=True) if mode == "sum" else None

    def run(w, p=p):
        at, offsets = torch.tensor(AT), torch.tensor(OFFSETS)
        return F.embedding_bag(at, w, offsets, mode=mode, padding_idx=padding, per_sample_weights=p)

    found = run(w)
    np.testing.assert_allclose(found.detach().numpy(), by_hand(w.detach().numpy(), mode, padding, weights), rtol=1e-12)
    assert found.grad_fn.name() == "EmbeddingBagBackward0"
    inputs = (w,) if p is None else (w, p)
    assert gradcheck(run, inputs)
    assert gradgradcheck(run, inputs)


def test_rows_of_bags_with_one_size():
    w = table()
    at = torch.tensor([[0, 1], [2, 2]])
    expected = F.embedding(at, w).mean(1)
    assert torch.allclose(F.embedding_bag(at, w), expected)
    assert np.allclose(F.embedding_bag(at.numpy(), w.detach().numpy()), expected.detach().numpy())


@pytest.mark.parametrize("mode", ["sum", "mean"])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("kind", [torch.float64, torch.float32, torch.bfloat16])
def test_large_bags_of_one_size(mode, weighted, kind, monkeypatch):
    if weighted and mode == "mean":
        return
    monkeypatch.setattr(ops, "_PIECE", 2 * 6 * 3)
    rng = np.random.default_rng(0)
    w = torch.tensor(rng.normal(size=(9, 3))).to(kind)
    at = rng.integers(0, 9, (5, 6))
    p = torch.tensor(rng.normal(size=(5, 6))).to(kind) if weighted else None
    found = F.embedding_bag(torch.tensor(at), w, mode=mode, per_sample_weights=p)
    rows = w.double().numpy()[at] * (1 if p is None else p.double().numpy()[:, :, None])
    wanted = rows.sum(1) if mode == "sum" else rows.mean(1)
    assert found.dtype is kind
    np.testing.assert_array_max_ulp(found.float().numpy(), torch.tensor(wanted).to(kind).float().numpy(), 1)


def test_what_is_infinite_stays_in_its_bag():
    w = torch.zeros(9, 3)
    w[4] = float("inf")
    found = F.embedding_bag(torch.tensor([[0, 1, 2, 3], [4, 5, 6, 7]]), w, mode="mean")
    assert found.tolist() == [[0.0] * 3, [float("inf")] * 3]


def test_the_last_offset_can_be_the_end():
    w = table()
    found = F.embedding_bag(torch.tensor(AT), w, torch.tensor([*OFFSETS, 7]), include_last_offset=True)
    assert torch.equal(found, F.embedding_bag(torch.tensor(AT), w, torch.tensor(OFFSETS)))


def test_only_the_fast_way_leaves_out_what_comes_after_the_last_offset():
    """torch takes it for float32 sums and means without padding; a mean is divided by all that would be left."""
    w = torch.arange(15.0).square().reshape(5, 3)
    at, offsets = torch.tensor([0, 1, 2, 3]), torch.tensor([0, 0, 2])

    def call(weight, mode, padding=None):
        return torch.embedding_bag(weight, at, offsets, False, mode, False, None, True, padding)

    assert call(w, 0)[0].tolist() == [[0.0, 0.0, 0.0], [9.0, 17.0, 29.0]]
    assert call(w, 1)[0].tolist() == [[0.0, 0.0, 0.0], [2.25, 4.25, 7.25]]
    assert call(w.double(), 0)[0].tolist() == [[0.0, 0.0, 0.0], [126.0, 166.0, 214.0]]
    assert call(w, 0, 1)[0].tolist() == [[0.0, 0.0, 0.0], [117.0, 150.0, 189.0]]
    values, bag, sizes, rows = call(w, 2)
    assert values.tolist() == [[0.0, 0.0, 0.0], [81.0, 100.0, 121.0]]
    assert (bag.tolist(), sizes.tolist(), rows.tolist()) == ([1, 1, 1, 1], [0, 4], [[0, 0, 0], [3, 3, 3]])


def test_gradients_by_frequency_are_divided_as_torch_divides_them():
    """The k-th row that is looked up is divided by the count of the k-th index in order, not by its own."""
    w = table()
    at = torch.tensor([[0, 2, 1, 3, 1]])
    F.embedding_bag(at, w, mode="sum", scale_grad_by_freq=True).sum().backward()
    assert w.grad[:, 0].tolist() == [1.0, 1.0, 0.5, 1.0]


def test_half_precision_is_rounded_once():
    w = torch.tensor(np.random.default_rng(3).normal(size=(50, 2)), dtype=torch.float16)
    at = torch.arange(50)[None]
    expected = w.double().sum(0).half()
    assert torch.equal(F.embedding_bag(at, w, mode="sum")[0], expected)


def test_norms_are_made_smaller():
    w = torch.tensor([[3.0, 4.0], [0.3, 0.4]])
    found = F.embedding_bag(torch.tensor([[0, 1]]), w, max_norm=1.0, mode="sum")
    assert np.allclose(w.numpy(), [[0.6, 0.8], [0.3, 0.4]])
    assert np.allclose(found.numpy(), [[0.9, 1.2]])


def test_all_results():
    given = torch.tensor([[1.0, 5.0], [2.0, 4.0]]), torch.tensor([0, 1, 1]), torch.tensor([0, 2])
    for mode, bag, sizes, rows in ((0, [], [0, 0], [0, 0]), (1, [0, 0, 1], [2, 1], [2, 1])):
        found = torch.embedding_bag(*given, mode=mode)
        assert [tensor.tolist() for tensor in found[1:]] == [bag, sizes, rows]
    assert torch.embedding_bag(*given, mode=2)[3].tolist() == [[1, 0], [1, 1]]


def test_module():
    torch.manual_seed(0)
    module = nn.EmbeddingBag(4, 3, mode="sum", padding_idx=-1)
    assert module.weight[3].tolist() == [0.0, 0.0, 0.0]
    assert repr(module) == "EmbeddingBag(4, 3, mode='sum', padding_idx=3)"
    assert torch.equal(module(torch.tensor([[0, 3]])), module.weight[:1])
    made = nn.EmbeddingBag.from_pretrained(torch.ones(2, 3), freeze=False)
    assert made.weight.requires_grad
    with pytest.raises(AssertionError, match=r"^padding_idx must be within num_embeddings$"):
        nn.EmbeddingBag(4, 3, padding_idx=4)


def call(at, offsets=None, **options):
    return F.embedding_bag(torch.tensor(at), table(), None if offsets is None else torch.tensor(offsets), **options)


ERRORS = [
    (lambda: call([1]), ValueError, "offsets has to be a 1D Tensor but got None"),
    (lambda: call([[1]], [0]), ValueError, "if input is 2D, then offsets has to be None"),
    (lambda: call([1], [0], mode="x"), ValueError, "mode has to be one of sum, mean or max"),
    (
        lambda: call([1], [0], per_sample_weights=torch.ones(1)),
        NotImplementedError,
        "embedding_bag: per_sample_w",
    ),
    (lambda: call([4], [0]), RuntimeError, "embedding_bag: Expected idx >= 0 && idx < num_embeddings but found idx "),
    (
        lambda: F.embedding_bag(torch.tensor([[4]]), table(np.float32)),
        RuntimeError,
        "Index 0 of input takes value 4 which is not in the valid range [0, 4)",
    ),
    (
        lambda: F.embedding_bag(torch.tensor([[4]]), table(np.float32), padding_idx=0),
        RuntimeError,
        "embedding_bag: Expected idx >= 0 && idx < num_embeddings but found idx to be 4",
    ),
    (lambda: call([1], [1]), RuntimeError, "offsets[0] has to be 0"),
    (
        lambda: call([1], [0, 2]),
        RuntimeError,
        "offsets[-1] can not be greater than input's length 1 but got offse",
    ),
    (
        lambda: call([1], [0], padding_idx=9),
        RuntimeError,
        "padding_idx must be within the number of embeddings, -4 t",
    ),
    (lambda: call([1.0], [0]), RuntimeError, "Expected tensor for argument #1 'indices' to have one of the following"),
    (
        lambda: call([[0]], mode="max", scale_grad_by_freq=True),
        ValueError,
        "max mode does not support scaling the gradient by the frequency",
    ),
]


@pytest.mark.parametrize(("call", "error", "text"), ERRORS)
def test_errors(call, error, text):
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value).startswith(text)
