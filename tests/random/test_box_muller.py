"""Normal deviates against the formula of Box and Muller; their last bits are held by test_generator."""

import hashlib
import math

import numpy as np
import pytest

from pyconv.random import Generator
from pyconv.random.box_muller import normal_blocks, normal_pairs


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float32, 1e-6), (np.float64, 1e-14)])
def test_blocks_hold_eight_cosines_then_eight_sines(dtype, tolerance):
    uniforms = Generator().rand(16 * 300, dtype)
    blocks = uniforms.reshape(-1, 16).astype(np.float64)
    radius, angle = np.sqrt(-2 * np.log(1 - blocks[:, :8])), 2 * np.pi * blocks[:, 8:]
    expected = np.concatenate([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    normals = normal_blocks(uniforms)
    assert normals.dtype == dtype
    np.testing.assert_allclose(normals.reshape(-1, 16), expected, rtol=0, atol=4 * tolerance)


def test_the_ends_of_the_unit_interval_give_finite_normals():
    largest = 1 - 2.0**-24
    for radius in (0.0, largest):
        for angle in (0.0, 0.25, 0.5, 0.75, largest):
            block = np.repeat(np.array([radius, angle], np.float32), 8)
            expected = math.sqrt(-2 * math.log(1 - radius)) * np.repeat(
                [math.cos(2 * math.pi * angle), math.sin(2 * math.pi * angle)], 8
            )
            np.testing.assert_allclose(normal_blocks(block), expected, atol=3e-6)


def test_pairs_take_the_angle_first():
    angle, radius = 0.125, 0.75
    length = math.sqrt(-2 * math.log(1 - radius))
    expected = [length * math.cos(math.pi / 4), length * math.sin(math.pi / 4)]
    np.testing.assert_allclose(normal_pairs(np.array([angle, radius])), expected, rtol=1e-15)


def test_single_normals_are_those_of_fused_sums_rounded_once():
    """The digest was recorded with `pyconv.random.fma.fma32` for every fused step, which rounds once.

    So were all 2**24 uniform numbers, of which these are every sixteenth, and no bit of the radii, sines and cosines
    was another.
    """
    uniforms = np.arange(0, 1 << 24, 16, dtype=np.int32).astype(np.float32) * np.float32(2.0**-24)
    blocks = np.concatenate([uniforms.reshape(-1, 8), uniforms[::-1].reshape(-1, 8)], axis=1)
    digest = hashlib.sha256()
    for part in blocks.reshape(-1, 1 << 14):
        digest.update(normal_blocks(part).tobytes())
    assert digest.hexdigest() == "bcd5938b0a7a431d0d6b5798e52058c8db953fc4415ebc5615f9cc2effedbf86"
