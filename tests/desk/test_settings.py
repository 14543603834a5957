"""The settings file in forms, and credentials that go into the keyring."""

from __future__ import annotations

import socket
import stat
from typing import TYPE_CHECKING

import pytest

from bulk_loader.settings import load_settings
from bulk_loader.workflows.login import login_status
from tests.desk.browsing import Browser, Page
from tests.desk.team import client, log_in, team_desk
from tests.desk.test_inert import SCRIPT, require_inert

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bulk_loader.sandbox import Sandbox

pytest.importorskip("tomlkit")

FILE = """\
# Ours.
campaign = "A" # for all

# One dialer.
[profile.north]
instance = "north"  # by hand
concurrency = 4
campaigns = ["a", "b"]
token_file = "north.token"
heartbeat = "https://beat.example/key-of-ours"
strict = true
unknwn = 3

[profile.north.map]
agent = "Vendor"

[profile."a/b c"]
url = "https://dialer.example"

[job.night]
file = "in/*.csv"
"""
NORTH = "/settings/profiles/north"


@pytest.fixture
def file(place: Path) -> Path:
    """The settings of the place."""
    path = place / "bulk_loader.toml"
    path.write_text(FILE, "utf-8")
    path.chmod(0o600)
    return path


@pytest.fixture
def keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A keyring that keeps its entries in a file."""
    import keyring  # noqa: PLC0415 - only here

    from tests.support.keyrings import PLACE, FileKeyring  # noqa: PLC0415

    before = keyring.get_keyring()
    monkeypatch.setenv(PLACE, str(tmp_path / "keyring.json"))
    keyring.set_keyring(FileKeyring())
    yield tmp_path / "keyring.json"
    keyring.set_keyring(before)


def inputs(page: Page, end: str) -> dict[str, str]:
    """What the fields of a form show, but for those that a person does not see."""
    fields = page.form(end).fields
    return {
        name: values[0]
        for name, values in fields.items()
        if not name.startswith("was-") and name not in ("token", "digest")
    }


def test_the_file_and_its_profiles_are_shown(browser: Browser, file: Path) -> None:
    """With a link to each, whatever it is called."""
    page = browser.see("/settings")
    assert page.status == 200
    assert str(file) in page.text
    assert browser.see(NORTH).status == 200
    other = Page(browser.client.get(browser.at.rpartition("/")[0] + page.links["a/b c"]))
    assert inputs(other, "a%2Fb%20c")["url"] == "https://dialer.example"
    assert "night" in page.text
    assert browser.see("/settings/profiles/none").status == 404


def test_each_field_shows_what_stands_in_the_file(
    browser: Browser, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And where else a value comes from."""
    assert file.exists()
    monkeypatch.setenv("BULK_LOADER_CONCURRENCY", "9")
    page = browser.see(NORTH)
    shown = inputs(page, NORTH)
    assert shown["instance"] == "north"
    assert shown["concurrency"] == "4"
    assert shown["campaigns"] == "a\nb"
    assert shown["strict"] == "true"
    assert (shown["rate"], shown["report"], shown["hidden"]) == ("", "", "")
    assert "BULK_LOADER_CONCURRENCY is set where the desk runs, and wins: 9." in page.text
    assert "The settings for all say: A." in page.text
    assert inputs(browser.see("/settings/general"), "/general")["campaign"] == "A"


def test_what_is_changed_is_written_and_nothing_else(browser: Browser, file: Path) -> None:
    """Comments, order, layout, unknown keys and the rights of the file stay."""
    page = browser.see(NORTH)
    saved = browser.submit(
        page,
        NORTH,
        instance="",
        url="https://other.example",
        concurrency="auto",
        campaigns="a\r\nñ\r\n",
        rate="2.5",
        canary="3",
        strict="",
        report="true",
        phone_format="e164",
    )
    assert "It was saved." in saved.text
    assert file.read_text("utf-8") == FILE.replace(
        'instance = "north"  # by hand\nconcurrency = 4\ncampaigns = ["a", "b"]\n',
        'concurrency = "auto"\ncampaigns = ["a", "ñ"]\n',
    ).replace(
        "strict = true\nunknwn = 3\n",
        'unknwn = 3\nurl = "https://other.example"\nphone_format = "e164"\nrate = 2.5\n'
        "canary = 3\nreport = true\n",
    )
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert inputs(saved, NORTH)["campaigns"] == "a\nñ"


