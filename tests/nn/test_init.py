"""torch.nn.init's starting values against torch 2.13.0's, and by what they promise.

`tests/data/init.json` holds torch's values; `python -m tests.data.record_init` writes it.
"""

import json
import math
import zlib
from pathlib import Path

import numpy as np
import pytest

from pyconv import dtypes, random
from pyconv.nn import init
from pyconv.random import Generator
from pyconv.tensor import Tensor

RECORDED = json.loads((Path(__file__).parents[1] / "data" / "init.json").read_text())


def zeros(*shape, dtype=np.float32):
    return Tensor._wrap(np.zeros(shape, dtype))


@pytest.fixture(autouse=True)
def _default_generator_as_it_was():
    state = random.get_rng_state()
    yield
    random.set_rng_state(state)


@pytest.mark.parametrize("function", sorted({case["function"] for case in RECORDED}))
def test_values_are_torchs(function):
    for case in RECORDED:
        if case["function"] == function:
            random.manual_seed(11)
            tensor = zeros(*case["shape"], dtype=getattr(dtypes, case["dtype"]).numpy)
            assert getattr(init, function)(tensor, *case["arguments"]) is tensor
            array = tensor._array
            if "values" in case:
                roundoff = np.finfo(array.dtype).eps
                np.testing.assert_allclose(array.ravel(), case["values"], rtol=0, atol=10 * roundoff)
            else:
                assert zlib.crc32(array.tobytes()) == case["crc32"], case


RANDOM_FILLS = (
    "uniform_",
    "normal_",
    "trunc_normal_",
    "xavier_uniform_",
    "xavier_normal_",
    "kaiming_uniform_",
    "kaiming_normal_",
    "orthogonal_",
)


@pytest.mark.parametrize("function", RANDOM_FILLS)
def test_a_generator_replaces_the_default_one(function):
    fill = getattr(init, function)
    before = random.get_rng_state()
    given = fill(zeros(6, 4), generator=Generator().manual_seed(8))._array
    np.testing.assert_array_equal(random.get_rng_state(), before)
    random.manual_seed(8)
    np.testing.assert_array_equal(given, fill(zeros(6, 4))._array)


def test_a_generator_serves_rejection_too():
    before = random.get_rng_state()
    first, second = (init.trunc_normal_(zeros(50), 0, 1, 2, 3, Generator())._array for _ in range(2))
    np.testing.assert_array_equal(first, second)
    np.testing.assert_array_equal(random.get_rng_state(), before)


def test_sparse_places_its_zeros_by_the_default_generator():
    random.manual_seed(1)
    first = init.sparse_(zeros(10, 7), 0.25, 1.0, Generator().manual_seed(2))._array
    second = init.sparse_(zeros(10, 7), 0.25, 1.0, Generator().manual_seed(2))._array
    both = (first != 0) & (second != 0)
    np.testing.assert_array_equal((first == 0).sum(0), [3] * 7)
    np.testing.assert_array_equal(first[both], second[both])
    assert ((first == 0) != (second == 0)).any()


@pytest.mark.parametrize("function", [*RANDOM_FILLS, "ones_", "zeros_", "eye_"])
def test_a_parameter_is_filled_without_being_recorded(function):
    weight = zeros(4, 4).requires_grad_()
    version = weight._version
    assert getattr(init, function)(weight) is weight
    assert weight.requires_grad
    assert weight.is_leaf
    assert weight._version > version


@pytest.mark.parametrize("function", ["uniform_", "normal_", "kaiming_uniform_", "trunc_normal_"])
def test_a_transposed_weight_is_filled_in_place(function):
    base = np.zeros((5, 8), np.float32)
    tensor = Tensor._wrap(base.T)
    getattr(init, function)(tensor)
    assert tensor._array.base is base
    assert (base != 0).all()


@pytest.mark.parametrize(("rows", "columns"), [(5, 5), (3, 8), (8, 3)])
def test_orthogonal_makes_the_shorter_side_orthonormal(rows, columns):
    matrix = init.orthogonal_(zeros(rows, columns, dtype=np.float64), gain=3)._array
    product = matrix @ matrix.T if rows <= columns else matrix.T @ matrix
    np.testing.assert_allclose(product, 9 * np.eye(min(rows, columns)), atol=1e-13)


@pytest.mark.parametrize("bounds", [(-2, 2), (-0.1, 0.1), (1.5, 3), (-2.9, -1.9)])
@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
def test_truncated_normals_stay_within_their_bounds(bounds, dtype):
    drawn = init.trunc_normal_(zeros(2000, dtype=getattr(dtypes, dtype).numpy), 0, 1, *bounds)._array
    low, high = (np.float32(bound).astype(drawn.dtype) for bound in bounds)
    assert ((low <= drawn) & (drawn <= high)).all()
    assert np.unique(drawn).size > 20


def test_rejection_follows_the_density():
    drawn = init.trunc_normal_(zeros(200000), 0, 1, 1, 3, Generator())._array

    def cdf(x):
        return math.erf(x / math.sqrt(2))

    for x in (1.2, 1.5, 2.0):
        expected = (cdf(x) - cdf(1)) / (cdf(3) - cdf(1))
        assert abs((drawn < x).mean() - expected) < 0.005


def test_a_mean_far_outside_the_bounds_warns():
    with pytest.warns(UserWarning, match=r"^mean is more than 2 std from \[a, b\] in nn.init.trunc_normal_"):
        init.trunc_normal_(zeros(3), mean=5)


