"""The command line from its words to its tables and files, with NumPy alone."""

import sys

import pytest

from benchmarks import record
from benchmarks.__main__ import main
from benchmarks.commands import run
from benchmarks.functions import GROUPS
from benchmarks.workloads import SUITES


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr("benchmarks.timing.SETTLE", 0)


def test_a_suite_prints_its_tables_and_is_kept(tmp_path, capsys):
    path = tmp_path / "run.json"
    words = ["small", "--against", "naive", "--rounds", "2", "--batch", "1", "2", "--threads", "1", "--json", str(path)]
    assert main(words) == 0
    text = capsys.readouterr().out
    assert text.count("1×28² → 6, 5×5") == 2
    assert "small            2 forward           naive             5" in text
    about, found = record.read(path)
    assert (about["threads"], about["precision"], about["rounds"]) == (1, "highest", 2)
    assert len(found) == 2 * len(SUITES["small"].layers)
    assert all(m.beside["naive"].ratio > 0 and m.error < m.bound for m in found)


def test_what_was_measured_is_kept_though_a_later_layer_fails(tmp_path, monkeypatch, capsys):
    real, path = run.measure, tmp_path / "run.json"

    def failing(name, task, rivals, rounds):
        if task.batch == 2:
            raise MemoryError
        return real(name, task, rivals, rounds)

    monkeypatch.setattr(run, "measure", failing)
    with pytest.raises(MemoryError):
        main(["small", "--against", "naive", "--rounds", "1", "--batch", "1", "2", "--json", str(path)])
    _, found = record.read(path)
    assert len(found) == len(SUITES["small"].layers)
    assert "error/bound" in capsys.readouterr().out


def test_both_passes_of_the_functional_interface(capsys):
    words = ["small", "--against", "naive", "--rounds", "1", "--batch", "1", "--backward", "--precision", "high"]
    assert main(words) == 0
    text = capsys.readouterr().out
    assert text.count("forward+backward") == len(SUITES["small"].layers)
    assert text.count("naive: no gradients") == len(SUITES["small"].layers)
    assert "precision high" in text


def test_tasks_are_of_each_batch_layer_and_pass():
    suite = SUITES["vgg16"]
    assert [t.name for t in run.tasks(suite, [2], True)] == ["forward", "input_grad", "weight_grad"] * len(suite.layers)
    assert {t.batch for t in run.tasks(suite, [2], False)} == {2}
    assert {t.batch for t in run.tasks(suite, None, False)} == {1}


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["nope"], "no suite named 'nope'; choose from resnet50, vgg16"),
        (["small", "--against", "nope"], "no rival named 'nope'; choose from torch, naive"),
        (["fit", "nope"], "no suite named 'nope'"),
        (["grow", "nope"], "no sweep named 'nope'; choose from batch, channels, side, kernel"),
    ],
)
def test_an_unknown_word_is_refused_with_the_known_ones(words, text, capsys):
    with pytest.raises(SystemExit):
        main(words)
    assert text in capsys.readouterr().err


def test_a_rival_that_is_missing_is_told_and_left_out(monkeypatch, capsys):
    def missing(name):
        raise ImportError(f"{name} is left out")

    monkeypatch.setattr(run, "find", missing)
    assert run.installed(["torch"], pytest.fail) == []
    assert capsys.readouterr().err == "torch is left out\n"


def test_a_plot_without_matplotlib_is_refused_before_anything_is_timed(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "benchmarks.plot", None)
    for words in (["small", "--against", "naive"], ["grow", "--against", "naive"]):
        with pytest.raises(SystemExit):
            main([*words, "--plot", "picture.png"])
        captured = capsys.readouterr()
        assert "--plot needs `pip install matplotlib`" in captured.err
        assert not captured.out


@pytest.mark.parametrize("words", [["--help"], ["compare", "--help"], ["grow", "--help"], ["fit", "--help"]])
def test_every_command_has_help(words, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(words)
    assert stopped.value.code == 0
    assert "usage: python -m benchmarks" in capsys.readouterr().out


def test_help_lists_every_suite(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    text = capsys.readouterr().out
    assert all(f"\n  {name} " in text for name in [*SUITES, *run.WHOLE])


def test_a_group_of_functions_is_a_suite(tmp_path, capsys):
    path = tmp_path / "run.json"
    words = ["softmaxes", "--against", "naive", "--rounds", "1", "--batch", "1", "--backward", "--json", str(path)]
    assert main(words) == 0
    assert capsys.readouterr().out.count("forward+backward") == len(GROUPS["softmaxes"].functions)
    _, found = record.read(path)
    assert {m.suite for m in found} == {"softmaxes"}
    assert [m.layer for m in found[::2]] == [f.title for f in GROUPS["softmaxes"].functions]


def test_functions_are_all_groups_and_run_where_they_are_named_only():
    assert run.suites(["norms", "functions"], pytest.fail) == ["norms", *(n for n in GROUPS if n != "norms")]
    assert run.suites([], pytest.fail) == [*SUITES, *run.WHOLE]
