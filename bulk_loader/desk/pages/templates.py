"""An empty list to fill in."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from starlette.responses import Response

from bulk_loader.settings import load_settings
from bulk_loader.workflows.template import template

if TYPE_CHECKING:
    from bulk_loader.desk.visit import Visit

_NAME = "leads.xlsx"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def download(visit: Visit) -> Response:
    """A template with the columns of a profile, to be saved."""
    profile = visit.query.get("profile", "")
    chosen = {"profile": profile} if profile else {}
    settings = load_settings({**visit.office.options.flags, **chosen})
    with TemporaryDirectory(dir=visit.office.shelf.folder) as folder:
        content = template(Path(folder) / _NAME, settings).read_bytes()
    headers = {"Content-Disposition": f'attachment; filename="{_NAME}"'}
    return Response(content, media_type=_TYPE, headers=headers)
