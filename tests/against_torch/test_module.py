"""Modules, parameters and containers: one script, run with torch and with pyconv, has the same outcome.

An outcome is what a scenario returns, as text, or its exception with its text, and its warnings. A scenario gets the
library and its `nn`, and defines its own modules. Many are a line of a table, past 300 lines in all: a statement with
`t`, `nn` and what is under test.
"""

import copy
import inspect
import pickle
import re
import warnings
from collections import OrderedDict
from types import SimpleNamespace

import numpy as np
import pytest
import torch

import pyconv

NAMES = {"copy": copy, "np": np, "pickle": pickle, "OrderedDict": OrderedDict}
CONTAINERS = ("Sequential", "ModuleList", "ModuleDict")
CONVOLUTIONS = ("Conv1d", "Conv2d", "Conv3d", "ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d")
LAZY = tuple(f"Lazy{name}" for name in CONVOLUTIONS)
PARAMETERS = ("Parameter", "Buffer", "UninitializedParameter", "UninitializedBuffer")


def namespace(library):
    """What the scenarios use of a library's `nn`."""
    found = {name: getattr(library.nn, name) for name in ("Module", *CONTAINERS, *CONVOLUTIONS, *LAZY)}
    return SimpleNamespace(**found, **{name: getattr(library.nn.parameter, name) for name in PARAMETERS})


OURS, THEIRS = namespace(pyconv), namespace(torch)


def outcome(call, *arguments):
    """What a call returns or raises, and its warnings, as text."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            result = repr(call(*arguments))
        except Exception as error:
            result = f"{type(error).__name__}: {error}"
    return "\n".join([plain(result), *(f"{w.category.__name__}: {w.message}" for w in caught)])


def plain(text):
    """A text with torch's module names, and without what only one of them can say."""
    text = (
        text.replace("pyconv.", "torch.")
        .replace("modules.lazy_conv", "modules.conv")
        .replace("modules.conv_transpose", "modules.conv")
    )
    text = re.sub(r"parameter in (<.*?>|a function)\. This", "parameter in ... This", text)
    return text.replace(", bool copy = False, *, torch.memory_format memory_format = None)", ")")


def same(scenario):
    assert outcome(scenario, pyconv, OURS) == outcome(scenario, torch, THEIRS)


def make(t, nn):
    """A tree with all kinds of members, a tied parameter and a module that stands in it twice."""

    class Leaf(nn.Module):
        def __init__(self, amount=2.0):
            super().__init__()
            self.w = nn.Parameter(t.tensor([amount, 1.0]))
            self.register_parameter("bias", None)
            self.register_buffer("count", t.tensor(0))
            self.register_buffer("cache", t.zeros(1), persistent=False)
            self.mean = nn.Buffer(t.ones(2, dtype=t.float64))

        def extra_repr(self):
            return f"size={self.w.shape[0]}"

        def forward(self, x, shift=0):
            return x * self.w + shift

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.first = Leaf()
            self.blocks = nn.ModuleList([Leaf(), Leaf(), nn.Sequential(Leaf(3.0))])
            self.again = self.first
            self.tied = self.blocks[0].w
            self.add_module("none", None)

        def forward(self, x):
            return self.blocks[2](self.first(x))

    return Net()


