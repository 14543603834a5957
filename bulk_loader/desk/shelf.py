"""The lists that were dropped at the desk: each in a private folder, for a limited time."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import tempfile
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import file_digest, sha256
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING

from pydantic import ValidationError

from bulk_loader.desk.key_page import PREFIX as KEY_PAGE
from bulk_loader.desk.records import Choices, ListRecord
from bulk_loader.errors import LoaderError
from bulk_loader.masking import is_concealed
from bulk_loader.owners import make_private

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import timedelta
    from typing import BinaryIO

FOLDER = "desk"
"""In the ledger's home."""

_RECORD = "list.json"
_DROPPED = ".dropped"  # no list has such a name
INCOMING = "incoming-"
"""How a file is called there that is not whole yet."""

_LEFT = (INCOMING, KEY_PAGE)  # of a desk that was killed
_ID = re.compile(r"[a-z0-9]{12}")
_OURS = re.compile(r"\.(results|checked)$", re.IGNORECASE)
_LONGEST_NAME = 150  # bytes; results have a longer name, and file systems allow 255
# What no file's name can have on Windows, and what means a path anywhere.
_UNUSABLE = re.compile(r'[<>:"/\\|?*]')
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


class Shelf:
    """The folder of all lists; every method may be called from any thread.

    Raises:
        LoaderError: the folder can't be made, or others could write there.
    """

    def __init__(self, home: Path) -> None:
        self.folder = home / FOLDER
        self._lock = RLock()
        try:
            exposed = make_private(home) or make_private(self.folder)
        except OSError as error:
            raise LoaderError(
                f"The folder {self.folder} can't be made.",
                f"{error.strerror or error}.",
                "Set BULK_LOADER_HOME to a folder of yours on a disk with room.",
            ) from error
        if exposed is not None:
            raise LoaderError(
                f"The folder {self.folder} is not this user's alone.",
                f"{exposed.why} The lists that are dropped at the desk would be theirs, too.",
                f"If all in it is right: {exposed.remedy}",
            )

    def receive(self, content: BinaryIO) -> Path:
        """Keep what comes, not yet as a list.

        Raises:
            LoaderError: it can't be written.
        """
        path = self.folder / f"{INCOMING}{secrets.token_hex(8)}"
        try:
            path.touch(mode=0o600)
            with path.open("wb") as file:
                shutil.copyfileobj(content, file)
        except OSError as error:
            path.unlink(missing_ok=True)
            raise _not_kept(error) from error
        return path

    def put(self, name: str, received: Path) -> ListRecord:
        """Make a list of what was received; one of the same name goes, but for what was said of it.

        The ledger knows a list by its path. So each name has its own folder, and a corrected list,
        or its results, is known for what it is.

        Raises:
            LoaderError: it can't be kept.
        """
        now = datetime.now(UTC)
        usable = usable_name(name)
        with self._lock:
            before = self.find(id_of(usable))
            digest = digest_of(received)
            is_known = before is not None and digest in {before.digest, *before.before}
            record = ListRecord(
                id=id_of(usable),
                name=usable,
                added_at=now,
                touched_at=now,
                edition=before.edition + 1 if before else 0,
                turn=before.turn + 1 if before else 0,
                choices=before.choices if before else Choices(),
                digest=digest,
                before=before.before | {before.digest} if before and is_known else frozenset(),
            )
            place = self.place(record)
            try:
                place.mkdir(mode=0o700, exist_ok=True)
                # First, so that no form of the old list fits once the new one is there.
                self._save(record)
                shutil.rmtree(place / _DROPPED, ignore_errors=True)
                received.replace(place / record.name)
            except OSError as error:
                received.unlink(missing_ok=True)
                if before is None:
                    shutil.rmtree(place, ignore_errors=True)
                raise _not_kept(error) from error
            return record

    def find(self, list_id: str) -> ListRecord | None:
        """A list; None where there is none, or none that can be read."""
        if _ID.fullmatch(list_id) is None:
            return None
        try:
            text = (self.folder / list_id / _RECORD).read_text("utf-8")
            return ListRecord.model_validate_json(text)
        except (OSError, ValidationError):
            return None

    def all(self) -> list[ListRecord]:
        """All lists, the one that was last touched first."""
        found = (self.find(place.name) for place in self.folder.iterdir())
        return sorted(filter(None, found), key=lambda record: record.touched_at, reverse=True)

    def change(self, list_id: str, change: Callable[[ListRecord], ListRecord]) -> ListRecord | None:
        """Write a list's record anew, as `change` says; None where the list is gone.

        Raises:
            LoaderError: it can't be written.
        """
        with self._lock:
            record = self.find(list_id)
            if record is None:
                return None
            changed = change(record).model_copy(update={"touched_at": datetime.now(UTC)})
            try:
                self._save(changed)
            except OSError as error:
                raise LoaderError(
                    f"What was said of {record.name} can't be kept.",
                    f"{error.strerror or error}.",
                    "Make room on the disk, and try again.",
                ) from error
            return changed

    def place(self, record: ListRecord) -> Path:
        """The folder of a list."""
        return self.folder / record.id

    def file(self, record: ListRecord) -> Path:
        """The list itself."""
        return self.place(record) / record.name

    def to_correct(self, record: ListRecord) -> Path:
        """The file whose cells are corrected: the list, or its results once it was sent."""
        return self.place(record) / record.to_correct

    def dropped(self, record: ListRecord, name: str) -> Path:
        """Where a file of a list is kept as it was, once a cell of it was corrected."""
        return self.place(record) / _DROPPED / name

    def exchange(
        self, record: ListRecord, name: str, copy: Path, change: Callable[[ListRecord], ListRecord]
    ) -> None:
        """Put a corrected copy in the place of a file, which is kept as it was.

        The record is written first: where the desk is killed between the two, a form that was made
        before does not fit any more, though nothing has changed.

        Raises:
            LoaderError: it can't be done; the file is what it was.
        """
        file, kept = self.place(record) / name, self.dropped(record, name)
        try:
            if record.correction is None:
                kept.parent.mkdir(mode=0o700, exist_ok=True)
                unfinished = kept.with_name(f"{INCOMING}{secrets.token_hex(8)}")
                shutil.copyfile(file, unfinished)
                unfinished.replace(kept)
            self.change(record.id, change)
            copy.replace(file)
        except OSError as error:
            raise _not_corrected(error) from error

    def restore(
        self, record: ListRecord, name: str, change: Callable[[ListRecord], ListRecord]
    ) -> None:
        """Put a file back as it was before a cell of it was corrected.

        Raises:
            LoaderError: it can't be done.
        """
        try:
            self.change(record.id, change)
            self.dropped(record, name).replace(self.place(record) / name)
        except OSError as error:
            raise _not_corrected(error) from error

    def results(self, record: ListRecord) -> Path | None:
        """Its results; None where there are none."""
        path = self.place(record) / record.results
        return path if record.results and path.is_file() else None

    def report(self, record: ListRecord) -> Path | None:
        """The page about its last run; None where there is none."""
        name = record.last.report if record.last else ""
        path = self.place(record) / name
        return path if name and path.is_file() else None

    def remove(self, record: ListRecord) -> None:
        """Remove a list with all that stands beside it; the ledger remembers its runs."""
        with self._lock, suppress(FileNotFoundError):
            shutil.rmtree(self.place(record))

    def remove_old(self, keep: timedelta, busy: Collection[str]) -> None:
        """Remove what nobody has touched for so long, and what is no list at all."""
        oldest = datetime.now(UTC) - keep
        with self._lock:
            for place in list(self.folder.iterdir()):
                record = self.find(place.name)
                touched_at = record.touched_at if record else _changed_at(place)
                if place.name in busy or touched_at >= oldest:
                    continue
                if place.is_dir():
                    shutil.rmtree(place, ignore_errors=True)
                elif place.name.startswith(INCOMING):  # when a desk was killed
                    place.unlink(missing_ok=True)

    def remove_left(self) -> None:
        """Remove what a desk that was killed has left; belongs before anything is received."""
        for path in list(self.folder.iterdir()):
            if path.name.startswith(_LEFT):
                path.unlink(missing_ok=True)

    def _save(self, record: ListRecord) -> None:
        place = self.place(record)
        number, name = tempfile.mkstemp(dir=place)
        try:
            with os.fdopen(number, "w", encoding="utf-8") as file:
                file.write(record.model_dump_json())
            Path(name).replace(place / _RECORD)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


