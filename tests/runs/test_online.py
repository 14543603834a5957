from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bulk_loader.campaigns import Campaign, Campaigns
from bulk_loader.choices import LoginShape, SessionEnd
from bulk_loader.errors import ExitCode, SettingsError
from bulk_loader.model import Status
from bulk_loader.runs.online import look_online
from bulk_loader.sandbox import Sandbox, SandboxOptions
from bulk_loader.settings import Settings
from bulk_loader.workflows.check import check
from bulk_loader.workflows.retry import retry
from bulk_loader.workflows.upload import upload
from tests.support.uploads import Witness

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LIST = Campaigns((Campaign("Ventas<-", 2, 2), Campaign("Ventsa<-", 1, 4)))
ROWS = "0991000001,Ventas<-\n0991000002,Ventas<-\n0991000003,Cobranza->\n"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A dialer that knows two campaigns."""
    with Sandbox(SandboxOptions(campaigns=("Ventas<-", "Cobranza->"))) as started:
        yield started


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A list of three leads."""
    file = tmp_path / "leads.csv"
    file.write_text(f"phone,campaign\n{ROWS}", "utf-8")
    return file


def settings(sandbox: Sandbox, tmp_path: Path, **given: Any) -> Settings:
    """With the sandbox for a dialer, to be looked at."""
    usual = {"url": sandbox.url, "token": sandbox.token, "online": True, "home": tmp_path / "home"}
    return Settings(**{**usual, **given})


def test_nothing_is_asked_that_was_not_asked_for() -> None:
    """Neither dialer nor credentials are needed then."""
    assert look_online(Settings(), LIST) == ()


def test_what_the_dialer_says_is_told(sandbox: Sandbox, tmp_path: Path) -> None:
    """The token, each campaign that it does not know with the nearest that it does, its queue."""
    assert look_online(settings(sandbox, tmp_path), LIST) == (
        "Online: the dialer takes the token.",
        'Online: the dialer does not know the campaign "Ventsa<-" (1 lead). Is "Ventas<-" meant?',
        "Online: 0 calls wait in its queue now.",
        "Online: 0 calls wait for their date.",
    )


def test_a_check_and_an_upload_look_before_anything_is_sent(
    sandbox: Sandbox, path: Path, tmp_path: Path
) -> None:
    """A check after the upload sees its leads; a retry looks where it is told to."""
    told, witness = settings(sandbox, tmp_path), Witness()
    summary = upload(path, told, witness)
    assert summary.counts[Status.ACCEPTED] == 3
    assert "Online: the dialer knows every campaign of the list." in witness.notes
    assert "Online: 0 calls wait in its queue now." in witness.notes
    queue = 'Online: 3 calls wait in its queue now, 2 for "Ventas<-", 1 for "Cobranza->".'
    assert queue in check(path, told).notes
    again = Witness()
    assert summary.results is not None
    retry(summary.results, told, again)
    assert queue in again.notes
    unasked = Witness()
    retry(summary.results, settings(sandbox, tmp_path, online=False), unasked)
    assert not any(note.startswith("Online") for note in unasked.notes)


def test_a_token_that_is_refused_sends_nothing(
    sandbox: Sandbox, path: Path, tmp_path: Path
) -> None:
    """It is told as a matter of settings, and never shown."""
    told = settings(sandbox, tmp_path, token="tok-secret")
    for verb in (check, upload):
        with pytest.raises(SettingsError) as caught:
            verb(path, told)
        assert caught.value.exit_code is ExitCode.USAGE
        assert "tok-secret" not in str(caught.value)
    assert not (tmp_path / "home").exists()


def test_a_wrong_password_sends_nothing(sandbox: Sandbox, path: Path, tmp_path: Path) -> None:
    """The user is named, the password is not."""
    told = settings(sandbox, tmp_path, token=None, user="ana", password="pass-secret")
    with pytest.raises(SettingsError, match="did not log in the user ana") as caught:
        upload(path, told)
    assert "pass-secret" not in str(caught.value)
    assert sandbox.queue() == []


@pytest.mark.parametrize("end", [SessionEnd.FORM, SessionEnd.QUERY])
def test_no_session_is_left_open(end: SessionEnd, path: Path, tmp_path: Path) -> None:
    """Neither that of the look nor that of the sending."""
    options = SandboxOptions(login_shape=LoginShape.OLD_OBJECT, session_end=end)
    with Sandbox(options) as sandbox:
        told = settings(sandbox, tmp_path, token=None, user="sandbox", password="sandbox")
        assert upload(path, told).counts[Status.ACCEPTED] == 3
        assert sandbox.open_sessions == 0


def test_what_a_dialer_does_not_tell_could_not_be_checked(tmp_path: Path) -> None:
    """Nothing is made of an answer that says nothing."""
    with Sandbox() as sandbox:
        told = settings(sandbox, tmp_path)
        assert look_online(told, LIST)[1] == (
            "Online: whether the dialer knows the campaigns could not be checked."
        )
    (unreached,) = look_online(told, LIST)
    assert unreached.startswith(
        "Online: the dialer could not be checked, since it can't be reached"
    )


def test_no_value_of_a_list_is_in_a_request(tmp_path: Path) -> None:
    """Whatever the campaigns are called, the sandbox is asked in the same words."""
    name = "x' OR 1=1; DROP TABLE ccdata.dialer; --"
    with Sandbox(SandboxOptions(campaigns=("Ventas<-",))) as sandbox:
        told = settings(sandbox, tmp_path)
        sentences = look_online(told, Campaigns((Campaign(name, 1, 2),)))
    assert sentences[0] == "Online: the dialer takes the token."
    assert name in sentences[1]
    assert "could not be checked" not in " ".join(sentences)
