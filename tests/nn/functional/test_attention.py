"""Scaled dot products: against the formula, masks, causality, shared heads, derivatives, torch's errors."""

import numpy as np
import pytest

import pyconv as torch
from pyconv.autograd import gradcheck, gradgradcheck
from pyconv.nn import functional as F

RANDOM = np.random.default_rng(7)


def tensor(*shape):
    return torch.tensor(RANDOM.normal(size=shape), requires_grad=True)


def by_formula(q, k, v, mask=0.0, scale=None):
    scores = np.einsum("...le,...se->...ls", q, k) * (q.shape[-1] ** -0.5 if scale is None else scale) + mask
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    return weights / weights.sum(-1, keepdims=True) @ v


@pytest.mark.parametrize("kind", ["plain", "added", "bool", "causal", "scale"])
def test_the_formula(kind):
    q, k, v = tensor(2, 3, 4), tensor(2, 5, 4), tensor(2, 5, 6)
    allowed = np.tri(3, 5, dtype=bool)
    hidden = np.where(allowed, 0, -np.inf)
    arguments, mask, scale = {}, 0.0, None
    if kind == "added":
        mask = RANDOM.normal(size=(3, 5))
        arguments["attn_mask"] = torch.tensor(mask)
    elif kind == "bool":
        arguments["attn_mask"], mask = torch.tensor(allowed), hidden
    elif kind == "causal":
        arguments["is_causal"], mask = True, hidden
    elif kind == "scale":
        arguments["scale"] = scale = 0.3
    found = F.scaled_dot_product_attention(q, k, v, **arguments)
    arrays = (x.detach().numpy() for x in (q, k, v))
    np.testing.assert_allclose(found.detach().numpy(), by_formula(*arrays, mask, scale), rtol=1e-10)
    assert gradcheck(lambda *x: F.scaled_dot_product_attention(*x, **arguments), (q, k, v))
    assert gradgradcheck(lambda *x: F.scaled_dot_product_attention(*x, **arguments), (q, k, v))


def test_a_row_without_keys_is_zero_and_has_no_gradient():
    q, k, v = tensor(2, 4), tensor(3, 4), tensor(3, 4)
    mask = torch.tensor([[True, False, True], [False, False, False]])
    found = F.scaled_dot_product_attention(q, k, v, mask)
    assert found[1].tolist() == [0.0] * 4
    found.sum().backward()
    assert q.grad[1].tolist() == [0.0] * 4
    assert torch.isfinite(k.grad).all()


def test_heads_are_shared():
    q, k, v = tensor(4, 3, 2), tensor(2, 5, 2), tensor(2, 5, 2)
    found = F.scaled_dot_product_attention(q, k, v, enable_gqa=True)
    expected = F.scaled_dot_product_attention(q, k.repeat_interleave(2, 0), v.repeat_interleave(2, 0))
    assert torch.equal(found, expected)


def test_heads_keep_their_projections_apart():
    x = tensor(3, 2, 4)
    w, b, out = tensor(12, 4), tensor(12), tensor(4, 4)
    parts = [
        x.detach().numpy() @ p.detach().numpy().T + c.detach().numpy()
        for p, c in zip(w.chunk(3), b.chunk(3), strict=True)
    ]
    q, k, v = (p.reshape(3, 2, 2, 2).transpose(1, 2, 0, 3) for p in parts)
    expected = by_formula(q, k, v).transpose(2, 0, 1, 3).reshape(3, 2, 4) @ out.detach().numpy().T
    arguments = (x, x, x, 4, 2, w, b, None, None, False, 0.0, out, None)
    for need_weights in (True, False):
        found, _ = F.multi_head_attention_forward(*arguments, need_weights=need_weights)
        np.testing.assert_allclose(found.detach().numpy(), expected, rtol=1e-10)


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (
            lambda: F.scaled_dot_product_attention(torch.ones(4), torch.ones(5, 4), torch.ones(5, 6)),
            "Expected query, key, and value to all be  at least 2 dimensional, but got query.dim: 1 key.dim: 2 and "
            "value.dim: 2 instead.",
        ),
        (
            lambda: F.scaled_dot_product_attention(
                torch.ones(3, 4), torch.ones(5, 4), torch.ones(5, 6), torch.ones(3, 5), is_causal=True
            ),
            "_scaled_dot_product_attention: Explicit attn_mask should not be set when is_causal=True",
        ),
    ],
)
def test_errors_are_torchs(call, text):
    with pytest.raises(RuntimeError) as raised:
        call()
    assert str(raised.value) == text


