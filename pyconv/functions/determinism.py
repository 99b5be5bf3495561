"""What `use_deterministic_algorithms` asks for: known values in new memory, no function whose result may vary.

May import: NumPy.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


class State:
    """What was asked for.

    Attributes:
        enabled: whether functions whose result may vary are refused.
        warn_only: whether they are only warned of.
        fill: whether new memory gets known values where `enabled`.
    """

    enabled = False
    warn_only = False
    fill = True


def settle(array: Array) -> Array:
    """Give new memory known values if that was asked for: NaN, or the largest integer.

    Example:
        >>> State.enabled = True
        >>> settle(np.empty(2, np.int8))
        array([127, 127], dtype=int8)
        >>> State.enabled = False
    """
    if State.enabled and State.fill:
        kind = array.dtype.kind
        array[...] = kind == "b" or (np.iinfo(array.dtype).max if kind in "iu" else np.nan)
    return array


def alert(caller: str) -> None:
    """Refuse, or warn of, a function whose result torch says may vary, if that was asked for.

    Raises:
        RuntimeError: functions like it are refused.
    """
    if not State.enabled:
        return
    advice = "file an issue at https://github.com/pytorch/pytorch/issues to help us prioritize adding deterministic "
    if State.warn_only:
        warnings.warn(
            f"{caller} does not have a deterministic implementation, but you set "
            f"'torch.use_deterministic_algorithms(True, warn_only=True)'. You can {advice}support for this operation.",
            UserWarning,
            stacklevel=4,
        )
        return
    raise RuntimeError(
        f"{caller} does not have a deterministic implementation, but you set "
        "'torch.use_deterministic_algorithms(True)'. You can turn off determinism just for this operation, or you can "
        "use the 'warn_only=True' option, if that's acceptable for your application. You can also "
        f"{advice}support for this operation."
    )
