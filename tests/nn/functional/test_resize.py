"""interpolate beside numbers recorded from torch 2.13, its derivatives, and what it refuses.

The literals are `F.interpolate(torch.arange(12.).reshape(1, 1, 3, 4)**2, **arguments).flatten()`, rounded.
"""

import warnings

import numpy as np
import pytest

import pyconv
import pyconv.nn.functional as F
from pyconv.autograd import gradcheck, gradgradcheck

X = (np.arange(12.0).reshape(1, 1, 3, 4) ** 2).astype(np.float32)
RECORDED = [
    (
        {"scale_factor": (1.7, 0.6), "mode": "bilinear"},
        [0.3333, 4.0, 7.4706, 16.2353, 18.451, 35.0588, 47.3137, 71.7647, 69.6667, 100.0],
    ),
    (
        {"scale_factor": (1.7, 0.6), "mode": "bilinear", "recompute_scale_factor": True},
        [0.5, 6.5, 8.5, 20.9, 20.5, 42.5, 51.7, 83.3, 72.5, 110.5],
    ),
    (
        {"size": (2, 5), "mode": "bicubic"},
        [1.7837, 3.263, 6.3594, 11.3218, 15.928, 52.7478, 62.9146, 77.5156, 93.9827, 107.2765],
    ),
    ({"size": (2, 3), "mode": "lanczos", "antialias": True}, [2.4472, 7.6099, 16.367, 50.766, 71.5023, 95.8329]),
    ({"size": (2, 3), "mode": "bicubic", "antialias": True}, [4.2188, 9.7492, 18.5728, 50.4896, 70.4876, 93.7787]),
    ({"scale_factor": 1.3}, [0, 0, 1, 4, 9, 16, 16, 25, 36, 49, 64, 64, 81, 100, 121]),
    (
        {"scale_factor": 1.3, "mode": "nearest-exact"},
        [0, 1, 1, 4, 9, 16, 25, 25, 36, 49, 16, 25, 25, 36, 49],
    ),
]


@pytest.mark.parametrize(("arguments", "expected"), RECORDED, ids=lambda value: str(value)[:40])
def test_numbers_of_torch(arguments, expected):
    found = F.interpolate(X, **arguments)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found.ravel(), expected, atol=6e-5)


def test_area_is_the_mean_of_what_an_element_stands_for():
    x = np.arange(16.0).reshape(1, 1, 4, 4)
    assert F.interpolate(x, scale_factor=0.5, mode="area").tolist() == [[[[2.5, 4.5], [10.5, 12.5]]]]


@pytest.mark.parametrize("corners", [False, True])
def test_planes_stay_planes_between_the_corners(corners):
    x = np.add.outer(np.arange(4.0), np.add.outer(2 * np.arange(3.0), 5 * np.arange(5.0)))[None, None]
    found = F.interpolate(x, size=(7, 6, 9), mode="trilinear", align_corners=corners)[0, 0]
    inner = found[2:-2, 2:-2, 2:-2]
    for axis in range(3):
        np.testing.assert_allclose(np.diff(inner, n=2, axis=axis), 0, atol=1e-12)


MODES = [
    ((2, 2, 5), "nearest", {}),
    ((2, 2, 5), "linear", {"align_corners": True}),
    ((1, 2, 4, 3), "nearest-exact", {}),
    ((1, 2, 4, 3), "bilinear", {}),
    ((1, 2, 4, 3), "bicubic", {"align_corners": True}),
    ((1, 2, 4, 3), "bilinear", {"antialias": True}),
    ((1, 2, 4, 3), "lanczos", {"antialias": True}),
    ((1, 1, 2, 3, 2), "trilinear", {}),
    ((1, 1, 2, 3, 2), "nearest", {}),
    ((1, 2, 4, 3), "area", {}),
]


@pytest.mark.parametrize(("shape", "mode", "more"), MODES)
@pytest.mark.parametrize("size", [2, 5])
def test_derivatives(shape, mode, more, size):
    x = pyconv.tensor(np.random.default_rng(0).normal(size=shape), requires_grad=True)

    def resized(x):
        return F.interpolate(x, size=size, mode=mode, **more)

    assert gradcheck(resized, [x])
    assert gradgradcheck(resized, [x])


@pytest.mark.parametrize(
    ("shape", "mode", "name"),
    [
        ((1, 1, 3), "nearest", "UpsampleNearest1DBackward0"),
        ((1, 1, 3, 3), "nearest-exact", "UpsampleNearestExact2DBackward0"),
        ((1, 1, 3), "linear", "UpsampleLinear1DBackward0"),
        ((1, 1, 3, 3), "bilinear", "UpsampleBilinear2DBackward0"),
        ((1, 1, 3, 3, 3), "trilinear", "UpsampleTrilinear3DBackward0"),
    ],
)
def test_names_of_nodes(shape, mode, name):
    x = pyconv.ones(shape, requires_grad=True)
    y = F.interpolate(x, size=4, mode=mode)
    assert y.grad_fn.name() == name
    (g,) = pyconv.autograd.grad(y, [x], pyconv.ones_like(y).requires_grad_(), create_graph=True)
    assert g.grad_fn.name() == name.replace("Backward0", "BackwardBackward0")


