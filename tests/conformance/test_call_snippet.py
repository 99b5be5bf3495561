"""The programs that show a call: they run, and show what the libraries give."""

import contextlib
import io

import pytest

from conformance.call_snippet import call_snippet, call_text
from conformance.checks.call_reference import LiveCall
from conformance.checks.own_error import ROUNDOFF
from conformance.tokens import parse


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("add input=2x other=2x alpha=2", "torch.add(input, other=other, alpha=2)"),
        ("cat tensors.0=2x tensors.1=2x dim=0", "torch.cat([tensors_0, tensors_1], dim=0)"),
        (
            "einsum operands.0=2x operands.1=2x equation=i,i->",
            "torch.einsum('i,i->', operands_0, operands_1)",
        ),
        ("sum input=2x dtype=torch.float64 dim=(0,)", "torch.sum(input, dtype=torch.float64, dim=(0,))"),
        ("expand input=1x size=[3]", "torch.Tensor.expand(input, size=[3])"),
        ("clamp input=2x min=-inf", "torch.clamp(input, min=float('-inf'))"),
    ],
)
def test_a_call_is_told_as_python_writes_it(line, text):
    assert call_text(parse(line)) == text


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("where", ["output", "input gradient", "second derivative by input", "error"])
@pytest.mark.parametrize(
    "line",
    [
        "exp input=2x3 bf16 strided seed2",
        "exp input=2x3 f64 reversed seed2",
        "mul input=4x other=4x f32 overlapping seed1",
        "max_pool1d input=1x4 kernel_size=2 return_indices=True f16 special",
        "dropout input=4x training=True seed3",
        "where condition=2x:bool input=2x other=2x:f64 fortran",
        "log_softmax input=2x dim=0 special seed1",
    ],
)
def test_between_torch_and_torch_the_programs_show_the_same_twice(torch, line, where):
    call = parse(line)
    live = LiveCall(call, torch)
    results = {name: array for name, array in live.outcome.items() if name.startswith("output")}
    shapes = {name: array.shape for name, array in results.items() if array.dtype.name in ROUNDOFF}
    program = call_snippet(call, live.operands, "torch", where, shapes)
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown):
        exec(program, {})
    first, second = (part.strip() for part in shown.getvalue().split("torch ")[1:])
    assert first == second
    assert "tensor" in first


@pytest.mark.filterwarnings("ignore")
def test_what_is_changed_and_what_is_raised_is_shown(torch):
    call = parse("batch_norm input=3x2 running_mean=2x running_var=2x:positive training=True")
    program = call_snippet(call, LiveCall(call, torch).operands, "torch", "running_mean afterwards")
    assert program.count("return running_mean") == 1
    broken = parse("relu input=2x unknown=1")
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown):
        exec(call_snippet(broken, LiveCall(broken, torch).operands, "torch", "error"), {})
    assert "TypeError: " in shown.getvalue()
