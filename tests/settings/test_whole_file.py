from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bulk_loader.errors import SettingsError
from bulk_loader.settings.profiles import parsed_file
from bulk_loader.settings.whole_file import file_faults, table_faults

if TYPE_CHECKING:
    from pathlib import Path

FILE = """
concurrency = "x"
[profile.good]
instance = "mine"
concurrency = 4
[profile.bad]
tokn = "x"
token = "secret-of-ours"
[job.night]
profile = "none"
min_rows = "many"
"""


def test_the_faults_of_every_table_are_found(directory: Path) -> None:
    """Each once, with its place; a secret is in none."""
    path = directory / "bulk_loader.toml"
    faults = file_faults(parsed_file(path, FILE.encode()))
    places = [fault.place for fault in faults]
    assert len(places) == len(set(places))
    assert f'"concurrency" in {path}' in places
    assert f'"tokn" in [profile.bad] of {path}' in places
    assert f'"token" in [profile.bad] of {path}' in places
    assert f'"min_rows" in [job.night] of {path}' in places
    assert f'"profile" in [job.night] of {path}' in places
    assert "secret-of-ours" not in str([str(fault) for fault in faults])


def test_a_table_is_judged_with_what_holds_for_all(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And with nothing else: variables neither hide a fault nor make one."""
    monkeypatch.setenv("BULK_LOADER_CONCURRENCY", "8")
    file = parsed_file(directory / "bulk_loader.toml", FILE.encode())
    assert table_faults(file, "good") == ()
    (fault,) = table_faults(file, None)
    assert fault.place.startswith('"concurrency"')


@pytest.mark.parametrize("content", [b"a = ", b"\xff", b"profile = 3\n"])
def test_what_is_no_settings_file_is_refused(directory: Path, content: bytes) -> None:
    """As when it is read."""
    with pytest.raises(SettingsError):
        parsed_file(directory / "bulk_loader.toml", content)
