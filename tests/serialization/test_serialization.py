"""save and load: what comes back, what shares memory, what is refused; and files that torch 2.13.0 wrote.

`tests/data/torch_zip.pt` and `tests/data/torch_legacy.pt` are recorded by `tests/data/record_checkpoints.py`.
"""

import collections
import fractions
import io
import os
import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest

import pyconv as torch
from pyconv import nn
from pyconv.serialization import get_unsafe_globals_in_checkpoint, safe_globals

DATA = Path(__file__).parents[1] / "data"
DTYPES = ("float64", "float32", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool")
DTYPES += ("complex64", "complex128", "uint16", "uint32", "uint64", "float8_e4m3fn")


def saved(obj, **options):
    file = io.BytesIO()
    torch.save(obj, file, **options)
    file.seek(0)
    return file


def passed(obj, **options):
    return torch.load(saved(obj, **options))


@pytest.mark.parametrize("name", DTYPES)
@pytest.mark.parametrize("shape", [(), (0, 3), (2, 3)])
def test_a_tensor_of_every_dtype_comes_back(name, shape):
    x = torch.ones(shape).to(getattr(torch, name))
    y = passed(x)
    assert y.dtype is x.dtype
    assert y.shape == x.shape
    assert y.tolist() == x.tolist()


def test_a_file_may_be_one_that_only_reads_and_seeks():
    class Plain:
        def __init__(self, data):
            file = io.BytesIO(data)
            self.read, self.seek, self.tell, self.seekable = file.read, file.seek, file.tell, file.seekable

    x = torch.arange(1000)
    assert torch.load(Plain(saved(x).getvalue())).tolist() == x.tolist()


def test_a_compressed_record_is_read():
    x, packed = torch.arange(1000), io.BytesIO()
    with zipfile.ZipFile(saved(x)) as file, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as goal:
        for name in file.namelist():
            goal.writestr(name, file.read(name))
    packed.seek(0)
    assert torch.load(packed).tolist() == x.tolist()


def test_an_encrypted_record_is_not_taken_for_its_data():
    data = bytearray(saved(torch.arange(1000)).getvalue())
    name = data.rindex(b"/data/0")  # in the directory at the end, whose entries begin with a signature
    data[data.rindex(b"PK\1\2", 0, name) + 8] |= 1
    local = data.index(b"/data/0")
    data[data.rindex(b"PK\3\4", 0, local) + 6] |= 1
    with pytest.raises(RuntimeError, match="encrypted"):
        torch.load(io.BytesIO(data))


def test_checksums_of_storages_are_not_compared_as_in_torch():
    data = bytearray(saved(torch.arange(1000)).getvalue())
    place = data.index(np.arange(1000).tobytes())
    data[place] = 7
    assert torch.load(io.BytesIO(data)).tolist()[:3] == [7, 1, 2]


@pytest.mark.parametrize("zipped", [True, False])
def test_containers_and_plain_values_come_back(zipped):
    values = {
        "list": [1, 2.5, None, True, "text", b"bytes", 2**70],
        "tuple": (1, (2,)),
        "ordered": collections.OrderedDict(a=1),
        "set": {1, 2},
        "complex": 1 + 2j,
        "dtype": torch.float16,
        "size": torch.Size((1, 2)),
        "device": torch.device("cpu"),
    }
    assert passed(values, _use_new_zipfile_serialization=zipped) == values


@pytest.mark.parametrize("zipped", [True, False])
def test_views_share_their_memory_again(zipped):
    x = torch.arange(12.0).reshape(3, 4)
    views = [x, x[1:], x.t(), nn.Parameter(x), x[:, ::2]]
    got = passed(views, _use_new_zipfile_serialization=zipped)
    for one, other in zip(views, got):
        assert torch.equal(one.detach(), other.detach())
        assert one.stride() == other.stride()
    got[0].fill_(7)
    assert all((view == 7).all().item() for view in got)
    assert isinstance(got[3], nn.Parameter)


def test_a_view_brings_its_whole_memory_once():
    x = torch.zeros(1000)
    with zipfile.ZipFile(saved([x[:1], x[5:6]])) as archive:
        storages = [info for info in archive.infolist() if "/data/" in info.filename]
    assert [info.file_size for info in storages] == [4000]


def test_flags_and_attributes_come_back():
    leaf = torch.ones(2, requires_grad=True)
    frozen = nn.Parameter(torch.ones(2), requires_grad=False)
    buffer = nn.Buffer(torch.ones(2), persistent=False)
    marked = nn.Parameter(torch.ones(1))
    marked.decay = 0.1
    got = passed([leaf, frozen, buffer, marked])
    assert [value.requires_grad for value in got] == [True, False, False, True]
    assert isinstance(got[2], nn.Buffer)
    assert not got[2].persistent
    assert got[3].decay == 0.1


def test_a_state_dict_is_loaded_into_another_module():
    torch.manual_seed(0)
    model, other = (nn.Sequential(nn.Conv2d(1, 2, 3), nn.Conv2d(2, 1, 1)) for _ in range(2))
    state = passed(model.state_dict())
    assert state._metadata == model.state_dict()._metadata
    assert str(other.load_state_dict(state)) == "<All keys matched successfully>"
    x = torch.randn(1, 1, 5, 5)
    assert torch.equal(model(x), other(x))


def test_a_module_comes_back_from_a_file_that_is_trusted():
    model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.Dropout(0.2)).eval()
    got = torch.load(saved(model), weights_only=False)
    assert repr(got) == repr(model)
    x = torch.randn(1, 1, 5, 5)
    assert torch.equal(got(x), model(x))


