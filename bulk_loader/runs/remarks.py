"""What a person should know of how the sending went, besides its figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulk_loader.model import leads_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bulk_loader.delivery import Report
    from bulk_loader.settings import Settings


def remarks(report: Report, settings: Settings) -> Iterator[str]:
    """One sentence each."""
    if report.mixed_up:
        yield (
            "The dialer sent answers that nobody had asked for, so some may belong to other "
            f"leads than it seemed: {leads_text(report.mixed_up)} answered then are unknown. "
            "Let its administrator look, or a proxy between."
        )
    if settings.concurrency == "auto":
        yield f"--concurrency auto found {report.concurrency} requests at once to be good."
