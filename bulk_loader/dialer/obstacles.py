"""Why a request never left this machine, and whether waiting may help."""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING

import httpx

from bulk_loader.dialer.answers import NotSentError, UnreachableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bulk_loader.dialer.route import Route

# What a resolver says where it could not ask; not every system has all of them.
_PASSING = frozenset(
    getattr(socket, name, None) for name in ("EAI_AGAIN", "EAI_MEMORY", "EAI_SYSTEM")
)
# What OpenSSL makes of an answer that is not TLS; newer ones tell of its length.
_NOT_TLS = frozenset({"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG"})


def not_sent(error: httpx.HTTPError, host: str, route: Route) -> NotSentError:
    """What to raise for an error before the first byte of a request.

    Args:
        host: of the dialer.
        route: by which it was tried.

    Returns:
        An `UnreachableError` for a name that nobody knows, a certificate that is not trusted, a
        server without TLS and a proxy that wants to know who asks; for all others, which may
        pass by themselves, a plain `NotSentError`.
    """
    for cause in _causes(error):
        match cause:
            case ssl.SSLCertVerificationError():
                return _untrusted(cause, host)
            case ssl.SSLError() if cause.reason in _NOT_TLS:
                return UnreachableError(
                    f"what answers at {host} does not speak TLS",
                    "Check --url: its port, and whether it begins with https:// or http://.",
                )
            case socket.gaierror() if cause.errno not in _PASSING:
                return _nameless(host, route)
    reason = str(error) or type(error).__name__
    if isinstance(error, httpx.ProxyError) and reason.startswith(str(_WHO_ARE_YOU)):
        return UnreachableError(
            f"the proxy refuses to go on ({reason})",
            f"Give its user and password in {route.named_by}, as http://USER:PASSWORD@HOST:PORT.",
        )
    if route.proxy is not None:
        reason = f"{reason}, by the proxy {route.proxy.url} that {route.named_by} names"
    return NotSentError(reason)


_WHO_ARE_YOU = httpx.codes.PROXY_AUTHENTICATION_REQUIRED.value


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """An error and what it was raised for, which libraries hide when they raise it anew."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _untrusted(error: ssl.SSLCertVerificationError, host: str) -> UnreachableError:
    reason = getattr(error, "verify_message", "") or str(error)
    return UnreachableError(
        f"the certificate of {host} is not trusted: {reason.rstrip('.')}",
        "Check --instance or --url. Where the address is right, have the certificate renewed, or "
        "name the file of the authority that signed it with --ca-file.",
    )


def _nameless(host: str, route: Route) -> UnreachableError:
    if route.proxy is not None:  # which looks up the dialer's name itself
        proxy = route.proxy.url.raw_host.decode("ascii")
        return UnreachableError(
            f"there is no host named {proxy}", f"Check the proxy in {route.named_by}."
        )
    return UnreachableError(
        f"there is no host named {host}",
        "Check the name in --instance or --url, and that this machine is on a network that knows "
        "it.",
    )
