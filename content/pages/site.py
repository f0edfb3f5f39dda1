"""The script that Streamlit runs for every reader: which pages there are, and what stands around them.

The guard at the end matters: worker processes import this file as their parent's main module, and must not
run a page.
"""

from __future__ import annotations

from functools import partial

import streamlit as st

from cards.pages import export, review, session
from cards.store import StoreProblem
from content.library import Book, FolderError
from content.pages import glossary, home, learner, read, trouble
from content.pages.bar import bar
from content.pages.prose import followed
from content.pages.shelf import book as load_book
from content.pages.watch import watch


def main() -> None:
    """Show the page that the address names."""
    st.set_page_config(layout="wide")
    try:
        book = load_book()
        session.present()
    except FolderError as error:
        trouble.page("The book cannot be read", str(error))
        return
    except StoreProblem as problem:
        trouble.page(
            "Your cards cannot be opened", problem.what, f"It is at {problem.where}.", problem.remedy
        )
        return
    pages = site(book)
    current = st.navigation(list(pages.values()), position="hidden")
    follow(pages)
    current.run()


def site(book: Book) -> dict[str, st.Page]:
    """Every page by its path; a section's path is its slug."""
    pages = {
        "/": st.Page(partial(show_home, book), title="Martingale", url_path="home", default=True),
        "/review": st.Page(partial(show_review, book), title="Review", url_path="review"),
        "/take-away": st.Page(partial(show_export, book), title="Take away", url_path="take-away"),
        "/glossary": st.Page(partial(show_glossary, book), title="Glossary", url_path="glossary"),
    }
    for section in book.sections:
        shown = partial(show_section, book, section.slug)
        pages[f"/{section.slug}"] = st.Page(shown, title=section.title, url_path=section.slug)
    for former, slug in book.redirects.items():
        moved = partial(st.switch_page, pages[f"/{slug}"])
        pages[f"/{former}"] = st.Page(moved, title=book.by_slug[slug].title, url_path=former)
    return pages


def follow(pages: dict[str, st.Page]) -> None:
    """Go where the reader's last click led, keeping this session."""
    place = followed()
    if place is None:
        return
    st.session_state["anchor"] = place["anchor"] or "top"
    target = pages.get(place["path"].rstrip("/") or "/")
    if target is not None:
        st.switch_page(target)


def show_home(book: Book) -> None:
    """Home."""
    bar("", learner.due(book.deck))
    with st.container(key="column"):
        home.page(book, learner.standing(book.deck))
    watch()


def show_section(book: Book, slug: str) -> None:
    """One section."""
    section = book.by_slug[slug]
    bar(read.crumb(book, section), learner.due(book.deck))
    with st.container(key="column"):
        read.page(book, section)
    watch(section)


def show_review(book: Book) -> None:
    """The review desk."""
    review.page(book.deck)
    watch()


def show_export(book: Book) -> None:
    """The way out to Anki."""
    bar("Take away", learner.due(book.deck), here="/take-away")
    with st.container(key="column"):
        export.page(book.deck)
    watch()


def show_glossary(book: Book) -> None:
    """The glossary."""
    bar("Glossary", learner.due(book.deck), here="/glossary")
    with st.container(key="column"):
        glossary.page(book)
    watch()


if __name__ == "__main__":
    main()
