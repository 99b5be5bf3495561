"""Files beside torch's: each library reads what the other writes, and says the same of what it refuses."""

import collections
import fractions
import io
import pickle

import numpy as np
import pytest
import torch

import pyconv

DTYPES = [
    "float64",
    "float32",
    "float16",
    "bfloat16",
    "int64",
    "int32",
    "int16",
    "int8",
    "uint8",
    "complex64",
    "complex128",
]
YOUNG = ["uint16", "uint32", "uint64", "float8_e4m3fn"]


def content(library, names):
    """The same objects of a library."""
    x = library.arange(12.0).reshape(3, 4)
    library.manual_seed(0)
    model = library.nn.Sequential(library.nn.Conv2d(1, 2, 3), library.nn.Dropout())
    return {
        **{name: library.tensor([1, 2, 3]).to(getattr(library, name)) for name in names},
        "bool": library.tensor([True, False]),
        "x": x,
        "rows": x[1:],
        "columns": x.t(),
        "parameter": library.nn.Parameter(x),
        "buffer": library.nn.Buffer(library.ones(2)),
        "scalar": library.tensor(3.5),
        "empty": library.zeros(0),
        "leaf": library.ones(2, requires_grad=True),
        "dtype": library.float32,
        "size": x.shape,
        "device": library.device("cpu"),
        "nested": [1, (2, 3.5, "s", None, True), {4}, collections.OrderedDict(a=1)],
        "state": model.state_dict(),
    }


def told(value):
    """A value as what both libraries print and hold."""
    if hasattr(value, "detach"):
        flat = value.detach().to((torch if isinstance(value, torch.Tensor) else pyconv).complex128)
        return (
            str(value.dtype),
            tuple(value.shape),
            tuple(value.stride()) if value.numel() else None,
            value.requires_grad,
            "Parameter" in type(value).__name__,
            flat.tolist(),
        )
    if isinstance(value, dict):
        return (
            type(value).__name__,
            {key: told(item) for key, item in value.items()},
            told(vars_of(value)) if vars_of(value) else None,
        )
    return [told(item) for item in value] if isinstance(value, (list, tuple)) else str(value)


def vars_of(value):
    return getattr(value, "__dict__", None)


@pytest.mark.parametrize("weights_only", [True, False])
@pytest.mark.parametrize("zipped", [True, False])
@pytest.mark.parametrize("ours_writes", [True, False], ids=["ours to torch", "torch's to us"])
def test_each_reads_what_the_other_writes(ours_writes, zipped, weights_only):
    writer, reader = (pyconv, torch) if ours_writes else (torch, pyconv)
    values = content(writer, DTYPES + (YOUNG if zipped else []))
    file = io.BytesIO()
    writer.save(values, file, _use_new_zipfile_serialization=zipped)
    file.seek(0)
    got = reader.load(file, weights_only=weights_only)
    assert told(got) == told(values)
    got["x"].fill_(5)
    assert all((got[name] == 5).all().item() for name in ("rows", "columns", "parameter"))


@pytest.mark.parametrize("mmap", [True, False])
def test_paths_and_maps(tmp_path, mmap):
    for writer, reader in ((pyconv, torch), (torch, pyconv)):
        path = tmp_path / f"{writer.__name__}.pt"
        writer.save(content(writer, DTYPES), path)
        assert told(reader.load(path, mmap=mmap)) == told(content(writer, DTYPES))


@pytest.mark.parametrize("ours_writes", [True, False], ids=["ours to torch", "torch's to us"])
def test_whole_modules(ours_writes):
    writer, reader = (pyconv, torch) if ours_writes else (torch, pyconv)
    writer.manual_seed(1)
    model = writer.nn.Sequential(writer.nn.Conv2d(1, 2, 3, padding=1), writer.nn.Dropout(0.3)).eval()
    file = io.BytesIO()
    writer.save(model, file)
    file.seek(0)
    got = reader.load(file, weights_only=False)
    assert repr(got) == repr(model)
    x = np.arange(16, dtype=np.float32).reshape(1, 1, 4, 4)
    expected = model(writer.from_numpy(x)).detach().numpy()
    np.testing.assert_allclose(got(reader.from_numpy(x)).detach().numpy(), expected, rtol=1e-5)


class Own:
    """A class that is not allowed."""


def torchs(obj, **options):
    file = io.BytesIO()
    torch.save(obj, file, **options)
    file.seek(0)
    return file


REFUSED = {
    "class": lambda load: load(torchs(fractions.Fraction(1, 2))),
    "own class": lambda load: load(torchs(Own())),
    "function": lambda load: load(torchs(print)),
    "array": lambda load: load(torchs(np.ones(2))),
    "slice": lambda load: load(torchs(slice(1))),
    "old": lambda load: load(torchs(fractions.Fraction(1, 2), _use_new_zipfile_serialization=False)),
    "module": lambda load: load(torchs(1), weights_only=True, pickle_module=pickle),
    "no file": lambda load: load("/no/such.pt"),
    "no zip": lambda load: load(io.BytesIO(b"PK\x03\x04abc")),
    "no magic": lambda load: load(io.BytesIO(pickle.dumps({"a": 1}, 2))),
    "no file object": lambda load: load(3),
    "map of no path": lambda load: load(torchs(1), mmap=True),
    "cuda": lambda load: load(torchs(torch.ones(1)), map_location="cuda"),
    "a place by name": lambda load: load(torchs(torch.ones(1)), map_location={"cpu": "nowhere"}),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_and_how(name):
    outcomes = []
    for library in (torch, pyconv):
        with pytest.raises(Exception) as caught:
            REFUSED[name](library.load)
        outcomes.append((caught.type, str(caught.value)))
    assert outcomes[0] == outcomes[1]
