"""Stacks of rows: their forms, what lies in them, what is put into a result."""

import numpy as np

from pyconv.geometry import Conv
from pyconv.kernels.conv.row_stacks import Stack, form_of

F32 = np.dtype(np.float32)


def conv_of(batch, rows, columns):
    return Conv.of((batch, 3, rows, columns), (3, 1, 3, 5), None, padding=(1, 2), groups=3)


def test_forms_say_how_rows_are_cut_and_how_long_they_are():
    form = form_of(conv_of(1, 30, 28), "forward")
    assert (form.rows, form.blocks, form.reach, form.total) == (8, 4, 10, 34)
    assert (form.pitch, form.width, form.images) == (32, 32, 1)
    assert form_of(conv_of(9, 30, 14), "forward").images == 3
    assert form_of(conv_of(1, 30, 7), "forward").pitch == 8


def test_each_row_lies_once_for_every_column_of_the_kernel():
    conv = conv_of(2, 6, 9)
    x = np.random.default_rng(0).standard_normal(conv.x_shape, np.float32)
    form = form_of(conv, "forward")
    stack = Stack(form, 2, 3, F32)
    stack.clear()
    stack.load(x)
    padded = np.pad(x, [(0, 0), (0, 0), (1, 1), (2, 2)])
    assert stack.read.shape == (3, 1, 8 * 5, 2 * 16)
    rows = stack.read.reshape(3, 8, 5, 2, 16)
    for tap in range(5):
        np.testing.assert_array_equal(rows[:, :, tap, :, :9], padded[..., tap : tap + 9].transpose(1, 2, 0, 3))


def test_results_are_taken_from_between_what_is_made_in_vain():
    conv = conv_of(2, 11, 9)
    stack = Stack(form_of(conv, "forward"), 2, 3, F32)
    stack.made[...] = np.arange(stack.made.size).reshape(stack.made.shape)
    for dtype in (np.float32, np.float16):
        y = np.empty(conv.y_shape, dtype)
        stack.unload(y)
        made = stack.made.reshape(3, 12, 2, 16)[:, :11, :, :9].transpose(2, 0, 1, 3)
        np.testing.assert_array_equal(y, made.astype(dtype))
