"""torch.nn: modules, parameters, functions.

May import: NumPy, and all of pyconv but `optim` and `megengine`.
"""

import typing

from pyconv import lazy
from pyconv.nn.modules import _HOMES as _MODULES

_HOMES = {
    **{f"pyconv.nn.modules.{home}": names for home, names in _MODULES.items()},
    "parallel": ["DataParallel"],
    "parameter": ["Buffer", "Parameter", "UninitializedBuffer", "UninitializedParameter"],
}
"""The names by the module that they come from, which is imported when one is first asked for."""

_SUBMODULES = ["attention", "functional", "grad", "init", "modules", "parallel", "parameter", "utils"]

__all__ = lazy.package(__name__, _HOMES, _SUBMODULES)

if typing.TYPE_CHECKING:

    def __getattr__(name: str) -> typing.Any: ...
