"""What is done on the ledger, as the browser sends it, checked and kept; each says what it did.

    {"deed": "credence", "id", "claim", "text", "note", "repeat"}   `text` is the number as it was typed
    {"deed": "note", "claim", "id", "note"}                         changes the note of an entry
    {"deed": "take-back", "claim", "id"}                            the last entry; "bring-back" undoes it
    {"deed": "resolve", "id", "claim", "outcome", "note"}           "open" takes back all that was said
    {"deed": "withdraw", "claim", "id"}                             the last resolution, as if never said
    {"deed": "write", "claim", "text", "by"}                        an own claim, new or changed
    {"deed": "forget", "claim"}                                     deletes it for good
    {"deed": "forget-check", "check"}                               deletes what was said of some evidence
    {"deed": "forget-all"}                                          deletes all that is believed

What can be undone is answered with the deed that undoes it. Ids of entries, resolutions and own claims are
made up by the sender, so that what is sent twice is done once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from cards import settled
from cards.beliefs.credence import CredenceError, percent, read_credence
from cards.claims import OWN, Claim, Credence, Outcome, Resolution
from cards.days import calendar_date
from cards.pages.belief_words import HAS_TURNED_OUT, OUTCOMES
from cards.pages.browse_routes import BadRequestError
from cards.pages.ledger_words import counted
from cards.pages.your_data_words import COPIED

if TYPE_CHECKING:
    from cards.ledger import Listed
    from cards.pages.ledger_payload import Ledger

LONGEST_ID = 200
LONGEST_NOTE = 2000
LONGEST_CLAIM = 500
WHY = "before-forget"  # a backup's name

Said = dict[str, Any]


def do(ledger: Ledger, sent: object) -> Said:
    """Do what was sent, and say so: `{"said", "undo"}`, where `undo` is the deed that undoes it, or None.

    Raises:
        BadRequestError: It makes no sense, and nothing was changed; the message is one sentence.
        StoreProblem: It could not be kept.
    """
    wanted = sent.get("deed") if isinstance(sent, Mapping) else None
    if not isinstance(sent, Mapping) or not isinstance(wanted, str) or wanted not in DEEDS:
        raise BadRequestError(f'Something is done here with a JSON object {{"deed": …}}: {", ".join(DEEDS)}.')
    return DEEDS[wanted](ledger, sent)


def _credence(ledger: Ledger, sent: Mapping[str, Any]) -> Said:
    claim = _claim(ledger, sent)
    if claim.outcome is not Outcome.OPEN:
        raise BadRequestError(HAS_TURNED_OUT)
    if claim.is_gone:
        raise BadRequestError("This claim is no longer in the book, so that nothing more can be said of it.")
    try:
        probability = read_credence(_text(sent, "text"))
    except CredenceError as error:
        raise BadRequestError(str(error)) from error
    entry = Credence(
        client_id=_name(sent, "id"),
        claim_id=claim.claim_id,
        probability=probability,
        at=ledger.here.now,
        note=_note(sent),
        repeat=sent.get("repeat") is True and bool(claim.entries),
    )
    kept = next((one for one in claim.every_entry if one.client_id == entry.client_id), None)
    if kept is not None and kept.probability != probability:  # the answer to the first was lost
        raise BadRequestError(
            f"{percent(kept.probability)} was put down already; take that back to say something else."
        )
    ledger.here.store.record_credence(ledger.here.learner, entry)
    undo = {"deed": "take-back", "claim": claim.claim_id, "id": entry.client_id}
    return _said(f"Put down: {percent(probability)}.", undo)


def _change_note(ledger: Ledger, sent: Mapping[str, Any]) -> Said:
    claim, name, note = _claim(ledger, sent), _name(sent, "id"), _note(sent)
    if all(entry.client_id != name for entry in claim.every_entry):
        raise BadRequestError("This entry is not on the ledger any more.")
    ledger.here.store.note_credence(ledger.here.learner, name, note)
    return _said("Note kept." if note else "Note taken away.")


def _take_back(ledger: Ledger, sent: Mapping[str, Any]) -> Said:
    claim, name = _claim(ledger, sent), _name(sent, "id")
    last = claim.every_entry[-1] if claim.every_entry else None
    if last is None or last.client_id != name:
        raise BadRequestError("Only the last entry of a claim can be taken back.")
    ledger.here.store.take_back_belief(ledger.here.learner, name, ledger.here.now)
    undo = {"deed": "bring-back", "claim": claim.claim_id, "id": name}
    return _said(f"Taken back: {percent(last.probability)}.", undo)


def _bring_back(ledger: Ledger, sent: Mapping[str, Any]) -> Said:
    ledger.here.store.bring_back_belief(ledger.here.learner, _name(sent, "id"))
    return _said("Back again.")


def _resolve(ledger: Ledger, sent: Mapping[str, Any]) -> Said:
    claim = _claim(ledger, sent)
    wanted = sent.get("outcome")
    if wanted not in list(Outcome):
        raise BadRequestError(f"A claim turns out {', '.join(Outcome)}; '{wanted}' is none of these.")
    outcome, name = Outcome(wanted), _name(sent, "id")
    said = Resolution(name, claim.claim_id, outcome, ledger.here.now, _note(sent))
    ledger.here.store.record_resolution(ledger.here.learner, said)
    undo = {"deed": "withdraw", "claim": claim.claim_id, "id": name}
    if outcome is Outcome.OPEN:
        left = settled.outcome(said, claim.authors)
        now = "it is open again" if left is Outcome.OPEN else f"its author says that it {OUTCOMES[left]}"
        return _said(f"Taken back: {now}.", undo)
    return _said(f"Put down: it {OUTCOMES[outcome]}.", undo)


def _withdraw(ledger: Ledger, sent: Mapping[str, Any]) -> Said:
    claim, name = _claim(ledger, sent), _name(sent, "id")
    if claim.own is None or claim.own.client_id != name:
        raise BadRequestError("Something else was said since of how this claim turned out.")
    ledger.here.store.take_back_belief(ledger.here.learner, name, ledger.here.now)
    return _said("Taken back.", {"deed": "bring-back", "claim": claim.claim_id, "id": name})


def _write(ledger: Ledger, sent: Mapping[str, Any]) -> Said:
    name = _name(sent, "claim")
    known = ledger.find(name)
    if not name.startswith(OWN) or (known is not None and not known.is_own):
        raise BadRequestError("Only a claim of your own can be changed; those of the book are its author's.")
    text = " ".join(_text(sent, "text").split())
    if not text:
        raise BadRequestError("There is no claim; write a sentence that will turn out true or false.")
    if text.endswith("?"):
        raise BadRequestError("That is a question; write a sentence that will turn out true or false.")
    if len(text) > LONGEST_CLAIM:
        raise BadRequestError(f"The claim has {len(text):,} characters; say it in {LONGEST_CLAIM} at most.")
    by = _by(sent, ledger, known)
    made_at = known.made_at if known is not None and known.made_at is not None else ledger.here.now
    ledger.here.store.keep_claim(ledger.here.learner, Claim(name, text, by, made_at))
    return _said("Changed." if known is not None else "Written down. How likely is it?")


def _forget(ledger: Ledger, sent: Mapping[str, Any]) -> Said:
    claim = _claim(ledger, sent)
    ledger.here.store.forget_claim(ledger.here.learner, claim.claim_id)
    return _said(f"Deleted for good.{_copies(ledger)}")


def _forget_check(ledger: Ledger, sent: Mapping[str, Any]) -> Said:
    name, here = _name(sent, "check"), ledger.here
    if all(done.check_id != name for done in here.store.conservation_checks(here.learner)):
        raise BadRequestError("This check is not on the ledger any more.")
    here.store.forget_claim(here.learner, name)
    return _said(f"Deleted for good.{_copies(ledger)}")


def _copies(ledger: Ledger) -> str:
    return " Backups from before still hold it." if ledger.here.store.file is not None else ""


def _forget_all(ledger: Ledger, sent: Mapping[str, Any]) -> Said:  # noqa: ARG001 - as every deed
    here = ledger.here
    copy = None if here.store.file is None else here.store.back_up(here.now, why=WHY)
    rows = here.store.forget_beliefs(here.learner)
    kept = COPIED.format(copy) if copy else ""
    return _said(f"All that you believed here is deleted: {counted(rows, 'row')}.{kept}")


DEEDS: Mapping[str, Callable[[Ledger, Mapping[str, Any]], Said]] = {
    "credence": _credence,
    "note": _change_note,
    "take-back": _take_back,
    "bring-back": _bring_back,
    "resolve": _resolve,
    "withdraw": _withdraw,
    "write": _write,
    "forget": _forget,
    "forget-check": _forget_check,
    "forget-all": _forget_all,
}


def _said(sentence: str, undo: Mapping[str, str] | None = None) -> Said:
    return {"said": sentence, "undo": undo}


def _claim(ledger: Ledger, sent: Mapping[str, Any]) -> Listed:
    found = ledger.find(_name(sent, "claim"))
    if found is None:
        raise BadRequestError("This claim is not on the ledger any more.")
    return found


def _by(sent: Mapping[str, Any], ledger: Ledger, known: Listed | None) -> date | None:
    given = _text(sent, "by")
    if not given:
        return None
    try:
        by = date.fromisoformat(given)
    except ValueError:
        raise BadRequestError(f"'{given}' is not a date; write it as 2027-12-31, or leave it out.") from None
    if by < calendar_date(ledger.here.day) and (known is None or known.by != by):
        raise BadRequestError(f"{by.isoformat()} is past; write a day still to come, or none.")
    return by


def _note(sent: Mapping[str, Any]) -> str:
    note = _text(sent, "note").strip()
    if len(note) > LONGEST_NOTE:
        raise BadRequestError(f"The note has {len(note):,} characters; keep it to {LONGEST_NOTE:,}.")
    return note


def _name(sent: Mapping[str, Any], member: str) -> str:
    name = _text(sent, member)
    if not 0 < len(name) <= LONGEST_ID or name != sent.get(member):
        raise BadRequestError(f"This needs the member '{member}', a name of {LONGEST_ID} characters at most.")
    return name


def _text(sent: Mapping[str, Any], member: str) -> str:
    """A text, without what no database takes: NUL, and halves of characters that JSON can name."""
    value = sent.get(member)
    text = value if isinstance(value, str) else ""
    return text.replace("\0", "").encode("utf-8", "ignore").decode("utf-8")
