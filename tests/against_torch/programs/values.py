"""Values and dtypes: promotion, integer division, powers, numbers beside tensors, reductions, indices."""

import operator

import numpy as np

DTYPES = ("bool", "uint8", "int8", "int16", "int32", "int64", "float16", "bfloat16", "float32", "float64")
COMPLEX = ("complex64", "complex128")
BAREBONES = ("uint16", "uint32", "uint64")
NUMBERS = (True, 2, 2.5, -1, 0, 1 + 2j)
LEFT, RIGHT = [3, 2, 1], [2, 1, 3]


def _attempt(f, *args, **kwargs):
    try:
        return f(*args, **kwargs)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def _make(torch, values, dtype, ndim):
    return torch.tensor(values if ndim else values[0]).to(getattr(torch, dtype))


def _complex32(*operands):
    """Whether the operands make a complex float16, which NumPy lacks."""
    return {"float16"} <= set(operands) and not {*COMPLEX, "complex"}.isdisjoint(operands)


def _pairs(op):
    """All pairs of dtypes, with and without dimensions."""

    def program(torch):
        kinds = [(a, b) for a in DTYPES + COMPLEX + BAREBONES for b in DTYPES + COMPLEX + BAREBONES]
        return [
            _attempt(op, _make(torch, LEFT, a, first), _make(torch, RIGHT, b, second))
            for a, b in kinds
            for first, second in ((1, 1), (1, 0), (0, 1), (0, 0))
            if not _complex32(a, b) and (first + second == 2 or {a, b}.isdisjoint(BAREBONES))
        ]

    return program


def _numbers(op):
    """All dtypes beside numbers, on either side."""

    def program(torch):
        seen = []
        for dtype in DTYPES + COMPLEX + BAREBONES:
            for ndim in (0, 1):
                for number in NUMBERS:
                    if not _complex32(dtype, type(number).__name__):
                        tensor = _make(torch, LEFT, dtype, ndim)
                        seen += [_attempt(op, tensor, number), _attempt(op, number, tensor)]
        return seen

    return program


add, add_numbers = _pairs(operator.add), _numbers(operator.add)
sub, sub_numbers = _pairs(operator.sub), _numbers(operator.sub)
mul, mul_numbers = _pairs(operator.mul), _numbers(operator.mul)
div, div_numbers = _pairs(operator.truediv), _numbers(operator.truediv)
power, power_numbers = _pairs(operator.pow), _numbers(operator.pow)
eq, eq_numbers = _pairs(operator.eq), _numbers(operator.eq)
ne, lt, le = _pairs(operator.ne), _pairs(operator.lt), _pairs(operator.le)
gt, gt_numbers = _pairs(operator.gt), _numbers(operator.gt)
ge_numbers = _numbers(operator.ge)


def _unary(name):
    return lambda torch: [
        _attempt(getattr(torch.tensor([0, 1, 3]).to(getattr(torch, dtype)), name))
        for dtype in DTYPES + COMPLEX + BAREBONES
    ]


exp, log, sqrt, sin, cos = map(_unary, ("exp", "log", "sqrt", "sin", "cos"))
tanh, relu, absolute, neg, square = map(_unary, ("tanh", "relu", "abs", "neg", "square"))
conj, reciprocal, isnan = map(_unary, ("conj", "reciprocal", "isnan"))
mean, total, largest, smallest, every, some = map(_unary, ("mean", "sum", "max", "min", "all", "any"))


def numbers_of_numpy(torch):
    found = [torch.ones(2) * np.float64(2), torch.ones(2) * np.float32(2), torch.ones(2) + np.int64(2)]
    found += [torch.tensor([1, 2]) + np.int64(2), torch.tensor([1, 2]) * np.float32(2.5), np.float64(2) * torch.ones(2)]
    return found


def scaled_operands(torch):
    x, i, b = torch.ones(2), torch.ones(2, dtype=torch.int64), torch.ones(2, dtype=torch.bool)
    calls = [(x, 2, 3), (i, 2, 3), (x, 2, 0.5), (x, i, 2.5), (i, 1.5, 2.5), (b, b, 2), (b, True, False), (x, 1, True)]
    calls += [(i, 2, 0.5), (i, 1, 1j), (x, 2, 1j), (b, 1, 2.5)]
    precise = torch.tensor([0.1], dtype=torch.float64)
    calls.append((precise, 1.1, 2.3))
    return [_attempt(getattr(a, name), b, alpha=alpha) for a, b, alpha in calls for name in ("add", "sub")]


def powers_of_integers(torch):
    base, exponent = torch.tensor([2, 3, -1, 1, 0, -1, 7]), torch.tensor([-1, -2, -3, -1, -1, -2, 2])
    small = torch.tensor([0, 1, 3], dtype=torch.int8)
    seen = [base**exponent, 2 ** torch.tensor([-1, 3]), torch.tensor([2, 3]) ** torch.tensor(-1), small**5]
    return [*seen, _attempt(operator.pow, small, 200), _attempt(operator.pow, small, -1), small**True, small**0]


def powers_that_torch_computes_its_own_way(torch):
    x = torch.tensor([0.1, 0.7, 1.3, 2.9, 33.0])
    return [(x**n == y) for n, y in ((3, x * x * x), (2, x * x), (-1, 1 / x), (0.5, x.sqrt()))]


