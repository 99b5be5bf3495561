"""torch.backends.cuda: switches that are kept, and what is said of values that they do not take."""

import pytest

import pyconv as torch

cuda, matmul = torch.backends.cuda, torch.backends.cuda.matmul


@pytest.fixture(autouse=True)
def _as_at_first():
    yield
    torch.set_float32_matmul_precision("highest")
    matmul.fp32_precision = "none"


def test_tf32_and_the_precision_of_products_are_one_switch():
    assert (matmul.allow_tf32, matmul.fp32_precision) == (False, "none")
    for precision, allowed, own in (("high", True, "tf32"), ("medium", True, "tf32"), ("highest", False, "ieee")):
        torch.set_float32_matmul_precision(precision)
        assert (matmul.allow_tf32, matmul.fp32_precision) == (allowed, own)
    matmul.allow_tf32 = True
    assert torch.get_float32_matmul_precision() == "high"
    matmul.allow_tf32 = False
    assert torch.get_float32_matmul_precision() == "highest"


def test_the_new_switch_does_not_mix_with_the_old_ones():
    matmul.fp32_precision = "tf32"
    with pytest.raises(RuntimeError, match="whether allow_tf32_new is enabled for cuBlas matmul"):
        _ = matmul.allow_tf32
    with pytest.raises(RuntimeError, match="checking the matmul precision without a specific backend name"):
        torch.get_float32_matmul_precision()
    matmul.fp32_precision = "ieee"
    assert matmul.allow_tf32 is False


def test_reductions_and_accumulation():
    for name in ("allow_fp16_reduced_precision_reduction", "allow_bf16_reduced_precision_reduction"):
        setattr(matmul, name, (False, False))
        assert (getattr(matmul, name), getattr(matmul, f"{name}_split_k")) == (False, False)
        setattr(matmul, name, True)
        assert (getattr(matmul, name), getattr(matmul, f"{name}_split_k")) == (True, True)
    matmul.allow_fp16_accumulation = True
    assert matmul.allow_fp16_accumulation is True
    matmul.allow_fp16_accumulation = False


REFUSED = [
    ("allow_tf32", 1, RuntimeError, "set_allow_tf32_cublas expects a bool, but got int"),
    ("allow_fp16_accumulation", None, RuntimeError, "set_allow_fp16_accumulation_cublas expects a bool, but got None"),
    ("allow_fp16_reduced_precision_reduction", 1, TypeError, "expects a bool or a tuple/list of bools, but got <cl"),
    ("allow_bf16_reduced_precision_reduction", (1,), TypeError, "a bool for allow_reduced_precision, but got"),
    ("allow_bf16_reduced_precision_reduction", (), TypeError, "expects at least one boolean argument"),
    ("allow_bf16_reduced_precision_reduction", (True,) * 3, TypeError, "expects at most two boolean arguments"),
    ("allow_fp16_reduced_precision_reduction", (True, False), RuntimeError, "allow_splitk=False is not supported"),
    ("fp32_precision", "x", RuntimeError, "Unknown precision: x"),
    ("fp32_precision", "bf16", RuntimeError, "backend 'cuda' does not support precision 'bf16'"),
    ("other", 1, AttributeError, "Unknown attribute other"),
]


@pytest.mark.parametrize(("name", "value", "error", "text"), REFUSED)
def test_refusals(name, value, error, text):
    with pytest.raises(error, match=text):
        setattr(matmul, name, value)
    with pytest.raises(AttributeError, match="Unknown attribute other"):
        _ = matmul.other


KERNELS = ("flash", "mem_efficient", "math", "cudnn")


@pytest.mark.parametrize("name", KERNELS)
def test_switches_of_attention(name):
    enable, is_enabled = getattr(cuda, f"enable_{name}_sdp"), getattr(cuda, f"{name}_sdp_enabled")
    enable(False)
    assert is_enabled() is False
    with pytest.warns(FutureWarning, match="is deprecated"), cuda.sdp_kernel(**{f"enable_{name}": True}):
        assert is_enabled() is True
    assert is_enabled() is False
    enable(True)
    with pytest.raises(RuntimeError, match="expects a bool, but got int"):
        enable(0)


def test_there_is_no_cuda():
    assert not cuda.is_built()
    assert not cuda.is_flash_attention_available()
