"""Moments as the tables keep them: whole milliseconds since 1970, in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from cards.days import as_utc

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


def to_ms(moment: datetime) -> int:
    """Return the milliseconds from 1970 to a moment, rounded down."""
    return (as_utc(moment) - EPOCH) // MILLISECOND


def from_ms(milliseconds: int) -> datetime:
    """Return the moment so many milliseconds after 1970, exactly."""
    return EPOCH + milliseconds * MILLISECOND


def whole_ms(moment: datetime) -> datetime:
    """Return the moment as the tables will give it back."""
    return from_ms(to_ms(moment))
