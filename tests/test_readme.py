"""The README's Python runs, in one session from top to bottom, and prints what the README says that it prints."""

import contextlib
import importlib.util
import io
import re
from pathlib import Path

README = Path(__file__).parents[1] / "README.md"
BLOCKS = re.findall(r"```(python|text)\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)


def sessions():
    """Python blocks with the text that follows each, up to the first that needs what is not installed."""
    for (kind, code), (next_kind, text) in zip(BLOCKS, [*BLOCKS[1:], ("", "")], strict=True):
        if kind == "python":
            if "sklearn" in code and importlib.util.find_spec("sklearn") is None:
                return
            yield code, text if next_kind == "text" else None


def test_readme(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    namespace = {}
    compared = 0
    for code, text in sessions():
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(code, namespace)
        if text is not None:
            assert printed.getvalue() == text
            compared += 1
    assert compared
