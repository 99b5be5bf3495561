"""Norms, softmax and reductions, which add up over dimensions, and products with weights.

May import: `benchmarks.functions.function`.
"""

from typing import Any

from benchmarks.functions.function import Function, Group, Operand, each, normal, parameter, places

IMAGES = normal(32, 56, 56)
WORDS = normal(64, 1000)
HEADS = normal(8, 64, 64)


def _of_images(title: str, path: str, *others: Operand, **arguments: Any) -> Function:
    return Function(title, path, (IMAGES, *others), arguments)


def _of_words(title: str, path: str, *others: Operand, **arguments: Any) -> Function:
    return Function(title, path, (WORDS, *others), arguments)


NORMS = Group(
    "normalizations of (N, 32, 56, 56) and of (N, 64, 1000)",
    (
        _of_images("batch_norm", "nn.functional.batch_norm", running_mean=None, running_var=None, training=True),
        _of_images("group_norm 8", "nn.functional.group_norm", num_groups=8),
        _of_images("instance_norm", "nn.functional.instance_norm"),
        _of_images("local_response_norm 5", "nn.functional.local_response_norm", size=5),
        _of_images("normalize", "nn.functional.normalize"),
        _of_images("layer_norm, rows of 56", "nn.functional.layer_norm", normalized_shape=(56,)),
        _of_words("layer_norm, rows of 1000", "nn.functional.layer_norm", normalized_shape=(1000,)),
        _of_words("rms_norm, rows of 1000", "nn.functional.rms_norm", normalized_shape=(1000,)),
    ),
)

SOFTMAXES = Group(
    "softmax and its kin, of (N, 32, 56, 56) and of (N, 64, 1000)",
    (
        _of_words("softmax", "softmax", dim=-1),
        _of_images("softmax of channels", "softmax", dim=1),
        _of_words("log_softmax", "log_softmax", dim=-1),
        _of_images("log_softmax of channels", "log_softmax", dim=1),
        _of_words("logsumexp", "logsumexp", dim=-1),
    ),
)

REDUCTIONS = Group(
    "reductions of (N, 32, 56, 56)",
    (
        *each("", (IMAGES,), "sum", "mean", "amax", "std"),
        *(_of_images(f"{name} of pixels", name, dim=(2, 3)) for name in ("sum", "mean", "amax", "std")),
        *(_of_images(f"{name} of channels", name, dim=1) for name in ("sum", "mean", "amax", "max", "cumsum")),
        *(_of_images(f"{name} of rows", name, dim=-1) for name in ("sum", "cumsum", "prod")),
        _of_images("norm", "linalg.vector_norm"),
        _of_images("norm of channels", "linalg.vector_norm", dim=1),
    ),
)

PRODUCTS = Group(
    "products with weights, attention and lookup",
    (
        _of_words("linear", "nn.functional.linear", parameter(512, 1000), parameter(512)),
        Function("linear of N", "nn.functional.linear", (normal(512), parameter(1000, 512), parameter(1000))),
        Function("bmm", "bmm", (normal(100, 100), normal(100, 100))),
        Function("matmul of heads", "matmul", (HEADS, HEADS)),
        Function("attention", "nn.functional.scaled_dot_product_attention", (HEADS, HEADS, HEADS)),
        Function("embedding", "nn.functional.embedding", (places(1000, 50), parameter(1000, 256))),
    ),
)
