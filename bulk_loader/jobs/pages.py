"""Which work of a job is told of on a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bulk_loader.settings import Settings


def with_page_of_run(settings: Settings) -> Settings:
    """Nobody watches a job, so each of its runs has a page, unless the settings say that none has."""
    if "report" in settings.model_fields_set:
        return settings
    return settings.model_copy(update={"report": True})


def without_page(settings: Settings) -> Settings:
    """A look at a list, before it is loaded, leaves nothing beside it."""
    return settings.model_copy(update={"report": False})
