"""The script that Streamlit runs for every reader: which pages there are, and what stands around them.

The guard at the end matters: worker processes import this file as their parent's main module, and must not
run a page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from urllib.parse import parse_qsl, unquote, urlsplit

import streamlit as st

from cards.doctor import Shelf
from cards.pages import (
    browse,
    cost,
    export,
    ledger,
    preferences,
    progress,
    review,
    session,
    tending,
    tuning,
    your_data,
)
from cards.pages.lifeline import lifeline
from cards.pages.settings_links import PAGES, settings_links
from cards.store import StoreProblem
from content.library import Book, FolderError
from content.pages import glossary, home, learner, missing, read, trouble
from content.pages.bar import bar
from content.pages.prose import Place, followed, prose
from content.pages.shelf import book as load_book
from content.pages.uses import uses
from content.pages.watch import watch
from sim.pages import lab
from sim.pages.specimen import address
from sim.spec import names

NO_TOY = re.compile(r"/lab-([^/]+)")
A_PATH = re.compile(r"/[^/]*[^\W_][^/]*")  # one that a page can have: no further slash, and something to read
HOME = "-"  # Streamlit wants a name for the page at "/" too, and no other page can have that


def main() -> None:
    """Show the page that the address names."""
    st.set_page_config(layout="wide")
    try:
        book = load_book()
        session.shelve(book.deck, book.evidence)
        here = session.present()
        tending.tend(here.store, book.deck, here.now)
    except FolderError as error:
        trouble.page("The book cannot be read", str(error))
        return
    except StoreProblem as problem:
        _say(problem, "Your cards cannot be opened")
        return
    place = followed()
    wanted = unquote(place["path"] if place else urlsplit(st.context.url or "").path).rstrip("/")
    pages = site(book, wanted)
    current = st.navigation(list(pages.values()), position="hidden")
    if place:
        follow(place, pages)
    try:
        current.run()
    except StoreProblem as problem:  # it could be opened, and cannot be read or written now
        _say(problem, "Your cards cannot be used just now")


def _say(problem: StoreProblem, title: str) -> None:
    where = f"It is at {problem.where}."
    trouble.page(title, problem.what, where, problem.remedy, offer=your_data.rescue)


def site(book: Book, wanted: str = "") -> dict[str, st.Page]:
    """Every page by its path; a section's path is its slug.

    Args:
        book: Whose sections they are.
        wanted: The path that the reader asks for. If there is no page there, one is put there that says
            so; for a simulation that is the lab.
    """
    pages = {
        "/": st.Page(partial(show_home, book), title="Martingale", url_path=HOME, default=True),
        "/review": st.Page(partial(show_review, book), title="Review", url_path="review"),
        "/browse": st.Page(partial(show_browse, book), title="Browse", url_path="browse"),
        "/progress": st.Page(partial(show_progress, book), title="Progress", url_path="progress"),
        "/ledger": st.Page(partial(show_ledger, book), title="Ledger", url_path="ledger"),
        "/glossary": st.Page(partial(show_glossary, book), title="Glossary", url_path="glossary"),
        **of_settings(book),
        **laboratory(book),
    }
    for section in book.sections:
        shown = partial(show_section, book, section.slug)
        page = st.Page(shown, title=section.title, url_path=section.slug)
        pages.setdefault(f"/{section.slug}", page)  # the app's own addresses are not given away
    for former, slug in book.redirects.items():
        moved = partial(st.switch_page, pages[f"/{slug}"])
        pages[f"/{former}"] = st.Page(moved, title=book.by_slug[slug].title, url_path=former)
    if wanted not in pages and A_PATH.fullmatch(wanted):
        pages[wanted] = nowhere(book, wanted, sorted(pages))
    return pages


def nowhere(book: Book, wanted: str, paths: Sequence[str]) -> st.Page:
    """A page that says that there is none at this path, where Streamlit would show home under a dialog."""
    if no_toy := NO_TOY.fullmatch(wanted):
        return st.Page(partial(show_lab, book, missing=no_toy[1]), title="Lab", url_path=wanted[1:])
    return st.Page(partial(show_missing, book, wanted, paths), title="No such page", url_path=wanted[1:])


def of_settings(book: Book) -> dict[str, st.Page]:
    """The pages that the row of settings leads to, each by the name that it has there."""
    shown = {
        "/settings": show_settings,
        "/tuning": show_tuning,
        "/your-data": show_your_data,
        "/take-away": show_export,
    }
    return {
        path: st.Page(partial(shown[path], book), title=title, url_path=path[1:])
        for path, title in PAGES.items()
    }


def laboratory(book: Book) -> dict[str, st.Page]:
    """The lab and each simulation's page; a name's underscores may be written as hyphens or as they are."""
    pages = {"/lab": st.Page(partial(show_lab, book), title="Lab", url_path="lab")}
    for name in names():
        path, title = address(name), lab.title(name)
        pages[path] = st.Page(partial(show_toy, book, name), title=title, url_path=path[1:])
        moved = partial(move, pages[path])
        pages.setdefault(f"/lab-{name}", st.Page(moved, title=title, url_path=f"lab-{name}"))
    return pages


def follow(place: Place, pages: dict[str, st.Page]) -> None:
    """Go where the reader's last click led, keeping this session."""
    st.session_state["anchor"] = place["anchor"] or "top"
    target = pages.get(unquote(place["path"]).rstrip("/") or "/")
    if target is not None:
        st.switch_page(target, query_params=dict(parse_qsl(place.get("query", "").removeprefix("?"))))


