"""Writes random.json: what torch's generator draws, case by case, and its state.

Run from the root with torch 2.13.0 installed, on an x86-64 machine with AVX2:
`python -m tests.data.record_random`. A case is a method of `pyconv.random.Generator` with its arguments,
size, dtype and seed. It holds a checksum of the bytes that torch drew or, where the C library decides the
last bit, the numbers themselves.
"""

import json
import zlib
from itertools import product
from pathlib import Path

import numpy as np
import torch

SIZES = (1, 2, 15, 16, 17, 31, 48, 1000, 40007)
FLOATS = ("float16", "bfloat16", "float32", "float64", "complex64", "complex128")
SCALES = ((0.0, 1.0), (0.3, 0.7), (-2.0, 1e-3))
BOUNDS = ((0.0, 1.0), (-0.3, 0.47), (-0.1, 0.1), (1000.0, 1001.0), (1.0, 1.0))
RANGES = ((0, 2), (-5, 100), (0, 2**28 - 1), (0, 2**28), (-(2**63), 2**63 - 1))
WORDS_DRAWN = (0, 1, 2, 623, 624, 625, 1300)


def draw(case, generator):
    """What torch draws for a case, as a tensor."""
    method, arguments, size = case["method"], case["arguments"], case["size"]
    dtype = getattr(torch, case["dtype"])
    if method == "permutation":
        return torch.randperm(size, generator=generator)
    if method == "integers":
        return torch.randint(*arguments, (size,), dtype=dtype, generator=generator)
    if method == "bernoulli_of":
        p = torch.from_numpy(np.linspace(0, 1, size)).to(getattr(torch, arguments[0]))
        return torch.empty(size, dtype=dtype).bernoulli_(p, generator=generator)
    return getattr(torch.empty(size, dtype=dtype), method + "_")(*arguments, generator=generator)


def raw(tensor):
    """The bytes of a tensor of any dtype."""
    tensor = tensor.detach().contiguous()
    return (tensor.view(torch.int16) if tensor.dtype == torch.bfloat16 else tensor).numpy().tobytes()


def cases():
    """Every case, without its result."""
    for method, options in (("uniform", BOUNDS), ("normal", SCALES)):
        for dtype, size, arguments in product(FLOATS, SIZES, options):
            yield {"method": method, "arguments": arguments, "size": size, "dtype": dtype, "seed": size}
    for arguments in RANGES:
        yield {"method": "integers", "arguments": arguments, "size": 700, "dtype": "int64", "seed": 3}
    for dtype in ("bool", "uint8", "int32", "float32", "bfloat16"):
        yield {"method": "integers", "arguments": (0, 2), "size": 40, "dtype": dtype, "seed": 2**63 + 4}
        yield {"method": "bernoulli", "arguments": (0.3,), "size": 40000, "dtype": dtype, "seed": -5}
        for p in FLOATS[:4]:
            yield {"method": "bernoulli_of", "arguments": (p,), "size": 40000, "dtype": dtype, "seed": 6}
    for size in (0, 1, 2, 10, 5000):
        yield {"method": "permutation", "arguments": (), "size": size, "dtype": "int64", "seed": 2**40}


def result(case, tensor):
    """What the file holds of a drawn tensor: numbers or a checksum."""
    if case["method"] == "normal" and case["dtype"] in ("float64", "complex128"):
        parts = torch.view_as_real(tensor).reshape(-1) if tensor.is_complex() else tensor
        return {"values": [value.hex() for value in parts[:20].tolist() + parts[-20:].tolist()]}
    return {"crc32": zlib.crc32(raw(tensor))}


def states():
    """Checksums of the state after some 32-bit words."""
    for words in WORDS_DRAWN:
        generator = torch.Generator().manual_seed(9)
        torch.rand(words, generator=generator)
        yield {"words": words, "crc32": zlib.crc32(raw(generator.get_state()))}


def main() -> None:
    """Draw every case with torch and store the results, a case a line."""
    drawn = [case | result(case, draw(case, torch.Generator().manual_seed(case["seed"]))) for case in cases()]
    lines = ",\n".join(json.dumps(case) for case in drawn)
    text = f'{{"states": {json.dumps(list(states()))},\n"cases": [\n{lines}\n]}}\n'
    Path(__file__).with_name("random.json").write_text(text)


if __name__ == "__main__":
    main()
