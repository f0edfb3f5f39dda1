"""The reader's own record, where a section shows it: what all their claims come to, in a few lines.

The numbers and the words are those of the page of the ledger (`cards.reckoning`, `cards.pages.ledger_words`),
to which the last line leads. A reader who has said nothing yet is told where the book makes its first claim.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from cards.beliefs.verdict import drift_in_words, in_words
from cards.ledger import Listed, Status, claims_of
from cards.pages.ledger_words import counted, summary, together
from cards.reckoning import reckon
from cards.store import StoreProblem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cards.beliefs.together import Together
    from cards.pages.session import Present

LEDGER = "/ledger"


def shown(here: Present) -> str:
    """Return a learner's record as HTML with every value escaped; one that cannot be read says why."""
    try:
        claims = claims_of(here.deck, here.store, here.learner)
    except StoreProblem as problem:
        return _framed(f"<p>{escape(problem.what)}</p>")
    if not any(claim.entries for claim in claims):
        return _framed(_nothing_yet(claims, here.day))
    record = reckon(claims, here.rules).together
    return _framed(f"<p>{escape(summary(claims, here.day))}</p>{_measures(record)}{_meaning(record)}")


def _framed(html: str) -> str:
    return (
        '<div class="place believing record" role="group" aria-label="Your own record">'
        '<p class="ui standing"><span><span class="tag">Believe</span> · your own record</span></p>'
        f'<div class="ui">{html}<p><a href="{LEDGER}">Open your ledger</a></p></div></div>'
    )


def _nothing_yet(claims: Sequence[Listed], today: int) -> str:
    """Say that there is no number yet, how many claims wait for one, and where the first of them stands."""
    waiting = [claim for claim in claims if claim.status(today) is Status.UNASKED]
    if not waiting:
        return "<p>You have not put a number on any claim yet.</p>"
    first = waiting[0]
    wait = f"{counted(len(waiting), 'claim')} of this book {'waits' if len(waiting) == 1 else 'wait'} for one"
    place = f"/{first.section}#card-{first.claim_id}"
    return (
        f"<p>You have not put a number on any claim yet. {wait}, the first in "
        f'<a href="{escape(place)}">{escape(first.section_title)}</a></p>'
    )


def _measures(record: Together) -> str:
    """What the paths come to, a row for each measure; nothing where none has moved."""
    if not record.n:
        return ""
    rows = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd>"
        f"{f'<dd class=means>{escape(means)}</dd>' if means else ''}</div>"
        for name, value, means in together(record)
    )
    return f"<dl>{rows}</dl>"


def _meaning(record: Together) -> str:
    """What that shows, or why it shows nothing yet; and that drift is no fault, if there is any."""
    sentences = [in_words(record), drift_in_words(record)]
    return "".join(f'<p class="meaning">{escape(sentence)}</p>' for sentence in sentences if sentence)
