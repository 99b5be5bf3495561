"""Writes init.json: what torch.nn.init makes of tensors of zeros, call by call.

Run from the root with torch 2.13.0 installed, on an x86-64 machine with AVX2:
`python -m tests.data.record_init`. A case holds a checksum of the tensor's bytes or, where LAPACK decides the
last bit, the numbers.
"""

import json
import zlib
from itertools import product
from pathlib import Path

import torch

from tests.data.record_random import raw

CALLS = (
    ("uniform_", (-0.3, 0.4)),
    ("normal_", (0.3, 0.2)),
    ("constant_", (0.3,)),
    ("ones_", ()),
    ("zeros_", ()),
    ("xavier_uniform_", ()),
    ("xavier_uniform_", (1.7,)),
    ("xavier_normal_", (0.3,)),
    ("kaiming_uniform_", ()),
    ("kaiming_uniform_", (5**0.5,)),
    ("kaiming_uniform_", (0, "fan_out", "tanh")),
    ("kaiming_normal_", (0, "FAN_OUT", "relu")),
    ("kaiming_normal_", (0, "fan_in", "selu")),
    ("trunc_normal_", ()),
    ("trunc_normal_", (0.0, 0.02, -0.01, 0.03)),
    ("trunc_normal_", (0.0, 1.0, -0.5, 0.5)),
    ("trunc_normal_", (0.0, 1.0, -0.37, 0.37)),
    ("trunc_normal_", (0.0, 1.0, 1.5, 3.0)),
    ("trunc_normal_", (0.1, 0.7, -0.05, 0.15)),
    ("trunc_normal_", (1.1, 0.3, 0.5, 0.9)),
)
FOR_MATRICES = (("eye_", ()), ("sparse_", (0.3,)), ("sparse_", (0.9, 0.5)))
FOR_WEIGHTS = (("dirac_", ()), ("dirac_", (2,)), ("dirac_", (4,)))
SHAPES = ((3, 4), (90, 60), (8, 4, 3), (8, 4, 3, 2), (4, 6, 3, 3, 3))
DTYPES = ("float32", "float16", "bfloat16")
ORTHOGONAL = ((3, 4), (5, 3), (6, 2, 2, 2))


def cases():
    """Every case, without its result."""
    for shape, dtype in product(SHAPES, DTYPES):
        for function, arguments in CALLS + (FOR_MATRICES if len(shape) == 2 else FOR_WEIGHTS):
            yield {"function": function, "arguments": arguments, "shape": shape, "dtype": dtype}
    for shape, dtype in product(ORTHOGONAL, ("float32", "float64")):
        yield {"function": "orthogonal_", "arguments": (1.5,), "shape": shape, "dtype": dtype}


def result(case):
    """What the file holds of a filled tensor: numbers or a checksum."""
    torch.manual_seed(11)
    tensor = torch.zeros(case["shape"], dtype=getattr(torch, case["dtype"]))
    getattr(torch.nn.init, case["function"])(tensor, *case["arguments"])
    if case["function"] == "orthogonal_":
        return {"values": tensor.flatten().tolist()}
    return {"crc32": zlib.crc32(raw(tensor))}


def main() -> None:
    """Run every case with torch and store the results, a case a line."""
    lines = ",\n".join(json.dumps(case | result(case)) for case in cases())
    Path(__file__).with_name("init.json").write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
