"""The recording of torch's errors against torch itself, live."""

import pytest

from tests.errors.calls import CALLS
from tests.errors.record import observed
from tests.errors.test_errors import OBSERVED, in_one_wording


@pytest.mark.parametrize("label", CALLS)
def test_the_recording_is_what_torch_does(label):
    assert in_one_wording(observed(CALLS[label])) == in_one_wording(OBSERVED[label])
