"""The suites hold the families that they are said to hold."""

import pytest

from benchmarks.workloads import SUITES

ALL = [(name, layer) for name, suite in SUITES.items() for layer in suite.layers]


@pytest.mark.parametrize(("name", "layer"), ALL, ids=[f"{name} {layer}" for name, layer in ALL])
def test_every_layer_has_a_geometry(name, layer):
    for batch in SUITES[name].batches:
        conv = layer.conv(batch)
        assert conv.multiplications > 0
        assert conv.w_shape == layer.w_shape


@pytest.mark.parametrize("name", SUITES)
def test_no_layer_stands_twice_in_a_suite(name):
    layers = SUITES[name].layers
    assert len(set(layers)) == len(set(map(str, layers))) == len(layers)


def test_resnet50_has_its_distinct_convolutions():
    layers = SUITES["resnet50"].layers
    assert len(layers) == 23
    assert sum(layer.kernel == 1 for layer in layers) == 15


def test_vgg16_is_all_of_three_by_three():
    assert {layer.kernel for layer in SUITES["vgg16"].layers} == {3}


def test_groups_have_three_to_thirty_two_channels():
    sizes = {layer.channels // layer.groups for layer in SUITES["grouped"].layers}
    assert {3, 4, 8, 16, 32} <= sizes
    assert min(sizes) == 3
    assert max(sizes) == 32


def test_depthwise_layers_have_one_channel_a_group_and_kernels_of_three_to_seven():
    layers = SUITES["depthwise"].layers
    assert all(layer.groups == layer.channels for layer in layers)
    assert {(layer.kernel, layer.stride) for layer in layers} == {(k, s) for k in (3, 5, 7) for s in (1, 2)}


def test_large_kernels_are_dense_and_depthwise_and_eleven_to_thirty_one():
    layers = SUITES["large"].layers
    assert {layer.kernel for layer in layers if layer.groups == 1} >= {11, 31}
    assert {layer.kernel for layer in layers if layer.groups > 1} >= {11, 31}
    assert all(11 <= layer.kernel <= 31 for layer in layers)


def test_the_odd_ones_are_strided_dilated_and_of_odd_kernels():
    layers = SUITES["odd"].layers
    assert any(layer.kernel == 11 and layer.stride == 4 for layer in layers)
    assert any(layer.kernel == 5 for layer in layers)
    assert any(layer.dilation == 2 for layer in layers)
    assert any(layer.kernel == 3 and layer.stride == 2 for layer in layers)


@pytest.mark.parametrize(("name", "axes"), [("audio", 1), ("volume", 3)])
def test_sound_has_one_dimension_and_films_three(name, axes):
    assert {len(layer.size) for layer in SUITES[name].layers} == {axes}


def test_transposed_ones_are():
    assert all(layer.transposed for layer in SUITES["transposed"].layers)
    assert any(layer.kernel == layer.stride == 2 for layer in SUITES["transposed"].layers)


def test_small_ones_go_through_the_functional_interface():
    assert SUITES["small"].functional
    assert SUITES["small"].batches == (1, 8, 64)
