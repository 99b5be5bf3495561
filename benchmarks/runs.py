"""What is timed besides single layers: steps of training, inference, and programs in processes of their own.

May import: NumPy, `benchmarks`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import networks
from benchmarks.exact import UNIT, Error
from benchmarks.measure import Measured, beside
from benchmarks.memory import resident_growth, traced_peak
from benchmarks.rivals import Rival
from benchmarks.timing import Run, interleaved

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Whole:
    """A network, and what is done with it.

    Attributes:
        title: the line's name.
        batch: N.
        name: what is done: 'step' or 'inference'.
        file: where the network is, under `benchmarks/networks`.
        kind: the class or function that makes it.
        image: (C, H, W) of the images.
    """

    title: str
    batch: int
    name: str
    file: str
    kind: str
    image: tuple[int, int, int]

    def call(self, library: str, wide: bool = False) -> Run:
        """The call that is timed, with the weights of seed 0; `wide` computes in float64."""
        programs, network = networks.load("programs", library), networks.load(self.file, library)
        programs.torch.manual_seed(0)
        model = getattr(network, self.kind)()
        rng = np.random.default_rng(0)
        images = rng.standard_normal((self.batch, *self.image), np.float32)
        if wide:
            model, images = model.double(), images.astype(np.float64)
        if self.name == "inference":
            return programs.inference(model, images)
        return programs.train_step(model, programs.sgd(model), images, rng.integers(0, 10, self.batch))


TRAIN = (
    Whole("ResNet-18, 64×64", 8, "step", "resnet", "resnet18", (3, 64, 64)),
    Whole("LeNet, 28×28", 64, "step", "lenet", "LeNet", (1, 28, 28)),
)
INFERENCE = (
    Whole("ResNet-50, 224×224, folded", 1, "inference", "resnet", "resnet50", (3, 224, 224)),
    Whole("MobileNetV2, 224×224, folded", 1, "inference", "mobilenet", "MobileNetV2", (3, 224, 224)),
)


def measure_call(suite: str, whole: Whole, rivals: Sequence[Rival], rounds: int) -> Measured:
    """Time a call in this process; rivals other than torch have no networks."""
    mine, torch = whole.call("pyconv"), _torch(rivals)
    others = [whole.call("torch")] if torch else []
    error, its = _errors(whole, [mine, *others]) if whole.name == "inference" else (None, None)
    seconds = interleaved([mine, *others], rounds)
    peaks = [resident_growth(run) for run in (mine, *others)]
    return Measured(
        suite,
        whole.title,
        whole.batch,
        whole.name,
        "",
        tuple(seconds[0]),
        error.worst if error else None,
        workspace=traced_peak(mine),
        peak=peaks[0],
        beside={"torch": beside(seconds[0], seconds[1], error, its, peaks[1])} if torch else {},
        refused=_refused(rivals),
    )


def _errors(whole: Whole, runs: Sequence[Run]) -> tuple[Error, Error | None]:
    """The errors of the outputs, in units of u times the largest, beside pyconv's in float64."""
    exact = whole.call("pyconv", wide=True)().numpy()  # type: ignore[attr-defined]
    found = []
    for run in runs:
        away = np.abs(run().numpy() - exact)  # type: ignore[attr-defined]
        found.append(Error(float(away.max() / (UNIT * np.abs(exact).max())), float(np.sqrt(np.mean(away**2)))))
    return found[0], found[1] if len(found) > 1 else None


def _torch(rivals: Sequence[Rival]) -> bool:
    return any(rival.name == "torch" for rival in rivals)


def _refused(rivals: Sequence[Rival]) -> dict[str, str]:
    return {rival.name: "no such networks" for rival in rivals if rival.name != "torch"}


