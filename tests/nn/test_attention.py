"""Which kernels scaled dot products may take; the texts are torch's."""

import pytest

import pyconv
from pyconv.nn import functional as F
from pyconv.nn.attention import SDPBackend, sdpa_kernel

NONE_LEFT = "^No viable backend for scaled_dot_product_attention was found. This is likely due to turning off both"
CUDA = pyconv.backends.cuda


def enabled():
    return [getattr(CUDA, f"{name}_sdp_enabled")() for name in ("flash", "mem_efficient", "math", "cudnn")]


def test_a_block_allows_some_and_gives_back_the_others():
    with sdpa_kernel([SDPBackend.MATH, SDPBackend.CUDNN_ATTENTION], set_priority=True) as given:
        assert given == {}
        assert enabled() == [False, False, True, True]
        with sdpa_kernel(SDPBackend.FLASH_ATTENTION):
            assert enabled() == [True, False, False, False]
        assert enabled() == [False, False, True, True]
    assert enabled() == [True] * 4


def test_attention_takes_what_is_left():
    x = pyconv.randn(1, 2, 3, 4)
    found = F.scaled_dot_product_attention(x, x, x)
    for backend in (SDPBackend.MATH, SDPBackend.FLASH_ATTENTION):
        with sdpa_kernel(backend):
            assert pyconv.equal(F.scaled_dot_product_attention(x, x, x), found)
    with (
        sdpa_kernel([SDPBackend.EFFICIENT_ATTENTION, SDPBackend.CUDNN_ATTENTION]),
        pytest.raises(RuntimeError, match=NONE_LEFT),
    ):
        F.scaled_dot_product_attention(x, x, x)
    with (
        sdpa_kernel(SDPBackend.FLASH_ATTENTION),
        pytest.raises(RuntimeError, match=r"^No available kernel\.  Aborting execution\.$"),
    ):
        F.scaled_dot_product_attention(x, x, x, dropout_p=0.5)
    assert F.scaled_dot_product_attention(x, x, x, dropout_p=0.5).shape == x.shape


@pytest.mark.parametrize("backends", [3, "math", None, (SDPBackend.MATH,)])
def test_other_things_are_refused(backends):
    words = f"^Backend must be an instance of SDPBackend or a list .* got {type(backends).__name__}$"
    with pytest.raises(AssertionError, match=words), sdpa_kernel(backends):
        pass


def test_names_and_numbers():
    assert [(int(kernel), repr(kernel)) for kernel in SDPBackend] == [
        (-1, "<SDPBackend.ERROR: -1>"),
        (0, "<SDPBackend.MATH: 0>"),
        (1, "<SDPBackend.FLASH_ATTENTION: 1>"),
        (2, "<SDPBackend.EFFICIENT_ATTENTION: 2>"),
        (3, "<SDPBackend.CUDNN_ATTENTION: 3>"),
        (4, "<SDPBackend.OVERRIDEABLE: 4>"),
    ]
