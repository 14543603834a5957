"""One request of somebody who is at the desk, and the answers that it may get."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from starlette.datastructures import FormData, UploadFile
from starlette.responses import HTMLResponse, RedirectResponse

from bulk_loader.desk.rendering import Told, page

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.responses import Response

    from bulk_loader.desk.office import Office
    from bulk_loader.desk.records import ListRecord


class NotThereError(Exception):
    """What an address names is not there, or not any more; in three parts, as all errors."""

    def __init__(self, what: str, why: str, remedy: str) -> None:
        super().__init__(what)
        self.told = Told(what, why, remedy)


@dataclass(frozen=True, slots=True)
class Visit:
    """What is asked.

    Attributes:
        form_token: what every form of the answer carries.
        named: parts of the address by their names.
        query: what stands behind its question mark.
    """

    office: Office
    form_token: str
    named: Mapping[str, str]
    query: Mapping[str, str]
    form: FormData = field(default_factory=FormData)

    @property
    def record(self) -> ListRecord:
        """The list that the address names.

        Raises:
            NotThereError: there is none.
        """
        record = self.office.sendings.find(self.named["list_id"])
        if record is None:
            raise NotThereError(
                "This list is not at the desk.",
                "It was removed, by somebody or because nothing was done with it for long.",
                "Drop the file once more: what was sent of it is remembered, and not sent again.",
            )
        return record

    @property
    def is_of_team(self) -> bool:
        """Whoever has the password may ask, and not only the person whose machine it is."""
        return self.office.door.login is not None

    @property
    def turn(self) -> int:
        """Of the list when the form was made; -1 where the form does not say it."""
        return whole_number(self.text("turn"), -1)

    @property
    def edition(self) -> int:
        """Of the list when the form was made; -1 where the form does not say it."""
        return whole_number(self.text("edition"), -1)

    def text(self, name: str) -> str:
        """What was typed into a field of the form; "" for nothing."""
        value = self.form.get(name, "")
        return value if isinstance(value, str) else ""

    def form_or_query(self, name: str) -> str:
        """What a form says, or where none was sent the address; "" for nothing."""
        return self.text(name) if name in self.form else self.query.get(name, "")

    def texts(self, name: str) -> list[str]:
        """What several fields of that name have."""
        return [value for value in self.form.getlist(name) if isinstance(value, str)]

    def upload(self, name: str) -> UploadFile | None:
        """A file of the form; None where none was chosen."""
        value = self.form.get(name)
        return value if isinstance(value, UploadFile) and value.filename else None

    def show(
        self, template: str, *, status: int = 200, errors: Sequence[Told] = (), **values: object
    ) -> Response:
        """A page."""
        at = f"/{self.office.place}"
        told = {"at": at, "form_token": self.form_token, "errors": list(errors)}
        can_leave = self.office.door.login is not None
        return HTMLResponse(page(template, can_leave=can_leave, **told, **values), status)

    def show_error(self, told: Told, status: int) -> Response:
        """A page with nothing but an error."""
        return self.show("error.html", status=status, errors=[told])

    def go(self, record: ListRecord | None = None, step: str = "", **query: str) -> Response:
        """To another page, which a reload shows again without sending a form."""
        path = f"/{self.office.place}/"
        if record is not None:
            path += f"lists/{record.id}"
        if step:
            path += f"/{step}"
        if query:
            path += "?" + "&".join(f"{name}={value}" for name, value in query.items())
        return RedirectResponse(path, 303)

    def go_to(self, path: str) -> Response:
        """The same by an address below the desk's own, such as `/jobs`."""
        return RedirectResponse(f"/{self.office.place}{path}", 303)


def whole_number(text: str, otherwise: int) -> int:
    """A number that an address or a form has; `otherwise` where it is none, or a very large one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else otherwise


_DIGITS = 9
