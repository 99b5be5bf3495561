"""Optimizers and schedules beside torch: steps, state, printed text, errors, warnings."""

import copy
import pickle
from importlib import import_module
from itertools import product

import numpy as np
import pytest
import torch

import pyconv
from tests.against_torch.outcome import compare, outcome

OPTIONS = [
    ("SGD", {"lr": 0.1}),
    ("SGD", {"lr": 0.1, "momentum": 0.9, "weight_decay": 0.1, "nesterov": True}),
    ("SGD", {"lr": 0.1, "momentum": 0.9, "dampening": 0.3, "maximize": True}),
    ("Adam", {}),
    ("Adam", {"lr": 0.05, "amsgrad": True, "weight_decay": 0.1, "maximize": True}),
    ("AdamW", {"lr": 0.05, "amsgrad": True}),
    ("RMSprop", {}),
    ("RMSprop", {"lr": 0.05, "momentum": 0.9, "centered": True, "weight_decay": 0.1, "maximize": True}),
    ("Adagrad", {"lr": 0.1, "lr_decay": 0.1, "weight_decay": 0.1, "initial_accumulator_value": 0.2}),
    ("Adadelta", {}),
    ("Adadelta", {"rho": 0.8, "weight_decay": 0.1, "eps": 1e-3, "maximize": True}),
    ("Adamax", {}),
    ("Adamax", {"lr": 0.05, "weight_decay": 0.1, "betas": (0.8, 0.9), "maximize": True}),
    ("NAdam", {}),
    ("NAdam", {"lr": 0.05, "weight_decay": 0.1, "momentum_decay": 0.01}),
    ("NAdam", {"lr": 0.05, "weight_decay": 0.1, "decoupled_weight_decay": True}),
    ("RAdam", {}),
    ("RAdam", {"lr": 0.05, "weight_decay": 0.1, "betas": (0.8, 0.9)}),
    ("RAdam", {"lr": 0.05, "weight_decay": 0.1, "decoupled_weight_decay": True}),
    ("Rprop", {}),
    ("Rprop", {"lr": 0.05, "etas": (0.4, 1.5), "step_sizes": (1e-3, 0.1), "maximize": True}),
    ("ASGD", {}),
    ("ASGD", {"lr": 0.05, "t0": 4, "lambd": 0.1, "alpha": 0.5, "weight_decay": 0.1, "maximize": True}),
    ("Adafactor", {}),
    ("Adafactor", {"lr": 0.05, "d": 1.5, "weight_decay": 0.1, "beta2_decay": -0.5, "eps": (1e-3, 1e-2)}),
]
SHAPES = [(2, 3, 4), (5,), ()]


def drawn(rng, shape, dtype):
    """Numbers of a dtype, both parts of a complex one drawn."""
    values = rng.standard_normal(shape)
    return np.asarray(values + 1j * rng.standard_normal(shape) if np.dtype(dtype).kind == "c" else values, dtype)


def trained(library, name, options, dtype, steps=20):
    """The parameters and the optimizer after steps with drawn gradients."""
    rng = np.random.default_rng(1)
    params = [library.nn.Parameter(library.from_numpy(drawn(rng, shape, dtype))) for shape in SHAPES]
    optimizer = getattr(library.optim, name)([{"params": params[:2]}, {"params": params[2:]}], **options)
    for _ in range(steps):
        for param in params:
            param.grad = library.from_numpy(drawn(rng, param.shape, dtype))
        optimizer.step()
    return [param.detach() for param in params], optimizer


def flat_state(optimizer):
    """The state as (parameter, name, array)."""
    return [
        (number, name, np.asarray(value))
        for number, state in optimizer.state_dict()["state"].items()
        for name, value in state.items()
    ]


