"""Each program runs without the harness, and prints what both libraries give."""

import contextlib
import io
import re
import subprocess
import sys
import types
import warnings

import numpy as np
import pytest
import torch as T

from conformance.adapters import load
from conformance.case import SPATIAL_AXES
from conformance.cases import draw
from conformance.cases.pad import is_undefined
from conformance.checks.difference import Raised
from conformance.checks.reference import Live
from conformance.fills import laid_out
from conformance.literals import LARGEST_LITERAL, array_lines, literal
from conformance.snippet import call_text, snippet
from conformance.tokens import parse


def printed(text):
    """What a program prints, run here."""
    assert "conformance" not in text
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(compile(text, "snippet", "exec"), {})
    return shown.getvalue()


def program(torch, line, candidate, where="output"):
    live = Live(parse(line), torch)
    shape = None if isinstance(live.outcome, Raised) else live.outcome["output"].shape
    return live, snippet(live.case, live.operands, candidate, where, shape)


class Faulty(types.ModuleType):
    """torch, but that each function of `nn.functional` gives its result times -2."""

    def __init__(self, name):
        super().__init__(name)
        functional = types.SimpleNamespace(
            **{op: self.wrong(op) for op in ("conv1d", "conv2d", "pad", "unfold", "fold")}
        )
        modules = {kind: self.module(kind) for kind in ("Conv1d", "ConvTranspose2d", "Fold")}
        self.nn = types.SimpleNamespace(functional=functional, Parameter=T.nn.Parameter, **modules)

    def __getattr__(self, name):
        return getattr(T, name)

    @staticmethod
    def wrong(op):
        return lambda *args, **kwargs: -2 * getattr(T.nn.functional, op)(*args, **kwargs)

    @staticmethod
    def module(kind):
        class Wrong(getattr(T.nn, kind)):
            def forward(self, *args):
                return -2 * super().forward(*args)

            def extra_repr(self):
                return "wrong"

        return Wrong


@pytest.fixture
def faulty(monkeypatch):
    monkeypatch.setitem(sys.modules, "faulty", Faulty("faulty"))
    return "faulty"


def number(text):
    kind = complex if "j" in text else int if re.fullmatch(r"-?\d+", text) else float
    return kind(text.strip("()"))


DIFFERENCES = [
    ("conv2d n1 c2 o2 h3x4 k2x3 s2,1 bias seed1", "output"),
    ("conv2d n1 c2 o2 h3x4 k2x3 s2,1 bias f64 real seed1", "input gradient"),
    ("conv1d c1 o1 h3 k2 bf16 real seed1", "weight gradient"),
    ("conv1d c1 o1 h3 k2 bias f16 seed1", "bias gradient"),
    ("conv1d n2 c2 o2 h5 k3 p2 reflect bias real seed1", "output"),
    ("conv1d n2 c2 o2 h5 k3 psame circular bias real seed1", "weight gradient"),
    ("conv1d n2 c2 o2 h5 k3 complex64 lists p1, seed1", "output"),
    ("conv_transpose2d n1 c1 o2 h3x4 k2 s2 os7x9 module bias f64 seed1", "output"),
    ("conv1d n1 c1 o1 h4 k2 i64 seed1", "output"),
    ("pad n1 c2 h3x4 p1,0,2,1 v1.5 lists seed1", "output"),
    ("unfold n1 c2 h3x4 k2,3 bf16 seed1", "input gradient"),
    ("fold n1 c8 h9 k2 os4 module seed1", "output"),
    ("conv2d n1 c2 o2 h3x4 k2x3 bias real strided bf16 seed1", "output"),
    ("conv2d n1 c2 o2 h3x4 k2x3 bias real fortran seed1", "input gradient"),
    ("conv2d n1 c2 o2 h3x4 k2x3 real reversed seed1", "weight gradient"),
    ("conv2d n1 c2 o2 h3x4 k2x3 real reversed bf16 seed1", "output"),
    ("conv2d n1 c2 o2 h3x4 k2x3 real readonly seed1", "output"),
    ("conv2d n1 c2 o2 h3x4 k2x3 real overlapping seed1", "input gradient"),
    ("conv2d n3 c8 o12 h9x8 k3x3 p1 bias real bf16 seed21", "weight gradient"),
    ("conv2d n3 c8 o12 h9x8 k3x3 p1 bias f16 seed21", "output"),
    ("conv2d n3 c8 o12 h9x8 k3x3 p1 bias complex128 overlapping seed21", "input gradient"),
    ("conv2d n3 c8 o12 h9x8 k3x3 p1 bias u8 strided seed21", "output"),
]


@pytest.mark.filterwarnings("ignore:The given NumPy array is not writable")
@pytest.mark.parametrize(("line", "where"), DIFFERENCES)
def test_the_difference_is_shown(torch, faulty, line, where):
    live, text = program(torch, line, faulty, where)
    shown = printed(text)
    found = re.search(r"at \((.*?)\) torch (\S+) candidate (\S+)", shown)
    index = tuple(int(part) for part in found[1].split(",") if part)
    right = live.outcome[where][index]
    with np.errstate(over="ignore"):
        wrong = torch.tensor(live.outcome[where]).mul(-2)[index].item()
    assert (number(found[2]), number(found[3])) == (right, wrong)


