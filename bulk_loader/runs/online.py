"""Before anything is sent, the dialer is looked at, where the user asks for it."""

from __future__ import annotations

import asyncio
from difflib import get_close_matches
from typing import TYPE_CHECKING

from bulk_loader.dialer.answers import NotSentError
from bulk_loader.dialer.client import DialerClient
from bulk_loader.dialer.looking import Sight, TokenState, look
from bulk_loader.errors import SettingsError, StoppedError
from bulk_loader.model import leads_text
from bulk_loader.preparation.foresight import MAX_NAMED, label
from bulk_loader.runs.targets import open_target

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bulk_loader.campaigns import Campaign, Campaigns
    from bulk_loader.dialer.client import Address
    from bulk_loader.settings import Settings

# Four answers; whoever is slower than that is not waited for, since nothing depends on it.
LOOK_S = 30.0


def look_online(settings: Settings, campaigns: Campaigns) -> tuple[str, ...]:
    """What the dialer says of the token, the campaigns and its queue, one sentence each.

    Nothing where it is not asked for. Only fixed requests are made: which campaigns the list has is
    compared here, and never sent.

    Raises:
        SettingsError: the dialer refuses the credentials; or none, or no dialer, is given.
    """
    if not settings.online:
        return ()
    try:
        with open_target(settings) as target:
            sight = asyncio.run(_look(target.address))
    except NotSentError as error:
        return (f"Online: the dialer could not be checked, since it can't be reached: {error}.",)
    except TimeoutError:
        return ("Online: the dialer could not be checked, since it does not answer in time.",)
    except StoppedError as error:
        raise SettingsError(error.what, error.why, error.remedy) from error
    if sight.token is TokenState.REFUSED:
        raise SettingsError(
            "The dialer refuses the token, so nothing would be taken.",
            "It may have expired: tokens of this dialer belong to a session.",
            "Give a fresh one, or user and password, and run the command again.",
        )
    return tuple(f"Online: {sentence}" for sentence in _in_words(sight, campaigns))


async def _look(address: Address) -> Sight:
    async with asyncio.timeout(LOOK_S), DialerClient(address) as client:
        return await look(client, address.credentials.scheme)


def _in_words(sight: Sight, campaigns: Campaigns) -> Iterator[str]:
    is_good = sight.token is TokenState.GOOD
    yield "the dialer takes the token." if is_good else "the token could not be checked."
    yield from _of_campaigns(sight, campaigns)
    yield from _of_queue("wait in its queue now", sight.now, campaigns)
    yield from _of_queue("wait for their date", sight.later, campaigns)


def _of_campaigns(sight: Sight, campaigns: Campaigns) -> Iterator[str]:
    known = sight.campaigns
    if known is None:
        yield "whether the dialer knows the campaigns could not be checked."
        return
    named = [campaign for campaign in campaigns.named if campaign.name]
    unknown = [campaign for campaign in named if campaign.name not in known]
    for campaign in unknown[:MAX_NAMED]:
        yield _unknown(campaign, known)
    if len(unknown) > MAX_NAMED:
        yield f"nor does it know {len(unknown) - MAX_NAMED:,} more."
    if not unknown:
        yield "the dialer knows every campaign of the list."


def _unknown(campaign: Campaign, known: frozenset[str]) -> str:
    near = get_close_matches(campaign.name, sorted(known), n=1)
    meant = f' Is "{near[0]}" meant?' if near else ""
    leads = leads_text(campaign.leads)
    return f'the dialer does not know the campaign "{label(campaign)}" ({leads}).{meant}'


def _of_queue(where: str, waiting: Mapping[str, int] | None, campaigns: Campaigns) -> Iterator[str]:
    if waiting is None:
        yield f"how many calls {where} could not be checked."
        return
    own = [campaign for campaign in campaigns.named if waiting.get(campaign.name)]
    told = [f'{waiting[campaign.name]:,} for "{label(campaign)}"' for campaign in own[:MAX_NAMED]]
    counts = f", {', '.join(told)}" if told else ""
    yield f"{sum(waiting.values()):,} calls {where}{counts}."
