"""Each planted fault is named, in just these words; what is right, or wrong at random, is not."""

from dataclasses import replace

import ml_dtypes
import numpy as np
import pytest
import torch as T
import torch.nn.functional as F

from conformance.case import SPATIAL_AXES
from conformance.cases import draw
from conformance.cases.pad import is_undefined
from conformance.checks.reference import Live
from conformance.diagnose import diagnose
from conformance.fills import Operands
from conformance.tokens import parse


def maps_of(torch, live, wrong):
    """What a library gives whose operation is `wrong`, its gradients those of the wrong operation."""
    leaves = {name: torch.tensor(array.copy()) for name, array in live.operands.arrays.items()}
    for leaf in leaves.values():
        leaf.requires_grad_(leaf.is_floating_point() or leaf.is_complex())
    y = wrong(*leaves.values())
    maps = {"output": torch.array(y)}
    if y.requires_grad:
        cotangent = torch.tensor(live.operands.draw("cotangent", tuple(y.shape)))
        found = T.autograd.grad(y, list(leaves.values()), cotangent, allow_unused=True)
        found = [T.zeros_like(leaf) if g is None else g for leaf, g in zip(leaves.values(), found)]
        maps |= {f"{name} gradient": torch.array(g) for name, g in zip(leaves, found)}
    return maps


def guess(torch, line, wrong):
    live = Live(parse(line), torch)
    return diagnose(live.case, live.operands, torch, live.outcome, maps_of(torch, live, wrong))


def shuffled(y, groups):
    return y.unflatten(1, (groups, -1)).transpose(1, 2).flatten(1, 2)


def padded(x, low, high):
    return F.pad(x, (low, high))


def symmetric(x, amount):
    return T.cat([x[..., :amount].flip(-1), x, x[..., -amount:].flip(-1)], -1)


def unfold_columns(x, order):
    """unfold of a kernel of 2x3 over 4x5, the columns' parts in another order."""
    found = F.unfold(x, (2, 3)).unflatten(1, (2, 2, 3))
    return found.permute(0, *(1 + part for part in order), 4).flatten(1, 3)