def test_files_are_named_and_laid_out_as_torchs(tmp_path):
    path = tmp_path / "weights.v1.pt"
    torch.save({"w": torch.ones(3)}, path)
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        raw = path.read_bytes()
        assert archive.read("weights.v1/data/0") == np.ones(3, np.float32).tobytes()
        assert archive.read("weights.v1/version") == b"3\n"
        assert archive.read("weights.v1/byteorder") == b"little"
        assert all(info.compress_type == zipfile.ZIP_STORED for info in archive.infolist())
    assert raw.index(np.ones(3, np.float32).tobytes()) % 64 == 0
    expected = ["data.pkl", ".format_version", ".storage_alignment", "byteorder", "data/0", "version"]
    assert names == [f"weights.v1/{name}" for name in (*expected, ".data/serialization_id")]
    assert torch.load(str(path))["w"].tolist() == [1, 1, 1]


def test_a_mapped_file_does_not_change(tmp_path):
    path = tmp_path / "w.pt"
    torch.save([torch.arange(4), torch.zeros(0)], path)
    before = path.read_bytes()
    got = torch.load(path, mmap=True)
    got[0].fill_(9)
    assert path.read_bytes() == before
    assert torch.load(path, mmap=True)[0].tolist() == [0, 1, 2, 3]


