"""Resizing, sampling, shuffling and padding under torch and pyconv: values, gradients, texts, warnings, modules.

Where torch's gradient is not that of its result (the nearest modes by a factor that leaves a size as it is, or
doubles it only once it is rounded), none is asked for; nor of the area mode in half types, which torch adds up in them.
"""

import numpy as np
import pytest

from tests.against_torch.outcome import compare

RNG = np.random.default_rng(0)
DIMS = {"nearest": (1, 2, 3), "nearest-exact": (1, 2, 3), "area": (1, 2, 3)}
DIMS |= {"linear": (1,), "bilinear": (2,), "bicubic": (2,), "trilinear": (3,)}
KINDS = ("float64", "float32", "bfloat16", "float16")


def arguments_of(mode, ndim, trial):
    """A shape and the arguments of a call, the same in both libraries."""
    rng = np.random.default_rng((trial, ndim, len(mode)))
    high = {1: 50, 2: 24, 3: 7}[ndim]
    shape = (2, int(rng.integers(1, 6)), *map(int, rng.integers(2, high, ndim)))
    arguments = {"mode": mode}
    if mode not in ("nearest", "nearest-exact", "area"):
        arguments["align_corners"] = [None, True, False][trial % 3]
    if trial % 2:
        arguments["size"] = [int(n) for n in rng.integers(1, 3 * high, ndim)]
    else:
        arguments["scale_factor"] = [float(f) for f in rng.uniform(0.5, 3, ndim)]
        arguments["recompute_scale_factor"] = trial % 4 == 0
    return shape, arguments


@pytest.mark.parametrize("trial", range(8))
@pytest.mark.parametrize(("mode", "ndim"), [(mode, ndim) for mode in DIMS for ndim in DIMS[mode]])
def test_resizing(mode, ndim, trial):
    shape, arguments = arguments_of(mode, ndim, trial)
    x = np.random.default_rng(trial).normal(size=shape)
    kind = KINDS[trial % (2 if mode == "area" else 4)]
    by_factor = not arguments.get("recompute_scale_factor", True) and mode.startswith("nearest")

    def program(library):
        given = library.tensor(x, dtype=getattr(library, kind), requires_grad=True)
        found = library.nn.functional.interpolate(given, **arguments)
        (0.5 * found * found).sum().backward()
        return found, None if by_factor else given.grad

    compare(program)


@pytest.mark.parametrize("trial", range(6))
@pytest.mark.parametrize("mode", ["bilinear", "bicubic", "lanczos"])
@pytest.mark.parametrize("kind", ["float64", "float32", "uint8"])
def test_antialiasing(mode, kind, trial):
    size = [int(n) for n in np.random.default_rng(trial).integers(2, 40, 2)]
    x = np.random.default_rng(trial).integers(0, 256, (1, 1 + trial, 17, 23)) / (1 if kind == "uint8" else 256)

    def program(library):
        given = library.tensor(x).to(getattr(library, kind)).requires_grad_(kind != "uint8")
        found = library.nn.functional.interpolate(given, size=size, mode=mode, antialias=True)
        if kind == "uint8":
            return found
        return found, library.autograd.grad(found.sum(), [given])

    compare(program)


@pytest.mark.parametrize("trial", range(8))
@pytest.mark.parametrize("mode", ["nearest", "nearest-exact", "bilinear", "bicubic"])
def test_bytes(mode, trial):
    size = [int(n) for n in np.random.default_rng(trial).integers(1, 100, 2)]
    x = np.random.default_rng(trial).integers(0, 256, (1, 1 + trial, 11, 9))
    corners = {} if mode.startswith("nearest") else {"align_corners": trial % 2 == 1}
    compare(
        lambda library: library.nn.functional.interpolate(
            library.tensor(x, dtype=library.uint8), size=size, mode=mode, **corners
        )
    )


