"""Secrets from a terminal without an echo, or from standard input; never from an option."""

from __future__ import annotations

import sys

import click

# As long as a file of a secret may be.
MAX_LETTERS = 65_536


def read_secret(label: str, *, is_new: bool = False) -> str:
    """What is typed behind the label, or all that comes through standard input; "" for nothing.

    Args:
        is_new: nobody could tell that it was mistyped, so it is asked for twice.
    """
    if sys.stdin is None:
        return ""
    if not sys.stdin.isatty():
        try:
            return sys.stdin.read(MAX_LETTERS).removeprefix("\ufeff")
        except (OSError, UnicodeDecodeError):
            return ""
    typed: str = click.prompt(
        label, default="", show_default=False, hide_input=True, err=True, confirmation_prompt=is_new
    )
    return typed
