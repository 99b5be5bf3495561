"""The files that a run writes, and the earlier run that it is held against.

May import: the standard library, `conformance.report`.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace

from conformance.report import Report, baseline, html, junit


def beside_baseline(report: Report, options: argparse.Namespace) -> Report:
    """The report with what is worse than in the file that `--baseline` names.

    Raises:
        ValueError: the file is not a report of this version.
    """
    if options.baseline is None:
        return report
    old = json.loads(options.baseline.read_text(encoding="utf-8"))
    return replace(report, baseline=tuple(baseline.compare(old, report.to_json(), options.growth)))


def write(report: Report, options: argparse.Namespace) -> None:
    """Write the files that are asked for."""
    if options.json is not None:
        options.json.write_text(json.dumps(report.to_json(), indent=1), encoding="utf-8")
    if options.junit is not None:
        options.junit.write_text(junit.render(report), encoding="utf-8")
    if options.html is not None:
        options.html.write_text(html.render(report), encoding="utf-8")
