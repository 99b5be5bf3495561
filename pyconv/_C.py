"""The names that programs take from torch's compiled core.

May import: the standard library.
"""

from __future__ import annotations

__all__: list[str] = []


def _log_api_usage_once(event: str) -> None:
    """Note that an interface is used; nobody listens here, as in torch without a listener."""


def _get_tracing_state() -> None:
    """What traces a program: nothing."""
