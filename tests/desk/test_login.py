from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass, field

import pytest

from bulk_loader.desk.login import MAX_WAITING, Answer, Login
from bulk_loader.desk.password_hash import PasswordHash
from tests.desk.team import LINE

REAL = PasswordHash.read(LINE)
assert REAL is not None


@dataclass
class Slow:
    """A hash that is worked out for as long as the test wants."""

    began: threading.Event = field(default_factory=threading.Event)
    go: threading.Event = field(default_factory=threading.Event)
    at_once: int = 0
    most: int = 0

    def fits(self, password: str) -> bool:
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        self.began.set()
        self.go.wait()
        self.at_once -= 1
        return password == "right"

    def key_for(self, purpose: bytes) -> bytes:
        return purpose


async def test_guesses_are_worked_out_one_at_a_time_and_few_wait() -> None:
    """Each takes 32 MB: a crowd of them neither fills the memory nor keeps the pages waiting."""
    slow = Slow()
    login = Login(slow)  # type: ignore[arg-type]
    tasks = [
        asyncio.create_task(login.judge("wrong", f"10.0.0.{number}", "")) for number in range(25)
    ]
    await asyncio.to_thread(slow.began.wait)  # the loop goes on meanwhile
    slow.go.set()
    answers = [(await task).answer for task in tasks]
    assert slow.most == 1
    assert answers.count(Answer.WRONG) == MAX_WAITING
    assert answers.count(Answer.LATER) == 25 - MAX_WAITING


async def judged(login: Login, typed: str, address: str, mark: str = "") -> Answer:
    """What becomes of a guess."""
    return (await login.judge(typed, address, mark)).answer


async def test_a_stranger_at_the_same_address_keeps_nobody_out_who_was_in() -> None:
    """Behind one router, or one proxy that says nothing, all have one address."""
    slow = Slow()
    slow.go.set()
    login = Login(slow)  # type: ignore[arg-type]
    mark = login.new_mark()
    while await judged(login, "wrong", "10.0.0.1") is not Answer.LATER:
        pass
    assert await judged(login, "right", "10.0.0.1") is Answer.LATER
    assert await judged(login, "right", "10.0.0.1", mark) is Answer.RIGHT


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("2001:db8::1", "2001:db8::ffff", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("10.0.0.1", "10.0.0.2", False),
    ],
)
async def test_a_household_is_one_asker(one: str, other: str, *, is_same: bool) -> None:
    """With IPv6 everybody has more addresses than guesses."""
    slow = Slow()
    slow.go.set()
    login = Login(slow)  # type: ignore[arg-type]
    while await judged(login, "wrong", one) is not Answer.LATER:
        pass
    assert (await judged(login, "wrong", other) is Answer.LATER) == is_same


def test_nobody_can_make_a_mark() -> None:
    """Nor keep one when the password was changed."""
    assert REAL is not None
    login = Login(REAL)
    mark = login.new_mark()
    name, _, sign = mark.partition(".")
    assert login.knows(mark)
    assert login.new_mark() != mark
    for wrong in ("", ".", name, f"{name}.", f"x{mark}", f"{name}.{sign[:-1]}", f"{name}.ñ"):
        assert not login.knows(wrong)
    changed = PasswordHash(REAL.log_n, REAL.block, REAL.lanes, REAL.salt, b"other".ljust(32))
    assert not Login(changed).knows(mark)
