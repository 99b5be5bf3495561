"""The command line: what it prints, what it returns, and that it needs no library to explain itself."""

import subprocess
import sys

import pytest

from conformance import __main__ as command
from conformance import known
from conformance.adapters import ADAPTERS
from tests.conformance.faults import FAULTS, Faulty

LINE = "conv2d n2 c4 o6 h9x10 k3x5 s2 p1,2 d1 g2 bias reflect f32 real seed17"


@pytest.fixture(autouse=True)
def _one_torch(monkeypatch, torch):
    monkeypatch.setitem(ADAPTERS, "torch", lambda: torch)


def test_a_run_without_a_difference_returns_0(capsys):
    assert command.main(["--candidate", "torch", "--configs", "30", "--seed", "4"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "30 passed, 0 failed"


def test_a_run_with_a_difference_returns_1_and_repeats_it(capsys, monkeypatch, torch):
    monkeypatch.setitem(ADAPTERS, "pyconv", lambda: Faulty("pyconv", torch, FAULTS["flipped kernel"]))
    assert command.main(["--configs", "40", "--op", "conv2d"]) == 1
    printed = capsys.readouterr().out
    (line, *_) = [text.split('"')[1] for text in printed.splitlines() if "repeat with" in text]
    assert line.startswith("conv2d ")
    assert command.main(["--case", line]) == 1
    assert "differs (unexplained)" in capsys.readouterr().out


def test_only_the_operations_that_are_asked_for(capsys):
    assert command.main(["--candidate", "torch", "--configs", "20", "--op", "fold", "conv1d"]) == 0
    printed = capsys.readouterr().out
    assert "fold " in printed
    assert "conv1d " in printed
    assert "conv2d" not in printed


def test_one_case_in_detail(capsys):
    assert command.main(["--candidate", "torch", "--case", LINE]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith(f"{LINE}\ntier: real\n")
    assert "weight gradient: error/bound 0." in printed


def test_a_known_difference_passes_and_a_stale_one_fails_a_full_run_only(capsys, monkeypatch, torch):
    monkeypatch.setitem(ADAPTERS, "pyconv", lambda: Faulty("pyconv", torch, FAULTS["missing bias"]))
    monkeypatch.setattr(command, "CONFIGS", 40)
    explains = known.Known("value", "bias", "", "", "it has no bias", "here")
    stale = known.Known("value", "nowhere", "", "", "long mended", "here")
    monkeypatch.setattr(known, "load", lambda: [explains])
    assert command.main([]) == 0
    monkeypatch.setattr(known, "load", lambda: [explains, stale])
    assert command.main([]) == 1
    assert "stale: nothing in this run is explained by the known difference 'long mended'" in capsys.readouterr().out
    assert command.main(["--configs", "40"]) == 0


def test_a_line_that_is_not_understood_is_an_error_of_usage(capsys):
    with pytest.raises(SystemExit) as stopped:
        command.main(["--candidate", "torch", "--case", "conv2d n1 q3"])
    assert stopped.value.code == 2
    assert "unknown token 'q3'" in capsys.readouterr().err


def test_help_shows_examples_and_imports_no_library():
    script = (
        "import sys; from conformance.__main__ import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: print(sorted({'torch', 'pyconv'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "examples:\n  python -m conformance " in done.stdout
    assert done.stdout.splitlines()[-1] == "[]"
