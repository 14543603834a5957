"""Whose certificates are believed: those of a file, those that the environment names, or the system's."""

from __future__ import annotations

import os
import ssl
import sys
from pathlib import Path

import httpx

from bulk_loader.errors import SettingsError

_TRUST = ("SSL_CERT_FILE", "SSL_CERT_DIR")
"""In the order in which httpx looks at them."""

CA_FILE = "--ca-file"

# Windows fetches an authority when it is first met, and Python for macOS reads no store at all: there
# the system itself is to judge. Elsewhere the store is a file, which `truststore` would read anew for
# each connection: 90 ms of all leads on a busy machine, and nothing is gained.
HAS_STORE_OF_ITS_OWN = sys.platform in {"win32", "darwin"}


def trusted_certificates(ca_file: Path | None = None) -> ssl.SSLContext:
    """The certificates of the file, else of SSL_CERT_FILE or SSL_CERT_DIR, else of the system.

    Raises:
        SettingsError: there are none where they are named, or they can't be read.
    """
    if ca_file is not None:
        return _named(ca_file, CA_FILE)
    named_by = next((name for name in _TRUST if os.environ.get(name)), None)
    if named_by is not None:
        return _named(Path(os.environ[named_by]), named_by)
    if HAS_STORE_OF_ITS_OWN:
        return system_judgement()
    paths = ssl.get_default_verify_paths()
    return system_certificates(paths.cafile, paths.capath)


def system_judgement() -> ssl.SSLContext:
    """The system judges each certificate itself."""
    import truststore  # noqa: PLC0415 - only some systems have it

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def system_certificates(file: str | None, folder: str | None) -> ssl.SSLContext:
    """The certificates that the administrator of this machine trusts, such as a company's own.

    Where the system has none, as in the smallest of containers, those that httpx brings.

    Args:
        file: where OpenSSL looks for them; None for nowhere, as `folder`.
    """
    has_any = file or (folder and any(Path(folder).iterdir()))
    return ssl.create_default_context() if has_any else httpx.create_ssl_context()


def _named(place: Path, named_by: str) -> ssl.SSLContext:
    if named_by == "SSL_CERT_DIR":
        if not any(map(os.path.isdir, str(place).split(os.pathsep))):
            raise _no_certificates(place, named_by, "No such directory")
        return httpx.create_ssl_context()
    try:
        return ssl.create_default_context(cafile=place)
    except OSError as error:  # ssl.SSLError is one
        is_file = place.is_file()
        reason = "It holds no certificate" if is_file else error.strerror or "It is no file"
        raise _no_certificates(place, named_by, reason) from error


def _no_certificates(place: Path, named_by: str, reason: str) -> SettingsError:
    way_out = "leave it out" if named_by == CA_FILE else "take it out of the environment"
    return SettingsError(
        f"The certificates in {place} can't be used.",
        f"{named_by} names them. {reason}.",
        f"Correct {named_by}, or {way_out} to trust those of the system.",
    )
