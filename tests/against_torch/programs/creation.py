"""Tensors made of data, filled, and counted up: values, dtypes, refusals."""

import numpy as np


def _attempt(f, *args, **kwargs):
    try:
        return f(*args, **kwargs)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def _tensors(*data, **kinds):
    """A program that makes tensors of data in a dtype, and shares what it can."""

    def program(torch):
        options = {"dtype": getattr(torch, kinds["dtype"])} if kinds else {}
        return [_attempt(f, item, **options) for item in data for f in (torch.tensor, torch.as_tensor)]

    return program


_SEQUENCES = (
    [],
    [[]],
    [[], []],
    [[], [1]],
    [1, 2.5],
    [1, True],
    [1, 2j],
    (1, 2),
    [(1, 2), [3, 4]],
    range(3),
    [range(2)],
)
_RAGGED = ([[1], [2, 3]], [[1], []], [1, [2]], [[1], 2], [[1, 2], [3, [4]]], [[[1]], [[2], [3]]])
_NO_NUMBERS = ("a", ["a"], [["a"]], b"a", [b"a"], None, [None], {1}, {"a": 1}, object)
_ARRAYS = (np.ones(2), np.array([1, 2], np.uint16), np.ones(2, ">f4"), np.array(["a"]), np.float32(2), np.int8(3))
_OF_NUMPY = ([np.float32(1)], [np.float16(1), 2], [np.int8(1)], [np.bool_(True)])

numbers = _tensors(0.1, 1, True, 1j, 2**40, -(2**63), 2**63, [2**63], -(2**63) - 1, float("nan"), 1e300)
sequences, ragged, no_numbers = _tensors(*_SEQUENCES), _tensors(*_RAGGED), _tensors(*_NO_NUMBERS)
arrays, of_numpy = _tensors(*_ARRAYS), _tensors(*_OF_NUMPY)
as_float64 = _tensors(*_SEQUENCES[:6], 0.1, [0.1], 2**64, None, [1, [2]], 1j, *_ARRAYS, dtype="float64")
as_float16 = _tensors([0.1, 70000.0], [1e-9], dtype="float16")
as_complex128 = _tensors(0.1, 0.1j, [True, 2], [1e300], ["a"], dtype="complex128")
as_int8 = _tensors(300, 300.5, -128, [2.7, -2.7], 1j, [None], dtype="int8")
as_uint8 = _tensors(-1, [-255], [256], [-300], True, dtype="uint8")
as_uint64 = _tensors(2**63, [2**64 - 1], dtype="uint64")
as_bool = _tensors(2, 0.5, 1j, float("nan"), [[0, 1]], dtype="bool")
as_int64 = _tensors(float("nan"), float("inf"), 2.7, [2**63], [None], dtype="int64")


def of_tensors(torch):
    one, double = torch.tensor(1.5), torch.tensor(1.5, dtype=torch.float64)
    data = [[one, double], [double, 2], [torch.tensor([[1]])], [torch.ones(2)], [torch.tensor([])], torch.ones(2)]
    return [_attempt(torch.tensor, item) for item in data]


def as_tensor_shares(torch):
    array = np.zeros(2)
    x = torch.as_tensor(array)
    array[0] = 1
    y = torch.ones(2, requires_grad=True)
    return [x, torch.as_tensor(x) is x, torch.as_tensor(y, dtype=torch.float64)]


def from_numpy(torch):
    data = [np.ones(2), np.ones((), np.int8), [1], np.ones(3)[::-1], np.array(["a"]), np.ones(2, ">f8")]
    return [_attempt(torch.from_numpy, item) for item in data]


def sizes(torch):
    calls = [(), (2, 3), ((2, 3),), ([2, 3],), (0,), (torch.tensor(2),), (2.5,), ("a",), ((2,), 3), (2, 2.5), (2, "a")]
    calls += [([2, 2.5],), (-1,), (2, -1), (None,), (True,), ([[2]],)]
    return [
        _attempt(lambda f, size: f(*size).shape == f(*size).shape and list(f(*size).shape), f, size)
        for f in (torch.zeros, torch.ones, torch.empty)
        for size in calls
    ]


