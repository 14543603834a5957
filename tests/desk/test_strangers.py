"""Who can't use the desk, over a real socket."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from bulk_loader.desk.guard import ANSWER_HEADERS, MAX_FORM_BYTES, MAX_UPLOAD_BYTES
from tests.desk.browsing import Browser, Page
from tests.support.uploads import Leads, numbered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bulk_loader.desk import Desk
    from bulk_loader.sandbox import Sandbox


def ask(url: str, **headers: str) -> httpx.Response:
    """One request of somebody who was not let in."""
    return httpx.get(url, headers=headers, trust_env=False, timeout=300)


def test_the_key_opens_once(desk: Desk) -> None:
    """Who finds the address in a history or a log comes too late."""
    url = desk.url
    with Browser(desk) as browser:
        assert "Send a list of leads" in browser.home.text
        assert ask(url).status_code == 403
        # The same link in the same browser only shows what is open already.
        assert browser.client.get(url).status_code == 200
    assert desk.url != url


def test_a_wrong_key_opens_nothing(desk: Desk) -> None:
    """Nor does it use up the right one."""
    for key in ("", "x", "ñ", desk.office.door.key + "x"):
        answer = httpx.get(desk.url.partition("?")[0], params={"key": key}, trust_env=False)
        assert (answer.status_code, answer.headers.get("set-cookie")) == (403, None)
    assert ask(desk.url).status_code == 303


def test_the_cookie_is_for_this_desk_alone(desk: Desk) -> None:
    """No script reads it, no other site's request has it, and no other server of this machine gets it."""
    cookie = ask(desk.url).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert f"Path=/{desk.office.place}" in cookie


def test_without_the_cookie_nothing_is_seen_or_done(
    desk: Desk, browser: Browser, leads: Leads, sandbox: Sandbox
) -> None:
    """No page, no file, no sending."""
    leads.write(*numbered(2))
    checked = browser.submit(browser.drop(leads.path), "/columns")
    last_look = browser.see(f"/lists/{checked.list_id}/send")
    for path in ("/", f"/lists/{checked.list_id}/results/file", "/runs"):
        assert ask(browser.at + path).status_code == 403
    form = {name: values[0] for name, values in last_look.form("/send").fields.items()}
    url = f"{browser.at}/lists/{checked.list_id}/send"
    answer = httpx.post(url, data={**form, "target": "dialer"}, trust_env=False)
    assert (answer.status_code, sandbox.queued) == (403, 0)
    assert desk.office.sendings.busy() == frozenset()


@pytest.mark.parametrize("token", [None, "", "x", "ñ"])
def test_a_form_without_its_token_does_nothing(
    browser: Browser, sandbox: Sandbox, leads: Leads, token: str | None
) -> None:
    """A page that gets a browser to send a form does not know what the desk's own pages have in it."""
    leads.write(*numbered(2))
    checked = browser.submit(browser.drop(leads.path), "/columns")
    last_look = browser.see(f"/lists/{checked.list_id}/send")
    fields = last_look.form("/send").fields
    del fields["token"]
    typed = {} if token is None else {"token": token}
    page = browser.submit(last_look, "/send", target="dialer", **typed)
    assert (page.status, sandbox.queued) == (403, 0)
    assert "Nothing was done." in page.text


def test_a_token_of_another_session_does_nothing(desk: Desk, browser: Browser) -> None:
    """Each browser has its own."""
    with Browser(desk) as other:
        token = other.home.form("/lists").fields["token"]
    form = browser.home.form("/lists")
    answer = browser.client.post(browser.at + "/lists", data={"token": token}, files={"file": b"x"})
    assert answer.status_code == 403
    assert form.fields["token"] != token


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example:1", ""]
)
def test_a_rebound_name_is_refused(browser: Browser, host: str) -> None:
    """Even with the cookie, and for what anybody may see."""
    for path in ("/", "/desk.css", "/runs"):
        answer = browser.client.get(browser.at + path, headers={"Host": host})
        assert answer.status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_page_is_refused(browser: Browser, headers: dict[str, str]) -> None:
    """With the cookie and the right token, another port of this machine included."""
    form = browser.home.form("/lists")
    before = browser.see("/").text
    answer = browser.client.post(
        browser.at + "/lists", data=form.fields, files={"file": ("a.csv", b"x")}, headers=headers
    )
    assert answer.status_code == 403
    assert browser.client.get(browser.at + "/", headers=headers).status_code == 403
    assert browser.see("/").text == before


def test_a_browser_that_says_where_it_comes_from_is_let_through(browser: Browser) -> None:
    """So the tests above fail for their reason."""
    origin = browser.at.rsplit("/", 1)[0]
    headers = {"Origin": origin, "Sec-Fetch-Site": "same-origin"}
    assert browser.client.get(browser.at + "/", headers=headers).status_code == 200


@pytest.mark.parametrize("path", ["/lists", "/lists/0123456789ab/send"])
@pytest.mark.parametrize("is_declared", [True, False])
def test_what_is_too_large_is_refused(
    browser: Browser, desk: Desk, path: str, *, is_declared: bool
) -> None:
    """Whether its length is said before or turns out, and nothing of it is kept."""
    most = MAX_UPLOAD_BYTES if path == "/lists" else MAX_FORM_BYTES

    def body() -> Iterator[bytes]:
        head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
        yield head.ljust(65536, b"1")
        for _ in range(most // 65536):
            yield bytes(65536)

    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    if is_declared:
        headers["Content-Length"] = str((most // 65536 + 1) * 65536)
    answer = browser.client.post(browser.at + path, content=body(), headers=headers)
    assert answer.status_code == 413
    assert "too large" in answer.text
    assert list(desk.office.shelf.folder.iterdir()) == []


def test_every_answer_has_what_keeps_it_to_itself(browser: Browser) -> None:
    """Pages, files, refusals and what is not there."""
    paths = ("/", "/desk.css", "/nothing", "/lists/0123456789ab")
    answers = [browser.client.get(browser.at + path) for path in paths]
    answers += [ask(browser.at + "/"), ask(browser.at + "/", Host="evil.example")]
    for answer in answers:
        for name, value in ANSWER_HEADERS:
            assert answer.headers[name] == value


def test_the_policy_lets_nothing_in_but_our_own_files(browser: Browser) -> None:
    """No script and no style stands in a page, so that none has to be allowed."""
    policy = dict(ANSWER_HEADERS)["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    for tag, given in browser.home.tags:
        assert tag != "style"
        assert not [name for name in given if name == "style" or name.startswith("on")]
        for name in ("src", "href", "action"):
            assert given.get(name, "/").startswith(("/", "#"))


def test_what_is_not_there_is_said_in_a_page(browser: Browser) -> None:
    """A list that was removed, a run that never was, an address that is none."""
    for path in ("/lists/0123456789ab", "/lists/x", "/runs/nothing", "/nothing"):
        page = Page(browser.client.get(browser.at + path))
        assert page.status == 404
        assert "Traceback" not in page.text
