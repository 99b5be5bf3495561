"""What is kept is what was measured."""

import pytest

from benchmarks import record
from tests.benchmarks.samples import measured


def test_a_file_gives_back_what_was_written(tmp_path):
    found = [measured(0.5, refused={"scipy": "no gradients"}), measured(2.0, error=None, bound=None)]
    record.write(tmp_path / "run.json", {"threads": 2}, found)
    assert record.read(tmp_path / "run.json") == ({"threads": 2}, found)


@pytest.mark.parametrize("text", ["{}", "[]", "not JSON", '{"about": {}, "measured": [{"suite": "s"}]}'])
def test_another_file_is_refused(tmp_path, text):
    path = tmp_path / "other.json"
    path.write_text(text)
    with pytest.raises(ValueError, match="is no file of `python -m benchmarks --json`"):
        record.read(path)
