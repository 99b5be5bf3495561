"""A run in parts: the same whatever judges it, and a case that is lost costs no other."""

import distributed
import pytest

from conformance.case import SPATIAL_AXES
from conformance.engine import Here, cluster, workers
from conformance.plan import Plan, judge_part
from conformance.session import Limits, Session

CIRCULAR, REPLICATE = (f"pad c1 h4 p1,1 {mode} f32 ints seed0" for mode in ("circular", "replicate"))
OTHERS = ("pad c1 h4 p1,1 f32 ints seed0", "pad c1 h4 p1,1 reflect f32 ints seed0")
OPS = (*SPATIAL_AXES, "max_pool2d", "relu", "sum", "dropout")
"""Few operations beside the convolutions: each process that judges them covers the pairs of their options."""
PLAN = Plan("tests.conformance.broken_libraries:Negated", ops=OPS, regressions=OTHERS)


def _nothing(tally):
    pass


@pytest.fixture(scope="module")
def whole():
    """The plan's regressions and its first cases, judged one after the other; many of them differ."""
    tally = judge_part(PLAN, range(-2, 250))
    assert len(tally.failures) > 100
    return tally.to_json()


def test_parts_together_are_the_whole(whole):
    told = []
    tally, complete = Session(PLAN, Here(), Here()).run(range(250), told.append)
    assert complete
    assert [each.total() for each in told] == [2, 100, 100, 50]
    assert tally.to_json() == whole


def test_shards_and_orders_do_not_change_cases():
    plan = Plan("pyconv", seed=3)
    assert [plan.case(n) for n in range(1, 40, 4)] == [plan.case(n) for n in range(40)][1::4]


def test_worker_processes_give_the_same(whole):
    told = []
    with workers(2, PLAN.candidate) as engine:
        tally, complete = Session(PLAN, engine, engine).run(range(250), told.append)
    assert complete
    assert sum(each.total() for each in told) == 252
    assert tally.to_json() == whole


def test_lost_cases_are_the_only_ones_lost():
    lines = (OTHERS[0], REPLICATE, OTHERS[1], CIRCULAR)
    plan = Plan("tests.conformance.broken_libraries:Lost", regressions=lines)
    with workers(1, plan.candidate) as engine:
        tally, complete = Session(plan, engine, engine, Limits(case=5.0, part=9.0)).run(range(0), _nothing)
    assert complete
    assert [(failure.number, failure.case, failure.status) for failure in tally.failures] == [
        (-3, REPLICATE, "timed out"),
        (-1, CIRCULAR, "crashed"),
    ]
    assert tally.total() == 4
    assert tally.total("passed") == 2


def test_a_budget_leaves_the_rest_undone():
    session = Session(Plan("pyconv"), Here(), Here(), Limits(budget=0.0))
    tally, complete = session.run(range(1000), _nothing)
    assert not complete
    assert tally.total() == 100


def test_ctrl_c_gives_what_is_done():
    def interrupt(tally):
        raise KeyboardInterrupt

    tally, complete = Session(Plan("pyconv"), Here(), Here()).run(range(1000), interrupt)
    assert not complete
    assert tally.total() == 100


def test_a_cluster_gives_the_same(whole):
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as local,
        cluster(local.scheduler_address) as engine,
    ):
        tally, complete = Session(PLAN, engine, Here()).run(range(250), _nothing)
    assert complete
    assert tally.to_json() == whole
