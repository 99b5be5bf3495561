"""The windows of pooling along one dimension, against their definition."""

import itertools

import pytest

from pyconv.geometry.pool import Axis, adaptive, divisors, output_size, places, sliding


def expanded(chosen, size):
    return list(range(size)[chosen]) if isinstance(chosen, slice) else list(chosen)


def pairs(axis, taps):
    """Every (window, element) that taps read, in the order of the taps."""
    return [
        pair
        for tap in taps
        for pair in zip(expanded(tap.outputs, axis.output), expanded(tap.inputs, axis.size), strict=True)
    ]


SLIDING = [
    sliding(n, k, s, p, d, o)
    for n, k, s, p, d, o in itertools.product((1, 4, 7), (1, 2, 3), (1, 2), (0, 1), (1, 2), (1, 3))
]
ADAPTIVE = [adaptive(n, o) for n in range(1, 8) for o in range(1, 8)]


@pytest.mark.parametrize("axis", [*SLIDING, *ADAPTIVE, adaptive(5, 0)])
def test_taps_read_what_lies_in_the_windows(axis):
    inside = [
        (o, start + t * axis.step)
        for o, (start, reach) in enumerate(zip(axis.starts, axis.reach, strict=True))
        for t in range(reach)
        if 0 <= start + t * axis.step < axis.size
    ]
    assert sorted(pairs(axis, axis.taps)) == inside
    assert sorted(pairs(axis, axis.beginnings) + pairs(axis, axis.others)) == inside
    assert [o for o, _ in sorted(pairs(axis, axis.beginnings))] == sorted({o for o, _ in inside})
    assert list(axis.counts) == [sum(o == window for o, _ in inside) for window in range(axis.output)]


@pytest.mark.parametrize("axis", ADAPTIVE)
def test_the_transposed_windows_read_the_same_pairs_the_other_way_round(axis):
    turned = axis.transposed
    assert sorted((o, i) for i, o in pairs(turned, turned.taps)) == sorted(pairs(axis, axis.taps))


@pytest.mark.parametrize("axis", ADAPTIVE)
def test_adaptive_windows_follow_torchs_formula(axis):
    n, o = axis.size, axis.output
    ends = [start + reach for start, reach in zip(axis.starts, axis.reach, strict=True)]
    assert list(axis.starts) == [int(i * n / o) for i in range(o)]
    assert ends == [-int(-(i + 1) * n // o) for i in range(o)]


def test_equal_adaptive_windows_are_slices():
    assert all(isinstance(tap.inputs, slice) for tap in adaptive(12, 3).taps)
    assert adaptive(6, 1).is_whole
    assert not Axis(6, (0,), (6,), 2).is_whole


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((6, 3, 2, 0, 1, False), 2),
        ((6, 3, 2, 0, 1, True), 3),
        ((7, 3, 2, 1, 1, True), 4),
        ((2, 1, 3, 0, 1, True), 1),
        ((5, 2, 3, 1, 1, True), 2),
        ((4, 9, 1, 0, 1, False), -4),
        ((9, 3, 2, 1, 2, True), 4),
    ],
)
def test_output_sizes(arguments, expected):
    assert output_size(*arguments) == expected


@pytest.mark.parametrize("n", range(1, 9))
def test_with_ceil_mode_every_window_starts_before_the_padding_at_the_end(n):
    for k, s, d in itertools.product((1, 2, 3), (1, 2, 3, 4), (1, 2)):
        for p in range(k // 2 + 1):
            count = output_size(n, k, s, p, d, True)
            assert count <= 0 or (count - 1) * s - p < n
            assert count >= output_size(n, k, s, p, d, False)


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ((6, 2, 0, 0, 1, False), "stride should not be zero"),
        ((6, 2, 1, -1, 1, False), "pad must be non-negative, but got pad: -1"),
        ((6, 2, 1, 2, 1, False), "pad should be at most half of effective kernel size, but got pad=2, kernel_size=2"),
    ],
)
def test_sizes_out_of_range(arguments, text):
    with pytest.raises(RuntimeError, match=text):
        output_size(*arguments)


def test_divisors_count_padding_inside_the_bounds_only():
    axis = sliding(4, 3, 2, 1, 1, 3)
    assert divisors(axis, 1, True) == (3, 3, 2)
    assert divisors(axis, 1, False) == (2, 3, 1)


@pytest.mark.parametrize(("numbers", "expected"), [((4,), slice(4, 5, 1)), ((0, 0, 1), (0, 0, 1)), ((3, 2), (3, 2))])
def test_places_are_a_slice_only_where_they_rise_evenly(numbers, expected):
    assert places(numbers) == expected