STATEMENTS = """
net
list(net.named_modules())
net.named_modules(prefix='p', remove_duplicate=False).__class__.__name__
[n for n, _ in net.named_modules(prefix='p', remove_duplicate=False)]
list(net.named_children())
list(net.named_parameters())
list(net.named_parameters('p', recurse=False))
[n for n, _ in net.named_parameters(remove_duplicate=False)]
[n for n, _ in net.named_buffers()]
list(net.buffers(recurse=False))
net.state_dict()
net.state_dict()._metadata
net.state_dict(keep_vars=True, prefix='p.')
net.state_dict({}, 'p.')
[n for n in dir(net) if not n.startswith('_') and n in ('first', '0', 'tied', 'none', 'apply', 'training')]
net(t.ones(2))
net.first(t.ones(2), shift=t.ones(1))
net.first(x=t.ones(2))
net.y
net.first.w.foo
nn.Module()(3)
nn.Module(3)
nn.Module(x=3)
nn.ModuleList()(3)
setattr(net, 'first', 3)
setattr(net, 'first', t.ones(1))
setattr(net, 'first', nn.Conv2d(1, 1, 1)) or net.again
setattr(net.first, 'w', nn.Conv2d)
setattr(net.first, 'w', nn.Conv2d(1, 1, 1))
setattr(net.first, 'w', np.ones(1))
setattr(net.first, 'w', 'x')
setattr(net.first, 'w', None) or (net.first.w, list(net.first.state_dict()))
setattr(net.first, 'bias', nn.Parameter(t.ones(1))) or net.first.state_dict()
setattr(net.first, 'count', nn.Parameter(t.ones(1))) or net.first.state_dict()
setattr(net.first, 'count', 3)
setattr(net.first, 'count', None) or net.first.state_dict()
setattr(net.first, 'cache', nn.Buffer(t.ones(1))) or net.first.state_dict()
setattr(net, 'tied', nn.Parameter(t.ones(1), requires_grad=False)) or net.tied
delattr(net, 'first') or net
delattr(net.first, 'w') or list(net.first.state_dict())
delattr(net, 'x')
net.register_parameter('x', t.ones(1))
net.register_parameter('x', 3)
net.register_parameter('x', nn.Module)
net.register_parameter('x.y', None)
net.register_parameter('', None)
net.register_parameter(3, None)
net.register_parameter('first', None)
net.register_buffer('x', np.ones(1))
net.register_buffer('x', 3)
net.register_buffer('x.y', None)
net.register_buffer(b'x', None)
net.register_buffer('tied', None)
net.register_module('x', None) or net
net.add_module('x', 3)
net.add_module('x', nn.Conv2d)
net.add_module('x', t.ones(1))
net.add_module('x.y', nn.Module())
net.add_module('', nn.Module())
net.add_module(None, nn.Module())
net.add_module('eval', nn.Module())
net.get_submodule('blocks.2.0')
net.get_submodule('blocks.2.7')
net.get_submodule('first.w')
net.get_submodule('')
net.get_parameter('blocks.1.w')
net.get_parameter('first.count')
net.get_parameter('first.x')
net.get_buffer('first.count')
net.get_buffer('first.w')
net.set_submodule('first.w', nn.Module())
net.set_submodule('', nn.Module())
net.set_submodule('first.x', nn.Module()) or net.first
net.set_submodule('first.x', nn.Module(), strict=True)
net.train(3)
net.train('x')
[m.training for m in net.eval().modules()]
net.requires_grad_(False).tied
net.apply(lambda m: setattr(m, 'seen', True)).first.seen
net.double()
list(net.half().state_dict().values())
list(net.bfloat16().state_dict().values())
list(net.float().first.buffers())
list(net.type(t.float64).first.state_dict().values())
list(net.to(t.float64).first.state_dict().values())
list(net.to('cpu', t.float64).first.state_dict().values())
list(net.to(t.ones(1, dtype=t.float16)).first.state_dict().values())
list(net.to(dtype=t.float64, device='cpu').first.state_dict().values())
list(net.to(t.complex64).first.state_dict().values())
net.to(t.int64)
net.to(t.ones(1).int())
net.to(dtype=t.bool)
net.to(t.float32, t.float32)
net.to(foo=1)
net.to(foo=1, bar=2)
net.to(t.float32, foo=1)
net.to('cpu', 'cpu')
net.to('cpu', device='cpu')
net.to([])
net.to(tensor=t.ones(1), dtype=t.float32)
net.to(copy=True)
net.cpu().tied
net.load_state_dict(net.state_dict())
net.load_state_dict([])
net.load_state_dict({})
net.load_state_dict({}, strict=False)
net.load_state_dict({'x': 1, 'first.x': 2, 'first.bias': t.ones(1), 'none.x': 3, 'first.cache': t.ones(1)})
net.load_state_dict({'x': 1, 'first.x': 2, 'first.w.y': 3, 'blocks.9.w': 3}, strict=False)
net.first.load_state_dict({'w': t.ones(3), 'count': t.tensor([5]), 'mean': np.ones(2)})
net.first.load_state_dict({'w': t.ones(2, 1), 'count': t.ones(2), 'mean': 3}, strict=False)
net.first.load_state_dict({'w': t.tensor([1, 2]), 'count': t.tensor(2.7), 'mean': t.ones(2)}), net.first.state_dict()
net.first.load_state_dict({'w': t.tensor([1, 2]), 'count': t.tensor(2.7), 'mean': t.ones(2)}, assign=True)
net.first.load_state_dict({'w': t.ones(2).half(), 'count': t.tensor(2.7), 'mean': t.ones(2)}, assign=True), net
copy.deepcopy(net)
copy.deepcopy(net).state_dict(), copy.deepcopy(net).tied is net.tied
copy.copy(net).first is net.first
pickle.loads(pickle.dumps(nn.Sequential(nn.Conv1d(1, 1, 1))))
"""


