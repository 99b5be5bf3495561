"""torch.nn.parallel where there is one device: a model that is to be spread over several runs on that one.

May import: `pyconv.nn.modules`.
"""

from pyconv.nn.parallel.data_parallel import DataParallel, data_parallel

__all__ = ["DataParallel", "data_parallel"]
