"""What torch 2.13.0 draws, each call after `manual_seed(3)`: `python -m tests.data.record_random_functions`.

Writes `tests/data/random_functions.json`. Needs torch.
"""

import itertools
import json
from pathlib import Path

FILE = Path(__file__).with_name("random_functions.json")
FLOATS = ("float16", "bfloat16", "float32", "float64")
INTEGERS = ("uint8", "int8", "int16", "int32", "int64")
FILLS = (
    "exponential_()",
    "exponential_(2.5)",
    "cauchy_(1, 2)",
    "log_normal_()",
    "geometric_(0.3)",
    "normal_(1, 3)",
    "uniform_(-1, 3)",
    "random_()",
    "random_(7)",
    "random_(-3, 9)",
    "random_(5, None)",
    "bernoulli_()",
    "bernoulli_(0.8)",
    "bernoulli_(torch.tensor([[0.1], [0.9], [0.5], [0.5]]))",
)
WEIGHTS = "torch.tensor([[0.1, 0.2, 0.7, 0], [3, 1, 1, 2]], dtype=torch.{dtype})"
OTHERS = (
    f"torch.multinomial({WEIGHTS}, 2)",
    f"torch.multinomial({WEIGHTS}, 1)",
    f"torch.multinomial({WEIGHTS}, 9, True)",
    "torch.poisson(torch.tensor([0, 0.5, 3, 9.5, 10, 55, 1000], dtype=torch.{dtype}))",
    "torch.bernoulli(torch.tensor([0.1, 0.5, 0.9, 1], dtype=torch.{dtype}))",
    "torch.bernoulli(torch.tensor([0.1, 0.5, 0.9, 1], dtype=torch.{dtype}), 0.4)",
    "torch.normal(torch.tensor([1, 5], dtype=torch.{dtype}), 2.0)",
    "torch.normal(1.5, torch.tensor([1, 5], dtype=torch.{dtype}))",
    "torch.normal(torch.tensor([[1], [5]], dtype=torch.{dtype}), torch.tensor([1, 5], dtype=torch.{dtype}))",
    "torch.normal(2, 3, (2, 9), dtype=torch.{dtype})",
    "torch.rand_like(torch.ones(3, 4, dtype=torch.{dtype}).t())",
    "torch.randn_like(torch.ones(6, 5, dtype=torch.{dtype}).t())",
    "torch.nn.functional.dropout(torch.arange(1, 9, dtype=torch.{dtype}), 0.3)",
    "torch.nn.functional.dropout2d(torch.arange(1, 9, dtype=torch.{dtype}).reshape(2, 2, 1, 2), 0.3)",
    "torch.nn.functional.dropout1d(torch.arange(1, 9, dtype=torch.{dtype}).reshape(4, 2))",
    "torch.nn.functional.dropout3d(torch.arange(1, 9, dtype=torch.{dtype}).reshape(4, 2, 1, 1))",
    "torch.nn.functional.alpha_dropout(torch.arange(1, 9, dtype=torch.{dtype}), 0.3, True)",
    "torch.nn.functional.feature_alpha_dropout(torch.arange(1, 9, dtype=torch.{dtype}).reshape(2, 2, 2), 0.3, True)",
)
PLAIN = (
    "torch.randint(10, (5,))",
    "torch.randint(-5, 2**40, (5,))",
    "torch.randint(3, (2, 3), dtype=torch.float32)",
    "torch.randint(2, (5,), dtype=torch.bool)",
    "torch.randint_like(torch.ones(2, 3), 7)",
    "torch.randint_like(torch.ones(2, 3), -7, 7)",
    "torch.randperm(20)",
    "torch.randperm(20, dtype=torch.float32)",
    "torch.native_dropout(torch.ones(5), 0.4, True)[1]",
)


def calls():
    """Every call, as an expression of `torch`."""
    for name, fill in itertools.product((*FLOATS, *INTEGERS), FILLS):
        discrete = fill.startswith(("random_", "bernoulli_", "geometric_"))
        signed = (name, fill) != ("uint8", "random_(-3, 9)")
        if signed and (name in FLOATS or discrete):
            yield f"torch.empty(4, 3, dtype=torch.{name}).{fill}"
            yield f"torch.empty(3, 4, dtype=torch.{name}).t().{fill}"
    for name, call in itertools.product(FLOATS, OTHERS):
        yield call.format(dtype=name)
    yield from PLAIN


def record():
    """Ask torch, and write what it answers."""
    import torch

    found = {}
    for call in calls():
        torch.manual_seed(3)
        found[call] = eval(call, {"torch": torch}).tolist()
        found[call] = [found[call], torch.rand(1).item()]
    lines = [f"{json.dumps(call)}: {json.dumps(value)}" for call, value in found.items()]
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    record()
