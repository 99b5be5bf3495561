"""Random functions and methods beside what torch drew, and their errors, gradients and graph.

`tests/data/random_functions.json` is recorded by `tests/data/record_random_functions.py`.
"""

import json
from pathlib import Path

import numpy as np
import pytest

import pyconv as torch

RECORDED = json.loads((Path(__file__).parents[1] / "data/random_functions.json").read_text(encoding="utf-8"))
STEP = {"float16": 2.0**-10, "bfloat16": 2.0**-7, "float32": 2.0**-21, "float64": 2.0**-50}
"""A few units in the last place: what the C library's logarithm and its kin may differ by."""


@pytest.mark.parametrize("call", RECORDED)
def test_draws_are_torchs(call):
    expected, after = RECORDED[call]
    torch.manual_seed(3)
    drawn = eval(call, {"torch": torch})
    got = np.array(drawn.tolist(), np.float64)
    np.testing.assert_allclose(got, np.array(expected, np.float64), rtol=STEP.get(drawn.dtype.name, 0), atol=1e-30)
    assert torch.rand(1).item() == after


M = torch.tensor([0.3, 0.7])
I = torch.ones(2, dtype=torch.int64)  # noqa: E741
C = torch.ones(2, dtype=torch.complex64)
CATEGORIES = "probability tensor contains either `inf`, `nan` or element < 0"
ERRORS = {
    "M.exponential_(0)": (RuntimeError, "exponential_ expects lambda > 0.0, but found lambda=0"),
    "M.exponential_('x')": (TypeError, "exponential_(): argument 'lambd' (position 1) must be float, not str"),
    "I.exponential_()": (
        RuntimeError,
        "Exponential distribution is a continuous probability distribution. dtype must be a floating point but you "
        "specified Long",
    ),
    "I.cauchy_()": (
        RuntimeError,
        "Cauchy distribution is a continuous probability distribution. dtype must be a floating point but you "
        "specified long int",
    ),
    "M.cauchy_(0, -1)": (RuntimeError, "cauchy_ expects sigma > 0.0, but found sigma=-1"),
    "M.geometric_(1)": (RuntimeError, "geometric_ expects p to be in (0, 1), but got p=1"),
    "C.geometric_(0.5)": (NotImplementedError, "\"geometric_cpu\" not implemented for 'ComplexFloat'"),
    "M.log_normal_(0, 0)": (RuntimeError, "log_normal_ expects std > 0.0, but found std=0"),
    "I.log_normal_()": (NotImplementedError, "\"log_normal_cpu\" not implemented for 'Long'"),
    "M.random_(5, 2)": (RuntimeError, "random_ expects 'from' to be less than 'to', but got from=5 >= to=2"),
    "C.random_()": (NotImplementedError, "\"random_kernel_cpu\" not implemented for 'ComplexFloat'"),
    "M.random_('x')": (
        TypeError,
        "random_() received an invalid combination of arguments - got (str), but expected one of:\n"
        " * (*, torch.Generator generator = None)\n"
        " * (int from, int to, *, torch.Generator generator = None)\n"
        " * (int to, *, torch.Generator generator = None)\n",
    ),
    "M.uniform_('x')": (TypeError, "uniform_(): argument 'from' (position 1) must be float, not str"),
    "M.bernoulli_(torch.ones(3))": (
        RuntimeError,
        "The expanded size of the tensor (2) must match the existing size (3) at non-singleton dimension 0.  Target "
        "sizes: [2].  Tensor sizes: [3]",
    ),
    "torch.bernoulli(I)": (NotImplementedError, "\"bernoulli_tensor_cpu_p_\" not implemented for 'Long'"),
    "torch.bernoulli(M, 2)": (RuntimeError, "bernoulli_ expects p to be in [0, 1], but got p=2"),
    "torch.multinomial(M, 0)": (RuntimeError, "cannot sample n_sample <= 0 samples"),
    "torch.multinomial(M, 3)": (
        RuntimeError,
        "cannot sample n_sample > prob_dist.size(-1) samples without replacement",
    ),
    "torch.multinomial(-M, 1)": (RuntimeError, CATEGORIES),
    "torch.multinomial(-M, 2, True)": (
        RuntimeError,
        "invalid multinomial distribution (encountering probability entry < 0)",
    ),
    "torch.multinomial(M * 0, 1)": (
        RuntimeError,
        "invalid multinomial distribution (sum of probabilities <= 0)",
    ),
    "torch.multinomial(I, 1)": (
        RuntimeError,
        "multinomial only supports floating-point dtypes for input, got: Long",
    ),
    "torch.multinomial(M, 1, out=torch.ones(1))": (RuntimeError, "multinomial expects Long tensor out, got: Float"),
    "torch.poisson(-M)": (RuntimeError, "invalid Poisson rate, expected rate to be non-negative"),
    "torch.poisson(I)": (NotImplementedError, "\"poisson_cpu\" not implemented for 'Long'"),
    "torch.normal(M, -2.0)": (RuntimeError, "normal expects std >= 0.0, but found std -2"),
    "torch.normal(M, -M)": (RuntimeError, "normal expects all elements of std >= 0.0"),
    "torch.normal(1.0, C)": (RuntimeError, "normal expects standard deviation to be non-complex"),
    "torch.normal(M, torch.ones(3))": (
        RuntimeError,
        "The size of tensor a (2) must match the size of tensor b (3) at non-singleton dimension 0",
    ),
    "torch.randint(3, 2)": (TypeError, "randint(): argument 'size' (position 2) must be tuple of ints, not int"),
    "torch.randint(3, (2,), dtype=torch.bool)": (RuntimeError, "to - 1 is out of bounds for bool"),
    "torch.randint(3, (2,), requires_grad=True)": (
        RuntimeError,
        "Only Tensors of floating point and complex dtype can require gradients",
    ),
    "torch.randint_like(M, torch.tensor([3]))": (RuntimeError, "high must be a scalar tensor and on CPU"),
    "torch.randperm(-1)": (RuntimeError, "Trying to create tensor with negative dimension -1: [-1]"),
    "torch.randperm(2050, dtype=torch.float16)": (RuntimeError, "n cannot be greater than 2049 for Half type."),
    "torch.randperm(2, dtype=torch.bool)": (NotImplementedError, "\"randperm\" not implemented for 'Bool'"),
    "torch.rand(2, pin_memory=True)": (
        RuntimeError,
        "pin_memory=True requires a CUDA or other accelerator backend; no pinned memory allocator is available on "
        "this system.",
    ),
}