def program(
    library: str, file: str, arguments: Sequence[str], threads: int, compiled: str | None = None
) -> tuple[float, dict[str, Any]]:
    """Run a file of `benchmarks/networks` in a process of its own.

    Args:
        library: 'torch' or 'pyconv'.
        file: of the folder.
        arguments: its command line.
        threads: how many threads the libraries may take.
        compiled: a folder in which Python keeps the modules that it compiled, of both libraries and all others, for
            the next process; by default where the environment says, or nowhere.

    Returns:
        Seconds of the whole process, and the line of JSON that it printed.

    Raises:
        RuntimeError: it failed; the text is what it said.
    """
    count = str(threads)
    limits = {f"{name}_NUM_THREADS": count for name in ("OMP", "OPENBLAS", "MKL", "BLIS", "VECLIB_MAXIMUM")}
    environment = os.environ | limits | {"PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path[1:]])}
    if compiled is not None:
        environment = {k: v for k, v in environment.items() if k != "PYTHONDONTWRITEBYTECODE"}
        environment["PYTHONPYCACHEPREFIX"] = compiled
    runner = ["-m", "pyconv"] if library == "pyconv" else []
    command = [sys.executable, *runner, str(networks.FOLDER / file), *arguments]
    start = time.perf_counter()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - start
    if done.returncode:
        raise RuntimeError(f"{file} with {library} failed:\n{done.stderr}")
    return seconds, json.loads(done.stdout)


def measure_cold(rivals: Sequence[Rival], rounds: int, threads: int) -> Measured:
    """Import, build ResNet-18, load its weights, look at one image: whole processes, by turns.

    A package is compiled when it is installed, as torch is here: neither is to compile its modules at every start,
    which takes pyconv's checkout half a second where PYTHONDONTWRITEBYTECODE is set.
    """
    libraries = _libraries(rivals)
    with tempfile.TemporaryDirectory() as folder:
        weights, image = f"{folder}/weights.pt", f"{folder}/image.npy"
        network = networks.load("resnet", "pyconv")
        network.torch.manual_seed(0)
        network.torch.save(network.resnet18().state_dict(), weights)
        np.save(image, np.random.default_rng(0).standard_normal((1, 3, 224, 224), np.float32))
        found = [
            [program(library, "cold.py", [weights, image], threads, f"{folder}/compiled") for library in libraries]
            for _ in range(rounds + 1)  # the first round fills that folder and the cache of files, and does not count
        ]
    mine, other = (np.array(result["outputs"]) for _, result in (found[0][0], found[0][-1]))
    if not np.allclose(mine, other, rtol=0, atol=1e-4 * np.abs(other).max()):
        raise RuntimeError("cold start: the outputs differ")
    seconds = [[taken for taken, _ in side] for side in zip(*found[1:])]
    others = {"torch": beside(seconds[0], seconds[1])} if len(libraries) > 1 else {}
    title = "ResNet-18, 224×224, whole process"
    return Measured("cold", title, 1, "process", "", tuple(seconds[0]), beside=others, refused=_refused(rivals))


def measure_first_call(rivals: Sequence[Rival], threads: int) -> Iterator[Measured]:
    """VGG-16 on 512×512 in a process of its own: the memory of its first call, and of the whole process."""
    found = [program(library, "first_call.py", [], threads) for library in _libraries(rivals)]
    lines = {
        "first call": [(printed["seconds"], printed["growth"]) for _, printed in found],
        "whole process": [(taken, printed["whole"]) for taken, printed in found],
    }
    for name, sides in lines.items():
        (mine, peak), *others = sides
        yield Measured(
            "memory",
            f"VGG-16, 512×512, {name}",
            1,
            "inference",
            "",
            (mine,),
            peak=peak,
            beside=dict(zip(["torch"], (beside([mine], [its], peak=theirs) for its, theirs in others))),
            refused=_refused(rivals),
        )


def _libraries(rivals: Sequence[Rival]) -> list[str]:
    return ["pyconv", "torch"] if _torch(rivals) else ["pyconv"]
