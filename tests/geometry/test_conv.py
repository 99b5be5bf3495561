"""Sizes by brute force, and the texts and the order of torch's refusals.

The texts are those of torch 2.13.0; `tests/errors` compares many more calls through the functions.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyconv.geometry import Conv, Window, expand, same_padding
from pyconv.geometry.fold import check_fold, check_unfold, window_of
from pyconv.geometry.padding import check_rule, pairs_of

small = st.integers(1, 4)


@given(
    size=st.integers(1, 12), kernel=small, stride=small, dilation=small, low=st.integers(0, 3), high=st.integers(0, 3)
)
def test_output_counts_the_places_where_the_window_fits(size, kernel, stride, dilation, low, high):
    window = Window((kernel,), (stride,), ((low, high),), (dilation,))
    places = [s for s in range(0, size + low + high, stride) if s + dilation * (kernel - 1) < size + low + high]
    assert max(window.output((size,))[0], 0) == len(places)


@given(positions=st.integers(1, 9), kernel=small, stride=small, dilation=small, low=st.integers(0, 3), high=small)
def test_inverse_is_the_smallest_size_with_as_many_places(positions, kernel, stride, dilation, low, high):
    window = Window((kernel,), (stride,), ((low, high),), (dilation,))
    (size,) = window.inverse((positions,))
    assert window.output((size,)) == (positions,)
    assert window.output((size - 1,)) == (positions - 1,)


@given(kernel=st.integers(1, 7), dilation=small)
def test_same_keeps_the_size_and_puts_the_odd_one_after(kernel, dilation):
    ((low, high),) = same_padding((kernel,), (dilation,))
    assert Window((kernel,), (1,), ((low, high),), (dilation,)).output((9,)) == (9,)
    assert high - low in (0, 1)


def test_same_is_lopsided_only_for_an_even_kernel_with_odd_dilation():
    conv = Conv.of((1, 1, 5, 5), (1, 1, 4, 2), None, 1, "same", (1, 2))
    assert conv.window.padding == ((1, 2), (1, 1))
    assert conv.output == (5, 5)


def test_a_transposed_convolution_is_described_by_the_one_that_it_transposes():
    conv = Conv.of_transpose((2, 6, 5, 4), (6, 2, 3, 2), (4,), 2, 1, 1, 1, 2)
    assert (conv.y_shape, conv.x_shape, conv.w_shape) == ((2, 6, 5, 4), (2, 4, 10, 7), (6, 2, 3, 2))


def test_it_is_a_key():
    one, other = (Conv.of((1, 2, 5), (3, 2, 3), None, stride, 1) for stride in (1, [1]))
    assert one == other
    assert len({one, other, Conv.of((1, 2, 5), (3, 2, 3), None, 2, 1)}) == 2
    with pytest.raises(AttributeError):
        one.groups = 2


def test_expand():
    assert expand(2, "stride", 2, 2) == expand([2], "stride", 2, 2) == expand((2, 2), "stride", 2, 2) == (2, 2)
    with pytest.raises(RuntimeError, match="expected stride to be a single integer value or a list of 2 values"):
        expand([1, 2, 3], "stride", 2, 2)


X, W = (1, 4, 5, 5), (4, 4, 3, 3)
REFUSED = {
    # In the order in which torch looks: each of these also has every fault below it that can stand beside it.
    "groups": ({"groups": 0, "stride": (1, 1, 1)}, "non-positive groups is not supported"),
    "list": (
        {"stride": (1, 1, 1), "padding": -1},
        "expected stride to be a single integer value or a list of 2 values to match the convolution dimensions, "
        "but got stride=[1, 1, 1]",
    ),
    "padding": ({"padding": -1, "stride": 0}, "negative padding is not supported"),
    "stride": ({"stride": 0, "dilation": -1}, "non-positive stride is not supported"),
    "dilation": ({"dilation": -1, "w_shape": (4, 3, 3, 3)}, "dilation should be greater than zero"),
    "no outputs": (
        {"w_shape": (0, 3, 3, 3)},
        "Given groups=1, expected weight to be at least 1 at dimension 0, but got weight of size [0, 3, 3, 3] instead",
    ),
    "groups of outputs": (
        {"w_shape": (3, 3, 3, 3), "groups": 2},
        "Given groups=2, expected weight to be divisible by 2 at dimension 0, "
        "but got weight of size [[3, 3, 3, 3]] instead",
    ),
    "channels": (
        {"w_shape": (4, 3, 9, 9), "b_shape": (3,)},
        "Given groups=1, weight of size [4, 3, 9, 9], expected input[1, 4, 5, 5] to have 3 channels, "
        "but got 4 channels instead",
    ),
    "bias": (
        {"w_shape": (4, 4, 9, 9), "b_shape": (3,)},
        "Given weight of size [4, 4, 9, 9], expected bias to be 1-dimensional with 4 elements, "
        "but got bias of size [3] instead",
    ),
    "kernel too large": (
        {"w_shape": (4, 4, 9, 9), "padding": 1},
        "Calculated padded input size per channel: (7 x 7). Kernel size: (9 x 9). "
        "Kernel size can't be greater than actual input size",
    ),
    "kernel of nothing": (
        {"w_shape": (4, 4, 0, 3)},
        "kernel size should be greater than zero, but got kernel_height: 0 kernel_width: 3",
    ),
    "same with stride": ({"padding": "same", "stride": 2}, "padding='same' is not supported for strided convolutions"),
    "word": ({"padding": "full", "stride": 0}, "Invalid padding string: 'full'"),
    "rank of the weight": (
        {"w_shape": (4, 4, 3), "stride": (1,), "padding": (0,), "dilation": (1,)},
        "expected output_padding to be a single integer value or a list of 1 values to match the convolution "
        "dimensions, but got output_padding=[0, 0]",
    ),
    "empty": (
        {"x_shape": (1, 4, 0, 5), "padding": 2},
        "Only zero batch or zero channel inputs are supported, but got input shape: [1, 4, 0, 5]",
    ),
}


@pytest.mark.parametrize(("arguments", "text"), REFUSED.values(), ids=REFUSED)
def test_refusals(arguments, text):
    with pytest.raises(RuntimeError) as raised:
        Conv.of(**{"x_shape": X, "w_shape": W, **arguments})
    assert str(raised.value) == text


TRANSPOSED = {
    "channels": (
        {"w_shape": (3, 4, 3, 3)},
        "Given transposed=1, weight of size [3, 4, 3, 3], expected input[1, 4, 5, 5] to have 3 channels, "
        "but got 4 channels instead",
    ),
    "output padding": (
        {"output_padding": 1},
        "output padding must be smaller than either stride or dilation, but got output_padding_height: 1 "
        "output_padding_width: 1 stride_height: 1 stride_width: 1 dilation_height: 1 dilation_width: 1",
    ),
    "negative output padding": ({"output_padding": -1}, "negative output_padding is not supported"),
    "too small": (
        {"padding": 4},
        "Given input size per channel: (5 x 5). Calculated output size per channel: (-1 x -1). "
        "Output size is too small",
    ),
}


@pytest.mark.parametrize(("arguments", "text"), TRANSPOSED.values(), ids=TRANSPOSED)
def test_transposed_refusals(arguments, text):
    with pytest.raises(RuntimeError) as raised:
        Conv.of_transpose(**{"x_shape": X, "w_shape": W, **arguments})
    assert str(raised.value) == text


def test_fold_and_unfold_look_at_stride_at_different_times():
    with pytest.raises(RuntimeError, match=r"^dilation should be greater"):
        window_of((3, 3), (0, 1), (0, 0), (0, 1))
    with pytest.raises(RuntimeError, match=r"^stride should be greater"):
        window_of((3, 3), (0, 1), (0, 0), (0, 1), ("kernel", "stride", "dilation", "pad"))


def test_blocks_that_do_not_fit():
    window = window_of((7, 3), (2, 2), (0, 1), (2, 2))
    with pytest.raises(RuntimeError, match=r"calculated shape of the array of sliding blocks as \(-3, 2\)"):
        check_unfold((1, 4, 5, 5), window)
    with pytest.raises(RuntimeError, match=r"expected size of input's dimension 2 to match .* 4 \* 3 = 12"):
        check_fold((1, 36, 9), (6, 5), window_of((3, 3), (1, 1), (0, 0), (1, 1)))


@pytest.mark.parametrize(
    ("shape", "pad", "mode", "text"),
    [
        (
            (1, 4, 5, 5), (0, 0, 6, 0), "reflect",
            "Argument #6: Padding size should be less than the corresponding input dimension, but got: padding (6, 0) "
            "at dimension 2 of input [1, 4, 5, 5]",
        ),
        ((1, 4, 5), (6, 0), "circular", "Padding value causes wrapping around more than once."),
        ((1, 1, 1, 1), (2, 2, -2, -2), "circular", "Negative padding value is resulting in an empty dimension"),
        ((1, 1, 1, 1), (-2, -2, 2, 2), "circular", "Padding value causes wrapping around more than once."),
        ((1, 4, 5), (-3, -2), "replicate", "input (W: 5) is too small. Calculated output W: 0"),
    ],
)  # fmt: skip
def test_padding_by_rule(shape, pad, mode, text):
    with pytest.raises(RuntimeError) as raised:
        check_rule(shape, pad, mode)
    assert str(raised.value) == text
    assert pairs_of((1, 2, 3, 4)) == ((3, 4), (1, 2))
