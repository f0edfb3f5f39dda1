"""The time zone of this machine, by its name: for commands, which no browser tells where the learner is.

The environment's `TZ` comes first, then the zone that the system's clock is linked to, as Linux and macOS
have it. A system that says neither is taken to be in UTC.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cards.days import DayRules

if TYPE_CHECKING:
    from collections.abc import Mapping

CLOCK = Path("/etc/localtime")
ZONES = "zoneinfo"


def zone_of(environ: Mapping[str, str], clock: Path = CLOCK) -> str:
    """Return a name that is known here."""
    named = (environ.get("TZ", "").lstrip(":"), _linked(clock))
    return next((name for name in named if name and _is_known(name)), "UTC")


def _linked(clock: Path) -> str:
    _, found, name = clock.resolve().as_posix().rpartition(f"/{ZONES}/")
    return name if found else ""


def _is_known(name: str) -> bool:
    try:
        DayRules(name)
    except ValueError:
        return False
    return True
