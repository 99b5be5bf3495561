"""What a run is told as: plain lines, JSON, JUnit XML, one HTML page, and what is worse than an earlier run.

- `run.py`: `Report`, all that is told about a run; its JSON.
- `text.py`: plain lines: a failure, a case in detail, the summary of a run.
- `coverage.py`: which pairs of options' levels a run has covered.
- `junit.py`: JUnit XML.
- `html.py`, with `sections.py`, `picture.py` and the templates in `page`: one self-contained page.
- `baseline.py`: a run beside an earlier one.

May import: `conformance` below it; Jinja2 when a page is made, never at import.
"""

from __future__ import annotations

from conformance.report.run import Report
from conformance.report.text import detail, failure, summary

__all__ = ["Report", "detail", "failure", "summary"]
