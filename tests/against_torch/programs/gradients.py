"""First and second gradients of every elementwise op, reduction, change of shape and index."""

import operator

import numpy as np

GENERATOR = np.random.default_rng(0)
REAL = GENERATOR.uniform(0.3, 2, (5, 12)) * GENERATOR.choice([-1, 1], (5, 12))
IMAGINARY = GENERATOR.normal(size=(5, 12))
SPECIAL = np.array([0.0, -0.0, 1.0, -1.0, np.inf, -np.inf, np.nan, 2.0, -2.0, 0.5, -0.5, 100.0])
DTYPES = ("float64", "float32", "float16", "complex128")


def _values(torch, row, dtype):
    values = REAL[row] + 1j * IMAGINARY[row] if dtype.startswith("complex") else REAL[row]
    return torch.tensor(values.tolist(), dtype=getattr(torch, dtype))


def _like(torch, row, tensor):
    """A row of values in the dtype and shape of a tensor."""
    name = str(tensor.dtype).removeprefix("torch.")
    return _values(torch, row, name)[: tensor.numel()].reshape(tensor.shape)


def _twice(torch, f, inputs):
    """The result, its gradients along fixed cotangents, and the gradients of those."""
    y = f(*inputs)
    if not y.requires_grad:
        return y
    g = _like(torch, 2, y).requires_grad_()
    first = torch.autograd.grad(y, inputs, g, create_graph=True, allow_unused=True)
    live = [gradient for gradient in first if gradient is not None and gradient.requires_grad]
    if not live:
        return [y, first]
    cotangents = [_like(torch, 3 + i, gradient) for i, gradient in enumerate(live)]
    return [y, first, torch.autograd.grad(live, (*inputs, g), cotangents, allow_unused=True)]


def _unary(f, dtypes=DTYPES):
    return lambda torch: [_twice(torch, f, [_values(torch, 0, dtype).requires_grad_()]) for dtype in dtypes]


def _binary(f):
    def program(torch):
        seen = []
        for dtype in DTYPES:
            inputs = [_values(torch, row, dtype).requires_grad_() for row in (0, 1)]
            seen.append(_twice(torch, f, inputs))
            a, b = (x.detach().clone().requires_grad_() for x in inputs)
            seen.append(_twice(torch, lambda a, b: f(a.reshape(3, 4), b[:4]), [a, b]))
            seen.append(_twice(torch, lambda a, b: f(a[0], b), [a, b]))
        return seen

    return program


def _special(f):
    """A program that takes gradients where they are hardest."""
    return lambda torch: _twice(torch, f, [torch.tensor(SPECIAL.tolist(), dtype=torch.float64, requires_grad=True)])


def _real(f):
    return _unary(f, DTYPES[:3])


exp, log, sqrt = _unary(lambda x: x.exp()), _unary(lambda x: x.log()), _unary(lambda x: x.sqrt())
sin, cos, tanh = _unary(lambda x: x.sin()), _unary(lambda x: x.cos()), _unary(lambda x: x.tanh())
neg, square, conj = _unary(lambda x: -x), _unary(lambda x: x.square()), _unary(lambda x: x.conj())
reciprocal, mean, total = _unary(lambda x: x.reciprocal()), _unary(lambda x: x.mean()), _unary(lambda x: x.sum())
relu, absolute = _real(lambda x: x.relu()), _real(lambda x: x.abs())
largest, smallest = _real(lambda x: x.max()), _real(lambda x: x.min())
add, sub = _binary(operator.add), _binary(operator.sub)
mul, div, power = _binary(operator.mul), _binary(operator.truediv), _binary(operator.pow)
scaled_add, scaled_sub = _binary(lambda a, b: a.add(b, alpha=2.5)), _binary(lambda a, b: a.sub(b, alpha=3))
special_relu, special_abs = _special(lambda x: x.relu()), _special(lambda x: x.abs())
special_max, special_log = _special(lambda x: x.max()), _special(lambda x: x.log())


def _each(functions, wrap):
    programs = [wrap(f) for f in functions]
    return lambda torch: [program(torch) for program in programs]


