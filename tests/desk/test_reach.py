from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bulk_loader.desk import DeskOptions, Reach
from bulk_loader.desk.reach import own_names
from bulk_loader.errors import SettingsError


@pytest.mark.parametrize(
    "reach",
    [
        {"host": "0.0.0.0"},
        {"host": "::"},
        {"host": "192.168.1.5"},
        {"host": "desk.example"},
        {"host_names": ("desk.example",)},
        {"root_path": "/desk"},
        {"proxies": ("127.0.0.1",)},
    ],
)
def test_nothing_is_for_others_without_a_password(reach: dict[str, Any]) -> None:
    """Whatever lets them reach it."""
    with pytest.raises(SettingsError, match="for others without a password"):
        DeskOptions(reach=Reach(**reach))
    assert DeskOptions(reach=Reach(**reach), password_file=Path("x")).reach.is_of_others


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.9", "::1", "[::1]", "localhost"])
def test_this_machine_needs_no_password(host: str) -> None:
    """As before."""
    reach = DeskOptions(reach=Reach(host)).reach
    assert not reach.is_of_others
    assert not reach.is_bare


def test_without_tls_a_network_hears_all() -> None:
    """The certificate makes the difference, and the loopback is no network."""
    assert Reach("0.0.0.0").is_bare
    assert not Reach("0.0.0.0", tls_cert=Path("x")).is_bare
    assert not Reach(proxies=("127.0.0.1",)).is_bare


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"host": "a b"}, "a --host of a b"),
        ({"host": "http://desk.example"}, "a --host of http"),
        ({"host_names": ("desk.example:80",)}, "a --host-name of desk.example:80"),
        ({"host_names": ("*.example",)}, "a --host-name of"),
        ({"host_names": ("",)}, "a --host-name of"),
        ({"proxies": ("proxy.example",)}, "a --trust-proxy of"),
        ({"proxies": ("10.0.0.1/24",)}, "a --trust-proxy of"),
        ({"root_path": "desk"}, "a --root-path of desk"),
        ({"root_path": "/"}, "a --root-path of /"),
        ({"root_path": "/a/../b"}, "a --root-path of"),
        ({"root_path": "//a"}, "a --root-path of"),
        ({"root_path": "/a b"}, "a --root-path of"),
        ({"tls_key": Path("x")}, "a --tls-key alone"),
    ],
)
def test_what_is_wrong_is_told_before_it_starts(wrong: dict[str, Any], told: str) -> None:
    """With the option that it was given by."""
    with pytest.raises(SettingsError) as refused:
        Reach(**wrong)
    assert refused.value.what.startswith(f"The desk can't start with {told}")
    assert refused.value.remedy


def test_names_have_one_spelling() -> None:
    """That in which browsers send them."""
    reach = Reach(host_names=("Desk.Example.", "[2001:DB8::1]", "bücher.example"))
    assert reach.names == {"desk.example", "[2001:db8::1]", "xn--bcher-kva.example"}


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("127.0.0.1", {"127.0.0.1", "localhost"}),
        ("::1", {"[::1]", "localhost"}),
        ("::ffff:10.0.0.1", {"10.0.0.1"}),
        ("10.0.0.1", {"10.0.0.1"}),
        ("/run/socket", set()),
    ],
)
def test_an_address_is_a_name_of_its_own(address: str, names: set[str]) -> None:
    """No other is, since a name can be pointed anywhere."""
    assert own_names(address) == names


def test_the_address_that_is_printed_is_one_that_browsers_can_use() -> None:
    """With the name, where there is one and no proxy stands before it."""
    assert Reach("0.0.0.0", ("desk.example",)).shown_host == "desk.example"
    assert Reach("::1").shown_host == "[::1]"
    assert Reach(host_names=("desk.example",), proxies=("127.0.0.1",)).shown_host == "127.0.0.1"
    assert Reach(root_path="/tools/desk/").root == "/tools/desk"
    assert Reach().root == "/desk"