@pytest.mark.parametrize("dtype", ["float64", "float32", "complex128"])
@pytest.mark.parametrize(("name", "options"), OPTIONS)
def test_twenty_steps_are_torchs(name, options, dtype):
    if dtype == "complex128" and name == "Adafactor":
        compare(lambda library: trained(library, name, options, dtype))
        return
    params, optimizer = trained(pyconv, name, options, dtype)
    their_params, their_optimizer = trained(torch, name, options, dtype)
    tolerance = 3e-6 if dtype == "float32" else 1e-12
    for ours, theirs in zip(params, their_params, strict=True):
        np.testing.assert_allclose(ours.numpy(), theirs.numpy(), tolerance, tolerance)
    for ours, theirs in zip(flat_state(optimizer), flat_state(their_optimizer), strict=True):
        assert (*ours[:2], ours[2].dtype) == (*theirs[:2], theirs[2].dtype)
        np.testing.assert_allclose(ours[2], theirs[2], tolerance, tolerance)
    assert optimizer.state_dict()["param_groups"] == their_optimizer.state_dict()["param_groups"]
    assert repr(optimizer) == repr(their_optimizer)


@pytest.mark.parametrize("name", sorted({name for name, _ in OPTIONS}))
def test_half_precision_stays_within_a_few_roundings(name):
    results = []
    for library in (pyconv, torch):
        param = library.nn.Parameter(library.tensor([1.0, -2.0, 3.0], dtype=library.bfloat16))
        optimizer = getattr(library.optim, name)([param], lr=0.1)
        for i in range(3):
            param.grad = library.tensor([0.5, 1.0 + i, -2.0], dtype=library.bfloat16)
            optimizer.step()
        state = optimizer.state_dict()["state"].get(0, {})
        results.append((param.detach().float().numpy(), {name: str(value.dtype) for name, value in state.items()}))
    np.testing.assert_allclose(results[0][0], results[1][0], 2**-7)
    assert results[0][1] == results[1][1]


LBFGS = [
    {"lr": 0.5},
    {"lr": 0.3, "max_iter": 5, "history_size": 2},
    {"line_search_fn": "strong_wolfe"},
    {"lr": 0.05, "max_iter": 4, "max_eval": 9, "history_size": 2, "line_search_fn": "strong_wolfe"},
    {"lr": 30.0, "max_iter": 6, "line_search_fn": "strong_wolfe"},
]


@pytest.mark.parametrize("options", LBFGS)
def test_lbfgs_finds_its_way_as_torchs(options):
    results = []
    for library in (pyconv, torch):
        params = [library.nn.Parameter(library.linspace(-1, 2, n, dtype=library.float64)) for n in (4, 3)]
        optimizer = library.optim.LBFGS(params, **options)
        path = []

        def closure(params=params, optimizer=optimizer, path=path):
            optimizer.zero_grad()
            x, y = params
            loss = ((x[1:] - x[:-1] ** 2) ** 2).sum() + ((1 - x) ** 2).sum() * 0.3 + ((y - x[:3]) ** 4).sum()
            loss.backward()
            path.append(loss.item())
            return loss

        returned = [optimizer.step(closure).item() for _ in range(3)]
        state = optimizer.state_dict()["state"][0]
        lengths = {name: len(value) if isinstance(value, list) else None for name, value in state.items()}
        counts = (state["func_evals"], state["n_iter"], len(path), list(state), lengths, repr(optimizer))
        results.append((returned, path, [param.detach().numpy() for param in params], counts))
    assert results[0][3] == results[1][3]
    for ours, theirs in zip(results[0][:3], results[1][:3], strict=True):
        for a, b in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(a, b, 1e-7, 1e-9)


def test_lbfgs_steps_complex_parameters_as_torch():
    results = []
    for library in (pyconv, torch):
        param = library.nn.Parameter(library.tensor([1 + 2j, -0.5j], dtype=library.complex128))
        optimizer = library.optim.LBFGS([param], lr=0.4)

        def closure(param=param, optimizer=optimizer, library=library):
            optimizer.zero_grad()
            loss = ((library.view_as_real(param) - 3) ** 4).sum()
            loss.backward()
            return loss

        optimizer.step(closure)
        results.append(param.detach().numpy())
    np.testing.assert_allclose(*results, 1e-10)


