"""The table of operations: torch has each where it says, and its tensors are called so."""

from operator import attrgetter

from conformance.cases import FAMILIES, pairwise
from conformance.operations import GROUPS, OPERATIONS


def test_torch_has_every_operation(torch):
    for operation in OPERATIONS.values():
        assert callable(attrgetter(operation.path)(torch.library)), operation.path


def test_an_operation_is_in_one_group():
    assert len(OPERATIONS) == sum(map(len, GROUPS.values()))


def test_constants_and_updated_tensors_are_tensors_of_the_calls():
    for op, operation in OPERATIONS.items():
        names = {name for call in pairwise(0, op) for name in call.shapes()} if operation.constants else set()
        assert operation.constants <= names or op.startswith("binary"), op
        assert set(operation.updates) <= names


def test_only_what_draws_is_seeded(torch):
    for op in ("dropout", "gumbel_softmax"):
        assert OPERATIONS[op].draws
    assert not any(OPERATIONS[op].draws for op in OPERATIONS.keys() - GROUPS["dropout"].keys())
    assert set(OPERATIONS) <= set(FAMILIES)