@pytest.mark.parametrize("corners", [True, False])
@pytest.mark.parametrize("padding", ["zeros", "border", "reflection"])
@pytest.mark.parametrize(
    ("mode", "ndim"), [("bilinear", 2), ("nearest", 2), ("bicubic", 2), ("bilinear", 3), ("nearest", 3)]
)
def test_sampling(mode, ndim, padding, corners):
    x = RNG.normal(size=(2, 3, 4, 5, 3)[: ndim + 2])
    grid = RNG.uniform(-1.9, 1.9, (2, *(3, 4, 2)[:ndim], ndim))
    cotangent = RNG.normal(size=(2, 3, *(3, 4, 2)[:ndim]))

    def program(library):
        given = [library.tensor(value, requires_grad=True) for value in (x, grid, cotangent)]
        found = library.nn.functional.grid_sample(*given[:2], mode, padding, corners)
        first = library.autograd.grad(found, given[:2], given[2], create_graph=True)
        second = library.autograd.grad(sum((g * g).sum() for g in first), given[2])
        names = [found.grad_fn.name(), *(g.grad_fn.name() for g in first)]
        return found.detach(), [g.detach() for g in first], second, names

    compare(program)


def ones(library, *shape):
    return library.ones(shape, requires_grad=True)


CALLS = {
    "size and factor": lambda t, F: F.interpolate(t.ones(1, 1, 2), 3, 2),
    "neither": lambda t, F: F.interpolate(t.ones(1, 1, 2)),
    "wrong length of size": lambda t, F: F.interpolate(t.ones(1, 1, 2, 3), [2]),
    "wrong length of factors": lambda t, F: F.interpolate(t.ones(1, 1, 2, 3), scale_factor=[2.0]),
    "a float in size": lambda t, F: F.interpolate(t.ones(1, 1, 2, 3), (2, 2.5)),
    "a float as size": lambda t, F: F.interpolate(t.ones(1, 1, 2, 3), 2.5),
    "a bool as size": lambda t, F: F.interpolate(t.ones(1, 1, 2, 3), True),
    "a string as size": lambda t, F: F.interpolate(t.ones(1, 1, 2, 3), "a", mode="bicubic"),
    "a string as factor": lambda t, F: F.interpolate(t.ones(1, 1, 2, 3), scale_factor="a"),
    "None among factors": lambda t, F: F.interpolate(t.ones(1, 1, 2, 3), scale_factor=(2, None)),
    "an int for corners": lambda t, F: F.interpolate(t.ones(1, 1, 2, 3), 2, mode="bilinear", align_corners=2),
    "corners for nearest": lambda t, F: F.interpolate(t.ones(1, 1, 2, 3), 2, align_corners=False),
    "endless": lambda t, F: F.interpolate(t.ones(1, 1, 2, 3), scale_factor=float("inf")),
    "nothing left": lambda t, F: F.interpolate(t.ones(1, 1, 2, 3), scale_factor=0.1, mode="bilinear"),
    "negative": lambda t, F: F.interpolate(t.ones(1, 1, 2, 3, 4), -1),
    "no width": lambda t, F: F.interpolate(t.ones(1, 1, 0), 2),
    "no channels": lambda t, F: F.interpolate(t.ones(1, 0, 2, 2), 2),
    "no batch": lambda t, F: F.interpolate(t.ones(0, 1, 2, 2), 3, mode="bicubic"),
    "two dimensions": lambda t, F: F.interpolate(t.ones(2, 2), 3),
    "trilinear of 4-D": lambda t, F: F.interpolate(t.ones(1, 1, 2, 3), 2, mode="trilinear"),
    "antialias of 5-D": lambda t, F: F.interpolate(t.ones(1, 1, 2, 3, 4), 2, mode="trilinear", antialias=True),
    "lanczos and corners": lambda t, F: F.interpolate(
        t.ones(1, 1, 2, 3), 2, mode="lanczos", antialias=True, align_corners=True
    ),
    "integers": lambda t, F: F.interpolate(t.ones(1, 1, 2, 3).int(), 2),
    "wide integers": lambda t, F: F.interpolate(t.ones(1, 1, 2, 3).int(), 70, mode="bilinear"),
    "half antialiased": lambda t, F: F.interpolate(t.ones(1, 1, 2, 3).half(), 4, mode="bilinear", antialias=True),
    "upsample": lambda t, F: F.upsample(t.ones(1, 1, 2), scale_factor=2, mode="linear", align_corners=True),
    "upsample_nearest": lambda t, F: F.upsample_nearest(t.ones(1, 1, 2), 3),
    "upsample_bilinear": lambda t, F: F.upsample_bilinear(t.ones(1, 1, 2, 2), 3),
    "grid without corners": lambda t, F: F.grid_sample(t.ones(1, 1, 2, 2), t.zeros(1, 1, 1, 2)),
    "grid of another dtype": lambda t, F: F.grid_sample(
        t.ones(1, 1, 2, 2), t.zeros(1, 1, 1, 2).double(), align_corners=True
    ),
    "a list as input": lambda t, F: F.grid_sample([1], t.zeros(1, 1, 1, 2), align_corners=True),
    "a string for corners": lambda t, F: F.grid_sample(t.ones(1, 1, 2, 2), t.zeros(1, 1, 1, 2), align_corners="a"),
    "unit grid": lambda t, F: F.affine_grid(t.ones(1, 2, 3), (1, 1, 1, 2), True),
    "no grid": lambda t, F: F.affine_grid(t.ones(1, 2, 3), (1, 1, 0, 2), False),
    "two grids for one map": lambda t, F: F.affine_grid(t.ones(1, 2, 3), (2, 1, 2, 2), False),
    "half grid": lambda t, F: F.affine_grid(t.ones(1, 3, 4).half() / 3, (1, 1, 2, 3, 5), False),
    "generator without corners": lambda t, F: t.affine_grid_generator(t.ones(1, 2, 3), (1, 1, 2, 2)),
    "sampler without padding": lambda t, F: t.grid_sampler(t.ones(1, 1, 2, 2), t.zeros(1, 1, 1, 2), 0),
    "sampler of 3-D in 2-D": lambda t, F: t.grid_sampler_2d(t.ones(1, 1, 2, 2, 2), t.zeros(1, 1, 1, 1, 3), 0, 0, False),
    "shuffle by a float": lambda t, F: F.pixel_shuffle(t.ones(4, 2, 2), 2.0),
    "shuffle of None": lambda t, F: t.pixel_unshuffle(None, 2),
    "negative shuffle": lambda t, F: F.pixel_unshuffle(t.ones(4, 2, 2), -1),
    "shuffle of a string": lambda t, F: F.channel_shuffle(t.ones(1, 4, 2), "a"),
    "shuffle": lambda t, F: F.pixel_shuffle(ones(t, 4, 2, 2), 2).grad_fn.name(),
    "pad of bool": lambda t, F: t.constant_pad_nd(t.ones(2).bool(), (1, 1), 3),
    "pad of complex": lambda t, F: t.constant_pad_nd(t.ones(2), (1, 1), 1 + 2j),
    "pad with floats": lambda t, F: t.constant_pad_nd(t.ones(2), (1.5, 1)),
    "pad that is too long": lambda t, F: t.constant_pad_nd(t.ones(2), (1, 1, 1, 1)),
}


@pytest.mark.parametrize("name", CALLS)
def test_calls(name):
    compare(lambda library: CALLS[name](library, library.nn.functional))


MODULES = [
    "Upsample(scale_factor=2)",
    "Upsample(size=(3, 4), mode='bilinear', align_corners=True)",
    "Upsample(scale_factor=(2, 3), mode='bicubic')",
    "UpsamplingNearest2d(4)",
    "UpsamplingBilinear2d(scale_factor=1.5)",
    "PixelShuffle(2)",
    "PixelUnshuffle(2)",
    "ChannelShuffle(2)",
    "ConstantPad2d((1, -1, 2, 0), 3)",
    "ZeroPad2d(1)",
    "ReflectionPad2d((1, 1, 0, 1))",
    "ReplicationPad2d([1, 1, 0, 1])",
    "CircularPad2d(1)",
    "CircularPad1d(1)",
]


@pytest.mark.parametrize("text", MODULES)
def test_modules(text):
    def program(library):
        module = eval(f"nn.{text}", {"nn": library.nn})
        x = library.arange(64.0).reshape(1, 4, 4, 4)
        return repr(module), dict(module.state_dict()), list(module.__constants__), module(x)

    compare(program)