def test_what_is_not_changed_is_not_written(browser: Browser, file: Path) -> None:
    """The file is not even touched."""
    before = file.stat()
    assert "Nothing was changed" in browser.submit(browser.see(NORTH), NORTH).text
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_wrong_value_changes_nothing_and_is_told_at_its_field(
    browser: Browser, file: Path
) -> None:
    """All that is wrong at once, after a summary; what was typed stands in the fields."""
    page = browser.submit(
        browser.see(NORTH), NORTH, concurrency="eight", retry_for="soon", rate="2", agent="7"
    )
    assert page.status == 422
    assert file.read_text("utf-8") == FILE
    assert "Requests under way at once: eight is not a whole number from 1 to 512" in page.text
    assert "Try again for so long where it is safe: soon is not a length of time" in page.text
    assert "Nothing was written. The file is as it was" in page.text
    links = [given["href"] for tag, given in page.tags if tag == "a" and "href" in given]
    assert "#concurrency" in links
    assert "#retry_for" in links
    wrong = [given["id"] for tag, given in page.tags if given.get("aria-invalid")]
    assert sorted(wrong) == ["concurrency", "retry_for"]
    shown = inputs(page, NORTH)
    assert (shown["concurrency"], shown["rate"], shown["agent"]) == ("eight", "2", "7")
    saved = browser.submit(page, NORTH, concurrency="8", retry_for="")
    assert "It was saved." in saved.text
    settings = load_settings({"profile": "north"}) if "unknwn" not in file.read_text() else None
    assert settings is None
    assert "concurrency = 8\n" in file.read_text("utf-8")
    assert 'agent = "7"\n' in file.read_text("utf-8")


def test_values_that_contradict_each_other_are_refused(browser: Browser, file: Path) -> None:
    """As the commands refuse them."""
    page = browser.submit(browser.see(NORTH), NORTH, url="https://dialer.example")
    assert "name one dialer" in page.text
    assert file.read_text("utf-8") == FILE


def test_what_was_wrong_before_keeps_nobody_from_saving(browser: Browser, file: Path) -> None:
    """It is told when the page is opened, and after the saving once more."""
    page = browser.see(NORTH)
    assert "there is no setting of that name" in page.text
    saved = browser.submit(page, NORTH, agent="7")
    assert "It was saved." in saved.text
    assert "there is no setting of that name" in saved.text
    assert 'agent = "7"' in file.read_text("utf-8")


def test_a_change_for_all_is_judged_with_every_profile_and_job(
    browser: Browser, file: Path
) -> None:
    """What would break one of them is not written."""
    file.write_text(FILE + 'min_rows = 1\nresults = "x.csv"\n', "utf-8")
    page = browser.submit(browser.see("/settings/general"), "/general", instance="x", rate="0")
    assert page.status == 422
    assert "Rows per second at most: " in page.text
    saved = browser.submit(browser.see("/settings/general"), "/general", campaign="B", agent="1")
    assert "It was saved." in saved.text
    assert 'campaign = "B" # for all\nagent = "1"\n' in file.read_text("utf-8")


def test_what_somebody_else_has_saved_is_not_written_over(browser: Browser, file: Path) -> None:
    """It is told; what was typed is kept, what was not is as it is by now, and can be saved then."""
    page = browser.see(NORTH)
    file.write_text(FILE.replace("concurrency = 4", "concurrency = 5"), "utf-8")
    refused = browser.submit(page, NORTH, agent="7")
    assert refused.status == 409
    assert "was changed since this page was made" in refused.text
    shown = inputs(refused, NORTH)
    assert (shown["agent"], shown["concurrency"]) == ("7", "5")
    assert "agent" not in file.read_text("utf-8").replace('agent = "Vendor"', "")
    assert "It was saved." in browser.submit(refused, NORTH).text
    text = file.read_text("utf-8")
    assert "concurrency = 5" in text
    assert 'agent = "7"' in text


def test_the_same_field_changed_by_two_shows_both_values(browser: Browser, file: Path) -> None:
    """The person decides."""
    page = browser.see(NORTH)
    file.write_text(FILE.replace("concurrency = 4", "concurrency = 5"), "utf-8")
    refused = browser.submit(page, NORTH, concurrency="6")
    assert inputs(refused, NORTH)["concurrency"] == "6"
    assert "In the file now: 5" in refused.text
    browser.submit(refused, NORTH)
    assert "concurrency = 6" in file.read_text("utf-8")


