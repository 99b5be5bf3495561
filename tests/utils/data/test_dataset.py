"""Datasets, samplers, splits and batches, with orders recorded from torch 2.13.0 and its errors."""

import collections

import numpy as np
import pytest

import pyconv as torch
from pyconv.utils import data

Pair = collections.namedtuple("Pair", "a b")


class Letters(data.IterableDataset):
    def __iter__(self):
        return iter("ab")

    def __len__(self):
        return 2


def test_tensors_are_sliced_together():
    dataset = data.TensorDataset(torch.arange(4), torch.arange(8).reshape(4, 2))
    assert [value.tolist() for value in dataset[1]] == [1, [2, 3]]
    assert len(dataset) == 4
    with pytest.raises(AssertionError, match=r"^Size mismatch between tensors$"):
        data.TensorDataset(torch.ones(2), torch.ones(3))


def test_datasets_side_by_side():
    stacked = data.StackDataset([1, 2, 3], "abc")
    assert stacked[2] == (3, "c")
    assert stacked.__getitems__([0, 2]) == [(1, "a"), (3, "c")]
    named = data.StackDataset(x=[1, 2], y=data.Subset("abc", [2, 0]))
    assert named.__getitems__([1]) == [{"x": 2, "y": "a"}]
    with pytest.raises(ValueError, match=r"^Size mismatch between datasets$"):
        data.StackDataset([1], [1, 2])
    with pytest.raises(ValueError, match=r"^At least one dataset should be passed$"):
        data.StackDataset()


def test_datasets_one_after_the_other():
    both = data.ConcatDataset([[0, 1], [], [2]])
    assert [both[i] for i in range(-3, 3)] == [0, 1, 2, 0, 1, 2]
    assert both.cumulative_sizes == [2, 2, 3]
    with pytest.raises(ValueError, match=r"^absolute value of index should not exceed dataset length$"):
        both[-4]
    with pytest.raises(AssertionError, match=r"^datasets should not be an empty iterable$"):
        data.ConcatDataset([])
    with pytest.raises(AssertionError, match=r"^ConcatDataset does not support IterableDataset$"):
        data.ConcatDataset([Letters()])
    chained = Letters() + Letters()
    assert list(chained) == ["a", "b", "a", "b"]
    assert len(chained) == 4
    assert isinstance(data.TensorDataset(torch.ones(1)) + data.TensorDataset(torch.ones(1)), data.ConcatDataset)


def test_a_subset_with_its_own_samples_says_how_to_take_several():
    class Own(data.Subset):
        def __getitem__(self, idx):
            return -self.dataset[self.indices[idx]]

    with pytest.raises(NotImplementedError, match=r"^Own overrides __getitem__ but not __getitems__"):
        Own([1, 2], [0])
    assert data.Subset(np.arange(5), [4, 2])[[0, 1]].tolist() == [4, 2]


def test_splits_are_torchs():
    torch.manual_seed(5)
    parts = data.random_split(range(11), [0.5, 0.3, 0.2])
    assert [part.indices for part in parts] == [[9, 5, 0, 8, 10, 2], [3, 6, 7], [1, 4]]
    parts = data.random_split(range(5), [2, 3], generator=torch.Generator().manual_seed(0))
    assert [part.indices for part in parts] == [[4, 0], [1, 3, 2]]
    with pytest.warns(UserWarning, match=r"^Length of split at index 1 is 0. This might result in an empty dataset.$"):
        data.random_split(range(1), [0.5, 0.5])
    with pytest.raises(ValueError, match=r"^Sum of input lengths does not equal the length of the input dataset!$"):
        data.random_split(range(4), [1, 2])
    with pytest.raises(ValueError, match=r"^Fraction at index 0 is not between 0 and 1$"):
        data.random_split(range(4), [-0.5, 1.5])


def test_samplers_draw_what_torchs_draw():
    torch.manual_seed(5)
    assert list(data.RandomSampler(range(7), True, 40))[:8] == [5, 2, 6, 1, 2, 3, 2, 1]
    assert list(data.WeightedRandomSampler([0.1, 0.2, 0.3, 0.4, 0], 4))
    torch.manual_seed(5)
    assert list(data.WeightedRandomSampler([0.1, 0.2, 0.3, 0.4, 1], 3, False)) == [4, 3, 2]
    torch.manual_seed(5)
    passes = list(data.RandomSampler(range(7), num_samples=17))
    assert [sorted(passes[:7]), sorted(passes[7:14]), len(passes)] == [list(range(7)), list(range(7)), 17]
    assert sorted(data.SubsetRandomSampler([3, 9])) == [3, 9]
    assert list(data.BatchSampler(range(5), 2, True)) == [[0, 1], [2, 3]]
    assert [len(data.BatchSampler(range(5), 2, drop)) for drop in (True, False)] == [2, 3]


