"""How people come to a desk with a password, over a real socket."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import httpx
import pytest

from bulk_loader.desk import Desk, DeskOptions
from bulk_loader.desk.guard import ANSWER_HEADERS
from bulk_loader.desk.server import browsing, greeting
from bulk_loader.errors import LoaderError, SettingsError
from bulk_loader.serving.listening import listen
from tests.desk.browsing import Page
from tests.desk.team import PASSWORD, client, log_in, password_file, team_desk
from tests.support.tls import client_context, server_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COOKIE = "bulk_loader_desk"


@pytest.fixture
def desk(place: Path, tmp_path: Path) -> Iterator[Desk]:
    """A desk with a password."""
    assert place.is_dir()
    with team_desk(tmp_path) as opened:
        yield opened
    gc.collect()


def test_who_knows_the_password_comes_to_where_they_wanted(desk: Desk) -> None:
    """A bookmark of any page is good, also after a restart: its address has no secret."""
    assert desk.url.endswith("/desk/")
    with client(follow_redirects=True) as browser:
        login = Page(browser.get(f"{desk.url}runs"))
        form = login.form("/login")
        fields = {**form.fields, "password": PASSWORD}
        page = Page(browser.post(f"{desk.url}login", data=fields))
        assert (page.status, page.step) == (200, "runs")
        assert Page(browser.get(f"{desk.url}login")).step == ""


@pytest.mark.parametrize("path", ["", "/", "/desk", "/desk/"])
def test_the_plain_address_leads_to_the_login(desk: Desk, path: str) -> None:
    """Nobody has to know the path."""
    with client(follow_redirects=True) as browser:
        page = Page(browser.get(desk.url.removesuffix("/desk/") + path))
        assert (page.status, page.step) == (200, "login")


def test_without_the_password_nothing_is_seen(desk: Desk) -> None:
    """Every page leads to the login, every form is refused, and there is no key."""
    with client() as browser:
        for path in ("", "runs", "lists/0123456789ab", "lists/0123456789ab/results/file"):
            assert browser.get(desk.url + path).headers["location"].startswith("/desk/login")
        for path in ("lists", "lists/0123456789ab/send", "logout"):
            answer = browser.post(desk.url + path, data={"token": "x"})
            assert answer.headers["location"] == "/desk/login"
        assert browser.get(f"{desk.url}open?key={desk.office.door.key}").status_code == 404
    assert list(desk.office.shelf.folder.iterdir()) == []


@pytest.mark.parametrize("password", ["", "wrong", PASSWORD.upper(), f"{PASSWORD} ", "x" * 3000])
def test_a_wrong_password_is_told_at_its_place(desk: Desk, password: str) -> None:
    """In a summary and at the field, and no cookie is given."""
    with client() as browser:
        answer = log_in(browser, desk.url, password)
    page = Page(answer)
    assert (page.status, "set-cookie" in answer.headers) == (422, False)
    assert "That is not the password." in page.text
    assert page.links["That is not the password."] == "#password"
    assert password not in page.text or len(password) < 3


def test_guesses_are_limited_and_the_wait_is_told(desk: Desk) -> None:
    """The right password counts no more then, so that nothing is learnt by trying on."""
    with client() as browser:
        for _ in range(5):
            assert log_in(browser, desk.url, "wrong").status_code == 422
        answer = log_in(browser, desk.url)
        assert answer.status_code == 429
        assert "Wait for " in Page(answer).text


def test_the_cookies_are_kept_from_all_others(desk: Desk) -> None:
    """No script, no other site and no other path of this host gets one; the mark only the login."""
    with client() as browser:
        session, mark = log_in(browser, desk.url).headers.get_list("set-cookie")
    for cookie, path in ((session, "/desk"), (mark, "/desk/login")):
        parts = cookie.split("; ")
        assert {"HttpOnly", "SameSite=strict", f"Path={path}"} <= set(parts)
        assert "Secure" not in parts  # it is not asked by HTTPS


def test_a_login_is_a_new_session(desk: Desk) -> None:
    """A cookie that somebody has put into the browser before is none of it."""
    with client() as browser:
        browser.cookies.set(COOKIE, "planted", path="/desk")
        log_in(browser, desk.url)
        given = [cookie.value for cookie in browser.cookies.jar if cookie.name == COOKIE]
        assert desk.office.door.form_token("planted") is None
        (first,) = [value for value in given if value != "planted"]
        assert first is not None
        assert desk.office.door.form_token(first) is not None


def test_who_logs_out_is_out(desk: Desk) -> None:
    """By a form with its token, so that no other page logs anybody out; the cookie is worth nothing."""
    with client(follow_redirects=True) as browser:
        log_in(browser, desk.url)
        home = Page(browser.get(desk.url))
        cookies = dict(browser.cookies)
        browser.post(f"{desk.url}logout", data={"token": "x"})
        assert desk.office.door.form_token(cookies[COOKIE]) is not None
        browser.cookies.update(cookies)
        left = Page(browser.post(f"{desk.url}logout", data=home.form("/logout").fields))
        assert left.step == "login"
        browser.cookies.update(cookies)
        assert Page(browser.get(desk.url)).step == "login"


@pytest.mark.parametrize(
    "way",
    [
        "//evil.example",
        "/evil.example",
        "https://evil.example",
        "\\\\evil.example",
        "../evil",
        "runs/../../evil",
        "runs%2f..",
        "@evil.example",
        "runs?x",
        "javascript:alert(1)",
        "runs\r\nX: y",
    ],
)
def test_a_login_leads_nowhere_else(desk: Desk, way: str) -> None:
    """Whatever stands in the address of the login page."""
    with client() as browser:
        page = Page(browser.get(f"{desk.url}login", params={"next": way}))
        assert page.form("/login").fields["next"] == [way] or "\r" in way
        answer = log_in(browser, desk.url, next=way)
        assert answer.headers["location"] == "/desk/"
        again = browser.get(f"{desk.url}login", params={"next": way})
        assert again.headers["location"] == "/desk/"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_page_logs_nobody_in(desk: Desk, headers: dict[str, str]) -> None:
    """Even with the right password; nor does it spend the guesses of its visitor."""
    with client() as browser:
        for _ in range(7):
            answer = browser.post(
                f"{desk.url}login", data={"password": PASSWORD, "next": ""}, headers=headers
            )
            assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)
        assert log_in(browser, desk.url).status_code == 303


def test_a_link_on_another_page_leads_to_the_desk(desk: Desk) -> None:
    """By a page of our own in between, since the browser sends no strict cookie along."""
    came = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": ""}
    with client() as browser:
        for path in ("desk/", "desk", "", "desk/login"):
            url = desk.url.removesuffix("desk/") + path
            answer = browser.get(url, headers={**came, "Sec-Fetch-Dest": "document"})
            assert answer.status_code == 200
            assert '<meta http-equiv="refresh" content="0; url=/desk/">' in answer.text
            for other in ("iframe", "object", "empty"):
                refused = browser.get(url, headers={**came, "Sec-Fetch-Dest": other})
                assert refused.status_code == 403
        deeper = browser.get(f"{desk.url}runs", headers={**came, "Sec-Fetch-Dest": "document"})
        assert deeper.status_code == 403


def test_the_password_stands_in_no_page_and_every_answer_keeps_to_itself(desk: Desk) -> None:
    """The login's, too."""
    with client() as browser:
        answers = [
            browser.get(f"{desk.url}login"),
            log_in(browser, desk.url, "guess of mine"),
            log_in(browser, desk.url),
            browser.get(desk.url),
        ]
    for answer in answers:
        assert PASSWORD not in answer.text
        assert "guess of mine" not in answer.text
        for name, value in ANSWER_HEADERS:
            assert answer.headers[name] == value