def test_paths_code_secrets_and_tables_are_not_changed_here(browser: Browser, file: Path) -> None:
    """They are named; a form that has them all the same changes nothing."""
    page = browser.see(NORTH)
    assert "key-of-ours" not in page.answer.text
    for name in ("token_file", "heartbeat", "map", "unknwn"):
        assert f"{name} " in page.text.partition("Changed in the file only")[2]
    fixed = (
        *("token", "password", "token_file", "password_file", "ca_file", "schema_file", "suppress"),
        *("results", "home", "log_file", "key_file", "alerts", "alerts_file", "heartbeat"),
        *("metrics_folder", "map", "again", "profile", "config", "unknwn"),
    )
    assert set(fixed).isdisjoint(inputs(page, NORTH))
    form = page.form(NORTH).fields
    typed = dict.fromkeys(fixed[1:], "/etc/passwd") | {f"was-{name}": "" for name in fixed}
    answer = browser.client.post(browser.at + NORTH, data={**form, **typed})
    assert "Nothing was changed" in Page(answer).text
    assert file.read_text("utf-8") == FILE


def test_values_that_no_field_can_show_stay(browser: Browser, file: Path) -> None:
    """Of another kind, with characters that browsers change, with a password before an @."""
    odd = (
        "concurrency = [1]\n"
        'campaign = "a\\u202eb"\n'
        'url = "https://ana:secret-of-ours@dialer.example"\n'
        "rate = 2026-01-01\n"
        'calling_hours = {zone = "UTC"}\n'
        'campaigns = ["two\\nlines"]\n'
    )
    file.write_text(f"[profile.north]\n{odd}", "utf-8")
    page = browser.see(NORTH)
    assert "secret-of-ours" not in page.answer.text
    shown = inputs(page, NORTH)
    for name in ("concurrency", "campaign", "url", "rate", "calling_hours", "campaigns"):
        assert name not in shown
        assert f"{name} (not shown)" in page.text
    saved = browser.submit(page, NORTH, agent="7")
    assert "It was saved." in saved.text
    assert file.read_text("utf-8") == f'[profile.north]\n{odd}agent = "7"\n'


def test_texts_of_several_lines_come_back_as_they_were(browser: Browser, file: Path) -> None:
    """With an empty line at their beginning, too."""
    text = '[profile.north]\ndata = """\n\na=1\n b=2\n"""\n'
    file.write_text(text, "utf-8")
    page = browser.see(NORTH)
    assert page.form(NORTH).fields["data"] == ["\na=1\n b=2\n"]
    typed = page.form(NORTH).fields["data"][0].replace("\n", "\r\n")
    assert "Nothing was changed" in browser.submit(page, NORTH, data=typed).text
    assert file.read_text("utf-8") == text


def test_a_profile_is_added(browser: Browser, file: Path) -> None:
    """At the end of the file; one that is there already, or of no name, or wrong, is not."""
    overview = browser.see("/settings")
    added = browser.submit(overview, "/profiles", profile="South 2", instance="south")
    assert "It was saved." in added.text
    assert file.read_text("utf-8") == f'{FILE}\n[profile."South 2"]\ninstance = "south"\n'
    for typed, told in (
        ({"profile": "north"}, "There is a profile north already."),
        ({"profile": ""}, "The profile needs a name."),
        ({"profile": "a\tb"}, "The profile needs a name."),
        ({"profile": "x", "url": "nothing"}, "Nothing was written."),
        ({"profile": "x", "url": "https://a.example", "instance": "b"}, "name one dialer"),
    ):
        before = file.read_text("utf-8")
        page = browser.submit(browser.see("/settings"), "/profiles", **typed)
        assert (page.status, told in page.text) == (422, True), typed
        assert page.form("/profiles").fields.items() >= {k: [v] for k, v in typed.items()}.items()
        assert file.read_text("utf-8") == before


def test_an_old_form_adds_no_profile(browser: Browser, file: Path) -> None:
    """What it was made of is not what stands there."""
    overview = browser.see("/settings")
    file.write_text(FILE + "\n", "utf-8")
    page = browser.submit(overview, "/profiles", profile="x")
    assert "was changed since" in page.text
    assert file.read_text("utf-8") == FILE + "\n"


