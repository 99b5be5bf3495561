"""grid_sample and affine_grid beside numbers recorded from torch 2.13, their derivatives, and what they refuse.

The literals are `F.grid_sample(x, grid, mode, padding_mode, False).flatten()`, rounded, for X and GRID below.
"""

import numpy as np
import pytest

import pyconv
import pyconv.nn.functional as F
from pyconv.autograd import gradcheck, gradgradcheck

X = np.arange(12.0).reshape(1, 1, 3, 4) ** 2
GRID = np.array([[[[-1.2, -0.4], [0.3, 0.9]], [[1.4, 0.2], [-0.7, -1.0]]]])
RECORDED = {
    ("bilinear", "zeros"): [0.64, 66.365, 0.0, 0.05],
    ("bilinear", "border"): [6.4, 102.1, 70.6, 0.1],
    ("bilinear", "reflection"): [6.4, 102.1, 65.98, 0.1],
    ("nearest", "zeros"): [0, 100, 0, 0],
    ("nearest", "border"): [0, 100, 49, 0],
    ("nearest", "reflection"): [0, 100, 49, 0],
    ("bicubic", "zeros"): [0.2011, 76.4483, -8.7335, -1.6167],
    ("bicubic", "border"): [2.7282, 110.1009, 73.4979, -1.4947],
    ("bicubic", "reflection"): [2.5139, 113.9911, 69.669, -3.0511],
}


@pytest.mark.parametrize("modes", RECORDED, ids=str)
def test_numbers_of_torch(modes):
    found = F.grid_sample(X, GRID, *modes, align_corners=False)
    np.testing.assert_allclose(found.ravel(), RECORDED[modes], atol=2e-4)


@pytest.mark.parametrize("corners", [False, True])
def test_the_identity_gives_the_input_back(corners):
    x = np.random.default_rng(0).normal(size=(1, 2, 3, 4, 5))
    theta = np.eye(3, 4)[None]
    grid = F.affine_grid(theta, x.shape, align_corners=corners)
    np.testing.assert_allclose(F.grid_sample(x, grid, align_corners=corners, padding_mode="border"), x, atol=1e-12)


@pytest.mark.parametrize(("mode", "ndim"), [("bilinear", 2), ("bicubic", 2), ("bilinear", 3), ("nearest", 3)])
@pytest.mark.parametrize("padding", ["zeros", "reflection"])
def test_derivatives(mode, ndim, padding):
    rng = np.random.default_rng(1)
    x = pyconv.tensor(rng.normal(size=(2, 2, 2, 3, 2)[: ndim + 2]), requires_grad=True)
    grid = pyconv.tensor(rng.uniform(-1.3, 1.3, (2, *(1, 2, 2)[-ndim:], ndim)), requires_grad=True)

    def sampled(x, grid):
        return F.grid_sample(x, grid, mode, padding, align_corners=False)

    assert sampled(x, grid).grad_fn.name() == f"GridSampler{ndim}DBackward0"
    assert gradcheck(sampled, [x, grid])
    assert gradgradcheck(sampled, [x, grid])


def test_derivatives_of_affine_grid():
    theta = pyconv.tensor(np.random.default_rng(0).normal(size=(2, 2, 3)), requires_grad=True)

    def points(theta):
        return F.affine_grid(theta, (2, 1, 3, 4), align_corners=True)

    assert points(theta).grad_fn.name() == "AffineGridGeneratorBackward0"
    assert gradcheck(points, [theta])
    assert gradgradcheck(points, [theta])


def test_affine_grid_keeps_nothing_that_a_backward_pass_frees():
    theta = pyconv.ones(1, 2, 3, requires_grad=True)
    grid = F.affine_grid(theta, (1, 1, 2, 2), align_corners=False)
    grid.sum().backward()
    grid.sum().backward()
    assert theta.grad.tolist() == [[[0.0, 0.0, 8.0]] * 2]


def test_affine_grid_maps_the_corners():
    theta = np.array([[[2.0, 0, 0.5], [0, 3, -1]]])
    corners = F.affine_grid(theta, (1, 1, 4, 5), align_corners=True)[0][[0, 0, -1, -1], [0, -1, 0, -1]]
    assert corners.tolist() == [[-1.5, -4], [2.5, -4], [-1.5, 2], [2.5, 2]]


def test_a_missing_align_corners_warns():
    with pytest.warns(UserWarning, match="Default grid_sample and affine_grid behavior has changed"):
        F.grid_sample(X, GRID)
    with pytest.warns(UserWarning, match="Default grid_sample and affine_grid behavior has changed"):
        F.affine_grid(np.ones((1, 2, 3)), (1, 1, 2, 2))
    with pytest.warns(UserWarning, match="affine_grid behavior has changed for unit-size grids"):
        F.affine_grid(np.ones((1, 2, 3)), (1, 1, 1, 2), True)


@pytest.mark.parametrize(
    ("shape", "points", "text"),
    [
        ((1, 2, 3, 3), (2, 4, 4, 2), "expected grid and input to have same batch size"),
        ((1, 2, 3, 3), (1, 4, 4, 3), "expected grid to have size 2 in last dimension"),
        ((1, 2, 3, 3), (1, 4, 4, 4, 2), "expected 4D input and grid with same number of dimensions"),
        ((1, 2, 0, 3), (1, 4, 4, 2), "expected input to have non-empty spatial dimensions"),
    ],
)
def test_shapes_that_are_refused(shape, points, text):
    with pytest.raises(RuntimeError, match=text):
        F.grid_sample(pyconv.zeros(shape), pyconv.zeros(points), align_corners=False)


def test_other_things_that_are_refused():
    x, grid = pyconv.zeros(1, 1, 2, 2), pyconv.zeros(1, 2, 2, 2)
    with pytest.raises(ValueError, match="expected mode to be 'bilinear', 'nearest' or 'bicubic', but got: 'cubic'"):
        F.grid_sample(x, grid, "cubic")
    with pytest.raises(ValueError, match="expected padding_mode to be 'zeros', 'border', or 'reflection'"):
        F.grid_sample(x, grid, padding_mode="wrap")
    with pytest.raises(RuntimeError, match="expected scalar type Float but found Double"):
        F.grid_sample(x, grid.double(), align_corners=False)
    with pytest.raises(NotImplementedError, match="\"grid_sampler_2d_cpu_kernel_impl\" not implemented for 'Long'"):
        F.grid_sample(x.long(), grid.long(), align_corners=False)
    with pytest.raises(RuntimeError, match="bicubic interpolation only supports 4D input"):
        F.grid_sample(x[None], pyconv.zeros(1, 1, 2, 2, 3), "bicubic", align_corners=False)
    with pytest.raises(ValueError, match="Expected a batch of 2D affine matrices of shape Nx2x3"):
        F.affine_grid(pyconv.zeros(1, 3, 4), (1, 1, 2, 2), False)
    with pytest.raises(ValueError, match=r"Expected theta to have floating point type, but got torch\.int64"):
        F.affine_grid(pyconv.zeros(1, 2, 3).long(), (1, 1, 2, 2), False)
