"""TLS on loopback: a certificate that only those trust who know the authority of these tests.

The certificate is for localhost, 127.0.0.1, ::1 and dialer.example. The authority's key was thrown
away; both are valid until 2120.
"""

from __future__ import annotations

import ssl
from pathlib import Path

_PLACE = Path(__file__).parent / "certificates"
AUTHORITY = _PLACE / "authority.pem"


def server_context() -> ssl.SSLContext:
    """For a server."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_PLACE / "server.pem")
    return context


def client_context() -> ssl.SSLContext:
    """For a client that trusts it."""
    return ssl.create_default_context(cafile=AUTHORITY)


def server_file(folder: Path) -> Path:
    """Certificate and key of a server in a file that this user alone can read."""
    path = folder / "server.pem"
    path.touch(mode=0o600)
    path.write_bytes((_PLACE / "server.pem").read_bytes())
    return path
