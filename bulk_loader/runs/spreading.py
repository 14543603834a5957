"""A list whose sending is shared out: the part of the machine that begins it and closes it."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bulk_loader.delivery import ErrorLimit, Prepared
from bulk_loader.errors import LedgerError, SettingsError
from bulk_loader.ledger import Sharing, Terms
from bulk_loader.model import Ending, Status, leads_text
from bulk_loader.preparation.spans import SpanReader, cut, span_length
from bulk_loader.runs.locks import content_name
from bulk_loader.runs.parts import LOOK_AGAIN_S, Part

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bulk_loader.delivery import Policy, Report
    from bulk_loader.ledger import Lease, Ledger, OpenRun, RunPlan, RunRecord, Shares
    from bulk_loader.preparation.preparing import Preparation
    from bulk_loader.runs.watch import Watch
    from bulk_loader.settings import Settings


@dataclass(slots=True)
class Spread:
    """A list that this machine sends together with others.

    It decides about every lead of the list first, and lays out what is to be sent; then it sends as
    the others do, until nothing is left.

    Attributes:
        note: who sent how much, when it is over; "" where this machine was alone.
    """

    run: OpenRun
    shares: Shares
    sharing: Sharing
    part: Part
    canary: int
    note: str = ""
    _invalid: int = 0

    def batches(self, prepared: Iterator[Prepared]) -> Iterator[Prepared]:
        """What is decided about the leads, and then what this machine sends of them."""
        length = span_length(self.run.record.plan.leads)
        for batch in prepared:
            if self.part.is_halted:
                yield batch  # for the delivery to leave it out
                continue
            self._invalid += sum(o.status is Status.INVALID for o, _ in batch.decided)
            self.shares.publish(self.run.record, cut(batch.ready, length))
            yield Prepared((), batch.decided, batch.standing)
        if self.part.is_halted:
            return
        self.shares.laid_out(self.run.record, self._invalid, is_released=not self.canary)
        if why := self.sharing.judge(self._invalid, 0, 0):
            self.shares.stop(self.run.record, why)
        yield from self.part.batches()

    def end(self, report: Report, ledger: Ledger, watch: Watch) -> Report:
        """Wait until the other machines have settled what they were sending, and count them in."""
        record = self.run.record
        try:
            self.part.finish()
            if report.ending is not Ending.FINISHED:
                self.shares.stop(record, report.stopped_why)
            self._wait_for_helpers(watch)
            state = self.shares.state(record)
            ledger.doubts.break_off(record)  # of who left without a word
            self.shares.close(record)
        except LedgerError:
            # The run stays as it is, and the same command finds it so; the report says why.
            if report.failure is None:
                raise
            return report
        by_all = sum(state.counts.values())
        if others := by_all - self.sharing.own.total():
            self.note = f"{leads_text(others)} were sent by other machines."
        report = replace(report, sent=by_all)
        if report.ending is Ending.FINISHED and state.stopped_why:
            report = replace(report, ending=Ending.STOPPED, stopped_why=state.stopped_why)
        return report

    def _wait_for_helpers(self, watch: Watch) -> None:
        wait_for_helpers(self.shares, self.run.record, watch)


def wait_for_helpers(shares: Shares, record: RunRecord, watch: Watch) -> None:
    """Return when no other machine sends leads of a run any more, or can."""
    is_told = False
    since = time.monotonic()
    while helpers := shares.helpers(record):
        if not is_told and time.monotonic() - since > TOLD_AFTER_S:
            is_told = True
            watch.noted(f"Waiting until these machines have ended: {', '.join(helpers)}.")
        time.sleep(LOOK_AGAIN_S)


TOLD_AFTER_S = 2.0


def spread(  # noqa: PLR0913, PLR0917 - each is of its own kind
    run: OpenRun,
    shares: Shares,
    lease: Lease,
    preparation: Preparation,
    policy: Policy,
    terms: Terms,
) -> tuple[Spread, Policy]:
    """Begin to share a list out; also how its leader sends."""
    sharing = Sharing(run.record.id, judging(terms, run.record))
    run.sharing = sharing
    reader = SpanReader(preparation)
    part = Part(run, sharing, shares, lease, reader, policy.concurrency, is_leader=True)
    shares.begin(run.record, terms, lease)

    def stopped(why: str, _is_for_all: bool) -> None:  # noqa: FBT001 - as the policy tells it
        sharing.stop(why)
        part.halt()

    told = replace(policy, max_errors=None, stopped=stopped, proved=sharing.prove)
    return Spread(run, shares, sharing, part, policy.canary), told


def judging(terms: Terms, record: RunRecord) -> Callable[[int, int, int], str]:
    """Why nothing more of a list may be sent, as `Sharing` asks it.

    A percentage is one of all leads, or of the answers by now: a dialer that takes nothing is not sent
    the share of a large list that may fail.
    """
    if terms.most_errors is None:
        return lambda _invalid, _failed, _answered: ""
    limit = ErrorLimit(*terms.most_errors)

    def judge(invalid: int, failed: int, answered: int) -> str:
        bad = invalid + failed
        is_passed = limit.is_passed(bad, record.plan.leads)
        if not (is_passed or limit.is_passed(failed, answered)):
            return ""
        return f"{bad} leads are invalid, rejected or unknown (--max-errors {limit})."

    return judge


def require_spreadable(settings: Settings) -> None:
    """Make sure that several machines could send a list as it is asked.

    Raises:
        SettingsError: they can't.
    """
    if not settings.spread:
        return
    if settings.ledger_place.url is None:
        raise SettingsError(
            "--spread needs a ledger that machines share.",
            "The ledger of this machine is seen by no other.",
            "Name a PostgreSQL database: ledger in bulk_loader.toml, or BULK_LOADER_LEDGER.",
        )
    if settings.sandbox:
        raise SettingsError(
            "--spread does not go with --sandbox.",
            "No other machine reaches a sandbox that lives as long as the upload.",
            "Give --no-spread, or start a sandbox for all: bulk-loader sandbox",
        )
    if settings.max_loads:
        raise SettingsError(
            "--spread does not go with --max-loads.",
            "Machines that send one list do not know at each moment how often the others have loaded "
            "a number from it.",
            "Give --no-spread, or no --max-loads.",
        )
    token_of(settings)


def token_of(settings: Settings) -> str:
    """The token by which the dialer knows all machines that send a list.

    Raises:
        SettingsError: there is only a login.
    """
    token = settings.require_credentials().token
    if token is None:
        raise SettingsError(
            "Machines that send a list together need one token, and there is only a login.",
            "Nobody knows whether a second login ends the first.",
            "Give all of them the same token: BULK_LOADER_TOKEN, token_file, or `bulk-loader login`.",
        )
    return token.get_secret_value()


def call_back(shares: Shares, ledger: Ledger, plan: RunPlan, watch: Watch) -> None:
    """Have the machines stop that still send a list whose leader is gone, and wait for them."""
    for record in ledger.runs.of_list(plan.path, plan.digest, plan.target):
        is_led = record.plan.digest != plan.digest and ledger.is_leased([content_name(record.plan)])
        if is_led or shares.under_way(record.id) is None:
            continue
        shares.stop(record, "Its sending is begun anew.")
        wait_for_helpers(shares, record, watch)
        shares.close(record)
