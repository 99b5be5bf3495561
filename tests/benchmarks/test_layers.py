"""Layers and tasks: their geometry and arrays."""

import numpy as np
import pytest

from benchmarks.layers import Layer, Task

DENSE = Layer(6, (9, 8), 4, (3, 1), 2, (1, 0))
TRANSPOSED = Layer(4, (5, 5), 6, 3, 2, 1, groups=2, transposed=True, output_padding=1)


def test_a_transposed_layer_is_described_by_the_convolution_whose_input_gradient_it_is():
    conv = TRANSPOSED.conv(2)
    assert conv.y_shape == (2, 4, 5, 5)
    assert conv.x_shape == (2, 6, 10, 10)
    assert conv.groups == 2
    assert TRANSPOSED.w_shape == conv.w_shape == (4, 3, 3, 3)


@pytest.mark.parametrize(
    ("layer", "name", "operation"),
    [
        (DENSE, "forward", "forward"),
        (DENSE, "input_grad", "input_grad"),
        (DENSE, "forward+backward", "input_grad"),
        (TRANSPOSED, "forward", "input_grad"),
        (TRANSPOSED, "input_grad", "forward"),
        (TRANSPOSED, "weight_grad", "weight_grad"),
    ],
)
def test_each_pass_is_one_of_the_three_maps(layer, name, operation):
    assert Task(layer, 1, name).operation == operation


def test_arrays_fit_the_geometry_and_are_the_same_each_time():
    task, again = (Task(DENSE, 3, functional=True) for _ in range(2))
    assert task.x.shape == task.conv.x_shape == (3, 6, 9, 8)
    assert task.gy.shape == task.conv.y_shape == (3, 4, 5, 4)
    assert task.w.shape == task.conv.w_shape
    assert task.b.shape == (4,)
    assert task.x.dtype == task.w.dtype == task.b.dtype == np.float32
    assert np.array_equal(task.x, again.x)
    assert Task(DENSE, 3).b is None


def test_the_gradient_of_a_transposed_layer_has_the_shape_of_its_result():
    assert Task(TRANSPOSED, 2).gy.shape == (2, 6, 10, 10)


def test_whole_numbers_stay_whole():
    task = Task(DENSE, 1, dtype=np.dtype(np.int32))
    assert task.x.dtype == task.w.dtype == np.int32
    assert task.w.any()


def test_the_result_and_a_padded_input_do_not_count_as_workspace():
    padded = 3 * 6 * 11 * 8
    assert Task(DENSE, 3).allowance == 4 * (3 * 4 * 5 * 4 + padded)
    assert Task(Layer(6, (9, 8), 4, 1), 3).allowance == 4 * 3 * 4 * 9 * 8
