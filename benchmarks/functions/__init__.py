"""The other functions of a network, group by group: what surrounds its convolutions.

May import: `benchmarks.functions`.
"""

from benchmarks.functions.by_element import ACTIVATIONS, ARITHMETIC
from benchmarks.functions.over_dimensions import NORMS, PRODUCTS, REDUCTIONS, SOFTMAXES
from benchmarks.functions.over_places import LOSSES, POOLS, RESIZES

GROUPS = {
    "activations": ACTIVATIONS,
    "arithmetic": ARITHMETIC,
    "norms": NORMS,
    "softmaxes": SOFTMAXES,
    "reductions": REDUCTIONS,
    "products": PRODUCTS,
    "pools": POOLS,
    "resizes": RESIZES,
    "losses": LOSSES,
}
"""Each is a suite; `functions` is all of them."""

BATCH = 8
"""N, where the command line gives none."""

__all__ = ["BATCH", "GROUPS"]
