"""Help texts: options by section, examples as they are typed."""

from __future__ import annotations

from typing import Any

import click


class SectionOption(click.Option):
    """An option that belongs to a section of the help text."""

    def __init__(self, *arguments: Any, section: str, **attributes: Any) -> None:
        super().__init__(*arguments, **attributes)
        self.section = section


class SectionedCommand(click.Command):
    """A command whose help ends with an example, and lists options by section."""

    def __init__(self, *arguments: Any, example: str, **attributes: Any) -> None:
        super().__init__(*arguments, **attributes)
        self.example = example

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options of each section, in the order of its first option."""
        for title, records in options_by_section(self, ctx).items():
            with formatter.section(title):
                formatter.write_dl(records)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The example, whole on its line, so that it can be copied."""
        del ctx
        with formatter.section("Example"):
            formatter.write(f"{'':{formatter.current_indent}}{self.example}\n")


def options_by_section(
    command: click.Command, ctx: click.Context
) -> dict[str, list[tuple[str, str]]]:
    """How each option is written, and what it does, below the title of its section."""
    sections: dict[str, list[tuple[str, str]]] = {}
    for parameter in command.get_params(ctx):
        if isinstance(parameter, click.Option) and (record := parameter.get_help_record(ctx)):
            sections.setdefault(getattr(parameter, "section", "Help"), []).append(record)
    return sections
