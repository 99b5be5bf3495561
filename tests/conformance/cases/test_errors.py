"""Broken cases: nearly all are refused by torch, and all of its reasons to refuse occur."""

import re
import warnings
from random import Random

import pytest

from conformance.case import SPATIAL_AXES
from conformance.cases import FAMILIES
from conformance.cases.errors import break_case
from conformance.checks.difference import Raised
from conformance.checks.reference import Live

NUMBERS = range(1350)
REASONS = (
    r"Expected 3D \(unbatched\) or 4D \(batched\) input to conv2d",
    "to have .* channels, but got",
    "non-positive groups is not supported",
    "groups must be a positive integer",
    "channels must be divisible by groups",
    "expected weight to be divisible by",
    "expected weight to be at least 1 at dimension 0",
    "expected bias to be 1-dimensional",
    "bias type .* should be the same",
    "weight type .* should be the same|expected scalar type",
    "Kernel size can't be greater than actual input size",
    "non-positive stride is not supported",
    "dilation should be greater than zero",
    "negative padding is not supported",
    "expected (stride|padding|dilation|output_padding) to be a single integer value or a list of",
    "Invalid padding string",
    "is not supported for strided convolutions",
    "padding_mode must be one of",
    'Only "zeros" padding mode is supported for ConvTranspose',
    "Padding size should be less than the corresponding input dimension",
    "Padding value causes wrapping around more than once",
    "output padding must be smaller than either stride or dilation",
    "negative output_padding is not supported",
    "requested an output size of",
    "output_size must have . or . elements",
    "Output size is too small",
    "Only zero batch or zero channel inputs are supported",
    "must be tuple of ints",
    "expected size of input's dimension . to match the calculated number of sliding blocks",
    "Expected size of input's dimension . to be divisible by the product of kernel_size",
    "shape of the array of sliding blocks",
    "kernel size should be greater than zero",
    "Padding length",
    "Unrecognised padding mode",
    "doesn't take in value argument",
    "is not supported for .D input tensor",
)


@pytest.fixture(scope="module")
def outcomes(torch):
    """Broken cases and what torch does with them."""

    def case(number):
        op = list(SPATIAL_AXES)[number % len(SPATIAL_AXES)]
        rnd = Random(number)
        return break_case(rnd, FAMILIES[op].draw(rnd), number // len(SPATIAL_AXES))

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [(case(number), Live(case(number), torch).outcome) for number in NUMBERS]


@pytest.mark.parametrize("reason", REASONS)
def test_each_reason_of_torch_to_refuse_occurs(outcomes, reason):
    texts = [outcome.text for _, outcome in outcomes if isinstance(outcome, Raised)]
    assert any(re.search(reason, text) for text in texts)


def test_most_broken_cases_are_refused_whatever_the_operation(outcomes):
    for op in SPATIAL_AXES:
        refused = [isinstance(outcome, Raised) for case, outcome in outcomes if case.op == op]
        assert sum(refused) > 0.6 * len(refused)


def test_a_broken_case_is_broken_in_the_same_way_again():
    case = FAMILIES["conv2d"].draw(Random(5))
    assert break_case(Random(1), case, 3) == break_case(Random(1), case, 3)


def test_consecutive_turns_break_a_case_in_every_way():
    case = FAMILIES["pad"].draw(Random(5))
    assert len({break_case(Random(4), case, turn) for turn in range(6)}) == 6