@pytest.mark.parametrize("function", ["kaiming_uniform_", "kaiming_normal_"])
def test_kaiming_warns_of_nothing_to_fill(function):
    tensor = zeros(0, 3)
    with pytest.warns(UserWarning, match="^Initializing zero-element tensors is a no-op$"):
        assert getattr(init, function)(tensor) is tensor


DEPRECATED = (
    "uniform",
    "normal",
    "constant",
    "eye",
    "dirac",
    "xavier_uniform",
    "xavier_normal",
    "kaiming_uniform",
    "kaiming_normal",
    "orthogonal",
    "sparse",
)


@pytest.mark.parametrize("name", DEPRECATED)
def test_deprecated_names_warn_and_do_the_same(name):
    arguments = {"constant": (0.5,), "sparse": (0.5,)}.get(name, ())
    shape = (3, 3, 3) if name == "dirac" else (3, 3)
    random.manual_seed(6)
    expected = getattr(init, name + "_")(zeros(*shape), *arguments)._array
    random.manual_seed(6)
    with pytest.warns(FutureWarning) as caught:
        found = getattr(init, name)(zeros(*shape), *arguments)._array
    np.testing.assert_array_equal(found, expected)
    text = f"`nn.init.{name}` is now deprecated in favor of `nn.init.{name}_`."
    assert [str(warning.message) for warning in caught] == [text]
    assert caught[0].filename == __file__
    assert getattr(init, name).__name__ == name


GAINS = {
    ("linear",): 1,
    ("conv1d",): 1,
    ("conv_transpose3d",): 1,
    ("sigmoid",): 1,
    ("tanh",): 5 / 3,
    ("relu",): 2**0.5,
    ("leaky_relu",): 1.4141428569978354,
    ("leaky_relu", 0.2): 1.3867504905630728,
    ("leaky_relu", 1): 1.0,
    ("selu",): 0.75,
}


@pytest.mark.parametrize("arguments", GAINS)
def test_gains(arguments):
    assert init.calculate_gain(*arguments) == GAINS[arguments]


def test_fans():
    assert init._calculate_fan_in_and_fan_out(zeros(4, 6, 3, 5)) == (90, 60)
    assert init._calculate_correct_fan(zeros(4, 6), "fan_in") == 6
    assert init._calculate_correct_fan(zeros(4, 6), "FAN_OUT") == 4


FANLESS = "Fan in and fan out can not be computed for tensor with fewer than 2 dimensions"
BAD_CALLS = {
    "gain": (lambda: init.calculate_gain("cosine"), ValueError, "Unsupported nonlinearity cosine"),
    "slope": (lambda: init.calculate_gain("leaky_relu", True), ValueError, "negative_slope True not a valid number"),
    "mode": (
        lambda: init.kaiming_normal_(zeros(2, 2), mode="fan"),
        ValueError,
        "Mode fan not supported, please use one of ['fan_in', 'fan_out']",
    ),
    "xavier": (lambda: init.xavier_normal_(zeros(2)), ValueError, FANLESS),
    "kaiming": (lambda: init.kaiming_uniform_(zeros(2)), ValueError, FANLESS),
    "eye": (lambda: init.eye_(zeros(2)), ValueError, "Only tensors with 2 dimensions are supported"),
    "sparse": (lambda: init.sparse_(zeros(2), 0.5), ValueError, "Only tensors with 2 dimensions are supported"),
    "dirac": (lambda: init.dirac_(zeros(2, 2)), ValueError, "Only tensors with 3, 4, or 5 dimensions are supported"),
    "groups": (lambda: init.dirac_(zeros(3, 3, 3), 2), ValueError, "dim 0 must be divisible by groups"),
    "orthogonal": (
        lambda: init.orthogonal_(zeros(2)),
        ValueError,
        "Only tensors with 2 or more dimensions are supported",
    ),
    "orthogonal half": (
        lambda: init.orthogonal_(zeros(2, 2, dtype=np.float16)),
        NotImplementedError,
        "\"geqrf_cpu\" not implemented for 'Half'",
    ),
    "orthogonal complex": (
        lambda: init.orthogonal_(zeros(2, 2, dtype=np.complex64)),
        NotImplementedError,
        "Unlike NumPy, torch.sign is not intended to support complex numbers. Please use torch.sgn instead.",
    ),
    "truncated complex": (
        lambda: init.trunc_normal_(zeros(2, dtype=np.complex64)),
        NotImplementedError,
        "\"lt_cpu\" not implemented for 'ComplexFloat'",
    ),
    "rejected complex": (
        lambda: init.trunc_normal_(zeros(2, dtype=np.complex128), 0, 1, 2, 3),
        NotImplementedError,
        "\"gt_cpu\" not implemented for 'ComplexDouble'",
    ),
    "uniform": (
        lambda: init.uniform_(zeros(2), 1, 0),
        RuntimeError,
        "uniform_ expects to return a [from, to) range, but found from=1 > to=0",
    ),
    "normal": (lambda: init.normal_(zeros(2), 0, -1), RuntimeError, "normal expects std >= 0.0, but found std -1"),
}


@pytest.mark.parametrize("name", BAD_CALLS)
def test_errors_are_torchs(name):
    call, error, text = BAD_CALLS[name]
    with pytest.raises(error) as caught:
        call()
    assert (type(caught.value), str(caught.value)) == (error, text)


def test_empty_tensors():
    assert init.orthogonal_(zeros(0, 3)).shape == (0, 3)
    assert init.dirac_(zeros(0, 3, 3)).shape == (0, 3, 3)
    assert init.trunc_normal_(zeros(0)).shape == (0,)
