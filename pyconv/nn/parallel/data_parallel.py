"""Data parallelism without devices to spread over.

May import: `pyconv.nn.modules`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pyconv.nn.modules.module import Module


class DataParallel(Module):
    """A module that is called as it is, for there is one device.

    Args:
        module: what is called.
        device_ids: ignored.
        output_device: ignored.
        dim: ignored.

    Attributes:
        module: as given; its parameters are under this name.

    Example:
        >>> import pyconv
        >>> DataParallel(pyconv.nn.ReLU())(pyconv.tensor([-1.0, 1.0]))
        tensor([0., 1.])
    """

    def __init__(
        self,
        module: Module,
        device_ids: Sequence[Any] | None = None,  # noqa: ARG002
        output_device: Any = None,  # noqa: ARG002
        dim: int = 0,  # noqa: ARG002
    ) -> None:
        super().__init__()
        self.module = module
        self.device_ids: list[Any] = []

    def forward(self, *inputs: Any, **kwargs: Any) -> Any:
        """What the module gives."""
        return self.module(*inputs, **kwargs)


def data_parallel(
    module: Module,  # noqa: ARG001
    inputs: Any,  # noqa: ARG001
    device_ids: Sequence[Any] | None = None,  # noqa: ARG001
    output_device: Any = None,  # noqa: ARG001
    dim: int = 0,  # noqa: ARG001
    module_kwargs: dict[str, Any] | None = None,  # noqa: ARG001
) -> Any:
    """Refuse, as torch does where there is no device to spread over.

    Raises:
        RuntimeError: always.
    """
    raise RuntimeError("device type could not be determined")
