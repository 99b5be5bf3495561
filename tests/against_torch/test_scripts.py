"""Whole programs that say `import torch`: torch and pyconv print the same text for the same seed."""

import subprocess
import sys
from pathlib import Path

import pytest

import pyconv

SCRIPTS = sorted(Path(__file__).with_name("scripts").glob("*.py"))


def printed(*words):
    ran = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_program_prints_the_same(script, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(Path(pyconv.__file__).parents[1]))
    assert printed("-m", "pyconv", script) == printed(script)