@pytest.mark.parametrize("statement", [line for line in STATEMENTS.splitlines() if line])
def test_statement(statement):
    def scenario(t, nn):
        t.manual_seed(0)
        return eval(statement, {**NAMES, "t": t, "nn": nn, "net": make(t, nn)})

    same(scenario)


CONTAINER_STATEMENTS = """
s
s[1], s[-1], s[:1], s[5:]
s[9]
s['a']
s.append(a(9)).insert(0, a(8)), s
s.insert(-1, a(7)), s
s.insert(9, a(7)), s
s.insert(0, 3)
s.extend([a(3), a(3)]), s
s.extend(3)
s.extend([3])
s.pop(0), s
s.pop(slice(1)), s
s.__delitem__(1), s
s.__delitem__(slice(None, None, 2)), s
s.__delitem__(7)
s.__setitem__(-1, a(5)), s
s.__setitem__(0, 5)
s.__setitem__(7, a(5))
s.__add__(type(s)()), s
s.__add__(s)
s.__add__(3)
s.__iadd__(type(s)()), s
s.__iadd__(3)
s.__mul__(2)
s.__rmul__(2)
s.__mul__(0)
s.__mul__(1.5)
s.__imul__(2)
s.__imul__(-1)
len(s), list(s), [n for n in dir(s) if n.isdigit()]
s(1.0)
s.state_dict()
nn.ModuleList([a(1), a(1), s, s, a(1)])
nn.Sequential(OrderedDict(x=a(1), y=s))
nn.Sequential(OrderedDict(x=a(1), y=s))[1:]
nn.Sequential(OrderedDict(x=a(1), y=s)).append(a(3)).pop(0)
nn.Sequential(3)
nn.Sequential([a(1)])
nn.ModuleList(3)
nn.ModuleList([3])
nn.ModuleList(), nn.Sequential(), nn.ModuleDict()
nn.ModuleDict({'a': a(1), 'b': s})
nn.ModuleDict([('b', a(1)), ('a', s)])
nn.ModuleDict([3])
nn.ModuleDict([(1, 2, 3)])
nn.ModuleDict([(1, a(2))])
nn.ModuleDict({'x.y': a(1)})
nn.ModuleDict({'pop': a(1)})
nn.ModuleDict(3)
nn.ModuleDict({'a': a(1)})['b']
nn.ModuleDict({'a': a(1)}).pop('b')
(lambda d: (d.pop('a'), d, d.update({'z': a(9)}), d, 'z' in d, list(d.items())))(nn.ModuleDict({'a': a(1)}))
(lambda d: (d.clear(), d))(nn.ModuleDict({'a': a(1)}))
"""


