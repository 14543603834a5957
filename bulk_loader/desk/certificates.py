"""What a web server needs to speak TLS, found good before it starts."""

from __future__ import annotations

import os
import ssl
import stat
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, NoReturn

from bulk_loader.errors import SettingsError
from bulk_loader.shell import typed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_HAS_EXPIRED = 10  # X509_V_ERR_CERT_HAS_EXPIRED of OpenSSL
_NOT_YET_VALID = 9
_SOON_DAYS: Final = 21


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate that browsers may take, ready to be served.

    Attributes:
        names: hosts that it is for; * stands for one part.
        ends_at: UTC.
    """

    context: ssl.SSLContext
    names: tuple[str, ...]
    ends_at: datetime

    def remarks(self, hosts: Iterable[str]) -> list[str]:
        """What will soon be wrong, or is for some of the hosts."""
        left = (self.ends_at - datetime.now(UTC)).days
        remarks = [f"The certificate ends on {self.ends_at:%Y-%m-%d}"] * (left < _SOON_DAYS)
        return remarks + [
            f"The certificate is not for {host}: browsers will warn of it"
            for host in hosts
            if ":" not in host and not any(_is_of(host, name.lower()) for name in self.names)
        ]


def read_certificate(cert: Path, key: Path | None) -> Certificate:
    """A certificate with its key.

    Args:
        key: None where it stands in the same file.

    Raises:
        SettingsError: a file is missing, damaged or encrypted, the two do not fit, others can read
            the key, or no browser would take the certificate today.
    """
    for file in filter(None, (cert, key)):
        _require_readable(file)
    _require_secret(key or cert)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(cert, key, password=lambda: _encrypted(key or cert))
    except ssl.SSLError as error:
        raise _refused(cert, key, error) from error
    shown = _shown(context, cert)
    names = tuple(name for _, name in shown["subjectAltName"]) if "subjectAltName" in shown else ()
    ends_at = datetime.fromtimestamp(ssl.cert_time_to_seconds(shown["notAfter"]), UTC)
    return Certificate(context, names, ends_at)


def _require_readable(file: Path) -> None:
    try:
        with file.open("rb"):
            pass
    except OSError as error:
        raise _no(
            f"{file}: {error.strerror or error}.", "Name files that this user can read."
        ) from error


def _require_secret(key: Path) -> None:
    if os.name == "posix" and key.stat().st_mode & stat.S_IROTH:
        raise _no(
            f"{key} holds the key, and every user of this machine can read it.",
            f"Nobody else may have it: {typed('chmod', 'o-r', str(key))}",
        )


def _encrypted(key: Path) -> NoReturn:
    raise _no(
        f"The key in {key} is encrypted, and nobody is there to type its passphrase.",
        f"Write it without one, for this user alone: openssl pkey -in {typed(str(key))} -out NEW.pem",
    )


def _refused(cert: Path, key: Path | None, error: ssl.SSLError) -> SettingsError:
    reason = (error.reason or "it has no such part").replace("_", " ").lower()
    if error.reason == "KEY_VALUES_MISMATCH":
        return _no(
            f"The key in {key or cert} is not that of the certificate in {cert}.",
            "Name the two that were made together.",
        )
    where = f"{cert} and {key}" if key else f"{cert}"
    return _no(
        f"What stands in {where} is not a certificate and its key: {reason}.",
        "Both are text (PEM): the certificate first, with those that vouch for it below.",
    )


def _shown(context: ssl.SSLContext, cert: Path) -> Mapping[str, Any]:
    """What a browser is told, after a handshake with one that trusts just this certificate."""
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.check_hostname = False
    client.verify_flags |= ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN
    client.load_verify_locations(cert)
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    asking = client.wrap_bio(to_client, to_server)
    serving = context.wrap_bio(to_server, to_client, server_side=True)
    try:
        while not _is_through(asking):
            _is_through(serving)
    except ssl.SSLCertVerificationError as error:
        raise _untrusted(cert, error) from error
    return asking.getpeercert() or {}


def _is_through(end: ssl.SSLObject) -> bool:
    try:
        end.do_handshake()
    except ssl.SSLWantReadError:
        return False
    return True


def _untrusted(cert: Path, error: ssl.SSLCertVerificationError) -> SettingsError:
    match error.verify_code:
        case code if code == _HAS_EXPIRED:
            return _no(
                f"The certificate in {cert} has expired.", "Renew it, and start the desk again."
            )
        case code if code == _NOT_YET_VALID:
            return _no(
                f"The certificate in {cert} is not valid yet.",
                "Look at the clock of this machine, or wait.",
            )
        case _:
            return _no(
                f"Browsers would not take the certificate in {cert}: {error.verify_message}.",
                "Have one made for a web server (serverAuth).",
            )


def _is_of(host: str, name: str) -> bool:
    """Whether a host is meant by a name of a certificate (RFC 6125, 6.4.3)."""
    if name.startswith("*."):
        return host.partition(".")[2] == name[2:]
    return host == name


def _no(why: str, remedy: str) -> SettingsError:
    return SettingsError("The desk can't start with this certificate.", why, remedy)
