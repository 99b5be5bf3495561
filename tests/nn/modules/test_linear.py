"""Linear, Bilinear, LazyLinear, and with them Flatten, Embedding, MultiheadAttention: parameters, texts, state."""

import pytest

import pyconv as torch
from pyconv import nn


def test_texts():
    assert repr(nn.Linear(2, 3)) == "Linear(in_features=2, out_features=3, bias=True)"
    assert repr(nn.Bilinear(2, 3, 4, bias=False)) == (
        "Bilinear(in1_features=2, in2_features=3, out_features=4, bias=False)"
    )
    assert repr(nn.Embedding(5, 2, padding_idx=-1, max_norm=1.0)) == "Embedding(5, 2, padding_idx=4, max_norm=1.0)"
    assert repr(nn.Flatten()) == "Flatten(start_dim=1, end_dim=-1)"
    assert repr(nn.Unflatten(1, (2, 3))) == "Unflatten(dim=1, unflattened_size=(2, 3))"
    assert "NonDynamicallyQuantizableLinear(in_features=4, out_features=4, bias=True)" in repr(
        nn.MultiheadAttention(4, 2)
    )


def test_initial_values_are_torchs_under_a_seed():
    """Recorded from torch: the parameters of a Linear of 2 features to 1, made right after `manual_seed(0)`."""
    torch.manual_seed(0)
    layer = nn.Linear(2, 1)
    assert layer.weight.tolist()[0] == pytest.approx([-0.0052939812, 0.3793228865])
    assert layer.bias.item() == pytest.approx(-0.5819807649)


def test_state_dicts_have_torchs_keys():
    assert list(nn.Linear(2, 3).state_dict()) == ["weight", "bias"]
    assert list(nn.MultiheadAttention(4, 2, add_bias_kv=True).state_dict()) == [
        "in_proj_weight",
        "in_proj_bias",
        "bias_k",
        "bias_v",
        "out_proj.weight",
        "out_proj.bias",
    ]


def test_a_lazy_linear_becomes_a_linear():
    layer = nn.LazyLinear(3)
    assert layer(torch.ones(2, 5)).shape == (2, 3)
    assert type(layer) is nn.Linear
    assert layer.in_features == 5


def test_embedding_has_a_zero_row():
    layer = nn.Embedding(4, 2, padding_idx=1)
    assert layer.weight[1].tolist() == [0.0, 0.0]
    frozen = nn.Embedding.from_pretrained(torch.ones(3, 2))
    assert not frozen.weight.requires_grad
    assert frozen(torch.tensor([2])).tolist() == [[1.0, 1.0]]


@pytest.mark.parametrize("batch_first", [False, True])
def test_attention_with_the_batch_first_or_second(batch_first):
    torch.manual_seed(0)
    layer = nn.MultiheadAttention(4, 2, batch_first=batch_first)
    x = torch.randn(3, 5, 4)
    y, weights = layer(x, x, x)
    assert y.shape == x.shape
    assert weights.shape == ((3, 5, 5) if batch_first else (5, 3, 3))
    assert torch.allclose(weights.sum(-1), torch.ones(weights.shape[:-1]))


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda: nn.Bilinear(0, 1, 1), ValueError, "in1_features must be > 0, but got (in1_features=0)"),
        (lambda: nn.Embedding(2, 1, 2), AssertionError, "Padding_idx must be within num_embeddings"),
        (lambda: nn.MultiheadAttention(3, 2), AssertionError, "embed_dim must be divisible by num_heads"),
        (
            lambda: nn.Unflatten(1, (2, "a")),
            TypeError,
            "unflattened_size must be tuple of ints, but found element of type str at pos 1",
        ),
    ],
)
def test_errors_are_torchs(call, error, text):
    with pytest.raises(error) as raised:
        call()
    assert str(raised.value) == text
