"""What a command says, as lines of a log: when, how grave, of which run, and the sentence."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from bulk_loader.choices import LogFormat
from bulk_loader.cli.log_files import LogFile
from bulk_loader.visible import on_one_line, visible_json

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Event(StrEnum):
    """What a line is about; the words never change."""

    BEGAN = "began"
    NOTE = "note"
    WAITED = "waited"
    STOPPED = "stopped"
    ERROR = "error"
    ENDED = "ended"


_LEVELS = {Event.STOPPED: "WARNING", Event.ERROR: "ERROR"}


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Log:
    """Takes sentences in any case, and writes them once it has a file.

    Attributes:
        run_id: of the run that the lines are about; "" before there is one.
        now: the time of a line.
    """

    run_id: str = ""
    now: Callable[[], datetime] = _now
    _file: LogFile | None = None
    _format: LogFormat = LogFormat.TEXT

    def open(self, path: Path, form: LogFormat) -> None:
        """Write from now on.

        Raises:
            SettingsError: the file can't be opened.
        """
        self._file, self._format = LogFile(path), form

    @property
    def is_open(self) -> bool:
        """It is written."""
        return self._file is not None

    def add(self, event: Event, text: str) -> None:
        """One line, however many the text has; it holds no phone number any more."""
        if self._file is None:
            return
        at = self.now().isoformat(timespec="milliseconds")
        level = _LEVELS.get(event, "INFO")
        sentence = " ".join(text.split("\n"))
        if self._format is LogFormat.TEXT:
            self._file.add(f"{at} {level} {self.run_id or '-'} {on_one_line(sentence)}")
            return
        told = {"at": at, "level": level, "run_id": self.run_id, "event": event, "text": sentence}
        self._file.add(visible_json(json.dumps(told, ensure_ascii=False)))

    def close(self) -> OSError | None:
        """Write no more; why the log lacks a line, None where it has all of them."""
        closed, self._file = self._file, None
        if closed is None:
            return None
        closed.close()
        return closed.failure
