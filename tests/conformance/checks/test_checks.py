"""Each check finds the one thing that it is for, and nothing in torch itself."""

import contextlib

import numpy as np
import pytest

from conformance.checks import BY_TURNS, CHECKS, due
from conformance.tokens import parse
from tests.conformance.checks.bent import Bent, found

CONV = "conv2d n2 c2 o2 h5x6 k2x3 bias f32 ints seed1"
MODULE = "conv1d n1 c2 o2 h5 k3 bias module f32 ints seed3"
LINES = [
    CONV,
    MODULE,
    "conv2d n1 c2 o2 h5x6 k3x3 psame reflect strided complex64 real seed1",
    "conv_transpose1d n1 c2 o4 h4 k3 s2 g2 op1 reversed f64 real seed2",
    "conv3d n1 c1 o2 h3x3x3 k2x2x2 overlapping bf16 ints seed4",
    "unfold n1 c2 h4x4 k2 p1 fortran f16 real seed5",
    "fold n1 c4 h9 k2 os4x4 readonly f32 real seed6",
    "pad n1 c2 h4 p1,2 circular f32 real seed7",
    "conv1d n1 c2 o2 h5 k6 f32 ints seed8",
    "conv1d n1 c2 o2 h5 k2 i8 ints seed9",
]


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("name", [name for name in CHECKS if name != "threads"])
def test_nothing_is_found_in_torch(torch, name, line):
    assert found(CHECKS[name], torch, line, torch) == []


def test_a_case_has_one_of_the_checks_by_turns():
    turns = [set(due(parse(f"{CONV[:-1]}{seed}"))) & set(BY_TURNS) for seed in range(60)]
    assert {len(turn) for turn in turns} == {1}
    assert set.union(*turns) == set(BY_TURNS)
    assert set(due(parse(CONV))) | set(BY_TURNS) == set(CHECKS)


def _without(name):
    return lambda case, maps: {key: array for key, array in maps.items() if key != name}


def _mapped(name, function):
    return lambda case, maps: {key: function(array) if key == name else array for key, array in maps.items()}


@pytest.mark.parametrize(
    ("check", "change", "where"),
    [
        ("maps", _without("bias gradient"), "all"),
        ("dtype", _mapped("output", lambda a: a.astype(np.float64)), "output"),
        ("shape", _mapped("weight gradient", lambda a: a[None]), "weight gradient"),
        ("value", _mapped("input gradient", lambda a: a + 1), "input gradient"),
        ("adjoint", _mapped("output", lambda a: a + 1), "input gradient"),
        ("adjoint", _mapped("weight gradient", lambda a: a + 1), "weight gradient"),
    ],
)
def test_a_bent_map_is_found(torch, check, change, where):
    assert where in [d.where for d in found(CHECKS[check], torch, CONV, Bent(run=change))]


def _raising(kind, text):
    def change(case, maps):
        raise kind(text)

    return change


def test_an_exception_that_torch_does_not_raise_is_an_outcome(torch):
    (difference,) = found(CHECKS["outcome"], torch, CONV, Bent(run=_raising(KeyError, "x")))
    assert (difference.expected, difference.got) == ("no error", "KeyError: 'x'")


class Refusing(Bent):
    """torch that refuses in other words."""

    def run(self, case, operands):
        try:
            return super().run(case, operands)
        except RuntimeError as error:
            raise self.changes["error"](error) from error


BAD = "conv1d n1 c2 o2 h5 k6 f32 ints seed8"


def test_another_type_and_another_text_are_told_apart(torch):
    other_type = Refusing(error=lambda error: ValueError(str(error)))
    other_text = Refusing(error=lambda error: RuntimeError(str(error).upper()))
    assert [d.check for d in found(CHECKS["error type"], torch, BAD, other_type)] == ["error type"]
    assert found(CHECKS["error text"], torch, BAD, other_type) == []
    assert [d.check for d in found(CHECKS["error text"], torch, BAD, other_text)] == ["error text"]


def test_the_order_in_braces_is_free(torch):
    line = "conv1d n1 c1 o1 h5 k3 mode=edge f32 ints seed0"

    def shuffled(error):
        head, _, rest = str(error).partition("{")
        inside, _, tail = rest.partition("}")
        return ValueError(head + "{" + ", ".join(sorted(inside.split(", "), reverse=True)) + "}" + tail)

    class Shuffled(Bent):
        def run(self, case, operands):
            try:
                return super().run(case, operands)
            except ValueError as error:
                raise shuffled(error) from error

    assert found(CHECKS["error text"], torch, line, Shuffled()) == []


