"""The default generator, and the functions of the module that work on it."""

import subprocess
import sys
from pathlib import Path

from pyconv import random


def test_module_functions_work_on_the_default_generator():
    saved = random.get_rng_state()
    try:
        assert random.manual_seed(12.0) is random.default_generator
        assert random.initial_seed() == 12
        state = random.get_rng_state()
        first = random.default_generator.rand(4)
        random.set_rng_state(state)
        assert random.default_generator.rand(4).tobytes() == first.tobytes()
        assert random.seed() == random.initial_seed() != random.seed()
    finally:
        random.set_rng_state(saved)


def test_every_process_begins_from_another_seed():
    command = [sys.executable, "-c", "import pyconv.random; print(pyconv.random.initial_seed())"]
    root = Path(__file__).parents[2]
    seeds = {subprocess.run(command, cwd=root, check=True, capture_output=True).stdout for _ in range(2)}
    assert len(seeds) == 2
