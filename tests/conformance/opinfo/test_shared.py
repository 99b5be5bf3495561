"""The suite in several processes: the report of one, to the letter."""

import pytest

from conformance import engine, known
from conformance.__main__ import main
from conformance.opinfo.suite import Result, run_entry, torch_style

BENT = """
import torch
from conformance.adapters import TorchAdapter


class Library:
    def __getattr__(self, name):
        return getattr(torch, name)

    def abs(self, input):
        return input.clone()


class Bent(TorchAdapter):
    def __init__(self):
        super().__init__()
        self.library = Library()
"""
FOREIGN = """
from conformance.adapters import Adapter


class Foreign(Adapter):
    name = "foreign"
"""
CANDIDATE = "bent_library:Bent"


@pytest.fixture(autouse=True)
def library(tmp_path, monkeypatch):
    """A library whose abs does nothing, where this process and its workers find it."""
    (tmp_path / "bent_library.py").write_text(BENT, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.chdir(tmp_path)


def test_worker_processes_tell_what_this_one_does(monkeypatch, capsys):
    asked, workers = [], engine.workers

    def one(jobs, candidate):  # importing torch's tables takes each process 8 s
        asked.append(jobs)
        return workers(1, candidate)

    monkeypatch.setattr(engine, "workers", one)
    words = ["--suite", "opinfo", "--candidate", CANDIDATE, "--op", "nn.ReLU", "sqrt", "abs", "--dtype", "f32"]
    told = []
    for jobs in ("1", "2"):
        assert main([*words, "--jobs", jobs]) == 1
        told.append(capsys.readouterr().out)
    assert asked == [2]
    assert told[0] == told[1]
    assert [line.split()[0] for line in told[0].splitlines()[1:4]] == ["abs", "sqrt", "nn.ReLU"]
    assert "FAILED abs f32 sample0" in told[0]


def test_what_explains_something_in_one_process_is_not_stale():
    entry = known.Known("value", "^abs f32", "", "", "no sign is taken off", "here")
    whole = Result(used={"another reason"})
    whole.merge(run_entry(CANDIDATE, [entry], "abs", "f32", None))
    assert whole.failed == []
    assert whole.used == {"another reason", "no sign is taken off"}


def test_what_a_run_raises_is_no_wrong_command(monkeypatch):
    def broken(*args, **which):
        raise ImportError("half an edit")

    monkeypatch.setattr("conformance.commands.opinfo.run", broken)
    with pytest.raises(ImportError, match="half an edit"):
        main(["--suite", "opinfo", "--candidate", CANDIDATE, "--op", "abs"])


def test_a_library_without_torchs_api_is_refused(tmp_path):
    (tmp_path / "foreign_library.py").write_text(FOREIGN, encoding="utf-8")
    with pytest.raises(ValueError, match="foreign_library:Foreign has not torch's API"):
        torch_style("foreign_library:Foreign")
    with pytest.raises(SystemExit):
        main(["--suite", "opinfo", "--candidate", "foreign_library:Foreign"])
