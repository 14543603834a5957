"""What is about to happen, as far as the looking through of a list tells it: by campaign, and when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulk_loader.campaigns import Campaign, Campaigns, DialerKind, nearly_alike
from bulk_loader.choices import SimilarCampaigns
from bulk_loader.errors import SourceError
from bulk_loader.masking import masked_label
from bulk_loader.model import MAX_SHOWN_LENGTH, leads_text
from bulk_loader.preparation.counting import count_campaigns
from bulk_loader.preparation.hours import told_hours
from bulk_loader.shell import typed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bulk_loader.preparation.pipeline import Pipeline
    from bulk_loader.reading import Tally
    from bulk_loader.screening.suppression import SuppressionList
    from bulk_loader.settings import Settings

# More names in one sentence are no help to a reader; --json has all of them.
MAX_NAMED = 10


@dataclass(frozen=True, slots=True)
class Foresight:
    """What is known of a list before any of its leads is judged.

    Attributes:
        notes: what is odd, one sentence each.
    """

    campaigns: Campaigns
    notes: tuple[str, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """To be said before anything is sent."""
        return (_in_words(self.campaigns), *self.notes)


def foresee(pipeline: Pipeline, tally: Tally, settings: Settings) -> Foresight:
    """Count the campaigns, and look for what is odd about them.

    Args:
        tally: was told of the leads of this list.

    Raises:
        SourceError: one campaign is nearly another, and nobody has said that it is meant.
    """
    campaigns = count_campaigns(pipeline.table.source, pipeline.columns, tally, settings)
    asks = settings.similar_campaigns is SimilarCampaigns.ASK and not settings.campaigns
    if asks and (pairs := list(nearly_alike(campaigns.named))):
        raise _is_it_meant(pairs)
    notes = (
        *_of_names(campaigns, settings),
        *_of_dates(campaigns, settings),
        *_of_lists(pipeline.listed),
        *told_hours(settings, pipeline.hours),
    )
    return Foresight(campaigns, notes)


def _is_it_meant(pairs: Sequence[tuple[Campaign, Campaign]]) -> SourceError:
    rare, common = pairs[0]
    more = f" {len(pairs) - 1:,} more are alike in that way." if len(pairs) > 1 else ""
    row = f", the first in row {rare.first_row}" if rare.first_row else ""
    flags = [word for each in (common, rare) for word in ("--only-campaign", label(each))]
    return SourceError(
        f'The campaign "{label(rare)}" ({leads_text(rare.leads)}{row}) is nearly '
        f'"{label(common)}" ({leads_text(common.leads)}).{more}',
        "Whether it is meant can't be seen from the file, and calls that were queued in a wrong "
        "campaign can't be taken back.",
        "Correct the cells; or, if both are meant, add --similar-campaigns send, or name all that "
        f"are right: {typed(*flags)}",
    )


def label(campaign: Campaign) -> str:
    """The name of a campaign as it may be shown."""
    name = masked_label(campaign.name)
    return name if len(name) <= MAX_SHOWN_LENGTH else f"{name[: MAX_SHOWN_LENGTH - 1]}…"


def _in_words(campaigns: Campaigns) -> str:
    """The campaigns and their leads in one sentence, with what their arrows tell."""
    told = [f'"{label(each)}" {_figures(each)}' for each in campaigns.named[:MAX_NAMED]]
    if rest := campaigns.named[MAX_NAMED:]:
        told.append(f"{len(rest):,} more with {leads_text(sum(each.leads for each in rest))}")
    if campaigns.more_leads:
        told.append(
            f"{leads_text(campaigns.more_leads)} of others, which were not counted one by one"
        )
    return f"Campaigns: {', '.join(told)}."


def _figures(campaign: Campaign) -> str:
    kind = f" ({campaign.dialer.value})" if campaign.dialer else ""
    return f"{leads_text(campaign.leads)}{kind}"


def _of_names(campaigns: Campaigns, settings: Settings) -> Iterator[str]:
    allowed = settings.campaigns
    sent = [each for each in campaigns.named if each.name and (not allowed or each.name in allowed)]
    if without := [each for each in sent if not each.dialer]:
        yield (
            f"No arrow ends the name of {_listed(without)}: the dialer's campaigns are called …<- "
            "(Power, Predictive) or …-> (Progressive, Preview), so it may be mistyped."
        )
    power = [each for each in sent if each.dialer is DialerKind.POWER_OR_PREDICTIVE]
    if ignored := [each for each in power if each.with_agent]:
        agents = leads_text(sum(each.with_agent for each in ignored))
        yield (
            f"An agent is named by {agents} for {_listed(ignored)}: a Power or Predictive dialer "
            "(<-) probably gives them to any agent."
        )


def _listed(campaigns: Sequence[Campaign]) -> str:
    names = ", ".join(f'"{label(each)}"' for each in campaigns[:MAX_NAMED])
    more = len(campaigns) - MAX_NAMED
    return f"{names} and {more:,} more" if more > 0 else names


def _of_dates(campaigns: Campaigns, settings: Settings) -> Iterator[str]:
    if not campaigns.dated:
        return
    verb = "has" if campaigns.dated == 1 else "have"
    dates = f"{leads_text(campaigns.dated)} {verb} a date of the call, sent"
    if zone := settings.dialer_timezone:
        yield f"{dates} in the time of {zone} (--dialer-timezone)."
        return
    zone = f", in the time of {settings.timezone} (--timezone)" if settings.timezone else ""
    yield (
        f"{dates} as it is written{zone}. The dialer most likely reads it in the time of its server; "
        "if that is another, say both with --timezone and --dialer-timezone."
    )


def _of_lists(listed: SuppressionList | None) -> Iterator[str]:
    if listed is not None and listed.of_campaigns:
        yield (
            f"Of {len(listed):,} numbers on do-not-call lists, {listed.of_campaigns:,} are for one "
            "campaign only, since their list is of the dialer's own form."
        )
