"""Whole networks: built with pyconv, folded, stepped, and run in processes of their own."""

import numpy as np
import pytest

import pyconv
from benchmarks import networks, runs
from benchmarks.rivals import find
from benchmarks.runs import Whole


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr("benchmarks.timing.SETTLE", 0)


def test_a_file_is_loaded_with_pyconv_as_its_torch():
    module = networks.load("resnet", "pyconv")
    assert module.nn.Conv2d is pyconv.nn.Conv2d
    assert module is not networks.load("resnet", "pyconv")


@pytest.mark.parametrize(
    ("file", "kind", "parameters"),
    [
        ("lenet", "LeNet", 61_706),
        ("resnet", "resnet18", 11_689_512),
        ("resnet", "resnet50", 25_557_032),
        ("mobilenet", "MobileNetV2", 3_504_872),
    ],
)
def test_networks_have_the_parameters_of_their_papers(file, kind, parameters):
    model = getattr(networks.load(file, "pyconv"), kind)()
    assert sum(parameter.numel() for parameter in model.parameters()) == parameters


def test_vgg16_has_its_thirteen_convolutions():
    module = networks.load("vgg", "pyconv")
    assert sum(isinstance(layer, module.nn.Conv2d) for layer in module.vgg16()) == 13


@pytest.mark.parametrize(("file", "kind"), [("resnet", "resnet18"), ("mobilenet", "MobileNetV2")])
def test_folding_leaves_no_normalization_and_the_same_outputs(file, kind):
    programs, network = networks.load("programs", "pyconv"), networks.load(file, "pyconv")
    torch = programs.torch
    torch.manual_seed(0)
    model = getattr(network, kind)().double().eval()
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_()
            module.running_var.uniform_(0.5, 2)
    x = torch.randn(1, 3, 32, 32, dtype=torch.float64)
    with torch.no_grad():
        before = model(x)
        folded = programs.fold(model)
        after = folded(x)
    assert not any(isinstance(module, torch.nn.BatchNorm2d) for module in folded.modules())
    assert float((after - before).abs().max()) < 1e-9 * float(before.abs().max())


def test_steps_lower_the_loss():
    step = Whole("LeNet", 8, "step", "lenet", "LeNet", (1, 28, 28)).call("pyconv")
    losses = [step().item() for _ in range(5)]
    assert losses[-1] < losses[0]


@pytest.mark.parametrize("name", ["step", "inference"])
def test_a_call_is_measured(quick, name):
    whole = Whole("LeNet", 2, name, "lenet", "LeNet", (1, 28, 28))
    found = runs.measure_call("own", whole, [find("naive")], rounds=2)
    assert (found.suite, found.layer, found.batch, found.name) == ("own", "LeNet", 2, name)
    assert len(found.seconds) == 2
    assert found.workspace > 0
    assert found.beside == {}
    assert found.refused == {"naive": "no such networks"}
    assert (found.error is None) == (name == "step")
    if name == "inference":
        assert found.error < 100


def test_a_cold_start_is_a_process_of_its_own():
    found = runs.measure_cold([], rounds=1, threads=1)
    assert (found.suite, found.name) == ("cold", "process")
    assert len(found.seconds) == 1


def test_compiled_modules_are_kept_for_the_next_process(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    with pytest.raises(RuntimeError, match="not enough values"):
        runs.program("pyconv", "cold.py", [], threads=1, compiled=str(tmp_path))
    assert list(tmp_path.rglob("pyconv/__init__*.pyc"))


def test_a_program_that_fails_says_why():
    with pytest.raises(RuntimeError, match=r"(?s)cold.py with pyconv failed:.*not enough values"):
        runs.program("pyconv", "cold.py", [], threads=1)


def test_whole_runs_are_those_of_the_table():
    titles = [whole.title for whole in (*runs.TRAIN, *runs.INFERENCE)]
    assert titles == ["ResNet-18, 64×64", "LeNet, 28×28", "ResNet-50, 224×224, folded", "MobileNetV2, 224×224, folded"]
    assert [whole.batch for whole in runs.TRAIN] == [8, 64]
    assert np.prod(runs.INFERENCE[0].image) == 3 * 224 * 224
