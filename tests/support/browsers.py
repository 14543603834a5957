"""A real browser for pages, where one is installed: Debian's `chromium`, Python's `playwright`.

`make browser` installs what Python and axe need, and runs these tests.
"""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

CHROMIUM = shutil.which("chromium")

_ROOT = Path(__file__).parents[2]
_AXE = Path(os.environ.get("AXE_CORE", _ROOT / ".browser/node_modules/axe-core")) / "axe.min.js"

needs_axe = pytest.mark.skipif(not _AXE.exists(), reason="axe-core is not installed: make browser")


@contextmanager
def chromium(*arguments: str) -> Iterator[Any]:
    """Chromium without a window; the test is left out where it, or Playwright, is not installed."""
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="playwright is not installed: make browser"
    )
    with playwright.sync_playwright() as started:
        launched = started.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", *arguments]
        )
        yield launched
        launched.close()


def obstacles(page: Any) -> list[str]:
    """What keeps people from using a page, by all rules of axe."""
    page.evaluate(_AXE.read_text(encoding="utf-8"))
    return [
        f"{found['id']}: {[node['html'] for node in found['nodes'][:3]]}"
        for found in page.evaluate("axe.run()")["violations"]
    ]
