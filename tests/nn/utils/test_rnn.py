"""Sequences of several lengths: padded, packed, and back."""

import numpy as np
import pytest

import pyconv
from pyconv.autograd import gradcheck, gradgradcheck
from pyconv.nn.utils import rnn


def sequences(*lengths):
    return [pyconv.tensor(np.random.default_rng(n).normal(size=(n, 2)), requires_grad=True) for n in lengths]


@pytest.mark.parametrize("lengths", [(4, 2, 1), (1, 4, 2), (3,)])
def test_packing_is_undone(lengths):
    given = sequences(*lengths)
    packed = rnn.pack_sequence(given, enforce_sorted=False)
    assert packed.batch_sizes.tolist() == [sum(n > t for n in lengths) for t in range(max(lengths))]
    for a, b in zip(rnn.unpack_sequence(packed), given, strict=True):
        assert a.tolist() == b.tolist()
    padded, found = rnn.pad_packed_sequence(packed, padding_value=-1.0, total_length=6)
    assert found.tolist() == list(lengths)
    assert padded.shape == (6, len(lengths), 2)
    assert (padded[-1] == -1).all()


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("batch_first", [True, False])
def test_padding_stands_on_the_side_that_was_asked_for(batch_first, side):
    padded = rnn.pad_sequence([pyconv.ones(1), pyconv.ones(3)], batch_first, 5.0, side)
    rows = padded if batch_first else padded.t()
    assert rows.tolist() == [[5, 5, 1] if side == "left" else [1, 5, 5], [1, 1, 1]]


def test_gradients_go_through_both_ways():
    def program(*given):
        packed = rnn.pack_sequence(given, enforce_sorted=False)
        return packed.data, rnn.pad_packed_sequence(packed, batch_first=True)[0].square()

    assert gradcheck(program, sequences(1, 3, 2))
    assert gradgradcheck(program, sequences(1, 3, 2))


def test_the_dtype_of_the_data_can_be_changed():
    packed = rnn.pack_sequence([pyconv.ones(2)])
    assert packed.double().data.dtype is pyconv.float64
    assert packed.float() is packed


@pytest.mark.parametrize(
    ("lengths", "text"),
    [
        ([2, 3], "`lengths` array must be sorted in decreasing order"),
        ([3, 0], "Length of all samples has to be greater than 0"),
        ([3], r"Expected `len\(lengths\)` to be equal to batch_size, but got 1 \(batch_size=2\)"),
    ],
)
def test_lengths_that_do_not_fit_are_refused(lengths, text):
    with pytest.raises(RuntimeError, match=text):
        rnn.pack_padded_sequence(pyconv.ones(3, 2), lengths)


def test_what_cannot_be_padded_is_refused():
    with pytest.raises(RuntimeError, match="received an empty list of sequences"):
        rnn.pad_sequence([])
    with pytest.raises(
        RuntimeError, match=r"tensor a \(3\) must match the size of tensor b \(4\) at non-singleton dim"
    ):
        rnn.pad_sequence([pyconv.ones(2, 3), pyconv.ones(2, 4)])
    with pytest.raises(ValueError, match="got total_length=1 and max sequence length being 2"):
        rnn.pad_packed_sequence(rnn.pack_sequence([pyconv.ones(2)]), total_length=1)


def test_the_data_of_a_packed_sequence_converted():
    packed = rnn.pack_sequence([pyconv.tensor([1.5, 2.5])])
    for name, dtype in (("short", "int16"), ("char", "int8"), ("byte", "uint8"), ("half", "float16")):
        assert getattr(packed, name)().data.dtype is getattr(pyconv, dtype)
    assert not packed.is_pinned()
    with pytest.raises(AssertionError, match="Torch not compiled with CUDA enabled"):
        packed.cuda()
    with pytest.raises(RuntimeError, match="Cannot access accelerator device"):
        packed.pin_memory()
