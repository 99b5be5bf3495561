"""Small primitives, and a leaf of float64, for the tests of the tape."""

import pyconv
from pyconv.autograd.node import OUTPUT
from pyconv.autograd.primitive import primitive


@primitive("Scale")
def scale(x, *, factor):
    return x * factor


scale.defvjp(0, lambda g, x, *, factor: scale(g, factor=factor))


@primitive("Product")
def product(a, b):
    return a * b


seen = []
"""What the VJP for the first operand of `product` was given."""


def product_vjp(g, a, b):
    seen.append((a, b))
    return product(g, b)


product.defvjp(0, product_vjp, saves=(1,))
product.defvjp(1, lambda g, a, b: product(g, a), saves=(0,))


@primitive("Cube")
def cube(x):
    return x**3


cube.defvjp(0, lambda g, y, x: g * (y / x * 3), saves=(OUTPUT, 0))


@primitive("Tail", is_view=True)
def tail(x):
    return x[1:]


def tensor(*values, requires_grad=True):
    return pyconv.tensor(list(values), dtype=pyconv.float64, requires_grad=requires_grad)
