from __future__ import annotations

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_loader.settings.target import parse_instance, parse_url


@pytest.mark.parametrize(
    ("written", "base"),
    [
        ("https://acme.ucontactcloud.com", "https://acme.ucontactcloud.com"),
        (" HTTPS://Acme.example/ ", "https://acme.example"),
        ("https://acme.example:8443//", "https://acme.example:8443"),
        ("https://acme.example/proxy/uc/", "https://acme.example/proxy/uc"),
        (
            "https://acme.example/Integra/resources/Dialers/DialerTask",
            "https://acme.example",
        ),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://localhost:8080/", "http://localhost:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("http://[0:0::1]:08080/.", "http://[::1]:8080"),
        ("http://127.1", "http://127.0.0.1"),
        ("https://Acme.example.:443", "https://acme.example"),
        ("https://MUÑOZ.example/ñ", "https://xn--muoz-hqa.example/%C3%B1"),
        ("https://acme.example/a/./b/../c%7e%2f%zz", "https://acme.example/a/c~%2F%25zz"),
        ("https://acme.example/../..", "https://acme.example"),
        ("https://my_dialer.lan/a//b", "https://my_dialer.lan/a//b"),
    ],
)
def test_takes_an_address_however_it_was_pasted(written: str, base: str) -> None:
    """There is one spelling, which stays as it is, without what goes without saying."""
    assert parse_url(written, allow_http=False) == base
    assert parse_url(base, allow_http=False) == base


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("acme.ucontactcloud.com", "not a web address"),
        ("ftp://acme.example", "not a web address"),
        ("https://", "not a web address"),
        ("https://acme.example:99999", "not a web address"),
        ("https://acme.example:0", "not a web address"),
        ("https://[::1", "not a web address"),
        ("https://acme example", "not a web address"),
        ("https://acme.example/a\x1b[2J", "not a web address"),
        ("https://acme.example/" + "a" * 2000, "not a web address"),
        ("https://my..company.com", 'the host "my..company.com", which is no name'),
        ("https://.acme.example", "no name of a host"),
        ("https://acme.example..", "no name of a host"),
        ("https://.", "no name of a host"),
        (f"https://{'x' * 64}.example", "no name of a host"),
        (f"https://{'ñ' * 60}.example", "no name of a host"),
        (f"https://{'a.' * 130}example", "no name of a host"),
        ("https://acme%2eexample", "no name of a host"),
        ("https://acme*.example", "no name of a host"),
        ("https://acm\u2028e.example", "not a web address"),
        ("https://☃\u0301.example", "no name of a host"),
        ("https://1.2.3.400", "no name of a host"),
        ("https://127.0.0.09", "no name of a host"),
        ("https://[fe80::1%ñ]", r"no name of a host|not a web address"),
        ("http://localhost.localdomain", "unencrypted"),
        ("https://user:secret@acme.example", "a user or a password"),
        ("https://:@acme.example", "a user or a password"),
        ("https://acme.example/?token=1", "after the path"),
        ("https://acme.example/#top", "after the path"),
        ("http://acme.example", "unencrypted"),
        ("http://127.0.0.1.acme.example", "unencrypted"),
    ],
)
def test_refuses_an_address_that_would_mislead(written: str, reason: str) -> None:
    """No address is taken that is none, that holds a secret, or that would give one away."""
    with pytest.raises(ValueError, match=reason):
        parse_url(written, allow_http=False)


@given(
    st.from_regex(r"https?://[a-zA-Z0-9.:%\[\]ñß_-]{1,20}(/[^?#\s]{0,20})?", fullmatch=True)
    | st.text(max_size=30).map("https://{}".format)
)
def test_what_is_taken_can_be_sent_to(written: str) -> None:
    """The library that sends takes each of these addresses, and changes nothing in it."""
    try:
        url = parse_url(written, allow_http=True)
    except ValueError:
        return
    assert str(httpx.URL(url)) == url
    assert url.isascii()
    httpx.URL(url).raw_host.decode("ascii").encode("idna")


def test_sends_unencrypted_where_told_to() -> None:
    """`allow_http` is the user's word that the network is trusted."""
    assert parse_url("http://dialer.lan/", allow_http=True) == "http://dialer.lan"


@pytest.mark.parametrize("written", ["acme", " ACME ", "acme.ucontactcloud.com"])
def test_takes_the_name_of_an_instance(written: str) -> None:
    """The name is enough, and the whole host does no harm."""
    assert parse_instance(written) == "acme"


@pytest.mark.parametrize(
    "written", ["", "acme.evil.example", "evil.example/x", "a@b", "-a", "a b", "á", "x" * 64]
)
def test_refuses_an_instance_that_would_change_the_host(written: str) -> None:
    """Nothing typed as an instance can lead to a host outside the vendor's domain."""
    with pytest.raises(ValueError, match="not the name of an instance"):
        parse_instance(written)
