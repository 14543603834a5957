"""Photograph the desk's page of wrong cells for the README: python .readme/make_desk_picture.py (after `make browser`)."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from bulk_loader.desk import Desk, DeskOptions

HERE = Path(__file__).parent
LIST = HERE.parent / "sample_files" / "damaged.xlsx"


def main() -> None:
    """Drop a sample, as far as the step where its cells are corrected."""
    home = tempfile.mkdtemp()
    try:
        with Desk(DeskOptions(flags={"home": home})) as desk, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox"]
            )
            page = browser.new_page(viewport={"width": 1000, "height": 760})
            page.goto(desk.url)
            page.set_input_files("#file", LIST)
            page.click("text=Read it")
            page.click("text=Check the list")
            page.wait_for_selector("text=Go on to send")
            page.goto(page.url.replace("/check", "/correct"))
            page.wait_for_selector("text=cells to correct")
            page.screenshot(path=HERE / "desk-correct.png")
            browser.close()
    finally:
        shutil.rmtree(home)


if __name__ == "__main__":
    main()
