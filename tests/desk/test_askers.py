from __future__ import annotations

from ipaddress import ip_network
from typing import Any

import pytest

from bulk_loader.desk.askers import Asker, asker_of

PROXIES = (ip_network("127.0.0.1/32"), ip_network("10.1.0.0/16"))


def scope(peer: str, *headers: tuple[str, str]) -> dict[str, Any]:
    """A request as the web server tells of it."""
    told = [(name.encode(), value.encode()) for name, value in headers]
    return {"client": (peer, 1), "scheme": "http", "headers": told}


@pytest.mark.parametrize(
    ("peer", "said", "asker"),
    [
        # Nobody but a proxy is believed.
        ("192.0.2.1", "203.0.113.9", "192.0.2.1"),
        ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("::ffff:127.0.0.1", "203.0.113.9", "203.0.113.9"),
        # What a browser sends itself stands before what the proxy adds.
        ("127.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "198.51.100.1, 10.1.2.3", "198.51.100.1"),
        ("127.0.0.1", "10.1.2.3", "10.1.2.3"),
        ("127.0.0.1", "unknown", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.9, evil\x01", "127.0.0.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "2001:db8::1", "2001:db8::1"),
    ],
)
def test_the_asker_is_whom_a_trusted_proxy_names(peer: str, said: str, asker: str) -> None:
    """The last in its list that is no proxy."""
    found = asker_of(scope(peer, ("x-forwarded-for", said)), PROXIES)
    assert found == Asker(asker, "http")


def test_lists_in_several_headers_are_one() -> None:
    """As HTTP has it; a proxy may add a line of its own."""
    headers = [("x-forwarded-for", "198.51.100.1"), ("x-forwarded-for", "203.0.113.9")]
    assert asker_of(scope("127.0.0.1", *headers), PROXIES).address == "203.0.113.9"


@pytest.mark.parametrize(
    ("peer", "said", "scheme"),
    [
        ("127.0.0.1", "https", "https"),
        ("127.0.0.1", "HTTPS", "https"),
        ("127.0.0.1", "https, http", "http"),
        ("127.0.0.1", "javascript", "http"),
        ("192.0.2.1", "https", "http"),
    ],
)
def test_the_scheme_is_what_a_trusted_proxy_says(peer: str, said: str, scheme: str) -> None:
    """On it hang the Secure of the cookie, and which Origin is ours."""
    assert asker_of(scope(peer, ("x-forwarded-proto", said)), PROXIES).scheme == scheme


def test_without_a_proxy_nobody_is_believed() -> None:
    """Not even a program of this machine, as uvicorn would."""
    told = scope("127.0.0.1", ("x-forwarded-proto", "https"), ("x-forwarded-for", "203.0.113.9"))
    assert asker_of(told, ()) == Asker("127.0.0.1", "http")