ERRORS = """
o.SGD([], lr=0.1) | o.SGD(p, lr=0.1) | o.SGD([p], lr=-1) | o.SGD([p], momentum=-1)
o.SGD([p], weight_decay=-1) | o.SGD([p], nesterov=True) | o.SGD([1]) | o.SGD([p * 2]) | o.SGD([p, p])
o.SGD([{'params': [p]}, {'params': [p]}]) | o.SGD([{'params': {p}}]) | o.SGD({p}) | o.SGD([('a', p), q])
o.SGD([('a', p), ('b', q)]) | o.SGD([p], lr=m.ones(2)) | o.SGD([p], fused=True, foreach=True)
o.SGD([p], fused=True, differentiable=True) | o.SGD([{'params': [p]}, {'params': q}]) | o.Adam([p], lr=-1)
o.Adam([p], eps=-1) | o.Adam([p], betas=(2.0, 0.0)) | o.Adam([p], betas=(0.0, 2.0))
o.Adam([p], lr=m.ones(2)) | o.Adam([p], weight_decay=-1) | o.Adam([p], lr=m.tensor(0.1), foreach=True)
o.Adam([p], betas=('a', 1)) | o.Adam([p], lr='a') | o.Adam([p], betas=(0, 0.5))
o.Adam([p], betas=(m.tensor(0.5), m.tensor([0.1]))) | o.Adam([p], betas=(m.tensor(0.5), 0.1))
o.Adam([p], betas=(m.tensor(0.5), m.tensor(0.1)), foreach=True) | o.Adam([p], fused=True, foreach=True)
o.AdamW([p], lr=-1) | o.AdamW([p], weight_decay=-1) | o.Adam([p], fused=True, differentiable=True)
o.AdamW([p]) | o.RMSprop([p], lr=-1) | o.RMSprop([p], eps=-1) | o.RMSprop([p], momentum=-1)
o.RMSprop([p], weight_decay=-1) | o.RMSprop([p], alpha=-1) | o.Adagrad([p], lr=-1)
o.Adagrad([p], lr_decay=-1) | o.Adagrad([p], initial_accumulator_value=-1) | o.Adagrad([p], eps=-1)
o.Adagrad([p], weight_decay=-1) | o.Adagrad([p], fused=True, foreach=True) | o.Adadelta([p], lr=-1)
o.Adadelta([p], rho=2) | o.Adadelta([p], eps=-1) | o.Adadelta([p], weight_decay=-1) | o.Adamax([p], lr=-1)
o.Adamax([p], eps=-1) | o.Adamax([p], betas=(1.0, 0)) | o.Adamax([p], weight_decay=-1) | o.NAdam([p], lr=-1)
o.NAdam([p], eps=-1) | o.NAdam([p], betas=(0, 1.0)) | o.NAdam([p], momentum_decay=-1)
o.NAdam([p], weight_decay=-1) | o.RAdam([p], lr=-1) | o.RAdam([p], eps=-1) | o.RAdam([p], betas=(0, 1.0))
o.RAdam([p], weight_decay=-1) | o.Rprop([p], lr=-1) | o.Rprop([p], etas=(0, 2))
o.Rprop([p], etas=(0.5, 0.9)) | o.Rprop([p], lr=m.ones(3)) | o.ASGD([p], lr=-1) | o.ASGD([p], weight_decay=-1)
o.Adafactor([p], lr=-1) | o.Adafactor([p], beta2_decay=1) | o.Adafactor([p], eps=(-1, 1))
o.Adafactor([p], eps=(None, -1)) | o.Adafactor([p], d=0.5) | o.Adafactor([p], weight_decay=-1)
o.LBFGS([p], lr=-1) | o.LBFGS([{'params': [p]}, {'params': [q]}]) | o.LBFGS([p, q])
o.LBFGS([p], lr=m.ones(2)) | o.LBFGS([p], line_search_fn='golden').step(lambda: loss(p)) | o.LBFGS([p]).step()
o.SGD([p]).add_param_group(3) | o.SGD([p]).add_param_group({'params': [1]})
o.SGD([('a', p)]).add_param_group({'params': [q]}) | o.SGD([p]).load_state_dict(o.SGD([p, q]).state_dict())
o.SGD([p]).load_state_dict({'state': {}, 'param_groups': []})
o.Optimizer([{'params': [p]}], {'lr': required}) | o.Optimizer([p], {'lr': 0.1}).step()
o.Optimizer([p], {'lr': 0.1}) | o.SGD([p], lr=0.1).step(lambda: 3.5) | o.SGD([p]).step(1)
o.Adam([p], lr=m.tensor(0.1)) | o.SGD(3) | o.Adam([None]) | w.SWALR(o.SGD([p]), 0.5, anneal_strategy='x')
w.SWALR(o.SGD([p]), 0.5, anneal_epochs=-1) | w.SWALR(o.SGD([p]), [0.5, 0.4]) | w.SWALR(3, 0.5)
w.SWALR(o.SGD([p]), 0.5).get_lr() | w.get_ema_avg_fn(2) | w.get_ema_multi_avg_fn(-1)
w.AveragedModel(m.nn.ReLU(), avg_fn=max, multi_avg_fn=max) | w.AveragedModel(m.nn.Linear(1, 2))
w.update_bn([], m.nn.ReLU()) | s.StepLR(3, 1) | s.StepLR(o.SGD([p]), 1, last_epoch=2)
s.LambdaLR(o.SGD([p]), [max, max]) | s.LRScheduler(o.SGD([p])) | s.ConstantLR(o.SGD([p]), 2)
s.LinearLR(o.SGD([p]), 0) | s.LinearLR(o.SGD([p]), 0.5, 2) | s.SequentialLR(o.SGD([p]), [], [])
s.SequentialLR(o.SGD([p]), [s.StepLR(o.SGD([p]), 1)], []) | s.ChainedScheduler([])
s.CosineAnnealingWarmRestarts(o.SGD([p]), 0) | s.CosineAnnealingWarmRestarts(o.SGD([p]), 1, 0.5)
s.CyclicLR(o.SGD([p]), 0.1, 0.2, mode='x') | s.CyclicLR(o.SGD([p]), 0.1, 0.2)
s.CyclicLR(o.SGD([p]), [0.1, 0.2], 0.2) | s.OneCycleLR(o.SGD([p]), 0.1) | s.OneCycleLR(o.SGD([p]), 0.1, 0)
s.OneCycleLR(o.SGD([p]), 0.1, 5) | s.OneCycleLR(o.SGD([p], momentum=0.9), 0.1, 5, pct_start=2)
s.OneCycleLR(o.SGD([p], momentum=0.9), 0.1, 5, anneal_strategy='x')
s.OneCycleLR(o.SGD([p]), 0.1, epochs=0, steps_per_epoch=3)
s.OneCycleLR(o.SGD([p]), 0.1, epochs=2, steps_per_epoch=0) | s.ReduceLROnPlateau(o.SGD([p]), factor=1)
s.ReduceLROnPlateau(o.SGD([p]), mode='x') | s.ReduceLROnPlateau(o.SGD([p]), threshold_mode='x')
s.ReduceLROnPlateau(3) | s.ReduceLROnPlateau(o.SGD([p]), min_lr=[1, 2])
s.ReduceLROnPlateau(o.SGD([p])).step() | s.StepLR(o.SGD([p]), 1).step() | s.StepLR(o.SGD([p]), 1).get_lr()
s.StepLR(o.SGD([p]), 1).step(3)
"""
ERRORS = [text.strip() for line in ERRORS.strip().splitlines() for text in line.split("|")]