@pytest.mark.parametrize("call", ERRORS)
def test_errors_are_torchs(call):
    kind, text = ERRORS[call]
    with pytest.raises(kind) as caught:
        eval(call, {"torch": torch, "M": M.clone(), "I": I.clone(), "C": C.clone()})
    assert str(caught.value) == text


@pytest.mark.parametrize(
    ("call", "name"),
    [
        ("uniform_()", "UniformBackward0"),
        ("normal_()", "NormalBackward0"),
        ("exponential_()", "ExponentialBackward0"),
        ("geometric_(0.5)", "GeometricBackward0"),
        ("log_normal_()", "LogNormalBackward0"),
        ("cauchy_()", "CauchyBackward0"),
        ("random_()", "RandomBackward2"),
        ("random_(3)", "RandomBackward1"),
        ("random_(1, 3)", "RandomBackward0"),
        ("bernoulli_()", "BernoulliBackward2"),
        ("bernoulli_(torch.ones(2))", "BernoulliBackward1"),
        ("bernoulli()", "BernoulliBackward0"),
    ],
)
def test_a_draw_in_the_graph_has_torchs_name_and_no_gradient(call, name):
    x = torch.tensor([0.3, 0.7], requires_grad=True)
    y = eval(f"(x * 1).{call}", {"torch": torch, "x": x})
    assert y.grad_fn.name() == name
    y.sum().backward()
    assert x.grad.tolist() == [0, 0]


def test_normals_have_zero_gradients_of_the_shapes_of_their_parameters():
    mean, std = torch.ones(3, 1, requires_grad=True), torch.ones(2, requires_grad=True)
    torch.normal(mean, std).sum().backward()
    assert mean.grad.tolist() == [[0]] * 3
    assert std.grad.tolist() == [0, 0]


def test_out_is_filled_in_its_own_dtype():
    torch.manual_seed(0)
    expected = torch.rand(4, dtype=torch.float64)
    torch.manual_seed(0)
    out = torch.empty(4, dtype=torch.float64)
    assert torch.rand(4, out=out) is out
    assert torch.equal(out, expected)
    whole = torch.bernoulli(torch.tensor([0.0, 1.0]), out=torch.empty(2, dtype=torch.int64))
    assert whole.tolist() == [0, 1]
    assert torch.randperm(3, out=torch.empty(1)).sum().item() == 3


def test_a_generator_is_drawn_from_and_counts_for_nothing_else():
    state = torch.get_rng_state()
    first, second = (torch.Generator().manual_seed(7) for _ in range(2))
    assert torch.equal(torch.rand(3, generator=first), torch.rand(3, generator=second))
    assert torch.equal(torch.ones(3).random_(generator=first), torch.ones(3).random_(generator=second))
    assert torch.equal(torch.get_rng_state(), state)
    clone = first.clone_state()
    assert torch.equal(torch.randn(2, generator=clone), torch.randn(2, generator=first))
    shared = torch.Generator().graphsafe_set_state(first.graphsafe_get_state())
    assert not torch.equal(torch.rand(2, generator=shared), torch.rand(2, generator=first))


def test_fork_rng_restores_the_state():
    torch.manual_seed(1)
    with torch.random.fork_rng():
        forked = torch.rand(2)
    assert torch.equal(torch.rand(2), forked)
    with torch.random.fork_rng(enabled=False):
        first = torch.rand(2)
    assert not torch.equal(torch.rand(2), first)


@pytest.mark.parametrize("probability", [0.2, 0.9])
def test_bernoulli_has_its_mean(probability):
    torch.manual_seed(0)
    drawn = torch.bernoulli(torch.full((20000,), probability)).mean().item()
    assert abs(drawn - probability) < 0.02


def test_without_cuda_its_seeds_do_nothing():
    state = torch.get_rng_state()
    torch.cuda.manual_seed(1)
    torch.cuda.manual_seed_all(1)
    assert torch.equal(torch.get_rng_state(), state)
    assert not torch.cuda.is_available()
    assert torch.cuda.device_count() == 0