def overflows(torch):
    half, byte = torch.tensor([1.0], dtype=torch.float16), torch.tensor([100], dtype=torch.int8)
    return [half * 70000.0, half + 70000.0, byte + 100, byte * 3, byte + 300, -byte, half.double() + 1e300]


def not_operands(torch):
    x = torch.ones(2)
    return [_attempt(f, x, other) for f in (operator.add, operator.lt, operator.eq) for other in ("a", None)]


def shapes_that_do_not_fit(torch):
    return [_attempt(f, torch.ones(2, 3), torch.ones(4)) for f in (operator.add, operator.eq, operator.pow)]


def reductions(torch):
    seen = []
    for x in (torch.arange(6.0).reshape(2, 3), torch.zeros(0, 3), torch.tensor(3.0)):
        for name in ("sum", "mean"):
            for dim in (0, 1, -1, (0, 1), (0,), [], (0, 0), 2, -3, None):
                seen += [_attempt(getattr(x, name), dim, keepdim) for keepdim in (False, True)]
        seen += [_attempt(getattr(x, name)) for name in ("sum", "mean", "max", "min", "all", "any")]
    return seen


def reductions_to_a_dtype(torch):
    x = torch.arange(6.0)
    return [
        _attempt(getattr(y, name), dtype=dtype)
        for y in (x, x.long())
        for name in ("sum", "mean")
        for dtype in (torch.float64, torch.int32)
    ]


def a_mean_whose_sum_overflows(torch):
    return torch.full((100000,), 3.0, dtype=torch.float16).mean()


def indices(torch):
    x, t = torch.arange(24.0).reshape(2, 3, 4), torch.tensor
    keys = [0, -1, (0, 1), (0, 1, 2), slice(1, None), (..., slice(None, None, 2)), (1, slice(None), slice(1, 3)), None]
    keys += [
        (slice(None), None, 0),
        ...,
        [0, 1, 0],
        (slice(None), [0, 2]),
        ([0, 1], [1, 2]),
        ([0, 1], slice(None), [1, 2]),
    ]
    keys += [
        (0, [1, 2]),
        [-1],
        [],
        ([],),
        True,
        False,
        (True, True, 0),
        (None, None),
        t([1, 0]),
        t(1),
        t(-1),
        t([[1], [0]]),
    ]
    keys += [
        (t([[1], [0]]), t([0, 2])),
        t([True, False]),
        (slice(None), t([True, False, True])),
        x > 5,
        np.array([1, 0]),
    ]
    keys += [np.int64(1), (t(1), slice(0, 2)), t([1, 0], dtype=torch.int32), slice(10, 20), slice(-1, None)]
    return [_attempt(operator.getitem, x, key) for key in keys]


def indices_that_are_none(torch):
    x, t = torch.arange(24.0).reshape(2, 3, 4), torch.tensor
    keys = [
        2,
        -3,
        (0, 3),
        (0, 0, 0, 0),
        1.5,
        (0, 1.5),
        {},
        3j,
        slice(None, None, -1),
        slice(None, None, 0),
        [5],
        (0, [5]),
    ]
    keys += [
        ([0, -3],),
        ([[0, 1], [1, 7]],),
        (t([1, 2]), t([5])),
        (t([5]), t([9])),
        [True, False, True],
        t(5),
        t([1.0]),
    ]
    keys += [(0, [True, False]), t([[True, False], [True, True]]), ([0, 1], [0, 1, 2]), ([0, 1], [True, False, True])]
    return [*(_attempt(operator.getitem, x, key) for key in keys), _attempt(operator.getitem, x.sum(), 0)]


def shapes(torch):
    x = torch.arange(24.0).reshape(2, 3, 4)
    calls = [("view", 6, 4), ("view", -1), ("reshape", 4, 6), ("flatten",), ("flatten", 1), ("permute", 2, 0, 1)]
    calls += [("permute", (-1, 0, 1)), ("transpose", 0, -1), ("squeeze",), ("squeeze", 1), ("unsqueeze", -1)]
    calls += [("expand", 5, -1, 3, 4), ("view", 5, 5), ("view", -1, -1), ("view", -1, 5), ("reshape", -2, 12)]
    calls += [
        ("permute", 0, 1),
        ("permute", 0, 1, 1),
        ("permute", 0, 1, 3),
        ("transpose", 0, 3),
        ("t",),
        ("squeeze", 3),
    ]
    calls += [("unsqueeze", 4), ("expand", 2, 3, 5), ("expand", 3, 4), ("expand", -1, 2, 3, 4), ("flatten", 2, 1)]
    calls += [("flatten", 0, 5), ("size", 3), ("item",), ("__len__",), ("__bool__",), ("stride",)]
    found = [_attempt(getattr(x, name), *arguments) for name, *arguments in calls]
    return [
        *found,
        _attempt(x.transpose(0, 1).view, 24),
        _attempt(len, x.sum()),
        _attempt(list, x.sum()),
        x[0].T.stride(),
    ]


def casts(torch):
    names = ("double", "float", "half", "bfloat16", "long", "int", "short", "char", "byte", "bool", "cfloat", "cdouble")
    x = torch.tensor([0.0, 1.5, -2.7, 3.0], requires_grad=True)
    return [getattr(x.detach().abs() if name == "byte" else x, name)() for name in names]


def text_of_a_number(torch):
    return [f"{torch.tensor(1.5)} {torch.tensor(2):3d} {torch.tensor([1.5])}", format(torch.tensor(1.23456), ".2f")]