def test_a_file_of_the_other_byte_order_is_read():
    written = saved([torch.arange(3), torch.tensor([1.5], dtype=torch.float64)])
    swapped = io.BytesIO()
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(swapped, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if "/data/" in name:
                data = np.frombuffer(data, np.uint64).byteswap().tobytes()
            target.writestr(name, b"big" if name.endswith("byteorder") else data)
    swapped.seek(0)
    assert [value.tolist() for value in torch.load(swapped)] == [[0, 1, 2], [1.5]]


@pytest.mark.parametrize("name", ["torch_zip.pt", "torch_legacy.pt"])
def test_files_of_torchs_are_read(name):
    got = torch.load(DATA / name)
    assert got["x"].tolist() == [[0, 1, 2], [3, 4, 5]]
    assert got["view"].tolist() == [3, 4, 5]
    got["x"].zero_()
    assert got["view"].tolist() == [0, 0, 0]
    assert isinstance(got["parameter"], nn.Parameter)
    assert got["half"].dtype is torch.float16
    assert got["brain"].tolist() == [1.5]
    assert got["state"]._metadata[""] == {"version": 1}
    assert nn.Conv2d(1, 1, 2).load_state_dict(got["state"])
    assert got["optimizer"]["state"][0]["exp_avg"].tolist() == got["average"].tolist()
    assert got["rest"] == [torch.int64, torch.Size([2]), torch.device("cpu"), None, "é"]


NOT_ALLOWED = (
    "Weights only load failed. This file can still be loaded, to do so you have two options, "
    "\033[1mdo those steps only if you trust the source of the checkpoint\033[0m. \n\t(1) In PyTorch 2.6, we changed "
    "the default value of the `weights_only` argument in `torch.load` from `False` to `True`. Re-running `torch.load` "
    "with `weights_only` set to `False` will likely succeed, but it can result in arbitrary code execution. Do it only "
    "if you got the file from a trusted source.\n\t(2) Alternatively, to load with `weights_only=True` please check "
    "the recommended steps in the following error message.\n\tWeightsUnpickler error: Unsupported global: GLOBAL "
    "fractions.Fraction was not an allowed global by default. Please use `torch.serialization.add_safe_globals("
    "[fractions.Fraction])` or the `torch.serialization.safe_globals([fractions.Fraction])` context manager to "
    "allowlist this global if you trust this class/function.\n\nCheck the documentation of torch.load to learn more "
    "about types accepted by default with weights_only https://pytorch.org/docs/stable/generated/torch.load.html."
)


def test_what_is_not_allowed_is_refused_and_can_be_allowed():
    value = fractions.Fraction(1, 3)
    with pytest.raises(pickle.UnpicklingError) as caught:
        passed(value)
    assert str(caught.value) == NOT_ALLOWED
    assert get_unsafe_globals_in_checkpoint(saved([value, torch.ones(1)])) == ["fractions.Fraction"]
    with safe_globals([fractions.Fraction]):
        assert passed(value) == value
    with safe_globals([(fractions.Fraction, "fractions.Fraction")]):
        assert passed(value) == value
    assert torch.load(saved(value), weights_only=False) == value


class Evil:
    """An object whose pickle runs a command."""

    def __reduce__(self):
        return os.system, ("exit 1",)


@pytest.mark.parametrize("obj", [Evil(), print, nn.Conv2d, slice(1), np.ones(2)], ids=lambda obj: type(obj).__name__)
@pytest.mark.parametrize("zipped", [True, False])
def test_nothing_else_runs_from_a_file_that_is_not_trusted(obj, zipped):
    with pytest.raises(pickle.UnpicklingError, match=r"^Weights only load failed"):
        passed(obj, _use_new_zipfile_serialization=zipped)


def test_the_environment_says_whether_to_trust(monkeypatch):
    value = fractions.Fraction(1, 3)
    monkeypatch.setenv("TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD", "1")
    with pytest.warns(UserWarning, match=r"^Environment variable TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD detected"):
        assert passed(value) == value
    monkeypatch.setenv("TORCH_FORCE_WEIGHTS_ONLY_LOAD", "y")
    with pytest.raises(RuntimeError, match=r"^Only one of"):
        passed(value)


@pytest.mark.parametrize("where", ["cpu", b"cpu", torch.device("cpu"), {"cpu": "cpu"}, lambda storage, place: storage])
def test_a_place_to_load_to(where):
    assert torch.load(saved(torch.ones(2)), map_location=where).tolist() == [1, 1]


@pytest.mark.parametrize("where", ["cuda", {"cpu": "cuda:1"}])
def test_there_is_no_other_place(where):
    with pytest.raises(RuntimeError, match=r"^Attempting to deserialize object on a CUDA device but"):
        torch.load(saved(torch.ones(2)), map_location=where)


@pytest.mark.parametrize(
    ("call", "kind", "text"),
    [
        (
            lambda: torch.save(1, 3),
            AttributeError,
            "expected 'f' to be string, path, or a file-like object with a 'write' attribute",
        ),
        (lambda: torch.save(1, "/no/such/x.pt"), RuntimeError, "Parent directory /no/such does not exist."),
        (
            lambda: torch.save([VIEWED, VIEWED.view(torch.int32)], io.BytesIO()),
            RuntimeError,
            "Cannot save multiple tensors or storages that view the same data as different types",
        ),
        (
            lambda: torch.load(saved(1), weights_only=True, pickle_module=pickle),
            RuntimeError,
            "Can not safely load weights when explicit pickle_module is specified",
        ),
        (
            lambda: torch.load(saved(1), mmap=True),
            ValueError,
            "f must be a file path in order to use the mmap argument",
        ),
        (
            lambda: torch.load(io.BytesIO(pickle.dumps({"a": 1}, 2)), weights_only=False),
            RuntimeError,
            "Invalid magic number; corrupt file?",
        ),
        (
            lambda: torch.load(io.BytesIO(b"PK\x03\x04abc")),
            RuntimeError,
            "PytorchStreamReader failed reading zip archive: not a ZIP archive. This is an internal miniz error. If "
            "you are seeing this error, there is a high likelihood that your checkpoint file is corrupted. This can "
            "happen if the checkpoint was not saved properly, was transferred incorrectly, or the file was modified "
            "after saving.",
        ),
        (
            lambda: torch.load(3),
            AttributeError,
            "'int' object has no attribute 'seek'. You can only torch.load from a file that is seekable. Please "
            "pre-load the data into a buffer like io.BytesIO and try to load from it instead.",
        ),
    ],
)
def test_errors_are_torchs(call, kind, text):
    with pytest.raises(kind) as caught:
        call()
    assert str(caught.value) == text


VIEWED = torch.ones(2)


def test_a_storage_that_is_too_small_is_refused():
    file = saved(torch.ones(4))
    short = io.BytesIO()
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(short, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name)[:8] if "/data/" in name else source.read(name))
    short.seek(0)
    with pytest.raises(RuntimeError, match=r"are out of bounds for storage of size 8$"):
        torch.load(short)


