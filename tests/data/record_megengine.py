"""Record random modules of the real MegEngine: `python record_megengine.py FILE COUNT SEED`, with megengine 1.13.0.

`megengine-1.13.0.npz` is such a file: 80 modules of MegEngine 1.13.0 on the CPU, with inputs, parameters, outputs and,
for float32, gradients. It was recorded before this script was written, so the script makes others of the same form:
`cases` is a JSON list of kind, kwargs, dtype, repr and shapes; the arrays of case i are `i.x i.w i.b i.y`, and
`i.gy i.gx i.gw i.gb`. `python -m conformance check FILE` holds the library to either.
"""

import json
import random
import sys

import megengine
import megengine.module
import numpy as np
from megengine.autodiff import GradManager

KINDS = {"Conv1d": 1, "Conv2d": 2, "Conv3d": 3, "ConvTranspose2d": 2, "ConvTranspose3d": 3}


def draw(rng):
    """The kind, arguments and input shape of a module that MegEngine can run."""
    kind = rng.choice(list(KINDS))
    ndim, transposed = KINDS[kind], "Transpose" in kind
    groups = 1 if kind in ("Conv1d", "ConvTranspose3d") else rng.choice([1, 1, 2, 3])

    def sizes(low, high):
        each = [rng.randint(low, high) for _ in range(ndim)]
        return each[0] if ndim == 1 or rng.random() < 0.3 else each

    kwargs = {
        "in_channels": groups * rng.randint(1, 3),
        "out_channels": groups * rng.randint(1, 3),
        "kernel_size": sizes(1, 3),
        "stride": sizes(1, 2),
        "padding": sizes(0, 2),
        "dilation": sizes(1, 2),
        "groups": groups,
        "bias": rng.random() < 0.7,
    }
    if kind in ("Conv1d", "Conv2d"):
        kwargs["padding_mode"] = rng.choice(["zeros", "zeros", "reflect", "replicate"])
    if transposed and groups == 1 and rng.random() < 0.5:
        kwargs["stride"], kwargs["output_padding"] = 2, 1
    shape = (rng.randint(1, 2), kwargs["in_channels"], *(rng.randint(5, 8) for _ in range(ndim)))
    return kind, kwargs, shape


def record(kind, kwargs, shape, dtype, values):
    """What the module is, and its arrays."""
    layer = getattr(megengine.module, kind)(**kwargs)
    weight = values.normal(size=layer.weight.shape).astype(dtype)
    arrays = {"x": values.normal(size=shape).astype(dtype), "w": weight}
    layer.weight = megengine.Parameter(weight)
    if kwargs["bias"]:
        arrays["b"] = values.normal(size=layer.bias.shape).astype(dtype)
        layer.bias = megengine.Parameter(arrays["b"])
    x = megengine.tensor(arrays["x"])
    with GradManager().attach([x, *layer.parameters()]) as manager:
        y = layer(x)
        arrays["y"] = y.numpy()
        if dtype == "float32":
            arrays["gy"] = values.normal(size=y.shape).astype(dtype)
            manager.backward(y, megengine.tensor(arrays["gy"]))
            arrays.update({"gx": x.grad.numpy(), "gw": layer.weight.grad.numpy()})
            arrays.update({"gb": layer.bias.grad.numpy()} if kwargs["bias"] else {})
    shapes = {"weight_shape": list(weight.shape), "bias_shape": list(arrays["b"].shape) if kwargs["bias"] else None}
    text = None if kind == "Conv1d" else repr(layer)  # MegEngine's Conv1d cannot be printed
    return {"kind": kind, "kwargs": kwargs, "dtype": dtype, "repr": text, **shapes}, arrays


def main(path, count, seed):
    rng, values = random.Random(seed), np.random.default_rng(seed)
    cases, arrays = [], {}
    while len(cases) < count:
        dtype = rng.choice(["float32"] * 4 + ["float16"])
        kind, kwargs, shape = draw(rng)
        if dtype == "float16" and kind == "Conv2d":
            kwargs["compute_mode"] = "float32"
        else:
            dtype = "float32"
        case, found = record(kind, kwargs, shape, dtype, values)
        arrays.update({f"{len(cases)}.{name}": array for name, array in found.items()})
        cases.append(case)
    np.savez_compressed(path, cases=np.frombuffer(json.dumps(cases).encode(), np.uint8), **arrays)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
