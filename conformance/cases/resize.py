"""Calls of interpolate, grid_sample, affine_grid and the shuffles.

May import: the standard library, `conformance.call` and its neighbours in `cases`.
"""

from __future__ import annotations

from functools import partial
from random import Random
from typing import Any

from conformance.call import Call, Operand
from conformance.case import Sizes
from conformance.cases.called import FLOATING, called, choice, dtypes, family_of, fills, kinds, shape_of, texts
from conformance.cases.option import Family, Levels

_BATCH = kinds("batch", "0:0.1 1 more", lambda call: {0: "0", 1: "1"}.get((shape_of(call) or (1,))[0], "more"))
_FILLED = kinds("batch", "1 more", _BATCH.of)
_SMOOTH = "linear bilinear bicubic trilinear"
_RULES = (
    ("align_corners", "True False", "mode", f"!{_SMOOTH}"),
    ("antialias", "True", "mode", "!bilinear bicubic"),
    ("recompute_scale_factor", "True", "by", "!scale scales"),
    ("mode", "linear", "axes", "!1"),
    ("mode", "bilinear bicubic", "axes", "!2"),
    ("mode", "trilinear", "axes", "!3"),
    ("antialias", "True", "batch", "0"),
    ("antialias", "True", "axes", "1 3"),
    ("antialias", "True", "dtype", "f16 bf16"),
)


def _leading(rnd: Random, levels: Levels) -> int:
    return {"0": 0, "1": 1, "more": rnd.randint(2, 3)}[levels["batch"]]


def _by(call: Call) -> str:
    given = call.given()
    name = "size" if given.get("size") is not None else "scale"
    value = given.get("size" if name == "size" else "scale_factor")
    return name + "s" * isinstance(value, (tuple, list))


def _mode(call: Call) -> str:
    return str(call.given().get("mode", "absent"))


def _interpolate(rnd: Random, levels: Levels) -> Call:
    axes = int(levels["axes"])
    size = tuple(rnd.randint(1, 6 if axes < 3 else 4) for _ in range(axes))
    wanted: Any = rnd.randint(1, 8)
    if levels["by"] == "sizes":
        wanted = tuple(rnd.randint(1, 8 if axes < 3 else 5) for _ in range(axes))
    elif levels["by"] == "scale":
        wanted = rnd.choice([f for f in (0.5, 2, 1.5, 2.3, 0.7) if all(int(n * f) > 0 for n in size)])
    elif levels["by"] == "scales":
        wanted = tuple(rnd.choice([f for f in (0.5, 2.0, 1.7, 1.0) if int(n * f) > 0]) for n in size)
    arguments = {"size" if levels["by"].startswith("size") else "scale_factor": wanted}
    arguments |= texts(levels, "mode", "align_corners", "antialias", "recompute_scale_factor")
    shape = (_leading(rnd, levels), rnd.randint(1, 3), *size)
    return called("interpolate", rnd, levels, {"input": shape}, arguments)


def _grid_sample(rnd: Random, levels: Levels) -> Call:
    axes, batch = int(levels["axes"]), _leading(rnd, levels)
    size, points = ((*(rnd.randint(1, 5) for _ in range(axes)),) for _ in range(2))
    operands: dict[str, Sizes | Operand] = {
        "input": (batch, rnd.randint(1, 3), *size),
        "grid": Operand((batch, *points, axes), fill=None if levels["grid"] == "same" else levels["grid"]),
    }
    return called("grid_sample", rnd, levels, operands, texts(levels, "mode", "padding_mode", "align_corners"))


def _grid(call: Call) -> str:
    operand = call.operand("grid")
    return (operand.fill if operand else None) or "same"


def _affine_grid(rnd: Random, levels: Levels) -> Call:
    axes, batch = int(levels["axes"]), _leading(rnd, levels)
    size = (batch, rnd.randint(1, 3), *(rnd.randint(1, 4) for _ in range(axes)))
    value = list(size) if levels["sequences"] == "lists" else size
    arguments = {"size": value, **texts(levels, "align_corners")}
    return called("affine_grid", rnd, levels, {"theta": (batch, axes, axes + 1)}, arguments)


def _shuffle(op: str, rnd: Random, levels: Levels) -> Call:
    factor = int(levels["factor"])
    leading = tuple(rnd.randint(1, 3) for _ in range(int(levels["leading"])))
    rows, columns, channels = rnd.randint(1, 3), rnd.randint(1, 3), rnd.randint(1, 3)
    if op == "channel_shuffle":
        return called(op, rnd, levels, {"input": (rows, channels * factor, *leading)}, {"groups": factor})
    if op == "pixel_shuffle":
        shape, name = (channels * factor**2, rows, columns), "upscale_factor"
    else:
        shape, name = (channels, rows * factor, columns * factor), "downscale_factor"
    return called(op, rnd, levels, {"input": leading + shape}, {name: factor})


def _factor(call: Call) -> str:
    return next((str(value) for value in call.given().values()), "1")


def _affine_axes(call: Call) -> str:
    value = call.given().get("size")
    return str(len(value) - 2) if isinstance(value, (tuple, list)) else "2"


_SPATIAL = kinds("axes", "1 2 3", lambda call: str(len(shape_of(call)) - 2))
_MODES = f"absent nearest nearest-exact area {_SMOOTH}"
_NUMBERS = (dtypes(), fills("real ints"))


def family(op: str) -> Family:
    """The family of an operation that resizes or rearranges images.

    Example:
        >>> family("grid_sample").draw(Random(1)).op
        'grid_sample'
    """
    corners = choice("align_corners", "absent True False")
    if op == "interpolate":
        again = choice("recompute_scale_factor", "absent True")
        antialias, by = choice("antialias", "absent True"), kinds("by", "size sizes scale scales", _by)
        mode = kinds("mode", _MODES, _mode)
        return family_of(_interpolate, _BATCH, _SPATIAL, mode, by, corners, antialias, again, *_NUMBERS, rules=_RULES)
    if op == "grid_sample":
        spatial = kinds("axes", "2 3", lambda call: str(len(shape_of(call)) - 2))
        mode = kinds("mode", "absent bilinear nearest bicubic", _mode)
        outside = choice("padding_mode", "absent zeros border reflection")
        grid = kinds("grid", "same unit ties", _grid)
        rules = (("mode", "bicubic", "axes", "3"),)
        options = (_BATCH, spatial, mode, outside, corners, grid, dtypes(), fills("real ints"))
        return family_of(_grid_sample, *options, rules=rules)
    if op == "affine_grid":
        spatial = kinds("axes", "2 3", _affine_axes)
        sequences = kinds("sequences", "lists tuples", lambda call: "lists" if "[" in call.text("size") else "tuples")
        return family_of(_affine_grid, _FILLED, spatial, corners, sequences, dtypes("f32 f64"), fills("real ints"))
    grouped = op == "channel_shuffle"
    leading = kinds("leading", "1 2" if grouped else "0 1 2", lambda call: str(len(shape_of(call)) - 3 + grouped))
    factor = kinds("factor", "1 2 3", _factor)
    return family_of(partial(_shuffle, op), leading, factor, dtypes(f"{FLOATING} i64 u8 complex64"), fills("real ints"))
