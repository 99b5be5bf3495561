"""Normalization beside torch's: texts of errors and warnings, node names, printed modules, states, seeds."""

import numpy as np
import pytest
import torch

import pyconv
from tests.against_torch.outcome import assert_same, outcome

EXPRESSIONS = """
F.batch_norm(o(1, 3), z(3), o(3), training=True)
F.batch_norm(o(1, 3, 1, 1), z(3), o(3), training=True)
F.batch_norm(o(2, 3), z(4), z(4))
F.batch_norm(o(2, 3), z(3), None)
F.batch_norm(o(2, 3), z(3), None, training=True)
F.batch_norm(o(2, 3), None, None)
F.batch_norm(o(3), z(3), z(3))
F.batch_norm(o(2, 3), z(3), o(3), o(2))
F.batch_norm(o(2, 3), z(3), o(3), None, o(2))
F.batch_norm(o(2, 3), z(3), o(3), o(3).double())
F.batch_norm(o(2, 3).double(), z(3), o(3))
F.batch_norm(o(2, 3).half(), z(3).half(), o(3).half(), o(3))
F.batch_norm(o(2, 3).bfloat16(), None, None, o(3).bfloat16(), o(3), training=True)
F.batch_norm(o(2, 3).long(), None, None, training=True)
F.batch_norm(o(2, 3), z(3), o(3), eps=-1)
F.batch_norm(o(2, 3), z(3, 1), o(3))
F.batch_norm(z(0, 3), z(3), o(3), o(3) * 2, o(3), training=True)
T.batch_norm(o(1, 3), None, None, z(3), o(3), True, 0.1, 1e-5, True)
T.batch_norm(o(3), None, None, None, None, True, 0.1, 1e-5, True)
T.native_batch_norm(z(2, 3, 0), None, None, None, None, True, 0.1, 1e-5)
T.native_batch_norm(o(2, 3).half(), o(3), None, None, None, True, 0.1, 1e-5)
T.native_layer_norm(z(2, 0), (0,), None, None, 1e-5)
T.native_group_norm(z(2, 4, 0), None, None, 2, 4, 0, 2, 1e-5)
T.native_group_norm(z(2, 4, 3), None, None, 2, 4, 4, 2, 1e-5)
F.instance_norm(o(2, 3))
F.instance_norm(o(2, 3, 4), use_input_stats=False)
F.instance_norm(o(2, 3, 4), z(2), z(2))
F.instance_norm(o(2, 3, 4), weight=o(2))
T.instance_norm(o(2), None, None, None, None, True, 0.1, 1e-5, True)
F.group_norm(o(2, 4), 3)
F.group_norm(o(2), 1)
F.group_norm(o(1, 2), 2)
F.group_norm(o(2, 4), 0)
F.group_norm(o(2, 4), -2)
F.group_norm(o(2, 4), 2, o(3))
F.group_norm(o(2, 4), 2, None, o(3))
F.group_norm(o(2, 4).long(), 2)
T.group_norm(o(2, 4), 1.5)
T.group_norm(o(3), 1)
F.layer_norm(o(2, 4), (3,))
F.layer_norm(o(2, 4), ())
F.layer_norm(o(2, 4), 4)
F.layer_norm(o(2, 4), (4,), o(3))
F.layer_norm(o(2, 4), (4,), None, o(3))
F.layer_norm(o(2, 4).half(), (4,), o(4).half(), o(4))
F.layer_norm(o(2, 4), (4,), 1)
F.rms_norm(o(2, 4), (3,), None, 0.1)
F.rms_norm(o(4), (1, 4), None, 0.1)
F.rms_norm(o(2, 4).long(), (4,), None, 0.1)
F.local_response_norm(o(2, 3), 2)
F.local_response_norm(o(2, 3, 4), 0)
F.local_response_norm(o(2, 3, 4, 5), -1)
F.local_response_norm(o(2, 3, 4).int(), 2)
F.local_response_norm(o(2, 3, 4, 5).half(), 2)
F.local_response_norm(o(2, 3, 4).long(), 2)
F.normalize(o(2, 3).long())
nn.BatchNorm1d(3)(o(3))
nn.BatchNorm2d(3)(o(2, 3, 4))
nn.SyncBatchNorm(3)(o(3))
nn.SyncBatchNorm(3)(z(2, 0))
nn.InstanceNorm1d(3)(o(2, 4, 5))
nn.InstanceNorm1d(3, affine=True)(o(2, 4, 5))
nn.InstanceNorm2d(3)(o(3))
nn.GroupNorm(3, 4)
nn.CrossMapLRN2d(3)(o(2, 3, 4))
nn.CrossMapLRN2d(0)(o(2, 3, 4, 4))
nn.LazyBatchNorm1d()(o(2, 3, 4, 5))
repr(nn.BatchNorm2d(3, momentum=None, bias=False))
repr(nn.LazyBatchNorm3d(eps=1e-3))
repr(nn.SyncBatchNorm.convert_sync_batchnorm(nn.Sequential(nn.BatchNorm1d(2), nn.ReLU())))
repr(nn.InstanceNorm3d(2, affine=True))
repr(nn.LayerNorm([2, 3], bias=False))
repr(nn.GroupNorm(2, 4, affine=False))
repr(nn.RMSNorm(3))
repr(nn.CrossMapLRN2d(2))
repr(nn.LocalResponseNorm(2))
""".strip().splitlines()


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_an_expression_gives_what_it_gives_in_torch(expression):
    def program(library):
        names = {"T": library, "nn": library.nn, "F": library.nn.functional, "o": library.ones, "z": library.zeros}
        return eval(expression, names)

    ours, theirs = (outcome(program, library) for library in (pyconv, torch))
    assert_same(ours[0], theirs[0])
    assert ours[1] == theirs[1]


