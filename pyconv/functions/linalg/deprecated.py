"""The warning of torch's older names for linear algebra.

May import: the standard library.
"""

from __future__ import annotations

import warnings


def warn_of_removal(text: str) -> None:
    """Warn the caller of a function that torch means to remove."""
    warnings.warn(text, UserWarning, stacklevel=4)
