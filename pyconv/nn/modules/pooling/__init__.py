"""torch.nn's pooling modules.

May import: all of pyconv but `optim` and `megengine`.
"""

from pyconv.nn.modules.pooling.adaptive import (
    AdaptiveAvgPool1d,
    AdaptiveAvgPool2d,
    AdaptiveAvgPool3d,
    AdaptiveMaxPool1d,
    AdaptiveMaxPool2d,
    AdaptiveMaxPool3d,
    _AdaptiveAvgPoolNd,
    _AdaptiveMaxPoolNd,
)
from pyconv.nn.modules.pooling.average import (
    AvgPool1d,
    AvgPool2d,
    AvgPool3d,
    _AvgPoolNd,
)
from pyconv.nn.modules.pooling.fractional import (
    FractionalMaxPool2d,
    FractionalMaxPool3d,
)
from pyconv.nn.modules.pooling.maximum import (
    MaxPool1d,
    MaxPool2d,
    MaxPool3d,
    _MaxPoolNd,
)
from pyconv.nn.modules.pooling.power import (
    LPPool1d,
    LPPool2d,
    LPPool3d,
    _LPPoolNd,
)
from pyconv.nn.modules.pooling.unpool import (
    MaxUnpool1d,
    MaxUnpool2d,
    MaxUnpool3d,
    _MaxUnpoolNd,
)

__all__ = [
    "AdaptiveAvgPool1d",
    "AdaptiveAvgPool2d",
    "AdaptiveAvgPool3d",
    "AdaptiveMaxPool1d",
    "AdaptiveMaxPool2d",
    "AdaptiveMaxPool3d",
    "AvgPool1d",
    "AvgPool2d",
    "AvgPool3d",
    "FractionalMaxPool2d",
    "FractionalMaxPool3d",
    "LPPool1d",
    "LPPool2d",
    "LPPool3d",
    "MaxPool1d",
    "MaxPool2d",
    "MaxPool3d",
    "MaxUnpool1d",
    "MaxUnpool2d",
    "MaxUnpool3d",
]
