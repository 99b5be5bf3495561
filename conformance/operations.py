"""The operations that are called: where a library has each, and what may be expected of its results.

May import: the standard library.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Exact = Literal["", "output", "all"]


@dataclass(frozen=True)
class Operation:
    """An operation as a library with torch's API has it.

    Attributes:
        path: its name in the library; of a method with `Tensor.` before it.
        exact: which maps are moved numbers and not computed ones, and so equal to torch's: the output, or all.
        draws: whether it draws random numbers: the library is seeded before it, and all maps are equal to torch's.
        constants: the tensors that it does not differentiate.
        updates: the tensors that it changes; what they are afterwards is a map, too.
    """

    path: str
    exact: Exact = ""
    draws: bool = False
    constants: frozenset[str] = frozenset()
    updates: tuple[str, ...] = ()


def _named(
    words: str,
    within: str = "",
    *,
    exact: Exact = "",
    draws: bool = False,
    constants: str = "",
    updates: tuple[str, ...] = (),
) -> dict[str, Operation]:
    """The operations of these names, all within one part of the library."""
    fixed = frozenset(constants.split())
    return {name: Operation(f"{within}{name}", exact, draws, fixed, updates) for name in words.split()}


_F = "nn.functional."
_STATISTICS = "running_mean running_var"

POOLING = {
    **_named("max_pool1d max_pool2d max_pool3d", _F, exact="output"),
    **_named("adaptive_max_pool1d adaptive_max_pool2d adaptive_max_pool3d", _F, exact="output"),
    **_named("avg_pool1d avg_pool2d avg_pool3d", _F),
    **_named("adaptive_avg_pool1d adaptive_avg_pool2d adaptive_avg_pool3d", _F),
    **_named("lp_pool1d lp_pool2d lp_pool3d", _F),
    **_named("max_unpool1d max_unpool2d max_unpool3d", _F, exact="all"),
}
NORMALIZATION = {
    **_named("batch_norm instance_norm", _F, constants=_STATISTICS, updates=tuple(_STATISTICS.split())),
    **_named("group_norm layer_norm rms_norm local_response_norm normalize", _F),
}
RESIZE = {
    **_named("interpolate grid_sample affine_grid", _F),
    **_named("pixel_shuffle pixel_unshuffle channel_shuffle", _F, exact="all"),
}
ACTIVATION = {
    **_named("relu relu6 elu selu celu leaky_relu prelu gelu silu mish sigmoid tanh logsigmoid softplus", _F),
    **_named("softsign tanhshrink hardtanh hardsigmoid hardswish hardshrink softshrink threshold glu", _F),
    **_named("softmax log_softmax softmin", _F),
}
DROPOUT = _named(
    "dropout dropout1d dropout2d dropout3d alpha_dropout feature_alpha_dropout rrelu gumbel_softmax", _F, draws=True
)
LOSS = {
    **_named("l1_loss mse_loss smooth_l1_loss huber_loss poisson_nll_loss gaussian_nll_loss kl_div", _F),
    **_named("binary_cross_entropy binary_cross_entropy_with_logits", _F, constants="weight pos_weight"),
    **_named("cross_entropy nll_loss multi_margin_loss multilabel_soft_margin_loss", _F, constants="weight"),
    **_named("multilabel_margin_loss hinge_embedding_loss margin_ranking_loss", _F, constants="target"),
    **_named("cosine_embedding_loss soft_margin_loss", _F, constants="target"),
    **_named("triplet_margin_loss cosine_similarity pairwise_distance", _F),
    **_named("ctc_loss", _F),
}
PRODUCTS = {
    **_named("linear bilinear embedding scaled_dot_product_attention", _F),
    **_named("one_hot", _F, exact="all"),
    **_named("matmul mm bmm mv dot outer addmm baddbmm einsum"),
}
POINTWISE = {
    **_named("add sub mul div pow remainder fmod maximum minimum atan2"),
    **_named("floor_divide", constants="input other"),
    **_named("eq ne lt le gt ge logical_and logical_or logical_xor bitwise_and bitwise_or bitwise_xor", exact="all"),
    **_named("where clamp lerp addcmul addcdiv"),
    **_named("abs neg exp exp2 expm1 log log2 log10 log1p sqrt rsqrt reciprocal square sin cos tan asin acos atan"),
    **_named("sinh cosh asinh acosh atanh erf erfc frac nan_to_num"),
    **_named("floor ceil round trunc sign logical_not bitwise_not isnan isinf isfinite", exact="output"),
}
REDUCTION = {
    **_named("sum mean prod var std nansum logsumexp norm cumsum cumprod logcumsumexp amax amin aminmax"),
    **_named("max min median cummax cummin sort argsort topk kthvalue", exact="output"),
    **_named("argmax argmin any all count_nonzero", exact="all"),
}
SHAPE = {
    **_named(
        "cat stack permute transpose reshape squeeze unsqueeze flatten movedim flip roll narrow select", exact="all"
    ),
    **_named("split chunk unbind tril triu diagonal diag rot90", exact="all"),
    **_named("broadcast_to tile repeat_interleave", exact="output"),
    **_named("expand repeat", "Tensor.", exact="output"),
}
INDEXING = {
    **_named("masked_select", exact="all"),
    **_named("masked_fill gather scatter index_select index_fill take", exact="output"),
    **_named("scatter_add index_add"),
}
GROUPS: dict[str, dict[str, Operation]] = {
    "pooling": POOLING,
    "normalization": NORMALIZATION,
    "resize": RESIZE,
    "activation": ACTIVATION,
    "dropout": DROPOUT,
    "loss": LOSS,
    "products": PRODUCTS,
    "pointwise": POINTWISE,
    "reduction": REDUCTION,
    "shape": SHAPE,
    "indexing": INDEXING,
}
"""Operations by the file in `cases/` that draws calls of them."""
OPERATIONS: dict[str, Operation] = {name: found for group in GROUPS.values() for name, found in group.items()}
