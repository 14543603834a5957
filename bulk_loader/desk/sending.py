"""Sends lists, each in a thread of its own, by the same workflows as the command."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, assert_never

from bulk_loader.desk.records import Sent, Trouble
from bulk_loader.desk.shelf import id_of, usable_name
from bulk_loader.desk.told import settings_of, settings_of_results
from bulk_loader.desk.works import Work
from bulk_loader.errors import LoaderError, LockedError, SettingsError
from bulk_loader.model import RunKind
from bulk_loader.workflows.retry import retry
from bulk_loader.workflows.upload import upload

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta
    from typing import BinaryIO

    from bulk_loader.desk.course import Course
    from bulk_loader.desk.options import DeskOptions
    from bulk_loader.desk.records import ListRecord, Order
    from bulk_loader.desk.shelf import Shelf
    from bulk_loader.model import Summary
    from bulk_loader.settings import Settings

BROKEN_OFF = Trouble(
    what="The sending of this list broke off: the desk ended, or could not write how it ended.",
    why="What was sent until then stands in the ledger; a lead that was under way is unknown.",
    remedy="Go on with this list: nothing that was sent is sent again.",
)


class Sendings:
    """What is being sent now, and the only way to send anything.

    Args:
        options: settings of every list, and who is told of faults and of what is said.
    """

    def __init__(self, shelf: Shelf, options: DeskOptions) -> None:
        self._shelf = shelf
        self._flags = options.flags
        self._crashed = options.crashed
        self._logged = options.logged
        self._active: dict[str, Work[None]] = {}
        self._lock = Lock()
        self._is_closing = False
        for record in shelf.all():
            if record.is_sending:
                shelf.change(record.id, _broken_off)

    @property
    def is_closing(self) -> bool:
        """The desk ends: nothing is begun any more."""
        return self._is_closing

    def start(self, list_id: str, turn: int, edition: int, order: Order) -> bool:
        """Begin to send a list, once for each of its turns.

        Args:
            turn: of the list when the person saw it.
            edition: the same; what a person has not seen is not sent.

        Returns:
            Whether it was begun now: a form that is sent twice, or that was made before the last
            sending, begins nothing.

        Raises:
            LoaderError: the list's record can't be written, so nothing is sent.
        """
        with self._lock:
            record = self._shelf.find(list_id)
            if record is None or list_id in self._active or self._is_closing:
                return False
            if (record.turn, record.edition) != (turn, edition):
                return False
            begun = {"turn": turn + 1, "order": order, "is_sending": True, "trouble": None}
            changed = self._shelf.change(list_id, lambda now: now.model_copy(update=begun))
            if changed is None:
                return False
            self._active[list_id] = Work(
                lambda course: self._send(changed, order, course), self._crashed, "sending"
            )
        return True

    def change_idle(
        self, list_id: str, turn: int, edition: int, change: Callable[[ListRecord], bool]
    ) -> bool:
        """Change the file of a list that is not being sent, and that is as a person saw it.

        Args:
            turn: as for `start`, like the edition.
            change: is told the list, and says whether it was changed.

        Returns:
            Whether it was.

        Raises:
            LoaderError: as `change` raises it.
        """
        with self._lock:
            record = self._shelf.find(list_id)
            if record is None or list_id in self._active:
                return False
            return (record.turn, record.edition) == (turn, edition) and change(record)

    def find(self, list_id: str) -> ListRecord | None:
        """A list as it truly is; None where there is none.

        What its record says of the sending is not true where the end of that could not be written.
        """
        with self._lock:
            record = self._shelf.find(list_id)
            is_lost = record is not None and record.is_sending and list_id not in self._active
        return _broken_off(record) if record is not None and is_lost else record

    def course(self, list_id: str) -> Course | None:
        """How a list is getting on; None where it is not being sent."""
        work = self._active.get(list_id)
        return None if work is None else work.course

    def busy(self) -> frozenset[str]:
        """The lists that are being sent."""
        return frozenset(self._active)

    def add(self, name: str, content: BinaryIO) -> ListRecord:
        """Keep a list, in the place of one of the same name.

        Raises:
            LockedError: that one is being sent.
            LoaderError: it can't be kept.
        """
        received = self._shelf.receive(content)
        with self._lock:
            if id_of(usable_name(name)) in self._active:
                received.unlink(missing_ok=True)
                raise LockedError(
                    f"{usable_name(name)} was not taken.",
                    "A list of this name is being sent, and it would take its place.",
                    "Wait for its end or stop it; another list needs another name.",
                )
            return self._shelf.put(name, received)

    def remove(self, record: ListRecord) -> bool:
        """Remove a list; False where it is being sent."""
        with self._lock:
            if record.id in self._active:
                return False
            self._shelf.remove(record)
        return True

    def remove_old(self, keep: timedelta) -> None:
        """Remove the lists that nobody has touched for so long."""
        with self._lock:
            self._shelf.remove_old(keep, self._active)

    def wait(self, list_id: str, timeout_s: float | None = None) -> None:
        """Until a list is not being sent any more."""
        work = self._active.get(list_id)
        if work is not None:
            work.wait(timeout_s)

    def close(self) -> None:
        """Begin nothing more, stop what goes on gently, and wait for its results."""
        with self._lock:
            self._is_closing = True
            active = list(self._active.values())
        for work in active:
            work.course.stop()
        for work in active:
            work.wait(None)

    def _send(self, record: ListRecord, order: Order, course: Course) -> None:
        ended: dict[str, object] = {"is_sending": False}
        try:
            summary = self._carry_out(record, order, course)
            ended["last"] = Sent.of(summary, is_trial=order.is_trial)
            if summary.fault is not None:
                told = self._crashed(summary.fault, has_started=True)
                ended["trouble"] = Trouble.of(told)
        except LoaderError as error:
            ended["trouble"] = Trouble.of(error)
        except Exception as fault:  # noqa: BLE001 - a bug ends as a message and a report, too
            told = self._crashed(fault, has_started=course.has_started)
            ended["trouble"] = Trouble.of(told)
        with self._lock:
            try:
                self._shelf.change(record.id, lambda now: now.model_copy(update=ended))
            finally:
                del self._active[record.id]

    def _carry_out(self, record: ListRecord, order: Order, course: Course) -> Summary:
        match order.kind:
            case RunKind.UPLOAD:
                settings = settings_of(self._flags, record, order)
                file, made_from = self._shelf.file(record), record.before - {record.digest}
                return self._logging(
                    settings, course, lambda: upload(file, settings, course, made_from=made_from)
                )
            case RunKind.RETRY:
                results = self._shelf.results(record)
                if results is None:
                    raise SettingsError(
                        f"{record.name} has no results file to send again.",
                        "It was never sent, or its results were not written.",
                        "Send the list first.",
                    )
                settings = settings_of_results(self._flags, record, results, order)
                include = order.include
                return self._logging(
                    settings, course, lambda: retry(results, settings, course, include)
                )
            case _:
                assert_never(order.kind)

    def _logging(self, settings: Settings, course: Course, send: Callable[[], Summary]) -> Summary:
        """Send, with what is said in the log that the settings name."""
        for note in settings.notes:
            course.noted(note)
        with self._logged(settings) as logbook:
            course.heard_by(logbook)
            summary = send()
            logbook.summed(summary)
        return summary


def _broken_off(record: ListRecord) -> ListRecord:
    return record.model_copy(update={"is_sending": False, "trouble": BROKEN_OFF})