@pytest.mark.parametrize("text", ERRORS)
def test_errors_and_warnings_are_torchs(text):
    code = compile(text, "<call>", "eval")

    def call(library):
        p, q = (library.nn.Parameter(library.ones(n)) for n in (2, 3))
        optim = library.optim
        names = {"m": library, "o": optim, "s": optim.lr_scheduler, "w": optim.swa_utils, "p": p, "q": q, "loss": loss}
        names["required"] = import_module(f"{library.__name__}.optim.optimizer").required
        found = eval(code, names)
        return repr(found) if isinstance(found, (float, str, optim.Optimizer)) else type(found).__name__

    compare(call)


def loss(param):
    """A closure's loss."""
    param.grad = None
    value = (param**2).sum()
    value.backward()
    return value


@pytest.mark.parametrize("name", ["Adam", "AdamW", "RMSprop", "Adadelta", "Adamax", "NAdam", "RAdam", "Rprop", "ASGD"])
def test_capturable_is_refused_as_torch_does(name):
    def call(library):
        param = library.nn.Parameter(library.ones(2))
        loss(param)
        getattr(library.optim, name)([param], capturable=True).step()

    compare(call)
    assert "supported devices" in outcome(call, pyconv)[0]


def schedules(library, optimizer):
    """Functions that make every schedule."""
    s = library.optim.lr_scheduler
    three = {"three_phase": True, "anneal_strategy": "linear", "pct_start": 0.25}

    def two():
        return [s.ConstantLR(optimizer, 0.1, 2), s.ExponentialLR(optimizer, 0.9)]

    return {
        "lambda": lambda: s.LambdaLR(optimizer, [lambda e: 0.9**e, lambda e: 1 / (e + 1)]),
        "multiplicative": lambda: s.MultiplicativeLR(optimizer, lambda e: 0.95 + e / 100),
        "step": lambda: s.StepLR(optimizer, 3, 0.5),
        "multistep": lambda: s.MultiStepLR(optimizer, [2, 5, 5], 0.3),
        "constant": lambda: s.ConstantLR(optimizer, 0.5, 4),
        "linear": lambda: s.LinearLR(optimizer, 0.25, 0.8, 6),
        "exponential": lambda: s.ExponentialLR(optimizer, 0.9),
        "polynomial": lambda: s.PolynomialLR(optimizer, 6, 2.0),
        "cosine": lambda: s.CosineAnnealingLR(optimizer, 4, 0.01),
        "restarts": lambda: s.CosineAnnealingWarmRestarts(optimizer, 2, 2, 0.01),
        "cyclic": lambda: s.CyclicLR(optimizer, 0.01, 0.2, 3, 4, "triangular2"),
        "cyclic_range": lambda: s.CyclicLR(optimizer, 0.01, 0.2, 3, mode="exp_range", gamma=0.9),
        "cyclic_own": lambda: s.CyclicLR(optimizer, [0.01, 0.02], [0.2, 0.3], 2, scale_fn=lambda x: 1 / (x + 1)),
        "one_cycle": lambda: s.OneCycleLR(optimizer, 0.3, 12),
        "one_cycle_3": lambda: s.OneCycleLR(optimizer, [0.3, 0.5], epochs=4, steps_per_epoch=4, **three),
        "sequential": lambda: s.SequentialLR(
            optimizer, [s.ConstantLR(optimizer, 0.1, 2), s.ExponentialLR(optimizer, 0.9)], [3]
        ),
        "chained": lambda: s.ChainedScheduler(two()),
        "swa": lambda: library.optim.swa_utils.SWALR(optimizer, [0.05, 0.5], 5),
        "swa_linear": lambda: library.optim.swa_utils.SWALR(optimizer, 0.05, 3, "linear"),
        "swa_at_once": lambda: library.optim.swa_utils.SWALR(optimizer, 0.05, 0),
    }