@pytest.mark.parametrize("size", [(5, 0), (0, 3)])
def test_a_value_without_elements_gives_zeros_whatever_the_mask(size):
    q, k, v = torch.ones(2, 3, 4, requires_grad=True), torch.ones(2, 5, 4), torch.ones(2, *size)
    found = F.scaled_dot_product_attention(q, k, v, torch.ones(7, 5, dtype=torch.bool))
    assert found.shape == (2, 3, size[1])
    assert not found.detach().numpy().any()
    assert found.grad_fn.name() == "AddBackward0"
    assert torch.autograd.grad(found.sum(), q)[0].tolist() == torch.zeros(2, 3, 4).tolist()


def test_a_value_shorter_than_the_key_leaves_keys_out():
    q, k, v = (torch.randn(1, 2, n, 3, dtype=torch.float64, requires_grad=True) for n in (2, 4, 3))
    found = F.scaled_dot_product_attention(q, k, v)
    assert torch.equal(found, F.scaled_dot_product_attention(q, k[:, :, :3], v))
    (gk,) = torch.autograd.grad(found.sum(), k)
    assert not gk[:, :, 3].any()
    assert gk[:, :, :3].any()
    assert torch.equal(F.scaled_dot_product_attention(q, k, v, torch.zeros(2, 1)), found)
    with pytest.raises(RuntimeError) as raised:
        F.scaled_dot_product_attention(q, k, v, torch.zeros(2, 4))
    assert str(raised.value) == (
        "The expanded size of the tensor (3) must match the existing size (4) at non-singleton dimension 3.  "
        "Target sizes: [1, 1, 2, 3].  Tensor sizes: [1, 1, 2, 4]"
    )


@pytest.mark.parametrize(
    ("sizes", "mask", "options"),
    [
        (((2, 2, 3), (2, 4, 3), (2, 3, 3)), None, {}),
        (((1, 2, 2, 3), (1, 2, 4, 3), (1, 2, 3, 2)), None, {}),
        (((1, 2, 2, 3), (1, 1, 4, 3), (1, 1, 3, 3)), None, {}),
        (((1, 2, 2, 3), (1, 2, 4, 3), (1, 2, 3, 3)), None, {"dropout_p": 0.5}),
        (((1, 2, 2, 3), (1, 2, 4, 3), (1, 2, 3, 3)), (2, 2, 4), {}),
    ],
)
def test_only_the_fused_kernel_takes_a_shorter_value(sizes, mask, options):
    operands = [torch.ones(*size) for size in sizes]
    with pytest.raises(RuntimeError, match=r"Expected size .* to be: \[2, 4\] but got: \[2, 3\]."):
        F.scaled_dot_product_attention(*operands, None if mask is None else torch.ones(*mask), **options)


@pytest.mark.parametrize(
    ("size", "text"),
    [
        ((2, 3), "expected m1 and m2 to have the same dtype, but got: float != long int"),
        ((1, 2, 3), "expected scalar type Float but found Long"),
    ],
)
def test_integers_do_not_fit_their_weights(size, text):
    x = torch.ones(*size, dtype=torch.int64)
    with pytest.raises(RuntimeError) as raised:
        F.scaled_dot_product_attention(x, x, x)
    assert str(raised.value) == text


def test_no_bools_give_integers():
    x = torch.ones(0, 3, dtype=torch.bool)
    assert F.scaled_dot_product_attention(torch.ones(2, 3, dtype=torch.bool), x, x).dtype is torch.int64
