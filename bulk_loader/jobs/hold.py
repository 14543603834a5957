"""What a run has of its night, and who is told of it: each night once, by whoever has it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from bulk_loader.errors import LedgerError

if TYPE_CHECKING:
    from bulk_loader.jobs.night import Night
    from bulk_loader.jobs.records import Earlier
    from bulk_loader.jobs.telling.telling import Telling
    from bulk_loader.ledger import HeldNight


class Hold(Protocol):
    """What a run has of its night.

    Attributes:
        earlier: what it is held against.
        notes: what a person should know of it.
    """

    @property
    def earlier(self) -> Earlier:
        """As above."""

    @property
    def notes(self) -> tuple[str, ...]:
        """As above."""

    def require(self) -> None:
        """Make sure that it is still this machine's, before one more list is taken.

        Raises:
            LockedError: another machine has gone on with it.
            LedgerError: this can't be found out.
        """

    def began(self, telling: Telling) -> None:
        """Tell others that it begins."""

    def ended(self, night: Night, telling: Telling) -> Night:
        """Tell others how it ended; the night with what could not be noted."""


@dataclass(frozen=True, slots=True)
class OwnNight:
    """A run that no other machine asks about: by hand, or with a ledger of this machine alone."""

    earlier: Earlier
    notes: tuple[str, ...] = ()

    def require(self) -> None:
        """It always is."""

    def began(self, telling: Telling) -> None:
        """All of them."""
        telling.began()

    def ended(self, night: Night, telling: Telling) -> Night:
        """All of them."""
        telling.ended(night, self.earlier)
        return night


@dataclass(frozen=True, slots=True)
class SharedNight:
    """A night that this machine runs for all."""

    earlier: Earlier
    held: HeldNight
    notes: tuple[str, ...] = ()

    def require(self) -> None:
        """By the ledger."""
        self.held.require()

    def began(self, telling: Telling) -> None:
        """Only the first of those who begin it."""
        if self.held.before is None:
            telling.began()

    def ended(self, night: Night, telling: Telling) -> Night:
        """Whoever has it still, and not once more what another one has told."""
        try:
            is_own = self.held.end(night.outcome.value, int(night.exit_code))
        except LedgerError as error:
            note = f"How it ended can't be noted for other machines: {error.what} {error.why}"
            night, is_own = replace(night, notes=(*night.notes, note.rstrip())), True
        if not is_own:
            note = "Another machine has gone on with this night, and tells of it."
            return replace(night, notes=(*night.notes, note))
        (telling.of_machine if self._is_told(night) else telling).ended(night, self.earlier)
        return night

    def _is_told(self, night: Night) -> bool:
        told = self.held.before
        return told is not None and (told.outcome, told.exit_code) == (
            night.outcome.value,
            night.exit_code,
        )
