"""The numbers of a call: what each fill's word promises, in every dtype, and the same each time."""

import numpy as np
import pytest

from conformance.call import CALL_DTYPES, Call, Operand
from conformance.call_fills import draw_call
from conformance.fills import numpy_dtype


def _numbers(fill, dtype="f32", shape=(40, 10), **changed):
    return draw_call(Call("add", (("input", Operand(shape)),), dtype=dtype, fill=fill, **changed)).arrays["input"]


@pytest.mark.parametrize("dtype", CALL_DTYPES)
@pytest.mark.parametrize("fill", ["ints", "real", "ties", "signs", "unit", "positive", "infinite", "special", "below7"])
@pytest.mark.parametrize("shape", [(), (0, 3), (5,)])
def test_every_fill_is_there_in_every_dtype_and_shape(fill, dtype, shape):
    found = _numbers(fill, dtype, shape)
    assert isinstance(found, np.ndarray)
    assert found.shape == shape
    assert found.dtype == (np.bool_ if dtype == "bool" else numpy_dtype(dtype))


def test_what_each_word_says():
    assert set(np.unique(_numbers("ties"))) == {-2, -1, 0, 1, 2}
    assert set(np.unique(_numbers("signs"))) == {-1, 1}
    assert set(np.unique(_numbers("below7", "i64"))) == set(range(7))
    ints, unit, positive, real = (_numbers(fill) for fill in ("ints", "unit", "positive", "real"))
    assert np.array_equal(ints, np.round(ints))
    assert ints.all()
    assert np.abs(ints).max() <= 32
    assert 0 < unit.min() < 0.05 < 0.95 < unit.max() < 1
    assert positive.min() >= 0.25
    assert abs(real.mean()) < 1 < real.std() < 2
    assert len(np.unique(real)) > 0.99 * real.size
    assert np.abs(_numbers("ints", "i32")).max() <= 9


def test_special_numbers_are_about_half():
    special, infinite = _numbers("special"), _numbers("infinite")
    counts = [np.count_nonzero(np.isnan(special)), np.count_nonzero(np.isposinf(special))]
    counts += [np.count_nonzero(np.isneginf(special)), np.count_nonzero((special == 0) & np.signbit(special))]
    counts.append(np.count_nonzero((special == 0) & ~np.signbit(special)))
    assert all(0.05 * special.size < count < 0.15 * special.size for count in counts)
    assert not np.isnan(infinite).any()
    assert 0.1 < np.isinf(infinite).mean() < 0.4


def test_unit_numbers_are_the_same_in_every_floating_dtype():
    expected = _numbers("unit", "f64")
    for dtype in ("f32", "f16", "bf16"):
        assert np.array_equal(_numbers("unit", dtype).astype(np.float64), expected)


def test_the_numbers_depend_on_the_seed_and_the_name():
    pair = Call("add", (("input", Operand((30,))), ("other", Operand((30,)))), seed=3)
    first, again = draw_call(pair).arrays, draw_call(pair).arrays
    assert np.array_equal(first["input"], again["input"])
    assert not np.array_equal(first["input"], first["other"])
    assert not np.array_equal(first["input"], _numbers("real", shape=(30,), seed=4))


def test_a_tensor_has_its_own_dtype_fill_and_layout():
    own = Operand((3, 4), "i64", "below2", "contiguous")
    call = Call("gather", (("input", Operand((3, 4))), ("index", own)), layout="strided")
    arrays = draw_call(call).arrays
    assert not arrays["input"].flags.c_contiguous
    assert arrays["index"].flags.c_contiguous
    assert set(np.unique(arrays["index"])) <= {0, 1}


def test_what_is_drawn_later_is_drawn_once():
    operands = draw_call(Call("add", (("input", Operand((3,), "f64")),), dtype="bf16"))
    assert operands.draw("cotangent", (2, 2)) is operands.draw("cotangent", (2, 2))
    assert operands.draw("cotangent", (2, 2)).dtype == numpy_dtype("bf16")
    assert operands.draw("input direction", (3,)).dtype == np.float64