def two_groups(library, *, tensor_lr=False):
    """An optimizer of two groups with learning rates of their own."""
    rates = [library.tensor(rate, dtype=library.float64) if tensor_lr else rate for rate in (0.1, 0.2)]
    groups = [{"params": [library.nn.Parameter(library.ones(2))], "lr": rate} for rate in rates]
    return library.optim.SGD(groups, momentum=0.9)


def rates_of(optimizer):
    """Learning rates and momenta, bit for bit."""
    return [(float(group["lr"]).hex(), float(group["momentum"]).hex()) for group in optimizer.param_groups]


@pytest.mark.parametrize("name", list(schedules(torch, None)))
@pytest.mark.parametrize("tensor_lr", [False, True])
def test_schedules_are_torchs(name, tensor_lr):
    results = []
    for library in (pyconv, torch):
        optimizer = two_groups(library, tensor_lr=tensor_lr)
        schedule = schedules(library, optimizer)[name]()
        rates = [rates_of(optimizer)]
        for _ in range(12):
            optimizer.step()
            schedule.step()
            rates.append((rates_of(optimizer), [float(rate).hex() for rate in schedule.get_last_lr()]))
        plain = {k: v for k, v in schedule.state_dict().items() if not callable(v) and k != "_schedulers"}
        results.append((rates, sorted(schedule.state_dict()), repr(plain), sorted(optimizer.param_groups[0])))
    assert results[0] == results[1]


