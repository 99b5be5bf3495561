"""Calls of the pooling functions and modules, good and bad, as text: what each library makes of them is compared.

`x` stands for an input of size 6 in each spatial dimension, `i` for indices of its shape, `s` for random samples.
"""

WINDOWS = """
f(x) | f(x, 2) | f(x, 0) | f(x, -1) | f(x, (2,)) | f(x, (2, 2)) | f(x, (2, 2, 2)) | f(x, (2, 2, 2, 2)) | f(x, ())
f(x, 2.5) | f(x, 'a') | f(x, None) | f(x, 7) | f(x, 2, 0) | f(x, 2, -1) | f(x, 2, (1, 1)) | f(x, 2, (1, 1, 1))
f(x, 2, ()) | f(x, 2, None) | f(x, 2, 1, 2) | f(x, 2, 1, -1) | f(x, 3, 1, 2) | f(x, 2, 1, (1, 1))
f(x, 2, 1, (1, 1, 1)) | f(x, 2, 1, ()) | f(x, 2, 1, 'a') | f(x, 2, 1.5) | f(x, (2.0, 2)) | f(x, (2, 2.0))
f(x, True) | f(x, 2, 1, 1, 1, 1, 1, 1, 1, 1) | f(x, 2, foo=1) | f(x, 2, ceil_mode=1) | f(x, 2, ceil_mode=None)
f(x, 9, ceil_mode=True) | f(x, 2, 9) | f(x, 2, 9, 1, ceil_mode=True) | f([1.0], 2) | f() | f(input=x, kernel_size=3)
f(x.long(), 2) | f(x.bool(), 2) | f(x.int(), 2) | f(x.half(), 2) | f(x.int(), 9)
"""
MAXIMUM = """
f(x, 2, 1, 0, 0) | f(x, 2, 1, 0, -1) | f(x, 2, 1, 0, (1, 1)) | f(x, 2, 1, 0, (1, 1, 1)) | f(x, 2, 1, 0, 9)
f(x, 2, 1, 0, ()) | f(x, 3, 1, 1, 3) | f(x, 3, 1, 2, 2) | f(x, 2, 1, 0, 1, True)
"""
DIVISOR = """
f(x, 2, divisor_override=0) | f(x, 2, divisor_override=-3) | f(x, 2, divisor_override=1.5) | f(x, 2, 1, 0, False, 'a')
f(x.long() - 7, 2, divisor_override=-3) | f(x, 2, out=torch.ones(3))
"""
ADAPTIVE = """
f(x) | f(x, 2) | f(x, 0) | f(x, -1) | f(x, (2,)) | f(x, (2, 2)) | f(x, (2, 2, 2)) | f(x, (2, 2, 2, 2)) | f(x, ())
f(x, 2.5) | f(x, 'a') | f(x, None) | f(x, (None,)) | f(x, (None, 2)) | f(x, (None, None)) | f(x, (None, 1, 2))
f(x, (None, None, None, None)) | f(x, (-1, 2)) | f(x, (-1,)) | f(x, (2, -1, 2)) | f(x, 1) | f(x, (1, 1)) | f(x, True)
f(x, 10) | f(x, (2.0, 1)) | f(x, 2, 3, 4) | f(x, 2, foo=2) | f(x, output_size=2) | f([1.0], 2) | f()
f(x.long(), 2) | f(x.long(), 1) | f(x.long(), 0) | f(x.bool(), 2) | f(x.bool(), 1) | f(x.bool(), 0) | f(x.half(), 2)
f(x.half(), 1)
"""
UNPOOL = """
f(x, i) | f(x, i, 2) | f(x, i, 0) | f(x, i, -1) | f(x, i, 2, 1) | f(x, i, 2, None, 1) | f(x, i, (2,)) | f(x, i, (2, 2))
f(x, i, (2, 2, 2)) | f(x, i, (2, 2, 2, 2)) | f(x, i, 2, (2,)) | f(x, i, 2, (2, 2)) | f(x, i, 2, (2, 2, 2))
f(x, i, 2, 2, (1,)) | f(x, i, 2, 2, (1, 1)) | f(x, i, 2, 2, (1, 1, 1)) | f(x, i, 2, 0) | f(x, i, 2, -1)
f(x, i, 'a') | f(x, i, 2.0) | f(x, i, 2, 2, 9) | f(x, i, 2, foo=1) | f(x, i, 2, 2, 0, 12) | f(x, i, 2, 2, 0, (12,))
f(x, i, 2, 2, 0, (12, 12)) | f(x, i, 2, 2, 0, (12, 12, 12))
f(x, i, 2, 2, 0, (12, 12, 12, 12)) | f(x, i, 2, 2, 0, [13])
f(x, i, 2, 2, 0, [14, 14]) | f(x, i, 2, 2, 0, (10, 10, 10)) | f(x, i, 2, 2, 0, (2, 3, 12))
f(x, i, 2, 2, 0, (2, 3, 12, 12))
f(x, x, 2) | f(x, i.int(), 2) | f(x, i + 9999, 2) | f(x, i - 1, 2) | f(x.long(), i, 2) | f([1], i, 2) | f(x, [1], 2)
f(x, i[:1], 2) | f(x[0], i[0], 2)
"""
FRACTIONAL = """
f(x, **s) | f(x, 2, **s) | f(x, 2, 3, **s) | f(x, 2, (3, 3), **s) | f(x, 2, (3, 3, 3), **s) | f(x, 2, (3,), **s)
f(x, (2,), 3, **s) | f(x, (2, 2), 3, **s) | f(x, (2, 2, 2), 3, **s) | f(x, 0, 3, **s) | f(x, -1, 3, **s)
f(x, 7, 3, **s) | f(x, 4, 3, **s) | f(x, 4, 4, **s) | f(x, 2, 0, **s) | f(x, 2, -1, **s) | f(x, 2, None, 0.5, **s)
f(x, 2, None, (0.5, 0.5), **s) | f(x, 2, None, (0.5, 0.5, 0.5), **s) | f(x, 2, None, (0.5,), **s)
f(x, 2, None, 1.5, **s)
f(x, 2, 3, 0.5, **s) | f(x, 2.5, 3, **s) | f(x, 2, 3.5, **s) | f(x, 'a', 3, **s) | f(x, 2, 5, **s) | f(x, 6, 1, **s)
f(x, 1, 6, **s) | f(x, (), 3, **s) | f(x, 2, (), **s) | f(x, 2, 3) | f(x[0], 2, 3) | f(x.double(), 2, 3)
f(x, 2, 3, _random_samples=s['_random_samples'][0]) | f(x, 2, 3, _random_samples=s['_random_samples'][:1])
f(x, 2, 3, _random_samples=s['_random_samples'][:, :2]) | f(x, 2, 3, _random_samples=s['_random_samples'][..., :1])
f(x, 2, 3, _random_samples=s['_random_samples'].double()) | f(x, 2, 3, _random_samples=5) | f(x, 2, 3, None, True, **s)
f(x, 2, 3, return_indices=True, **s) | f(x.long(), 2, 3) | f(x.half(), 2, 3) | f(x.bfloat16(), 2, 4)
"""
POWER = """
f(x, 2, 2) | f(x, 2, 2, 1) | f(x, 2, (2,)) | f(x, 2, (2, 2)) | f(x, 2, (2, 2, 2)) | f(x, 1.5, 3, 2, True) | f(x, 3, 2)
f(x, float('inf'), 2) | f(x, -float('inf'), 2) | f(x, 0, 2) | f(x, 2, 0) | f(x, 2, 9) | f(x, 2, 'a') | f(x, 2, 2, 0)
f(x, 2) | f(x) | f(x, 2, 2.0) | f(x + 1, -1, 2)
"""
SHAPES = ((), (6,), (3, 6), (2, 3, 6), (2, 3, 6, 6), (2, 3, 6, 6, 6), (2, 3, 6, 6, 6, 6))
MODULES = """
FractionalMaxPool2d(2) | FractionalMaxPool2d(2, 3, 0.5) | FractionalMaxPool2d(2, output_ratio=1.5)
FractionalMaxPool2d(2, output_ratio=0.5) | FractionalMaxPool2d(2, 3) | FractionalMaxPool3d(2)
FractionalMaxPool3d(0, 3)
FractionalMaxPool3d((1, 0, 2), 3) | FractionalMaxPool3d(2, 3, 0.5) | FractionalMaxPool3d(2, output_ratio=(0.5, 0.5, 1))
FractionalMaxPool3d(2, output_ratio=0.5) | MaxPool1d(3) | MaxPool2d((3, 2), (2, 1), 1, 2, ceil_mode=True) | MaxPool2d()
MaxPool3d(2, return_indices=True) | MaxUnpool1d(3) | MaxUnpool2d(3, 2, 1) | MaxUnpool3d((3, 2, 1)) | AvgPool1d(3)
AvgPool2d(3, 2) | AvgPool3d((3, 2, 1), padding=1) | LPPool1d(2, 3) | LPPool2d(1.5, (3, 2), stride=2) | AvgPool2d()
LPPool3d(2, 3, ceil_mode=True) | AdaptiveAvgPool1d(3) | AdaptiveAvgPool2d((3, None)) | AdaptiveAvgPool3d(1)
AdaptiveMaxPool1d(3) | AdaptiveMaxPool2d((3, None), return_indices=True) | AdaptiveMaxPool3d(2) | AdaptiveAvgPool2d()
MaxPool2d(2, foo=1)
"""