def test_a_desk_on_all_addresses_is_asked_for_by_each_of_them(place: Path, tmp_path: Path) -> None:
    """And by its names; the names of this machine itself count only where it is this machine."""
    assert place.is_dir()
    with team_desk(tmp_path, host="0.0.0.0", host_names=("desk.example",)) as desk, client() as web:
        port = desk.url.split(":")[2].split("/")[0]
        at = f"http://127.0.0.1:{port}/desk/login"
        for host in (f"127.0.0.1:{port}", f"localhost:{port}", "desk.example", "DESK.example:1"):
            assert web.get(at, headers={"Host": host}).status_code == 200
        for host in ("0.0.0.0", "10.0.0.1", "evil.example", "desk.example.evil", "xdesk.example"):
            assert web.get(at, headers={"Host": host}).status_code == 400
        gc.collect()


def test_a_desk_is_reached_by_ipv6(place: Path, tmp_path: Path) -> None:
    """Its address is written in brackets."""
    assert place.is_dir()
    try:
        listen(0, "This test", "::1").close()
    except LoaderError:
        pytest.skip("this machine has no IPv6")
    with team_desk(tmp_path, host="::1") as desk, client() as browser:
        assert desk.url.startswith("http://[::1]:")
        assert log_in(browser, desk.url).status_code == 303


