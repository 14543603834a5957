"""Whether a machine can run tonight: every side of it, well and ill."""

from __future__ import annotations

import os
import socket
import sys
from typing import TYPE_CHECKING

import pytest

from bulk_loader.errors import SettingsError
from bulk_loader.ledger import Ledger
from bulk_loader.sandbox import Sandbox
from bulk_loader.settings import Settings, load_settings
from bulk_loader.workflows.doctor import Finding, State, examine
from bulk_loader.workflows.upload import upload
from tests.support.faulty_dialer import FaultyDialer
from tests.support.forward_proxy import ForwardProxy
from tests.support.keyrings import FakeStore
from tests.support.tls import AUTHORITY
from tests.support.uploads import Leads, leads, numbered

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["leads"]


@pytest.fixture(autouse=True)
def _clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def settings(tmp_path: Path, environ: dict[str, str] | None = None, **flags: object) -> Settings:
    """As a command would have them."""
    told = {"BULK_LOADER_HOME": str(tmp_path / "home"), **(environ or {})}
    return load_settings(flags, environ=told, directory=tmp_path).asking(FakeStore())


def found(told: Settings) -> dict[str, Finding]:
    """What is said, by what it is about."""
    return {finding.about: finding for finding in examine(told, told.home)}


def test_a_machine_that_can_run_has_no_fault(tmp_path: Path) -> None:
    """All of it is looked at, nothing is sent, and nothing is made."""
    with Sandbox() as dialer:
        environ = {"BULK_LOADER_TOKEN": dialer.token}
        seen = found(settings(tmp_path, environ, url=dialer.url, timezone="America/Montevideo"))
        assert dialer.queued == 0
    assert {finding.state for finding in seen.values()} <= {State.OK, State.NOTE}
    assert list(seen) == [
        *("program", "settings", "ledger", "disk", "time", "dialer", "credentials"),
        *("formats", "extras"),
    ]
    assert seen["credentials"].told.startswith("A token from BULK_LOADER_TOKEN; whether")
    assert "America/Montevideo" in seen["time"].told
    assert "xlsx" in seen["formats"].told
    assert not (tmp_path / "home").exists()


def test_nothing_is_asked_of_the_dialer(tmp_path: Path) -> None:
    """It is connected to, no more."""
    with FaultyDialer() as dialer:
        seen = found(settings(tmp_path, {"BULK_LOADER_TOKEN": "abc"}, url=dialer.url))
        assert seen["dialer"].state is State.OK
        assert dialer.received == []
        assert dialer.strays == []


@pytest.mark.parametrize(
    ("token", "state", "told"),
    [("sandbox", State.OK, "the dialer takes it."), ("old", State.FAULT, "refuses the token")],
)
def test_online_has_the_dialer_asked(tmp_path: Path, token: str, state: State, told: str) -> None:
    """Before the night, and not in it."""
    with Sandbox() as dialer:
        environ = {"BULK_LOADER_TOKEN": token}
        seen = found(settings(tmp_path, environ, url=dialer.url, online=True))["credentials"]
    assert (seen.state, told in seen.told) == (state, True)


def test_a_dialer_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    """With what to check."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        seen = found(settings(tmp_path, url=url))
    assert seen["dialer"].state is State.FAULT
    assert "can't be reached" in seen["dialer"].told
    assert "firewall" in seen["dialer"].remedy
    assert seen["credentials"].state is State.FAULT
    assert "BULK_LOADER_TOKEN" in seen["credentials"].remedy


def test_a_certificate_that_is_not_trusted_is_a_fault(tmp_path: Path) -> None:
    """And is none once its authority is named."""
    with FaultyDialer() as dialer, ForwardProxy(dialer.url) as proxy:
        seen = found(settings(tmp_path, url=proxy.tls_url))["dialer"]
        assert (seen.state, "is not trusted" in seen.told) == (State.FAULT, True)
        assert "--ca-file" in seen.remedy
        seen = found(settings(tmp_path, url=proxy.tls_url, ca_file=AUTHORITY))["dialer"]
        assert (seen.state, "TLS" in seen.told) == (State.OK, True)
        seen = found(settings(tmp_path, url=proxy.tls_url, ca_file="none.pem"))["dialer"]
        assert (seen.state, "none.pem" in seen.told) == (State.FAULT, True)


def test_behind_a_proxy_only_that_is_reached(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is said that the dialer itself was not."""
    with FaultyDialer() as dialer, ForwardProxy(dialer.url) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        told = settings(tmp_path, url="http://dialer.example", allow_http=True)
        seen = found(told)["dialer"]
        assert (seen.state, f"as far as the proxy {proxy.url}" in seen.told) == (State.OK, True)


@pytest.mark.parametrize(("flags", "state"), [({}, State.NOTE), ({"sandbox": True}, State.OK)])
def test_without_a_dialer_the_rest_is_looked_at(
    tmp_path: Path, flags: dict[str, object], state: State
) -> None:
    """What is not named can't be wrong; the sandbox is always there."""
    seen = found(settings(tmp_path, **flags))  # type: ignore[arg-type]
    assert seen["dialer"].state is state
    assert "credentials" not in seen


def test_wrong_settings_do_not_hide_the_rest(tmp_path: Path) -> None:
    """All that is wrong is told at once."""
    seen = examine(SettingsError("A setting is wrong.", "rate: fast.", "Correct it."), tmp_path)
    assert [finding.about for finding in seen if finding.state is State.FAULT] == ["settings"]
    assert [finding.about for finding in seen][1:4] == ["settings", "ledger", "disk"]


def test_a_secret_that_others_can_read_is_noted(tmp_path: Path) -> None:
    """In the words of every other command."""
    (tmp_path / "token").write_text("abc")
    (tmp_path / "token").chmod(0o644)
    told = settings(tmp_path, token_file="token")
    notes = [each.told for each in examine(told, told.home) if each.about == "settings"]
    assert any("chmod 600" in note for note in notes)


def test_a_ledger_that_is_usable_is_left_as_it_is(tmp_path: Path, leads: Leads) -> None:
    """After a run it says nothing but where it is."""
    leads.write(*numbered(1))
    with FaultyDialer() as dialer:
        upload(
            leads.path, Settings(url=dialer.url, token="x", campaign="A", home=tmp_path / "home")
        )
    seen = found(settings(tmp_path))["ledger"]
    assert (seen.state, seen.told) == (State.OK, f"It is usable, in {tmp_path / 'home'}.")


def test_a_damaged_ledger_is_a_fault(tmp_path: Path) -> None:
    """The night would end with it."""
    with Ledger.open(tmp_path / "home"):
        pass
    (tmp_path / "home" / "ledger.key").unlink()
    seen = found(settings(tmp_path))["ledger"]
    assert seen.state is State.FAULT
    assert seen.remedy


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_ledger_that_can_not_be_made_is_a_fault(tmp_path: Path) -> None:
    """Its directory may belong to somebody else."""
    tmp_path.chmod(0o500)
    seen = found(settings(tmp_path))["ledger"]
    tmp_path.chmod(0o700)
    assert (seen.state, "is not writable" in seen.told) == (State.FAULT, True)
