"""The picture of a question's run, for a note that is read where no simulation runs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha1
from html import escape
from typing import TYPE_CHECKING

from sim.pages.still import still
from sim.spec import get

if TYPE_CHECKING:
    from sim.spec import Settings


@dataclass(frozen=True)
class Picture:
    """A picture.

    Attributes:
        name: Of its file; another picture has another name, so that Anki shows the new one.
        data: An SVG, as bytes.
        words: The same as a sentence.
    """

    name: str
    data: bytes
    words: str

    @property
    def html(self) -> str:
        """The picture in a field."""
        return f'<img src="{self.name}" alt="{escape(self.words)}">'


@lru_cache(maxsize=256)
def picture(name: str, settings: Settings, seed: int) -> Picture:
    """Draw what a simulation shows at these settings before anything is run: exact, or a stored run."""
    toy = get(name)
    frame = toy.module.preview(settings, seed=seed)
    data = still(toy.module.figure(frame)).encode()
    digest = sha1(data, usedforsecurity=False).hexdigest()[:8]
    return Picture(f"{toy.name.replace('_', '-')}-{digest}.svg", data, toy.module.readout(frame))