def test_a_first_file_is_written_as_init_does(browser: Browser, place: Path) -> None:
    """Where the desk was started; never over another, and not with a wrong value."""
    overview = browser.see("/settings")
    assert "There is no bulk_loader.toml yet" in overview.text
    assert browser.see("/settings/general").status == 404
    wrong = browser.submit(overview, "/settings", instance="no name")
    assert (wrong.status, (place / "bulk_loader.toml").exists()) == (422, False)
    assert wrong.form("/settings").fields["instance"] == ["no name"]
    form = browser.submit(overview, "/settings", instance="mine", campaign="X<-")
    assert "It was saved." in form.text
    assert load_settings({"profile": "production"}).campaign == "X<-"
    again = browser.submit(overview, "/settings", instance="other")
    assert "is there already" in again.text
    assert load_settings({"profile": "production"}).instance == "mine"


def test_a_file_with_a_slip_is_told_with_its_line(browser: Browser, file: Path) -> None:
    """It is left to an editor, and no first file is offered."""
    file.write_text(f"{FILE}campaign = \n", "utf-8")
    for path in ("/settings", "/settings/general", NORTH):
        page = browser.see(path)
        assert page.status == 422
        assert "is not written as TOML" in page.text
        assert f"line {len(FILE.splitlines()) + 1}," in page.text


def test_a_slip_that_came_since_the_form_was_made_is_told(browser: Browser, file: Path) -> None:
    """Nothing is written."""
    page = browser.see(NORTH)
    file.write_text("campaign = \n", "utf-8")
    assert "is not written as TOML" in browser.submit(page, NORTH, agent="7").text
    assert file.read_text("utf-8") == "campaign = \n"


def test_a_file_of_others_is_not_shown_or_changed(browser: Browser, file: Path) -> None:
    """Just as it is not obeyed."""
    file.chmod(0o666)
    page = browser.see(NORTH)
    assert "is not obeyed" in page.text


def test_a_layout_that_can_not_be_kept_is_told(browser: Browser, file: Path) -> None:
    """With what was typed still there."""
    text = 'profile = {north = {agent = "1"}}\n'
    file.write_text(text, "utf-8")
    page = browser.submit(browser.see(NORTH), NORTH, agent="7")
    assert "can't be changed here" in page.text
    assert inputs(page, NORTH)["agent"] == "7"
    assert file.read_text("utf-8") == text


def test_nothing_of_the_file_is_markup(browser: Browser, file: Path) -> None:
    """Names of profiles and keys, values, and what is typed."""
    file.write_text(
        f"campaign = '{SCRIPT}'\n[profile.north]\nagent = '{SCRIPT}'\n'{SCRIPT}' = 1\n"
        f"map = {{agent = '{SCRIPT}'}}\n[profile.'{SCRIPT}']\nagent = 1\n",
        "utf-8",
    )
    pages = [browser.see("/settings"), browser.see(NORTH), browser.see("/settings/general")]
    pages.append(browser.submit(pages[1], NORTH, rate=SCRIPT, data=SCRIPT))
    pages.append(browser.submit(pages[0], "/profiles", profile="x", url=SCRIPT))
    for page in pages:
        require_inert(page)
    assert inputs(pages[3], NORTH)["rate"] == SCRIPT


@pytest.mark.parametrize(
    "path",
    ["/settings/general", NORTH, "/settings/profiles", "/settings/login", "/settings/logout"],
)
def test_without_the_token_of_the_form_nothing_is_done(
    browser: Browser, file: Path, keyring: Path, path: str
) -> None:
    """As with every other form."""
    answer = browser.client.post(browser.at + path, data={"token": "x", "secret": "y"})
    assert answer.status_code == 403
    assert (file.read_text("utf-8"), keyring.exists()) == (FILE, False)


