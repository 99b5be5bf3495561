"""Writes configurations.npz, what torch computes for the table of configurations.

Run from the root with torch 2.13.0 installed: `python -m tests.data.record_configurations`. The arrays are
`name/y`, `name/gx`, `name/gw` and `name/gb`; `dtypes` holds the torch dtype of each as JSON.
"""

import json
from pathlib import Path

import numpy as np
import torch

from tests.configurations import run, table


def main() -> None:
    """Run every configuration on torch and store the arrays, compressed."""
    arrays, dtypes = {}, {}
    for configuration in table():
        for quantity, (dtype, array) in run(torch, configuration).items():
            arrays[f"{configuration.name}/{quantity}"] = array
            dtypes[f"{configuration.name}/{quantity}"] = dtype
    np.savez_compressed(Path(__file__).with_name("configurations.npz"), dtypes=json.dumps(dtypes), **arrays)


if __name__ == "__main__":
    main()
