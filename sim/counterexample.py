"""A counterexample: settings at which a simulation contradicts what a section claims of it, with a note.

A reader finds one, says why, and keeps it; it is listed under the simulation from then on. Whoever keeps them
is told of each once: the same `client_id` again is the same one, sent twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

LONGEST_NOTE = 280  # characters


class NotKeptError(RuntimeError):
    """What a reader told could not be kept; the message is a sentence for them."""


@dataclass(frozen=True)
class Counterexample:
    """Settings that break a claim.

    Attributes:
        client_id: Made by the browser, unique to this one.
        toy: The simulation's name.
        settings: All its settings.
        seed: The seed.
        note: Why they do, in the reader's words: text, of at most `LONGEST_NOTE` characters.
    """

    client_id: str
    toy: str
    settings: Mapping[str, float | str]
    seed: int
    note: str


@dataclass(frozen=True)
class Counterexamples:
    """Those that a reader keeps at one place, and how to keep more.

    Attributes:
        kept: Oldest first.
        keep: Keeps one.
        withdraw: Takes one off the list, by its client id.
        restore: Puts it back.

    Each of the three may raise `NotKeptError`; nothing has changed then.
    """

    kept: Sequence[Counterexample]
    keep: Callable[[Counterexample], None]
    withdraw: Callable[[str], None]
    restore: Callable[[str], None]
