"""What a job can be told besides the settings of an upload; keys of `[job.NAME]` and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bulk_loader.choices import NoFile
from bulk_loader.settings.paths import path_from
from bulk_loader.settings.statements import NEUTRAL, Group, Setting, statements

if TYPE_CHECKING:
    # Known when `JobRules` is built.
    from bulk_loader.settings import values


class JobSettings(Group):
    """Which files are taken, when, and what must be true of them before anything is sent."""

    file: Setting[values.FilePath | None, values.LikePath | None] = Setting(
        NEUTRAL,
        "The list, or a folder with a pattern, such as inbox/leads-*.xlsx",
        "FILE",
        seen_from=path_from,
    )
    workspace: Setting[values.FilePath | None, values.LikePath | None] = Setting(
        NEUTRAL,
        "Folder of working/, done/, failed/ and repeated/",
        "FOLDER",
        if_unset="that of the file",
        seen_from=path_from,
    )
    # Longer than a copying program pauses between two blocks.
    settle: Setting[values.Duration, values.LikeDuration] = Setting(
        NEUTRAL, "How long size and time of a file must stay the same", "TIME", default="30s"
    )
    min_rows: Setting[values.Count, int] = Setting(
        NEUTRAL, "Refuse a list with fewer leads", "N", default=0
    )
    max_age: Setting[values.Timeout | None, values.LikeDuration | None] = Setting(
        NEUTRAL, "Take nothing where the newest file is older, such as 20h", "TIME"
    )
    max_invalid: Setting[values.MaxErrors | None, values.LikeMaxErrors | None] = Setting(
        NEUTRAL, "Refuse a list with more invalid leads", "N|N%"
    )
    columns: Setting[values.Names, values.LikeNames] = Setting(
        NEUTRAL, "Columns that a list must have", "NAME", default=()
    )
    no_file: Setting[NoFile, str] = Setting(
        NEUTRAL, "A night without a file is a failure, or none", default=NoFile.FAIL
    )
    at: Setting[values.Times, values.LikeTimes] = Setting(
        NEUTRAL, "When it runs, in the time of this machine", "HH:MM", default=()
    )
    days: Setting[values.Days, values.LikeDays] = Setting(
        NEUTRAL, "On which days, such as mon-fri or mon,wed", "DAYS", default="daily"
    )


JOB_SETTINGS: Final[dict[str, Setting[Any, Any]]] = {
    setting.name: setting for setting in statements(JobSettings)
}
"""All of them by name."""
