"""Which spellings of an address are one dialer, and which are not."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeGuard

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_loader.settings import Settings, dialer_identity
from bulk_loader.settings.target import parse_url

if TYPE_CHECKING:
    from collections.abc import Sequence

DEFAULT_PORTS = {"http": 80, "https": 443}

LOOPBACK: tuple[str, ...] = (
    "localhost",
    "LocalHost.",
    "127.0.0.1",
    "127.0.0.2",
    "127.1",
    "0x7f000001",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "ip6-localhost",
    "0.0.0.0",
    "[::]",
)
HOSTS: tuple[tuple[str, ...], ...] = (
    LOOPBACK,
    ("mycompany.ucontactcloud.com", "MyCompany.UcontactCloud.com", "mycompany.ucontactcloud.com."),
    ("127.0.0.1.example",),
    ("localhost.example",),
    ("dialer",),
    ("muñoz.example", "MUÑOZ.example", "mun\u0303oz.example", "xn--muoz-hqa.example"),
    ("straße.example", "xn--strae-oqa.example"),
    ("strasse.example",),
    ("10.0.0.8", "10.8", "012.0.0.010", "[::ffff:a00:8]"),
    ("[fd00::8]", "[FD00:0:0::0008]"),
)
PATHS: tuple[tuple[str, ...], ...] = (
    ("", "/", "//", "/.", "/Integra", "/Integra/resources/Dialers/DialerTask", "/a/../"),
    ("/uc", "/uc/", "/./uc", "/%75c", "/x/%2e%2E/uc", "/uc/integra/resources"),
    ("/UC",),
    ("/uc/two",),
    ("/a%2Fb", "/a%2fb/"),
    ("/a/b",),
    ("/ñ", "/%C3%B1", "/%c3%b1"),
)


@dataclass(frozen=True)
class Dialer:
    """One dialer, told by places in the lists above."""

    scheme: str
    host: int
    port: int
    path: int

    def spellings(self) -> st.SearchStrategy[str]:
        """Addresses that all lead to it."""
        ports = [f":{self.port}", f":0{self.port}", f":000{self.port}"]
        if self.port == DEFAULT_PORTS[self.scheme]:
            ports += ["", ":"]
        return st.tuples(
            st.sampled_from([self.scheme, self.scheme.upper(), self.scheme.title()]),
            st.just("://"),
            st.sampled_from(HOSTS[self.host]),
            st.sampled_from(ports),
            st.sampled_from(PATHS[self.path]),
        ).map("".join)


DIALERS = st.builds(
    Dialer,
    scheme=st.sampled_from(["http", "https"]),
    host=st.integers(0, len(HOSTS) - 1),
    port=st.sampled_from([80, 443, 8080, 65535]),
    path=st.integers(0, len(PATHS) - 1),
)


@given(st.data(), DIALERS)
def test_every_spelling_of_a_dialer_has_one_identity(data: st.DataObject, dialer: Dialer) -> None:
    """However it is written, and whether or not it went through the settings before."""
    one, other = data.draw(dialer.spellings()), data.draw(dialer.spellings())
    assert dialer_identity(one) == dialer_identity(other)
    assert dialer_identity(parse_url(one, allow_http=True)) == dialer_identity(one)


@given(st.data(), DIALERS, DIALERS)
def test_different_dialers_have_different_identities(
    data: st.DataObject, one: Dialer, other: Dialer
) -> None:
    """Another scheme, host, port or path may lead to another queue."""
    is_same = one == other
    one_url, other_url = data.draw(one.spellings()), data.draw(other.spellings())
    assert (dialer_identity(one_url) == dialer_identity(other_url)) is is_same


@given(st.data(), DIALERS)
def test_one_thing_changed_is_another_dialer(data: st.DataObject, dialer: Dialer) -> None:
    """No difference hides behind another."""
    changed = data.draw(
        st.sampled_from(
            [
                replace(dialer, scheme="http" if dialer.scheme == "https" else "https"),
                replace(dialer, host=(dialer.host + 1) % len(HOSTS)),
                replace(dialer, port=8081),
                replace(dialer, path=(dialer.path + 1) % len(PATHS)),
            ]
        )
    )
    one, other = data.draw(dialer.spellings()), data.draw(changed.spellings())
    assert dialer_identity(one) != dialer_identity(other)


def is_of_version_6_alone(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> TypeGuard[ipaddress.IPv6Address]:
    """One that can't be written as an address of version 4 too."""
    return isinstance(address, ipaddress.IPv6Address) and not address.ipv4_mapped


@given(st.ip_addresses(v=6).filter(is_of_version_6_alone), st.data())
def test_an_address_in_numbers_may_be_written_in_any_way(
    address: ipaddress.IPv6Address, data: st.DataObject
) -> None:
    """Zeros left out or not, and letters of either case."""
    written = data.draw(st.sampled_from([address.compressed, address.exploded]))
    written = data.draw(st.sampled_from([written, written.upper()]))
    assert dialer_identity(f"https://[{written}]") == dialer_identity(f"https://[{address}]")


@pytest.mark.parametrize("instance", ["mycompany", "MyCompany", "mycompany.ucontactcloud.com."])
@pytest.mark.parametrize(
    "url",
    [
        "https://mycompany.ucontactcloud.com",
        "HTTPS://MyCompany.ucontactcloud.com:443/",
        "https://mycompany.ucontactcloud.com.:0443/Integra/resources/Dialers/DialerTask",
    ],
)
def test_an_instance_is_the_address_that_it_stands_for(instance: str, url: str) -> None:
    """Who writes the name one day and the address the next goes to the same dialer."""
    addresses: Sequence[str | None] = [
        Settings(instance=instance).base_url,
        Settings(url=url).base_url,
    ]
    assert addresses == ["https://mycompany.ucontactcloud.com"] * 2


def test_the_address_to_send_to_keeps_its_host() -> None:
    """A sandbox that listens on ::1 alone is not reached at 127.0.0.1."""
    for host in ("localhost", "127.0.0.1", "[::1]"):
        assert parse_url(f"http://{host}:8080", allow_http=False) == f"http://{host}:8080"
        assert dialer_identity(f"http://{host}:8080") == "http://127.0.0.1:8080"
