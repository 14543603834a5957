from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from bulk_loader.errors import SettingsError
from bulk_loader.jobs.schedules.windows import Windows
from bulk_loader.jobs.schedules.windows_task import task_xml
from tests.jobs.schedules.conftest import WORKDAYS, made, only_posix
from tests.support.schedulers import FakeProgram

if TYPE_CHECKING:
    from pathlib import Path

NS = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"


def found(xml: str, name: str) -> list[str | None]:
    """The texts of all elements of that name."""
    tree = ET.fromstring(xml.partition("\n")[2])  # noqa: S314 - of our own
    return [each.text for each in tree.iter(f"{NS}{name}")]


def test_a_task_starts_late_rather_than_never_and_never_twice_at_once() -> None:
    """It has no end of its own, and no battery stops it."""
    xml = task_xml(made(), "OFFICE\\ana & co")
    assert found(xml, "StartWhenAvailable") == ["true"]
    assert found(xml, "MultipleInstancesPolicy") == ["IgnoreNew"]
    assert found(xml, "ExecutionTimeLimit") == ["PT0S"]
    assert found(xml, "DisallowStartIfOnBatteries") == ["false"]
    assert found(xml, "UserId") == ["OFFICE\\ana & co"]
    assert found(xml, "StartBoundary") == ["2025-01-01T02:00:00", "2025-01-01T14:30:00"]


def test_the_ledger_is_named_since_a_task_has_no_environment() -> None:
    """By cmd, whose quotes hold a path with spaces and ampersands."""
    night = made("C:\\My leads & co")
    (arguments,) = found(task_xml(night, "ana"), "Arguments")
    assert arguments == (
        '/d /v:off /s /c "set "BULK_LOADER_HOME=C:\\My leads & co/ledger"&& '
        '"C:\\My leads & co/venv/bin/python" -P -m bulk_loader job run night"'
    )


@pytest.mark.parametrize("folder", ["C:\\50%", 'C:\\"'])
def test_what_cmd_takes_for_its_own_is_refused(folder: str) -> None:
    """It would be another path at night."""
    with pytest.raises(SettingsError, match="percent sign or a quote"):
        task_xml(made(folder), "ana")


def test_elsewhere_it_is_only_shown(programs: Path) -> None:
    """The error says where to give the command."""
    assert not list(programs.iterdir())
    windows = Windows("ana")
    assert windows.pieces(made())[0].text == task_xml(made(), "ana")
    assert windows.installed(made().job) is None
    assert not windows.remove(made().job)
    with pytest.raises(SettingsError, match="which only Windows has"):
        windows.install(made())


@only_posix
def test_a_task_is_made_asked_for_and_deleted_by_its_name(programs: Path) -> None:
    """What is installed is what the Task Scheduler says."""
    schtasks, windows, night = FakeProgram(programs / "schtasks"), Windows("ana"), made()
    kept = programs / "kept.xml"
    schtasks.answer(
        f'case "$1" in\n/create) cp "$5" "{kept}" ;;\n/delete) rm "{kept}" ;;\n'
        f'/query) iconv -f utf-16 -t utf-8 "{kept}" ;;\nesac\n'
    )
    assert windows.installed(night.job) is None
    windows.install(night)
    task = windows.installed(night.job)
    assert task is not None
    assert task.timetable == WORKDAYS
    assert windows.remove(night.job)
    assert not windows.remove(night.job)
    assert schtasks.calls[1].startswith(f"/create /tn \\{night.job.label} /xml ")


@only_posix
def test_a_refusal_is_passed_on(programs: Path) -> None:
    """Such as that to somebody who is no administrator."""
    FakeProgram(programs / "schtasks").answer('echo "ERROR: Access is denied." >&2\nexit 1\n')
    with pytest.raises(SettingsError, match="Access is denied"):
        Windows("ana").install(made())
