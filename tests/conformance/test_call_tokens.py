"""A call is its line and the line is the call; an argument is its text."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.call import CALL_DTYPES, CALL_LAYOUTS, Call, Operand, TorchName
from conformance.call_tokens import parse_call, read, to_text, write
from conformance.case import LAYOUTS

FILLS = ["ints", "real", "ties", "signs", "unit", "positive", "infinite", "special", "below7"]
numbers = st.integers(-(10**6), 10**6) | st.floats(allow_nan=False) | st.booleans() | st.none()
words = st.text(max_size=12) | st.sampled_from(["bilinear", "ij,jk->ik", "3", "None", "2x3", "x", "torch.float64", ""])
names = st.sampled_from(["float64", "int32"]).map(TorchName)
values = st.recursive(numbers | words | names, lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner))
operands = st.builds(
    Operand,
    st.lists(st.integers(0, 12), max_size=5).map(tuple),
    st.none() | st.sampled_from(sorted(CALL_DTYPES)),
    st.none() | st.sampled_from(FILLS),
    st.none() | st.sampled_from(CALL_LAYOUTS),
)
calls = st.builds(
    Call,
    st.just("where"),
    st.dictionaries(st.sampled_from(["input", "weight", "tensors.0", "tensors.1"]), operands).map(
        lambda found: tuple(found.items())
    ),
    st.dictionaries(st.sampled_from(["dim", "dtype", "alpha"]), values.map(write)).map(
        lambda found: tuple(found.items())
    ),
    st.none() | st.sampled_from(LAYOUTS),
    st.sampled_from(sorted(CALL_DTYPES)),
    st.sampled_from(FILLS),
    st.integers(0, 10**6),
)


@given(values)
def test_an_argument_is_read_as_it_was_written(value):
    text = write(value)
    assert read(text) == value
    assert type(read(text)) is type(value)


def test_what_is_read_may_be_changed_and_read_again():
    read("[1,(2,[3])]").append(4)
    read("(1,[2])")[1].append(4)
    assert (read("[1,(2,[3])]"), read("(1,[2])")) == ([1, (2, [3])], (1, [2]))


@given(calls)
def test_a_call_is_read_as_it_was_written(call):
    line = to_text(call)
    if all(not any(character.isspace() for character in text) for _, text in call.arguments):
        assert parse_call(line) == call


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3,2", (3, 2)),
        ("(3,)", (3,)),
        ("[-1,2.5]", [-1, 2.5]),
        ("-inf", -math.inf),
        ("True", True),
        ("None", None),
        ("nearest-exact", "nearest-exact"),
        ("ij,jk->ik", "ij,jk->ik"),
        ("'1'", "1"),
        ("torch.int64", TorchName("int64")),
        ("__import__('os').getcwd()", "__import__('os').getcwd()"),
    ],
)
def test_an_argument_is_read_as_python_reads_it_or_else_as_text(text, value):
    assert read(text) == value


def test_no_number_is_read_as_nan():
    assert math.isnan(read("nan"))
    assert write(math.nan) == "nan"


def test_shapes_of_few_axes_are_told_from_numbers():
    call = parse_call("add input=x other=3x alpha=3")
    assert call.shapes() == {"input": (), "other": (3,)}
    assert call.given() == {"alpha": 3}
    assert str(call).startswith("add input=x other=3x alpha=3 ")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("add input=3x f32 f64", "gives dtype a second time"),
        ("add input=3x input=4x", "gives input a second time"),
        ("add input=3x input=4", "gives input a second time"),
        ("add input=3x f33", "unknown token 'f33'"),
        ("add input=3x:seed4", "unknown word 'seed4' of a tensor"),
        ("add input=3x:f32:f64", "unknown word 'f64' of a tensor"),
    ],
)
def test_what_is_no_line_is_told(line, told):
    with pytest.raises(ValueError, match=told):
        parse_call(line)


def test_an_argument_may_be_called_as_a_field_of_the_call():
    call = parse_call("sum input=3x dtype=torch.float64 fill=2 f16 ties")
    assert (call.dtype, call.fill, call.given()["fill"]) == ("f16", "ties", 2)
