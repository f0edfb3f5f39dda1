"""What a learner prefers at the review desk: how much a day, in which order, and what happens to leeches.

Each preference has bounds, and what is out of them is refused with one sentence. Stored preferences are read
with good will: what is unknown or broken falls back to its default, with a sentence that says so.
"""

from __future__ import annotations

import types
import typing
from dataclasses import asdict, dataclass, fields, replace
from datetime import timedelta
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any

from cards.shown import shown

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFERENCES = "preferences"  # the key under which the store keeps a learner's


class ReviewOrder(StrEnum):
    """In which order reviews are asked."""

    LONGEST_DUE = "longest-due"
    RANDOM = "random"
    OVERDUE = "relative-overdueness"
    BOOK = "book"


class NewOrder(StrEnum):
    """In which order new cards are introduced."""

    BOOK = "book"
    RANDOM = "random"


class Mix(StrEnum):
    """How reviews and new cards follow each other."""

    REVIEWS_FIRST = "reviews-first"
    NEW_FIRST = "new-first"
    MIXED = "mixed"


class LeechAction(StrEnum):
    """What happens to a card that has become a leech, besides that it is offered to the learner."""

    OFFER = "offer"
    MARK = "mark"
    SUSPEND = "suspend"


class Bounds(typing.NamedTuple):
    """The smallest and the greatest value of a number, and what it counts."""

    least: int
    most: int
    unit: str


BOUNDS: Mapping[str, Bounds] = types.MappingProxyType(
    {
        "new_a_day": Bounds(0, 1000, "cards"),
        "reviews_a_day": Bounds(0, 9999, "reviews"),
        "learn_ahead_minutes": Bounds(0, 720, "minutes"),
        "leech_threshold": Bounds(2, 99, "times"),
        "day_starts_at": Bounds(0, 23, "o'clock"),
    }
)


@dataclass(frozen=True)
class Limits:
    """What a learner takes on.

    Attributes:
        new_a_day: New cards introduced in one day.
        reviews_a_day: Reviews in one day.
        learn_ahead: How long before its time a card in its steps may be asked, when nothing else is left.
    """

    new_a_day: int = 20
    reviews_a_day: int = 200
    learn_ahead: timedelta = timedelta(minutes=20)


@dataclass(frozen=True)
class Leeches:
    """When a card is a leech, and what then happens to it: see `cards.leeches`."""

    threshold: int = 8
    action: LeechAction = LeechAction.OFFER


@dataclass(frozen=True)
class Preferences:
    """What one learner prefers.

    Attributes:
        new_a_day: New cards introduced in one day.
        reviews_a_day: Reviews in one day.
        learn_ahead_minutes: How long before its time a card in its steps may be asked, when nothing else is
            left.
        review_order: In which order reviews are asked.
        new_order: In which order new cards are introduced.
        mix: How reviews and new cards follow each other.
        catch_up: Whether, when more is due than a day's reviews, what is most overdue for its interval comes
            first, whatever the order is otherwise.
        part_new_siblings: Whether a new card waits for another day if one of its family is asked today.
        part_review_siblings: Whether a review does.
        leech_threshold: How often a card is forgotten until it is a leech.
        leech_action: What then happens to it.
        two_grades: Whether two buttons grade instead of four.
        day_starts_at: The local hour at which a day begins, 0 to 23.

    Raises:
        ValueError: A number is out of bounds; the message names it.
    """

    new_a_day: int = 20
    reviews_a_day: int = 200
    learn_ahead_minutes: int = 20
    review_order: ReviewOrder = ReviewOrder.LONGEST_DUE
    new_order: NewOrder = NewOrder.BOOK
    mix: Mix = Mix.REVIEWS_FIRST
    catch_up: bool = True
    part_new_siblings: bool = True
    part_review_siblings: bool = True
    leech_threshold: int = 8
    leech_action: LeechAction = LeechAction.OFFER
    two_grades: bool = False
    day_starts_at: int = 4

    def __post_init__(self) -> None:
        for name, (least, most, unit) in BOUNDS.items():
            value = getattr(self, name)
            if not least <= value <= most:
                raise ValueError(f"{name} {shown(value)} is out of bounds; choose {least} to {most} {unit}")

    @property
    def limits(self) -> Limits:
        """What the learner takes on."""
        return Limits(self.new_a_day, self.reviews_a_day, timedelta(minutes=self.learn_ahead_minutes))

    @property
    def leeches(self) -> Leeches:
        """When a card is a leech, and what then happens to it."""
        return Leeches(self.leech_threshold, self.leech_action)

    def to_json(self) -> dict[str, Any]:
        """Return the preferences as a learner's setting keeps them."""
        return asdict(self)


DEFAULTS = Preferences()


class Read(typing.NamedTuple):
    """Preferences as they were read, and a sentence for each stored value that could not be used."""

    preferences: Preferences
    problems: tuple[str, ...]


def read(stored: object) -> Read:
    """Read what `Preferences.to_json` wrote, today or by another version of the app; None is all defaults."""
    if stored is None:
        return Read(DEFAULTS, ())
    if not isinstance(stored, dict):
        return Read(DEFAULTS, (f"The stored preferences are {shown(stored)}; the defaults are used.",))
    found, problems = DEFAULTS, []
    for name, value in stored.items():
        try:
            found = changed(found, name, value)
        except ValueError as error:
            remedy = "the default is used" if name in _types() else "it is left out"
            problems.append(f"Of the stored preferences, {error}; {remedy}.")
    return Read(found, tuple(problems))


def changed(preferences: Preferences, name: object, value: object) -> Preferences:
    """Return preferences with another value for one of them, given as JSON.

    Raises:
        ValueError: There is no such preference, or it cannot have that value; the message names both.
    """
    wanted = _types().get(name) if isinstance(name, str) else None
    if wanted is None:
        raise ValueError(f"{shown(name)} is none that this version knows")
    if issubclass(wanted, StrEnum):
        if not isinstance(value, str) or value not in list(wanted):
            raise ValueError(f"{name} {shown(value)} is none of {', '.join(wanted)}")
        value = wanted(value)
    elif type(value) is not wanted:
        kind = "true or false" if wanted is bool else "a whole number"
        raise ValueError(f"{name} {shown(value)} is not {kind}")
    change: dict[str, Any] = {str(name): value}
    return replace(preferences, **change)


@cache
def _types() -> dict[str, type]:
    hints = typing.get_type_hints(Preferences)
    return {field.name: hints[field.name] for field in fields(Preferences)}
