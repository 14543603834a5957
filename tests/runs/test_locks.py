from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest

from bulk_loader.errors import LedgerError, LockedError
from bulk_loader.runs.locks import held
from tests.support.users import NOBODY, needs_root

if TYPE_CHECKING:
    from pathlib import Path


def test_locks_that_can_not_be_written_are_told_in_three_parts(tmp_path: Path) -> None:
    """A full disk, or whatever else is in the way, ends as a message, never as a traceback."""
    (tmp_path / "locks").write_text("in the way")
    with (
        pytest.raises(LedgerError, match="locks can't be written") as refused,
        held(tmp_path, ["leads.csv"], "It is under way already."),
    ):
        pass
    assert refused.value.why == "File exists."
    assert "BULK_LOADER_HOME" in refused.value.remedy


def test_what_fails_under_the_locks_is_told_as_it_is(tmp_path: Path) -> None:
    """A file that may not be read is not taken for a directory that can't be written."""
    with (
        pytest.raises(PermissionError, match="the list"),
        held(tmp_path, ["leads.csv"], "It is under way already."),
    ):
        raise PermissionError("the list")


def test_any_name_of_a_file_keeps_a_second_run_out(tmp_path: Path) -> None:
    """A copy under another name, or another list with the same results file, has to wait."""
    with held(tmp_path, ["dialer leads.csv", "dialer digest"], "It is under way already."):
        with (
            pytest.raises(LockedError, match="already"),
            held(tmp_path, ["dialer copy.csv", "dialer digest"], "It is under way already."),
        ):
            pass
        with held(tmp_path, ["other leads.csv", "other digest"], "It is under way already."):
            pass


def test_everything_is_for_its_owner_only(tmp_path: Path) -> None:
    """The locks come first, and make the state directory with them."""
    home = tmp_path / "state" / "bulk-loader"
    with held(home, ["leads.csv"], "It is under way already."):
        modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (home, *home.rglob("*"))}
    assert {path.name: mode for path, mode in modes.items() if path.is_dir()} == {
        "bulk-loader": 0o700,
        "locks": 0o700,
    }
    assert {mode for path, mode in modes.items() if path.is_file()} == {0o600}


@needs_root
@pytest.mark.parametrize("name", ["", "locks"])
def test_locks_of_another_user_are_refused(tmp_path: Path, name: str) -> None:
    """He could let two runs begin at once."""
    (tmp_path / "locks").mkdir()
    os.chown(tmp_path / name, NOBODY, NOBODY)
    with (
        pytest.raises(LedgerError, match="is not this user's alone") as refused,
        held(tmp_path, ["leads.csv"], "It is under way already."),
    ):
        pass
    assert "belongs to nobody" in refused.value.why