def test_a_token_goes_into_the_keyring_and_into_no_page(
    browser: Browser, sandbox: Sandbox, keyring: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The dialer is asked first; status and forgetting are those of the command."""
    monkeypatch.delenv("BULK_LOADER_TOKEN")
    page = browser.see("/settings/credentials")
    assert "No credentials given." in page.text
    assert sandbox.url in page.text
    kept = browser.submit(page, "/login", secret="sandbox")
    assert "Kept in the keyring" in kept.text
    assert "The dialer takes it." in kept.text
    assert "A token from the keyring" in kept.text
    assert "verified then" in kept.text
    assert "sandbox" not in str(kept.answer.url)
    assert 'value="sandbox"' not in kept.answer.text
    assert login_status(load_settings({})).origin == "the keyring"
    assert "sandbox" in keyring.read_text("utf-8")
    gone = browser.submit(kept, "/logout")
    assert "It was taken out of the keyring." in gone.text
    assert "nothing to forget" in browser.submit(gone, "/logout").text


def test_a_secret_that_the_dialer_refuses_is_not_kept(
    browser: Browser, sandbox: Sandbox, keyring: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told in the words of the command, and stands in no page, file or report."""
    monkeypatch.delenv("BULK_LOADER_TOKEN")
    assert sandbox.queued == 0
    page = browser.submit(browser.see("/settings/credentials"), "/login", secret="wrong-one-77")
    assert page.status == 422
    assert "There is a problem" in page.text
    assert "wrong-one-77" not in page.answer.text
    assert not keyring.exists()
    home = keyring.parent
    for path in home.rglob("*"):
        assert not path.is_file() or b"wrong-one-77" not in path.read_bytes()


@pytest.mark.parametrize("secret", ["", "  ", "two words"])
def test_what_is_no_token_is_told(
    browser: Browser, sandbox: Sandbox, keyring: Path, secret: str
) -> None:
    """Before the dialer is asked."""
    assert sandbox.queued == 0
    page = browser.submit(browser.see("/settings/credentials"), "/login", secret=secret)
    assert (page.status, "Nothing was kept." in page.text) == (422, True)
    assert not keyring.exists()


def test_where_no_keyring_is_the_words_are_those_of_the_command(
    browser: Browser, sandbox: Sandbox
) -> None:
    """What to set instead."""
    assert sandbox.queued == 0
    page = browser.submit(browser.see("/settings/credentials"), "/login", secret="x")
    assert "this system offers none to this user" in page.text
    assert "systemd: LoadCredential=" in page.text


def test_a_variable_that_hides_what_is_kept_is_said(
    browser: Browser, sandbox: Sandbox, keyring: Path
) -> None:
    """BULK_LOADER_TOKEN is set for these tests."""
    assert sandbox.queued == 0
    kept = browser.submit(browser.see("/settings/credentials"), "/login", secret="sandbox")
    assert "A run takes what BULK_LOADER_TOKEN gives instead" in kept.text
    assert "A token from BULK_LOADER_TOKEN" in kept.text
    assert keyring.exists()


def test_credentials_are_those_of_a_profile(browser: Browser, file: Path, keyring: Path) -> None:
    """Without a dialer there are none to keep."""
    assert not keyring.exists()
    page = browser.see("/settings/credentials/a%2Fb%20c")
    assert "For https://dialer.example, and shown to no other." in page.text
    assert "No dialer is named" in browser.see("/settings/credentials").text
    assert browser.see("/settings/credentials/none").status == 422
    assert "unknwn" in browser.see("/settings/credentials/north").text
    assert file.exists()


def test_a_dialer_that_takes_its_time_is_waited_for(
    browser: Browser, file: Path, keyring: Path
) -> None:
    """The page says so, and a reload asks nobody again."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        file.write_text(f'url = "{url}"\n', "utf-8")
        page = browser.see("/settings/credentials")
        form = {name: values[0] for name, values in page.form("/login").fields.items()}
        data = {**form, "secret": "x"}
        waiting = Page(browser.client.post(browser.at + "/settings/login", data=data))
        assert waiting.is_live
        assert "The dialer is asked" in waiting.text
    kept = browser.wait(waiting)
    assert "Kept in the keyring" in kept.text
    assert "Not verified: " in kept.text
    assert keyring.exists()


def test_a_team_changes_everything_but_the_dialer(file: Path) -> None:
    """Whoever has the password could have a token of the machine shown to a dialer of theirs."""
    with team_desk(file.parent) as desk, client(follow_redirects=True) as browser:
        log_in(browser, desk.url)
        page = Page(browser.get(f"{desk.url.rstrip('/')}{NORTH}"))
        fields = page.form(NORTH).fields
        assert "concurrency" in fields
        assert not {"url", "instance", "allow_http"} & fields.keys()
        token = page.form(NORTH).fields["token"][0]
        told = {"token": token, "digest": fields["digest"][0], "url": "https://theirs.example"}
        browser.post(f"{desk.url.rstrip('/')}{NORTH}", data=told)
        new = {**told, "profile": "theirs", "instance": "theirs", "campaign": "A"}
        browser.post(f"{desk.url.rstrip('/')}/settings/profiles", data=new)
    assert "theirs.example" not in file.read_text("utf-8")
    assert 'instance = "theirs"' not in file.read_text("utf-8")
