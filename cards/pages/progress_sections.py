"""The progress page's table of the book's sections: what is kept, answered and recalled of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING

from cards.stats.overview import Overview
from cards.stats.pace import minutes
from cards.totals import Maturity, Total

if TYPE_CHECKING:
    from cards.pages.progress import View

NOTHING = Total()
HEAD = "".join(
    f'<th scope="col">{name}</th>' for name in ("Section", "Cards", "Answers", "Recalled", "Minutes")
)


def table(seen: View, shown: Overview) -> str:
    """The table, in the order of the book, with a link to look at each section alone; as HTML."""
    here = seen.here
    titles = {card.section: card.section_title for card in here.deck.values()}
    kept = Counter(here.deck[card_id].section for card_id in seen.ids)
    found = here.store.section_totals(here.learner, shown.first, shown.today)
    totals = merged(found, seen.former)
    rows = "".join(
        _row(title, seen.link(seen.span, slug), kept[slug], totals.get(slug, {}))
        for slug, title in titles.items()
        if (kept[slug] or slug in totals) and (seen.section is None or seen.section.section == slug)
    )
    if not rows:
        return ""
    elsewhere = shown.total.answers - sum(_answers(totals.get(slug, {})) for slug in titles)
    return (
        f'<h2>By section</h2><div class="table" tabindex="0" role="region" aria-label="By section"><table>'
        f"<thead><tr>{HEAD}</tr></thead><tbody>{rows}</tbody></table></div>"
        f"{_note(elsewhere) if seen.section is None else ''}"
    )


def merged(
    found: Mapping[str, Mapping[Maturity, Total]], former: Mapping[str, str]
) -> dict[str, dict[Maturity, Total]]:
    """Return totals by present slug, where answers were counted under former slugs too."""
    totals: dict[str, dict[Maturity, Total]] = {}
    for slug, by_maturity in found.items():
        into = totals.setdefault(former.get(slug, slug), {})
        for maturity, total in by_maturity.items():
            into[maturity] = into.get(maturity, NOTHING).plus(total)
    return totals


def _row(title: str, address: str, kept: int, found: Mapping[Maturity, Total]) -> str:
    together = NOTHING
    for total in found.values():
        together = together.plus(total)
    reviews = found.get(Maturity.YOUNG, NOTHING).plus(found.get(Maturity.MATURE, NOTHING))
    recalled = f"{reviews.recalled / reviews.answers:.0%} of {reviews.answers:,}" if reviews.answers else "–"
    return (
        f'<tr><th scope="row"><a href="{escape(address)}">{escape(title)}</a></th><td>{kept:,}</td>'
        f"<td>{together.answers:,}</td><td>{recalled}</td><td>{minutes(together):,.0f}</td></tr>"
    )


def _answers(found: Mapping[Maturity, Total]) -> int:
    return sum(total.answers for total in found.values())


def _note(elsewhere: int) -> str:
    if elsewhere <= 0:
        return ""
    answers = "1 answer belongs" if elsewhere == 1 else f"{elsewhere:,} answers belong"
    return (
        f'<p class="ui">{answers} to no section here: given before sections were noted, or to one that has '
        "left the book.</p>"
    )
