from __future__ import annotations

import http.client
from collections import Counter

import pytest

from bulk_loader.sandbox import Sandbox, SandboxOptions
from bulk_loader.sandbox.faults import Fault, Faults, Rate
from bulk_loader.sandbox.sessions import Sessions
from tests.sandbox.asking import AUTH, ask, post_form, send


def thrown(count: int = 2000, **options: float) -> list[Fault]:
    """What happens to so many tasks."""
    faults = Faults(SandboxOptions(**options))  # type: ignore[arg-type]
    return [faults.next() for _ in range(count)]


def test_each_fault_has_its_share() -> None:
    """Within what chance allows; without any, every task is taken."""
    counts = Counter(thrown(fail_percent=10, error_percent=20, drop_percent=30))
    assert 150 < counts[Fault.REFUSE] < 250
    assert 330 < counts[Fault.ERROR] < 470
    assert 520 < counts[Fault.CUT] < 680
    assert set(thrown()) == {Fault.NONE}
    assert set(thrown(drop_percent=100)) == {Fault.CUT}


def test_a_training_repeats() -> None:
    """The same seed has the same faults at the same places, another seed has others."""
    assert thrown(error_percent=20) == thrown(error_percent=20)
    assert thrown(error_percent=20) != thrown(error_percent=20, seed=2)


def test_one_fault_more_moves_no_other() -> None:
    """What was refused before is refused still."""
    alone = [fault is Fault.REFUSE for fault in thrown(fail_percent=10)]
    others = thrown(fail_percent=10, error_percent=5, drop_percent=5)
    assert [fault is Fault.REFUSE for fault in others] == alone


def test_an_error_is_answered_500_and_may_have_been_taken() -> None:
    """As with a real dialer nobody can tell from the answer; the sandbox's log can."""
    with Sandbox(SandboxOptions(error_percent=100)) as sandbox:
        assert {send(sandbox).status for _ in range(20)} == {500}
        look = ask(sandbox, "/api/refused?limit=500").json
        reasons = Counter(refusal["reason"] for refusal in look["refusals"])
        assert reasons == {
            "on purpose: answered 500, though queued": sandbox.queued,
            "on purpose: answered 500, and not queued": 20 - sandbox.queued,
        }
        assert 0 < sandbox.queued < 20


def test_a_cut_connection_has_no_answer_at_all() -> None:
    """Not one byte of it; the sandbox goes on, and about half of the tasks stand in its queue."""
    lines: list[str] = []
    with Sandbox(SandboxOptions(drop_percent=100), lines.append) as sandbox:
        for _ in range(20):
            with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
                send(sandbox)
        assert ask(sandbox, "/health").status == 200
        assert 0 < sandbox.queued < 20
    assert len(lines) == 20
    assert all("cut off" in line for line in lines)


def test_too_many_tasks_a_second_are_answered_429() -> None:
    """With a time to wait, and without a task in the queue."""
    with Sandbox(SandboxOptions(rate_limit=0.001)) as sandbox:
        assert send(sandbox).body == "1"
        reply = send(sandbox)
        assert (reply.status, reply.headers["Retry-After"]) == (429, "1")
        assert sandbox.queued == 1


def test_a_rate_is_kept_over_time() -> None:
    """A second's worth at once, and then so many a second; what is not used is not saved up."""
    rate = Rate(10)

    def taken(at_s: float) -> int:
        return sum(not rate.is_over(at_s) for _ in range(100))

    assert [taken(at_s) for at_s in (0, 0, 0.5, 1.0, 100, 100)] == [10, 0, 5, 5, 10, 0]
    assert not any(Rate(0).is_over(0) for _ in range(1000))
    slow = Rate(0.5)
    assert [slow.is_over(at_s) for at_s in (0, 1, 2, 3, 4)] == [False, True, False, True, False]


def test_the_token_of_a_login_expires() -> None:
    """The one that is always valid does not."""
    now = [0.0]
    sessions = Sessions(SandboxOptions(token_life_s=60), lambda: now[0])
    token = sessions.open("sandbox", "sandbox")
    now[0] = 59.9
    assert sessions.fault_of(f"Basic {token}") == ""
    now[0] = 60
    assert sessions.fault_of(f"Basic {token}").endswith("has expired")
    assert sessions.fault_of("Basic sandbox") == ""


def test_an_expired_token_is_answered_401() -> None:
    """And a new login opens the dialer again."""
    with Sandbox(SandboxOptions(token_life_s=1e-9)) as sandbox:
        token = post_form(sandbox, f"{AUTH}/getUserToken", user="sandbox", password="sandbox").body
        assert send(sandbox, f"Basic {token}").status == 401
    with Sandbox(SandboxOptions(token_life_s=3600)) as sandbox:
        token = post_form(sandbox, f"{AUTH}/getUserToken", user="sandbox", password="sandbox").body
        assert send(sandbox, f"Basic {token}").body == "1"
