"""What the environment says of the way to a dialer, and what is wrong with it."""

from __future__ import annotations

import ssl
import sys
from typing import TYPE_CHECKING

import pytest

from bulk_loader.dialer.posting import choose_transport
from bulk_loader.dialer.route import Route, find_route
from bulk_loader.dialer.single_use import SingleUse
from bulk_loader.dialer.transport import KeepAliveTransport
from bulk_loader.errors import SettingsError

if TYPE_CHECKING:
    from pathlib import Path

URL = "https://dialer.example"
PROXY = "http://proxy.example:3128"


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the developer's own way to the world."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)


def refusal(url: str = URL) -> SettingsError:
    """Why there is no way to a dialer."""
    with pytest.raises(SettingsError) as caught:
        find_route(url)
    assert all((caught.value.what, caught.value.why, caught.value.remedy))
    return caught.value


@pytest.mark.parametrize(
    ("url", "environment", "is_direct"),
    [
        (URL, {}, True),
        (URL, {"HTTPS_PROXY": PROXY}, False),
        (URL, {"HTTPS_PROXY": "proxy.example:3128"}, False),
        (URL, {"https_proxy": "https://proxy.example"}, False),
        (URL, {"ALL_PROXY": PROXY}, False),
        (URL, {"HTTP_PROXY": PROXY}, True),
        (URL, {"HTTPS_PROXY": ""}, True),
        (URL, {"HTTPS_PROXY": PROXY, "NO_PROXY": "dialer.example"}, True),
        (URL, {"HTTPS_PROXY": PROXY, "NO_PROXY": "other.example,.example"}, True),
        (URL, {"HTTPS_PROXY": PROXY, "NO_PROXY": "dialer.example:443"}, True),
        (URL, {"HTTPS_PROXY": PROXY, "NO_PROXY": "dialer.example:8443"}, False),
        (f"{URL}:8443", {"HTTPS_PROXY": PROXY, "NO_PROXY": "dialer.example:8443"}, True),
        (f"{URL}:8443", {"HTTPS_PROXY": PROXY, "NO_PROXY": "dialer.example"}, True),
        (f"{URL}:8443", {"HTTPS_PROXY": PROXY, "NO_PROXY": "dialer.example:443"}, False),
        ("https://[fd00::8]", {"HTTPS_PROXY": PROXY, "NO_PROXY": "fd00::8"}, True),
        ("https://[fd00::8]", {"HTTPS_PROXY": PROXY, "NO_PROXY": "[fd00::8]:443"}, True),
        ("https://xn--muoz-hqa.example", {"HTTPS_PROXY": PROXY}, False),
        ("http://127.0.0.1:8090", {"HTTP_PROXY": PROXY}, True),
        ("http://localhost:8090", {"HTTP_PROXY": PROXY}, True),
        ("http://[::1]:8090", {"ALL_PROXY": PROXY}, True),
    ],
)
def test_a_proxy_is_used_where_the_environment_names_one(
    monkeypatch: pytest.MonkeyPatch, url: str, environment: dict[str, str], is_direct: bool
) -> None:
    """Never for this machine, where the sandbox is."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    route = find_route(url)
    assert (route.proxy is None) is is_direct
    assert (route.named_by in environment) is not is_direct
    transport = choose_transport(route, 8)
    assert isinstance(transport, KeepAliveTransport if is_direct else SingleUse)


@pytest.mark.parametrize(
    "written",
    [
        "http://",
        "http://proxy..example:3128",
        "http://proxy.example:port",
        "http://proxy.example:99999",
        "http://[::1",
        "http://1.2.3.400",
        f"http://{'x' * 64}",
        "http://proxy example",
        "socks4://proxy.example",
        "ftp://proxy.example",
        "://",
        "http://proxy.example\x07",
    ],
)
def test_a_proxy_that_is_none_is_told_as_a_setting(
    monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    """What was written, which variable says so, and how to go without it."""
    monkeypatch.setenv("ALL_PROXY", written)
    error = refusal()
    assert f"The proxy {written.replace(chr(7), '')} can't be used." == error.what
    assert "ALL_PROXY" in error.why
    assert "NO_PROXY" in error.remedy


def test_socks_without_its_package_is_told_as_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says what to install, and leaves out who the user is."""
    monkeypatch.setitem(sys.modules, "socksio", None)  # as if it were not installed
    monkeypatch.setenv("https_proxy", "socks5://ana:s3cret@proxy.example:1080")
    error = refusal()
    assert error.what == "The proxy socks5://proxy.example:1080 can't be used."
    assert "https_proxy" in error.why
    assert 'pip install "httpx[socks]"' in error.remedy


@pytest.mark.parametrize(
    "written",
    ["http://ana:s3cret@proxy..example", "http://ana:s3c@ret@", "ana:s3cret@:::", "x://s3cret@y"],
)
def test_no_error_tells_who_the_user_is_to_the_proxy(
    monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    """Neither name nor password, however odd the rest is."""
    monkeypatch.setenv("HTTPS_PROXY", written)
    error = refusal()
    for secret in ("ana", "s3c", "ret@"):
        assert secret not in str(error)


def test_a_proxy_keeps_its_credentials_to_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are sent to it and shown to nobody."""
    monkeypatch.setenv("HTTPS_PROXY", "http://ana:s3cret@proxy.example:3128")
    route = find_route(URL)
    assert route.proxy is not None
    assert route.proxy.auth == ("ana", "s3cret")
    assert str(route.proxy.url) == "http://proxy.example:3128"
    assert "s3cret" not in repr(route)


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_certificates_that_are_not_there_are_told_as_a_setting(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str
) -> None:
    """Before anything is sent, with the variable that names them."""
    place = tmp_path / "none.pem"
    monkeypatch.setenv(variable, str(place))
    error = refusal()
    assert str(place) in error.what
    assert error.why.startswith(f"{variable} names them. No such ")
    assert find_route("http://127.0.0.1:8080") == Route()
    place.write_text("no certificate")
    assert variable in refusal().remedy


def test_a_directory_is_no_file_of_certificates(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Whatever the library says of it; as a directory it is taken."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path))
    assert str(tmp_path) in refusal().what
    monkeypatch.delenv("SSL_CERT_FILE")
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    assert isinstance(find_route(URL).trust, ssl.SSLContext)
