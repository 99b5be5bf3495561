"""The matrices of minimal filtering: F(m, r) gives m outputs of an r-tap filter by m + r − 1 products.

Toom and Cook: evaluate both factors at m + r − 1 points (one of them infinity), multiply, interpolate; transposed, a
product of polynomials becomes a correlation. S. Winograd, "Arithmetic Complexity of Computations", SIAM 1980;
A. Lavin, S. Gray, "Fast Algorithms for Convolutional Neural Networks", CVPR 2016; on the choice of points
B. Barabasz et al., "Error Analysis and Improving the Accuracy of Winograd Convolution", ACM TOMS 46 (2020).

May import: the standard library.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

Row = tuple[float, ...]


def _pairs(*values: Fraction) -> tuple[Fraction, ...]:
    return tuple(sign * value for value in values for sign in (1, -1))


_0, _1 = Fraction(0), Fraction(1)
POINTS = (
    (),
    (_0,),
    (_0, _1),
    (_0, *_pairs(_1)),
    _pairs(Fraction(3, 8), Fraction(5, 4)),
    (_0, *_pairs(Fraction(5, 8), Fraction(3, 2))),
)
"""The finite points of one product, of two, and so on. Up to four, coefficients are 0, ±1 and ±1/2, and whole numbers
stay exact. Beyond, the points are chosen by ∑ |a|²·|g|²·|b|², over the points with their column a of A and rows g of G
and b of B: to it the mean square of the error is proportional, in every dimension, where terms have random signs. It is
10 for F(2, 3), 23.6 for F(3, 3) (23.55 at the least for any points; 54 for 0, ±1, 2) and 57.4 for F(4, 3) (56.9); for
F(5, 3) it would be 143 at the least, for F(6, 3) 371."""


@dataclass(frozen=True, eq=False)
class Filtering:
    """y = A (G g ∘ B d), for m outputs y of the r taps g over the m + r − 1 inputs d.

    Attributes:
        outputs: m.
        inputs: the rows of B, which act on d.
        taps: the rows of G, which act on g.
        inverse: the rows of A.
    """

    outputs: int
    inputs: tuple[Row, ...]
    taps: tuple[Row, ...]
    inverse: tuple[Row, ...]

    @property
    def points(self) -> int:
        """The products: m + r − 1."""
        return len(self.inputs)

    @property
    def span(self) -> int:
        """The inputs of a tile."""
        return len(self.inputs[0])


@lru_cache(maxsize=32)
def filtering(outputs: int, taps: int) -> Filtering:
    """F(outputs, taps); the same object for the same numbers.

    Example:
        >>> import numpy as np
        >>> f = filtering(2, 3)
        >>> a, g, b = np.array(f.inverse), np.array(f.taps), np.array(f.inputs)
        >>> a @ ((g @ [1, 2, 3]) * (b @ [1, 10, 100, 1000]))
        array([ 321., 3210.])
    """
    count = outputs + taps - 1
    if count == 1:
        return Filtering(1, ((1.0,),), ((1.0,),), ((1.0,),))
    points = POINTS[count - 1]
    norms = [math.prod((p - q for q in points if q != p), start=Fraction(1)) for p in points]
    inverse = [[*(p**i for p in points), Fraction(i == outputs - 1)] for i in range(outputs)]
    rows = [[p**j / norm for j in range(taps)] for p, norm in zip(points, norms, strict=True)]
    rows.append([Fraction(j == taps - 1) for j in range(taps)])
    inputs = [_product_of_roots([q for q in points if q != p], count) for p in points]
    inputs.append(_product_of_roots(list(points), count))
    return Filtering(outputs, _floats(inputs), _floats(rows), _floats(inverse))


@lru_cache(maxsize=32)
def cotangents(outputs: int, taps: int) -> Filtering:
    """The other way round: its `inputs` act on tiles of m outputs' cotangents, its `inverse` gives r taps' gradients.

    F(r, m) in which the cotangents are the taps; the inputs are transformed by `inputs` of F(m, r) as before.

    Example:
        >>> import numpy as np
        >>> f, g = filtering(2, 3), cotangents(2, 3)
        >>> a, g, b = np.array(g.inverse), np.array(g.inputs), np.array(f.inputs)
        >>> a @ ((g @ [1, 2]) * (b @ [1, 10, 100, 1000]))
        array([  21.,  210., 2100.])
    """
    f = filtering(taps, outputs)
    return Filtering(outputs, f.taps, f.inputs, f.inverse)


def _product_of_roots(roots: Sequence[Fraction], length: int) -> list[Fraction]:
    """The coefficients of ∏ (x − root), lowest first, with zeros up to a length."""
    polynomial = [Fraction(1)]
    for root in roots:
        shifted = [Fraction(0), *polynomial]
        polynomial = [s - root * c for s, c in zip(shifted, [*polynomial, Fraction(0)], strict=True)]
    return polynomial + [Fraction(0)] * (length - len(polynomial))


def _floats(rows: list[list[Fraction]]) -> tuple[Row, ...]:
    return tuple(tuple(map(float, row)) for row in rows)
