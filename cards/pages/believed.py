"""What becomes of what the browser sends about claims and checks of conservation; see `beliefs_sent`."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from cards import stance
from cards.beliefs.credence import NO_IDEA, CredenceError, read_credence
from cards.claims import ConservationCheck, Credence, Outcome, Resolution
from cards.pages.belief_words import HAS_TURNED_OUT, since
from cards.pages.beliefs_sent import (
    NUMBERS,
    Afterwards,
    Belief,
    Foreseen,
    Reason,
    Said,
    Skip,
    Withdrawal,
)

if TYPE_CHECKING:
    from cards.pages.session import Present

SKIPPED = "asked-before"  # the setting that lists the sections whose question at the top was passed over
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


def keep(present: Present, belief: Belief) -> str:
    """Do as the learner has said; return what there is to say of it.

    Raises:
        RefusedError: A probability means nothing, or comes after a claim has turned out.
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
    known = _known(present, said.claim_id)
    is_new = all(one.client_id != said.client_id for one in known["entries"])
    if is_new and _had_turned_out(present, said, known["own"]):
        raise RefusedError(HAS_TURNED_OUT, "said")
    entry = Credence(
        said.client_id, said.claim_id, probability, said.at, said.note, said.repeat, said.occasion
    )
    present.store.record_credence(present.learner, entry)
    others = [other for other in known["entries"] if other.client_id != said.client_id]
    return since(others[-1] if others else None, entry, today=present.day, rules=present.rules)


def _known(present: Present, claim_id: str) -> stance.Said:
    """What the learner has said of a claim before."""
    every = present.store.credences(present.learner, [claim_id]).get(claim_id, [])
    own = present.store.resolutions(present.learner).get(claim_id)
    return stance.said(every, own, present.meaning_changes.get(claim_id))


def _had_turned_out(present: Present, said: Said, own: Resolution | None) -> bool:
    """Whether a claim was settled when this was said of it, as from a page that did not know it yet."""
    card = present.deck.get(said.claim_id)
    if own is not None and own.outcome is not Outcome.OPEN:
        return own.at <= said.at
    return card is not None and card.resolved is not None


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