def digest_of(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def usable_name(name: str) -> str:
    """The name of a file without a path or anything that a system or a screen takes amiss."""
    last = re.split(r"[/\\]", name)[-1]
    shown = "".join(letter for letter in last if not is_concealed(letter))
    kept = _UNUSABLE.sub("_", shown).strip(" .")
    stem, dot, suffix = kept.rpartition(".")
    if not stem or len(suffix) > 8:  # noqa: PLR2004 - no suffix of a list is that long
        stem, dot, suffix = kept, "", ""
    while len(stem.encode()) > _LONGEST_NAME:
        stem = stem[:-1]
    usable = f"{stem}{dot}{suffix}"
    if not usable or _DEVICES.match(usable) or usable == _RECORD:
        return f"list-{usable}".rstrip("-")
    return usable


def id_of(name: str) -> str:
    """Of the list of a name; what a check or a run writes for it has the same."""
    stem = name.rpartition(".")[0] or name
    while (base := _OURS.sub("", stem)) != stem:
        stem = base
    return sha256(stem.casefold().encode()).hexdigest()[:12]


def _not_kept(error: OSError) -> LoaderError:
    return LoaderError(
        "The list can't be kept.",
        f"{error.strerror or error}.",
        "Make room on the disk, and drop it once more.",
    )


def _not_corrected(error: OSError) -> LoaderError:
    return LoaderError(
        "What was typed can't be kept.",
        f"{error.strerror or error}.",
        "Make room on the disk, and save once more.",
    )


def _changed_at(place: Path) -> datetime:
    try:
        return datetime.fromtimestamp(place.stat().st_mtime, UTC)
    except OSError:
        return datetime.now(UTC)