@pytest.mark.parametrize("name", [name for name in schedules(torch, None) if "own" not in name])
def test_schedules_go_on_from_their_state(name):
    ours = []
    for cut in (False, True):
        optimizer = two_groups(pyconv)
        schedule = schedules(pyconv, optimizer)[name]()
        for i in range(8):
            optimizer.step()
            schedule.step()
            if cut and i == 4:
                saved = copy.deepcopy((optimizer.state_dict(), schedule.state_dict()))
                optimizer = two_groups(pyconv)
                schedule = schedules(pyconv, optimizer)[name]()
                optimizer.load_state_dict(saved[0])
                schedule.load_state_dict(saved[1])
        ours.append(rates_of(optimizer))
    assert ours[0] == ours[1]


PLATEAU = [
    {"patience": 1, "cooldown": 1},
    {"mode": "max", "patience": 0, "threshold_mode": "abs", "min_lr": 0.05},
]


def test_plateau_is_torchs():
    results = []
    for library in (pyconv, torch):
        for options in (
            {"patience": 1, "cooldown": 1},
            {"mode": "max", "patience": 0, "threshold_mode": "abs", "min_lr": 0.05},
        ):
            optimizer = two_groups(library)
            schedule = library.optim.lr_scheduler.ReduceLROnPlateau(optimizer, **options)
            for value in [3, 2, 2, 2, 2, 2, 2, 1, 5, 5, 5, 5]:
                schedule.step(value)
                results.append((library, rates_of(optimizer), schedule.get_last_lr()))
            results.append(
                (library, sorted(schedule.state_dict()), repr(sorted(schedule.state_dict().items(), key=str)))
            )
    half = len(results) // 2
    assert [row[1:] for row in results[:half]] == [row[1:] for row in results[half:]]


