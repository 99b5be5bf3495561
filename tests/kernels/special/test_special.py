"""Special functions against values of 40 digits, and their edges.

The values were computed with mpmath 1.3 at 40 digits (`mpmath.erf`, `gamma`, `digamma`, `zeta`, `besseli`, `gammainc`),
and rounded.
"""

import numpy as np
import pytest

from pyconv.kernels.special import bessel, error, gamma, incomplete_gamma
from pyconv.kernels.special.series import chebyshev, powers

INF, NAN = np.inf, np.nan
MODULES = {"bessel": bessel, "error": error, "gamma": gamma, "incomplete_gamma": incomplete_gamma}
VALUES = {
    "error.erf": [
        (1e-20, 1.1283791670955125e-20),
        (0.3, 0.3286267594591274),
        (-0.9, -0.7969082124228322),
        (1.5, 0.9661051464753108),
        (4.0, 0.9999999845827421),
    ],
    "error.erfc": [
        (-3.0, 1.9999779095030015),
        (0.2, 0.7772974107895215),
        (0.8, 0.2578990352923395),
        (5.0, 1.537459794428035e-12),
        (26.0, 5.663192408856143e-296),
    ],
    "error.erfcx": [
        (-5.0, 144009798674.66104),
        (0.01, 0.9888154610463425),
        (2.0, 0.25539567631050575),
        (40.0, 0.014100335983377814),
    ],
    "error.erfinv": [
        (1e-20, 8.86226925452758e-21),
        (0.3, 0.2724627147267543),
        (-0.6, -0.5951160814499948),
        (0.999, 2.3267537655135246),
        (0.9999999999990905, 5.05125408524939),
    ],
    "error.erfcinv": [
        (1e-300, 26.209469960516124),
        (1e-20, 6.601580622355143),
        (0.25, 0.8134198475976185),
    ],
    "gamma.lgamma": [
        (1e-10, 23.025850929882736),
        (0.5, 0.5723649429247001),
        (0.99, 0.005854806764709781),
        (1.5, -0.12078223763524522),
        (2.001, 0.000423106734800117),
        (9.5, 11.689333420797269),
        (150.0, 600.0094705553274),
        (-0.4, 1.31452458994339),
        (-3.7, -1.3797399049658245),
    ],
    "gamma.digamma": [
        (0.1, -10.423754940411076),
        (1.0, -0.5772156649015329),
        (9.5, 2.1977378764029494),
        (100.0, 4.600161852738087),
        (-0.4, 0.9593807861068093),
        (-3.7, -0.8450768588704194),
    ],
    "gamma.gamma": [
        (0.1, 9.51350769866873),
        (1.0, 1.0),
        (4.5, 11.631728396567448),
        (9.5, 119292.46199460901),
    ],
    "bessel.i0e": [
        (0.0, 1.0),
        (1.0, 0.46575960759364043),
        (-7.5, 0.14831583007739552),
        (8.5, 0.13900184305484758),
        (300.0, 0.02304255841508546),
    ],
    "bessel.i1e": [
        (0.0, 0.0),
        (1.0, 0.20791041534970844),
        (-7.5, -0.1380412115485542),
        (8.5, 0.13054935509459586),
        (300.0, 0.02300412204026895),
    ],
    "bessel.i0": [
        (0.5, 1.0634833707413236),
        (-7.5, 268.16131151518937),
        (8.5, 683.1619269901156),
    ],
    "bessel.i1": [
        (0.5, 0.2578943053908963),
        (-7.5, -249.58436542268814),
        (8.5, 641.6199025400667),
    ],
    "gamma.zeta": [
        ((2.0, 1.0), 1.6449340668482264),
        ((1.5, 0.3), 8.237761671459724),
        ((4.0, 12.0), 0.00021834887184513766),
        ((30.0, 0.9), 23.589824880264747),
    ],
    "incomplete_gamma.lower": [
        ((0.3, 0.2), 0.6575067242697218),
        ((1.5, 3.3), 0.9141989125998771),
        ((9.0, 4.0), 0.021363434487984164),
        ((40.0, 45.0), 0.7916181799674072),
        ((3000.0, 3050.0), 0.8196220328026214),
    ],
    "incomplete_gamma.upper": [
        ((0.3, 0.2), 0.34249327573027827),
        ((1.5, 3.3), 0.08580108740012292),
        ((9.0, 4.0), 0.9786365655120158),
        ((40.0, 45.0), 0.20838182003259278),
        ((3000.0, 3050.0), 0.1803779671973787),
    ],
}
EDGES = {
    "error.erf": [(INF, 1.0), (-INF, -1.0), (NAN, NAN), (0.0, 0.0)],
    "error.erfc": [(INF, 0.0), (-INF, 2.0), (NAN, NAN)],
    "error.erfcx": [(INF, 0.0), (-INF, INF), (NAN, NAN)],
    "error.erfinv": [(1.0, INF), (-1.0, -INF), (1.5, NAN), (NAN, NAN)],
    "gamma.lgamma": [(0.0, INF), (-2.0, INF), (1.0, 0.0), (2.0, 0.0), (INF, INF), (-INF, INF), (NAN, NAN)],
    "gamma.digamma": [(0.0, -INF), (-0.0, INF), (-3.0, NAN), (INF, INF), (NAN, NAN)],
    "gamma.zeta": [((1.0, 2.0), INF), ((0.5, 2.0), NAN), ((2.0, -1.0), INF), ((2.5, -0.5), NAN), ((2.0, INF), 0.0)],
    "incomplete_gamma.lower": [((2.0, 0.0), 0.0), ((0.0, 1.0), 1.0), ((-1.0, 1.0), NAN), ((2.0, INF), 1.0)],
    "incomplete_gamma.upper": [((2.0, 0.0), 1.0), ((0.0, 1.0), 0.0), ((2.0, -1.0), NAN), ((INF, 2.0), 1.0)],
}