def fulls(torch):
    calls = [((2,), 3), ((2,), 3.0), ((2,), True), ((2,), 1j), ((), 2), (2, 3), ((2,), "a"), ((-1,), 1.0), ((2,), None)]
    calls += [((2,), torch.tensor(2)), ((2,), torch.ones(2)), (["a"], 1)]
    found = [_attempt(torch.full, *call) for call in calls]
    return [*found, _attempt(torch.full, (2,), 300, dtype=torch.int8), torch.full((1,), 2.7, dtype=torch.int64)]


def ranges(torch):
    calls = [
        (5,),
        (5.0,),
        (1, 5),
        (1, 5, 2),
        (0, 1, 0.1),
        (5, 0, -1),
        (0,),
        (1, 1),
        (0, 1, 1 / 3),
        (2.5,),
        (5.0, 0, -0.7),
    ]
    calls += [(1e8, 1e8 + 5), (2**53, 2**53 + 3), (-3,), (1, 5, 0), (5, 1), (float("nan"),), (float("inf"),), (True,)]
    found = [_attempt(torch.arange, *call) for call in calls]
    found += [torch.arange(0, 5, 2, dtype=torch.int8), torch.arange(0, 1, 0.1, dtype=torch.float16)]
    return [*found, torch.arange(end=3), torch.arange(torch.tensor(3)), torch.arange(3, dtype=torch.float64)]


def likes(torch):
    x, i = torch.ones(2), torch.ones(2, dtype=torch.int64)
    found = [
        torch.zeros_like(i),
        torch.ones_like(x, dtype=torch.float64),
        torch.full_like(x, 3),
        torch.full_like(i, 3.7),
    ]
    return [*found, torch.zeros_like(x, requires_grad=True), torch.empty_like(i).shape == (2,)]


def integers_that_require_gradients(torch):
    x = torch.ones(2, dtype=torch.int64)
    calls = [
        lambda: torch.ones(2, dtype=torch.int64, requires_grad=True),
        lambda: torch.tensor([1], requires_grad=True),
    ]
    return [_attempt(call) for call in (*calls, x.requires_grad_, lambda: setattr(torch.ones(2), "requires_grad", 1))]


def the_class_itself(torch):
    calls = [([1, 2],), ((1, 2),), ([[1.5]],), (), (torch.ones(2),), (2.5,), ("a",), ([[1], [2, 3]],)]
    return [*(_attempt(torch.Tensor, *call) for call in calls), list(torch.Tensor(2, 3).shape)]


def the_default_dtype(torch):
    try:
        torch.set_default_dtype(torch.float64)
        found = [torch.tensor(1.5), torch.ones(1), torch.tensor([1, 2]) / 2, torch.tensor(1j), torch.Tensor([1])]
        found.append(torch.get_default_dtype() is torch.float64)
    finally:
        torch.set_default_dtype(torch.float32)
    return [*found, _attempt(torch.set_default_dtype, torch.int32), _attempt(torch.set_default_dtype, "a")]


def dtypes(torch):
    kinds = [torch.bool, torch.uint8, torch.int64, torch.float16, torch.bfloat16, torch.float32, torch.complex64]
    facts = [
        [repr(d), d.is_floating_point, d.is_complex, d.is_signed, d.itemsize, repr(d.to_complex())] for d in kinds[3:]
    ]
    pairs = [repr(torch.promote_types(a, b)) for a in kinds for b in kinds]
    refused = [_attempt(torch.promote_types, torch.uint16, torch.int8)]
    refused.append(_attempt(torch.promote_types, torch.float8_e5m2, torch.float32))
    return [facts, pairs, refused]


def shapes(torch):
    size = torch.ones(2, 3).shape
    return [repr(size), size.numel(), repr(size[1:]), repr(size + size), size == (2, 3), str(torch.ones(1).device)]
