"""The entry for a test suite: it passes, or fails with the harness's own report."""

import pytest

from conformance import known
from conformance.adapters import TorchAdapter
from conformance.cases import draw
from conformance.testing import assert_conforms, cases
from conformance.tokens import parse


class Negated(TorchAdapter):
    """torch with the sign of every output wrong."""

    def run(self, case, operands):
        maps = super().run(case, operands)
        return maps | {"output": -maps["output"]}


def test_cases_are_those_of_a_run():
    assert cases(3, seed=5) == [draw(5, number) for number in range(3)]
    assert {case.op for case in cases(4, ops=["pad"])} == {"pad"}


@pytest.mark.parametrize("case", cases(40), ids=str)
def test_pyconv_conforms(case):
    assert_conforms(case, "pyconv", known.DEFAULT_FILE)


def test_a_difference_is_told_as_the_harness_tells_it():
    with pytest.raises(AssertionError, match="value of output") as raised:
        assert_conforms(parse("conv1d n1 c1 o1 h5 k3 f32 ints seed1"), Negated())
    assert "repeat with: python -m conformance" in str(raised.value)


def test_a_known_difference_passes(tmp_path):
    path = tmp_path / "known.toml"
    entries = [f'[[difference]]\ncheck = "{check}"\ncase = ""\ntorch = ""\ncandidate = ""\nreason = "r"\nlink = "l"\n'
               for check in ("value", "adjoint", "algorithms")]  # fmt: skip
    path.write_text("".join(entries), encoding="utf-8")
    assert_conforms(parse("conv1d n1 c1 o1 h5 k3 f32 ints seed1"), Negated(), path)
