"""The part of a machine that helps with a list which another one has begun."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from socket import gethostname
from typing import TYPE_CHECKING

from bulk_loader.errors import SettingsError
from bulk_loader.ledger import Ledger, Sharing, leased, open_shares
from bulk_loader.model import Ending
from bulk_loader.preparation.history import History
from bulk_loader.preparation.preparing import Preparation
from bulk_loader.preparation.sentences import Sentences
from bulk_loader.preparation.spans import SpanReader
from bulk_loader.reports.timeline import Timeline
from bulk_loader.runs.locks import is_under_way
from bulk_loader.runs.parts import Part
from bulk_loader.runs.sending import deliver
from bulk_loader.runs.setup import delivery_policy
from bulk_loader.runs.spreading import judging, token_of
from bulk_loader.runs.targets import open_target
from bulk_loader.runs.timing import TimedRun

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bulk_loader.delivery import Policy, Report
    from bulk_loader.ledger import Lease, OpenRun, RunRecord, Shares, Terms
    from bulk_loader.model import Status
    from bulk_loader.preparation.pipeline import Pipeline
    from bulk_loader.runs.targets import Target
    from bulk_loader.runs.watch import Watch
    from bulk_loader.settings import Settings


@dataclass(frozen=True, slots=True)
class Help:
    """What a machine did of a list.

    Attributes:
        counts: answers that it got.
        is_leaderless: the machine that began the list is not heard of any more, so that what was sent
            is not told in a results file yet.
    """

    report: Report
    counts: Mapping[Status, int]
    is_leaderless: bool


@dataclass(frozen=True, slots=True)
class HelpRequest:
    """A list that another machine has begun, and what it keeps to."""

    record: RunRecord
    terms: Terms
    pipeline: Pipeline
    settings: Settings


def help_with(request: HelpRequest, watch: Watch) -> Help:
    """Send what is to be had of a list, until nothing is left or it is stopped.

    Raises:
        SettingsError: it would go to another dialer, or by another token.
        LedgerError: the ledger can't be used.
    """
    place, record = request.settings.ledger_place, request.record
    with ExitStack() as stack:
        target = stack.enter_context(open_target(request.settings))
        _require_same_dialer(request, target)
        lease = stack.enter_context(leased(place, [], ""))
        ledger = stack.enter_context(Ledger.open(place, lease))
        _require_same_token(request, ledger)
        shares = stack.enter_context(open_shares(place, lease))
        sentences = stack.enter_context(Sentences())
        run = _joined(request, ledger)
        run.sharing = sharing = Sharing(record.id, judging(request.terms, record))
        policy = _policy(request, run)
        preparation = Preparation(
            request.pipeline, ledger.keys, History(), sentences, request.terms.batch_size
        )
        reader = SpanReader(preparation)
        part = Part(run, sharing, shares, lease, reader, policy.concurrency)

        def stopped(why: str, is_for_all: bool) -> None:  # noqa: FBT001 - as the policy tells it
            if is_for_all and sharing.own:  # who never had an answer may have no way there
                sharing.stop(f"On {gethostname()}: {why}")
            part.halt()

        watch.began(record.name)
        watch.started(record.plan.leads)
        shares.join(record.id, lease)
        _require_same_terms(request, shares)
        policy = replace(policy, stopped=stopped)
        report = _send(part, target, policy, watch, lease)
        part.finish()
        why = shares.state(record).stopped_why
        if why and report.ending is Ending.FINISHED:  # it had nothing to send when that was said
            report = replace(report, ending=Ending.STOPPED, stopped_why=why)
        return Help(report, sharing.own, part.is_leaderless)


def _send(part: Part, target: Target, policy: Policy, watch: Watch, lease: Lease) -> Report:
    timed = TimedRun(part, lambda _course: None, Timeline())  # the course is that of its leader
    return deliver(part.batches(), timed, target.address, policy, watch, lease)


def _joined(request: HelpRequest, ledger: Ledger) -> OpenRun:
    record, terms = request.record, request.terms
    under_way = partial(is_under_way, ledger, own=record.plan)
    others = ledger.others(record.plan.target, under_way, datetime.now(UTC))
    begun_at = int(record.started_at.timestamp())
    since = begun_at if terms.regard.since is None else terms.regard.since
    others.regard = replace(terms.regard, since=since, joined_since=terms.asked_at)
    return ledger.open_run(record, others)


def _policy(request: HelpRequest, run: OpenRun) -> Policy:
    hours, terms = request.pipeline.hours, request.terms
    policy = delivery_policy(request.settings, hours, datetime.fromisoformat(terms.judged_at))
    rates = [rate for rate in (policy.rate, terms.rate) if rate is not None]
    run.pace.rate = min(rates, default=None)
    return replace(
        policy,
        rate=run.pace.rate,
        canary=0,
        max_errors=None,
        throttled=run.pace.slow_down,
    )


def _require_same_terms(request: HelpRequest, shares: Shares) -> None:
    if shares.under_way(request.record.id) != request.terms:
        raise SettingsError(
            f"Run {request.record.name} was ended or begun anew while its list was read here.",
            "",
            "Give the same command again.",
        )


def _require_same_dialer(request: HelpRequest, target: Target) -> None:
    if target.identity != request.record.plan.target:
        raise SettingsError(
            f"Run {request.record.name} goes to another dialer than the settings of this machine.",
            f"It goes to {request.record.plan.target}.",
            "Give the profile of that dialer, or --url.",
        )


def _require_same_token(request: HelpRequest, ledger: Ledger) -> None:
    if ledger.keys.token(token_of(request.settings)) != request.terms.token:
        raise SettingsError(
            f"Run {request.record.name} is sent with another token than that of this machine.",
            "Nobody knows whether the dialer takes tasks by two tokens at once.",
            "Give this machine the same one: BULK_LOADER_TOKEN, token_file, or `bulk-loader login`.",
        )
