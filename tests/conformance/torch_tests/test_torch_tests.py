"""PyTorch-style test files with pyconv in torch's place: what is said of their tests."""

import textwrap
from importlib import import_module

import pytest

from conformance.__main__ import main
from conformance.torch_tests.absent import Absent, AbsentModule, LackingError, yield_names, yielding
from conformance.torch_tests.outcome import of_error
from conformance.torch_tests.run import run_file

FILE = """
    import os
    import time
    import torch
    from torch.testing import make_tensor
    from torch._subclasses.meta_utils import assert_metadata_eq
    from torch.testing._internal.common_device_type import dtypes, instantiate_device_type_tests
    from torch.testing._internal.common_utils import TestCase, parametrize, instantiate_parametrized_tests, run_tests
    from torch.testing._internal.common_utils import freeze_rng_state

    helper = torch.no_such_function_at_all
    Layer = torch.nn.NoSuchLayerAtAll
    assert not issubclass(Layer, torch.nn.Module)
    assert [*torch.no_such_module_at_all.layers.__all__] == []

    class TestSome(TestCase):
        def test_right(self):
            self.assertEqual(torch.ones(2) + 1, torch.full((2,), 2.0))

        def test_wrong(self):
            self.assertEqual(torch.ones(2), torch.zeros(2))

        def test_within_tolerance(self):
            self.assertEqual(torch.tensor(1.0), torch.tensor(1.0 + 1e-7))

        def test_lacking_function(self):
            torch.no_such_function_at_all(1)

        def test_lacking_function_kept(self):
            helper(1)

        def test_lacking_method(self):
            torch.ones(2).no_such_method_at_all()

        def test_lacking_layer(self):
            Layer()

        @torch._dynamo.disable
        def test_kit(self):
            with freeze_rng_state():
                first = torch.rand(1)
            self.assertEqual(first, torch.rand(1))
            assert_metadata_eq(self.assertEqual, torch.ones(2), torch.zeros(2))

        def test_skipped(self):
            self.skipTest("for a reason")

        def test_slow(self):
            time.sleep(60)

        @parametrize("n", [1, 2])
        def test_many(self, n):
            self.assertEqual(n, 1)

    class TestState(TestCase):
        @classmethod
        def setUpClass(cls):
            super().setUpClass()
            cls.seen = []

        def test_a_leaves_something(self):
            torch.left_behind = True
            self.seen.append(1)

        def test_b_finds_nothing(self):
            self.assertFalse(hasattr(torch, "left_behind"))

    class TestDevice(TestCase):
        @dtypes(torch.float32, torch.int64)
        def test_typed(self, device, dtype):
            self.assertIs(make_tensor((2,), device=device, dtype=dtype).dtype, dtype)

    class TestZEnds(TestCase):
        def test_a_process_that_ends(self):
            os._exit(3)

        def test_b_the_next(self):
            pass

    instantiate_parametrized_tests(TestSome)
    instantiate_device_type_tests(TestDevice, globals(), only_for="cpu")
"""

KINDS = {
    "TestSome.test_right": "passed",
    "TestSome.test_wrong": "failed",
    "TestSome.test_within_tolerance": "passed",
    "TestSome.test_lacking_function": "lacking",
    "TestSome.test_lacking_function_kept": "lacking",
    "TestSome.test_lacking_layer": "lacking",
    "TestSome.test_lacking_method": "lacking",
    "TestSome.test_kit": "passed",
    "TestSome.test_skipped": "skipped",
    "TestSome.test_slow": "failed",
    "TestSome.test_many_n_1": "passed",
    "TestSome.test_many_n_2": "failed",
    "TestState.test_a_leaves_something": "passed",
    "TestState.test_b_finds_nothing": "passed",
    "TestDeviceCPU.test_typed_cpu_float32": "passed",
    "TestDeviceCPU.test_typed_cpu_int64": "passed",
    "TestZEnds.test_a_process_that_ends": "failed",
    "TestZEnds.test_b_the_next": "passed",
}


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("files") / "test_some_of_torchs.py"
    path.write_text(textwrap.dedent(FILE), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def outcomes(file):
    return {outcome.test: outcome for outcome in run_file(file, seconds=2.0)}


def test_each_test_has_its_outcome(outcomes):
    assert {name: outcome.kind for name, outcome in outcomes.items()} == KINDS


def test_details_say_what_happened(outcomes):
    assert outcomes["TestSome.test_lacking_function"].detail == "torch.no_such_function_at_all"
    assert outcomes["TestSome.test_lacking_method"].detail == "torch.Tensor.no_such_method_at_all"
    assert outcomes["TestSome.test_skipped"].detail == "for a reason"
    assert outcomes["TestSome.test_wrong"].detail.startswith("AssertionError: Tensor-likes are not close!")
    assert "longer than 2 s" in outcomes["TestSome.test_slow"].detail
    assert outcomes["TestZEnds.test_a_process_that_ends"].detail == "the process ended"


def test_the_command_prints_failures_and_sums(file, capsys):
    assert main(["torch-tests", str(file), "--only", "TestSome.test_[rw]*"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"FAILED {file} TestSome.test_wrong"
    assert lines[-1].split() == ["all", "2", "1", "0", "0", "0"]


def test_what_torch_does_not_pass_either_is_counted_apart(file, capsys):
    assert main(["torch-tests", str(file), "--only", "TestSome.test_[rwl]*", "--control"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].split() == ["all", "2", "0", "0", "0", "5"]


def test_a_file_that_cannot_be_loaded_has_failed(tmp_path):
    path = tmp_path / "test_broken.py"
    path.write_text("raise ValueError('no')", encoding="utf-8")
    (outcome,) = run_file(path)
    assert outcome.kind == "failed"
    assert outcome.detail.startswith("ValueError: no")


def test_absent_names_yield_only_while_a_file_is_loaded():
    module = AbsentModule("torch.nothing")
    with yielding():
        assert isinstance(module.name, Absent)
        assert module.decorator(len) is len
        assert not isinstance(1, module.kind)
        kind = type("Derived", (object,), {})
        assert module.decorator(kind) is kind
    for use in (lambda: module.name, lambda: module(1), lambda: list(Absent("torch.nothing"))):
        with pytest.raises(LackingError, match=r"^torch\.nothing"):
            use()


def test_a_module_below_one_that_yields_is_found(tmp_path, monkeypatch):
    (tmp_path / "package_that_yields").mkdir()
    (tmp_path / "package_that_yields" / "__init__.py").touch()
    (tmp_path / "package_that_yields" / "below.py").write_text("number = 3")
    monkeypatch.syspath_prepend(tmp_path)
    package = import_module("package_that_yields")
    yield_names(package)
    with yielding():
        assert package.below.number == 3
        assert isinstance(package.nothing, Absent)


def test_what_an_error_came_of_is_found():
    error = ValueError("caused by a sample")
    error.__cause__ = LackingError("torch.vmap")
    assert of_error("T.test", error).detail == "torch.vmap"
    assert of_error("T.test", MemoryError()).kind == "skipped"
