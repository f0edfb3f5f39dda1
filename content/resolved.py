"""How claims of a section have turned out, as its front matter says.

    resolved: {a-claim: yes 2027-01-03, another: void the question made no sense}

Behind `yes`, `no` or `void` may stand the day on which it did, and then why, in a few words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import NamedTuple

from cards.claims import Outcome
from cards.settled import Settled
from content.hints import did_you_mean
from content.word import Word

OUTCOMES = tuple(str(outcome) for outcome in Outcome if outcome is not Outcome.OPEN)
WRITTEN = re.compile(r"(?P<outcome>\S+)(?:\s+(?P<on>\d[\d-]*))?(?:\s+(?P<reason>.+))?", re.ASCII)
DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)

Report = Callable[[Word, str, str], object]


class Resolved(NamedTuple):
    """A line of it: the claim's id with its place, and how it has turned out."""

    id: Word
    settled: Settled


def read_resolved(written: Iterable[tuple[Word, Word]], report: Report) -> tuple[Resolved, ...]:
    """Read the claims that are named, with what is written to each; what cannot be read is reported.

    Args:
        written: The id and what stands behind it, each with its place.
        report: Told the word, what is wrong with it, and how to mend it.
    """
    found = []
    for name, value in written:
        settled = _settled(value, report)
        if settled is not None:
            found.append(Resolved(name, settled))
    return tuple(found)


def check_resolved(resolved: Iterable[Resolved], kinds: Mapping[str, str], report: Report) -> None:
    """Report the ids that are no claims of the section.

    Args:
        resolved: What its front matter says.
        kinds: The kind of each of its cards, by id.
        report: Told the word, what is wrong with it, and how to mend it.
    """
    claims = [name for name, kind in kinds.items() if kind == "credence"]
    for name, _ in resolved:
        if name.text not in kinds:
            hint = did_you_mean(name.text, claims) or "write the id of a credence card that stands below"
            report(name, f"The section has no claim '{name.text}'.", hint)
        elif name.text not in claims:
            message = f"'{name.text}' is a card to remember, and only claims turn out one way or the other."
            report(name, message, did_you_mean(name.text, claims) or "take it out")


def _settled(value: Word, report: Report) -> Settled | None:
    match = WRITTEN.fullmatch(value.text)
    if match is None or match["outcome"] not in OUTCOMES:
        said = match["outcome"] if match else value.text
        message = f"'{said}' is not how a claim can turn out."
        report(value.part(0, len(said)), message, did_you_mean(said, OUTCOMES))
        return None
    on = _date(match["on"])
    if match["on"] and on is None:
        report(value.part(*match.span("on")), f"'{match['on']}' is not a date.", "write, such as 2027-01-03")
        return None
    return Settled(Outcome(match["outcome"]), on, match["reason"] or "")


def _date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text and DATE.fullmatch(text) else None
    except ValueError:  # such as the 30th of February
        return None
