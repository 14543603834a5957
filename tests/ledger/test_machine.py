"""Programs that share a ledger do whatever they may, on both stores; `LEDGER_EXAMPLES=2000` for more."""

from __future__ import annotations

import itertools
import os
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar, cast

import hypothesis.strategies as st
import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bulk_loader.errors import LedgerError, LockedError
from bulk_loader.ledger import Ledger, Regard, leased
from bulk_loader.model import Ending, Outcome, Status
from tests.ledger.conftest import PLAN, WEEK_S, Home
from tests.ledger.watched import LISTS, Lead, Listed, Program, require_free

if TYPE_CHECKING:
    from collections.abc import Sequence

SETTLED = (Status.ACCEPTED, Status.REJECTED, Status.UNKNOWN)
EXAMPLES = settings(
    max_examples=int(os.environ.get("LEDGER_EXAMPLES", "12")),
    stateful_step_count=40,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to make steps shorter takes minutes
)
_numbers = itertools.count(1)


T = TypeVar("T")


def _any_of(data: st.DataObject, those: Sequence[T]) -> T:
    return those[data.draw(st.integers(0, len(those) - 1))]


class Machines(RuleBasedStateMachine):
    """Two machines, or one, and all that may befall their programs."""

    def __init__(self, homes: list[Home]) -> None:
        super().__init__()
        self.homes = homes
        self.is_shared = homes[0].url is not None
        example = next(_numbers)
        self.target = f"https://{example}.example"
        plan = replace(PLAN, target=self.target)
        self.lists = [
            Listed(n, replace(plan, path=f"/{example}/{n}", digest=f"{example}-{n}"))
            for n in range(len(LISTS))
        ]
        self.programs: list[Program] = []
        self.looking = Ledger.open(homes[0].place)

    def teardown(self) -> None:
        for program in self.programs:
            program.ends.close()
        self.looking.__exit__(None, None, None)

    def _holder(self, of: Listed) -> Program | None:
        return next((p for p in self.programs if p.of is of and not p.is_followed), None)

    def _is_under_way(self, run: int) -> bool:
        if self.is_shared:
            names = [one.plan.digest for one in self.lists if one.record and one.record.id == run]
            return self.looking.is_leased(names)
        return any(p.run.record.id == run for p in self.programs)

    @precondition(lambda self: self._unsent())
    @rule(data=st.data(), machine=st.integers(0, 1))
    def begin(self, data: st.DataObject, machine: int) -> None:
        """Or go on with, where nobody sends the list."""
        self._open(_any_of(data, self._unsent()), self.homes[machine % len(self.homes)])

    def _unsent(self) -> list[Listed]:
        return [of for of in self.lists if not of.is_over and not self._holder(of)]

    @precondition(lambda self: self.is_shared and self._holders())
    @rule(data=st.data())
    def take_over(self, data: st.DataObject) -> None:
        """Another machine goes on with a list, as soon as what sends it is not heard of any more."""
        held = _any_of(data, self._holders())
        elsewhere = self.homes[1 - self.homes.index(held.home)]
        with pytest.raises(LockedError):
            self._open(held.of, elsewhere)
        self.homes[0].change("UPDATE holding SET until = '-infinity'")
        self._open(held.of, elsewhere)
        held.is_followed = True
        self.homes[0].change("UPDATE holding SET until = now() + interval '1 hour'")

    def _holders(self) -> list[Program]:
        return [program for program in self.programs if not program.is_followed]

    def _open(self, of: Listed, home: Home) -> None:
        with ExitStack() as stack:
            lease = None
            if self.is_shared:
                names = [of.plan.digest]
                lease = stack.enter_context(leased(home.place, names, "Under way."))
            ledger = stack.enter_context(Ledger.open(home.place, lease))
            others = ledger.others(self.target, self._is_under_way, datetime.now(UTC))
            others.regard = Regard(hold_s=WEEK_S)
            if of.record is None:
                of.excused = self._excused(of)
                run = ledger.begin(of.plan, datetime.now(UTC), others)
            else:
                began_at = int(of.record.started_at.timestamp())
                ageless = frozenset({of.record.id})
                others.regard = Regard(hold_s=WEEK_S, since=began_at, ageless=ageless)
                record = ledger.runs.by_id(of.record.id)
                assert record is not None
                run = ledger.resume(record, of.plan, others)
            of.record = run.record
            known = {outcome.row for outcome in ledger.outcomes.of(run.record)}
            rest = [row for row in range(len(LISTS[of.number])) if row not in known]
            self.programs.append(Program(of, home, ledger, run, stack.pop_all(), rest))

    def _excused(self, of: Listed) -> frozenset[int]:
        asleep = [other for other in self.lists if other is not of and not self._holder(other)]
        return frozenset(contact for other in asleep for contact in other.accepted())

    programs_there = precondition(lambda self: self.programs)

    @programs_there
    @rule(data=st.data())
    def commit(self, data: st.DataObject) -> None:
        """What it has heard, and the next leads that it wants to send."""
        program = _any_of(data, self.programs)
        wanted = program.rest[: data.draw(st.integers(0, 3))]
        outcomes = [Outcome(row, status) for row, status in program.answers.items()]
        intents = [(row, program.of.key(row)) for row in wanted]
        if program.is_followed:
            with pytest.raises(LedgerError):
                program.run.commit(outcomes, intents)
            return
        withheld = program.run.commit(outcomes, intents)
        for row, status in program.answers.items():
            program.of.leads[row].status = status
        program.answers.clear()
        settled = {outcome.row for outcome in withheld.settled}
        for row in set(wanted) - withheld.waiting:
            program.rest.remove(row)
            if row not in settled:
                self._let_through(program, row)

    def _let_through(self, program: Program, row: int) -> None:
        require_free(program.of, row, self.lists)
        program.of.leads[row] = Lead()
        program.ready.append(row)

    @precondition(lambda self: self._posters())
    @rule(data=st.data(), statuses=st.lists(st.sampled_from(SETTLED), min_size=1, max_size=3))
    def post(self, data: st.DataObject, statuses: list[Status]) -> None:
        """Some leads, also by a program that was followed meanwhile; the answers are heard."""
        program = _any_of(data, self._posters())
        for status in statuses[: len(program.ready)]:
            row = program.ready.pop(0)
            program.of.leads[row].posts += 1
            program.answers[row] = status

    def _posters(self) -> list[Program]:
        return [program for program in self.programs if program.ready]

    @programs_there
    @rule(data=st.data())
    def die(self, data: st.DataObject) -> None:
        """Nothing is settled any more."""
        program = _any_of(data, self.programs)
        self.programs.remove(program)
        program.ends.close()

    @precondition(lambda self: self._done())
    @rule(data=st.data())
    def finish(self, data: st.DataObject) -> None:
        """A program that has come to the end of its list."""
        program = _any_of(data, self._done())
        program.ledger.runs.end(program.run.record, Ending.FINISHED, "")
        program.of.is_over = True
        self.programs.remove(program)
        program.ends.close()

    def _done(self) -> list[Program]:
        return [p for p in self._holders() if not (p.rest or p.ready or p.answers)]

    @precondition(lambda self: self._doubted())
    @rule(data=st.data(), status=st.sampled_from(SETTLED[:2]))
    def decide(self, data: st.DataObject, status: Status) -> None:
        """A person has looked up in the dialer what was in doubt by a list that nobody sends."""
        of = _any_of(data, self._doubted())
        assert of.record is not None
        doubted = {row: lead for row, lead in of.leads.items() if lead.is_doubt}
        self.looking.doubts.break_off(of.record)
        self.looking.doubts.settle(self.target, [of.key(row).contact for row in doubted], status)
        for lead in doubted.values():
            lead.status, lead.is_decided = status, True

    def _doubted(self) -> list[Listed]:
        sent = [program.of for program in self.programs]
        return [of for of in self.lists if of not in sent and of.has_doubts]

    @rule()
    def prune(self) -> None:
        """All runs that are over and without a doubt are forgotten."""
        now = datetime.now(UTC)
        self.looking.runs.forget(now + timedelta(days=1), now - timedelta(days=1))
        for of in self.lists:
            if of.record is not None and self.looking.runs.by_id(of.record.id) is None:
                assert of.is_over
                assert not of.has_doubts
                of.record, of.leads = None, {}

    @invariant()
    def nothing_is_posted_twice(self) -> None:
        """No row of any list, whatever died, slept or was taken over."""
        assert all(lead.posts <= 1 for of in self.lists for lead in of.leads.values())

    @invariant()
    def the_ledger_knows(self) -> None:
        """Every lead that may have been posted, with its status; and every doubt is an open one."""
        doubts = self.looking.doubts.open_at(self.target, datetime.fromtimestamp(0, UTC))
        open_ones = {(doubt.run, doubt.row) for doubt in doubts}
        for of in self.lists:
            if of.record is None:
                continue
            held = {outcome.row: outcome.status for outcome in self.looking.outcomes.of(of.record)}
            for row, lead in of.leads.items():
                assert held.get(row) is lead.status, f"list {of.number}, row {row}"
                assert ((of.record.id, row) in open_ones) == lead.is_doubt


@pytest.fixture
def homes(home: Home) -> list[Home]:
    """All machines, which have the same key: one, or two that share the ledger."""
    Ledger.open(home.place).__exit__(None, None, None)
    if home.url is None:
        return [home]
    path = home.path.with_name("elsewhere")
    path.mkdir(mode=0o700)
    (path / "ledger.key").write_bytes((home.path / "ledger.key").read_bytes())
    return [home, Home(path, home.url)]


def test_whatever_programs_do_no_lead_is_posted_twice_or_forgotten(homes: list[Home]) -> None:
    """By steps in any order."""
    made = cast("type[RuleBasedStateMachine]", lambda: Machines(homes))
    run_state_machine_as_test(made, settings=EXAMPLES)
