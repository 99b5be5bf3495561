"""PyTorch's own samples: pyconv agrees, a bent library does not, what is absent is named."""

import types

import pytest

from conformance import known
from conformance.adapters import TorchStyle, load
from conformance.checks.difference import Difference
from conformance.commands.opinfo import told
from conformance.opinfo.ops import Sample
from conformance.opinfo.suite import KNOWN, run

CONVOLUTIONS = (
    *(f"nn_functional_conv{axes}d" for axes in (1, 2, 3)),
    *(f"nn_functional_conv_transpose{axes}d" for axes in (1, 2, 3)),
    *(f"nn_functional_pad_{mode}" for mode in ("constant", "reflect", "replicate", "replicate_negative", "circular")),
    "nn_functional_unfold",
    *(f"nn.{lazy}Conv{kind}{axes}d" for lazy in ("", "Lazy") for kind in ("", "Transpose") for axes in (1, 2, 3)),
)


def test_pyconv_agrees_on_every_sample_of_convolutions(torch):
    result = run(torch, load("pyconv"), known.load(KNOWN), names=CONVOLUTIONS)
    assert [str(sample) for sample in result.failed] == []
    assert result.lacking == []
    assert result.counts.keys() == set(CONVOLUTIONS)
    assert result.total("samples") > 2500
    assert result.total("errors") >= 30


def _bent(torch, **functions):
    """torch with other functions."""
    names = {name: getattr(torch.library, name) for name in ("nn", "autograd", "Tensor", "dtype", "ones_like")}
    names |= {str(d).removeprefix("torch."): d for d in (torch.library.float32, torch.library.float64)}
    names |= {"manual_seed": torch.library.manual_seed, "from_numpy": torch.library.from_numpy}
    library = TorchStyle("bent", types.SimpleNamespace(**names, **functions))
    library.tensor, library.array = torch.tensor, torch.array
    return library


def test_torch_agrees_with_itself_and_a_bent_function_does_not(torch):
    names = ["abs", "sqrt"]
    real = torch.library
    same = run(torch, torch, names=names, dtype="f32")
    assert same.failed == []
    result = run(torch, _bent(torch, abs=real.abs, sqrt=lambda x: real.sqrt(x) * 1.00001), names=names, dtype="f32")
    assert {sample.entry for sample in result.failed} == {"sqrt"}
    assert {d.check for sample in result.failed for d in sample.differences} == {"value"}


def test_a_sample_is_repeated_by_its_number(torch):
    result = run(torch, torch, names=["abs"], dtype="f32", number=0)
    assert result.counts["abs"]["samples"] == 1


def test_an_explained_difference_is_known_and_an_unused_explanation_is_stale(torch):
    bent = _bent(torch, abs=lambda x: x)
    entry = known.Known("value", "^abs f32", "", "", "no sign is taken off", "here")
    result = run(torch, bent, [entry], names=["abs"], dtype="f32")
    assert result.failed == []
    assert result.total("known") > 0
    assert result.stale == []


def test_what_a_library_lacks_is_named(torch):
    result = run(torch, load("pyconv"), names=["acosh", "nn.LSTM"])
    assert result.lacking == ["acosh", "nn.LSTM"]
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
