"""The planner: what it chooses, how it is forced, what it says, and that it keeps its word on memory."""

import tracemalloc

import numpy as np
import pytest

from pyconv.geometry import Conv
from pyconv.kernels import conv as maps
from pyconv.kernels import precision, threads
from pyconv.kernels.conv import plan


def test_pointwise_serves_a_plain_1x1():
    conv = Conv.of((1, 64, 56, 56), (256, 64, 1, 1))
    assert {maps.choose(conv, np.dtype(np.float32), name).name for name in maps.PASSES} == {"pointwise"}
    assert not plan.find("pointwise").supports(conv, np.dtype(np.float16))


@pytest.mark.parametrize("options", [{"stride": 2}, {"padding": 1}])
def test_pointwise_refuses_what_would_need_a_copy(options):
    conv = Conv.of((1, 4, 6, 6), (4, 4, 1, 1), None, **options)
    assert not plan.find("pointwise").supports(conv, np.dtype(np.float32))


def test_pointwise_refuses_an_output_that_is_not_whole():
    conv = Conv.of_transpose((1, 4, 5), (4, 4, 1), None, dilation=2, output_padding=1)
    assert not plan.find("pointwise").supports(conv, np.dtype(np.float32))


def test_columns_serve_a_dense_kernel_and_bands_a_depthwise_one():
    dense = Conv.of((1, 64, 28, 28), (64, 64, 3, 3), None, 2, 1)
    few = Conv.of((1, 512, 14, 14), (512, 512, 3, 3), None, 2, 1)
    depthwise = Conv.of((1, 144, 56, 56), (144, 1, 3, 3), None, 1, 1, 1, 144)
    assert maps.choose(dense, np.dtype(np.float32), "forward").name == "in-cache"
    assert maps.choose(few, np.dtype(np.float32), "forward").name == "im2col"
    chosen = [maps.choose(depthwise, np.dtype(np.float32), name).name for name in maps.PASSES]
    assert chosen == ["stacked-rows", "stacked-rows", "correlation"]


def test_rows_of_columns_serve_the_least_of_images_forward_and_channels_last_their_gradients():
    conv = Conv.of((8, 512, 2, 2), (512, 512, 3, 3), None, 1, 1)
    chosen = [maps.choose(conv, np.dtype(np.float32), name).name for name in maps.PASSES]
    assert chosen == ["im2col", "channels-last", "channels-last"]


def test_tiles_serve_a_large_3x3_and_larger_ones_where_precision_allows():
    conv, dtype = Conv.of((1, 64, 224, 224), (64, 64, 3, 3), None, 1, 1), np.dtype(np.float32)
    many = Conv.of((1, 512, 28, 28), (512, 512, 3, 3), None, 1, 1)
    assert maps.choose(conv, dtype, "forward").name == "winograd-wide"
    assert maps.choose(many, dtype, "forward").name == "winograd"
    precision.put("high")
    try:
        assert maps.choose(conv, dtype, "forward").name == "winograd-high"
        assert maps.choose(conv, np.dtype(np.float64), "forward").name == "winograd-wide"
    finally:
        precision.put("highest")


def test_the_choice_is_the_cheapest():
    conv, dtype = Conv.of((2, 8, 9, 9), (8, 8, 3, 3)), np.dtype(np.float64)
    for name in maps.PASSES:
        able = maps.candidates(conv, dtype, name)
        costs = {a.name: plan.cost(a.name, a.estimate(conv, dtype, name), dtype) for a in able}
        assert maps.choose(conv, dtype, name).name == min(costs, key=costs.get)


def test_forcing_ends_with_the_block():
    conv, dtype = Conv.of((1, 4, 6, 6), (4, 4, 3, 3)), np.dtype(np.float32)
    before = maps.choose(conv, dtype, "forward").name
    with maps.use("direct"):
        assert maps.choose(conv, dtype, "forward").name == "direct"
        with maps.use(None):
            assert maps.choose(conv, dtype, "forward").name == before
    assert maps.choose(conv, dtype, "forward").name == before


def test_a_bad_name_lists_the_good_ones():
    with pytest.raises(ValueError, match="no convolution algorithm named 'gemm'") as raised:
        maps.use("gemm").__enter__()
    assert all(repr(a.name) in str(raised.value) for a in maps.ALGORITHMS)


