"""Activations, dropout and arithmetic: what is made of each element by itself.

May import: `benchmarks.functions.function`.
"""

from benchmarks.functions.function import Function, Group, each, normal, parameter, positive

IMAGES = normal(32, 56, 56)
SHARES = positive(32, 56, 56)
PATH = "nn.functional."

ACTIVATIONS = Group(
    "activations of (N, 32, 56, 56)",
    (
        *each(PATH, (IMAGES,), "relu", "relu6", "leaky_relu", "elu", "selu", "gelu", "silu", "mish", "sigmoid", "tanh"),
        *each(PATH, (IMAGES,), "hardswish", "hardsigmoid", "softplus"),
        Function("prelu", "nn.functional.prelu", (IMAGES, parameter(32))),
        Function("glu", "nn.functional.glu", (IMAGES,), {"dim": 1}),
        Function("dropout", "nn.functional.dropout", (IMAGES,), {"p": 0.5}, random=True),
        Function("dropout2d", "nn.functional.dropout2d", (IMAGES,), {"p": 0.5}, random=True),
    ),
)

ARITHMETIC = Group(
    "arithmetic on (N, 32, 56, 56)",
    (
        *each("", (IMAGES, IMAGES), "add", "mul"),
        *each("", (SHARES, SHARES), "div", "maximum"),
        *each("", (SHARES,), "exp", "log", "sqrt", "rsqrt"),
        Function("clamp", "clamp", (IMAGES,), {"min": -1.0, "max": 1.0}),
        Function("lerp", "lerp", (IMAGES, IMAGES), {"weight": 0.3}),
        Function("cat", "cat", (IMAGES, IMAGES), {"dim": 1}, joined=True),
    ),
)
