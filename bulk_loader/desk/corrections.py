"""What is typed into the cells of a list: written into a copy, which then takes the list's place."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from bulk_loader.desk.records import Corrected, Order
from bulk_loader.desk.shelf import digest_of
from bulk_loader.desk.works import Work
from bulk_loader.model import RunKind
from bulk_loader.workflows.correct import correct

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from pathlib import Path

    from bulk_loader.desk.records import ListRecord
    from bulk_loader.desk.sending import Sendings
    from bulk_loader.desk.shelf import Shelf
    from bulk_loader.errors import LoaderError
    from bulk_loader.settings import Settings
    from bulk_loader.workflows.correct import Correction

_COPY = ".correction"
_MOST_KEPT = 100  # lists of which it is remembered what was typed last


@dataclass(frozen=True, slots=True)
class Attempt:
    """One form that was saved, or is being saved.

    Attributes:
        added_at: when the list was dropped.
        edition: of the list when the form was made.
        texts: what was typed anew, by row number and position.
        form: what stood in all of its inputs.
        work: whether it was written; not where the list was changed or sent meanwhile.
    """

    added_at: datetime
    edition: int
    texts: Mapping[tuple[int, int], str]
    form: Mapping[tuple[int, int], str]
    work: Work[bool]


class Corrections:
    """The last form of each list, so that nothing that was typed is lost before it is written.

    Args:
        crashed: makes a message of a fault of the program itself.
    """

    def __init__(
        self, shelf: Shelf, sendings: Sendings, crashed: Callable[..., LoaderError]
    ) -> None:
        self._shelf = shelf
        self._sendings = sendings
        self._crashed = crashed
        self._attempts: dict[str, Attempt] = {}
        self._lock = Lock()

    def last(self, list_id: str) -> Attempt | None:
        """The last form of a list; None where none was saved since the desk was opened."""
        return self._attempts.get(list_id)

    def begin(
        self,
        record: ListRecord,
        settings: Settings,
        texts: Mapping[tuple[int, int], str],
        form: Mapping[tuple[int, int], str],
    ) -> bool:
        """Begin to write a form into a copy.

        Args:
            texts: what was typed anew.
            form: what stands in all of its inputs.

        Returns:
            Whether it is being written: not where another form is. The same form once more, as by
            a double click, is the first one.
        """
        with self._lock:
            last = self._attempts.pop(record.id, None)
            if last is not None and last.work.wait(0) is None:
                self._attempts[record.id] = last
                return (last.edition, last.form) == (record.edition, form)
            work = Work(
                lambda _course: self._write(record, settings, texts), self._crashed, "correcting"
            )
            self._attempts[record.id] = Attempt(record.added_at, record.edition, texts, form, work)
            while len(self._attempts) > _MOST_KEPT:
                del self._attempts[next(iter(self._attempts))]
        return True

    def undo(self, record: ListRecord) -> bool:
        """Put a file back as it was dropped, or as the run wrote it; False where it was changed."""
        name = record.to_correct

        def restored(now: ListRecord) -> ListRecord:
            others = {each: what for each, what in now.corrected.items() if each != name}
            digest = digest_of(self._shelf.dropped(record, name))
            return _changed(now, name, digest).model_copy(update={"corrected": others})

        def restore(now: ListRecord) -> bool:
            if now.correction is None:
                return False
            self._shelf.restore(now, name, restored)
            return True

        return self._sendings.change_idle(record.id, record.turn, record.edition, restore)

    def _write(
        self, record: ListRecord, settings: Settings, texts: Mapping[tuple[int, int], str]
    ) -> bool:
        file, copy = self._shelf.to_correct(record), self._shelf.place(record) / _COPY
        by_row: dict[int, dict[int, str]] = {}
        for (row, position), text in sorted(texts.items()):
            by_row.setdefault(row, {})[position] = text
        correction = correct(file, settings, by_row, copy)
        try:
            return self._sendings.change_idle(
                record.id,
                record.turn,
                record.edition,
                lambda now: self._exchange(now, file, copy, correction, len(texts)),
            )
        finally:
            copy.unlink(missing_ok=True)

    def _exchange(
        self, record: ListRecord, file: Path, copy: Path, correction: Correction, cells: int
    ) -> bool:
        if digest_of(file) != correction.read_from:
            return False
        name, written, before = file.name, correction.copy, record.correction
        corrected = Corrected(
            turn=record.turn,
            cells=cells + (before.cells if before else 0),
            saved_as=written.name,
            notes=(*(before.notes if before else ()), *written.notes),
        )

        def changed(now: ListRecord) -> ListRecord:
            known = {**now.corrected, name: corrected}
            return _changed(now, name, written.digest).model_copy(update={"corrected": known})

        self._shelf.exchange(record, name, copy, changed)
        return True


def _changed(record: ListRecord, name: str, digest: str) -> ListRecord:
    """The record of a list whose file is another one from now on.

    What is left of a list whose results were corrected is sent from these: a run of the list itself
    would know nothing of what was typed.
    """
    update: dict[str, object] = {"edition": record.edition + 1}
    if name == record.name:
        last = record.correction
        may_be_sent = last is None or last.turn != record.turn
        update["digest"] = digest
        update["before"] = record.before | ({record.digest} if may_be_sent else set())
    elif record.order is not None:
        update["order"] = Order(kind=RunKind.RETRY, is_trial=record.order.is_trial)
    return record.model_copy(update=update)
