"""The activations that a Tensor has as methods.

May import: `pyconv.functions`, `pyconv.signatures`.
"""

from __future__ import annotations

from pyconv.lazy import family
from pyconv.signatures import in_place, method

activation = family("pyconv.functions.activation")


class ActivationMethods:
    """relu and its kin."""

    __slots__ = ()

    relu = method(activation.relu)
    relu_ = in_place(activation.relu)
    prelu = method(activation.prelu)
    hardshrink = method(activation.hardshrink)
