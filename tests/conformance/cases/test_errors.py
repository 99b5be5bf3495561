"""Broken cases: nearly all are refused by torch, and all of its reasons to refuse occur."""

import re
from random import Random

import pytest

from conformance.case import SPATIAL_AXES
from conformance.cases import _DRAWS
from conformance.cases.errors import break_case
from conformance.compare import Raised
from conformance.runner import run

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
def verdicts(torch):
    def cases():
        for number in NUMBERS:
            op = list(SPATIAL_AXES)[number % len(SPATIAL_AXES)]
            rnd = Random(number)
            yield break_case(rnd, _DRAWS[op](rnd, op))

    return list(run(cases(), torch, torch))


@pytest.mark.parametrize("reason", REASONS)
def test_each_reason_of_torch_to_refuse_occurs(verdicts, reason):
    texts = [verdict.expected.text for verdict in verdicts if isinstance(verdict.expected, Raised)]
    assert any(re.search(reason, text) for text in texts)


def test_most_broken_cases_are_refused_whatever_the_operation(verdicts):
    for op in SPATIAL_AXES:
        tiers = [verdict.tier for verdict in verdicts if verdict.case.op == op]
        assert tiers.count("error") > 0.6 * len(tiers)


def test_a_broken_case_is_broken_in_the_same_way_again():
    case = _DRAWS["conv2d"](Random(5), "conv2d")
    assert break_case(Random(1), case) == break_case(Random(1), case)
