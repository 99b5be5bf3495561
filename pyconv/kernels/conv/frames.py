"""Where padded rows and the columns made from them lie in their buffers: shapes, places and steps, once a geometry.

May import: NumPy, `pyconv.geometry`, `pyconv.kernels`.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

from pyconv.geometry import Conv
from pyconv.kernels.conv.lines import Line, Target, line
from pyconv.kernels.conv.row_tiles import share

Order = tuple[int, int, int, int, int]
Place = tuple[int, tuple[int, ...]]
"""The first element of a view and its steps, in bytes."""

WASTE = 1.35
"""Places from one row to the next for each element of a row, up to which a run of them all is copied and multiplied."""
LINE = 16
"""Elements to a multiple of which lines of columns are long: of float32 a cache line. Where a product's loads straddle
cache lines it takes 1.15 to 1.3 times as long."""
BLOCK = 1 << 20
"""Bytes of the columns of a part, chosen to stay in a core's second-level cache."""

CHANNELS_FIRST: Order = (0, 1, 2, 3, 4)
"""Columns (n, g, depth, kernel rows, kernel columns, ·), as the weights lie."""
TAPS_FIRST: Order = (0, 1, 3, 4, 2)
"""Columns (n, g, kernel rows, kernel columns, depth, ·)."""
IMAGES_LAST: Order = (1, 2, 3, 4, 0)
"""Columns (g, depth, kernel rows, kernel columns, n, ·), with nothing between the rows."""


class Reading(NamedTuple):
    """What tiles of one shape read.

    Attributes:
        conv: the geometry.
        name: 'input_grad', or a pass that reads x for each element of y.
        lead: images, groups, and channels of a group.
        start: the first row that is written, of each phase.
        stop: the row after the last.
        item: bytes of an element.
    """

    conv: Conv
    name: str
    lead: tuple[int, int, int]
    start: int
    stop: int
    item: int

    @property
    def lines(self) -> tuple[Line, Line]:
        """The rows and the columns."""
        return line(self.conv, 0, self.name), line(self.conv, 1, self.name)

    @property
    def height(self) -> int:
        """The padded rows."""
        rows = self.lines[0]
        return (self.stop - self.start - 1) * rows.step + 1 + rows.high - rows.low

    @property
    def size(self) -> int:
        """The places of the padded rows, with room for what is read before the first and behind the last."""
        columns = self.lines[1]
        return columns.margin + math.prod(self.lead) * self.height * columns.pitch + columns.pitch * (1 + columns.step)

    def steps(self, pitch: int) -> tuple[int, int, int, int]:
        """Bytes from one image, group, channel and row to the next, for rows of so many places."""
        _, groups, depth = self.lead
        row = pitch * self.item
        return groups * depth * self.height * row, depth * self.height * row, self.height * row, row


class Frame(NamedTuple):
    """Where the rows of a tile lie among zeros.

    Attributes:
        size: the places of the buffer.
        rows: the rows of the source that are taken.
        shape: that of what is taken.
        place: where it is put.
        phases: the shape of the split into phases of the columns' step.
    """

    size: int
    rows: slice
    shape: tuple[int, ...]
    place: Place
    phases: tuple[int, int]


class Copy(NamedTuple):
    """One copy into columns: the shape, where it is put, and where it is read."""

    shape: tuple[int, ...]
    goal: Place
    seen: Place


class Form(NamedTuple):
    """The columns of some images and groups of a tile.

    Attributes:
        images: which images of the tile.
        groups: which groups of the tile.
        shape: that of the columns, rows and places in the last dimension, up to a multiple of `LINE`.
        places: how many of the last dimension there are.
        width: the places of one row.
        run: how many elements are copied as one item.
        copies: what fills them.
    """

    images: slice
    groups: slice
    shape: tuple[int, ...]
    places: int
    width: int
    run: int
    copies: tuple[Copy, ...]


def in_lines(places: int) -> int:
    """The multiple of `LINE` that is not less."""
    return -(-places // LINE) * LINE


@lru_cache(maxsize=1024)
def frame(reading: Reading) -> Frame:
    """Where the rows that a tile reads lie."""
    rows, columns = reading.lines
    base = reading.start * rows.step + rows.low
    first = max(0, base)
    last = max(first, min(rows.size, base + reading.height))
    start = (columns.margin + (first - base) * columns.pitch) * reading.item
    place = start, (*reading.steps(columns.pitch), reading.item)
    shape = (*reading.lead, last - first, columns.size)
    return Frame(reading.size, slice(first, last), shape, place, (columns.step, reading.size // columns.step))


@lru_cache(maxsize=1024)
def forms(reading: Reading, order: Order) -> list[list[Form]]:
    """What the taps read for each pair of phases, as many images and groups at a time as a block holds."""
    rows, columns = reading.lines
    return [_parts(reading, (down, across), order) for down in rows.targets for across in columns.targets]


def _parts(reading: Reading, pair: tuple[Target, Target], order: Order) -> list[Form]:
    images, groups, depth = reading.lead
    rows, columns = pair
    height = max(0, min(reading.stop, rows.length) - reading.start)
    line = reading.lines[1]
    width = max(columns.length, line.pitch // line.step)
    places = height * width if order == IMAGES_LAST else in_lines(height * width)
    fit = BLOCK // max(1, depth * rows.number * columns.number * places * reading.item)
    some = share(groups, fit)
    pile = share(images, fit // some)
    return [
        _form(reading, pair, height, (slice(i, min(images, i + pile)), slice(g, min(groups, g + some))), order)
        for g in range(0, groups, some)
        for i in range(0, images, pile)
    ]


def _form(reading: Reading, pair: tuple[Target, Target], height: int, part: tuple[slice, slice], order: Order) -> Form:
    """The columns of some images and groups for the first rows of a pair of phases."""
    (rows, columns), (down, across), item = pair, reading.lines, reading.item
    pitch = across.pitch
    runs = down.step == across.step == 1 and columns.length <= pitch <= WASTE * columns.length and order != IMAGES_LAST
    width, run = (pitch, 1) if runs else (columns.length, columns.length)
    size = (*(p.stop - p.start for p in part), reading.lead[2], rows.number, columns.number)
    places = height * width
    shape = (*(size[i] for i in order), places if order == IMAGES_LAST else in_lines(places))
    *goal, tap = (math.prod(shape[order.index(i) + 1 :]) * item for i in range(5))
    image, group, channel, row = reading.steps(pitch // across.step)
    apart = across.step // math.gcd(across.step, columns.move)
    further = columns.move * apart // across.step * item
    steps = (image, group, channel, rows.move * row, further, item if runs else down.step * row)
    first = across.margin // across.step * item + (rows.offset - down.low) * row
    first += part[0].start * image + part[1].start * group
    copies = []
    for number in range(min(apart, columns.number) if math.prod(shape) else 0):
        ahead, phase = divmod(columns.offset + number * columns.move, across.step)
        count = len(range(number, columns.number, apart))
        place = number * tap, (*goal, apart * tap, run * item)
        seen = first + (phase * (reading.size // across.step) + ahead) * item, steps
        copies.append(Copy((*size[:4], count, places // run), place, seen))
    return Form(*part, shape, places, width, run, tuple(copies))
