"""Photograph two pages of real runs for the README: python .readme/make_pages.py (needs `make test` and chromium)."""

from __future__ import annotations

import csv
import os
import random
import shutil
import subprocess
import time
from pathlib import Path
from urllib.request import urlopen

HERE = Path(__file__).parent
PROGRAM = HERE.parent / ".venv" / "bin" / "bulk-loader"
PORT = 8497
PLACE = Path("/tmp/lists")  # noqa: S108 - its name stands in the picture
SHARE_WRONG = 0.03
NAMES = ("Ana", "Mario", "Lucía", "José", "Inés", "Raúl")


def write_list(path: Path, leads: int) -> None:
    """Leads of two campaigns, of which some are wrong; the same ones every time."""
    dice = random.Random(7)  # noqa: S311 - a picture
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("id", "name", "phone", "campaign"))
        for number in range(1, leads + 1):
            phone = (
                f"099{number:06d}"
                if dice.random() > SHARE_WRONG
                else dice.choice(("12", "n/a", "5.2E+12"))
            )
            campaign = dice.choice(("RENEWALS->", "POWER<-"))
            rows.writerow((number, dice.choice(NAMES), phone, campaign))


def photograph(url: str, picture: Path, size: str) -> None:
    """The upper part of a page, as a browser shows it."""
    options = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars")
    shot = (f"--window-size={size}", f"--screenshot={picture}", "--timeout=3000", url)
    subprocess.run(["chromium", *options, *shot], check=True, capture_output=True)


def main() -> None:
    """Upload a list to a sandbox that dials, and photograph its page and the report."""
    PLACE.mkdir()
    try:
        sandbox = subprocess.Popen(
            [
                *(PROGRAM, "sandbox", "--port", str(PORT), "--db", "queue.sqlite3"),
                *("--fail", "2", "--agents", "5", "--speed", "900"),
            ],
            cwd=PLACE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            upload_and_photograph(PLACE)
        finally:
            sandbox.terminate()
            sandbox.wait()
    finally:
        shutil.rmtree(PLACE)


def upload_and_photograph(place: Path) -> None:
    """What the two pictures show."""
    url = f"http://127.0.0.1:{PORT}"
    while not is_there(url):
        time.sleep(0.2)
    write_list(place / "leads.csv", 12_000)
    given = {"BULK_LOADER_HOME": str(place / "home"), "BULK_LOADER_TOKEN": "sandbox"}
    data = ("--data", "idcustomer={id}:name={name}")
    command = [PROGRAM, "upload", "leads.csv", "--url", url, "--report", "--rate", "600", *data]
    subprocess.run(command, cwd=place, env={**os.environ, **given}, check=False)
    time.sleep(15)
    photograph(url, HERE / "sandbox.png", "1280,960")
    photograph((place / "leads.report.html").as_uri(), HERE / "report.png", "1000,1150")


def is_there(url: str) -> bool:
    """Whether the sandbox answers."""
    try:
        with urlopen(url, timeout=2):  # noqa: S310 - of this machine
            return True
    except OSError:
        return False


if __name__ == "__main__":
    main()