NODES = {
    "batch": "F.batch_norm(x, None, None, w, None, True)",
    "group": "F.group_norm(x, 2, w)",
    "layer": "F.layer_norm(x, (5,))",
    "instance": "F.instance_norm(x, weight=w)",
    "rms": "F.rms_norm(x, (5,))",
    "rms of half": "F.rms_norm(x.bfloat16(), (5,))",
    "response": "F.local_response_norm(x, 3)",
    "normalize": "F.normalize(x)",
    "old response": "nn.CrossMapLRN2d(3)(x.view(1, 3, 4, 5))",
}


@pytest.mark.parametrize("expression", NODES.values(), ids=NODES)
def test_the_last_nodes_have_the_names_of_torch(expression):
    def program(library):
        x, w = library.ones(3, 4, 5, requires_grad=True), library.ones(4, requires_grad=True)
        names = {"nn": library.nn, "F": library.nn.functional, "x": x, "w": w}
        return eval(expression, names).grad_fn.name()

    assert program(pyconv) == program(torch)


SECOND = ["F.batch_norm(x, m, v, w, b, True)", "F.batch_norm(x, m, v, w, b)", "F.group_norm(x, 2, w, b)",
          "F.layer_norm(x, (4, 5))", "F.instance_norm(x, m, v, w, b)", "F.rms_norm(x, (5,))",
          "F.local_response_norm(x, 3)", "F.normalize(x, 3.0)"]  # fmt: skip


@pytest.mark.parametrize("expression", SECOND)
def test_both_derivatives_are_those_of_torch(expression):
    generator = np.random.default_rng(0)
    arrays = [generator.normal(size=shape) for shape in ((3, 4, 5), (4,), (4,), (3, 4, 5))]

    def program(library):
        x, w, b, g = (library.from_numpy(a.copy()) for a in arrays)
        leaves = [x.requires_grad_(), w.requires_grad_(), b.requires_grad_()]
        m, v = library.zeros(4, dtype=library.float64), library.ones(4, dtype=library.float64)
        names = {"F": library.nn.functional, "x": x, "w": w, "b": b, "m": m, "v": v}
        first = library.autograd.grad(eval(expression, names), leaves, g, create_graph=True, allow_unused=True)
        found = [f for f in first if f is not None]
        second = library.autograd.grad(sum((f * f).sum() for f in found), leaves, allow_unused=True)
        return [f.detach() for f in found], [s for s in second if s is not None], m, v

    ours, theirs = (outcome(program, library) for library in (pyconv, torch))
    assert_same(ours[0], theirs[0])


@pytest.mark.parametrize("shape", [(4, 3), (4, 3, 5)])
@pytest.mark.parametrize("momentum", [0.1, None])
def test_training_and_evaluation_go_as_in_torch(shape, momentum):
    batches = [np.random.default_rng(i).normal(1, 2, shape).astype(np.float32) for i in range(4)]

    def program(library):
        layer = library.nn.LazyBatchNorm1d(momentum=momentum)
        seen = [layer(library.from_numpy(x)).detach() for x in batches[:3]]
        return seen, dict(layer.state_dict()), layer.eval()(library.from_numpy(batches[3])).detach()

    ours, theirs = (outcome(program, library) for library in (pyconv, torch))
    assert_same(ours[0], theirs[0])
