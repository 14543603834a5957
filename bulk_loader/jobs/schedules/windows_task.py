"""The XML of a task for Windows' Task Scheduler (its schema: Task Scheduler Schema, version 1.2)."""

from __future__ import annotations

import re
from datetime import datetime, time
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from bulk_loader.jobs.schedules.programs import refusal
from bulk_loader.jobs.schedules.timetable import Timetable
from bulk_loader.settings.clock_times import EVERY_DAY, Weekday

if TYPE_CHECKING:
    from bulk_loader.jobs.schedules.entry import Entry

_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# A trigger wants a first day, and none is meant: it lies before every night.
_FIRST_DAY = datetime(2025, 1, 1)  # noqa: DTZ001 - of the zone of the machine
_TRIGGER = re.compile(r"<CalendarTrigger>(.*?)</CalendarTrigger>", re.DOTALL)
_START = re.compile(r"<StartBoundary>\d{4}-\d\d-\d\dT(\d\d):(\d\d):00</StartBoundary>")

_TASK = """\
<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>{about}</Description>
  </RegistrationInfo>
  <Triggers>
{triggers}  </Triggers>
  <Principals>
    <Principal id="Author">
      <UserId>{user}</UserId>
      <LogonType>S4U</LogonType>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <Enabled>true</Enabled>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>%SystemRoot%\\System32\\cmd.exe</Command>
      <Arguments>{arguments}</Arguments>
    </Exec>
  </Actions>
</Task>
"""


def task_xml(entry: Entry, user: str) -> str:
    """The whole task, as `schtasks /create /xml` takes it.

    Args:
        user: whose task it is; it runs without a password that is kept (S4U), logged in or not.

    Raises:
        SettingsError: a path can't be said to cmd.
    """
    return _TASK.format(
        about=escape(f"bulk-loader job {entry.job.name} {entry.job.mark}"),
        triggers="".join(_trigger(each, entry.timetable) for each in entry.timetable.times),
        user=escape(user),
        arguments=escape(_arguments(entry)),
    )


def _trigger(at: time, timetable: Timetable) -> str:
    begins = datetime.combine(_FIRST_DAY, at).isoformat()
    if timetable.days == EVERY_DAY:
        days = "<ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay>"
    else:
        names = "".join(f"<{_NAMES[day]} />" for day in timetable.days)
        days = (
            f"<ScheduleByWeek><DaysOfWeek>{names}</DaysOfWeek>"
            "<WeeksInterval>1</WeeksInterval></ScheduleByWeek>"
        )
    return (
        f"    <CalendarTrigger><StartBoundary>{begins}</StartBoundary>"
        f"<Enabled>true</Enabled>{days}</CalendarTrigger>\n"
    )


def _arguments(entry: Entry) -> str:
    """For cmd, since a task has no environment of its own: with /s it takes off the outer quotes."""
    words = (*entry.argv, *entry.environment.values())
    if any(sign in word for word in words for sign in '"%'):
        raise refusal(
            "The job can't be told to Windows' Task Scheduler.",
            "a path has a percent sign or a quote, which cmd takes for its own",
            "Rename that folder or file.",
        )
    given = "".join(f'set "{name}={value}"&& ' for name, value in entry.environment.items())
    return f'/d /v:off /s /c "{given}{" ".join(map(_quoted, entry.argv))}"'


def _quoted(word: str) -> str:
    return word if re.fullmatch(r"[\w-]+", word) else f'"{word}"'


def read_task(xml: str) -> Timetable | None:
    """The timetable of a task; None where a person has changed it into none of ours."""
    triggers = _TRIGGER.findall(xml)
    starts = [_START.search(each) for each in triggers]
    days = {_days(each) for each in triggers}
    if not triggers or not all(starts) or len(days) != 1 or () in days:
        return None
    times = {time(int(found[1]), int(found[2])) for found in starts if found is not None}
    return Timetable(tuple(sorted(times)), days.pop())


def _days(trigger: str) -> tuple[Weekday, ...]:
    if "<ScheduleByDay>" in trigger:
        return EVERY_DAY
    return tuple(day for day in Weekday if re.search(rf"<{_NAMES[day]}\s*/>", trigger))
