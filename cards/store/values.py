"""What a column may hold, beyond its type: for values that come from outside.

Types are those of the declared columns. Names say the rest, as they do everywhere in `tables`: `…_at`, `at`,
`due` and `last_review` are moments, `day`, `…_day` and `buried_until` day numbers, with or without `before_`,
and what a row is called by is `card_id` or `client_id`.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from sqlalchemy import TypeDecorator

from cards.card import LONGEST_ID
from cards.claims import Outcome
from cards.memory import Rating, State
from cards.schedule import SchedulerSettings
from cards.shown import is_text, shortened

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Column

# The end of the last day but one of the year 9999, in milliseconds since 1970. No clock on earth is past it.
LATEST = 253_402_214_399_999
FIRST_DAY = -719_162  # the first of the year 1, as a day number
DAYS = 2_932_896  # the last of the year 9999
LARGEST = 2**63 - 1  # what SQLite and PostgreSQL can store
NOT_FINITE = {"Infinity": math.inf, "-Infinity": -math.inf}  # JSON has no such numbers

IDS = ("card_id", "client_id")
JSON_COLUMNS = {
    ("setting", "value"),
    ("prediction", "settings"),
    ("counterexample", "settings"),
}

PROBABILITIES = {
    ("credence", "probability"),
    ("conservation_check", "prior"),
    ("conservation_check", "if_true"),
    ("conservation_check", "if_false"),
    ("conservation_check", "after"),
}


class BadValueError(ValueError):
    """A value that a column cannot hold; the message says which and why."""


def to_json(value: Any) -> Any:  # noqa: ANN401 - whatever a column holds
    """Return a column's value as JSON can carry it."""
    if isinstance(value, float) and not math.isfinite(value):
        return "Infinity" if value > 0 else "-Infinity"  # a database has stored "not a number" as null
    return value


def from_json(column: Column[Any], value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return a value that came as JSON as the column holds it.

    Raises:
        BadValueError: The column cannot hold it.
    """
    if value is None:
        if not column.nullable:
            raise BadValueError(f"{_name(column)} is missing")
        return None
    wanted = sort_of(column)
    if wanted is float:
        value = _number(column, value)
    if not isinstance(value, wanted) or isinstance(value, bool) is not (wanted is bool):
        raise BadValueError(f"{_name(column)} is {shown(value)}, which is not {_sorts[wanted]}")
    _refuse_senseless(column, value)
    return value


def sort_of(column: Column[Any]) -> type:
    """Return the type of Python's that a column holds: int, float, str or bool."""
    declared = column.type
    # SQLModel's texts are wrapped, and the wrapping does not say what is inside.
    inner = declared.impl_instance if isinstance(declared, TypeDecorator) else declared
    return inner.python_type


def _number(column: Column[Any], value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    if isinstance(value, str):
        return NOT_FINITE.get(value, value)
    try:
        return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
    except OverflowError as error:
        raise BadValueError(f"{_name(column)} is {shown(value)}, which is too large") from error


def _refuse_senseless(column: Column[Any], value: Any) -> None:  # noqa: ANN401 - of the column's type
    name = column.name.removeprefix("before_")
    if isinstance(value, int):
        if not -LARGEST <= value <= LARGEST:
            raise BadValueError(f"{_name(column)} is {shown(value)}, which is too large")
        if _is_moment(name) and not 0 <= value <= LATEST:
            raise BadValueError(f"{_name(column)} is {value}, which is no moment in milliseconds since 1970")
        if _is_day(name) and not -DAYS <= value <= DAYS:
            raise BadValueError(f"{_name(column)} is {value}, which is no day number")
    if isinstance(value, str) and not is_text(value):
        raise BadValueError(f"{_name(column)} is {shown(value)}, which has half a character")
    least = 1 if column.server_default is None else 0  # where a default stands for none, none may be named
    if name in IDS and not least <= len(value) <= LONGEST_ID:
        raise BadValueError(
            f"{_name(column)} is {shown(value)}, which has not {least} to {LONGEST_ID} characters"
        )
    check = _CHECKS.get((column.table.name, name))
    if check is not None and not check(value):
        raise BadValueError(f"{_name(column)} is {shown(value)}, which has no meaning there")


def shown(value: Any) -> str:  # noqa: ANN401 - whatever JSON holds
    """Return a value as JSON writes it, cut off where it is long."""
    return shortened(json.dumps(value, ensure_ascii=False))


def _is_moment(name: str) -> bool:
    return name.endswith("_at") or name in ("at", "due", "last_review")


def _is_day(name: str) -> bool:
    return name.endswith("_day") or name in ("day", "buried_until")


def is_json(text: str) -> bool:
    """Whether a text is JSON."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def is_preset(text: str) -> bool:
    """Whether a text is scheduler settings that can be used."""
    try:
        SchedulerSettings.from_json(text)
    except (ValueError, TypeError, AttributeError, LookupError, OverflowError, RecursionError):
        return False
    return True


_sorts = {int: "a whole number", float: "a number", str: "a text", bool: "true or false"}
_CHECKS: dict[tuple[str, str], Callable[[Any], bool]] = {
    ("review", "rating"): lambda value: value in list(Rating),
    ("review", "state"): lambda value: value in list(State),
    ("memory", "state"): lambda value: value in list(State),
    ("preset", "settings"): is_preset,
    ("claim", "by_day"): lambda value: value >= FIRST_DAY,
    ("memory", "buried_until"): lambda value: value < DAYS - 1,  # it begins on every clock on earth
    ("prediction", "confidence"): lambda value: 0 < value < 1,
    ("resolution", "outcome"): lambda value: value in list(Outcome),
    **dict.fromkeys(PROBABILITIES, lambda value: 0 <= value <= 1),
    **dict.fromkeys(JSON_COLUMNS, is_json),
}


def _name(column: Column[Any]) -> str:
    return f"{column.table.name}.{column.name}"
