"""A whole program: build VGG-16, look at one image of 512×512, print how long that took and how much memory.

python first_call.py, run as a file. It prints a line of JSON.
"""

from __future__ import annotations

import json
import resource
import time

import torch
from vgg import vgg16

from benchmarks.memory import resident_growth


def main() -> None:
    """Look at the image once."""
    model = vgg16().eval()
    image = torch.ones(1, 3, 512, 512)
    seconds = []

    def look() -> torch.Tensor:
        start = time.perf_counter()
        with torch.no_grad():
            outputs = model(image)
        seconds.append(time.perf_counter() - start)
        return outputs

    growth = resident_growth(look)
    whole = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"seconds": seconds[0], "growth": growth, "whole": whole}))


if __name__ == "__main__":
    main()