@pytest.mark.parametrize("kind", ["Sequential", "ModuleList"])
@pytest.mark.parametrize("statement", [line for line in CONTAINER_STATEMENTS.splitlines() if line])
def test_container_statement(statement, kind):
    def scenario(t, nn):
        class Add(nn.Module):
            def __init__(self, amount):
                super().__init__()
                self.amount = nn.Parameter(t.tensor(float(amount)))

            def extra_repr(self):
                return f"{self.amount.item()}"

            def forward(self, x):
                return x + self.amount

        modules = [Add(1), Add(2), Add(2)]
        made = getattr(nn, kind)(*modules) if kind == "Sequential" else getattr(nn, kind)(modules)
        return eval(statement, {**NAMES, "t": t, "nn": nn, "s": made, "a": Add})

    same(scenario)


@pytest.mark.parametrize("prepend", [False, True])
@pytest.mark.parametrize("fails", [False, True])
def test_hooks_are_called_alike(prepend, fails):
    def scenario(t, nn):
        seen = []

        class Echo(nn.Module):
            def forward(self, *args, **kwargs):
                if fails:
                    raise ValueError("failed")
                return args, kwargs

        echo = Echo()
        for i, options in enumerate(({}, {"with_kwargs": True}, {"always_call": True})):
            before = {name: value for name, value in options.items() if name != "always_call"}
            echo.register_forward_pre_hook(
                lambda *seen_by, i=i: seen.append((i, seen_by[1:])), prepend=prepend, **before
            )
            echo.register_forward_hook(lambda *seen_by, i=i: seen.append((i, seen_by[1:])), prepend=prepend, **options)
        echo.register_forward_pre_hook(lambda m, args: args[0] + 1)
        echo.register_forward_hook(lambda m, args, output: seen.append(output) or 7, always_call=True)
        echo.register_forward_hook(lambda m, args, output: seen.append(output) or m.missing, always_call=True)
        try:
            echo(1, k=2)
        except Exception as error:
            seen.append(repr(error))
        return seen

    same(scenario)


USES = """
p
p.data
p.dtype
p.size()
p.shape
p.is_leaf, p.grad, p.requires_grad, p.grad_fn
p.is_floating_point(), p.is_complex()
p.double().dtype, p.to(t.float16).dtype, p.cpu().dtype
p + 1
p.detach()
p.clone()
p.numel()
p == 3
p.item()
t.relu(p)
nn.Parameter(p)
copy.deepcopy(p)
pickle.loads(pickle.dumps(p))
p.materialize((2, 0)), p
p.materialize((2, 0), dtype=t.float16), p
p.materialize((2, 0), device='cpu'), p.shape
"""


@pytest.mark.parametrize("use", [line for line in USES.splitlines() if line])
def test_uninitialized_parameter(use):
    same(lambda t, nn: eval(use, {**NAMES, "t": t, "nn": nn, "p": nn.UninitializedParameter(requires_grad=False)}))


PARAMETER_USES = """
nn.Parameter()
nn.Parameter(t.ones(2))
nn.Parameter(t.ones(2, 2), requires_grad=False)
nn.Parameter(t.ones(2).int())
nn.Parameter(t.ones(2).int(), False)
nn.Parameter([1.0])
nn.Parameter(3.0)
nn.Parameter(t.ones(2, requires_grad=True) * 2)
nn.Parameter(t.ones(2)) * 2
[type(x).__name__ for x in (lambda p: (p + 1, p.data, p.detach(), p.view(2), p.to(t.float32), p.double()))(nn.Parameter(t.ones(2)))]
nn.Parameter(t.ones(2)).add_(1)
copy.deepcopy(nn.Parameter(t.ones(2), False))
pickle.loads(pickle.dumps(nn.Parameter(t.ones(2), False)))
f'{nn.Parameter(t.ones(2))}'
nn.Buffer(t.ones(2)), nn.Buffer(), nn.Buffer(t.ones(1), persistent=False).persistent
nn.Buffer(t.ones(2, requires_grad=True))
nn.Buffer([1])
isinstance(nn.Buffer(), nn.Buffer), isinstance(t.ones(1), nn.Buffer), isinstance(nn.Buffer(), nn.Parameter)
nn.UninitializedBuffer().half()
"""  # noqa: E501 (a statement a line)


