"""torch.nn.functional's losses and distances.

May import: NumPy, and all of pyconv but `nn.modules`, `optim` and `megengine`.
"""

from pyconv.nn.functional.loss.binary import binary_cross_entropy, binary_cross_entropy_with_logits
from pyconv.nn.functional.loss.classes import cross_entropy, nll_loss
from pyconv.nn.functional.loss.ctc import ctc_loss
from pyconv.nn.functional.loss.distance import (
    cosine_embedding_loss,
    cosine_similarity,
    hinge_embedding_loss,
    margin_ranking_loss,
    pairwise_distance,
    pdist,
    triplet_margin_loss,
    triplet_margin_with_distance_loss,
)
from pyconv.nn.functional.loss.likelihood import gaussian_nll_loss, kl_div, poisson_nll_loss
from pyconv.nn.functional.loss.margins import multi_margin_loss, multilabel_margin_loss, multilabel_soft_margin_loss
from pyconv.nn.functional.loss.pointwise import huber_loss, l1_loss, mse_loss, smooth_l1_loss, soft_margin_loss

__all__ = [
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "cosine_embedding_loss",
    "cosine_similarity",
    "cross_entropy",
    "ctc_loss",
    "gaussian_nll_loss",
    "hinge_embedding_loss",
    "huber_loss",
    "kl_div",
    "l1_loss",
    "margin_ranking_loss",
    "mse_loss",
    "multi_margin_loss",
    "multilabel_margin_loss",
    "multilabel_soft_margin_loss",
    "nll_loss",
    "pairwise_distance",
    "pdist",
    "poisson_nll_loss",
    "smooth_l1_loss",
    "soft_margin_loss",
    "triplet_margin_loss",
    "triplet_margin_with_distance_loss",
]