@pytest.mark.filterwarnings("ignore:TypedStorage is deprecated")
@pytest.mark.parametrize("zipped", [True, False])
def test_storages_share_memory_with_tensors(zipped):
    x = torch.arange(6.0)
    file = io.BytesIO()
    given = [x, x[2:].storage(), torch.tensor([1, 2]).storage(), torch.ones(2, dtype=torch.uint8).untyped_storage()]
    torch.save(given, file, _use_new_zipfile_serialization=zipped)
    for careful in (True, False):
        file.seek(0)
        tensor, same, other, untyped = torch.load(file, weights_only=careful)
        tensor.fill_(7)
        assert isinstance(same, torch.FloatStorage)
        assert same.tolist() == [7.0] * 6
        assert (isinstance(other, torch.LongStorage), other.tolist()) == (True, [1, 2])
        assert untyped.tolist() == [1, 1]


@pytest.mark.parametrize("zipped", [True, False])
def test_a_file_is_written_to_its_end(tmp_path, zipped):
    path = tmp_path / "open"
    with open(path, "wb") as file:
        torch.save(torch.arange(3), file, _use_new_zipfile_serialization=zipped)
        assert torch.load(path).tolist() == [0, 1, 2]


def test_a_file_with_the_fewest_methods():
    class Plain:
        def __init__(self, data):
            file = io.BytesIO(data)
            self.read, self.readline, self.seek, self.tell = file.read, file.readline, file.seek, file.tell

    file = io.BytesIO()
    torch.save(torch.arange(3), file)
    assert torch.load(Plain(file.getvalue())).tolist() == [0, 1, 2]
