"""torch's answers through a file: what comes back is what went in, and a wrong library is found by it."""

import dataclasses

import numpy as np
import pytest

from conformance.adapters import TorchAdapter, load
from conformance.cases import draw
from conformance.checks.reference import Live
from conformance.golden import recorded
from conformance.golden.record import record, shortened
from conformance.golden.store import Reader, Writer
from conformance.tokens import parse

LINES = [
    "conv2d n2 c2 o2 h5x6 k3x3 psame bias reflect strided f32 real seed1",
    "conv2d n1 c2 o2 h5x6 k3x3 bias bf16 real seed2",
    "conv1d n1 c1 o1 h5 k2 complex64 real seed3",
    "conv1d n1 c1 o1 h5 k2 complex128 ints seed4",
    "conv3d n1 c30 o2 h4x4x4 k3x3x3 p1 f16 ints seed5",
    "conv_transpose1d n2 c2 o4 h5 k3 s2 g2 bias module f64 real seed6",
    "conv1d n1 c1 o1 h5 k2 i8 ints seed7",
    "conv1d n1 c1 o1 h5 k6 f32 ints seed8",
    "pad c2 h4 p1,2 circular u8 ints seed9",
]


@pytest.fixture(scope="module")
def file(torch, tmp_path_factory):
    path = tmp_path_factory.mktemp("golden") / "file"
    assert record(path, map(parse, LINES), torch, seed=0, largest=2000) == len(LINES)
    return path


def test_what_comes_back_is_what_torch_gave(torch, file):
    _, cases = recorded.load(file)
    assert [str(each.case) for each in cases] == [str(parse(line)) for line in LINES]
    for found in cases:
        live = Live(found.case, torch)
        assert all(np.array_equal(a, b) for a, b in zip(found.operands.arrays.values(), live.operands.arrays.values()))
        if not isinstance(live.outcome, dict):
            assert found.outcome == live.outcome
            continue
        assert found.outcome.keys() == live.outcome.keys()
        for name, theirs in live.outcome.items():
            assert (found.outcome[name].dtype, found.outcome[name].shape) == (theirs.dtype, theirs.shape)
            if name in live.yardsticks:
                assert np.all(found.yardsticks[name].bound >= live.yardsticks[name].bound)
                assert np.all(found.yardsticks[name].bound <= 1.05 * live.yardsticks[name].bound)
            else:
                assert np.array_equal(found.outcome[name], theirs)


@pytest.mark.parametrize("name", ["pyconv", "torch"])
def test_a_right_library_passes(file, name):
    verdicts = list(recorded.verdicts(recorded.load(file)[1], load(name)))
    found = [(str(v.case), d) for v in verdicts for d in v.differences if d.check != "threads"]
    assert found == []
    assert {verdict.tier for verdict in verdicts} == {"exact", "real", "error"}


def test_a_wrong_library_is_found(file):
    class Rounded(TorchAdapter):
        def run(self, case, operands):
            maps = super().run(case, operands)
            half = np.float32(1) / 3
            return {n: (a * half / half + a * 1e-5).astype(a.dtype) if a.dtype == "f4" else a for n, a in maps.items()}

    found = [v for v in recorded.verdicts(recorded.load(file)[1], Rounded()) if v.differences]
    assert {verdict.case.dtype for verdict in found} == {"f32"}


def test_other_bits_than_those_of_the_file_are_an_error(file):
    _, cases = recorded.load(file)
    other = dataclasses.replace(cases[0], case=dataclasses.replace(cases[0].case, seed=99))
    with pytest.raises(RuntimeError, match="are not those of the golden file"):
        _ = other.operands


def test_a_case_with_a_large_map_is_left_out(torch, tmp_path):
    assert record(tmp_path / "file", [draw(0, n) for n in range(60)], torch, 0, largest=100) < 60


def test_another_file_and_another_format_are_refused(tmp_path):
    (tmp_path / "text").write_text("no")
    with pytest.raises(ValueError, match="is not a golden file"):
        recorded.load(tmp_path / "text")
    Writer().write(tmp_path / "other", {"format": 99})
    with pytest.raises(ValueError, match="has format 99"):
        recorded.load(tmp_path / "other")


def test_arrays_of_every_kind_are_stored(tmp_path):
    writer = Writer()
    arrays = [np.arange(6, dtype=dtype).reshape(2, 3) for dtype in ("i1", "u1", "f2", "f4", "f8", "c8", "c16", "i8")]
    places = [writer.put(array) for array in [*arrays, np.zeros((0, 3)), np.float32(2)]]
    writer.write(tmp_path / "file", places)
    reader = Reader(tmp_path / "file")
    for array, place in zip([*arrays, np.zeros((0, 3)), np.float32(2)], reader.document):
        assert np.array_equal(reader.get(place), array)
        assert (reader.get(place).dtype, reader.get(place).shape) == (array.dtype, array.shape)


def test_shortened_values_are_near_and_short():
    values = np.random.default_rng(0).standard_normal(100) * 1e-200
    short = shortened(values, 20)
    assert np.all(np.abs(short - values) <= np.abs(values) * 2.0**-20)
    assert np.array_equal(shortened(short, 20), short)
    assert shortened(values, 60) is values


def test_a_file_is_small_and_the_same_again(torch, tmp_path):
    cases = [draw(0, number) for number in range(90)]
    for name in ("first", "second"):
        record(tmp_path / name, cases, torch, seed=0)
    assert (tmp_path / "first").stat().st_size < 1000 * len(cases)
    documents = [Reader(tmp_path / name).document for name in ("first", "second")]
    assert documents[0] == documents[1]


def test_reductions_second_derivatives_and_facts_are_kept(torch, file):
    _, cases = recorded.load(file)
    by_dtype = {found.case.dtype: found for found in cases if "raised" not in found.entry}
    assert by_dtype["f16"].entry["reductions"] == dict(Live(by_dtype["f16"].case, torch).reductions) != {}
    maps, yardsticks = by_dtype["f64"].second
    assert list(maps) == list(yardsticks) == list(Live(by_dtype["f64"].case, torch).second[0])
    facts, theirs = by_dtype["f64"].facts, torch.facts(by_dtype["f64"].case)
    assert (facts["repr"], facts["attributes"]) == (theirs["repr"], theirs["attributes"])
    assert all(np.array_equal(facts["state_dict"][n], array) for n, array in theirs["state_dict"].items())
    assert by_dtype["complex64"].facts is None


def test_a_wrong_module_is_found(file):
    class Renamed(TorchAdapter):
        def facts(self, case):
            facts = super().facts(case)
            return facts and {**facts, "repr": facts["repr"] + " "}

    cases = recorded.load(file)[1]
    found = [d.where for v in recorded.verdicts(cases, Renamed()) for d in v.differences if d.check == "module"]
    assert found == ["repr"] * sum(each.case.through_module for each in cases)


def test_what_this_machine_lacks_is_left_out(file, monkeypatch):
    monkeypatch.setattr(recorded, "find_spec", lambda name: None)
    verdicts = list(recorded.verdicts(recorded.load(file)[1], load("torch")))
    assert {v.lacks for v in verdicts if v.case.dtype == "bf16"} == {"needs ml_dtypes"}
    assert {v.lacks for v in verdicts if v.case.dtype != "bf16"} == {None}
    assert not any("threads" in v.checks for v in verdicts)