def split(text):
    """The calls of a text."""
    return [call.strip() for line in text.strip().splitlines() for call in line.split(" | ")]


def shapes(ndim):
    """Shapes of another rank, and those with an empty dimension."""
    whole = (2, 3) + (6,) * ndim
    empty = [(*shape[:at], 0, *shape[at + 1 :]) for shape in (whole, whole[1:]) for at in range(len(shape))]
    return [*SHAPES, *empty]


def inputs(ndim, *arguments):
    """Calls with inputs of all these shapes."""
    return [f"f(torch.zeros({shape}), {given})" for shape in shapes(ndim) for given in arguments]


def functions():
    """For each function, its name, the spatial dimensions, and the calls."""
    for ndim in (1, 2, 3):
        windows = [*split(WINDOWS), *inputs(ndim, "2", "2, 1, 1")]
        for name in (f"F.max_pool{ndim}d", f"torch.max_pool{ndim}d", f"F.max_pool{ndim}d_with_indices"):
            yield name, ndim, windows + split(MAXIMUM)
        yield f"F.avg_pool{ndim}d", ndim, windows + (split(DIVISOR) if ndim > 1 else [])
        adaptive = [*split(ADAPTIVE), *inputs(ndim, "2", "1", "0", f"(1,) * {ndim}")]
        yield f"F.adaptive_avg_pool{ndim}d", ndim, adaptive
        yield f"F.adaptive_max_pool{ndim}d", ndim, [*adaptive, "f(x, 2, True)", "f(x, 2, return_indices=True)"]
        places = [f"f(torch.zeros({s}), torch.zeros({s}).long(), 2)" for s in shapes(ndim)]
        yield f"F.max_unpool{ndim}d", ndim, split(UNPOOL) + places
        yield f"F.lp_pool{ndim}d", ndim, [*split(POWER), *inputs(ndim, "2, 2")]
    for ndim in (2, 3):
        given = ("2, 3", "2, None, 0.5", "2, 3, **s")
        yield f"F.fractional_max_pool{ndim}d", ndim, [*split(FRACTIONAL), *inputs(ndim, *given)]
