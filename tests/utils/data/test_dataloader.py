"""The loader: orders recorded from torch 2.13.0 (each after `torch.manual_seed(5)`), workers, options and errors."""

import os
import time
import warnings

import numpy as np
import pytest

import pyconv as torch
from pyconv.utils.data import DataLoader, Dataset, IterableDataset, TensorDataset, get_worker_info

warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)


class Numbers(Dataset):
    def __init__(self, size):
        self.size = size

    def __len__(self):
        return self.size

    def __getitem__(self, index):
        return index


class Faulty(Numbers):
    def __getitem__(self, index):
        if index == 2:
            raise KeyError(f"bad {index}")
        return index


class Random(Numbers):
    def __getitem__(self, index):
        return index, torch.randint(100, (1,)).item(), np.random.randint(1000)


class Told(Numbers):
    def __getitem__(self, index):
        info = get_worker_info()
        return f"{info.id} of {info.num_workers}, {info.seed}, {info.dataset.size}"


class Slow(Numbers):
    def __getitem__(self, index):
        time.sleep(1)


class Dying(Numbers):
    def __getitem__(self, index):
        os._exit(3)


class Shared(IterableDataset):
    """Every worker has its share."""

    def __init__(self, size):
        self.size = size

    def __iter__(self):
        info = get_worker_info()
        return iter(range(self.size) if info is None else range(info.id, self.size, info.num_workers))

    def __len__(self):
        return self.size


def batches(*args, passes=1, **options):
    torch.manual_seed(5)
    loader = DataLoader(*args, **options)
    return [[batch.tolist() for batch in loader] for _ in range(passes)], round(torch.rand(1).item(), 6)


ORDERS = {
    "in order": ({"batch_size": 2}, [[[0, 1], [2, 3], [4, 5], [6]]], 0.90747),
    "shuffled": (
        {"batch_size": 3, "shuffle": True},
        [[[0, 3, 6], [2, 1, 4], [5]], [[1, 2, 5], [3, 6, 4], [0]]],
        0.033265,
    ),
    "whole batches": ({"batch_size": 3, "shuffle": True, "drop_last": True}, [[[0, 3, 6], [2, 1, 4]]], 0.920103),
}


@pytest.mark.parametrize("workers", [0, 2])
@pytest.mark.parametrize("name", ORDERS)
def test_the_order_is_torchs(name, workers):
    options, expected, after = ORDERS[name]
    got, draw = batches(Numbers(7), passes=len(expected), num_workers=workers, **options)
    assert got == expected
    assert draw == after


def test_a_generator_of_its_own_gives_the_order():
    generator = torch.Generator().manual_seed(3)
    got, _ = batches(Numbers(7), batch_size=3, shuffle=True, generator=generator, passes=2)
    assert got == [[[3, 4, 2], [0, 1, 6], [5]], [[6, 1, 2], [3, 4, 0], [5]]]


def test_workers_draw_what_torchs_workers_draw():
    torch.manual_seed(5)
    got = [[value.tolist() for value in batch] for batch in DataLoader(Random(9), 2, shuffle=True, num_workers=2)]
    assert got == [
        [[5, 3], [57, 64], [612, 106]],
        [[2, 8], [38, 35], [834, 96]],
        [[6, 4], [79, 34], [632, 484]],
        [[1, 7], [44, 2], [400, 382]],
        [[0], [76], [79]],
    ]


def test_a_worker_knows_itself():
    assert get_worker_info() is None
    torch.manual_seed(5)
    assert list(DataLoader(Told(2), num_workers=2)) == [
        ["0 of 2, 4095051218741643470, 2"],
        ["1 of 2, 4095051218741643471, 2"],
    ]


@pytest.mark.parametrize("options", [{}, {"persistent_workers": True, "prefetch_factor": 1}])
def test_shares_of_an_iterable_come_in_turns(options):
    got, _ = batches(Shared(9), batch_size=2, num_workers=2, passes=2, **options)
    assert got == [[[0, 2], [1, 3], [4, 6], [5, 7], [8]]] * 2


def test_an_iterable_in_this_process():
    loader = DataLoader(Shared(5), batch_size=2, drop_last=True)
    assert [batch.tolist() for batch in loader] == [[0, 1], [2, 3]]
    assert len(loader) == 2
    assert list(DataLoader(Shared(3), batch_size=None)) == [0, 1, 2]


def test_a_wrong_length_is_told():
    dataset = Shared(3)
    loader = DataLoader(dataset, batch_size=None)
    assert len(loader) == 3
    dataset.size = 4
    with pytest.warns(UserWarning, match=r"was reported to be 3.*but 4 samples have been fetched"):
        assert list(loader) == [0, 1, 2, 3]


def test_persistent_workers_live_on():
    loader = DataLoader(Numbers(4), num_workers=1, persistent_workers=True)
    first, second = iter(loader), None
    pids = [worker.pid for worker in first._workers]
    assert len(list(first)) == 4
    second = iter(loader)
    assert [worker.pid for worker in second._workers] == pids
    assert len(list(second)) == 4


def test_without_order_everything_comes_once():
    loader = DataLoader(Numbers(20), num_workers=2, in_order=False)
    assert sorted(int(batch) for batch in loader) == list(range(20))


