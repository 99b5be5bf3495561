"""torch's pooling functions: what they check first, and which dtypes they take."""

import numpy as np
import pytest

import pyconv
import pyconv as torch
import pyconv.nn.functional as F
from pyconv.functions.pooling import adaptive, average, fractional, maximum, unpool

IMAGE = torch.zeros(1, 1, 6, 6)


@pytest.mark.parametrize(
    ("call", "kind", "text"),
    [
        (
            lambda: torch.max_pool1d(IMAGE[0], 2.5),
            TypeError,
            "'kernel_size' .position 2. must be tuple of ints, not float",
        ),
        (lambda: torch.max_pool1d(IMAGE[0], 2, ceil_mode=1), TypeError, "'ceil_mode' must be bool, not int"),
        (lambda: torch.max_pool2d(IMAGE, (2, 2.0)), TypeError, "failed to unpack the object at pos 2"),
        (
            lambda: torch.max_pool2d(IMAGE, (2, 2, 2)),
            RuntimeError,
            "max_pool2d: kernel_size must either be a single int",
        ),
        (lambda: torch.max_pool2d(IMAGE[0, 0], 2), RuntimeError, "non-empty 3D or 4D"),
        (lambda: torch.max_pool3d(IMAGE, 2, dilation=(1, 1)), RuntimeError, "dilation must be either a single int"),
        (lambda: torch.max_pool1d_with_indices(IMAGE, 2), RuntimeError, "Expected 2 to 3 dimensions, but got 4"),
        (lambda: torch.max_pool1d_with_indices(IMAGE[0], ()), RuntimeError, r"should contain one int \(got 0\)"),
        (lambda: torch.avg_pool1d(IMAGE[0], 2, (1, 1)), RuntimeError, "'stride' should contain one int .got 2."),
        (lambda: average.avg_pool2d(IMAGE[0, 0], 2), IndexError, "but got -3"),
        (lambda: average.avg_pool2d(IMAGE, 2, divisor_override=0), RuntimeError, "divisor must be not zero"),
        (lambda: average.avg_pool2d(IMAGE, 2, divisor_override=1.5), TypeError, "must be int, not float"),
        (lambda: average.avg_pool3d(IMAGE, (1, 7, 1)), RuntimeError, "smaller than kernel size"),
        (lambda: adaptive.adaptive_avg_pool2d(IMAGE, (-1, 2)), RuntimeError, "received {-1, 2}"),
        (lambda: adaptive.adaptive_avg_pool3d(IMAGE, (2, -1, 2)), RuntimeError, "received {2, -1,2}"),
        (lambda: adaptive.adaptive_avg_pool2d(torch.zeros(3), 1), IndexError, "but got -2"),
        (lambda: torch.adaptive_max_pool1d(IMAGE[0, :, :0], 2), RuntimeError, r"sizes \[1, 0, 6\] with dimension 1"),
        (lambda: adaptive.adaptive_max_pool2d(IMAGE, -1), RuntimeError, r"negative dimension -1: \[1, 1, -1, -1\]"),
        (lambda: unpool.max_unpool2d(IMAGE, IMAGE, 3), RuntimeError, "type int64 but got: Float"),
        (lambda: unpool.max_unpool3d(IMAGE, IMAGE.long(), 6, 0, 0), RuntimeError, r"got stride: \[0, 0, 0\]"),
        (lambda: fractional.fractional_max_pool2d(IMAGE, 7, 1, IMAGE), RuntimeError, "pool height 7 too large"),
    ],
)
def test_errors(call, kind, text):
    with pytest.raises(kind, match=text):
        call()


@pytest.mark.parametrize(
    ("call", "dtype", "stub"),
    [
        (lambda x: torch.max_pool1d(x[0], 2), torch.int64, "max_pool1d_impl"),
        (lambda x: torch.max_pool2d(x, 2), torch.bool, "max_pool2d"),
        (lambda x: torch.avg_pool1d(x[0], 2), torch.int32, "avg_pool2d"),
        (lambda x: average.avg_pool3d(x, 1), torch.float16, "avg_pool3d_out_frame"),
        (lambda x: adaptive.adaptive_avg_pool2d(x, 2), torch.int64, "adaptive_avg_pool2d"),
        (lambda x: adaptive.adaptive_max_pool3d(x, 2), torch.int64, "adaptive_max_pool3d_cpu"),
        (lambda x: unpool.max_unpool2d(x, x.long(), 6), torch.int32, "max_unpool2d"),
    ],
)
def test_dtypes_that_torch_has_no_kernel_for(call, dtype, stub):
    with pytest.raises(NotImplementedError, match=f"\"{stub}\" not implemented for '{dtype.scalar_name}'"):
        call(IMAGE.to(dtype))


