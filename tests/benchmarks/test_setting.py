"""Threads and precision are set on all sides, and set back."""

from types import SimpleNamespace

import pyconv
from benchmarks import setting


class Counted:
    name = "torch"
    version = "2"

    def __init__(self):
        self.counts = []
        self.precision = "medium"
        self.torch = SimpleNamespace(
            get_float32_matmul_precision=lambda: self.precision, set_float32_matmul_precision=self._set
        )

    def _set(self, name):
        self.precision = name

    def set_threads(self, count):
        self.counts.append(count)


def test_threads_are_set_on_rivals_and_set_back_on_pyconv():
    rival, before = Counted(), pyconv.get_num_threads()
    with setting.threads(1, [rival]):
        assert rival.counts == [1]
    assert pyconv.get_num_threads() == before


def test_without_threadpoolctl_a_sentence_says_what_it_needs(monkeypatch, capsys):
    monkeypatch.setattr(setting, "find_spec", lambda name: None)
    with setting.threads(1, []):
        pass
    assert "it needs `pip install threadpoolctl`" in capsys.readouterr().err


def test_a_busy_machine_is_told(monkeypatch, capsys):
    monkeypatch.setattr(setting.os, "getloadavg", lambda: (7.26, 1, 1), raising=False)
    setting.told_of_load()
    assert capsys.readouterr().err.startswith("other programs are running (load 7.3 on ")
    monkeypatch.setattr(setting.os, "getloadavg", lambda: (0.4, 1, 1))
    setting.told_of_load()
    assert not capsys.readouterr().err


def test_what_the_host_took_is_told(monkeypatch, capsys):
    monkeypatch.setattr(setting.host, "ticks", lambda: setting.host.Ticks(used=300, stolen=130))
    setting.told_of_host(setting.host.Ticks(used=210, stolen=100))
    assert capsys.readouterr().err == "the host took 25% of the processors' time: times may be wrong\n"
    setting.told_of_host(setting.host.Ticks(used=100, stolen=125))
    assert not capsys.readouterr().err


def test_precision_is_set_on_both_and_set_back():
    rival, before = Counted(), pyconv.get_float32_matmul_precision()
    with setting.precision("high", [rival]):
        assert pyconv.get_float32_matmul_precision() == rival.precision == "high"
    assert pyconv.get_float32_matmul_precision() == before
    assert rival.precision == "medium"


def test_a_run_says_what_it_was_made_under(monkeypatch):
    monkeypatch.setattr(setting.host, "ticks", lambda: setting.host.Ticks(used=4, stolen=1))
    about = setting.described(2, "high", 9, [Counted()], setting.host.Ticks(used=1, stolen=0))
    assert (about["threads"], about["precision"], about["rounds"]) == (2, "high", 9)
    assert about["rivals"] == {"torch": "2"}
    text = setting.sentence(about)
    assert "torch 2; 2 threads on " in text
    assert text.endswith("; precision high; rounds: 9; taken by the host: 25%")
