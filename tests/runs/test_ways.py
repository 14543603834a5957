"""Uploads over the ways that a machine's environment gives: straight, or through a proxy."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from bulk_loader.errors import ExitCode, SettingsError
from bulk_loader.exit_codes import exit_code
from bulk_loader.model import Ending, Status
from bulk_loader.workflows.past_runs import past_runs
from bulk_loader.workflows.upload import upload
from tests.support.faults import SURPLUS_FAULTS, answer
from tests.support.faulty_dialer import Fault, FaultyDialer, RandomFaults, Reaction
from tests.support.forward_proxy import ForwardProxy
from tests.support.tls import AUTHORITY
from tests.support.uploads import Leads, Witness, numbered

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulk_loader.settings import Settings
    from tests.support.faulty_dialer import Request


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the developer's own way to the world."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("SSL_CERT_FILE", str(AUTHORITY))


def answers_once_too_often(request: Request) -> Reaction:
    """Takes every third lead, and says the opposite of every answer right after it."""
    takes = request.ordinal % 3 == 0
    one, zero = answer(200, "1"), answer(200, "0")
    return Reaction(one + zero if takes else zero + one, records=takes)


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("concurrency", [1, 8])
def test_answers_do_not_shift_through_a_proxy(
    leads: Leads,
    settings: Callable[..., Settings],
    monkeypatch: pytest.MonkeyPatch,
    scheme: str,
    concurrency: int,
) -> None:
    """A dialer that says more than it was asked for is never believed about another lead."""
    leads.write(*numbered(30))
    with FaultyDialer(answers_once_too_often) as dialer, ForwardProxy(dialer.url) as proxy:
        monkeypatch.setenv(f"{scheme}_proxy", proxy.url)
        told = settings(
            url=f"{scheme}://dialer.example",
            token="secret-token",
            allow_http=True,
            concurrency=concurrency,
        )
        witness = Witness()
        summary = upload(leads.path, told, witness)
    named = f"Requests go by the proxy {proxy.url}, which {scheme}_proxy names."
    assert witness.notes.count(named) == 1
    accepted = [row["phone"] for row in leads.rows() if row["dialer_status"] == "accepted"]
    assert sorted(accepted) == sorted(dialer.recorded)
    assert summary.counts[Status.ACCEPTED] == 10
    assert summary.counts[Status.REJECTED] == 20
    assert len(proxy.asked) == 30


@pytest.mark.parametrize("concurrency", [1, 8])
def test_answers_do_not_shift_without_one(
    leads: Leads, settings: Callable[..., Settings], concurrency: int
) -> None:
    """Our own connections see what comes after an answer, and are not used again."""
    leads.write(*numbered(30))
    with FaultyDialer(answers_once_too_often) as dialer:
        summary = upload(leads.path, settings(dialer, concurrency=concurrency))
    accepted = [row["phone"] for row in leads.rows() if row["dialer_status"] == "accepted"]
    assert sorted(accepted) == sorted(dialer.recorded)
    assert summary.counts[Status.ACCEPTED] == 10


@pytest.mark.parametrize("seed", range(4))
def test_answers_that_come_too_often_call_nothing_rejected_that_was_taken(
    leads: Leads, settings: Callable[..., Settings], seed: int
) -> None:
    """What is in question is unknown, in the results, the ledger, the summary and the exit code."""
    leads.write(*numbered(400))
    script = RandomFaults(seed, 0.05, latency_s=0.002, faults=SURPLUS_FAULTS)
    with FaultyDialer(script) as dialer:
        told = settings(dialer, concurrency=(1, 4)[seed % 2], max_doubts=10_000)
        summary = upload(leads.path, told)
    by_status = {row["phone"]: row["dialer_status"] for row in leads.rows()}
    taken = set(dialer.recorded)
    assert {phone for phone, status in by_status.items() if status == "accepted"} <= taken
    assert not {phone for phone, status in by_status.items() if status == "rejected"} & taken
    assert summary.counts[Status.UNKNOWN] >= 1
    assert exit_code(summary) is ExitCode.IN_DOUBT
    assert any("nobody had asked for" in note for note in summary.notes)
    (past,) = past_runs(told.ledger_place)
    assert past.counts[Status.UNKNOWN] == summary.counts[Status.UNKNOWN]


@pytest.mark.parametrize(
    "head", [b"Upgrade: x\r\nConnection: upgrade\r\n", b""], ids=["named", "unnamed"]
)
def test_another_protocol_is_no_answer_and_no_fault_of_the_program(
    leads: Leads,
    settings: Callable[..., Settings],
    caplog: pytest.LogCaptureFixture,
    head: bytes,
) -> None:
    """The lead is unknown, the others are not touched, and nothing is logged as a crash."""
    leads.write(*numbered(6))
    switched = Reaction(b"HTTP/1.1 101 Switching Protocols\r\n" + head + b"\r\n1", records=True)
    with FaultyDialer({"0991000003": switched}) as dialer:
        summary = upload(leads.path, settings(dialer, concurrency=2))
    assert (summary.ending, summary.fault) == (Ending.FINISHED, None)
    assert leads.statuses() == ["accepted"] * 2 + ["unknown"] + ["accepted"] * 3
    assert len(dialer.recorded) == 6
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


def test_certificates_of_a_company_are_trusted_where_the_environment_names_them(
    leads: Leads, settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And where their file is gone, that is told before anything is sent."""
    leads.write(*numbered(3))
    with FaultyDialer() as dialer, ForwardProxy(dialer.url) as proxy:
        told = settings(url=proxy.tls_url, token="secret-token")
        monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/authority.pem")
        with pytest.raises(SettingsError, match="/nowhere/authority"):
            upload(leads.path, told)
        monkeypatch.setenv("SSL_CERT_FILE", str(AUTHORITY))
        assert upload(leads.path, told).counts[Status.ACCEPTED] == 3


