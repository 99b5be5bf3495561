"""A case as a call: which function or module, with which arguments, spelled how."""

from unittest import mock

import pytest

from conformance.adapters.call import by_function, by_module, make_module, module_name, spelled
from conformance.tokens import parse

FUNCTIONS = {
    "conv2d n1 c1 o1 h3x3 k1x1 s2 p1,2 d3, g1": ((), {"stride": 2, "padding": (1, 2), "dilation": (3,), "groups": 1}),
    "conv2d n1 c1 o1 h3x3 k1x1 psame lists": ((), {"padding": "same"}),
    "conv2d n1 c1 o1 h3x3 k1x1 s2,1 lists": ((), {"stride": [2, 1]}),
    "conv_transpose1d n1 c1 o1 h3 k1 s2 op1": ((), {"stride": 2, "output_padding": 1}),
    "unfold n1 c1 h3x3 k1x2 s2": (((1, 2),), {"stride": 2}),
    "fold n1 c2 h4 k1x2 os5 lists p0": ((5, [1, 2]), {"padding": 0}),
    "pad n1 c1 h3 p1,-1 reflect": (((1, -1),), {"mode": "reflect"}),
    "pad n1 c1 h3 p1,-1 v0.0 lists": (([1, -1],), {"value": 0.0}),
}
MODULES = {
    "conv2d n1 c2 o4 h3x3 k1x1 s2 reflect bias": (
        "Conv2d",
        (2, 4, (1, 1)),
        {"stride": 2, "padding_mode": "reflect", "bias": True, "dtype": "single"},
    ),
    "conv1d n1 c2 o4 h3 k2 g2 module f64": ("Conv1d", (2, 4, 2), {"groups": 2, "bias": False, "dtype": "double"}),
    "conv_transpose3d n1 c2 o4 h3x3x3 k2,1,1 op0 module lists": (
        "ConvTranspose3d",
        (2, 4, [2, 1, 1]),
        {"output_padding": 0, "bias": False, "dtype": "single"},
    ),
    "fold n1 c2 h4 k1x2 os5 module": ("Fold", (5, (1, 2)), {}),
    "unfold n1 c2 h4x4 k2 d2 module": ("Unfold", (2,), {"dilation": 2}),
}


def _library():
    return mock.MagicMock(float32="single", float64="double")


@pytest.mark.parametrize("line", FUNCTIONS)
def test_a_function_gets_what_the_line_says_and_no_more(line):
    library, case = _library(), parse(line)
    operands = {"input": "x", "weight": "w", "bias": "b"}
    found = by_function(library, case, operands)
    function = getattr(library.nn.functional, case.op)
    positions, keywords = FUNCTIONS[line]
    function.assert_called_once_with(*("xwb" if case.is_convolution else "x"), *positions, **keywords)
    assert found is function.return_value


def test_a_convolution_without_bias_gets_none():
    library = _library()
    by_function(library, parse("conv1d n1 c1 o1 h3 k1"), {"input": "x", "weight": "w"})
    library.nn.functional.conv1d.assert_called_once_with("x", "w", None)


@pytest.mark.parametrize("line", MODULES)
def test_a_module_is_made_of_what_the_line_says_and_no_more(line):
    library, case = _library(), parse(line)
    name, positions, keywords = MODULES[line]
    make_module(library, case)
    assert module_name(case) == name
    getattr(library.nn, name).assert_called_once_with(*positions, **keywords)


def test_weight_and_bias_become_the_modules_parameters_and_the_leaves():
    library = _library()
    module_class = mock.MagicMock(return_value=mock.MagicMock(wraps=lambda x: ("output of", x)))
    library.nn.Conv1d = module_class
    library.nn.Parameter = lambda tensor: ("parameter", tensor)
    module = module_class.return_value
    operands = {"input": "x", "weight": mock.MagicMock(), "bias": mock.MagicMock()}
    before = dict(operands)
    assert by_module(library, parse("conv1d n1 c1 o1 h3 k1 bias module"), operands) == ("output of", "x")
    for name in ("weight", "bias"):
        assert operands[name] == getattr(module, name) == ("parameter", before[name].detach())


@pytest.mark.parametrize(("words", "rest"), [("os7", (7,)), ("os7, lists", ([7],)), ("", ())])
def test_an_output_size_goes_to_the_call_of_the_module(words, rest):
    library = _library()
    by_module(library, parse(f"conv_transpose1d n1 c1 o1 h3 k1 s3 module {words}"), {"input": "x"})
    library.nn.ConvTranspose1d.return_value.assert_called_once_with("x", *rest)


def test_only_tuples_become_lists():
    case = parse("conv1d lists")
    assert [spelled(case, value) for value in (1, (1, 2), "same", None)] == [1, [1, 2], "same", None]
    assert spelled(parse("conv1d"), (1, 2)) == (1, 2)
