"""What was said of the columns of a list, for the next one with the same header."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from bulk_loader.desk.records import FORM_SETTINGS, AsFor, Choices
from bulk_loader.desk.shelf import INCOMING
from bulk_loader.settings.forgetting import MAY_HOLD_NUMBERS, holds_number

if TYPE_CHECKING:
    from bulk_loader.desk.records import ListRecord
    from bulk_loader.model import Source

FILE = "columns.json"
"""In the folder of the lists."""

MOST = 200
"""Headers that are remembered; the one that was not met for longest goes."""


class Said(BaseModel):
    """What was said of one list; nothing of its leads.

    Attributes:
        header: of the list as it was read by these very choices.
        name: of its file.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    header: str
    name: str
    said_at: datetime
    choices: Choices


_SAID = TypeAdapter(dict[str, Said])


class Memory:
    """Headers, and what was said of them; a file that can't be read or written remembers nothing.

    Args:
        folder: that of the lists, which is this user's alone.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._lock = Lock()

    def find(self, header: str) -> Said | None:
        """What was said of lists that come with this header; None for nothing."""
        with self._lock:
            return self._read().get(header)

    def keep(self, header: str, said: Said) -> None:
        """Remember it, in the place of what was said before."""
        with self._lock:
            others = {key: each for key, each in self._read().items() if key != header}
            newest = list(others.items())[-(MOST - 1) :]
            self._write({**dict(newest), header: said})

    def forget(self, header: str) -> None:
        """Remember nothing of it any more."""
        with self._lock:
            kept = self._read()
            if kept.pop(header, None) is not None:
                self._write(kept)

    def _read(self) -> dict[str, Said]:
        try:
            return _SAID.validate_json(self._path.read_bytes())
        except (OSError, ValidationError):
            return {}

    def _write(self, kept: dict[str, Said]) -> None:
        with suppress(OSError):
            with tempfile.NamedTemporaryFile(
                dir=self._path.parent, prefix=INCOMING, delete=False
            ) as file:
                file.write(_SAID.dump_json(kept))
            Path(file.name).replace(self._path)


def header_of(source: Source | None, profile: str) -> str:
    """A digest of the labels in their order, with the profile that they were read by.

    "" where the file has no header, or one in which a number stands that may be somebody's.
    """
    if source is None or not source.header_row or any(map(holds_number, source.columns)):
        return ""
    labels = "\0".join((profile, *source.columns))
    return sha256(labels.encode("utf-8", "surrogatepass")).hexdigest()


def recalled(record: ListRecord, source: Source | None, memory: Memory) -> ListRecord:
    """A list that was looked into, with what was said of another one with its header.

    Reading a list otherwise may show another header. So it is known by the one that it comes with,
    and what was said holds only where its reading leads to the same header again.
    """
    profile = record.choices.profile
    header = header_of(source, profile)
    if record.as_for is not None:
        return record if header == record.as_for.header else begun_anew(record)
    if not any(name in record.choices.settings for name in FORM_SETTINGS):
        record = record.model_copy(update={"header": header})
    said = memory.find(record.header) if record.header else None
    if said is None or record.is_anew or record.choices != Choices(profile=profile):
        return record
    as_for = AsFor(name=said.name, said_at=said.said_at, header=said.header)
    change = {"choices": said.choices, "as_for": as_for, "edition": record.edition + 1}
    return record.model_copy(update=change)


def begun_anew(record: ListRecord) -> ListRecord:
    """A list of which nobody has said anything, and for which nothing is remembered."""
    change = {
        "choices": Choices(profile=record.choices.profile),
        "as_for": None,
        "is_anew": True,
        "edition": record.edition + 1,
    }
    return record.model_copy(update=change)


def remember(record: ListRecord, source: Source | None, memory: Memory) -> None:
    """Keep what is said of a list by now for the next one; where nothing is, nothing."""
    choices, header = record.choices, header_of(source, record.choices.profile)
    settings = {
        name: text
        for name, text in choices.settings.items()
        if name not in MAY_HOLD_NUMBERS or not holds_number(text)
    }
    kept = choices.model_copy(update={"settings": settings})
    if not (header and record.header):
        return
    if kept == Choices(profile=choices.profile):
        memory.forget(record.header)
        return
    said = Said(header=header, name=record.name, said_at=datetime.now(UTC), choices=kept)
    memory.keep(record.header, said)
