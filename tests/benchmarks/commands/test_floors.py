"""The floors' command, on its quickest suite."""

from contextlib import nullcontext

import pytest

from benchmarks.__main__ import main
from benchmarks.commands.floors import Floor


def test_it_prints_a_line_for_each_layer_and_the_means(capsys, monkeypatch):
    monkeypatch.setattr("benchmarks.timing.SETTLE", 0)
    assert main(["floors", "small", "--against", "naive", "--batch", "1", "--rounds", "1", "--threads", "1"]) == 0
    head, *lines = capsys.readouterr().out.strip().splitlines()[1:]
    assert head.split()[:3] == ["layer", "batch", "its"]
    assert len(lines) == 6
    assert lines[-1].startswith("geometric mean")
    assert all(0 < float(number) < 1000 for number in lines[-1].split()[3:])


def test_the_floor_is_the_cheaper_way_and_the_copy():
    assert Floor(2.0, 3.0, 1.0, 1.5, 0.5, 0.25).cells() == ["2000.000", "1.50", "0.50", "0.75", "0.25", "0.12", "0.38"]
    assert Floor(2.0, 3.0, 1.0, 1.5, None, 0.25).cells() == ["2000.000", "1.50", "0.50", "0.75", "", "0.12", "0.88"]
    assert Floor(2.0, 3.0, 1.0, None, None, 0.25).cells() == ["2000.000", "1.50", "0.50", "", "", "0.12", "0.62"]


def test_a_network_has_one_line(capsys, monkeypatch):
    monkeypatch.setattr("benchmarks.commands.floors.measured_whole", lambda *_: Floor(2.0, 3.0, 1.0, 1.5, 0.5, 0.25))
    monkeypatch.setattr("benchmarks.commands.floors.installed", lambda *_: ["torch"])
    monkeypatch.setattr("benchmarks.commands.floors.setting.threads", lambda *_: nullcontext())
    monkeypatch.setattr("benchmarks.commands.floors.setting.precision", lambda *_: nullcontext())
    assert main(["floors", "inference"]) == 0
    lines = capsys.readouterr().out.strip().splitlines()
    assert [line.split()[0] for line in lines] == ["inference:", "layer", "ResNet-50,", "MobileNetV2,"]
    assert lines[-1].split()[-7:] == ["2000.000", "1.50", "0.50", "0.75", "0.25", "0.12", "0.38"]


def test_transposed_suites_have_none(capsys):
    with pytest.raises(SystemExit):
        main(["floors", "transposed"])
    assert "no suite named 'transposed'" in capsys.readouterr().err
