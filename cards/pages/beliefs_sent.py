"""What the browser sends about claims, and about checks of conservation; see `operations`.

    {"id", "kind": "believe", "card", "said", "note", "repeat", "occasion", "age"}
    {"id", "kind": "resolve", "card", "outcome", "note", "age"}    "yes", "no", "void" or "open"
    {"id", "kind": "foresee", "card", "prior", "if_true", "if_false", "age"}
    {"id", "kind": "afterwards", "card", "entry", "said", "age"}   to what was foreseen under the id `entry`
    {"id", "kind": "reason", "card", "entry", "text", "age"}       the note to the credence `entry`
    {"id", "kind": "withdraw", "card", "entry", "on", "age"}       takes `entry` back, or brings it back
    {"id", "kind": "skip", "card", "on", "age"}                    not to be asked at a section's top

`card` is a claim, a check, or a section. Probabilities are sent as they were written, and it is decided here
what they mean: one that means nothing is *refused*, with a sentence, and is not sent again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from cards.claims import Outcome, Resolution
from cards.pages import sent

OCCASIONS = frozenset({"", "before", "after"})
NUMBERS = {
    "prior": "How likely the claim is",
    "if_true": "How likely the evidence is if the claim is true",
    "if_false": "How likely the evidence is if the claim is false",
}
LONGEST_SAID = 200


@dataclass(frozen=True)
class Said:
    """A credence as it was written; the other members are those of `Credence`."""

    client_id: str
    claim_id: str
    said: str
    at: datetime
    note: str
    repeat: bool
    occasion: str


@dataclass(frozen=True)
class Foreseen:
    """Three probabilities as they were written, by the names of `NUMBERS`."""

    client_id: str
    check_id: str
    numbers: dict[str, str]
    at: datetime


@dataclass(frozen=True)
class Afterwards:
    """What is believed after the evidence, as it was written; `entry` is what was foreseen."""

    entry: str
    said: str


@dataclass(frozen=True)
class Reason:
    """A new text for the note to a credence, by that one's client id."""

    entry: str
    text: str


@dataclass(frozen=True)
class Withdrawal:
    """What is taken back, by its client id, or is to count again."""

    entry: str
    on: bool
    at: datetime


@dataclass(frozen=True)
class Skip:
    """The wish not to be asked at the top of a section, or to be asked there after all."""

    section: str
    on: bool


def _said(raw: object, client_id: str, at: datetime) -> Said:
    occasion, repeat = sent.words(raw, "occasion"), sent.value(raw, "repeat") is True
    return Said(
        client_id,
        sent.text(raw, "card"),
        sent.words(raw, "said", LONGEST_SAID),
        at,
        sent.words(raw, "note").strip(),
        repeat,
        occasion if occasion in OCCASIONS else "",
    )


def _resolution(raw: object, client_id: str, at: datetime) -> Resolution | None:
    outcome, note = sent.text(raw, "outcome"), sent.words(raw, "note").strip()
    if outcome not in list(Outcome):
        return None
    return Resolution(client_id, sent.text(raw, "card"), Outcome(outcome), at, note)


def _foreseen(raw: object, client_id: str, at: datetime) -> Foreseen:
    numbers = {name: sent.words(raw, name, LONGEST_SAID) for name in NUMBERS}
    return Foreseen(client_id, sent.text(raw, "card"), numbers, at)


def _afterwards(raw: object, _: str, __: datetime) -> Afterwards | None:
    entry = sent.text(raw, "entry")
    return Afterwards(entry, sent.words(raw, "said", LONGEST_SAID)) if entry else None


def _reason(raw: object, _: str, __: datetime) -> Reason | None:
    entry, is_text = sent.text(raw, "entry"), isinstance(sent.value(raw, "text"), str)
    return Reason(entry, sent.words(raw, "text").strip()) if entry and is_text else None


def _withdrawal(raw: object, _: str, at: datetime) -> Withdrawal | None:
    entry, on = sent.text(raw, "entry"), sent.value(raw, "on")
    return Withdrawal(entry, on, at) if entry and isinstance(on, bool) else None


def _skip(raw: object, _: str, __: datetime) -> Skip | None:
    on = sent.value(raw, "on")
    return Skip(sent.text(raw, "card"), on) if isinstance(on, bool) else None


Belief = Said | Resolution | Foreseen | Afterwards | Reason | Withdrawal | Skip

READERS: Mapping[str, Callable[[object, str, datetime], Belief | None]] = {
    "believe": _said,
    "resolve": _resolution,
    "foresee": _foreseen,
    "afterwards": _afterwards,
    "reason": _reason,
    "withdraw": _withdrawal,
    "skip": _skip,
}


def read(raw: object, kind: str, client_id: str, at: datetime) -> Belief | None:
    """Read one operation of these kinds, or `None` if it is none."""
    reader = READERS.get(kind)
    return reader(raw, client_id, at) if reader and sent.text(raw, "card") else None
