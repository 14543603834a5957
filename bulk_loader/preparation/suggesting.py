"""What a person may want to add to the command, by what the list turned out to be."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bulk_loader.screening.whole_list import WholeList
    from bulk_loader.settings import Settings


def suggestions(whole_list: WholeList | None, settings: Settings) -> tuple[str, ...]:
    """One sentence each.

    Args:
        whole_list: None where the list was not looked through.
    """
    if whole_list is None or settings.phone_region:
        return ()
    from bulk_loader.screening.plan_guess import common_region  # noqa: PLC0415 - slow to import

    region = common_region(whole_list.sample)
    if region is None:
        return ()
    option = f"--phone-region {region}"
    return (f"The numbers look like those of {region}: with {option} each is checked by its plan.",)
