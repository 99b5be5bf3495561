"""What the page shows: every case in the tables once, every failure once."""

from collections import Counter

from conformance.case import DTYPES
from conformance.report import sections
from conformance.report.coverage import coverage
from conformance.tally import Failure, Tally


def test_the_heat_table_has_every_case_once(tally):
    table = sections.heat(tally)
    tiers = [(sums, whole) for _, tiers in table.rows for _, sums, whole in tiers]
    assert sum(one.total for sums, _ in tiers for one in sums) == tally.total()
    assert sum(whole.total for _, whole in tiers) == tally.total()
    assert sum(whole.bad for _, whole in tiers) == tally.total("failed", "crashed", "timed out")
    assert table.dtypes == list(DTYPES)
    assert [tier for tier, *_ in dict(table.rows)["conv3d"]] == ["exact", "real", "error", "none"]


def test_the_fullest_cell_has_all_of_the_colour(tally):
    table = sections.heat(tally)
    weights = [table.weight(one.total) for _, tiers in table.rows for _, sums, _ in tiers for one in sums]
    assert (min(weights), max(weights)) == (0.0, 1.0)


def test_each_option_has_its_levels_and_their_cases(tally):
    found = {choice.name: choice for choice in sections.choices(tally)}
    for name in ("stride", "layout", "mode"):
        counted = sum(number for (_, option, _, _), number in tally.options.items() if option == name)
        assert sum(one.total for _, one in found[name].levels) == counted > 0
        assert found[name].most == max(one.total for _, one in found[name].levels)
    assert [level for level, _ in found["stride"].levels] == ["absent", "1", "more", "beyond", "mixed"]


def test_the_matrix_has_each_pair_of_options_once_and_its_holes_are_what_is_missing(tally):
    for one in coverage(tally):
        found = sections.matrix(one)
        meetings = [meeting for _, row in found.rows for meeting in row]
        assert len({frozenset((m.first, m.second)) for m in meetings}) == len(meetings)
        assert sum(meeting.possible for meeting in meetings) == len(one.possible)
        assert {pair for meeting in found.holes for pair in meeting.missing} == one.missing
        assert all(len(row) == place for place, (_, row) in enumerate(found.rows))


def test_failures_are_grouped_without_loss(tally):
    groups = sections.groups(tally.failures)
    lines = [line for group in groups for finding in group.findings for line in finding.lines]
    assert sorted(lines) == sorted(failure.case for failure in tally.failures)
    assert [group.total for group in groups] == sorted((group.total for group in groups), reverse=True)
    kinds = {group.kind for group in groups} - {"threads"}  # in which torch may differ from itself
    assert kinds == {"crashed", "timed out", "outcome", "value", "adjoint"}


def test_of_too_many_findings_the_rest_are_lines():
    failures = [Failure(n, f"pad c{n}", "crashed") for n in range(4)] + [Failure(9, "fold c9", "crashed")]
    first, second = sections.groups(failures, 3)
    assert ([f.lines for f in first.findings], first.rest) == ([["pad c0"], ["pad c1"], ["pad c2"]], ["pad c3"])
    assert (second.findings, second.rest, second.total) == ([], ["fold c9"], 1)


def test_a_run_without_a_case_has_empty_tables():
    assert sections.heat(Tally()).rows == []
    assert sections.heat(Tally()).weight(0) == 0.0
    assert sections.choices(Tally()) == []
    assert sections.groups([]) == []


def test_a_sum_tells_only_the_statuses_that_occur():
    assert sections.Sum(Counter(passed=1, failed=2)).told == "1 passed, 2 failed"
    assert sections.Sum(Counter()).told == "no case"
