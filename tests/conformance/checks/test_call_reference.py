"""What is right about a call."""

import numpy as np
import pytest

from conformance.checks.call_reference import LiveCall, in_other_precision, neighbouring, reference_of
from conformance.checks.difference import Raised
from conformance.checks.reference import Live
from conformance.operands import operands_of
from conformance.tokens import parse


def _live(torch, line):
    return LiveCall(parse(line), torch)


def test_a_convolution_and_a_call_have_references_of_their_own(torch):
    assert isinstance(reference_of(parse("conv1d n1 c1 o1 h3 k2"), torch), Live)
    assert isinstance(reference_of(parse("relu input=3x"), torch), LiveCall)


def test_what_is_computed_is_measured_and_what_is_moved_is_not(torch):
    pool = _live(torch, "max_pool1d input=1x6 kernel_size=3 stride=1 return_indices=True f16")
    assert set(pool.yardsticks) == {"input gradient"}
    assert set(_live(torch, "exp input=3x f16").yardsticks) == {"output", "input gradient"}
    assert _live(torch, "cat tensors.0=2x tensors.1=3x").yardsticks == {}
    assert _live(torch, "dropout input=9x training=True").yardsticks == {}
    assert _live(torch, "add input=3x other=3x i64").yardsticks == {}


def test_what_torch_refuses_has_no_yardstick(torch):
    live = _live(torch, "relu input=3x bool")
    assert isinstance(live.outcome, Raised)
    assert live.yardsticks == {}
    assert live.second == ({}, {})


@pytest.mark.parametrize("dtype", ["f16", "bf16", "f32", "f64", "complex64"])
def test_torch_is_within_its_own_bound(torch, dtype):
    live = _live(torch, f"mul input=5x6 other=6x {dtype} seed4")
    for name, yardstick in live.yardsticks.items():
        errors = np.abs(live.outcome[name].astype(yardstick.values.dtype) - yardstick.values)
        assert (errors <= 0.51 * yardstick.bound).all()
        assert (yardstick.bound > 0).all()


def test_where_torch_is_not_finite_its_answer_is_the_right_one(torch):
    live = _live(torch, "log input=40x f16 special seed1")
    yardstick, expected = live.yardsticks["output"], live.outcome["output"].astype(np.float64)
    assert np.array_equal(np.isnan(yardstick.values), np.isnan(expected))
    assert np.array_equal(yardstick.values == -np.inf, expected == -np.inf)


def test_another_precision_reaches_the_tensors_and_the_arguments():
    call = parse("sum input=3x:bf16 dim=0 dtype=torch.float16 f32")
    wide, operands = in_other_precision(call, operands_of(call), single=False)
    assert str(wide).startswith("sum input=3x:f64 dim=0 dtype=torch.float64 f64")
    assert operands.arrays["input"].dtype == np.float64
    narrow, _ = in_other_precision(parse("relu input=3x f64"), operands, single=True)
    assert narrow.dtype == "f32"


def test_indices_keep_their_dtype():
    call = parse("embedding input=4x:i32:below3 weight=3x2 bf16")
    _, operands = in_other_precision(call, operands_of(call), single=False)
    assert {name: array.dtype.name for name, array in operands.arrays.items()} == {
        "input": "int32",
        "weight": "float64",
    }


@pytest.mark.parametrize("dtype", ["f16", "bf16", "f32", "f64"])
def test_neighbours_are_near_and_others(dtype):
    call = parse(f"relu input=50x {dtype} seed2")
    before = operands_of(call)
    after = neighbouring(call, before, 1)
    near = np.abs(after.arrays["input"].astype(float) / before.arrays["input"].astype(float) - 1)
    assert (near <= 2.0 ** -{"f16": 9, "bf16": 6, "f32": 22, "f64": 51}[dtype]).all()
    assert (near > 0).any()


def test_equal_numbers_have_equal_neighbours():
    call = parse("relu input=50x ties seed2")
    for way in range(3):
        before, after = (
            found.arrays["input"] for found in (operands_of(call), neighbouring(call, operands_of(call), way))
        )
        assert len(np.unique(after)) == len(np.unique(before))


def test_a_result_in_a_narrower_dtype_is_measured_as_such(torch):
    wide = _live(torch, "softmax input=4x dim=0 f64 seed1").yardsticks["input gradient"]
    narrow = _live(torch, "softmax input=4x dim=0 dtype=torch.float32 f64 seed1").yardsticks["input gradient"]
    assert narrow.bound.max() > 1e5 * wide.bound.max()
