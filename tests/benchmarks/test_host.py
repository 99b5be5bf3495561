"""What the host took is read from the system's counters."""

from benchmarks import host


def test_the_share_is_of_what_was_asked_for(tmp_path, monkeypatch):
    counters = tmp_path / "stat"
    monkeypatch.setattr(host, "_STAT", counters)
    counters.write_text("cpu  50 1 9 4000 7 2 3 40 50 1\ncpu0 1 2 3 4 5 6 7 8 9 10\n")
    before = host.ticks()
    assert before == host.Ticks(used=65, stolen=40)
    counters.write_text("cpu  70 2 14 9000 8 4 5 60 50 1\n")
    assert host.share_since(before) == 20 / (30 + 20)


def test_where_nothing_is_told_nothing_was_taken():
    assert host.ticks() == host.Ticks(0, 0)
    assert host.share_since(host.Ticks(0, 0)) == 0