def test_a_forced_algorithm_that_does_not_fit_is_an_error():
    conv = Conv.of((1, 4, 6, 6), (4, 4, 3, 3))
    with maps.use("pointwise"), pytest.raises(ValueError, match="does not support forward"):
        maps.forward(np.ones(conv.x_shape), np.ones(conv.w_shape), None, conv)


def test_explain_has_a_line_for_each_pass_and_algorithm_and_one_choice_a_pass():
    conv = Conv.of((1, 64, 56, 56), (64, 64, 3, 3), None, 1, 1)
    text = maps.explain(conv)
    assert "GFLOP" in text
    assert "workspace MiB" in text
    assert text.count("← chosen") == len(maps.PASSES)
    for name in maps.PASSES:
        for algorithm in maps.candidates(conv, np.dtype(np.float32), name):
            assert any(line.startswith(name) and algorithm.name in line for line in text.splitlines())
    with maps.use("direct"):
        chosen = [line for line in maps.explain(conv).splitlines() if "← chosen" in line]
    assert all("direct" in line for line in chosen)


LAYERS = {
    "many channels": ((1, 1024, 7, 7), (1024, 1024, 3, 3), 1, 1, 1, "f4"),
    "wide 1x1": ((1, 4096, 4, 4), (4096, 4096, 1, 1), 1, 0, 1, "f4"),
    "long": ((1, 2, 2**19), (2, 2, 9), 1, 4, 1, "f4"),
    "many images": ((512, 8, 9, 9), (8, 8, 3, 3), 1, 1, 1, "f4"),
    "strided 1x1": ((1, 128, 96, 96), (128, 128, 1, 1), 2, 0, 1, "f4"),
    "float16": ((1, 512, 14, 14), (512, 512, 3, 3), 1, 1, 1, "f2"),
    "float16 wide": ((1, 3, 128, 128), (512, 3, 3, 3), 1, 1, 1, "f2"),
    "depthwise": ((1, 512, 96, 96), (512, 1, 3, 3), 1, 1, 512, "f4"),
    "grouped": ((1, 512, 40, 40), (512, 16, 3, 3), 1, 1, 32, "f4"),
    "large image": ((1, 16, 800, 800), (2, 16, 3, 3), 1, 1, 1, "f4"),
    "volume": ((1, 8, 24, 40, 40), (8, 8, 3, 3, 3), 1, 1, 1, "f4"),
    "kernel of thousands": ((1, 64, 20, 20), (16, 64, 31, 31), 1, 15, 1, "f4"),
}


@pytest.fixture
def one_thread():
    before = threads.count()
    threads.set_count(1)
    yield
    threads.set_count(before)


@pytest.mark.usefixtures("one_thread")
@pytest.mark.parametrize("name", maps.PASSES)
@pytest.mark.parametrize("layer", LAYERS.values(), ids=LAYERS)
def test_workspace_stays_under_32_mib(layer, name):
    """One thread's, beyond the operands: the padded copy of the input in the accumulation dtype, and the result."""
    x_shape, w_shape, stride, padding, groups, dtype = layer
    conv = Conv.of(x_shape, w_shape, None, stride, padding, 1, groups)
    x, w, gy = (np.ones(shape, dtype) for shape in (conv.x_shape, conv.w_shape, conv.y_shape))
    call = {"forward": (x, w, None), "input_grad": (gy, w), "weight_grad": (x, gy)}[name]
    wide = 4 if dtype == "f2" else x.itemsize
    padded = conv.batch * conv.in_channels * int(np.prod(conv.window.padded(conv.input))) * wide
    for algorithm in maps.candidates(conv, x.dtype, name):
        if layer is LAYERS["kernel of thousands"] and algorithm.name == "direct":
            continue
        with maps.use(algorithm.name):
            tracemalloc.start()
            result = getattr(maps, name)(*call, conv)
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        workspace = peak - result.nbytes - (padded if name == "input_grad" or conv.window.is_padded else 0)
        assert workspace < 32 << 20
        estimate = algorithm.estimate(conv, x.dtype, name).workspace
        assert estimate < 32 << 20
