"""Every call of the table does what torch did: same type and text, or same shape and dtype; same warnings.

`observed.json` holds what torch 2.13.0 did; `PYTHONHASHSEED=0 python -m tests.errors.record` writes it. Where
equality to the letter would ask for more than torch keeps from machine to machine, the two tables below say
what is compared instead, and why.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

import pyconv
from tests.errors.calls import CALLS
from tests.errors.outcome import observe

OBSERVED = json.loads(Path(__file__).with_name("observed.json").read_text())
ROOT = Path(__file__).parents[2]


class Sense(NamedTuple):
    """A text that torch itself words in more than one way, and the one wording both sides are brought to."""

    pattern: str
    wording: Callable[[re.Match[str]], str]
    reason: str


def scalar_name(tensor_type: str) -> str:
    """`torch.HalfTensor` and `CPUBFloat16Type` as torch's other wording names them: Half, BFloat16."""
    return re.sub(r"^(torch\.|CPU)|(Tensor|Type)$", "", tensor_type)


SENSES = (
    Sense(
        r"dilation should be greater than zero(, but got .*)?|non-positive dilation is not supported",
        lambda found: "dilation is not positive",
        "each of torch's backends checks the dilation in its own words",
    ),
    Sense(
        r"expected scalar type (\w+) but found (\w+)",
        lambda found: f"the input is {found[1]} and the weight {found[2]}",
        "the backend that torch picks by shape and by processor words the mismatch",
    ),
    Sense(
        r"Input type \((\S+)\) and weight type \((\S+)\) should be the same( or input should be .*)?",
        lambda found: f"the input is {scalar_name(found[1])} and the weight {scalar_name(found[2])}",
        "the same mismatch in the other backends' words",
    ),
    Sense(
        r"(.* one of )\{(.*?)\}(.*)",
        lambda found: f"{found[1]}{sorted(found[2].split(', '))}{found[3]}",
        "torch prints a set of strings, whose order changes with the hash seed",
    ),
)

DIFFERENT = {
    "module ndarray": (
        {"ok": [1, 4, 3, 3], "dtype": "float32"},
        "a module called with an ndarray returns an ndarray: pyconv's documented extension",
    ),
    **{
        label: (
            {"type": "TypeError", "text": "torch.complex32 has no NumPy counterpart; use torch.complex64"},
            "NumPy has no half-precision complex numbers",
        )
        for label in CALLS
        if "torch.complex32" in label
    },
}


def in_one_wording(outcome):
    """The outcome with its text as the senses word it."""
    text = outcome.get("text")
    for sense in SENSES if text is not None else ():
        found = re.fullmatch(sense.pattern, text, re.DOTALL)
        if found:
            return {**outcome, "text": sense.wording(found)}
    return outcome


def in_a_fresh_process(*labels):
    """What each call, in this order, warns of in a process that has warned of nothing yet."""
    program = (
        "import json, sys, pyconv; from tests.errors.calls import CALLS; "
        "from tests.errors.outcome import observe; "
        "print(json.dumps([observe(CALLS[label], pyconv).get('warnings', []) "
        "for label in json.load(sys.stdin)]))"
    )
    finished = subprocess.run(
        [sys.executable, "-c", program], input=json.dumps(labels), cwd=ROOT, text=True, capture_output=True, check=True
    )
    return json.loads(finished.stdout)


def test_every_call_is_recorded():
    assert list(OBSERVED) == list(CALLS)


@pytest.mark.parametrize("label", CALLS)
def test_same_outcome(label):
    once = OBSERVED[label].get("once", [])
    expected = {key: value for key, value in OBSERVED[label].items() if key != "once"}
    if label in DIFFERENT:
        expected, _ = DIFFERENT[label]
    outcome = observe(CALLS[label], pyconv)
    warned = [warning for warning in outcome.pop("warnings", []) if warning not in once]
    outcome |= {"warnings": warned} if warned else {}
    assert in_one_wording(outcome) == in_one_wording(expected)


WARNS_ONCE = [label for label, outcome in OBSERVED.items() if "once" in outcome and label not in DIFFERENT]


@pytest.mark.parametrize("label", WARNS_ONCE)
def test_a_warning_given_once_a_process_comes_with_the_first_call(label):
    assert in_a_fresh_process(label, label) == [OBSERVED[label]["once"], []]


def test_the_first_of_several_calls_uses_the_warning_up():
    first, *rest = in_a_fresh_process(*WARNS_ONCE)
    assert first == OBSERVED[WARNS_ONCE[0]]["once"]
    assert rest == [[] for _ in WARNS_ONCE[1:]]


def test_no_other_call_gives_that_warning():
    others = [label for label in CALLS if label not in WARNS_ONCE and label not in DIFFERENT]
    assert in_a_fresh_process(*others) == [OBSERVED[label].get("warnings", []) for label in others]


@pytest.mark.parametrize("sense", SENSES, ids=lambda sense: sense.reason)
def test_no_sense_is_idle(sense):
    texts = [outcome["text"] for outcome in OBSERVED.values() if "text" in outcome]
    assert any(re.fullmatch(sense.pattern, text, re.DOTALL) for text in texts)


@pytest.mark.parametrize("label", DIFFERENT)
def test_a_difference_is_one(label):
    expected, _ = DIFFERENT[label]
    assert in_one_wording(expected) != in_one_wording(OBSERVED[label])


def test_one_wording_keeps_what_matters():
    def worded(text):
        return in_one_wording({"text": text})["text"]

    half_and_float = worded("expected scalar type Half but found Float")
    assert half_and_float != worded("expected scalar type Float but found Half")
    names = "Input type (torch.HalfTensor) and weight type (torch.FloatTensor) should be the same"
    assert worded(names) == worded(f"{names} or input should be a MKLDNN tensor") == half_and_float
    assert worded(names.replace("torch.HalfTensor", "CPUHalfType")) == half_and_float
    two = worded("must be one of {'a', 'b'}, but got 'c'")
    assert two == worded("must be one of {'b', 'a'}, but got 'c'")
    assert two != worded("must be one of {'a'}, but got 'c'")
    assert worded("negative padding is not supported") == "negative padding is not supported"
