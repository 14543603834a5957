from __future__ import annotations

import os
import tomllib
from typing import TYPE_CHECKING

import pytest

from bulk_loader.errors import SettingsError
from bulk_loader.settings import load_settings, read_job
from bulk_loader.settings.starter import Start, start_of, starter_text, write_starter

if TYPE_CHECKING:
    from pathlib import Path


def in_force(text: str) -> str:
    """The file with every example put in force, and the prose left out."""
    lines = [line.removeprefix("# ") for line in text.splitlines()]
    return "\n".join(line for line in lines if " = " in line or line.startswith("["))


def test_what_is_written_can_be_loaded_at_once(directory: Path) -> None:
    """An untouched file says nothing, so nothing is sent anywhere by it."""
    assert write_starter(directory) == directory / "bulk_loader.toml"
    settings = load_settings({"profile": "production"}, environ={}, directory=directory)
    assert settings.model_fields_set == {"profile"}


def test_every_example_in_it_is_right(directory: Path) -> None:
    """Each line works as it stands once its # is taken away."""
    text = in_force(starter_text(Start()))
    (directory / "bulk_loader.toml").write_text(text, "utf-8")
    settings = load_settings({"profile": "production"}, environ={}, directory=directory)
    examples = tomllib.loads(text)
    profile = examples.pop("profile")["production"]
    rules = examples.pop("job")["night"]
    assert settings.model_fields_set == {*examples, *profile, "profile"}
    assert settings.token_file == directory / "production.token"
    job = read_job("night", {}, environ={}, directory=directory).require_job()
    assert job.rules.model_fields_set | {"profile", "alerts_file", "alert_on"} == {*rules}


def test_what_is_said_is_in_force(directory: Path) -> None:
    """In place of its example; the job is one that can be loaded."""
    given = {
        "profile": "Montevideo sur",
        "instance": "mycompany",
        "campaign": 'A "B" <-',
        "user": "ana",
        "map": ["destination=Celular", "alternatives=Fijo", "alternatives=Casa"],
        "job": "renewals",
        "file": "inbox/*.xlsx",
        "at": ["02:00"],
    }
    start = start_of(given, directory)
    path = write_starter(directory, start)
    assert path.read_text("utf-8").count("\n# instance = ") == 0
    job = read_job("renewals", {}, environ={}, directory=directory).require_job()
    assert job.settings.base_url == "https://mycompany.ucontactcloud.com"
    assert (job.settings.campaign, job.settings.user) == ('A "B" <-', "ana")
    columns = {field.value: labels for field, labels in job.settings.map.items()}
    assert columns == {"destination": ("Celular",), "alternatives": ("Fijo", "Casa")}
    assert job.source == directory / "inbox" / "*.xlsx"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"instance": "my company"}, "is not the name of an instance"),
        ({"job": "night"}, "a job needs its list"),
        ({"job": "n\n[x]", "file": "a"}, "the name of a job has"),
        ({"file": "a/*/b.csv"}, "only the name of the file can be a pattern"),
        ({"map": ["telefono=Celular"]}, "telefono"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_written(
    directory: Path, given: dict[str, object], told: str
) -> None:
    """The same words as for a file that a person has written."""
    with pytest.raises(SettingsError) as caught:
        write_starter(directory, start_of(given, directory))
    assert told in str(caught.value)
    assert list(directory.iterdir()) == []


@pytest.mark.parametrize("text", ["\x7f", "a\nb", "\\", '"', "\u2028", "ñ\U0001f4de"])
def test_any_text_is_written_as_it_is(directory: Path, text: str) -> None:
    """A value can't end its line, nor begin another one."""
    write_starter(directory, start_of({"data": f"x{text}y"}, directory))
    settings = load_settings({"profile": "production"}, environ={}, directory=directory)
    assert settings.data == f"x{text}y"


def test_a_file_that_is_there_is_never_written_over(directory: Path) -> None:
    """What somebody filled in is safe from a second `init`."""
    path = directory / "bulk_loader.toml"
    path.write_text("campaign = 'X'")
    with pytest.raises(SettingsError, match="is there already"):
        write_starter(directory)
    assert path.read_text() == "campaign = 'X'"


def test_a_directory_that_can_not_be_written_is_told(directory: Path) -> None:
    """The system's own reason is passed on."""
    with pytest.raises(SettingsError, match="can't be written") as caught:
        write_starter(directory / "missing")
    assert caught.value.why == "The system says: No such file or directory."


def test_nobody_else_may_write_it(directory: Path) -> None:
    """It is obeyed afterwards, whatever the umask was."""
    before = os.umask(0)
    try:
        path = write_starter(directory)
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o644
