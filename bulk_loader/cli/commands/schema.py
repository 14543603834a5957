"""`bulk-loader schema`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bulk_loader.cli.documents import Document, schema_text
from bulk_loader.cli.sections import SectionedCommand

if TYPE_CHECKING:
    from bulk_loader.cli.context import App


@click.command(
    cls=SectionedCommand,
    short_help="Show what --json prints, as JSON Schema.",
    example="bulk-loader schema run",
)
@click.argument(
    "name", required=False, type=click.Choice([document.value for document in Document])
)
@click.pass_obj
def schema(app: App, /, name: str | None) -> None:
    """Print the JSON Schema of what --json prints: of one document, or of all.

    Every document says in "schema" which one it is, and in "schema_version" which promise it
    keeps. Within a version nothing is taken away, renamed or changes its meaning; keys and codes
    may be added, so a program passes over those that it does not know.
    """
    app.console.data(schema_text(Document(name) if name else None))
    app.console.require_said()