@pytest.mark.parametrize(
    ("call", "kind", "text"),
    [
        (
            lambda: data.RandomSampler([1], num_samples=0),
            ValueError,
            "num_samples should be a positive integer value, but got num_samples=0",
        ),
        (
            lambda: data.RandomSampler([1], replacement=1),
            TypeError,
            "replacement should be a boolean value, but got replacement=1",
        ),
        (
            lambda: data.WeightedRandomSampler([[1.0]], 2),
            ValueError,
            "weights should be a 1d sequence but given weights have shape (1, 1)",
        ),
        (
            lambda: data.BatchSampler([1], True, False),
            ValueError,
            "batch_size should be a positive integer value, but got batch_size=True",
        ),
        (
            lambda: data.DistributedSampler([1], 2, 2),
            ValueError,
            "Invalid rank 2, rank should be in the interval [0, 1]",
        ),
    ],
)
def test_errors_of_samplers_are_torchs(call, kind, text):
    with pytest.raises(kind) as caught:
        call()
    assert str(caught.value) == text


@pytest.mark.parametrize("size", [1, 2, 5, 8])
@pytest.mark.parametrize("replicas", [1, 2, 3])
@pytest.mark.parametrize("drop_last", [False, True])
def test_processes_have_equal_shares_of_one_order(size, replicas, drop_last):
    samplers = [data.DistributedSampler(range(size), replicas, rank, drop_last=drop_last) for rank in range(replicas)]
    shares = [list(sampler) for sampler in samplers]
    assert {len(share) for share in shares} == {len(samplers[0])}
    every = {index for share in shares for index in share}
    assert every == set(range(size)) if not drop_last else len(every) == sum(map(len, shares))
    for sampler in samplers:
        sampler.set_epoch(1)
    assert {len(list(sampler)) for sampler in samplers} == {len(samplers[0])}


BATCHES = {
    "ints": ([1, 2], torch.tensor([1, 2])),
    "bools": ([True, False], torch.tensor([True, False])),
    "floats": ([0.5, 2.0], torch.tensor([0.5, 2.0], dtype=torch.float64)),
    "arrays": ([np.ones(2, np.float32)] * 2, torch.ones(2, 2)),
    "numbers": ([np.int16(3), np.int16(4)], torch.tensor([3, 4], dtype=torch.int16)),
    "tensors": ([torch.ones(2), torch.zeros(2)], torch.tensor([[1.0, 1.0], [0.0, 0.0]])),
}


@pytest.mark.parametrize("name", BATCHES)
def test_values_become_one_tensor(name):
    batch, expected = BATCHES[name]
    got = data.default_collate(batch)
    assert got.dtype is expected.dtype
    assert torch.equal(got, expected)


def test_containers_are_batched_inside():
    got = data.default_collate([Pair(1, {"k": [0.5, "x"]}), Pair(2, {"k": [1.5, "y"]})])
    assert got.a.tolist() == [1, 2]
    assert got.b["k"][0].tolist() == [0.5, 1.5]
    assert got.b["k"][1] == ("x", "y")
    assert isinstance(data.default_collate([(1, 2), (3, 4)]), list)
    ordered = data.default_collate([collections.OrderedDict(a=1)])
    assert isinstance(ordered, collections.OrderedDict)
    with pytest.raises(RuntimeError, match=r"^each element in list of batch should be of equal size$"):
        data.default_collate([[1], [2, 3]])
    with pytest.raises(TypeError) as caught:
        data.default_collate([None])
    assert str(caught.value) == (
        "default_collate: batch must contain tensors, numpy arrays, numbers, dicts or lists; found <class 'NoneType'>"
    )
    with pytest.raises(TypeError, match=r"found <U1$"):
        data.default_collate([np.array(["a"])])


def test_values_are_converted_inside():
    got = data.default_convert({"a": np.arange(2), "b": (1, "x"), "c": Pair(np.float32(1), None)})
    assert got["a"].tolist() == [0, 1]
    assert got["b"] == [1, "x"]
    assert got["c"].a.dtype is torch.float32
    text = np.array(["a"])
    assert data.default_convert(text) is text


def test_names_at_torchs_paths():
    assert data._utils.collate.default_collate is data.default_collate
    assert data.dataset.random_split is data.random_split
    assert data._utils.collate.np_str_obj_array_pattern.search(np.array(["a"]).dtype.str)
    assert data._utils.collate.default_collate_err_msg_format.format("x").endswith("found x")
