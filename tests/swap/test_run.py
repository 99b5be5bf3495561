"""`python -m pyconv`, as a process."""

import subprocess
import sys
from pathlib import Path

import pytest

import pyconv

ROOT = Path(pyconv.__file__).parents[1]


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(ROOT))

    def call(*words):
        return subprocess.run(
            [sys.executable, "-m", "pyconv", *words], capture_output=True, text=True, cwd=tmp_path, check=False
        )

    return call


def test_a_script_runs_with_its_arguments_and_the_files_beside_it(run, tmp_path):
    folder = tmp_path / "program"
    folder.mkdir()
    (folder / "net.py").write_text("import torch\nx = torch.ones(2)\n", encoding="utf-8")
    (folder / "main.py").write_text(
        "import sys, torch\nfrom net import x\n"
        "if __name__ == '__main__':\n    print(sys.argv[1:], x + torch.tensor(1.0), torch.__version__)\n",
        encoding="utf-8",
    )
    ran = run("program/main.py", "--epochs", "3")
    assert (ran.returncode, ran.stdout) == (0, "['--epochs', '3'] tensor([2., 2.]) 2.13.0\n"), ran.stderr


def test_a_module_runs(run, tmp_path):
    (tmp_path / "main.py").write_text("import torch, sys; print(torch.zeros(1), sys.argv[1:])", encoding="utf-8")
    assert run("-m", "main", "a").stdout == "tensor([0.]) ['a']\n"


def test_an_error_of_the_script_is_the_scripts(run, tmp_path):
    (tmp_path / "main.py").write_text("import torch\ntorch.ones(2) @ torch.ones(3)\n", encoding="utf-8")
    ran = run("main.py")
    assert ran.returncode == 1
    first, place, line, *_ = ran.stderr.splitlines()
    assert (first, line.strip()) == ("Traceback (most recent call last):", "torch.ones(2) @ torch.ones(3)")
    assert place == f'  File "{tmp_path / "main.py"}", line 2, in <module>'
    assert "RuntimeError: inconsistent tensor size, expected tensor [2] and src [3]" in ran.stderr


def test_a_script_that_is_no_python_is_told_as_python_tells_it(run, tmp_path):
    (tmp_path / "main.py").write_text("import torch\nx = = 1\n", encoding="utf-8")
    ran = run("main.py")
    assert ran.returncode == 1
    assert ran.stderr.splitlines()[0].endswith('main.py", line 2')


def test_a_script_exits_with_its_status(run, tmp_path):
    (tmp_path / "main.py").write_text("import sys, torch\nsys.exit(3)\n", encoding="utf-8")
    assert run("main.py").returncode == 3


def test_check_lists_what_is_there_and_what_is_lacking(run, tmp_path):
    (tmp_path / "net.py").write_text("from torch.nn import functional as F\nF.relu\nF.conv9d\n", encoding="utf-8")
    (tmp_path / "main.py").write_text(
        "import torch\nimport torch.nn as nn\nfrom net import F\nnn.Conv2d\ntorch.ones(1).sum()\n", encoding="utf-8"
    )
    ran = run("check", "main.py")
    assert ran.returncode == 1
    assert ran.stdout.splitlines() == [
        "lacks  torch.nn.functional.conv9d  (net.py:3)",
        "has    torch",
        "has    torch.nn",
        "has    torch.nn.Conv2d",
        "has    torch.nn.functional",
        "has    torch.nn.functional.relu",
        "has    torch.ones",
        "2 files use 7 names of torch; pyconv has 6, lacks 1",
    ]
    (tmp_path / "net.py").write_text("from torch.nn import functional as F\nF.relu\n", encoding="utf-8")
    assert run("check", "main.py").returncode == 0


@pytest.mark.parametrize(
    ("words", "status"), [((), 2), (("--help",), 0), (("check",), 2), (("--nothing",), 2), (("check", "absent.py"), 2)]
)
def test_without_a_program_the_usage_is_told(run, words, status):
    ran = run(*words)
    assert ran.returncode == status
    assert ("usage: python -m pyconv" in ran.stdout + ran.stderr) is (words != ("check", "absent.py"))
