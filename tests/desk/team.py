"""A desk with a password, and people who come to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from bulk_loader.desk import Desk, DeskOptions, Reach
from bulk_loader.desk.password_hash import PasswordHash

if TYPE_CHECKING:
    from pathlib import Path

PASSWORD = "three green boats in the rain"
LINE = PasswordHash.of(PASSWORD).line


def password_file(folder: Path) -> Path:
    """The file for it."""
    path = folder / "desk.password"
    path.touch(mode=0o600)
    path.write_text(LINE, "utf-8")
    return path


def team_desk(folder: Path, /, **reach: object) -> Desk:
    """A desk that lets in who knows the password, still to be opened."""
    return Desk(DeskOptions(reach=Reach(**reach), password_file=password_file(folder)))  # type: ignore[arg-type]


def client(**options: object) -> httpx.Client:
    """A browser that goes nowhere by itself."""
    return httpx.Client(trust_env=False, timeout=300, **options)  # type: ignore[arg-type]


def log_in(browser: httpx.Client, at: str, password: str = PASSWORD, **more: str) -> httpx.Response:
    """Send the form of the login page."""
    return browser.post(f"{at}login", data={"password": password, "next": "", **more})
