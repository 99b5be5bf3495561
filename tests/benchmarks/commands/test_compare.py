"""What counts as slower."""

import pytest

from benchmarks import record
from benchmarks.commands import compare
from tests.benchmarks.samples import measured


@pytest.fixture
def files(tmp_path):
    def write(old, new, before=None, after=None):
        paths = [tmp_path / "old.json", tmp_path / "new.json"]
        for path, found, about in zip(paths, (old, new), (before, after)):
            record.write(path, about or {"threads": 2}, found)
        return list(map(str, paths))

    return write


def run(ratio, quotients, **fields):
    return measured(ratio, seconds=(4.0,) * len(quotients), quotients=quotients, **fields)


OLD = run(1.0, [1.0, 1.1, 1.2, 1.3, 1.4])


def test_slower_beyond_the_spread_is_told_and_is_the_exit_status(files, capsys):
    new = run(1.5, [1.5, 1.6, 1.7, 1.8, 9.0])
    assert compare.main(files([OLD], [new])) == 1
    text = capsys.readouterr().out
    assert "1 of 1 got slower" in text
    assert "1.10 – 1.30   1.60 – 1.80" in text
    assert "s beside torch: 1.500 times the old ratio" in text


def test_within_the_spread_is_not_slower(files, capsys):
    new = run(1.5, [1.2, 1.25, 1.3, 1.6, 1.7])
    assert compare.main(files([OLD], [new])) == 0
    assert "0 of 1 got slower" in capsys.readouterr().out


def test_a_change_of_the_quotients_alone_is_not_slower(files):
    assert compare.main(files([OLD], [run(1.02, [1.5, 1.6, 1.7, 1.8, 1.9])])) == 0


def test_faster_is_told(files, capsys):
    assert compare.main(files([OLD], [run(0.5, [0.5, 0.6, 0.7, 0.8, 0.9])])) == 0
    assert "1 of 1 got faster" in capsys.readouterr().out


def test_another_algorithm_other_threads_and_missing_layers_are_told(files, capsys):
    slow = run(1.5, [1.5, 1.6, 1.7, 1.8, 9.0])
    new = type(slow)(**vars(slow) | {"algorithm": "winograd"})
    old = [OLD, run(1.0, [1.0], layer="gone")]
    compare.main(files(old, [new], {"threads": 2}, {"threads": 4}))
    text = capsys.readouterr().out
    assert "im2col → winograd" in text
    assert "threads differ: 2 and 4" in text
    assert "1 of the old run are not in the new one" in text


def test_runs_without_a_layer_in_common(files, capsys):
    assert compare.main(files([OLD], [])) == 0
    assert "nothing is in both runs" in capsys.readouterr().out


def test_a_file_that_is_none_is_refused(files, capsys):
    old, new = files([OLD], [OLD])
    with open(new, "w") as file:
        file.write("{}")
    with pytest.raises(SystemExit):
        compare.main([old, new])
    assert "is no file of" in capsys.readouterr().err