def test_a_desk_with_a_certificate_speaks_tls_only(place: Path, tmp_path: Path) -> None:
    """Its cookies are for HTTPS alone, and no version that is broken is spoken."""
    assert place.is_dir()
    reach = {"tls_cert": server_file(tmp_path), "host_names": ("localhost",)}
    with team_desk(tmp_path, **reach) as desk, client(verify=client_context()) as browser:
        assert desk.url.startswith("https://localhost:")
        answer = log_in(browser, desk.url)
        assert answer.status_code == 303
        assert all("Secure" in cookie for cookie in answer.headers.get_list("set-cookie"))
        origin = desk.url.removesuffix("/desk/")
        for given, status in ((origin, 200), (origin.replace("https", "http"), 403)):
            asked = browser.get(f"{desk.url}login", headers={"Origin": given})
            assert asked.status_code in (status, 303 if status == 200 else status)
        with pytest.raises(httpx.TransportError):
            browser.get(desk.url.replace("https", "http"))
        gc.collect()


def test_a_proxy_is_believed_where_it_was_said(place: Path, tmp_path: Path) -> None:
    """Of HTTPS, for Origin and cookie; and of whom it asks for, so that guesses are told apart."""
    assert place.is_dir()
    reach = {
        "host_names": ("desk.example",),
        "root_path": "/tools/desk",
        "proxies": ("127.0.0.1",),
    }
    with team_desk(tmp_path, **reach) as desk, client() as browser:
        proxied = {
            "Host": "desk.example",
            "Origin": "https://desk.example",
            "Sec-Fetch-Site": "same-origin",
            "X-Forwarded-Proto": "https",
        }
        assert desk.url.endswith("/tools/desk/")
        for _ in range(6):
            said = {**proxied, "X-Forwarded-For": "203.0.113.1"}
            last = browser.post(f"{desk.url}login", data={"password": "x"}, headers=said)
        assert last.status_code == 429
        said = {**proxied, "X-Forwarded-For": "203.0.113.2"}
        form = {"password": PASSWORD, "next": "runs"}
        answer = browser.post(f"{desk.url}login", data=form, headers=said)
        assert (answer.status_code, answer.headers["location"]) == (303, "/tools/desk/runs")
        session, mark = answer.headers.get_list("set-cookie")
        assert "Secure" in session
        assert "Path=/tools/desk;" in session
        assert "Path=/tools/desk/login;" in mark


def test_a_proxy_that_is_not_believed_is_told_what_to_do(desk: Desk) -> None:
    """Instead of taking its own pages for those of somebody else."""
    host = desk.url.split("/")[2]
    said = {"Origin": f"https://{host}", "X-Forwarded-Proto": "https"}
    with client() as browser:
        answer = browser.post(f"{desk.url}login", data={"password": PASSWORD}, headers=said)
    assert answer.status_code == 403
    assert "--trust-proxy" in answer.text


def test_a_file_that_is_no_hash_starts_nothing(place: Path, tmp_path: Path) -> None:
    """Told before the port is taken or anything is made."""
    path = password_file(tmp_path)
    path.write_text(PASSWORD, "utf-8")
    with pytest.raises(SettingsError, match="this file of its password"):
        Desk(DeskOptions(password_file=path)).__enter__()
    assert not (place.parent / "home" / "desk").exists()


@pytest.mark.parametrize(
    ("reach", "told", "is_warned"),
    [
        ({}, "open to who knows the password at: http://127.0.0.1:", False),
        ({"host": "0.0.0.0"}, "open to who knows the password at: http://0.0.0.0:", True),
        (
            {"host": "0.0.0.0", "host_names": ("desk.example",)},
            "the password at: http://desk.example:",
            True,
        ),
        ({"proxies": ("127.0.0.1",)}, "open to the proxy at: http://127.0.0.1:", False),
    ],
)
def test_who_can_reach_it_is_told(
    place: Path, tmp_path: Path, reach: dict[str, object], told: str, *, is_warned: bool
) -> None:
    """With a plain warning where a network hears all; and no secret stands in a log."""
    assert place.is_dir()
    with team_desk(tmp_path, **reach) as desk:
        first, *others = greeting(desk)
        assert told in first
        assert any(line.startswith("Warning: without TLS") for line in others) == is_warned
        assert desk.office.door.key not in "".join([first, *others])
    gc.collect()


def test_a_certificate_of_another_name_is_told(place: Path, tmp_path: Path) -> None:
    """Where browsers will warn of it, whoever starts the desk hears it first."""
    assert place.is_dir()
    reach = {"tls_cert": server_file(tmp_path), "host_names": ("other.example",)}
    with team_desk(tmp_path, **reach) as desk:
        assert any("is not for other.example" in line for line in greeting(desk))
    gc.collect()


def test_a_browser_is_opened_for_who_sits_there(place: Path, tmp_path: Path) -> None:
    """And not on a server, where nobody does."""
    assert place.is_dir()
    started: list[str] = []
    with team_desk(tmp_path) as desk, browsing(desk, started.append):
        assert started == [desk.url]
    with team_desk(tmp_path, host="0.0.0.0") as desk, browsing(desk, started.append):
        assert len(started) == 1
    gc.collect()
