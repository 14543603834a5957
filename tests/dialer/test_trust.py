"""Whose certificates are believed, and what is said where there are none."""

from __future__ import annotations

import asyncio
import ssl
from typing import TYPE_CHECKING

import pytest

from bulk_loader.dialer.route import find_route
from bulk_loader.dialer.trust import system_certificates, system_judgement, trusted_certificates
from bulk_loader.errors import SettingsError
from tests.support.tls import AUTHORITY, server_context

if TYPE_CHECKING:
    from pathlib import Path

OURS = "Tests of the bulk loader"


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No authority of the developer's own."""
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)


def authorities(context: ssl.SSLContext) -> str:
    """Who is believed."""
    return str([found["subject"] for found in context.get_ca_certs()])


def test_the_environment_names_who_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A company's own authority, and nobody besides."""
    monkeypatch.setenv("SSL_CERT_FILE", str(AUTHORITY))
    context = trusted_certificates()
    assert len(context.get_ca_certs()) == 1
    assert OURS in authorities(context)


def test_a_named_file_wins_over_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What is given with the command is what is meant."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    trust = find_route("https://dialer.example", AUTHORITY).trust
    assert trust is not None
    assert OURS in authorities(trust)


def test_the_system_says_who_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    """An administrator adds an authority to its store once, and every program goes by that."""
    monkeypatch.setenv("SSL_CERT_FILE", str(AUTHORITY))  # to OpenSSL, that is the system's store
    context = system_certificates(str(AUTHORITY), None)
    assert OURS in authorities(context)
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname


@pytest.mark.parametrize("has_directory", [False, True])
def test_a_system_without_certificates_gets_the_usual_ones(
    tmp_path: Path, *, has_directory: bool
) -> None:
    """The smallest containers have none at all."""
    place = str(tmp_path) if has_directory else None
    context = system_certificates(None, place)
    assert len(context.get_ca_certs()) > 10


@pytest.mark.parametrize(
    ("content", "reason"), [(None, "No such file or directory."), ("-", "It holds no certificate.")]
)
def test_a_file_that_can_not_be_used_is_told(
    tmp_path: Path, content: str | None, reason: str
) -> None:
    """With the option that names it, before anything is sent."""
    place = tmp_path / "authority.pem"
    if content is not None:
        place.write_text(content)
    with pytest.raises(SettingsError) as caught:
        find_route("https://dialer.example", place)
    assert caught.value.what == f"The certificates in {place} can't be used."
    assert caught.value.why == f"--ca-file names them. {reason}"
    assert caught.value.remedy == "Correct --ca-file, or leave it out to trust those of the system."


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
@pytest.mark.parametrize("is_trusted", [True, False])
def test_the_system_judges_on_the_event_loop(
    monkeypatch: pytest.MonkeyPatch, loop: str, *, is_trusted: bool
) -> None:
    """As it does on Windows and macOS: a handshake succeeds where it trusts, and only there."""
    if is_trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(AUTHORITY))

    async def connect() -> None:
        server = await asyncio.start_server(
            lambda _reader, writer: writer.close(), "127.0.0.1", 0, ssl=server_context()
        )
        async with server:
            port = server.sockets[0].getsockname()[1]
            _, writer = await asyncio.open_connection("localhost", port, ssl=system_judgement())
            writer.close()

    with asyncio.Runner(loop_factory=pytest.importorskip(loop).new_event_loop) as runner:
        if is_trusted:
            runner.run(connect())
        else:
            with pytest.raises(ssl.SSLCertVerificationError):
                runner.run(connect())
