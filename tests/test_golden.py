"""pyconv beside real torch's recorded answers; written by `python -m conformance record`, read with NumPy alone."""

from pathlib import Path

import pytest

from conformance import known
from conformance.adapters import load as load_library
from conformance.golden.recorded import load, verdicts
from conformance.options import possible_pairs
from conformance.report.text import closing
from conformance.tally import Tally

FILE = Path(__file__).with_name("data") / "torch-2.13.0.golden"


@pytest.fixture(scope="module")
def tally():
    found, entries = Tally(), known.load()
    _, cases = load(FILE)
    for number, verdict in enumerate(verdicts(cases, load_library("pyconv"))):
        found.add(number, verdict, [known.find(entries, verdict.case, d) for d in verdict.differences])
    return found


def test_pyconv_gives_torchs_answers(tally):
    assert tally.failures == [], closing(tally)


def test_the_file_is_of_useful_breadth_and_small(tally):
    assert tally.total("passed") > 1500
    possible = {(op, *pair) for op, *_ in tally.counts for pair in possible_pairs(op)}
    assert len(tally.pairs.keys() & possible) > 0.9 * len(possible)
    assert FILE.stat().st_size < 2 * 2**20


def test_the_file_says_what_it_was_made_with():
    about, _ = load(FILE)
    assert about["torch"].startswith("2.13.0")
    assert {"numpy", "blas", "cpu", "seed"} <= about.keys()
