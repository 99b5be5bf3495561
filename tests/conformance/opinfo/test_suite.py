"""PyTorch's own samples: pyconv agrees, a bent library does not, what is absent is named."""

import json
import types

import pytest

from conformance import known
from conformance.adapters import TorchStyle, load
from conformance.checks.difference import Difference
from conformance.commands.opinfo import told
from conformance.opinfo.ops import Sample
from conformance.opinfo.suite import KNOWN, run

SOME = ("nn_functional_conv1d", "nn_functional_conv_transpose1d", "nn_functional_pad_reflect", "nn.LazyConv1d")


def test_pyconv_agrees_on_every_sample_of_some_operations_and_no_others_run(torch):
    result = run(torch, load("pyconv"), known.load(KNOWN), names=SOME)
    assert [str(sample) for sample in result.failed] == []
    assert result.lacking == []
    assert result.counts.keys() == set(SOME)
    assert result.total("samples") > 250
    assert result.total("errors") >= 5


def _bent(torch, modules=(), **functions):
    """A library that has torch's dtypes and generator, but only these modules and functions."""
    real = torch.library
    names = {name: getattr(real, name) for name in ("autograd", "Tensor", "dtype", "manual_seed", "from_numpy")}
    names |= {str(d).removeprefix("torch."): d for d in (real.float32, real.float64, real.bool)}
    nn = types.SimpleNamespace(**{module.__name__: module for module in modules})
    library = TorchStyle("bent", types.SimpleNamespace(**names, nn=nn, **functions))
    library.tensor, library.array = torch.tensor, torch.array
    return library


def _checks(result):
    return {difference.check for sample in result.failed for difference in sample.differences}


def test_torch_agrees_with_itself_and_a_bent_function_does_not(torch):
    names = ["abs", "sqrt"]
    real = torch.library
    same = run(torch, torch, names=names, dtype="f32")
    assert same.failed == []
    result = run(torch, _bent(torch, abs=real.abs, sqrt=lambda x: real.sqrt(x) * 1.00001), names=names, dtype="f32")
    assert {sample.entry for sample in result.failed} == {"sqrt"}
    assert _checks(result) == {"value"}


def test_torch_agrees_with_itself_on_modules_that_draw_hold_state_or_hold_nothing(torch):
    names = ["nn.BatchNorm1d", "nn.LazyConv1d", "nn.ReLU", "nn.CrossEntropyLoss", "nn.TransformerEncoderLayer"]
    result = run(torch, torch, names=names, dtype="f32")
    assert result.failed == []
    assert all(counts["samples"] >= 2 and not counts["skipped"] for counts in result.counts.values())
    assert result.counts.keys() == set(names)


def test_a_gradient_in_the_wrong_order_is_found(torch):
    def reversed_gradient(input):
        output = torch.library.abs(input)
        if output.requires_grad:
            output.register_hook(lambda gradient: gradient.flip(list(range(gradient.ndim))))
        return output

    result = run(torch, _bent(torch, abs=reversed_gradient), names=["abs"], dtype="f32")
    assert {d.where for sample in result.failed for d in sample.differences} == {"gradient 0"}


def test_what_draws_is_held_to_the_last_bit(torch):
    real = torch.library
    assert run(torch, torch, names=["randn"]).failed == []
    bent = _bent(torch, randn=lambda *size, **more: real.nextafter(real.randn(*size, **more), real.ones(1)))
    assert _checks(run(torch, bent, names=["randn"], dtype="f32")) == {"value"}


def test_other_initial_weights_are_a_difference_of_the_module_alone(torch):
    class Conv1d(torch.library.nn.Conv1d):
        def reset_parameters(self):
            super().reset_parameters()
            torch.library.nn.init.zeros_(self.bias)

    found = run(torch, _bent(torch, [Conv1d]), names=["nn.Conv1d"], dtype="f32").failed
    assert {(d.check, d.where) for sample in found for d in sample.differences} == {("module", "state_dict bias")}