@pytest.mark.parametrize("workers", [0, 2])
def test_an_exception_comes_after_what_was_before_it(workers):
    loader = iter(DataLoader(Faulty(4), num_workers=workers))
    assert [next(loader).item(), next(loader).item()] == [0, 1]
    with pytest.raises(KeyError) as caught:
        next(loader)
    where = "Caught KeyError in DataLoader worker process 0.\nOriginal Traceback (most recent call last):\n"
    assert str(caught.value).startswith(where if workers else "'bad 2'")
    if workers:
        assert next(loader).item() == 3


def _broken(worker):
    raise ValueError(f"worker {worker}")


def test_an_exception_of_the_first_step_of_a_worker_is_raised():
    with pytest.raises(ValueError, match=r"^Caught ValueError in DataLoader worker process 0") as caught:
        next(iter(DataLoader(Numbers(4), num_workers=1, worker_init_fn=_broken)))
    assert "worker 0" in str(caught.value)


def test_a_slow_worker_is_not_waited_for():
    with pytest.raises(RuntimeError, match=r"^DataLoader timed out after 0.2 seconds$"):
        list(DataLoader(Slow(2), num_workers=1, timeout=0.2))


def test_a_dead_worker_is_noticed():
    with pytest.raises(RuntimeError, match=r"^DataLoader worker \(pid\(s\) \d+\) exited unexpectedly$"):
        list(DataLoader(Dying(2), num_workers=1))


def test_a_pass_that_is_left_ends_its_workers():
    passing = iter(DataLoader(Numbers(100), num_workers=1))
    next(passing)
    workers = list(passing._workers)
    del passing
    assert not any(worker.is_alive() for worker in workers)


def test_samplers_and_functions_are_taken():
    dataset = TensorDataset(torch.arange(6))
    got = [batch[0].tolist() for batch in DataLoader(dataset, batch_sampler=[[5, 0], [1]])]
    assert got == [[5, 0], [1]]
    assert list(DataLoader(Numbers(4), sampler=[3, 1], collate_fn=tuple)) == [(3,), (1,)]
    assert [int(value) for value in DataLoader(Numbers(3), batch_size=None)] == [0, 1, 2]


BAD_OPTIONS = [
    ({"num_workers": -1}, "num_workers option should be non-negative; use num_workers=0 to disable multiprocessing."),
    ({"timeout": -1}, "timeout option should be non-negative"),
    (
        {"prefetch_factor": 2},
        "prefetch_factor option could only be specified in multiprocessing.let num_workers > 0 to enable "
        "multiprocessing, otherwise set prefetch_factor to None.",
    ),
    ({"num_workers": 1, "prefetch_factor": -1}, "prefetch_factor option should be non-negative"),
    ({"persistent_workers": True}, "persistent_workers option needs num_workers > 0"),
    ({"shuffle": True, "sampler": [0]}, "sampler option is mutually exclusive with shuffle"),
    (
        {"batch_sampler": [[0]], "batch_size": 2},
        "batch_sampler option is mutually exclusive with batch_size, shuffle, sampler, and drop_last",
    ),
    (
        {"batch_size": None, "drop_last": True},
        "batch_size=None option disables auto-batching and is mutually exclusive with drop_last",
    ),
    ({"batch_size": 0}, "batch_size should be a positive integer value, but got batch_size=0"),
    ({"drop_last": 3}, "drop_last should be a boolean value, but got drop_last=3"),
    (
        {"multiprocessing_context": "fork"},
        "multiprocessing_context can only be used with multi-process loading (num_workers > 0), but got num_workers=0",
    ),
]


@pytest.mark.parametrize(("options", "text"), BAD_OPTIONS)
def test_errors_are_torchs(options, text):
    with pytest.raises(ValueError) as caught:
        DataLoader(Numbers(3), **options)
    assert str(caught.value) == text


@pytest.mark.parametrize("option", [{"shuffle": True}, {"sampler": [1]}, {"batch_sampler": [1]}])
def test_an_iterable_has_its_own_order(option):
    [(name, value)] = option.items()
    with pytest.raises(ValueError) as caught:
        DataLoader(Shared(3), **option)
    expected = f"DataLoader with IterableDataset: expected unspecified {name} option, but got {name}={value}"
    assert str(caught.value) == expected


def test_what_is_fixed_is_fixed():
    loader = DataLoader(Numbers(3))
    with pytest.raises(ValueError, match=r"^batch_size attribute should not be set after DataLoader is initialized$"):
        loader.batch_size = 2
    loader.timeout = 0
    with pytest.raises(NotImplementedError):
        iter(loader).__getstate__()


def test_warnings_are_torchs():
    with pytest.warns(UserWarning, match=r"^'pin_memory' argument is set as true but no accelerator is found"):
        assert len(list(DataLoader(Numbers(3), pin_memory=True))) == 3
    with pytest.warns(UserWarning, match=r"^This DataLoader will create 9999 worker processes in total"):
        DataLoader(Numbers(3), num_workers=9999)


def test_a_loader_can_be_named_by_what_it_gives():
    assert issubclass(DataLoader[int].__origin__, DataLoader)