def move(page: st.Page) -> None:
    """Go to the page that has this address too, with all that the link asks of it."""
    st.switch_page(page, query_params=st.query_params.to_dict())


def show_home(book: Book) -> None:
    """Home."""
    bar("", learner.due(book.deck))
    with st.container(key="column"):
        home.page(book, learner.standing(book.deck))
    watch(book)


def show_section(book: Book, slug: str) -> None:
    """One section."""
    section = book.by_slug[slug]
    bar(read.crumb(book, section), learner.due(book.deck))
    with st.container(key="column"):
        read.page(book, section)
    lifeline()
    watch(book, section)


def show_review(book: Book) -> None:
    """The review desk."""
    review.page(book.deck)
    watch(book)


def show_browse(book: Book) -> None:
    """Every card, to be searched."""
    bar("Browse", learner.due(book.deck), here="/browse")
    with st.container(key="column"):
        browse.page(book.deck)
    watch(book)


def show_tuning(book: Book) -> None:
    """How dates are worked out."""
    bar(PAGES["/tuning"], learner.due(book.deck), here="/settings")
    with st.container(key="column"):
        settings_links(prose, "/tuning")
        tuning.page(book.deck, cost=partial(cost.of_tuning, book.deck))
    watch(book)


def show_export(book: Book) -> None:
    """The way out to Anki."""
    bar(PAGES["/take-away"], learner.due(book.deck), here="/take-away")
    with st.container(key="column"):
        settings_links(prose, "/take-away")
        export.page(book.deck)
    watch(book)


def show_settings(book: Book) -> None:
    """What the learner prefers at the desk."""
    bar(PAGES["/settings"], learner.due(book.deck), here="/settings")
    with st.container(key="column"):
        preferences.page(book.deck, prose)
    watch(book)


def show_your_data(book: Book) -> None:
    """All that the learner has, and how it is kept."""
    bar(PAGES["/your-data"], learner.due(book.deck), here="/settings")
    with st.container(key="column"):
        settings_links(prose, "/your-data")
        your_data.page(Shelf(book.deck, frozenset(book.by_slug), book.redirects, is_whole=not book.problems))
    watch(book)


def show_progress(book: Book) -> None:
    """What the learner has done, and what it has come to."""
    bar("Progress", learner.due(book.deck), here="/progress")
    with st.container(key="column"):
        progress.page(book.redirects, prose, st.query_params.to_dict())
    watch(book)


def show_ledger(book: Book) -> None:
    """What the learner believes, and how it has turned out."""
    bar("Ledger", learner.due(book.deck), here="/ledger")
    with st.container(key="column"):
        ledger.page(book.deck)
    watch(book)


def show_glossary(book: Book) -> None:
    """The glossary."""
    bar("Glossary", learner.due(book.deck), here="/glossary")
    with st.container(key="column"):
        glossary.page(book)
    watch(book)


def show_lab(book: Book, missing: str = "") -> None:
    """Every simulation; `missing` is one that was asked for and is not there."""
    bar("Lab", learner.due(book.deck), here="/lab")
    with st.container(key="column"):
        lab.index(uses(book), prose, missing=missing)
    watch(book)


def show_missing(book: Book, path: str, paths: Sequence[str]) -> None:
    """No page."""
    bar("", learner.due(book.deck))
    with st.container(key="column"):
        missing.page(path, paths)
    watch(book)


def show_toy(book: Book, name: str) -> None:
    """One simulation."""
    bar("Lab", learner.due(book.deck), here=address(name))
    with st.container(key="column"):
        lab.page(name, uses(book).get(name, ()), prose, query=st.query_params.to_dict())
    watch(book)


if __name__ == "__main__":
    main()
