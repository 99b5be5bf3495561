"""The fit's command, on its quickest suite."""

import re

from benchmarks import model
from benchmarks.__main__ import main
from benchmarks.commands import fit
from benchmarks.layers import Layer, Task
from benchmarks.model import Sample


def test_it_prints_times_scores_and_every_constant(capsys, monkeypatch):
    monkeypatch.setattr(fit, "INTEGERS", fit.INTEGERS[1:2])
    assert main(["fit", "small", "--batch", "1", "--rounds", "1", "--threads", "1"]) == 0
    text = capsys.readouterr().out
    assert text.count("ms: ") == 6
    assert len(re.findall(r"at most 1.15 times the best on \d of 6", text)) == 2
    for name, value in model.constants().items():
        assert re.search(rf"^{name} = \S+  \(is {re.escape(f'{value:.3g}')}\)$", text, re.M)


def test_a_choice_that_is_not_the_best_is_marked():
    task = Task(Layer(64, (14, 14), 64, 1), 1)
    wrong = Sample(task, {"pointwise": 3e-3, "direct": 1e-3})
    assert fit.told(wrong).endswith("ms: direct 1.000, pointwise 3.000  ← pointwise chosen, 3.00 times the best")
    right = Sample(task, {"pointwise": 1e-3, "direct": 3e-3})
    assert fit.told(right).endswith("ms: pointwise 1.000, direct 3.000")
    alone = Sample(task, {"pointwise": 1e-3})
    assert fit.score([wrong, right, alone]).startswith(
        "the choice takes at most 1.15 times the best on 1 of 2 that leave a choice (50%); all 3 take 1.442 times"
    )
