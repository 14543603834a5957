"""A browser as far as these tests need one: it follows links, and sends forms as they are shown."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Self

    from bulk_loader.desk import Desk

_VOID = {"meta", "link", "input", "br"}
Attributes = list[tuple[str, str | None]]


@dataclass
class Form:
    """What a page sends, as long as nobody types anything.

    Attributes:
        fields: values by name; one without a value is not there, as an unticked box.
        options: what a drop-down offers, by its name: label by value.
    """

    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    options: dict[str, dict[str, str]] = field(default_factory=dict)

    def add(self, name: str, value: str) -> None:
        self.fields.setdefault(name, []).append(value)


class Page(HTMLParser):
    """An answer, read as HTML."""

    def __init__(self, answer: httpx.Response) -> None:
        super().__init__()
        self.answer = answer
        self.forms: list[Form] = []
        self.links: dict[str, str] = {}
        self.tags: list[tuple[str, dict[str, str]]] = []
        self._texts: list[str] = []
        self._open: list[str] = []
        self._select: tuple[str, bool] | None = None
        self._option = ""
        self._area = ""
        self._href = ""
        self.feed(answer.text)

    @property
    def status(self) -> int:
        return self.answer.status_code

    @property
    def step(self) -> str:
        """The last part of the address."""
        return self.answer.url.path.rsplit("/", 1)[-1]

    @property
    def list_id(self) -> str:
        found = re.search(r"/lists/(\w+)", self.answer.url.path)
        assert found is not None
        return found[1]

    @property
    def text(self) -> str:
        """All that is seen, as one line."""
        return " ".join(" ".join(self._texts).split())

    @property
    def is_live(self) -> bool:
        return any(attributes.get("id") == "live" for _, attributes in self.tags)

    def form(self, end: str) -> Form:
        """The form whose address ends so."""
        (found,) = [form for form in self.forms if form.action.endswith(end)]
        return found

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append((tag, given))
        if tag not in _VOID:
            self._open.append(tag)
        match tag:
            case "form":
                self.forms.append(Form(given["action"]))
            case "a":
                self._href = given["href"]
            case "select":
                self._select = (given["name"], False)
            case "option":
                self._choose(given)
            case "textarea":
                self._area = given["name"]
                self.forms[-1].add(self._area, "")
            case "input" if self.forms and given.get("type") != "file":
                is_box = given.get("type") in ("radio", "checkbox")
                if not is_box or "checked" in given:
                    self.forms[-1].add(given["name"], given.get("value", ""))

    def _choose(self, given: Mapping[str, str]) -> None:
        assert self._select is not None
        name, has_value = self._select
        self._option = given["value"]
        if not has_value:
            self.forms[-1].add(name, self._option)
        elif "selected" in given:
            self.forms[-1].fields[name][-1] = self._option
        self._select = (name, True)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag, f"</{tag}> closes nothing"
        if tag == "select":
            self._select = None
        if tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if not self._open or self._open[-1] in ("script", "style"):
            return
        if self._area:
            values = self.forms[-1].fields[self._area]
            values[-1] += data if values[-1] else data.removeprefix("\n")
            return
        self._texts.append(data)
        if self._open[-1] == "a":
            self.links[" ".join(data.split())] = self._href
        if self._open[-1] == "option" and self._select is not None:
            offered = self.forms[-1].options.setdefault(self._select[0], {})
            offered[self._option] = data


class Browser:
    """A person's window at a desk, let in by the key of the moment."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.client = httpx.Client(follow_redirects=True, timeout=300, trust_env=False)
        self.home = Page(self.client.get(desk.url))
        self.at = str(self.home.answer.url).rstrip("/")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def see(self, path: str) -> Page:
        """A page by its address below the desk's own; a page that is live is waited for."""
        page = Page(self.client.get(self.at + path))
        return self.wait(page)

    def wait(self, page: Page) -> Page:
        """What comes after a page that goes on by itself, as far as it is not the sending."""
        while page.is_live and page.step != "progress":
            page = Page(self.client.get(page.answer.url))
        return page

    def submit(self, page: Page, end: str, /, **typed: str | list[str]) -> Page:
        """Send a form of a page; what is typed takes the place of what it showed."""
        form = page.form(end)
        url = httpx.URL(self.at).copy_with(path=form.action)
        return self.wait(Page(self.client.post(url, data={**form.fields, **typed})))

    def drop(self, path: Path, name: str = "", **typed: str) -> Page:
        """Drop a file at the first page."""
        home = self.see("/")
        file = {"file": (name or path.name, path.read_bytes())}
        form = home.form("/lists")
        answer = self.client.post(self.at + "/lists", data={**form.fields, **typed}, files=file)
        return self.wait(Page(answer))

    def send(self, check: Page, target: str = "dialer") -> Page:
        """From a check through the last look to the end of the sending."""
        last_look = self.see(f"/lists/{check.list_id}/send")
        self.submit(last_look, "/send", target=target)
        return self.ended(check.list_id)

    def ended(self, list_id: str) -> Page:
        """What a list's page shows when its sending is over."""
        self.desk.office.sendings.wait(list_id)
        return self.see(f"/lists/{list_id}")
