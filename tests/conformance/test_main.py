"""The command line: one case, many, what is written, what is refused."""

import contextlib
import json
import xml.etree.ElementTree as ET

import pytest

from conformance import engine
from conformance.__main__ import main
from conformance.case import SPATIAL_AXES

NEGATED = """
from conformance.adapters import TorchAdapter


class Negated(TorchAdapter):
    def __init__(self):
        super().__init__()
        self.name = "negated"

    def run(self, case, operands):
        maps = super().run(case, operands)
        return maps | {"output": -maps["output"]} if case.op == "fold" else maps
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder to work in, with a library whose fold has the wrong sign."""
    path = tmp_path_factory.mktemp("run")
    (path / "negated_library.py").write_text(NEGATED, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(path)
        patch.syspath_prepend(path)
        yield path


@pytest.fixture(scope="module", autouse=True)
def worker(folder):
    """One worker process for the runs of this file, each of which would start one: it imports torch once."""
    with engine.workers(1, "negated_library:Negated") as found, pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "workers", lambda jobs, candidate: contextlib.nullcontext(found))
        yield


@pytest.fixture(scope="module")
def failed(folder):
    """The exit status of a run of that library, its files in the folder."""
    files = [word for kind in ("json", "junit", "html") for word in (f"--{kind}", f"out.{kind}")]
    words = ["--candidate", "negated_library:Negated", "--op", "pad", "fold", "--checks", "value", "--jobs", "1"]
    return main([*words, "--configs", "120", *files])


def test_a_case_that_is_the_same(capsys):
    assert main(["--case", "conv2d n1 c2 o2 h5x5 k3x3 s2 bias f32 real seed3"]) == 0
    out = capsys.readouterr().out
    assert "tier: real" in out
    assert "error/bound" in out


def test_a_case_that_differs(folder, capsys):
    words = ["--candidate", "negated_library:Negated", "--case", "fold n1 c1 h1 k1 os1"]
    assert main(words) == 1
    assert "value of output differs (unexplained)" in capsys.readouterr().out


def test_a_run_that_finds_a_difference(failed, folder):
    report = json.loads((folder / "out.json").read_text(encoding="utf-8"))
    assert failed == 1
    assert {failure["case"].split()[0] for failure in report["tally"]["failures"]} == {"fold"}
    shrunk = [failure for failure in report["tally"]["failures"] if failure["shrunk"]]
    assert shrunk[0]["shrunk"] == "fold c1 h1 k1 os1 f32 ints seed0"
    assert "sign" in shrunk[0]["cause"]
    assert ET.parse(folder / "out.junit").getroot().find(".//failure") is not None
    assert "fold c1 h1 k1 os1" in (folder / "out.html").read_text(encoding="utf-8")


def test_what_failed_is_run_first_from_then_on(failed, folder, capsys):
    kept = folder / ".conformance" / "negated_library.Negated.txt"
    assert kept.read_text(encoding="utf-8") == "fold c1 h1 k1 os1 f32 ints seed0\n"
    words = ["--candidate", "negated_library:Negated", "--op", "pad", "--configs", "1", "--jobs", "1"]
    assert main(words) == 1
    assert "before them 1 that failed once" in capsys.readouterr().out
    assert kept.read_text(encoding="utf-8") == "fold c1 h1 k1 os1 f32 ints seed0\n"


def test_a_baseline_excuses_what_failed_before_and_nothing_else(failed, folder, capsys):
    words = ["--op", "fold", "--checks", "value", "--configs", "40", "--jobs", "1", "--baseline", "out.json"]
    assert main(["--candidate", "negated_library:Negated", *words]) == 0
    old = json.loads((folder / "out.json").read_text(encoding="utf-8"))
    old["tally"]["failures"] = []
    (folder / "better.json").write_text(json.dumps(old), encoding="utf-8")
    assert main(["--candidate", "negated_library:Negated", *words[:-1], "better.json"]) == 1
    assert "worse than the baseline: failed, and did not fail before" in capsys.readouterr().out


def test_shards_share_out_the_cases(folder):
    counted = []
    for place in (1, 2):
        words = ["--op", *SPATIAL_AXES, "--shard", f"{place}/2", "--configs", "9", "--jobs", "1"]
        assert main([*words, "--json", "shard.json"]) == 0
        counts = json.loads((folder / "shard.json").read_text(encoding="utf-8"))["tally"]["counts"]
        counted.append({op: n for op, *_, n in counts})
    assert sum(counted[0].values()) == 5
    assert sum(counted[1].values()) == 4
    assert counted[0].keys().isdisjoint(counted[1])


def test_the_harness_proves_itself(capsys):
    assert main(["self-test", "flipped kernel"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "1 of 1 faults found, half of them within 3 cases"
    assert main(["self-test", "circular as replicate", "--within", "1"]) == 1
    assert "NOT FOUND" in capsys.readouterr().out


def test_recorded_answers_are_checked(folder, capsys):
    assert main(["record", "small.golden", "--configs", "60"]) == 0
    assert main(["check", "small.golden"]) == 0
    assert ", 0 failed" in capsys.readouterr().out.splitlines()[-1]
    assert main(["check", "small.golden", "--candidate", "negated_library:Negated"]) == 1


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["--case", "conv9d n1"], "unknown operation 'conv9d'"),
        (["--op", "conv9d"], "unknown operation 'conv9d'"),
        (["--candidate", "no_such_library"], "No module named 'no_such_library'"),
        (["--candidate", "json"], "json has no nn and no from_numpy"),
        (["--candidate", "json:nothing"], "has no attribute 'nothing'"),
        (["--shard", "3/2"], "'3/2' is not I/N"),
        (["--configs", "0"], "0 is not a positive number"),
        (["--checks", "beauty"], "invalid choice: 'beauty'"),
        (["check", "no_such_file"], "No such file"),
        (["check", __file__], "is not a golden file"),
    ],
)
def test_a_wrong_command_is_refused(words, text, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(words)
    assert stopped.value.code == 2
    assert text in capsys.readouterr().err