@pytest.mark.parametrize("dtype", ["uint8", "int8", "int16", "int32", "int64", "float16", "bfloat16", "float64"])
def test_max_pooling_takes_and_gives(dtype):
    values, places = maximum.max_pool2d_with_indices(IMAGE.to(getattr(torch, dtype)), 2)
    assert (str(values.dtype), str(places.dtype)) == (f"torch.{dtype}", "torch.int64")


def test_int64_averages_are_rounded_towards_zero():
    x = torch.tensor([[-3, 0, 3, 0]])
    assert torch.avg_pool1d(x, 2).tolist() == [[-1, 1]]


def test_results_can_be_written_to_given_tensors():
    values, places = torch.zeros(1, 1, 3, 3), torch.zeros(1, 1, 3, 3, dtype=torch.int64)
    found = maximum.max_pool2d_with_indices(IMAGE + 5, 2, out=(values, places))
    assert found[0] is values
    assert values.sum() == 45
    assert places[0, 0, 1].tolist() == [12, 14, 16]
    assert average.avg_pool2d(IMAGE + 2, 2, out=values) is values
    assert values.sum() == 18


def test_ndarrays_give_ndarrays():
    x = np.arange(16.0).reshape(1, 4, 4)
    assert type(torch.max_pool2d(x, 2)) is np.ndarray
    assert torch.avg_pool1d(x[0], 4).tolist() == [[1.5], [5.5], [9.5], [13.5]]
    values, places = torch.max_pool1d_with_indices(x, 3)
    assert values.tolist() == [[[2], [6], [10], [14]]]
    assert places.tolist() == [[[2], [2], [2], [2]]]


def test_pooling_over_one_dimension_is_recorded_as_over_two():
    node = torch.avg_pool1d(torch.ones(2, 4, requires_grad=True), 2).grad_fn
    names = []
    while node.next_functions:
        names.append(node.name())
        node = node.next_functions[0][0]
    assert names == ["SqueezeBackward1", "AvgPool2DBackward0", "UnsqueezeBackward0"]


@pytest.mark.parametrize("dtype", [torch.int64, torch.bool])
def test_an_empty_adaptive_average_has_any_dtype(dtype):
    assert adaptive.adaptive_avg_pool2d(IMAGE.to(dtype), 0).shape == (1, 1, 0, 0)


def images(cut):
    x = pyconv.arange(2 * 4 * 6 * 5.0).reshape(2, 4, 6, 5).contiguous(memory_format=pyconv.channels_last)
    return x[:, ::2] if cut else x


@pytest.mark.parametrize("cut", [False, True])
def test_channels_next_to_one_another_stay_so(cut):
    """In images always; the strides are torch's, where only every second channel was given too."""
    x = images(cut).requires_grad_()
    c = x.shape[1]
    found = {
        "max": F.max_pool2d(x, 2),
        "average": F.avg_pool2d(x, 2),
        "adaptive max": F.adaptive_max_pool2d(x, (3, 2)),
        "adaptive average": F.adaptive_avg_pool2d(x, (3, 2)),
    }
    assert {name: y.stride() for name, y in found.items()} == dict.fromkeys(found, (6 * c, 1, 2 * c, c))
    assert F.adaptive_avg_pool2d(x, 1).stride() == (c, 1, c, c)
    values, places = F.max_pool2d(x, 2, return_indices=True)
    assert places.stride() == values.stride()
    assert F.max_unpool2d(values, places, 2, output_size=(6, 5)).stride() == (30 * c, 1, 5 * c, c)
    (g,) = pyconv.autograd.grad(values.sum(), x)
    assert g.stride() == (30 * c, 1, 5 * c, c)


def test_of_volumes_only_maxima_over_sliding_windows_keep_their_order():
    x = pyconv.arange(2 * 3 * 4 * 4 * 4.0).reshape(2, 3, 4, 4, 4).contiguous(memory_format=pyconv.channels_last_3d)
    values, places = F.max_pool3d(x, 2, return_indices=True)
    assert values.stride() == places.stride() == (24, 1, 12, 6, 3)
    assert F.max_pool3d(x[0], 2).stride() == (1, 12, 6, 3)
    assert F.max_unpool3d(values, places, 2).is_contiguous()
    for f in (F.avg_pool3d, F.adaptive_avg_pool3d, F.adaptive_max_pool3d):
        assert f(x, 2).is_contiguous()
    assert F.adaptive_avg_pool3d(x, 1).stride() == (3, 1, 3, 3, 3)
