"""torch's values as another library's: memory that is shared stays so, functions become the library's own."""

import pytest

import pyconv
from conformance.adapters import load
from conformance.opinfo.convert import Converter, answer
from conformance.opinfo.recipes import noted


@pytest.fixture
def convert(torch):
    return Converter(torch, load("pyconv"))


def test_views_of_one_memory_are_views_of_one(torch, convert):
    x = torch.library.arange(6.0)
    whole, part, turned = convert.there([x, x[1:4], x.view(2, 3).t()])
    whole[1] = 9
    assert part[0].item() == turned[1, 0].item() == 9
    assert turned.stride() == (1, 3)
    assert part.storage_offset() == 1
    assert x[1].item() == 1


def test_a_part_keeps_what_lies_around_it(torch, convert):
    part = convert.there(torch.library.arange(6.0)[1:4])
    assert part.as_strided((6,), (1,), 0).tolist() == [0, 1, 2, 3, 4, 5]


def test_a_tensor_that_is_given_twice_is_one(torch, convert):
    x = torch.library.ones(2, requires_grad=True)
    first, second = convert.there((x, {"weight": x}))
    assert first is second["weight"]
    assert first.requires_grad
    assert convert.there(x) is not first


def test_cotangents_depend_on_the_shape_alone_though_one_of_them_was_written_to(torch):
    class Writing(type(torch)):
        def tensor(self, array):
            found = super().tensor(array.copy())
            array[...] = 7
            return found

    def gradient(adapter, dtype):
        x = torch.library.ones(2, 3, dtype=dtype, requires_grad=True)
        return answer(adapter, torch.library.clone, [x], {})["gradient 0"]

    single, double = torch.library.float32, torch.library.float64
    first = gradient(Writing(), single)
    assert len(set(first.ravel().tolist())) > 2
    assert first.tolist() == gradient(torch, double).tolist() == gradient(torch, single).tolist()


def test_what_was_looked_at_can_still_be_resized(torch, convert):
    x = torch.library.ones(2)
    convert.there(x)
    assert x.resize_(9).shape == (9,)


def test_functions_become_the_librarys(torch, convert):
    assert convert.there(torch.library.nn.functional.gelu) is pyconv.nn.functional.gelu
    assert convert.there(len) is len


def test_modules_become_the_librarys_in_the_same_state(torch, convert):
    real = torch.library
    with noted(real):
        given = real.nn.BatchNorm1d(3, eps=0.5, dtype=real.float64).eval()
    given.weight.data[1] = 7
    made = convert.there(given)
    assert isinstance(made, pyconv.nn.BatchNorm1d)
    assert (made.eps, made.training, made.weight.dtype) == (0.5, False, pyconv.float64)
    assert made.weight.tolist() == [1, 7, 1]


def test_a_witness_of_a_view_looks_at_a_memory_of_its_own(torch, convert):
    part = convert.witness(torch.library.arange(6.0)[1:4], single=False)
    assert part.dtype == torch.library.float64
    assert part.as_strided((6,), (1,), 0).tolist() == [0, 1, 2, 3, 4, 5]


def test_neighbours_are_two_roundings_away_and_whole_numbers_stay(torch, convert):
    real = torch.library
    given = [real.ones(8), real.ones(8, dtype=real.complex64), real.arange(8)]
    moved, other, whole = convert.neighbouring(given, 0)
    assert set((moved - 1).abs().tolist()) == {2.0**-23}
    assert set((other - 1).abs().tolist()) == {2.0**-23}
    assert whole is given[2]
    assert not real.equal(moved, convert.neighbouring(given, 1)[0])
