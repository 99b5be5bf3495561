"""One process: what programs ask about others."""

import pytest

from pyconv import distributed


def test_there_is_one_process():
    assert not distributed.is_available()
    assert not distributed.is_initialized()
    for ask in (distributed.get_rank, distributed.get_world_size):
        with pytest.raises(ValueError, match=r"^Default process group has not been initialized, please make sure to"):
            ask(group=None)
    assert distributed.ReduceOp.SUM.name == "SUM"
