"""Hosts in one spelling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_loader.hosts import address_of, canonical_host, is_loopback


@pytest.mark.parametrize(
    ("written", "host"),
    [
        ("Dialer.Example.", "dialer.example"),
        ("MUÑOZ.example", "xn--muoz-hqa.example"),
        ("straße.example", "xn--strae-oqa.example"),
        ("127.1", "127.0.0.1"),
        ("0x7F000001", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("0:0::1", "::1"),
        ("FE80::1%eth0", "fe80::1%eth0"),
        ("4dialers.example", "4dialers.example"),
    ],
)
def test_a_host_has_one_spelling(written: str, host: str) -> None:
    """Which stays as it is."""
    assert canonical_host(written) == host
    assert canonical_host(host) == host


@given(
    st.text(max_size=40)
    | st.lists(st.sampled_from(["::1", "fe80::1%", "a", "ß", ".", "_", "0x", "%"])).map("".join)
)
def test_whatever_is_typed_is_a_host_or_told_to_be_none(written: str) -> None:
    """No other error comes of it, and what is taken can be looked up and written into a header."""
    try:
        host = canonical_host(written)
    except ValueError:
        with pytest.raises(ValueError, match="no name of a host"):
            canonical_host(written)
    else:
        assert canonical_host(host) == host
        assert host.encode("idna").decode("ascii") == host


@pytest.mark.parametrize(
    ("host", "is_here"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("localhost.example", False),
        ("10.0.0.1", False),
        ("0.0.0.0", False),
        ("::2", False),
    ],
)
def test_only_this_machine_is_loopback(host: str, is_here: bool) -> None:
    """What is sent there leaves it for nobody to read."""
    assert is_loopback(host) is is_here


def test_a_name_is_no_address() -> None:
    """An address of IPv4 within IPv6 is itself."""
    assert address_of("dialer.example") is None
    assert str(address_of("::ffff:10.0.0.8")) == "10.0.0.8"
