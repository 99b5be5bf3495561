"""What a call tells of itself."""

from conformance.call import Call, Operand, TorchName
from conformance.tokens import parse

LINE = "where condition=3x1:bool input=3x4 other=x:f64:contiguous f32 ties seed1"


def test_tensors_have_the_dtype_of_the_call_or_their_own():
    call = parse(LINE)
    assert call.shapes() == {"condition": (3, 1), "input": (3, 4), "other": ()}
    assert call.dtypes() == {"condition": "bool", "input": "f32", "other": "f64"}


def test_a_tensor_is_found_by_its_name():
    assert parse(LINE).operand("other") == Operand((), "f64", None, "contiguous")
    assert parse(LINE).operand("index") is None


def test_arguments_are_values_of_their_texts():
    call = parse("sum input=2x3 dim=(0,-1) keepdim=True dtype=torch.float64")
    assert call.given() == {"dim": (0, -1), "keepdim": True, "dtype": TorchName("float64")}
    assert (call.text("dim"), call.text("out")) == ("(0,-1)", "absent")


def test_a_call_is_no_convolution():
    call = Call("relu")
    assert (call.is_convolution, call.is_transposed, call.through_module) == (False, False, False)
