"""A check of pandera in the words of a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pandera.pandas import Check

# By the names of pandera's own checks, over their statistics.
_PREDICATES: Final = {
    "equal_to": "is not {value}",
    "not_equal_to": "is {value}",
    "greater_than": "is not more than {min_value}",
    "greater_than_or_equal_to": "is less than {min_value}",
    "less_than": "is not less than {max_value}",
    "less_than_or_equal_to": "is more than {max_value}",
    "in_range": "is not between {min_value} and {max_value}",
    "isin": "is not one of {allowed_values}",
    "notin": "is one of {forbidden_values}",
    "str_matches": "does not match {pattern}",
    "str_contains": "does not contain {pattern}",
    "str_startswith": "does not begin with {string}",
    "str_endswith": "does not end with {string}",
}


def words_of(check: Check) -> str:
    """The predicate of a value that fails the check, with the user's own words where given."""
    own_words = str(check.error or check.description or check.name)
    statistics = check.statistics or {}
    is_default = own_words.startswith(f"{check.name}(")
    if is_default and check.name in _PREDICATES:
        shown = {name: _shown(value) for name, value in statistics.items()}
        predicate = _PREDICATES[check.name].format(**shown)
        return f"{predicate}, against your schema."
    if is_default and check.name == "str_length":
        return f"{_wrong_length(**statistics)}, against your schema."
    return f"fails a check of your schema: {own_words.rstrip('.')}."


def _shown(value: object) -> str:
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(map(str, value))
    return str(getattr(value, "pattern", value))


def _wrong_length(
    min_value: int | None = None, max_value: int | None = None, exact_value: int | None = None
) -> str:
    if exact_value is not None:
        return f"does not have {exact_value} characters"
    if min_value is None:
        return f"has more than {max_value} characters"
    if max_value is None:
        return f"has fewer than {min_value} characters"
    return f"does not have {min_value} to {max_value} characters"
