from __future__ import annotations

import pytest

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
    ],
)
def test_takes_an_address_however_it_was_pasted(written: str, base: str) -> None:
    """A trailing slash and the interface's own path are cut off, and nothing else."""
    assert parse_url(written, allow_http=False) == base


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
