"""The benchmarks beside torch: the same tasks, the same networks, and pictures."""

import numpy as np
import pytest
import torch

from benchmarks import networks, plot, record, runs
from benchmarks.__main__ import main
from benchmarks.commands import grow
from benchmarks.exact import Reference
from benchmarks.layers import Layer, Task
from benchmarks.rivals import find
from benchmarks.runs import Whole
from tests.benchmarks.samples import measured

LAYERS = [
    Layer(6, (9, 8), 6, (3, 1), 2, (1, 0), (2, 1), groups=2),
    Layer(4, (11,), 6, 3, 2, 1),
    Layer(2, (4, 5, 6), 3, 2, (1, 2, 1)),
    Layer(4, (5, 5), 6, 3, 2, 1, groups=2, transposed=True, output_padding=1),
]


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr("benchmarks.timing.SETTLE", 0)


@pytest.mark.parametrize("layer", LAYERS, ids=str)
@pytest.mark.parametrize("name", ["forward", "input_grad", "weight_grad", "forward+backward"])
def test_torch_computes_the_same_task(layer, name):
    task = Task(layer, 2, name, functional=name == "forward+backward")
    rival = find("torch")
    reference = Reference(task)
    assert reference.error(rival.array(rival.run(task)())).worst < reference.bound


@pytest.mark.parametrize("name", ["scipy"])
@pytest.mark.parametrize("layer", LAYERS[:3], ids=str)
def test_scipy_computes_the_same_task(layer, name):
    task = Task(layer, 2, functional=True)
    rival = find(name)
    reference = Reference(task)
    assert reference.error(rival.array(rival.run(task)())).worst < 4 * reference.bound


@pytest.mark.parametrize(
    "whole",
    [
        Whole("LeNet", 4, "step", "lenet", "LeNet", (1, 28, 28)),
        Whole("ResNet-18", 4, "step", "resnet", "resnet18", (3, 64, 64)),
        Whole("MobileNetV2", 1, "inference", "mobilenet", "MobileNetV2", (3, 32, 32)),
    ],
    ids=lambda whole: whole.title,
)
def test_whole_networks_are_the_same_on_both_sides(whole):
    mine, other = (whole.call(library, wide=True) for library in ("pyconv", "torch"))
    for _ in range(3):
        a, b = mine().detach().numpy(), other().detach().numpy()
        assert np.abs(a - b).max() <= 1e-9 * np.abs(b).max()


def test_a_network_has_the_library_that_it_is_loaded_with():
    assert networks.load("lenet", "torch").torch is torch
    assert networks.load("lenet", "pyconv").torch is not torch


def test_a_cold_start_and_a_first_call_are_measured_on_both_sides(monkeypatch):
    program = runs.program
    monkeypatch.setattr(runs, "program", lambda *words: program(*words[:4]))  # torch's modules as they are compiled
    cold = runs.measure_cold([find("torch")], rounds=1, threads=2)
    assert cold.beside["torch"].ratio > 0
    first, whole = runs.measure_first_call([find("torch")], threads=2)
    assert first.peak < whole.peak
    assert first.beside["torch"].peak < whole.beside["torch"].peak


def test_a_run_beside_torch_is_printed_kept_and_drawn(tmp_path, capsys):
    before = torch.get_num_threads(), torch.get_float32_matmul_precision()
    words = ["small", "--rounds", "1", "--batch", "1", "--threads", "1", "--precision", "high"]
    assert main([*words, "--json", str(tmp_path / "run.json"), "--plot", str(tmp_path / "run.png")]) == 0
    assert "torch 2.13.0" in capsys.readouterr().out
    assert (torch.get_num_threads(), torch.get_float32_matmul_precision()) == before
    assert (tmp_path / "run.png").read_bytes().startswith(b"\x89PNG")
    assert main(["compare", str(tmp_path / "run.json"), str(tmp_path / "run.json")]) == 0
    _, found = record.read(tmp_path / "run.json")
    assert all(m.error < m.bound and m.beside["torch"].error < m.bound for m in found)


def test_a_plot_names_every_strip(tmp_path):
    path = tmp_path / "ratios.svg"
    plot.ratios(path, [measured(0.5), measured(2.0, layer="M"), measured(4.0, name="input_grad")], "caption")
    assert path.stat().st_size > 5000


def test_a_plot_of_growth_has_a_column_for_each_sweep(tmp_path):
    path = tmp_path / "growth.svg"
    points = [
        grow.Point(sweep, size, library, size * 1e-3, size * 2**20)
        for sweep in ("batch", "kernel")
        for size in (1, 2, 4)
        for library in ("pyconv", "torch")
    ]
    plot.growth(path, points, grow.SWEEPS, "caption")
    assert path.stat().st_size > 5000
