"""What the page of a learner's data says, as plain words and escaped HTML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from zoneinfo import ZoneInfo

from cards.days import DayRules
from cards.doctor import Report
from cards.pages.settings_links import PAGES
from cards.pages.words import in_full
from cards.sizes import in_bytes
from cards.store import Copy, answers_that_count

TITLE = PAGES["/your-data"]
KEPT_IN = ' Your file is on this machine, at <span class="path">{}</span>, and nowhere else.'
BACKUPS = (
    "One is made each day that the app is opened, and one before anything here replaces or deletes. They lie "
    "beside your file, and the newest ten of either sort are kept."
)
ERASED = "Everything that you had here is deleted."
COPIED = (
    " A backup from before is {}. It, the older ones beside it and what was set aside still hold all of it: "
    "delete them too to leave nothing."
)
NOTHING = "nothing"
MOST = 20  # findings named on the page; the command names all

NOUNS = {
    "memory": "card",
    "review": "answer",
    "card_note": "note",
    "prediction": "prediction",
    "reading": "section read",
    "counterexample": "counterexample",
    "credence": "credence",
    "claim": "claim of your own",
}
PLURALS = {"section read": "sections read", "claim of your own": "claims of your own"}
REASONS = {
    "": "of the day",
    "by-hand": "made by you",
    "before-import": "before reviews came home from Anki",
    "before-erase": "before everything was deleted",
    "before-forget": "before all that you believe was deleted",
    "before-load": "before a file was loaded",
    "before-repair": "before a repair",
    "set-aside": "set aside when another was put back",
}


def counted(held: Mapping[str, int]) -> str:
    """What is held, in words: "34 cards, 210 answers and 2 notes"; "nothing" where that is so."""
    counts = {**held, "review": answers_that_count(held)}
    words = [_count(counts.get(table, 0), noun) for table, noun in NOUNS.items() if counts.get(table, 0)]
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words) or NOTHING


def has_in_words(held: Mapping[str, int]) -> str:
    """Say what a learner has."""
    return f"You have {'no cards and no answers yet' if counted(held) == NOTHING else counted(held)}."


def all_in_words(held: Mapping[str, int]) -> str:
    """What a learner is about to lose: "34 cards and 2 notes and all else that you have here"."""
    return (
        "all that you have here"
        if counted(held) == NOTHING
        else f"{counted(held)} and all else that you have here"
    )


def heading(words: str) -> str:
    """A heading within the page."""
    return f"<h2>{escape(words)}</h2>"


def copy_in_words(copy: Copy, rules: DayRules) -> str:
    """One copy as HTML: when, why, how large, and what is in it or why it cannot be put back."""
    local = copy.made_at.astimezone(ZoneInfo(rules.timezone))
    why = REASONS.get(copy.why, "before an update" if re.fullmatch(r"before-\d+", copy.why) else copy.why)
    what = (
        f"cannot be put back: it is {copy.trouble}"
        if copy.trouble
        else f"{_count(copy.cards or 0, 'card')}, {_count(copy.answers or 0, 'answer')}"
    )
    when = f"{in_full(copy.made_at, rules)}, {local:%H:%M}"
    return (
        f'<p class="copy"><span>{escape(when)}</span> '
        f'<span class="ui">{escape(why)} · {escape(what)} · {in_bytes(copy.size)}</span></p>'
    )


def findings_in_words(report: Report) -> str:
    """What was found, as HTML: one item each, with what to do about it."""
    mended = f"{_count(report.mended, 'row')} mended. " if report.mended else ""
    if report.is_sound:
        there = report.in_numbers()
        added = "" if there == NOTHING else f" The log adds up to every memory: {escape(there)}."
        return f'<p class="ui sound" role="status">{mended}Everything is sound.{added}</p>'
    items = "".join(
        f"<li><strong>{escape(finding.what)}</strong> {escape(finding.remedy)}</li>"
        for finding in report.findings[:MOST]
    )
    rest = len(report.findings) - MOST
    more = f"<li>{rest:,} more; <code>python -m cards doctor</code> names them all.</li>" if rest > 0 else ""
    return f'<div class="findings ui" role="status"><p>{mended}</p><ul>{items}{more}</ul></div>'


def _count(number: int, noun: str) -> str:
    plural = PLURALS.get(noun, f"{noun}s")
    return f"{number:,} {noun if number == 1 else plural}"