@pytest.mark.parametrize("proxy", ["socks4://127.0.0.1:9", "ftp://127.0.0.1:9", "http://[::1"])
def test_a_proxy_that_can_not_be_used_ends_the_run_before_it_begins(
    leads: Leads, settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    """It is a setting like any other: exit code 2, and no run is remembered."""
    leads.write(*numbered(3))
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    with pytest.raises(SettingsError, match="proxy") as refused:
        upload(leads.path, settings(url="https://dialer.example", token="secret-token"))
    assert refused.value.exit_code is ExitCode.USAGE
    assert past_runs(settings().ledger_place) == []


def test_this_machine_is_gone_to_straight(
    leads: Leads,
    dialer: FaultyDialer,
    settings: Callable[..., Settings],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whatever proxy is named: none leads back here."""
    leads.write(*numbered(3))
    with ForwardProxy(dialer.url) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        assert upload(leads.path, settings(dialer)).counts[Status.ACCEPTED] == 3
    assert proxy.asked == []
    assert sorted(dialer.recorded) == [phone for phone, _ in numbered(3)]


def test_a_proxy_that_is_down_is_waited_for(
    leads: Leads, settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be restarting, as the dialer may: nothing was sent, and nothing is lost."""
    leads.write(*numbered(3))
    with FaultyDialer(otherwise=Fault.ACCEPT) as dialer, ForwardProxy(dialer.url) as proxy:
        gone = proxy.url
    monkeypatch.setenv("HTTP_PROXY", gone)
    told = {"url": "http://dialer.example", "token": "secret-token", "allow_http": True}
    summary = upload(leads.path, settings(**told, retry_for=0))
    assert summary.ending is Ending.STOPPED
    assert summary.counts[Status.UNSENT] == 3
    assert "could not be reached" in summary.stopped_why


def test_a_certificate_that_was_never_trusted_stops_the_run_at_once(
    leads: Leads, settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What, why and what to do in one line; nothing was sent, and the same command goes on."""
    leads.write(*numbered(20))
    monkeypatch.delenv("SSL_CERT_FILE")
    with FaultyDialer() as dialer, ForwardProxy(dialer.url) as proxy:
        told = settings(url=proxy.tls_url, token="secret-token")
        summary = upload(leads.path, told)
        assert dialer.received == []
        assert summary.stopped_why.startswith(
            "The dialer can't be reached: the certificate of localhost is not trusted: "
        )
        assert "Nothing has answered in this run yet, so it was not tried again. Check" in (
            summary.stopped_why
        )
        assert "--ca-file" in summary.stopped_why
        assert (summary.counts[Status.UNSENT], summary.fault) == (20, None)
        assert exit_code(summary) is ExitCode.STOPPED
        assert summary.seconds < 30
        told = settings(url=proxy.tls_url, token="secret-token", ca_file=AUTHORITY)
        assert upload(leads.path, told).run_id == summary.run_id
        assert len(dialer.recorded) == 20


def test_a_name_that_nobody_knows_stops_the_run_at_once(
    leads: Leads, settings: Callable[..., Settings]
) -> None:
    """A slip in --instance is told in a second, and not after five minutes."""
    try:
        socket.getaddrinfo("no-such-host.invalid", 443)
    except socket.gaierror as error:
        if error.errno == socket.EAI_AGAIN:
            pytest.skip("nobody can be asked for a name here")
    leads.write(*numbered(20))
    told = settings(url="https://no-such-host.invalid", token="secret-token")
    summary = upload(leads.path, told)
    assert "there is no host named no-such-host.invalid" in summary.stopped_why
    assert "--instance or --url" in summary.stopped_why
    assert leads.statuses() == ["unsent"] * 20
    assert exit_code(summary) is ExitCode.STOPPED
    assert summary.seconds < 30
