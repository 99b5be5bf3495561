"""Where rows and columns lie: parts that cover a tile once and fit a block, and steps that stay inside the buffers."""

import itertools
import math

import numpy as np
import pytest

from pyconv.geometry import Conv
from pyconv.kernels.conv import frames
from pyconv.kernels.conv.frames import CHANNELS_FIRST, IMAGES_LAST, TAPS_FIRST, Reading


@pytest.fixture(params=[frames.BLOCK, 3000, 100])
def block(request, monkeypatch):
    monkeypatch.setattr(frames, "BLOCK", request.param)
    frames.forms.cache_clear()
    yield request.param
    frames.forms.cache_clear()


def readings():
    for stride, padding, dilation in ((1, 1, 1), (2, 1, 1), (3, 2, 2)):
        conv = Conv.of((3, 8, 11, 12), (12, 2, 3, 3), None, stride, padding, dilation, 4)
        rows = conv.output[0]
        yield Reading(conv, "forward", (3, 4, 2), 0, rows, 4)
        yield Reading(conv, "forward", (2, 1, 2), rows // 2, rows, 4)
        yield Reading(conv, "input_grad", (3, 4, 3), 0, -(-conv.input[0] // stride), 4)


@pytest.mark.parametrize("order", [CHANNELS_FIRST, TAPS_FIRST, IMAGES_LAST])
def test_parts_cover_a_tile_once_and_fit_a_block(order, block):
    for reading in readings():
        images, groups, _ = reading.lead
        for parts in frames.forms(reading, order):
            seen = np.zeros((images, groups), int)
            for part in parts:
                seen[part.images, part.groups] += 1
                alone = (part.images.stop - part.images.start) * (part.groups.stop - part.groups.start) == 1
                assert alone or reading.item * math.prod(part.shape) <= block
            assert (seen == 1).all()


@pytest.mark.parametrize("order", [CHANNELS_FIRST, TAPS_FIRST, IMAGES_LAST])
def test_copies_fill_every_place_of_the_columns_once(order, block):
    for reading in readings():
        padded = np.zeros(frames.frame(reading).size, np.float32)
        for form in itertools.chain(*frames.forms(reading, order)):
            columns = np.zeros(form.shape, np.float32)
            for copy in form.copies:
                # np.ndarray refuses what would leave a buffer
                np.ndarray(copy.shape, (np.void, form.run * 4), padded, *copy.seen)
                goal = np.ndarray((*copy.shape, form.run), np.float32, columns, copy.goal[0], (*copy.goal[1], 4))
                goal += 1
            assert (columns[..., : form.places] == 1).all()
            assert (columns[..., form.places :] == 0).all()


def test_lines_of_columns_begin_cache_lines():
    reading = Reading(Conv.of((1, 8, 7, 7), (8, 2, 3, 3), None, 1, 1, 1, 4), "forward", (1, 4, 2), 0, 7, 4)
    ((form,),) = frames.forms(reading, CHANNELS_FIRST)
    assert (form.places, form.shape[-1]) == (56, 64)
    assert all(step % 64 == 0 for copy in form.copies for step in copy.goal[1][:-1])
    ((form,),) = frames.forms(reading, IMAGES_LAST)
    assert form.shape[-1] == form.places == 49


def test_rows_are_framed_by_zeros():
    conv = Conv.of((1, 2, 4, 3), (2, 1, 3, 3), None, 1, 1, 1, 2)
    frame = frames.frame(Reading(conv, "forward", (1, 2, 1), 0, 4, 8))
    flat = np.zeros(frame.size)
    np.ndarray(frame.shape, np.float64, flat, *frame.place)[...] = 1
    assert frame.rows == slice(0, 4)
    # a zero, and for each of two channels a row of zeros, four rows of three with a zero behind, a row of zeros
    channel = [0] * 4 + [1, 1, 1, 0] * 4 + [0] * 4
    assert flat[: 1 + 2 * 24].tolist() == [0, *channel, *channel]