def called(name, points):
    module, function = name.split(".")
    arguments = np.array([np.atleast_1d(point) for point in points], np.float64).T
    with np.errstate(all="ignore"):
        return getattr(MODULES[module], function)(*arguments)


@pytest.mark.parametrize("name", VALUES)
def test_values(name):
    points, expected = zip(*VALUES[name], strict=True)
    tolerance = 2e-13 if "incomplete" in name else 4e-15
    np.testing.assert_allclose(called(name, points), expected, rtol=tolerance, atol=0)


@pytest.mark.parametrize("name", EDGES)
def test_edges(name):
    points, expected = zip(*EDGES[name], strict=True)
    np.testing.assert_array_equal(called(name, points), expected)


@pytest.mark.parametrize("n", [0, 1, 2, 5])
def test_polygamma_goes_from_one_order_to_the_next(n):
    x, step = np.array([0.3, 1.7, 12.0, -0.6]), 1e-6
    with np.errstate(all="ignore"):
        slope = (gamma.polygamma(x + step, n=n) - gamma.polygamma(x - step, n=n)) / (2 * step)
        np.testing.assert_allclose(gamma.polygamma(x, n=n + 1), slope, rtol=1e-6)


def test_the_two_incomplete_functions_add_up_to_one():
    a, x = np.meshgrid(np.geomspace(0.01, 1000, 15), np.geomspace(0.01, 1000, 15))
    with np.errstate(all="ignore"):
        both = incomplete_gamma.lower(a, x) + incomplete_gamma.upper(a, x)
    np.testing.assert_allclose(both, 1, rtol=1e-15)


@pytest.mark.parametrize("name", ["i0", "i0e", "i1", "i1e"])
def test_bessel_functions_of_single_precision_stay_single(name):
    x = np.linspace(-20, 20, 101).astype(np.float32)
    found = getattr(bessel, name)(x)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, getattr(bessel, name)(x.astype(np.float64)), rtol=3e-6)


def test_series_are_the_polynomials():
    x = np.linspace(-1, 1, 7)
    np.testing.assert_allclose(chebyshev(x, (1.0, -2.0, 0.5)), 1 - 2 * x + 0.5 * (2 * x * x - 1), atol=1e-15)
    np.testing.assert_allclose(powers(x, (1.0, -2.0, 0.5)), 1 - 2 * x + 0.5 * x * x, atol=1e-15)
    assert chebyshev(x, (3.0,)).tolist() == powers(x, (3.0,)).tolist() == [3.0] * 7