OPERATIONS = {
    "flipped": (
        "conv2d n2 c2 o3 h5x6 k3x2 bias seed1",
        lambda x, w, b: F.conv2d(x, w.flip(-1, -2), b),
        "output, input gradient and weight gradient look like that of a true convolution, with the kernel flipped",
    ),
    "flipped, real": (
        "conv1d n2 c2 o3 h9 k3 real bf16 seed1",
        lambda x, w: F.conv1d(x, w.flip(-1)),
        "output, input gradient and weight gradient look like that of a true convolution, with the kernel flipped",
    ),
    "flipped on one axis": (
        "conv2d n2 c2 o3 h5x6 k3x2 seed1",
        lambda x, w: F.conv2d(x, w.flip(-1)),
        "output, input gradient and weight gradient look like that with the kernel flipped along W only",
    ),
    "not flipped in a transposed convolution": (
        "conv_transpose1d n2 c2 o3 h5 k3 s2 seed1",
        lambda x, w: F.conv_transpose1d(x, w.flip(-1), stride=2),
        "output, input gradient and weight gradient look like that of a true convolution, with the kernel flipped",
    ),
    "kernel transposed": (
        "conv2d n2 c2 o3 h5x6 k3x3 seed1",
        lambda x, w: F.conv2d(x, w.transpose(-1, -2)),
        "output, input gradient and weight gradient look like that with H and W of the kernel swapped",
    ),
    "last tap missing": (
        "conv1d n2 c2 o3 h6 k3 s2 seed1",
        lambda x, w: F.conv1d(x, padded(w[..., :-1], 0, 1), stride=2),
        "output, input gradient and weight gradient look like that without the kernel's last tap along W",
    ),
    "taps one off": (
        "conv1d n2 c2 o3 h7 k3 s2 seed1",
        lambda x, w: F.conv1d(x, w.roll(1, -1), stride=2),
        "output, input gradient and weight gradient look like that with each tap along W in the place of the next",
    ),
    "windows one late": (
        "conv2d n1 c2 o2 h5x7 k3x3 p1 s2 real f64 seed1",
        lambda x, w: F.conv2d(F.pad(x, (0, 2, 1, 1)), w, stride=2),
        "output, input gradient and weight gradient look like that of windows which begin one place late along W",
    ),
    "windows one early": (
        "conv2d n1 c2 o2 h5x7 k3x3 seed1 s2",
        lambda x, w: F.conv2d(F.pad(x, (0, 0, 1, -1)), w, stride=2),
        "output, input gradient and weight gradient look like that of windows which begin one place early along H",
    ),
    "padding before only": (
        "conv1d n1 c2 o2 h7 k3 p2 seed1 s2",
        lambda x, w: F.conv1d(padded(x, 4, 0), w, stride=2),
        "output, input gradient and weight gradient look like that with all of the padding before the input",
    ),
    "same on the wrong side": (
        "conv1d n2 c2 o2 h6 k4 psame seed1",
        lambda x, w: F.conv1d(padded(x, 2, 1), w),
        "output, input gradient and weight gradient look like that of padding='same' with the larger half on the left",
    ),
    "same on the wrong side, circular": (
        "conv1d n2 c2 o2 h6 k4 psame circular seed1",
        lambda x, w: F.conv1d(F.pad(x, (2, 1), mode="circular"), w),
        "output, input gradient and weight gradient look like that of padding='same' with the larger half on the left",
    ),
    "same without the dilation": (
        "conv1d n2 c2 o2 h9 k3 d2 psame seed1",
        lambda x, w: F.conv1d(padded(x, 1, 1), w, dilation=2),
        "output, input gradient and weight gradient look like that of padding='same' reckoned without the dilation",
    ),
    "without the bias": (
        "conv2d n2 c2 o3 h5x6 k3x2 bias seed1",
        lambda x, w, b: F.conv2d(x, w),
        "output and bias gradient look like that without the bias",
    ),
    "the bias twice": (
        "conv_transpose2d n2 c2 o3 h3x2 k3x2 bias real seed1",
        lambda x, w, b: F.conv_transpose2d(x, w, b + b.detach()),
        "output looks like that with the bias added twice",
    ),
    "the bias subtracted": (
        "conv1d n2 c2 o3 h5 k3 bias seed1",
        lambda x, w, b: F.conv1d(x, w, b - 2 * b.detach()),
        "output looks like that with the bias subtracted",
    ),
    "the bias along the last axis": (
        "conv1d n2 c2 o3 h5 k3 bias seed1",
        lambda x, w, b: F.conv1d(x, w) + b,
        "output and bias gradient look like that with the bias along the last axis instead of the channels",
    ),
    "groups of the output in reverse": (
        "conv1d n2 c4 o6 h5 k3 g2 bias seed1",
        lambda x, w, b: F.conv1d(x, w, b, groups=2).unflatten(1, (2, 3)).flip(1).flatten(1, 2),
        "output, input gradient, weight gradient and bias gradient look like "
        "that with the groups' channels in reverse order",
    ),
    "groups of the output in reverse, bias in place": (
        "conv1d n2 c4 o6 h5 k3 g2 bias seed1",
        lambda x, w, b: F.conv1d(x, w, groups=2).unflatten(1, (2, 3)).flip(1).flatten(1, 2) + b[:, None],
        "output, input gradient and weight gradient look like "
        "that with the groups' channels, but of the bias, in reverse order",
    ),
    "groups of the input in reverse": (
        "conv_transpose1d n2 c6 o2 h5 k3 g2 seed1",
        lambda x, w: F.conv_transpose1d(x.unflatten(1, (2, 3)).flip(1).flatten(1, 2), w, groups=2),
        "output, input gradient and weight gradient look like that with the input's groups in reverse order",
    ),
    "output channels interleaved": (
        "conv1d n2 c4 o6 h5 k3 g2 seed1",
        lambda x, w: shuffled(F.conv1d(x, w, groups=2), 2),
        "output, input gradient and weight gradient look like "
        "that with the output's channels interleaved, one of each group in turn",
    ),
    "input channels dealt out": (
        "conv1d n2 c6 o2 h5 k3 g2 seed1",
        lambda x, w: F.conv1d(shuffled(x, 3), w, groups=2),
        "output, input gradient and weight gradient look like "
        "that with the input's channels dealt out to the groups in turn",
    ),
    "in and out channels swapped": (
        "conv1d n2 c3 o3 h5 k3 seed1",
        lambda x, w: F.conv1d(x, w.transpose(0, 1)),
        "output, input gradient and weight gradient look like "
        "that with the weight's first two axes swapped, in channels for out channels",
    ),
    "input channels in reverse": (
        "conv1d n2 c3 o2 h5 k3 seed1",
        lambda x, w: F.conv1d(x.flip(1), w),
        "output, input gradient and weight gradient look like that with the channels of the input in reverse order",
    ),
    "stride ignored": (
        "conv1d n2 c3 o2 h7 k3 s2 seed1",
        lambda x, w: F.conv1d(x, w),
        "output, input gradient and weight gradient look like that with stride ignored",
    ),
    "dilation ignored": (
        "conv_transpose2d n2 c3 o2 h3x4 k3 d2 seed1",
        lambda x, w: F.conv_transpose2d(x, w),
        "output, input gradient and weight gradient look like that with dilation ignored",
    ),
    "padding ignored": (
        "unfold n2 c3 h4x3 k2 p1 seed1",
        lambda x: F.unfold(x, 2),
        "output and input gradient look like that with padding ignored",
    ),
    "stride with its axes swapped": (
        "conv2d n2 c3 o2 h7x9 k3 s1,3 seed1",
        lambda x, w: F.conv2d(x, w, stride=(3, 1)),
        "output, input gradient and weight gradient look like that with the axes of stride in reverse order",
    ),
    "the first stride on all axes": (
        "conv2d n2 c3 o2 h7x9 k3 s3,2 seed1",
        lambda x, w: F.conv2d(x, w, stride=3),
        "output, input gradient and weight gradient look like that with the first stride on all axes",
    ),
    "stride and dilation": (
        "conv1d n2 c3 o2 h9 k3 s2 d3 seed1",
        lambda x, w: F.conv1d(x, w, stride=3, dilation=2),
        "output, input gradient and weight gradient look like that with stride and dilation taken for each other",
    ),
    "another padding mode": (
        "conv2d n2 c2 o2 h4x5 k3 p2 reflect real seed1",
        lambda x, w: F.conv2d(F.pad(x, (2, 2, 2, 2), mode="circular"), w),
        "output, input gradient and weight gradient look like that of padding mode 'circular'",
    ),
    "the padding mode ignored": (
        "conv1d n2 c2 o2 h5 k3 p2 replicate seed1",
        lambda x, w: F.conv1d(x, w, padding=2),
        "output, input gradient and weight gradient look like that of padding mode 'zeros'",
    ),
    "reflected with the edge": (
        "pad n1 c2 h5 p2,2 reflect seed1",
        lambda x: symmetric(x, 2),
        "output and input gradient look like that of padding mode 'reflect' with the edge repeated",
    ),
    "reflected with the edge, in a convolution": (
        "conv1d n1 c2 o2 h5 k3 p2 reflect bias real seed1",
        lambda x, w, b: F.conv1d(symmetric(x, 2), w, b),
        "output, input gradient and weight gradient look like that of padding mode 'reflect' with the edge repeated",
    ),
    "reflected or replicated": (
        "pad n1 c2 h5 p1,1 reflect seed1",
        lambda x: symmetric(x, 1),
        "output and input gradient look like that of padding mode 'replicate' or "
        "that of padding mode 'reflect' with the edge repeated",
    ),
    "amounts of a pad by the first axis": (
        "pad n1 c2 h4x4 p1,2,0,3 seed1",
        lambda x: F.pad(x, (0, 3, 1, 2)),
        "output and input gradient look like that with the first pair of amounts on the first axis",
    ),
    "amounts of a pad before and after": (
        "pad n1 c2 h4 p1,-1 seed1",
        lambda x: F.pad(x, (-1, 1)),
        "output and input gradient look like that with the amounts before and after taken for each other",
    ),
    "the value of a pad": (
        "pad n1 c2 h4 p1,2 v1.5 seed1",
        lambda x: F.pad(x, (1, 2)),
        "output looks like that with the value ignored",
    ),
    "output_padding at the beginning": (
        "conv_transpose1d n1 c2 o2 h4 k3 s2 op1 bias seed1",
        lambda x, w, b: padded(F.conv_transpose1d(x, w, stride=2), 1, 0) + b[:, None],
        "output, input gradient and weight gradient look like "
        "that of output_padding at the beginning instead of the end",
    ),
    "output_padding ignored": (
        "conv_transpose2d n1 c2 o2 h4x3 k3 s2 op1 seed1",
        lambda x, w: F.conv_transpose2d(x, w, stride=2),
        "output, input gradient and weight gradient look like that with output_padding ignored",
    ),
    "a transposed convolution cropped one too early": (
        "conv_transpose1d n1 c2 o2 h4 k3 s2 p1 seed1",
        lambda x, w: padded(F.conv_transpose1d(x, w, stride=2), 0, -2),
        "output, input gradient and weight gradient look like that of a crop which begins one place early along W",
    ),
    "channels last in unfold": (
        "unfold n1 c2 h4x5 k2x3 seed1",
        lambda x: unfold_columns(x, (1, 2, 0)),
        "output and input gradient look like "
        "that of columns in the order (kernel, channels) instead of (channels, kernel)",
    ),
    "kernel transposed in unfold": (
        "unfold n1 c2 h4x5 k2x3 seed1",
        lambda x: unfold_columns(x, (0, 2, 1)),
        "output and input gradient look like that of columns with the kernel's axes swapped",
    ),
    "windows of unfold by columns": (
        "unfold n1 c2 h4x5 k2x3 seed1",
        lambda x: F.unfold(x, (2, 3)).unflatten(2, (3, 3)).transpose(2, 3).flatten(2),
        "output and input gradient look like that of windows taken column by column instead of row by row",
    ),
    "axes of unfold": (
        "unfold n1 c2 h4x5 k2x3 seed1",
        lambda x: F.unfold(x, (2, 3)).transpose(1, 2),
        "output and input gradient look like torch's with its last two axes swapped",
    ),
    "channels last in fold": (
        "fold n1 c12 h9 k2x3 os4x5 seed1",
        lambda x: F.fold(x.unflatten(1, (2, 3, 2)).permute(0, 3, 1, 2, 4).flatten(1, 3), (4, 5), (2, 3)),
        "output and input gradient look like "
        "that of columns in the order (kernel, channels) instead of (channels, kernel)",
    ),
    "fold averages": (
        "fold n1 c4 h9 k2 os4 seed1 real",
        lambda x: F.fold(x, 4, 2) / F.fold(T.ones_like(x), 4, 2),
        "output and input gradient look like that of windows averaged where they overlap, instead of added",
    ),
    "the very last tap missing": (
        "conv2d n2 c2 o3 h5x6 k3x2 seed1",
        lambda x, w: F.conv2d(x, w * (T.arange(6.0) < 5).view(3, 2)),
        "output, input gradient and weight gradient look like that without the very last tap of the kernel",
    ),
    "input moved": (
        "conv1d n2 c2 o3 h6 k3 p2 seed1",
        lambda x, w: F.conv1d(padded(x, -1, 1), w, padding=2),
        "output, input gradient and weight gradient look like "
        "that with the input moved by one place towards the beginning of W",
    ),
    "a window more": (
        "conv1d n2 c2 o3 h6 k3 s2 seed1",
        lambda x, w: F.conv1d(padded(x, 0, 1), w, stride=2),
        "output, input gradient and weight gradient look like "
        "that of sizes rounded up, with windows that reach beyond the end",
    ),
    "the last place lost": (
        "conv2d n2 c2 o3 h6x6 k3 seed1",
        lambda x, w: F.conv2d(x, w)[..., :-1, :],
        "output, input gradient and weight gradient look like that without the last place of H",
    ),
    "the last row a copy": (
        "conv_transpose2d n2 c2 o3 h3x4 k3 seed1",
        lambda x, w: T.cat([(y := F.conv_transpose2d(x, w))[..., :-1, :], y[..., -2:-1, :]], -2),
        "output, input gradient and weight gradient look like "
        "that with the last place a copy of the one before it along H",
    ),
    "a padding on the first axis alone": (
        "conv2d n2 c2 o3 h6x6 k3 p2 seed1",
        lambda x, w: F.conv2d(x, w, padding=(2, 0)),
        "output, input gradient and weight gradient look like that with padding on the first axis alone",
    ),
    "valid as same": (
        "conv1d n2 c2 o3 h6 k3 pvalid seed1",
        lambda x, w: F.conv1d(x, w, padding="same"),
        "output, input gradient and weight gradient look like that of padding='same'",
    ),
    "output_size ignored": (
        "conv_transpose1d n2 c2 o3 h6 k3 s3 os20, module seed1",
        lambda x, w: F.conv_transpose1d(x, w, stride=3),
        "output, input gradient and weight gradient look like that with output_size ignored",
    ),
    "the first group for all": (
        "conv1d n2 c4 o6 h5 k3 g2 seed1",
        lambda x, w: F.conv1d(x[:, :2].repeat(1, 2, 1), w, groups=2),
        "output, input gradient and weight gradient look like that with the input's first group for all",
    ),
    "the weight's groups in reverse": (
        "conv1d n2 c4 o6 h5 k3 g2 seed1",
        lambda x, w: F.conv1d(x, w.unflatten(0, (2, 3)).flip(0).flatten(0, 1), groups=2),
        "output, input gradient and weight gradient look like that with the weight's groups in reverse order",
    ),
    "some input channels lost": (
        "conv1d n2 c18 o2 h5 k3 seed1",
        lambda x, w: F.conv1d(x[:, :16], w[:, :16]),
        "output, input gradient and weight gradient look like "
        "that without 2 of the weight's input channels, from 16 to 17",
    ),
    "the real part of the weight": (
        "conv1d n2 c2 o2 h5 k3 complex64 real seed1",
        lambda x, w: F.conv1d(x, w.real + 0j),
        "output and input gradient look like that with the weight without its imaginary part; "
        "weight gradient looks like torch's without the imaginary part",
    ),
    "the opposite sign": (
        "conv1d n2 c2 o2 h5 k3 complex64 seed1",
        lambda x, w: -F.conv1d(x, w),
        "output, input gradient and weight gradient look like torch's with the opposite sign",
    ),
    "a mean over the kernel": (
        "conv2d n2 c2 o2 h5x7 k3 real seed1",
        lambda x, w: F.conv2d(x, w) / 9,
        "output, input gradient and weight gradient look like torch's divided by 9, the number of the kernel's taps",
    ),
    "a factor": (
        "conv2d n2 c2 o2 h5x7 k3 real seed1",
        lambda x, w: F.conv2d(x, w) * 0.75,
        "output, input gradient and weight gradient look like torch's times 0.75",
    ),
    "half of a complex number": (
        "conv1d n2 c2 o2 h5 k3 complex64 seed1",
        lambda x, w: T.view_as_complex(T.stack([F.conv1d(x, w).real, T.zeros(2, 2, 3)], -1)),
        "output looks like torch's without the imaginary part; no guess about input gradient and weight gradient",
    ),
    "one image for all": (
        "conv1d n3 c2 o2 h5 k3 seed1",
        lambda x, w: F.conv1d(x[:1], w).expand(3, 2, 3),
        "output, input gradient and weight gradient look like that with the first image in place of each",
    ),
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_wrong_operation_is_named(torch, name):
    line, wrong, sentence = OPERATIONS[name]
    assert guess(torch, line, wrong) == sentence


def bent(name, change):
    """A change of one of torch's maps."""
    return lambda maps: maps | {name: change(maps[name])}


def at(places, value):
    def change(array):
        array = array.copy()
        array[places] = value
        return array

    return change


def bumped(places):
    def change(array):
        array = array.copy()
        array[places] += np.arange(1, array[places].size + 1).reshape(array[places].shape).astype(array.dtype)
        return array

    return change


CONV = "conv1d n3 c2 o2 h6 k2 bias {} seed1"
ANSWERS = {
    "zeros": (
        CONV.format("f32"),
        bent("weight gradient", np.zeros_like),
        "weight gradient looks like zeros everywhere",
    ),
    "NaN": (
        CONV.format("f32"),
        bent("output", lambda a: a * np.nan),
        "output looks like NaN at 30 of 30 places: memory that nobody wrote",
    ),
    "some NaN": (
        CONV.format("real bf16"),
        bent("output", at((1, slice(None), 2), np.nan)),
        "output looks like NaN at 2 of 30 places and torch's values elsewhere: memory that nobody wrote",
    ),
    "some zeros": (
        CONV.format("f32"),
        bent("output", at((slice(None), 0, slice(1, 3)), 0)),
        "output looks like torch's but for zeros at 6 of 30 places",
    ),
    "the last place": (
        CONV.format("f32"),
        bent("output", bumped((..., -1))),
        "output looks like torch's but at the last place of W",
    ),
    "the first channel": (
        CONV.format("f32"),
        bent("input gradient", bumped((slice(None), 0))),
        "input gradient looks like torch's but at the first place of the channels",
    ),
    "moved": (
        CONV.format("f32"),
        bent("input gradient", lambda a: np.roll(a, 1, -1)),
        "input gradient looks like torch's moved by one place towards the end of W",
    ),
    "mirrored": (
        CONV.format("f32"),
        bent("input gradient", lambda a: a[..., ::-1]),
        "input gradient looks like torch's mirrored in space",
    ),
    "divided by the batch": (
        CONV.format("real"),
        bent("weight gradient", lambda a: a / np.float32(3)),
        "weight gradient looks like torch's divided by 3, the batch size",
    ),
    "times the places": (
        CONV.format("f32"),
        bent("bias gradient", lambda a: a * 5),
        "bias gradient looks like torch's times 5, the number of the output's places",
    ),
    "without the conjugate": (
        CONV.format("complex64"),
        lambda maps: {name: a.conj() if name != "output" else a for name, a in maps.items()},
        "input gradient, weight gradient and bias gradient look like torch's without the conjugate",
    ),
    "another dtype": (
        CONV.format("f16 real"),
        bent("output", lambda a: a.astype(np.float32)),
        "output looks like torch's as float32 instead of float16",
    ),
    "another shape": (
        "conv1d c2 o2 h6 k3 seed1",
        bent("output", lambda a: a[None]),
        "output looks like torch's in the shape (1, 2, 4) instead of (2, 4)",
    ),
    "values of float32": (
        CONV.format("f64 real"),
        bent("output", lambda a: a.astype(np.float32).astype(np.float64)),
        "output looks like torch's but for the last 29 bits, which are zero everywhere: it has been float32",
    ),
    "six bits": (
        CONV.format("f32 real"),
        bent("output", lambda a: (a.view(np.int32) & -64).view(np.float32)),
        "output looks like torch's but for the last 6 bits, which are zero everywhere",
    ),
    "two faults": (
        CONV.format("f32"),
        lambda maps: maps | {"output": -maps["output"], "bias gradient": maps["bias gradient"] * 3},
        "output looks like torch's with the opposite sign; bias gradient looks like torch's times 3, the batch size",
    ),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_a_wrong_answer_is_named(torch, name):
    line, wrong, sentence = ANSWERS[name]
    live = Live(parse(line), torch)
    assert diagnose(live.case, live.operands, torch, live.outcome, wrong(live.outcome)) == sentence


def with_cotangent(change):
    def run(torch, live):
        operands = Operands(live.operands.arrays, lambda name, shape: change(live.operands.draw(name, shape).copy()))
        found = torch.run(live.case, operands)
        return live.outcome | {name: found[name] for name in ("weight gradient", "bias gradient")}

    return run


def with_operands(change):
    return lambda torch, live: torch.run(live.case, live.operands.mapped(change))


def in_float32(torch, live):
    narrow = torch.run(replace(live.case, dtype="f32"), live.operands.mapped(lambda a: a.astype(np.float32)))
    return {name: a.astype(np.float64) for name, a in narrow.items()}


def saturating(torch, live):
    wide = replace(live.case, dtype="i64")
    output = torch.run(wide, live.operands.mapped(lambda a: a.astype(np.int64)))["output"]
    return {"output": np.clip(output, -128, 127).astype(np.int8)}


def by_way_of_double(torch, live):
    with np.errstate(invalid="ignore"):
        wide = torch.run(replace(live.case, dtype="f64"), live.operands.mapped(lambda a: a.astype(np.float64)))
        return {"output": wide["output"].astype(np.int64)}


def with_input(change):
    def run(torch, live):
        arrays = live.operands.arrays | {"input": change(live.operands.arrays["input"]).copy()}
        return torch.run(live.case, Operands(arrays, live.operands.draw))

    return run


def overwriting(torch, live):
    columns = live.operands.arrays["input"].reshape(1, 2, 2, 2, 3, 3)
    image = np.zeros((1, 2, 4, 4), np.float32)
    for row in range(2):
        for column in range(2):
            image[:, :, row : row + 3, column : column + 3] = columns[:, :, row, column]
    return live.outcome | {"output": image}


LIBRARIES = {
    "the last image missing": (
        CONV.format("real"),
        with_cotangent(at(-1, 0)),
        "weight gradient and bias gradient look like that without the last image of the batch",
    ),
    "the first image alone": (
        CONV.format("f32"),
        with_cotangent(at(slice(1, None), 0)),
        "weight gradient and bias gradient look like that of the first image of the batch alone",
    ),
    "a cotangent of ones": (
        CONV.format("f16"),
        with_cotangent(np.ones_like),
        "weight gradient and bias gradient look like that for a cotangent of ones",
    ),
    "all in float32": (
        CONV.format("f64 real"),
        in_float32,
        "output, input gradient, weight gradient and bias gradient look like "
        "torch's but for the last 29 bits, which are zero everywhere: it has been float32",
    ),
    "operands in bfloat16": (
        CONV.format("f32 real"),
        with_operands(lambda a: a.astype(ml_dtypes.bfloat16).astype(np.float32)),
        "output, input gradient, weight gradient and bias gradient look like that of operands rounded to bfloat16",
    ),
    "operands in TF32": (
        CONV.format("f32 real"),
        with_operands(lambda a: (a.view(np.int32) + 0x1000 & ~0x1FFF).view(np.float32)),
        "output, input gradient, weight gradient and bias gradient look like "
        "that of operands rounded to float16 or that of operands rounded to ten bits, as TF32 does",
    ),
    "integers that saturate": (
        "conv1d n3 c2 o2 h6 k2 i8 seed1",
        saturating,
        "output looks like that of sums which stop at the ends of the range instead of wrapping",
    ),
    "the input's strides ignored": (
        "conv2d n2 c2 o2 h4x5 k2x3 fortran seed1",
        with_input(lambda a: a.ravel(order="K").reshape(a.shape)),
        "output and weight gradient look like that with the strides of the input ignored, its memory read in order",
    ),
    "negative strides": (
        "conv1d n2 c2 o2 h6 k2 reversed f64 seed1",
        with_input(np.flip),
        "output and weight gradient look like that with the strides of the input ignored, its memory read in order",
    ),
    "integers by way of float64": (
        "conv1d n3 c2 o2 h6 k2 i64 seed1",
        by_way_of_double,
        "output looks like that of sums in float64",
    ),
    "fold overwrites": (
        "fold n1 c8 h9 k2 os4 seed1",
        overwriting,
        "output looks like that of windows which overwrite each other where they overlap",
    ),
}


@pytest.mark.parametrize("name", LIBRARIES)
def test_a_wrong_library_is_named(torch, name):
    line, wrong, sentence = LIBRARIES[name]
    live = Live(parse(line), torch)
    assert diagnose(live.case, live.operands, torch, live.outcome, wrong(torch, live)) == sentence


@pytest.mark.parametrize("fill", ["ints", "real"])
@pytest.mark.parametrize(
    ("change", "text"),
    [
        (lambda a: -a, "torch's with the opposite sign"),
        (np.zeros_like, "zeros everywhere"),
        (lambda a: 3 * a, "torch's times 3"),
        (lambda a: a, None),
        (lambda a: a + np.arange(a.size, dtype=a.dtype).reshape(a.shape), None),
    ],
)
def test_second_derivatives_are_looked_at_too(torch, fill, change, text):
    live = Live(parse(f"conv2d n1 c2 o3 h5x4 k2x3 bias {fill} seed1"), torch)
    name, right = "second derivative by weight", torch.second(live.case, live.operands)
    found = diagnose(live.case, live.operands, torch, right, right | {name: change(right[name])})
    assert found == (None if text is None else f"{name} looks like {text}")


CASES = [case for number in range(50) if not is_undefined(case := draw(5, number, list(SPATIAL_AXES)))]


def answered(torch):
    for case in CASES:
        live = Live(case, torch)
        if isinstance(live.outcome, dict) and live.outcome["output"].size > 3:
            yield live


@pytest.mark.filterwarnings("ignore")
def test_of_what_is_right_nothing_is_said(torch):
    said = {
        str(live.case): diagnose(live.case, live.operands, torch, live.outcome, live.outcome)
        for live in answered(torch)
    }
    assert len(said) > 20
    assert set(said.values()) == {None}


@pytest.mark.filterwarnings("ignore")
def test_of_random_errors_nothing_is_said(torch):
    """Every value of a map is replaced by another one of the same size."""
    said = {}
    for live in answered(torch):
        rng = np.random.default_rng(live.case.seed)
        for name, right in live.outcome.items():
            noise = np.round(8 * rng.standard_normal(right.shape)) + 0.5 * (right.dtype.kind not in "iu")
            found = diagnose(
                live.case,
                live.operands,
                torch,
                live.outcome,
                live.outcome | {name: (right + noise).astype(right.dtype)},
            )
            if found is not None:
                said[str(live.case), name] = found
    assert said == {}
