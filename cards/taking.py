"""What a learner has chosen for taking cards away: where their links lead, and where Anki listens.

Kept as a JSON object; what is not in it is as if nothing had been chosen:

    {"base_url": "https://book.example", "anki": "http://127.0.0.1:8765"}
"""

from __future__ import annotations

import ipaddress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cards.shown import shortened

if TYPE_CHECKING:
    from cards.store.records import Json

TAKING = "take-away"  # the key under which the store keeps a learner's
ANKI = "http://127.0.0.1:8765"


@dataclass(frozen=True)
class Taking:
    """What a learner has chosen for taking cards away.

    Attributes:
        base_url: The app's address, as it is to stand in links; None for the one it has, empty for no links.
        anki: Where the add-on AnkiConnect listens, on this machine.
    """

    base_url: str | None = None
    anki: str = ANKI

    def to_json(self) -> dict[str, Json]:
        """Return the choice as JSON holds it."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: object) -> Taking:
        """Read what `to_json` returned; what cannot be read is as if it had not been chosen."""
        if not isinstance(value, dict):
            return cls()
        base_url, anki = value.get("base_url"), value.get("anki")
        try:
            return cls(
                checked_address(base_url) if isinstance(base_url, str) else None,
                anki_address(anki) if isinstance(anki, str) else ANKI,
            )
        except ValueError:
            return cls()


def checked_address(base_url: str) -> str:
    """Return the app's address without a slash at its end; empty stays empty.

    Raises:
        ValueError: If a browser could not open it.
    """
    if not base_url:
        return ""
    if not base_url.startswith(("http://", "https://")) or not _can_be_opened(base_url):
        raise ValueError(
            f"'{shortened(base_url)}' is not an address; write one like http://localhost:8501, or none."
        )
    return base_url.rstrip("/")


def anki_address(address: str) -> str:
    """Return where AnkiConnect listens, as `http://host:port`.

    Raises:
        ValueError: If that is no address, or one of another machine: what is sent there is not encrypted, and
            whoever answers is believed.
    """
    example = f"write one like {ANKI}."
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port or 80
    except ValueError as error:
        raise ValueError(f"'{shortened(address)}' is not an address; {example}") from error
    if parts.scheme != "http" or not host or parts.path.strip("/") or parts.query or parts.username:
        raise ValueError(f"'{shortened(address)}' is not an address of AnkiConnect; {example}")
    if not _is_here(host):
        raise ValueError(f"'{shortened(address)}' is not on this machine, where Anki has to run; {example}")
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _can_be_opened(address: str) -> bool:
    """Whether an address names a host, and has no port and no character that none has."""
    try:
        parts = urlsplit(address)
        return bool(parts.hostname) and parts.port != 0 and address.isprintable() and " " not in address
    except ValueError:  # brackets that do not close, a port that is no number or too large
        return False


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