class Writing(Bent):
    """torch that writes into an operand after it has answered."""

    def run(self, case, operands):
        maps = super().run(case, operands)
        if self.changes["into"] == "gap":
            operands.arrays["input"].base[..., 1] = 5
        elif self.changes["into"] == "cotangent":
            operands.draw("cotangent", maps["output"].shape)[...] = 0
        else:
            operands.arrays[self.changes["into"]][...] = 0
        return maps


@pytest.mark.parametrize(("into", "where"), [("weight", "weight"), ("gap", "input"), ("cotangent", "cotangent")])
def test_writing_into_an_operand_is_found(torch, into, where):
    line = CONV.replace("f32", "strided f32")
    assert [d.where for d in found(CHECKS["operands"], torch, line, Writing(into=into))] == [where]


def test_a_wrong_second_derivative_is_found_and_an_absent_one_counts_as_zeros(torch):
    line = CONV.replace("ints", "real")
    halved = Bent(second=lambda case, maps: {name: array / 2 for name, array in maps.items()})
    absent = Bent(second=lambda case, maps: {})
    for candidate in (halved, absent):
        assert {d.check for d in found(CHECKS["second"], torch, line, candidate)} == {"value"}


class Algorithmic(Bent):
    """torch with two algorithms, of which the second is wrong."""

    active = None

    @contextlib.contextmanager
    def using(self, algorithm):
        self.active = algorithm
        yield
        self.active = None

    def run(self, case, operands):
        maps = super().run(case, operands)
        return maps if self.active != "second" else maps | {"output": -maps["output"]}


def test_every_algorithm_is_tried(torch):
    (difference,) = found(CHECKS["algorithms"], torch, CONV, Algorithmic())
    assert difference.got.startswith("by second: ")


def test_an_algorithm_that_the_library_leaves_out_is_not_tried(torch):
    candidate = Algorithmic()
    candidate.others = lambda case, operands: ("first",)
    assert found(CHECKS["algorithms"], torch, CONV, candidate) == []


class Forgetful(Bent):
    """torch whose second call is another, or whose result depends on fresh memory or on the threads."""

    calls = 0
    extra = 0.0

    def run(self, case, operands):
        self.calls += 1
        maps = super().run(case, operands)
        late = self.changes["what"] == "calls" and self.calls > 1
        return maps | {"output": maps["output"] + (1 if late else self.extra)}

    @contextlib.contextmanager
    def poisoned(self):
        self.extra = np.nan if self.changes["what"] == "memory" else 0.0
        yield
        self.extra = 0.0

    @contextlib.contextmanager
    def threads(self, count):
        self.extra = float(count) if self.changes["what"] == "threads" else 0.0
        yield
        self.extra = 0.0


@pytest.mark.parametrize(("what", "check"), [("calls", "repeat"), ("memory", "written"), ("threads", "threads")])
def test_what_changes_between_calls_is_found(torch, what, check):
    assert [d.where for d in found(CHECKS[check], torch, CONV, Forgetful(what=what))] == ["output"]


def test_a_result_that_the_next_call_overwrites_is_found(torch):
    buffer = {}

    def kept(case, maps):
        held = buffer.setdefault(maps["output"].shape, maps["output"].copy())
        held[...] = maps["output"]
        return maps | {"output": held}

    differences = found(CHECKS["repeat"], torch, CONV, Bent(run=kept))
    assert "after another call" in differences[0].got


def _states(function):
    return lambda case, facts: {**facts, "state_dict": {n: function(a) for n, a in facts["state_dict"].items()}}


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda case, facts: {**facts, "repr": facts["repr"].lower()}, "repr"),
        (lambda case, facts: {**facts, "attributes": {**facts["attributes"], "groups": "2"}}, "attribute groups"),
        (lambda case, facts: {**facts, "state_dict": dict(reversed(facts["state_dict"].items()))}, "state_dict keys"),
        (_states(lambda array: array.astype("f8")), "state_dict weight"),
        (_states(lambda array: array * 2), "initial bias"),
        (_raising(TypeError, "no"), "constructor"),
    ],
)
def test_what_a_module_shows_is_compared(torch, change, where):
    assert where in [d.where for d in found(CHECKS["module"], torch, MODULE, Bent(facts=change))]