@pytest.mark.parametrize(
    ("line", "where"),
    [
        ("conv2d n1 c2 o2 h3x4 k2x3 bias real", "second derivative by cotangent"),
        ("conv1d n1 c2 o2 h3 k2 f64", "second derivative by input"),
        ("conv1d n1 c2 o2 h3 k2 p1 reflect bias f64", "second derivative by weight"),
    ],
)
def test_second_derivatives_are_shown(torch, faulty, line, where):
    live, text = program(torch, line, faulty, where)
    found = re.search(r"at \((.*?)\) torch (\S+) candidate (\S+)", printed(text))
    right = live.second[0][where][tuple(int(part) for part in found[1].split(","))]
    assert float(found[2]) == pytest.approx(right)
    assert float(found[3]) == pytest.approx(-2 * right)


def test_a_difference_of_dtype_or_shape_is_shown(torch, monkeypatch):
    other = Faulty("other")
    other.nn.functional.conv1d = lambda *args, **kwargs: T.conv1d(*args, **kwargs).double()[None]
    monkeypatch.setitem(sys.modules, "other", other)
    _, text = program(torch, "conv1d c1 o1 h3 k2 seed1", "other")
    first, second = printed(text).splitlines()[:2]
    assert first == "torch torch.float32 (1, 2) candidate torch.float64 (1, 1, 2)"
    assert second.startswith("torch [[")


def test_errors_are_shown(torch, monkeypatch):
    other = Faulty("other")

    def conv1d(*args, **kwargs):
        raise KeyError("stride")

    other.nn.functional.conv1d = conv1d
    monkeypatch.setitem(sys.modules, "other", other)
    _, text = program(torch, "conv1d n1 c1 o1 h3 k2 s-1", "other", "error")
    assert printed(text).splitlines() == [
        "torch raises RuntimeError: non-positive stride is not supported",
        "candidate raises KeyError: 'stride'",
    ]
    _, text = program(torch, "conv1d n1 c1 o1 h3 k2", "other", "error")
    assert re.match(r"torch raises nothing, gives .*\ncandidate raises KeyError", printed(text), re.DOTALL)


def test_an_error_of_the_gradient_alone_is_shown(torch, monkeypatch):
    other = Faulty("other")
    other.nn.functional.conv1d = lambda *args, **kwargs: T.conv1d(*args, **kwargs).detach()
    monkeypatch.setitem(sys.modules, "other", other)
    _, text = program(torch, "conv1d n1 c1 o1 h3 k2", "other", "error")
    assert "candidate raises RuntimeError: element 0 of tensors does not require grad" in printed(text)


@pytest.mark.parametrize(
    ("where", "shown"),
    [
        ("repr", "candidate Wrong(wrong)"),
        ("attribute stride", "candidate (1,)"),
        ("initial weight", "candidate tensor([[[-0.3954"),
        ("state_dict keys", "candidate ['weight']"),
        ("state_dict weight", "candidate (torch.float32, torch.Size([1, 1, 2]))"),
    ],
)
def test_what_a_module_says_of_itself_is_shown(torch, faulty, where, shown):
    _, text = program(torch, "conv1d c1 o1 h3 k2 module seed7", faulty, where)
    lines = printed(text)
    assert lines.startswith("torch ")
    assert shown.partition("-")[0] in lines


def test_lines_of_another_library_are_pasted(torch):
    code = "import numpy\ngot = numpy.stack([numpy.correlate(image[0], w[0, 0]) for image in x])[:, None] + 1"
    _, text = program(torch, "conv1d n2 c1 o1 h4 k2 f64 real seed1", code)
    shown = printed(text)
    found = re.search(r"at \((.*?)\) torch (\S+) candidate (\S+)", shown)
    assert float(found[3]) == pytest.approx(float(found[2]) + 1)
    _, text = program(torch, "conv1d n1 c1 o1 h4 k2 s0", "got = undefined", "error")
    assert "candidate raises NameError" in printed(text)


def test_a_program_runs_on_its_own(torch, tmp_path):
    (tmp_path / "wrong.py").write_text(
        "from torch import *\nfrom torch import autograd\nfrom types import SimpleNamespace\nimport torch\n"
        "nn = SimpleNamespace(functional=SimpleNamespace(conv1d=lambda x, w: torch.conv1d(x, w.flip(-1))))\n"
    )
    live, text = program(torch, "conv1d c1 o1 h2 k2 f32 ints seed0", "wrong")
    (tmp_path / "show.py").write_text(text)
    run = subprocess.run([sys.executable, "show.py"], cwd=tmp_path, capture_output=True, text=True, check=True)
    x, w = (live.operands.arrays[name].ravel() for name in ("input", "weight"))
    assert f"torch {x @ w} candidate {x @ w[::-1]}" in run.stdout


def test_it_is_short_for_a_small_case(torch):
    _, text = program(torch, "conv1d c1 o1 h2 k2 f32 ints seed0", "pyconv", "weight gradient")
    assert len([line for line in text.splitlines() if line]) < 24
    assert max(map(len, text.splitlines())) < 110


