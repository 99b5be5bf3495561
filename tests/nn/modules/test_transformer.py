"""Transformer, its encoders and decoders: the formulas, masks, names, derivatives, torch's warnings and errors."""

import numpy as np
import pytest

import pyconv as torch
from pyconv import nn
from pyconv.autograd import gradcheck
from pyconv.nn import functional as F
from pyconv.nn.utils.stateless import call_with


def encoder(**options):
    torch.manual_seed(0)
    return nn.TransformerEncoderLayer(4, 2, 8, 0.0, batch_first=True, dtype=torch.float64, **options)


def x_of(*size):
    return torch.tensor(np.random.default_rng(1).normal(size=size))


@pytest.mark.parametrize("norm_first", [False, True])
def test_an_encoder_layer_is_its_parts(norm_first):
    layer = encoder(norm_first=norm_first, activation="gelu")
    x = x_of(2, 3, 4)

    def attend(x):
        return layer.self_attn(x, x, x)[0]

    def feed(x):
        return layer.linear2(F.gelu(layer.linear1(x)))

    if norm_first:
        y = x + attend(layer.norm1(x))
        y = y + feed(layer.norm2(y))
    else:
        y = layer.norm1(x + attend(x))
        y = layer.norm2(y + feed(y))
    assert torch.allclose(layer(x), y, rtol=1e-12, atol=1e-12)


def test_a_decoder_layer_is_its_parts():
    torch.manual_seed(0)
    layer = nn.TransformerDecoderLayer(4, 2, 8, 0.0, dtype=torch.float64)
    x, memory = x_of(3, 2, 4), x_of(5, 2, 4)
    y = layer.norm1(x + layer.self_attn(x, x, x)[0])
    y = layer.norm2(y + layer.multihead_attn(y, memory, memory)[0])
    y = layer.norm3(y + layer.linear2(F.relu(layer.linear1(y))))
    assert torch.allclose(layer(x, memory), y, rtol=1e-12, atol=1e-12)


def test_a_causal_mask_hides_what_comes_later():
    stack = nn.TransformerEncoder(encoder(), 2)
    x = x_of(1, 4, 4)
    changed = x.clone()
    changed[:, 3] += 1
    mask = nn.Transformer.generate_square_subsequent_mask(4, dtype=torch.float64)
    for hints in ({}, {"is_causal": True}):
        before, after = stack(x, mask=mask, **hints), stack(changed, mask=mask, **hints)
        assert torch.equal(before[:, :3], after[:, :3])
        assert not torch.equal(before[:, 3], after[:, 3])


def test_padding_is_not_attended_to_and_zero_in_evaluation():
    stack = nn.TransformerEncoder(encoder(), 2)
    x = x_of(2, 3, 4)
    padding = torch.tensor([[False, False, True], [False, False, False]])
    with torch.no_grad():
        found = stack(x, src_key_padding_mask=padding)
        assert torch.allclose(found[:1, :2], stack(x[:1, :2]))
        assert found[0, 2].abs().max() > 0
        evaluated = stack.eval()(x, src_key_padding_mask=padding)
        assert torch.allclose(evaluated[:, :2], found[:, :2])
        assert evaluated[0, 2].abs().max() == 0
        scattered = torch.tensor([[True, False, False], [False, False, False]])
        assert stack(x, src_key_padding_mask=scattered)[0, 0].abs().max() > 0


def test_gradients():
    layer = encoder()
    parameters = dict(layer.named_parameters())
    x = x_of(1, 2, 4).requires_grad_()
    assert gradcheck(
        lambda x, *p: call_with(layer, dict(zip(parameters, p, strict=True)), (x,)),
        [x, *parameters.values()],
        fast_mode=True,
    )


def test_names_and_copies():
    torch.manual_seed(0)
    model = nn.Transformer(4, 2, 2, 1, 8, batch_first=True)
    names = list(model.state_dict())
    assert names[0] == "encoder.layers.0.self_attn.in_proj_weight"
    assert names[-1] == "decoder.norm.bias"
    assert len(names) == 2 * 12 + 2 + 18 + 2
    first, second = model.encoder.layers
    assert first.linear1.weight is not second.linear1.weight
    assert not torch.equal(first.linear1.weight, second.linear1.weight)
    stack = nn.TransformerEncoder(encoder(), 2)
    assert torch.equal(stack.layers[0].linear1.weight, stack.layers[1].linear1.weight)


def test_a_transformer_is_its_decoder_on_its_encoder():
    torch.manual_seed(0)
    model = nn.Transformer(4, 2, 1, 1, 8, dropout=0.0, batch_first=True)
    source, target = torch.randn(2, 3, 4), torch.randn(2, 5, 4)
    assert torch.equal(model(source, target), model.decoder(target, model.encoder(source)))
    single = model(source[0], target[0])
    assert torch.allclose(single, model(source, target)[0], atol=1e-6)


def test_the_causal_mask():
    mask = nn.Transformer.generate_square_subsequent_mask(3).numpy()
    assert np.array_equal(np.isneginf(mask), np.triu(np.ones((3, 3), bool), 1))
    assert (mask[np.tril_indices(3)] == 0).all()


def test_warnings_and_errors():
    with pytest.warns(UserWarning, match=r"encoder_layer\.self_attn\.batch_first was not True\(use batch_first for b"):
        nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 2, 8), 1)
    with pytest.raises(RuntimeError, match=r"^activation should be relu/gelu, not x$"):
        nn.TransformerDecoderLayer(4, 2, activation="x")
    model = nn.Transformer(4, 2, 1, 1, 8, batch_first=True)
    with pytest.raises(RuntimeError, match=r"^the batch number of src and tgt must be equal$"):
        model(torch.ones(2, 3, 4), torch.ones(1, 3, 4))
    with pytest.raises(RuntimeError, match=r"^the feature number of src and tgt must be equal to d_model$"):
        model(torch.ones(2, 3, 4), torch.ones(2, 3, 5))


@pytest.mark.parametrize("size", [(0, 3, 8), (3, 0, 8)])
@pytest.mark.parametrize("batch_first", [False, True])
def test_sequences_without_elements(size, batch_first):
    x = torch.zeros(size, requires_grad=True)
    layer = nn.TransformerDecoderLayer(8, 2, 16, batch_first=batch_first)
    y = layer(x, x)
    y.sum().backward()
    assert y.shape == x.grad.shape == size


@pytest.mark.parametrize("sizes", [((3, 2, 8), (0, 2, 8)), ((0, 2, 8), (3, 2, 8)), ((3, 8), (0, 8)), ((0, 8), (3, 8))])
def test_attention_to_nothing_and_by_nothing(sizes):
    query, key = map(torch.zeros, sizes)
    layer = nn.MultiheadAttention(8, 2)
    found, weights = layer(query, key, key, need_weights=False)
    assert (found.shape, weights) == (sizes[0], None)
    assert layer(query, key, key)[0].shape == sizes[0]