@pytest.mark.parametrize(
    ("kind", "use_buffers"),
    [*product(["plain", "own", "ema", "ema_multi", "swa"], [False, True]), ("swa_multi", False)],
)
def test_averaged_models_are_torchs(kind, use_buffers):
    results = []
    for library in (pyconv, torch):
        w = library.optim.swa_utils
        options = {
            "plain": {},
            "own": {"avg_fn": lambda mean, value, n: mean * n + value},
            "ema": {"avg_fn": w.get_ema_avg_fn(0.9)},
            "ema_multi": {"multi_avg_fn": w.get_ema_multi_avg_fn(0.9)},
            "swa": {"avg_fn": w.get_swa_avg_fn()},
            "swa_multi": {"multi_avg_fn": w.get_swa_multi_avg_fn()},
        }[kind]
        library.manual_seed(0)
        model = library.nn.Sequential(library.nn.Conv2d(2, 3, 2), library.nn.BatchNorm2d(3))
        mean = w.AveragedModel(model, use_buffers=use_buffers, **options)
        optimizer = library.optim.SGD(model.parameters(), lr=0.1)
        for _ in range(4):
            optimizer.zero_grad()
            (model(library.randn(4, 2, 5, 5)) - 1).pow(2).mean().backward()
            optimizer.step()
            mean.update_parameters(model)
        w.update_bn([(library.randn(4, 2, 5, 5), 0), [library.randn(4, 2, 5, 5)]], mean)
        results.append((repr(mean), {name: value.numpy() for name, value in mean.state_dict().items()}))
    assert results[0][0] == results[1][0]
    assert list(results[0][1]) == list(results[1][1])
    for name, value in results[0][1].items():
        np.testing.assert_allclose(value, results[1][1][name], 1e-4, 1e-5, err_msg=name)


@pytest.mark.parametrize("count", ["3", "m.tensor(3)"])
def test_plain_means_of_integers_fail_as_torchs(count):
    def program(library):
        average = library.optim.swa_utils.get_swa_multi_avg_fn()
        average([library.tensor([4])], [library.tensor([8])], eval(count, {"m": library}))

    compare(program)
    assert outcome(program, pyconv)[0].startswith("RuntimeError")


@pytest.mark.parametrize("name", ["SGD", "Adam", "AdamW", "RMSprop", "Adagrad", "Adadelta", "NAdam", "RAdam", "ASGD"])
def test_differentiable_steps_have_torchs_gradient(name):
    results = []
    for library in (pyconv, torch):
        start = library.tensor([1.0, -2.0], dtype=library.float64, requires_grad=True)
        param = start.clone()
        optimizer = getattr(library.optim, name)([param], lr=0.1, differentiable=True)
        for _ in range(3):
            param.grad = param.clone() ** 3
            optimizer.step()
        (param**2).sum().backward()
        results.append(start.grad.numpy())
    np.testing.assert_allclose(*results, 1e-5)


def test_pickled_optimizers_have_torchs_contents():
    optimizers = [trained(library, "Adam", {}, "float32", 2)[1] for library in (pyconv, torch)]
    ours, theirs = (pickle.loads(pickle.dumps(optimizer)) for optimizer in optimizers)
    assert repr(ours) == repr(theirs)
    assert [*ours.__dict__, "_zero_grad_profile_name"] == list(theirs.__dict__)


def test_hooks_are_called_as_torchs():
    results = []
    for library in (pyconv, torch):
        param = library.nn.Parameter(library.ones(2))
        optimizer = library.optim.SGD([param], lr=0.5)
        seen = []
        optimizer.register_step_pre_hook(lambda o, args, kwargs, seen=seen: seen.append(("before", args[1:], kwargs)))
        optimizer.register_step_post_hook(lambda o, args, kwargs, seen=seen: seen.append(("after", args[1:], kwargs)))
        optimizer.register_state_dict_pre_hook(lambda o, seen=seen: seen.append("saving"))
        optimizer.register_state_dict_post_hook(lambda o, state: {**state, "more": 1})
        optimizer.register_load_state_dict_pre_hook(lambda o, state, seen=seen: seen.append(sorted(state)))
        optimizer.register_load_state_dict_post_hook(lambda o, seen=seen: seen.append("loaded"))
        optimizer.step()
        optimizer.step(closure=None)
        optimizer.load_state_dict(optimizer.state_dict())
        results.append(seen)
    assert results[0] == results[1]
