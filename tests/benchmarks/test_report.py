"""The tables: what stands in a line, and what a suite comes to."""

import pytest

from benchmarks import report
from tests.benchmarks.samples import measured


def test_a_line_has_every_number_in_its_column():
    (line,) = report.rows(measured(0.5, quotients=[0.5, 0.7]))
    assert line.split()[:5] == ["L", "1", "forward", "im2col", "4e+03"]
    assert line.split()[5:] == ["torch", "0.50", "0.60", "2.00", "1.50", "8.0", "0.50", "3.0", "5.0", "1.0"]
    assert len(line) == len(report.header())


def test_an_error_beyond_its_bound_is_marked():
    (line,) = report.rows(measured(0.5, error=9.0))
    assert " 9.00! " in line
    assert report.is_over(measured(0.5, error=9.0))
    assert not report.is_over(measured(0.5, error=None))


def test_rivals_that_lack_the_same_share_a_line():
    found = measured(0.5, refused={"scipy": "no gradients", "naive": "no gradients", "mygrad": "no groups"})
    _, first, second = report.rows(found)
    assert first.split() == ["scipy,", "naive:", "no", "gradients"]
    assert second.split() == ["mygrad:", "no", "groups"]


def test_without_a_rival_there_is_still_a_line():
    found = measured(0.5)
    (line,) = report.rows(type(found)(**vars(found) | {"beside": {}}))
    assert line.split()[:4] == ["L", "1", "forward", "im2col"]


def test_a_summary_is_the_geometric_mean_and_the_worst_of_the_rest():
    found = [measured(0.5), measured(2.0, layer="M", error=6.0, workspace=9 * 2**20), measured(4.0, name="input_grad")]
    forward, backward = report.summaries(found)
    assert (forward.suite, forward.batch, forward.name, forward.rival) == ("s", 1, "forward", "torch")
    assert forward.layers == 2
    assert forward.ratio == pytest.approx(1.0)
    assert forward.largest == 2
    assert forward.share == 0.75
    assert forward.rms == 0.5
    assert forward.workspace == 9 * 2**20
    assert (backward.name, backward.ratio) == ("input_grad", pytest.approx(4.0))


def test_three_passes_of_a_layer_add_up():
    ratios = {"forward": 1, "input_grad": 2, "weight_grad": 4}
    passes = [measured(ratio, name=name, seconds=(ratio,)) for name, ratio in ratios.items()]
    whole = report.summaries(passes)[-1]
    assert whole.name == "all three passes"
    assert whole.ratio == pytest.approx(7 / 3)  # 1 + 2 + 4 seconds over 1 + 1 + 1
    assert whole.layers == 1


def test_the_table_has_a_line_for_each_summary():
    text = report.summary_table([measured(0.5), measured(2.0, layer="M")]).splitlines()
    assert len(text) == 2
    assert text[1].split() == ["s", "1", "forward", "torch", "2", "1.00", "2.00", "0.25", "0.50", "3.0"]
