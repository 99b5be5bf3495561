"""Sizes double until a limit."""

import json

from benchmarks.__main__ import main
from benchmarks.commands import grow


def test_a_sweep_doubles_until_a_call_takes_too_long(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("benchmarks.timing.SETTLE", 0)
    path = tmp_path / "points.json"
    words = ["grow", "side", "--against", "naive", "--rounds", "1", "--threads", "1", "--json", str(path)]
    assert main([*words, "--seconds", "10", "--memory", "0.001"]) == 0
    points = json.loads(path.read_text())["points"]
    sizes = [point["size"] for point in points if point["library"] == "pyconv"]
    assert sizes == [2**power for power in range(len(sizes))]
    assert 4 < len(sizes) < 12
    held = {size: max(p["memory"] or 0 for p in points if p["size"] == size) for size in sizes}
    assert all(held[size] <= 0.001 * 2**30 for size in sizes[:-1])
    assert "16 channels" in capsys.readouterr().out


def test_every_sweep_has_a_task_at_both_ends():
    for sweep in grow.SWEEPS.values():
        assert sweep.task(1).conv.multiplications < sweep.task(sweep.most).conv.multiplications
        assert sweep.most == 2 ** (sweep.most.bit_length() - 1)
