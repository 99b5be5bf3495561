"""A case as a model in ONNX's text; `test_onnx_installed.py` runs such models."""

import sys
from types import ModuleType

import pytest

from conformance.adapters.onnx_reference import OnnxReference, model_text
from conformance.tokens import parse


@pytest.fixture
def adapter(monkeypatch):
    """The adapter, made beside modules that have ONNX's names and nothing in them."""
    for name in ("onnx", "onnx.checker", "onnx.parser", "onnx.reference"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    return OnnxReference()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "conv2d n2 c4 o6 h5x6 k3x2 s2,1 p1,0 d1,2 g2 bias f16",
            "(float16[2,4,5,6] x, float16[6,2,3,2] w, float16[6] b) => (float16[i,j,k,l] y) {\n"
            "    y = Conv <strides=[2,1], dilations=[1,2], pads=[1,0,1,0], group=2> (x, w, b)",
        ),
        (
            "conv1d n1 c1 o1 h5 k4 psame f64",
            "(double[1,1,5] x, double[1,1,4] w) => (double[i,j,k] y) {\n"
            '    y = Conv <strides=[1], dilations=[1], auto_pad="SAME_UPPER", group=1> (x, w)',
        ),
        (
            "conv_transpose1d n1 c1 o1 h5 k3 s3 p1 os15 module bf16",
            "(bfloat16[1,1,5] x, bfloat16[1,1,3] w) => (bfloat16[i,j,k] y) {\n"
            "    y = ConvTranspose <strides=[3], dilations=[1], pads=[1,1], output_padding=[2], group=1> (x, w)",
        ),
        (
            "fold n1 c4 h9 k2 s1,2 p1 os2x4",
            "(float[1,4,9] x) => (float[i,j,k,l] y) {\n"
            "    image = Constant <value_ints=[2,4]> ()\n"
            "    block = Constant <value_ints=[2,2]> ()\n"
            "    y = Col2Im <strides=[1,2], dilations=[1,1], pads=[1,1,1,1]> (x, image, block)",
        ),
        (
            "pad n1 c2 h4x5 p1,2,3,4 circular i8",
            "(int8[1,2,4,5] x, int8 v) => (int8[i,j,k,l] y) {\n"
            "    pads = Constant <value_ints=[0,0,3,1,0,0,4,2]> ()\n"
            '    y = Pad <mode="wrap"> (x, pads, v)',
        ),
    ],
)
def test_the_model_of_a_case(line, expected):
    assert model_text(parse(line)) == f'<ir_version: 10, opset_import: ["": 22]>\ng {expected}\n}}'


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("unfold n1 c1 h5x5 k3", "no unfold"),
        ("conv2d c1 o1 h5x5 k3", "no unbatched"),
        ("pad h5 p9,9 reflect", "a wider reflect"),
        ("pad h5 p-1,9 i8", None),
        ("conv2d n1 c4 o4 h5x5 k4 psame g2 bias bf16", None),
    ],
)
def test_what_it_lacks(adapter, line, reason):
    assert adapter.lacks(parse(line)) == reason


def test_the_code_feeds_the_operands(adapter):
    assert adapter.code(parse("conv1d n1 c1 o1 h5 k3 bias"))[-1].endswith('.run(None, {"x": x, "w": w, "b": b})')
    assert adapter.code(parse("pad h5 p1,1 v1.5"))[-1].endswith('{"x": x, "v": numpy.asarray(1.5, x.dtype)})')
