"""torch.nn's activations.

May import: NumPy, and all of pyconv but `optim` and `megengine`.
"""

import typing

from pyconv import lazy

__all__ = lazy.package(
    __name__,
    {
        "pyconv.nn.modules.attention": ["MultiheadAttention"],
        "rectifiers": ["Hardtanh", "LeakyReLU", "PReLU", "RReLU", "ReLU", "ReLU6", "Threshold"],
        "sigmoids": [
            "Hardshrink",
            "Hardsigmoid",
            "LogSigmoid",
            "Sigmoid",
            "Softshrink",
            "Softsign",
            "Tanh",
            "Tanhshrink",
        ],
        "smooth": ["CELU", "ELU", "GELU", "GLU", "Hardswish", "Mish", "SELU", "SiLU", "Softplus"],
        "softmaxes": ["LogSoftmax", "Softmax", "Softmax2d", "Softmin"],
    },
)

if typing.TYPE_CHECKING:

    def __getattr__(name: str) -> typing.Any: ...