@pytest.mark.parametrize("use", [line for line in PARAMETER_USES.splitlines() if line])
def test_parameter(use):
    same(lambda t, nn: eval(use, {**NAMES, "t": t, "nn": nn}))


LAZY_ARGUMENTS = {
    "plain": (lambda nn, name: getattr(nn, name)(6, 2)),
    "groups, no bias": (lambda nn, name: getattr(nn, name)(6, 3, groups=2, bias=False)),
    "stride, padding, dilation": (lambda nn, name: getattr(nn, name)(4, 2, stride=2, padding=1, dilation=2)),
    "groups that do not divide": (lambda nn, name: getattr(nn, name)(6, 2, groups=3)),
}


@pytest.mark.parametrize("arguments", LAZY_ARGUMENTS)
@pytest.mark.parametrize("rank", [0, 1, 2, 3])
@pytest.mark.parametrize("name", LAZY)
def test_lazy_convolution(name, rank, arguments):
    """The text before and after, the state, the initial values and the second class, for inputs of every rank."""

    def scenario(t, nn):
        t.manual_seed(5)
        layer = LAZY_ARGUMENTS[arguments](nn, name)
        before = repr(layer), repr(layer.state_dict()), layer.has_uninitialized_params()
        output = layer(t.ones(*(2, 4, 5, 5, 5, 5)[: int(name[-2]) + rank]))
        values = [(key, value.flatten().tolist()) for key, value in layer.state_dict().items()]
        return before, layer, type(layer).__name__, layer.in_channels, values, output.shape, layer._forward_pre_hooks

    same(scenario)


def test_loading_between_lazy_and_eager_layers():
    def scenario(t, nn):
        t.manual_seed(5)
        first, second, third = nn.LazyConv1d(2, 2), nn.LazyConv1d(2, 2), nn.LazyConv1d(2, 2)
        keys = [second.load_state_dict(first.state_dict())]
        first(t.ones(1, 3, 4))
        keys += [second.load_state_dict(first.state_dict()), nn.Conv1d(3, 2, 2).load_state_dict(second.state_dict())]
        text = repr(second)
        second(t.ones(1, 3, 4))
        third.load_state_dict({"bias": t.ones(2)}, strict=False)
        state = repr(third.state_dict())
        return keys, text, second, second.weight, state, outcome(third, t.ones(1, 3, 4))

    same(scenario)
    same(lambda t, nn: nn.Conv1d(3, 2, 2).load_state_dict(nn.LazyConv1d(2, 2).state_dict()))


def parameters(function):
    return [(p.name, p.kind, p.default) for p in inspect.signature(function).parameters.values()]


METHODS = """
add_module
apply
bfloat16
buffers
children
cpu
double
eval
extra_repr
float
get_buffer
get_extra_state
get_parameter
get_submodule
half
load_state_dict
modules
named_buffers
named_children
named_modules
named_parameters
parameters
register_buffer
register_forward_hook
register_forward_pre_hook
register_load_state_dict_post_hook
register_load_state_dict_pre_hook
register_module
register_parameter
register_state_dict_post_hook
register_state_dict_pre_hook
requires_grad_
set_extra_state
set_submodule
state_dict
to
to_empty
train
type
zero_grad
_apply
_get_name
_load_from_state_dict
_named_members
_register_load_state_dict_pre_hook
_save_to_state_dict
"""


@pytest.mark.parametrize("method", METHODS.split())
def test_signature(method):
    assert parameters(getattr(OURS.Module, method)) == parameters(getattr(THEIRS.Module, method))


@pytest.mark.parametrize("name", [*PARAMETERS, *CONTAINERS, *CONVOLUTIONS, *LAZY])
def test_signature_of_a_constructor(name):
    assert parameters(getattr(OURS, name)) == parameters(getattr(THEIRS, name))