@pytest.mark.parametrize(
    ("arguments", "error", "text"),
    [
        ({}, ValueError, "either size or scale_factor should be defined"),
        ({"size": 2, "scale_factor": 2}, ValueError, "only one of size or scale_factor should be defined"),
        ({"size": [2]}, ValueError, "same number of spatial dimensions"),
        ({"size": (2, 2.5)}, TypeError, "expected size to be one of int"),
        ({"size": 2, "align_corners": True}, ValueError, "align_corners option can only be set"),
        ({"size": 2, "recompute_scale_factor": True}, ValueError, "not meaningful with an explicit size"),
        ({"size": 2, "antialias": True}, ValueError, "Anti-alias option is restricted"),
        ({"size": 2, "mode": "linear"}, NotImplementedError, "Got 4D input, but linear mode needs 3D input"),
        ({"size": 2, "mode": "cubic"}, NotImplementedError, "Input Error: Only 3D, 4D and 5D input Tensors"),
        ({"size": 2, "mode": [1]}, NotImplementedError, "Input Error: Only 3D, 4D and 5D input Tensors"),
        ({"size": 2, "mode": "lanczos"}, ValueError, "Lanczos mode requires antialias=True"),
        ({"size": 0}, RuntimeError, r"but got input \(H: 3, W: 4\) output \(H: 0, W: 0\)"),
        ({"scale_factor": float("inf")}, RuntimeError, "value cannot be converted to type int64_t without overflow"),
        ({"size": "a"}, TypeError, r"upsample_nearest2d\(\) received an invalid combination of arguments"),
    ],
)
def test_what_is_refused(arguments, error, text):
    with pytest.raises(error, match=text):
        F.interpolate(pyconv.tensor(X), **arguments)


@pytest.mark.parametrize(
    ("mode", "size", "stub"),
    [
        ("nearest", 4, "upsample_nearest2d_channels_last"),
        ("nearest", 80, "compute_indices_weights_nearest"),
        ("bilinear", 80, "compute_indices_weights_linear"),
        ("bicubic", 4, "compute_indices_weights_cubic"),
    ],
)
def test_integers_are_refused_by_the_name_of_the_kernel(mode, size, stub):
    with pytest.raises(NotImplementedError, match=f"\"{stub}\" not implemented for 'Long'"):
        F.interpolate(pyconv.ones(1, 1, 2, 2, dtype=pyconv.int64), size=size, mode=mode)


@pytest.mark.parametrize("name", ["upsample", "upsample_nearest", "upsample_bilinear"])
def test_old_names_warn(name):
    with pytest.warns(UserWarning, match=f"`nn.functional.{name}` is deprecated. Use `nn.functional.interpolate`"):
        found = getattr(F, name)(X, scale_factor=2)
    bilinear = {"mode": "bilinear", "align_corners": True} if name.endswith("bilinear") else {}
    assert np.array_equal(found, F.interpolate(X, scale_factor=2, **bilinear))


def test_no_warning_without_need():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        F.interpolate(X, scale_factor=1.5, mode="bilinear")


@pytest.mark.parametrize("kind", [pyconv.complex128, pyconv.int64])
def test_dtypes_are_refused_though_there_is_nothing_to_resize(kind):
    with pytest.raises(NotImplementedError, match='"compute_indices_weights_cubic" not implemented for'):
        F.interpolate(pyconv.ones(0, 1, 1, 1, dtype=kind), scale_factor=1.0, mode="bicubic")


def test_antialiasing_to_the_same_size_copies_any_dtype_but_differentiates_two():
    whole = pyconv.ones(1, 1, 2, 2, dtype=pyconv.int64)
    assert F.interpolate(whole, size=2, mode="bilinear", antialias=True).tolist() == whole.tolist()
    half = whole.half().requires_grad_()
    found = F.interpolate(half, size=2, mode="bicubic", antialias=True)
    with pytest.raises(NotImplementedError, match="\"upsample_bicubic2d_aa_backward_cpu\" not implemented for 'Half'"):
        found.sum().backward()
    with pytest.raises(RuntimeError, match="_upsample_bicubic2d_aa does not support automatic differentiation"):
        F.interpolate(whole.to(pyconv.complex64).requires_grad_(), size=2, mode="bicubic", antialias=True)


@pytest.mark.parametrize(
    ("antialias", "expected"),
    [
        (True, ["-0x1.9ed09ap-5", "0x1.c9c726p-2", "0x1.595554p-1", "-0x1.225ecep-4", "0x0p+0"]),
        (False, ["-0x1.371c8p-4", "0x1.ee12fcp-2", "0x1.664bd8p-1", "-0x1.b38ep-4", "0x0p+0"]),
    ],
)
def test_cubic_weights_of_single_precision_have_torchs_last_bits(antialias, expected):
    """Column 2 of `F.interpolate(eye, size=(2, 6), mode="bicubic", antialias=...)[:, 0, 0]`, by `float.hex`."""
    eye = np.ascontiguousarray(np.broadcast_to(np.eye(5, dtype=np.float32)[:, None, None], (5, 1, 2, 5)))
    found = F.interpolate(eye, size=(2, 6), mode="bicubic", antialias=antialias)[:, 0, 0, 2]
    assert [float(value) for value in found] == [float.fromhex(text) for text in expected]