@pytest.mark.filterwarnings("ignore")
def test_between_torch_and_pyconv_the_programs_show_agreement(torch):
    pyconv, shown = load("pyconv"), 0
    for number_ in range(60):
        case = draw(4, number_, list(SPATIAL_AXES))
        live = Live(case, torch)
        if is_undefined(case) or case.op.endswith("3d"):
            continue
        if isinstance(live.outcome, Raised):
            lines = printed(snippet(case, live.operands, "pyconv", "error")).splitlines()
            assert [line.split()[1] for line in lines[:1]] == ["raises"]
            continue
        got = pyconv.run(case, live.operands)
        for where, right in live.outcome.items():
            text = printed(snippet(case, live.operands, "pyconv", where, live.outcome["output"].shape))
            first, *rest = text.splitlines()
            assert first.count(str(right.shape)) == 2
            found = re.search(r"at \((.*?)\) torch (\S+) candidate (\S+)", rest[0])
            if found:
                index = tuple(int(part) for part in found[1].split(",") if part)
                assert (number(found[2]), number(found[3])) == (right[index], got[where][index])
                shown += 1
    assert shown > 50


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (
            "conv3d n1 c2 o2 h5x5x5 k3 s1,2,3 psame d2 g2",
            "F.conv3d(x, w, stride=(1, 2, 3), padding='same', dilation=2, groups=2)",
        ),
        (
            "conv_transpose1d c2 o2 h5 k3 op1 s2 lists p1,",
            "F.conv_transpose1d(x, w, stride=2, padding=[1], output_padding=1)",
        ),
        ("pad c1 h3 p1,1 reflect", "F.pad(x, (1, 1), mode='reflect')"),
        ("fold c4 h4 k2 os3x3 lists", "F.fold(x, [3, 3], 2)"),
        ("unfold c4 h4x4 k2,1 module", "m = nn.Unfold((2, 1))\nm(x)"),
        (
            "conv_transpose1d c2 o2 h5 k3 s2 os11, module bias f16",
            "m = nn.ConvTranspose1d(2, 2, 3, dtype=torch.float16, stride=2)\n"
            "m.weight = w = nn.Parameter(w)\nm.bias = b = nn.Parameter(b)\nm(x, (11,))",
        ),
    ],
)
def test_the_text_of_a_call(line, text):
    assert call_text(parse(line)) == text


@pytest.mark.parametrize("layout", ["strided", "fortran", "reversed", "readonly", "overlapping"])
@pytest.mark.parametrize("shape", [(3,), (2, 3), (2, 3, 4)])
def test_an_array_comes_back_with_its_layout(layout, shape):
    case = parse(f"conv1d h3 k2 {layout}")
    array = laid_out(np.arange(1.0, 1 + np.prod(shape), dtype=np.float32).reshape(shape), layout)
    scope = {"np": np}
    exec("\n".join(array_lines(case, {"input": array}, {"input": "x"})), scope)
    found = scope["x"]
    assert (found.dtype, found.strides, found.flags.writeable) == (array.dtype, array.strides, array.flags.writeable)
    assert np.array_equal(found, array)


@pytest.mark.parametrize("dtype", ["f64", "f32", "f16", "complex64", "complex128", "i64", "u8"])
def test_a_literal_has_every_digit(torch, dtype):
    fill = "ints" if dtype in ("i64", "u8") else "real"
    array = Live(parse(f"conv1d n2 c2 o1 h9 k2 {dtype} {fill} seed1"), torch).operands.arrays["input"]
    found = eval(literal(array), {"np": np})
    assert (found.dtype, found.shape, found.tobytes()) == (array.dtype, array.shape, array.tobytes())


def test_an_empty_array_is_written_with_its_shape():
    assert literal(np.zeros((2, 0, 3), np.float16)) == "np.zeros((2, 0, 3), dtype=np.float16)"


def test_large_arrays_are_computed_and_others_that_no_recipe_gives_written_out(torch):
    live, text = program(torch, "conv2d n3 c8 o12 h9x8 k3x3 p1 bias f16 seed21", "pyconv")
    assert live.operands.arrays["input"].size > LARGEST_LITERAL
    assert "x = numbers(0, 'float16', (3, 8, 9, 8)" in text
    doubled = live.operands.mapped(lambda a: a * 2 + 1)
    assert "x = np.array([[[[" in snippet(live.case, doubled, "pyconv")


@pytest.mark.parametrize("line", ["pad n0 c2 h4 p1,0 overlapping bf16", "fold n0 c4 h4 k2 os3 strided bf16 module"])
def test_an_empty_array_has_no_layout(torch, line):
    _, text = program(torch, line, "pyconv", "input gradient")
    assert printed(text).startswith("torch torch.bfloat16 (0, ")


def test_a_gradient_needs_the_shape_of_the_output(torch):
    live = Live(parse("conv1d c1 o1 h2 k2"), torch)
    with pytest.raises(ValueError, match="the weight gradient needs the shape of torch's output"):
        snippet(live.case, live.operands, "pyconv", "weight gradient")