powers = _each([lambda x, n=n: x**n for n in (0, 1, 2, 3, -1, -2, 0.5, 2.5, True, 0.0)], _unary)
powers_of_numbers = _each([lambda x, n=n: n**x for n in (2, 0.5, 1)], _unary)
numbers = _each(
    [
        lambda x, n=n, f=f: f(n, x)
        for n in (2, 0.5)
        for f in (operator.add, operator.sub, operator.mul, operator.truediv)
    ],
    _unary,
)
special_powers = _each([lambda x, n=n: x**n for n in (0, 1, 2, 0.5, -1, 3)], _special)
special_products = _each([lambda x: x * 0, lambda x: x / 2, lambda x: 1 / x, lambda x: 2 - x], _special)
complex_absolute = _unary(lambda x: (x * (1 + 2j)).abs() * x, ("float64",))
complex_numbers = _each(
    [lambda x: x * 1j, lambda x: x / (1 + 1j), lambda x: (1 + 1j) ** x, lambda x: 1j - x],
    lambda f: _unary(f, ("float64", "float32")),
)


def real_and_complex_operands(torch):
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    z = torch.tensor([1 + 2j, 3 - 1j], dtype=torch.complex128, requires_grad=True)
    (x * z + z / x).backward(torch.tensor([1 + 2j, 3 - 1j], dtype=torch.complex128))
    return [x.grad, z.grad]


def operands_of_other_dtypes(torch):
    seen = []
    for dtype, values in (("float64", [2.0]), ("float64", 2.0), ("float16", [2.0, 1.0]), ("bfloat16", [2.0, 1.0])):
        x = torch.ones(2, requires_grad=True)
        w = torch.tensor(values, dtype=getattr(torch, dtype), requires_grad=True)
        y = x * w
        y.sum().backward()
        seen.append([y, x.grad, w.grad])
    return seen


def half_precisions_meet(torch):
    x = torch.ones(2, dtype=torch.float16, requires_grad=True)
    w = torch.tensor([2.0, 1.0], dtype=torch.bfloat16, requires_grad=True)
    y = x * w
    y.sum().backward()
    return [y, x.grad, w.grad]


def integers_beside_floats(torch):
    i, x = torch.tensor([3, 4]), torch.tensor([2.0, 4.0], requires_grad=True)
    y = i / x + i * x - i + x**i + i**x
    y.sum().backward()
    return [y, x.grad]


def casts(torch):
    x = torch.tensor([0.5, 2.0], requires_grad=True)
    (x.double() * x.half() + x.cfloat().abs()).sum().backward()
    return [x.grad, x.int(), x.bool().requires_grad]


def _shaped(f):
    def program(torch):
        x = torch.arange(24.0, dtype=torch.float64).reshape(2, 3, 4).requires_grad_()
        y = f(torch, x)
        g = torch.arange(1.0, 1.0 + y.numel(), dtype=torch.float64).reshape(y.shape).requires_grad_()
        (gx,) = torch.autograd.grad(y, x, g, create_graph=True)
        return [y, gx, torch.autograd.grad(gx, g, x.detach())]

    return program


view, reshape = _shaped(lambda torch, x: x.view(6, 4)), _shaped(lambda torch, x: x.transpose(0, 1).reshape(6, 4))
permute, transpose = _shaped(lambda torch, x: x.permute(2, 0, 1)), _shaped(lambda torch, x: x.transpose(0, -1))
squeeze, unsqueeze = _shaped(lambda torch, x: x[:, :1].squeeze()), _shaped(lambda torch, x: x.unsqueeze(1))
expand, flatten = _shaped(lambda torch, x: x[:, :1].expand(7, -1, 5, -1)), _shaped(lambda torch, x: x.flatten(1))
matrix, contiguous = _shaped(lambda torch, x: x[0].t()), _shaped(lambda torch, x: x.transpose(0, 1).contiguous())
rows, mean_rows = _shaped(lambda torch, x: x.sum(1)), _shaped(lambda torch, x: x.mean((0, 2), True))
integer, part = _shaped(lambda torch, x: x[0, 1]), _shaped(lambda torch, x: x[1, :, 1:3])
element, new_axis = _shaped(lambda torch, x: x[0, 1, 2]), _shaped(lambda torch, x: x[:, None, 0])
repeated, pairs = _shaped(lambda torch, x: x[[0, 1, 0]]), _shaped(lambda torch, x: x[[0, 1, 0], :, [1, 2, 1]])
mask, nothing = _shaped(lambda torch, x: x[x > 5]), _shaped(lambda torch, x: x[[]])
of_tensors = _shaped(lambda torch, x: x[torch.tensor([[1], [0]]), torch.tensor([0, 2])])
