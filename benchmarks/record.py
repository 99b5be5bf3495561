"""What was measured, as a file of JSON.

May import: `benchmarks.measure`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.measure import Beside, Measured


def write(path: Path, about: dict[str, Any], found: Sequence[Measured]) -> None:
    """Keep what was measured, and what it was measured under."""
    content = {"about": about, "measured": [asdict(measured) for measured in found]}
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def read(path: Path) -> tuple[dict[str, Any], list[Measured]]:
    """What `write` kept.

    Raises:
        ValueError: the file is none of its.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return content["about"], [_measured(fields) for fields in content["measured"]]
    except (KeyError, TypeError, json.JSONDecodeError) as error:
        raise ValueError(f"{path} is no file of `python -m benchmarks --json`: {error!r}") from error


def _measured(fields: dict[str, Any]) -> Measured:
    beside = {name: Beside(**_tuples(other)) for name, other in fields["beside"].items()}
    return Measured(**_tuples(fields) | {"beside": beside})


def _tuples(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()}
