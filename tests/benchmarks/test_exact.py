"""The exact maps against whole numbers worked out by every algorithm, and errors of known size."""

import numpy as np
import pytest

from benchmarks.exact import UNIT, Reference, exact, terms
from benchmarks.layers import Layer, Task
from pyconv.kernels import conv as kernels

LAYERS = [
    Layer(6, (9, 8), 4, 3, 2, 1),
    Layer(6, (9, 8), 6, (3, 1), 1, (1, 0), (2, 1), groups=2),
    Layer(4, (11,), 6, 3, 2, 1, 2, groups=2),
    Layer(2, (4, 5, 6), 3, 2, (1, 2, 1)),
    Layer(4, (5, 5), 6, 3, 2, 1, groups=2, transposed=True, output_padding=1),
]


@pytest.mark.parametrize("layer", LAYERS, ids=str)
@pytest.mark.parametrize("name", ["forward", "input_grad", "weight_grad"])
def test_whole_numbers_are_those_of_the_direct_algorithm(layer, name):
    task = Task(layer, 2, dtype=np.dtype(np.int32))
    conv = task.conv
    x, w, gy = task.x, task.w, task.gy
    if layer.transposed:
        x, gy = gy, x
    with kernels.use("direct"):
        found = {
            "forward": lambda: kernels.forward(x, w, None, conv),
            "input_grad": lambda: kernels.input_grad(gy, w, conv),
            "weight_grad": lambda: kernels.weight_grad(x, gy, conv),
        }[name]()
    assert np.array_equal(exact(name, conv, x, w, gy), found)


def test_terms_are_the_products_of_one_result():
    conv = Layer(6, (9, 8), 4, 3, 2, 1, groups=2).conv(5)
    assert terms("forward", conv) == 3 * 9
    assert terms("input_grad", conv) == 2 * 9
    assert terms("weight_grad", conv) == 5 * conv.positions


@pytest.mark.parametrize("layer", LAYERS, ids=str)
@pytest.mark.parametrize("name", ["forward", "input_grad", "weight_grad"])
def test_an_error_is_measured_in_units_of_the_roundoff_of_the_sum_of_magnitudes(layer, name):
    reference = Reference(Task(layer, 2, name))
    result = reference.values.copy()
    place = np.unravel_index(reference.sums.argmax(), result.shape)
    result[place] += 3 * UNIT * reference.sums[place]
    error = reference.error(result)
    assert error.worst == pytest.approx(3)
    assert error.rms == pytest.approx(3 * UNIT * reference.sums[place] / np.sqrt(result.size))


def test_images_after_the_first_are_not_looked_at_where_each_has_its_own_result():
    reference = Reference(Task(LAYERS[0], 2))
    result = np.concatenate([reference.values, np.full_like(reference.values, np.nan)])
    assert reference.error(result).worst == 0


def test_a_bias_is_part_of_the_exact_result():
    task = Task(LAYERS[0], 1, functional=True)
    plain = Task(LAYERS[0], 1)
    difference = Reference(task).values - Reference(plain).values
    assert np.allclose(difference, task.b.reshape(1, -1, 1, 1))


def test_nothing_summed_is_no_error():
    layer = Layer(1, (5,), 1, 1, 2)
    reference = Reference(Task(layer, 1, "input_grad"))
    assert (reference.sums == 0).any()
    assert reference.error(reference.values.astype(np.float32)).worst < 1
