"""torch.nn's losses.

May import: NumPy, and all of pyconv but `optim` and `megengine`.
"""

import typing

from pyconv import lazy
from pyconv.nn.modules.loss.base import _Loss, _WeightedLoss

__all__ = lazy.package(
    __name__,
    {
        "classes": [
            "CTCLoss",
            "CrossEntropyLoss",
            "MultiLabelMarginLoss",
            "MultiLabelSoftMarginLoss",
            "MultiMarginLoss",
            "NLLLoss",
            "NLLLoss2d",
        ],
        "distance": [
            "CosineEmbeddingLoss",
            "HingeEmbeddingLoss",
            "MarginRankingLoss",
            "TripletMarginLoss",
            "TripletMarginWithDistanceLoss",
        ],
        "pointwise": [
            "BCELoss",
            "BCEWithLogitsLoss",
            "GaussianNLLLoss",
            "HuberLoss",
            "KLDivLoss",
            "L1Loss",
            "MSELoss",
            "PoissonNLLLoss",
            "SmoothL1Loss",
            "SoftMarginLoss",
        ],
    },
)

if typing.TYPE_CHECKING:

    def __getattr__(name: str) -> typing.Any: ...
