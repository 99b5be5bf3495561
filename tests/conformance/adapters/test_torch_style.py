"""The adapter of torch calls what the line says, and its maps are torch's own results."""

import types
from unittest import mock

import numpy as np
import pytest
import torch as real_torch
from torch import nn
from torch.nn import functional

from conformance.adapters import TorchStyle, load
from conformance.fills import draw, numpy_dtype
from conformance.tokens import parse
from pyconv.kernels import conv


def _tensors(line):
    operands = draw(parse(line))
    leaves = [real_torch.from_numpy(array).requires_grad_() for array in operands.arrays.values()]
    return operands, leaves


def _gradients(output, leaves, operands):
    cotangent = real_torch.from_numpy(operands.draw("cotangent", tuple(output.shape)))
    return [g.numpy() for g in real_torch.autograd.grad(output, leaves, cotangent)]


def test_a_function_gets_the_arguments_of_the_line(torch):
    line = "conv2d n2 c4 o6 h9x10 k3x5 s2 p1,2 d1 g2 bias f32 real seed17"
    operands, leaves = _tensors(line)
    output = functional.conv2d(*leaves, stride=2, padding=(1, 2), dilation=1, groups=2)
    maps = torch.run(parse(line), operands)
    assert list(maps) == ["output", "input gradient", "weight gradient", "bias gradient"]
    expected = [output.detach().numpy(), *_gradients(output, leaves, operands)]
    assert all(np.array_equal(a, b) for a, b in zip(maps.values(), expected))


def test_a_module_gets_the_operands_as_parameters(torch):
    line = "conv_transpose1d n2 c4 o6 h5 k3 s3 os15, bias module f64 real seed1"
    operands, leaves = _tensors(line)
    module = nn.ConvTranspose1d(4, 6, 3, stride=3, dtype=real_torch.float64)
    module.weight, module.bias = (nn.Parameter(leaf.detach()) for leaf in leaves[1:])
    output = module(leaves[0], output_size=[15])
    expected = _gradients(output, [leaves[0], module.weight, module.bias], operands)
    maps = torch.run(parse(line), operands)
    assert maps["output"].shape == (2, 6, 15)
    assert all(np.array_equal(a, b) for a, b in zip(list(maps.values())[1:], expected))


def test_a_padding_mode_goes_to_the_module(torch):
    line = "conv1d n1 c1 o1 h3 k1 p2 reflect f32 ints seed1"
    operands, (x, w) = _tensors(line)
    output = functional.conv1d(functional.pad(x, (2, 2), mode="reflect"), w)
    assert np.array_equal(torch.run(parse(line), operands)["output"], output.detach().numpy())


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("unfold n1 c2 h5x6 k2,3 p1", lambda x: functional.unfold(x, (2, 3), padding=1)),
        ("unfold n1 c2 h5x6 k2 s2 module", lambda x: nn.Unfold(2, stride=2)(x)),
        ("fold n1 c6 h12 k3x2 os5", lambda x: functional.fold(x, 5, (3, 2))),
        ("fold n1 c6 h12 k3x2 os5 module", lambda x: nn.Fold(5, (3, 2))(x)),
        ("pad c2 h5 p1,2 v3.0", lambda x: functional.pad(x, (1, 2), value=3.0)),
        ("pad c2 h5 p1,2 circular", lambda x: functional.pad(x, (1, 2), mode="circular")),
    ],
)
def test_the_other_operations(torch, line, expected):
    operands, (x,) = _tensors(line)
    assert np.array_equal(torch.run(parse(line), operands)["output"], expected(x).detach().numpy())


def test_sequences_are_passed_as_they_are_spelled():
    calls = []

    def conv2d(*_, **keywords):
        calls.append(keywords)
        raise RuntimeError

    library = types.SimpleNamespace(
        from_numpy=real_torch.from_numpy,
        nn=types.SimpleNamespace(functional=types.SimpleNamespace(conv2d=conv2d)),
    )
    for words in ("s2 p1,2", "s2, p1,2 lists", "psame", ""):
        case = parse(f"conv2d c1 o1 h3x3 k1x1 {words}")
        with pytest.raises(RuntimeError):
            TorchStyle("spy", library).run(case, draw(case))
    assert calls == [
        {"stride": 2, "padding": (1, 2)},
        {"stride": [2], "padding": [1, 2]},
        {"padding": "same"},
        {},
    ]


def test_bfloat16_crosses_in_both_directions(torch):
    array = np.array([[1.5, -3.0], [0.25, 1e30]]).astype(numpy_dtype("bf16"))
    tensor = torch.tensor(array)
    assert tensor.dtype is real_torch.bfloat16
    assert tensor.tolist() == array.astype(float).tolist()
    assert np.array_equal(torch.array(tensor), array)


def test_integers_have_no_gradients(torch):
    case = parse("conv1d c1 o1 h3 k1 bias i32")
    assert list(torch.run(case, draw(case))) == ["output"]


