"""Home: what is due, where the reader left off, and the tracks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from content.blocks import Section
from content.library import Book, Track
from content.pages.prose import prose
from content.pages.words import counted
from sim.spec import names


@dataclass(frozen=True)
class Standing:
    """What home needs to know of a learner.

    Attributes:
        due: Cards that were seen before and are to be reviewed now.
        new: Cards that were kept and are to be seen for the first time today.
        kept: Cards in review at all.
        next_due: When the next card is due, in words; empty if none is.
        shares: Slug to the share of the section that has been read, 0 to 1.
        last: The slug that was read last, or empty.
        backlog: What has piled up beyond a day's reviews, as a sentence; empty if nothing has.
        fit_is_offered: Whether there are answers enough to fit the scheduling to the learner.
    """

    due: int
    new: int
    kept: int
    next_due: str
    shares: Mapping[str, float]
    last: str
    backlog: str = ""
    fit_is_offered: bool = False


READ = 0.9
DATA = (
    '<p class="ui"><a href="/your-data">Your data</a>: backups, one file for all of it, and its health.</p>'
)


def page(book: Book, standing: Standing) -> None:
    """Show home."""
    tracks = "".join(_track(book, track, standing) for track in book.tracks)
    prose(
        f"""<div class="home"><h1>Martingale</h1>
<p class="stand">An AI-safety explainer you can poke, remember and disagree with.</p>
{_today(book, standing)}{tracks}{_lab()}{DATA}</div>""",
        key="home",
    )


def to_continue(book: Book, standing: Standing) -> tuple[str, Section] | None:
    """What to read next, and the words that offer it: the section in hand, else the first unread one."""
    last = book.by_slug.get(standing.last)
    if last and standing.shares.get(last.slug, 0) < READ:
        return "Continue reading", last
    unread = [section for section in book.sections if standing.shares.get(section.slug, 0) < READ]
    if not unread:
        return None
    return ("Read next" if standing.shares else "Begin here"), unread[0]


def _today(book: Book, standing: Standing) -> str:
    reading = to_continue(book, standing)
    offered = ""
    if reading:
        words, section = reading
        offered = (
            f'<p class="offer"><span class="ui tag-understand">{words}</span>'
            f'<a href="/{section.slug}">{escape(section.title)}</a>'
            f'<span class="ui">{_facts(section, standing)}</span></p>'
        )
    return f'<section class="today" aria-label="Today">{_review(standing)}{offered}</section>'


HOW, FIT = "How your dates are worked out", "Your answers are enough to fit your dates to you"


def _review(standing: Standing) -> str:
    if standing.due or standing.new:
        due, new = counted(standing.due, "card"), counted(standing.new, "card")
        words = f"{due} due" if standing.due else f"{new} to begin"
        also = f"{standing.new} new besides. " if standing.due and standing.new else ""
        if standing.backlog:
            also = f"{escape(standing.backlog)} "
        small = f"{also}Space shows the answer, 1 to 4 say how well you knew it. {_more(standing)}"
        return _offer("Review", f'<a href="/review">{words}</a>', small)
    if standing.kept:
        after = f"Next: {escape(standing.next_due)}." if standing.next_due else ""
        kept = counted(standing.kept, "card")
        return _offer("Review", "Nothing is due.", f"You keep {kept}. {after} {_more(standing)}")
    how = "Answer one where it stands in a section, or keep them all at its end."
    return _offer("Review", "You keep no cards yet.", how)


def _more(standing: Standing) -> str:
    scheduling = FIT if standing.fit_is_offered else HOW
    records = '<a href="/progress">Your progress</a> · <a href="/ledger">Your ledger</a>'
    return f'{records} · <a href="/tuning">{scheduling}</a>'


def _offer(tag: str, line: str, small: str, *, loop: str = "remember") -> str:
    return (
        f'<p class="offer"><span class="ui tag-{loop}">{tag}</span>'
        f'<span class="line">{line}</span><span class="ui">{small}</span></p>'
    )


def _lab() -> str:
    line = f'<a href="/lab">{counted(len(names()), "simulation")}, with all their settings</a>'
    return _offer(
        "Lab",
        line,
        "Take them apart: every control, and what is exact beside what is measured.",
        loop="understand",
    )


def _track(book: Book, track: Track, standing: Standing) -> str:
    sections = [section for section in book.sections if section.track == track.slug]
    rows = "".join(_row(section, standing) for section in sections)
    about = f'<p class="ui">{escape(track.summary)}</p>' if track.summary else ""
    return (
        f'<section class="track" aria-labelledby="track-{track.slug}"><h2 id="track-{track.slug}">'
        f"{escape(track.title)}</h2>{about}<ol>{rows}</ol></section>"
    )


def _row(section: Section, standing: Standing) -> str:
    return (
        f'<li><a href="/{section.slug}">{escape(section.title)}</a>'
        f"<p>{escape(section.summary)}</p>"
        f'<span class="ui">{_facts(section, standing)}</span></li>'
    )


def _facts(section: Section, standing: Standing) -> str:
    facts = [counted(section.minutes, "minute"), counted(len(section.to_remember), "card")]
    if section.claims:
        facts.append(counted(len(section.claims), "claim"))
    share = standing.shares.get(section.slug, 0)
    if share >= READ:
        facts.append("read")
    elif share > 0:
        facts.append(f"{share:.0%} read")
    return " · ".join(facts)
