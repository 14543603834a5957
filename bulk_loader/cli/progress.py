"""A watch that tells on the terminal how a run goes on."""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import nullcontext
from functools import partial
from typing import TYPE_CHECKING, NoReturn

from bulk_loader.cli.hangups import survive_rotation
from bulk_loader.cli.logs import Event
from bulk_loader.cli.streams import SafeStream
from bulk_loader.masking import mask
from bulk_loader.model import leads_text
from bulk_loader.visible import on_one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType
    from typing import Self

    from tqdm import tqdm

    from bulk_loader.cli.console import Console
    from bulk_loader.ledger_place import LedgerPlace
    from bulk_loader.model import Source, Status
    from bulk_loader.sandbox import QueuedTask
    from bulk_loader.settings import Settings

_SHOWN_TASKS = 5  # enough to see the order; the whole queue is what `sandbox` shows


class Progress:
    """Decisions as lines and the sending as a bar; a context manager that takes the bar away.

    Args:
        has_bar: a bar is wanted; it is drawn only where standard error is a terminal.
        on_begin: is called with the id of the run once it stands in the ledger.
        on_start: is called when sending begins.

    Attributes:
        ledger: where the run's ledger is; None until it is known.
    """

    ledger: LedgerPlace | None = None

    def __init__(
        self,
        console: Console,
        *,
        has_bar: bool,
        on_start: Callable[[], None],
        on_begin: Callable[[str], None] = lambda _run_id: None,
    ) -> None:
        self._console = console
        self._terminal = SafeStream.around(sys.stderr).for_bar()
        self._has_bar = has_bar and not console.is_quiet and self._terminal.isatty()
        self._bar: tqdm[NoReturn] | None = None
        self._counts: Counter[Status] = Counter()
        self._on_start = on_start
        self._on_begin = on_begin

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._console.above = nullcontext
        if self._bar is not None:
            self._show_counts(self._bar)
            self._bar.close()

    def take(self, settings: Settings) -> None:
        """Learn what was set, before anything else is said: where the log and the ledger are.

        Raises:
            SettingsError: the log can't be written.
        """
        if settings.log_file is not None:
            self._console.log.open(settings.log_file, settings.log_format)
            survive_rotation()
        for note in settings.notes:
            self.noted(note)
        self.ledger = settings.ledger_place

    def opened(self, source: Source) -> None:
        """Say what was found out about the file."""
        sheet = f', sheet "{source.sheet}"' if source.sheet else ""
        header = f", header in row {source.header_row}" if source.header_row else ", no header"
        self.noted(f"{source.path.name}: {leads_text(source.leads)}{sheet}{header}")
        for note in source.notes:
            self.noted(note)

    def noted(self, sentence: str) -> None:
        """Say it at once."""
        self._console.say(on_one_line(sentence))

    def waited(self, sentence: str) -> None:
        """Have it in the log; at a terminal the first one says enough."""
        self._console.note(Event.WAITED, sentence)

    def began(self, run_id: str) -> None:
        """Pass it on; from here on the log is about this run."""
        self._console.log.run_id = run_id
        self._console.note(Event.BEGAN, f"Run {run_id} begins.")
        self._on_begin(run_id)

    def started(self, leads: int) -> None:
        """Draw the bar."""
        self._on_start()
        if self._has_bar:
            from tqdm import tqdm

            bar: tqdm[NoReturn] = tqdm(
                total=leads, unit=" leads", file=self._terminal, dynamic_ncols=True
            )
            self._bar = bar
            self._console.above = partial(bar.external_write_mode, file=self._terminal)

    def settled(self, status: Status, count: int = 1) -> None:
        """Move the bar, and show how many leads have each status."""
        self._counts[status] += count
        # The bar is drawn ten times a second; only then its words are worth making.
        if self._bar is not None and self._bar.update(count):
            self._show_counts(self._bar)

    def _show_counts(self, bar: tqdm[NoReturn]) -> None:
        shown = {status.value: f"{number:,}" for status, number in self._counts.items()}
        bar.set_postfix(shown, refresh=False)

    def queued(self, queue: Sequence[QueuedTask]) -> None:
        """Show the beginning of the sandbox's queue, as a dialer would dial it."""
        tasks = "1 task" if len(queue) == 1 else f"{len(queue):,} tasks"
        self._console.say(f"The sandbox's queue holds {tasks}{':' if queue else '.'}")
        for queued in queue[:_SHOWN_TASKS]:
            self.noted(f"{queued.id:>6}  {queued.task.campaign}  {mask(queued.task.destination)}")
        if len(queue) > _SHOWN_TASKS:
            self._console.say(f"{'…':>6}")