def test_an_exception_is_let_through(torch):
    case = parse("conv1d c1 o1 h3 k4")
    with pytest.raises(RuntimeError, match="Kernel size can't be greater than actual input size"):
        torch.run(case, draw(case))


def test_second_derivatives_are_torchs(torch):
    line = "conv1d n1 c2 o2 h5 k3 bias f64 ints seed1"
    operands, (x, w, b) = _tensors(line)
    g = real_torch.from_numpy(operands.draw("cotangent", (1, 2, 3))).requires_grad_()
    gradients = real_torch.autograd.grad(functional.conv1d(x, w, b), [x, w, b], g, create_graph=True)
    names = ("input", "weight", "bias")
    directions = [
        real_torch.from_numpy(operands.draw(f"{n} direction", tuple(v.shape))) for n, v in zip(names, gradients)
    ]
    expected = real_torch.autograd.grad(gradients, [x, w, g], directions)
    maps = torch.second(parse(line), operands)
    assert list(maps) == [f"second derivative by {name}" for name in ("input", "weight", "cotangent")]
    assert all(np.array_equal(a, b.numpy()) for a, b in zip(maps.values(), expected))


def test_facts_are_read_off_a_module_of_the_cases_seed(torch):
    facts = torch.facts(parse("conv1d n1 c2 o4 h5 k3 p1 g2 bias module f32 ints seed5"))
    real_torch.manual_seed(5)
    module = nn.Conv1d(2, 4, 3, padding=1, groups=2)
    assert facts["repr"] == repr(module)
    assert facts["attributes"]["padding"] == "(1,)"
    assert all(np.array_equal(a, b.numpy()) for a, b in zip(facts["state_dict"].values(), module.state_dict().values()))
    assert torch.facts(parse("conv1d n1 c2 o4 h5 k3")) is None


def test_negative_strides_reach_torch_as_a_copy_and_pyconv_as_they_are(torch, monkeypatch):
    case = parse("conv1d n1 c1 o1 h3 k1 reversed f32 ints seed2")
    operands = draw(case)
    assert operands.arrays["input"].strides[-1] < 0
    pyconv = load("pyconv")
    seen = []
    real = pyconv.library.nn.functional.conv1d
    monkeypatch.setattr(
        pyconv.library.nn.functional, "conv1d", lambda x, *rest, **k: seen.append(x) or real(x, *rest, **k)
    )
    assert np.array_equal(pyconv.run(case, operands)["output"], torch.run(case, operands)["output"])
    assert [isinstance(x, np.ndarray) for x in seen] == [False, True]


def test_threads_and_poison_are_put_back(torch):
    before = real_torch.get_num_threads()
    with torch.threads(2):
        assert real_torch.get_num_threads() == 2
    assert real_torch.get_num_threads() == before
    with torch.poisoned():
        assert real_torch.empty(3).isnan().all()
    assert not real_torch.are_deterministic_algorithms_enabled()


def test_pyconv_is_made_to_use_an_algorithm_and_fresh_buffers():
    pyconv = load("pyconv")
    case = parse("conv2d n1 c2 o2 h5x5 k3x3 f32 ints seed1")
    operands = draw(case)
    first = pyconv.run(case, operands)["output"]
    assert {"im2col", "direct", "pointwise"} <= set(pyconv.algorithms)
    for name in pyconv.algorithms:
        with pyconv.using(name), pyconv.poisoned():
            assert np.array_equal(pyconv.run(case, operands)["output"], first)


@pytest.mark.parametrize(
    "line",
    [
        "conv2d n1 c2 o2 h5x5 k3x3 f32 ints seed1",
        "conv2d n2 c3 o3 h6x6 k1 g3 bias module reversed f64 real seed2",
        "conv_transpose1d n1 c2 o2 h4 k3 s2 complex64 real seed3",
        "conv3d n1 c1 o2 h4x4x4 k2 circular p1 bf16 ints seed4",
    ],
)
def test_the_other_algorithms_are_those_that_change_what_is_chosen_for_a_pass(line):
    pyconv, case = load("pyconv"), parse(line)
    operands = draw(case)

    def chosen():
        with mock.patch.object(conv, "choose", wraps=conv.choose) as asked:
            pyconv.run(case, operands)
        return [conv.choose(*call.args).name for call in asked.call_args_list]

    plain, changed = chosen(), []
    for name in pyconv.algorithms:
        with pyconv.using(name):
            changed += [name] * (chosen() != plain)
    assert pyconv.others(case, operands) == tuple(changed)
    assert 0 < len(changed) < len(pyconv.algorithms)


@pytest.mark.parametrize(
    ("name", "kind", "text"),
    [
        ("no_such_module", ImportError, "no_such_module"),
        ("json", ValueError, "json has no nn and no from_numpy"),
        ("json:absent", AttributeError, "absent"),
    ],
)
def test_what_is_no_library_is_refused(name, kind, text):
    with pytest.raises(kind, match=text):
        load(name)


def test_a_library_with_torchs_api_needs_no_adapter():
    assert load("torch").name == "torch"
    assert load("pyconv").orders == 2
