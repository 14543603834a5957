from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bulk_loader.desk.certificates import read_certificate
from bulk_loader.errors import SettingsError
from tests.support import tls

if TYPE_CHECKING:
    from collections.abc import Callable

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")
HERE = Path(tls.__file__).with_name("certificates")


@pytest.fixture
def made(tmp_path: Path) -> Callable[[str], Path]:
    """A file of certificates that this user alone can read, as git keeps no such rights."""

    def make(name: str) -> Path:
        path = tmp_path / name
        path.touch(mode=0o600)
        path.write_bytes((HERE / name).read_bytes())
        return path

    return make


def why(cert: Path, key: Path | None = None) -> str:
    """What is said of a certificate that can't be used."""
    with pytest.raises(SettingsError) as told:
        read_certificate(cert, key)
    assert told.value.what == "The desk can't start with this certificate."
    assert told.value.remedy
    return told.value.why


def test_a_certificate_with_its_key_in_one_file_is_taken(made: Callable[[str], Path]) -> None:
    """And what it is for is known."""
    found = read_certificate(made("server.pem"), None)
    assert "dialer.example" in found.names
    assert found.remarks(["dialer.example", "localhost"]) == []
    assert "is not for other.example" in found.remarks(["other.example"])[0]


def test_files_that_are_no_pair_are_told_apart(made: Callable[[str], Path], tmp_path: Path) -> None:
    """Each with its own reason, before anything is served."""
    text = tmp_path / "text.pem"
    text.touch(mode=0o600)
    text.write_text("no certificate")
    server = made("server.pem")
    assert "No such file" in why(tmp_path / "none.pem")
    assert "No such file" in why(server, tmp_path / "none.pem")
    assert "is not a certificate and its key" in why(text)
    assert "is not a certificate and its key" in why(server, text)
    assert "is not that of the certificate" in why(server, made("other.key.pem"))
    assert "is encrypted" in why(server, made("encrypted.key.pem"))
    assert "has expired" in why(made("expired.pem"))
    assert "is not valid yet" in why(made("future.pem"))
    assert "Browsers would not take" in why(made("client.pem"))


@posix
def test_a_key_that_everybody_can_read_is_refused(made: Callable[[str], Path]) -> None:
    """Whoever has it can pass for the desk."""
    server = made("server.pem")
    server.chmod(0o644)
    assert "every user of this machine" in why(server)


def test_an_end_that_is_near_is_told(made: Callable[[str], Path]) -> None:
    """While there is time to renew it."""
    found = read_certificate(made("server.pem"), None)
    soon = type(found)(found.context, found.names, datetime.now(UTC) + timedelta(days=3))
    assert "ends on" in soon.remarks([])[0]
