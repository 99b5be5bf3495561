"""Downloads, from files of this machine."""

import hashlib
import zipfile

import pytest

import pyconv as torch
from pyconv.utils import model_zoo


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "model.pt"
    torch.save({"w": torch.ones(2)}, path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    named = tmp_path / f"model-{digest[:8]}.pt"
    path.rename(named)
    return named


def test_a_file_is_downloaded_once_and_checked(source, tmp_path, capsys):
    folder = str(tmp_path / "cache")
    for _ in range(2):
        got = model_zoo.load_url(source.as_uri(), folder, check_hash=True)
        assert got["w"].tolist() == [1, 1]
        if source.exists():
            assert capsys.readouterr().err.startswith(f'Downloading: "{source.as_uri()}" to {folder}')
            source.unlink()
    assert capsys.readouterr().err == ""


def test_another_hash_is_refused(source, tmp_path):
    other = source.with_name("model-0000aaaa.pt")
    source.rename(other)
    with pytest.raises(RuntimeError, match=r'^invalid hash value \(expected "0000aaaa", got "[0-9a-f]{64}"\)$'):
        torch.hub.load_state_dict_from_url(
            other.as_uri(), str(tmp_path), progress=False, check_hash=True, file_name="model-0000aaaa.x.pt"
        )
    assert not list(tmp_path.glob("*.partial"))


def test_the_folder_is_that_of_the_environment_or_the_users(monkeypatch, tmp_path):
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    assert torch.hub.get_dir() == str(tmp_path / "hub")
    monkeypatch.setattr(torch.hub, "_hub_dir", None)
    torch.hub.set_dir(tmp_path / "mine")
    assert torch.hub.get_dir() == str(tmp_path / "mine")


def test_a_zip_around_an_old_file_is_unpacked(tmp_path):
    old = tmp_path / "old.pth"
    torch.save({"w": torch.zeros(1)}, old, _use_new_zipfile_serialization=False)
    with zipfile.ZipFile(tmp_path / "packed.zip", "w") as archive:
        archive.write(old, "old.pth")
    url = (tmp_path / "packed.zip").as_uri()
    got = torch.hub.load_state_dict_from_url(url, str(tmp_path / "cache"), progress=False)
    assert got["w"].tolist() == [0]