def test_running_statistics_that_stand_still_are_found(torch):
    class BatchNorm1d(torch.library.nn.BatchNorm1d):
        def forward(self, input):
            before = {name: value.clone() for name, value in self.named_buffers()}
            output = super().forward(input)
            for name, value in before.items():
                setattr(self, name, value)
            return output

    found = run(torch, _bent(torch, [BatchNorm1d]), names=["nn.BatchNorm1d"], dtype="f32").failed
    assert {d.where for sample in found for d in sample.differences} >= {"state running_mean", "state running_var"}
    assert not any(d.where.startswith(("result", "gradient")) for sample in found for d in sample.differences)


def test_what_the_library_cannot_take_in_is_a_difference_in_samples_and_errors(torch):
    bent = _bent(torch, abs=torch.library.abs, reshape=torch.library.reshape)

    def refused(array):
        raise TypeError("no tensors today")

    bent.tensor = refused
    result = run(torch, bent, names=["abs", "reshape"])
    assert result.total("failed") == result.total("samples") > 0
    assert result.total("errors failed") == result.total("errors") > 0
    assert {difference.got for sample in result.failed for difference in sample.differences} == {
        "TypeError: no tensors today"
    }


def test_a_sample_is_the_same_by_itself_as_in_a_run_of_more(torch):
    seen = []

    def watched(input, *sizes):
        seen.append(torch.array(input).tobytes())
        return torch.library.permute(input, *sizes)

    bent = _bent(torch, permute=watched, abs=torch.library.abs)
    run(torch, bent, names=["abs", "permute"])
    whole = list(seen)
    for dtype in ("f32", "f64"):
        seen.clear()
        assert run(torch, bent, names=["permute"], dtype=dtype, number=1).counts["permute"]["samples"] == 1
        assert len(seen) == 1
        assert seen[0] in whole


def test_errors_alone_are_repeated_by_the_dtype_any(torch):
    result = run(torch, torch, names=["reshape"], dtype="any", number=1)
    assert result.counts["reshape"] == {"errors": 1}


def test_progress_is_told_of_each_sample_and_the_record_is_json(torch):
    seen = []
    result = run(torch, _bent(torch, abs=lambda x: x), names=["abs", "nn.LSTM"], dtype="f32", progress=seen.append)
    record = json.loads(json.dumps(result.record()))
    assert len(seen) == record["totals"]["samples"] == record["entries"]["abs"]["samples"] > 0
    assert record["failed"][0]["entry"] == "abs"
    assert record["failed"][0]["differences"][0]["check"] == "value"
    assert record["lacking"] == ["nn.LSTM"]


def test_an_explained_difference_is_known_and_an_unused_explanation_is_stale(torch):
    bent = _bent(torch, abs=lambda x: x)
    entry = known.Known("value", "^abs f32", "", "", "no sign is taken off", "here")
    result = run(torch, bent, [entry], names=["abs"], dtype="f32")
    assert result.failed == []
    assert result.total("known") > 0
    assert result.stale == []


def test_what_a_library_lacks_is_named(torch):
    result = run(torch, load("pyconv"), names=["jiterator_unary", "nn.LinearCrossEntropyLoss"])
    assert result.lacking == ["jiterator_unary", "nn.LinearCrossEntropyLoss"]
    assert list(told(result, "pyconv"))[-1].endswith("2 of torch's entries lacking")


def test_a_failure_is_told_with_the_command_that_repeats_it():
    from conformance.opinfo.suite import Result

    result = Result()
    result.add(Sample("abs", "f32", 3, "sample", (Difference("value", "result 0", "1.0", "-1.0", "far"),)), False)
    lines = list(told(result, "mine"))
    assert "FAILED abs f32 sample3" in lines
    assert (
        "  repeat with: python -m conformance --candidate mine --suite opinfo --op abs --dtype f32 --sample 3" in lines
    )


def test_a_stale_entry_is_told_by_a_run_of_the_whole_suite_only(torch):
    entry = known.Known("value", "nowhere", "", "", "long mended", "here")
    assert run(torch, torch, [entry], names=["abs"], dtype="f32").stale == []


@pytest.mark.parametrize("entry", known.load(KNOWN), ids=lambda entry: entry.reason[:30])
def test_every_explanation_has_a_reason_and_a_link(entry):
    assert entry.reason
    assert entry.link.startswith("https://")
