"""Names that become addresses and ids: small letters, digits and single hyphens."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
RULE = "small letters and digits, joined by single hyphens"

APP_ADDRESSES = frozenset({
    "app", "assets", "author", "browse", "component", "export", "figures", "glossary", "health",
    "healthz", "home", "lab", "ledger", "media", "progress", "review", "runs", "search", "settings",
    "static", "take-away", "tuning", "your-data",
})  # fmt: skip
"""Paths that the app answers itself; a section may not take one."""

APP_BEGINNING = "lab-"
"""What the paths begin with that the app makes of the names of simulations."""


def is_slug(text: str) -> bool:
    """Tell whether a text is a slug as it stands."""
    return SLUG.fullmatch(text) is not None


def is_the_apps(slug: str) -> bool:
    """Tell whether the app answers the path of this slug itself."""
    return slug in APP_ADDRESSES or slug.startswith(APP_BEGINNING)


def slugify(text: str, fallback: str = "part") -> str:
    """Make a slug of any text: accents are dropped, everything else that does not fit becomes a hyphen."""
    folded = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", folded)) or fallback


def unused(slug: str, taken: Container[str]) -> str:
    """Return the slug itself, or with the first free number from 2 behind it."""
    number, candidate = 1, slug
    while candidate in taken:
        number += 1
        candidate = f"{slug}-{number}"
    return candidate
