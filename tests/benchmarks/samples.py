"""Measures with numbers that are easy to follow."""

from benchmarks.measure import Beside, Measured


def measured(ratio, *, layer="L", name="forward", suite="s", seconds=(4.0, 5.0), quotients=None, **fields):
    """A measure whose shortest times have that ratio."""
    other = Beside(
        tuple(value / ratio for value in seconds), ratio, tuple(quotients or [ratio] * len(seconds)), 1.5, 0.5, 2**20
    )
    defaults = {"error": 2.0, "bound": 8.0, "workspace": 3 * 2**20, "peak": 5 * 2**20}
    return Measured(suite, layer, 1, name, "im2col", seconds, beside={"torch": other}, **defaults | fields)
