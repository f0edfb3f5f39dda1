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

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from cards.beliefs.credence import NO_IDEA, CredenceError, read_credence
from cards.claims import ConservationCheck, Credence, Outcome, Resolution
from cards.pages import sent
from cards.pages.belief_words import since

if TYPE_CHECKING:
    from cards.pages.session import Present

OCCASIONS = frozenset({"", "before", "after"})
NUMBERS = {
    "prior": "How likely the claim is",
    "if_true": "How likely the evidence is if the claim is true",
    "if_false": "How likely the evidence is if the claim is false",
}
SKIPPED = "asked-before"  # the setting that lists the sections whose question at the top was passed over
LONGEST_SAID = 200
OR_NO_IDEA = re.compile(f",? or “{NO_IDEA}”")


class Refusal(NamedTuple):
    """Why something was not saved: a sentence, and the name of the field that is at fault."""

    sentence: str
    field: str


class RefusedError(ValueError):
    """What was sent means nothing, and would mean nothing if it were sent again."""

    def __init__(self, sentence: str, field: str) -> None:
        super().__init__(sentence)
        self.refusal = Refusal(sentence, field)


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


def keep(present: Present, belief: Belief) -> str:
    """Do as the learner has said; return what there is to say of it.

    Raises:
        RefusedError: A probability means nothing.
        StoreProblem: It cannot be saved.
    """
    store, learner = present.store, present.learner
    match belief:
        case Said():
            return _believe(present, belief)
        case Resolution() if _is_claim(present, belief.claim_id):
            store.record_resolution(learner, belief)
        case Foreseen():
            _foresee(present, belief)
        case Afterwards(entry, said):
            _state(present, entry, _number(said, "said"))
        case Reason(entry, text):
            store.note_credence(learner, entry, text)
        case Withdrawal(entry, on, at) if on:
            store.take_back_belief(learner, entry, at)
        case Withdrawal(entry):
            store.bring_back_belief(learner, entry)
        case Skip(section, on):
            others = [slug for slug in skipped(present) if slug != section]
            store.set_setting(learner, SKIPPED, [*others, section] if on else [*others])
    return ""


def skipped(present: Present) -> list[str]:
    """The sections at whose top the learner does not want to be asked."""
    found = present.store.setting(present.learner, SKIPPED)
    return [slug for slug in found if isinstance(slug, str)] if isinstance(found, list) else []


def _believe(present: Present, said: Said) -> str:
    """Keep a credence, and say what it is beside the one before; one in a card to remember is dropped."""
    if not _is_claim(present, said.claim_id):
        return ""
    try:
        probability = read_credence(said.said)
    except CredenceError as error:
        raise RefusedError(str(error), "said") from error
    before = present.store.credences(present.learner, [said.claim_id]).get(said.claim_id, [])
    entry = Credence(
        said.client_id, said.claim_id, probability, said.at, said.note, said.repeat, said.occasion
    )
    present.store.record_credence(present.learner, entry)
    others = [other for other in before if other.client_id != said.client_id]
    return since(others[-1] if others else None, entry, today=present.day, rules=present.rules)


def _foresee(present: Present, foreseen: Foreseen) -> None:
    """Keep a check whose evidence the book has; one that was kept before stays as it is."""
    evidence = present.evidence.get(foreseen.check_id)
    numbers = {name: _number(said, name) for name, said in foreseen.numbers.items()}
    known = present.store.conservation_checks(present.learner)
    if evidence is None or any(check.client_id == foreseen.client_id for check in known):
        return
    check = ConservationCheck(
        client_id=foreseen.client_id,
        check_id=foreseen.check_id,
        **numbers,
        happened=evidence.happened,
        at=foreseen.at,
    )
    present.store.record_conservation(present.learner, check)


def _state(present: Present, entry: str, after: float) -> None:
    for check in present.store.conservation_checks(present.learner):
        if check.client_id == entry:
            present.store.record_conservation(present.learner, replace(check, after=after))


def _number(said: str, name: str) -> float:
    """Read a probability that is to be reckoned with: "no idea" is none."""
    which = f"{NUMBERS[name]}: " if name in NUMBERS else ""
    try:
        number = read_credence(said)
    except CredenceError as error:
        sentence = OR_NO_IDEA.sub("", str(error))
        raise RefusedError(
            which + (sentence[0].lower() + sentence[1:] if which else sentence), name
        ) from error
    if number is None:
        raise RefusedError(f"{which}“{NO_IDEA}” cannot be reckoned with; write a number from 0 to 100.", name)
    return number


def _is_claim(present: Present, claim_id: str) -> bool:
    """Whether an id is, or may have been, a claim's: it is not that of a card to remember."""
    return claim_id not in present.deck or present.is_claim(claim_id)
