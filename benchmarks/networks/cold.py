"""A whole program: import torch, build a network, load its weights, look at one image, print the largest output.

python cold.py WEIGHTS IMAGE, run as a file: the networks beside it are its modules. It prints a line of JSON.
"""

from __future__ import annotations

import json
import sys

import numpy as np
import torch
from resnet import resnet18


def main() -> None:
    """Run on the command line's arguments."""
    weights, image = sys.argv[1:]
    model = resnet18()
    model.load_state_dict(torch.load(weights))
    model.eval()
    with torch.no_grad():
        outputs = model(torch.from_numpy(np.load(image)))
    print(json.dumps({"outputs": outputs.tolist()}))


if __name__ == "__main__":
    main()
