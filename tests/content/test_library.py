"""The library: what it reads, what it reads again, and what only shows when sections stand side by side."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import content.library as module
from content.blocks import CardBlock, ProblemBlock
from content.library import OWN, FolderError, Library
from content.problems import Code
from sim import spec
from tests.content.books import GLOSSARY, HEAD, OTHER, SOURCES, MakeLibrary

CARD = "\n:::{{card}} {}\nQ\n---\nA\n:::\n"


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The slugs of the sections that are parsed, in the order in which they are."""
    slugs: list[str] = []
    read_section = module.read_section

    def counting(source, opening, context):  # noqa: ANN001, ANN202 - stands in for the function itself
        slugs.append(opening.slug)
        return read_section(source, opening, context)

    monkeypatch.setattr(module, "read_section", counting)
    return slugs


def section(
    title: str = "A title", order: int = 1, text: str = "", track: str = "alpha", more: str = ""
) -> str:
    head = f"---\ntitle: {title}\ntrack: {track}\norder: {order}\nsummary: S.\n{more}---\n"
    return head + text


def test_sections_come_by_track_then_order_then_slug(make_library: MakeLibrary) -> None:
    book = make_library(
        {
            "b.md": section(order=2),
            "c.md": section(order=1),
            "a.md": section(order=2),
            "deep/down/d.md": section(track="zeta", order=-1),
            "e.md": section(track="beta"),
            "zeta/_track.md": "---\ntitle: Last letter first\norder: 1\nsummary: Why.\n---\n",
        }
    ).load()
    assert [s.slug for s in book.sections] == ["d", "c", "a", "b", "e"]
    assert [(t.slug, t.title, t.summary) for t in book.tracks] == [
        ("zeta", "Last letter first", "Why."),
        ("alpha", "Alpha", ""),
        ("beta", "Beta", ""),
    ]
    assert list(book.by_slug) == [s.slug for s in book.sections]


def test_what_is_not_a_section(make_library: MakeLibrary) -> None:
    library = make_library(
        {
            "one.md": section(),
            "README.md": "x",
            "AUTHORING.md": "x",
            "glossary.md": "",
            "sources.md": "",
            "notes.txt": "x",
            ".one.md.swp": "x",
            ".#one.md": "x",
            ".git/x.md": "x",
            "figures/x.md": "x",
        }
    )
    book = library.load()
    assert [s.slug for s in book.sections] == ["one"]
    assert book.problems == ()


def test_cards_are_counted_through_the_book(make_library: MakeLibrary) -> None:
    book = make_library(
        {
            "two.md": section(order=2, text=CARD.format("c")),
            "one.md": section(
                "One", 1, CARD.format("b") + CARD.format("a"), more="as_of: 2026-11\nsources: [kwa-2024]\n"
            ),
            "sources.md": SOURCES,
            "alpha/_track.md": "---\ntitle: The first\n---\n",
        }
    ).load()
    assert [(card.id, card.order, card.section) for card in book.deck.values()] == [
        ("b", 0, "one"),
        ("a", 1, "one"),
        ("c", 2, "two"),
    ]
    card = book.deck["b"]
    assert (card.section_title, card.track, card.track_title, card.as_of) == (
        "One",
        "alpha",
        "The first",
        "2026-11",
    )
    assert card.sources == ("Thomas Kwa (2024)",)
    assert card is book.by_slug["one"].cards[0]
    assert Path(card.path).read_text().splitlines()[card.line - 1] == ":::{card} b"


def test_an_id_in_two_sections_keeps_the_first_in_the_book(make_library: MakeLibrary) -> None:
    book = make_library(
        {
            "a.md": section(order=2, text=CARD.format("same")),
            "z.md": section(order=1, text=CARD.format("same")),
        }
    ).load()
    assert book.deck["same"].section == "z"
    (problem,) = book.problems
    assert problem.code is Code.DUPLICATE_ID
    assert problem.path.endswith("a.md")
    assert "z.md:8" in problem.message
    assert [type(block) for block in book.by_slug["a"].blocks] == [ProblemBlock]
    assert [type(block) for block in book.by_slug["z"].blocks] == [CardBlock]


FAMILY = "\n:::{{card}} {}\n:family: {}\nQ\n---\nA\n:::\n"


def test_a_family_runs_through_the_book_and_one_of_a_single_card_is_a_problem(
    make_library: MakeLibrary,
) -> None:
    library = make_library(
        {
            "a.md": section(text=FAMILY.format("one", "twins") + FAMILY.format("alone", "hermit")),
            "b.md": section(text=FAMILY.format("other", "twins")),
        }
    )
    book = library.load()
    assert {card.id: card.family for card in book.deck.values()} == {
        "one": "twins",
        "alone": "hermit",
        "other": "twins",
    }
    (problem,) = book.problems
    assert (problem.code, problem.line) == (Code.LONELY_FAMILY, 16)
    assert "hermit" in problem.message


def test_redirects(make_library: MakeLibrary) -> None:
    book = make_library(
        {
            "a.md": section(more="redirects: [old, shared]\n"),
            "b.md": section(order=2, more="redirects: [shared, a]\n"),
        }
    ).load()
    assert book.redirects == {"old": "a", "shared": "a"}
    assert [(p.code, p.column) for p in book.problems] == [
        (Code.DUPLICATE_SECTION, 13),
        (Code.DUPLICATE_SECTION, 21),
    ]


def test_terms_come_with_the_terms_that_they_use(make_library: MakeLibrary) -> None:
    book = make_library(
        {"a.md": section(text="A {term}`fair game`."), "b.md": section(text="Text."), "glossary.md": GLOSSARY}
    ).load()
    assert list(book.by_slug["a"].terms) == ["martingale", "variance"]
    assert book.by_slug["a"].terms["martingale"].title == "martingale"
    assert '<a class="term" href="#term-variance"' in book.by_slug["a"].terms["martingale"].html
    assert '<span class="math inline">\\sigma^2</span>' in book.glossary["variance"].html
    assert not book.by_slug["b"].terms


def test_citations_keep_the_order_of_the_section(make_library: MakeLibrary) -> None:
    sources = "b-1\n: *Second*.\n\na-1\n: [First](https://example.org).\n"
    book = make_library({"a.md": section(more="sources: [b-1, a-1]\n"), "sources.md": sources}).load()
    assert book.by_slug["a"].citations == (
        ("b-1", "<em>Second</em>."),
        ("a-1", '<a href="https://example.org" rel="noopener noreferrer">First</a>.'),
    )


def test_an_unchanged_book_is_the_same_book(make_library: MakeLibrary, parsed: list[str]) -> None:
    library = make_library({"a.md": section(), "b.md": section()})
    book = library.load()
    assert library.load() is book
    assert parsed == ["a", "b"]


def test_saving_one_of_a_thousand_files_parses_one(
    make_library: MakeLibrary, parsed: list[str], tmp_path: Path
) -> None:
    files = {
        f"s-{n}.md": section(text=f"See {{ref}}`s-{n // 2}`." + CARD.format(f"c-{n}")) for n in range(1000)
    }
    library = make_library({**files, "glossary.md": GLOSSARY})
    before, fingerprint = library.load(), library.fingerprint()
    parsed.clear()
    assert library.fingerprint() == fingerprint == before.fingerprint
    assert library.load() is before
    (tmp_path / "book" / "s-500.md").write_text(section(text="Anew."))
    assert library.fingerprint() != fingerprint
    after = library.load()
    assert parsed == ["s-500"]
    assert len(after.deck) == 999
    assert after.by_slug["s-7"].blocks[0] is before.by_slug["s-7"].blocks[0]


def test_a_save_by_renaming_is_seen_even_with_the_same_size_and_time(
    make_library: MakeLibrary, parsed: list[str], tmp_path: Path
) -> None:
    library = make_library({"a.md": section(text="Text one.")})
    path, aside = tmp_path / "book" / "a.md", tmp_path / "aside"
    library.load()
    shutil.copy2(path, aside)
    aside.write_text(section(text="Text two."))
    times = (path.stat().st_atime_ns, path.stat().st_mtime_ns)
    os.utime(aside, ns=times)
    aside.replace(path)
    assert "Text two" in str(library.load().by_slug["a"].blocks)
    assert parsed == ["a", "a"]


def test_what_a_file_names_is_read_again_with_it(
    make_library: MakeLibrary, parsed: list[str], tmp_path: Path
) -> None:
    library = make_library(
        {
            "to.md": section("Old title"),
            "from.md": section(
                text="See {ref}`to`, {term}`variance`, {ref}`later`, ![x](figures/x.svg).",
                more="sources: [new-1]\n",
            ),
            "alone.md": section(text="Text."),
            "glossary.md": GLOSSARY,
        }
    )
    root = tmp_path / "book"
    codes = {problem.code for problem in library.load().problems}
    assert codes == {Code.UNKNOWN_REFERENCE, Code.MISSING_FIGURE, Code.UNKNOWN_SOURCE}

    def after(name: str, text: str) -> list[str]:
        parsed.clear()
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text)
        library.load()
        return sorted(parsed)

    assert after("to.md", section("New title")) == ["from", "to"]
    assert "New title" in str(library.load().by_slug["from"].blocks)
    assert after("later.md", section()) == ["from", "later"]
    assert after("figures/x.svg", "<svg/>") == ["from"]
    assert after("sources.md", "new-1\n: New.\n") == ["from"]
    assert library.load().problems == ()
    assert after("glossary.md", GLOSSARY.replace("strays", "wanders")) == []
    assert "wanders" in library.load().by_slug["from"].terms["variance"].html
    assert after("glossary.md", "other\n: Term.\n") == ["from"]
    assert [problem.code for problem in library.load().problems] == [Code.UNKNOWN_TERM]


def test_a_file_that_goes_takes_its_section_with_it(make_library: MakeLibrary, tmp_path: Path) -> None:
    library = make_library({"a.md": section(text=CARD.format("x")), "b.md": section(text=CARD.format("x"))})
    assert [problem.code for problem in library.load().problems] == [Code.DUPLICATE_ID]
    (tmp_path / "book" / "a.md").unlink()
    book = library.load()
    assert [s.slug for s in book.sections] == ["b"]
    assert book.problems == ()
    assert book.deck["x"].section == "b"


def test_a_link_that_leads_nowhere_and_a_folder_named_like_a_section(
    make_library: MakeLibrary, tmp_path: Path
) -> None:
    library = make_library({"a.md": section(), "b.md/c.md": section()})
    (tmp_path / "book" / "gone.md").symlink_to(tmp_path / "nothing")
    os.mkfifo(tmp_path / "book" / "pipe.md")
    (tmp_path / "book" / "loop").symlink_to(tmp_path / "book")
    assert [s.slug for s in library.load().sections] == ["a", "c"]


def test_figures_are_found_by_name_and_never_through_links(make_library: MakeLibrary, tmp_path: Path) -> None:
    library = make_library(
        {"a.md": section(), "figures/x.svg": "<svg/>", "figures/x.html": "", "secret.svg": ""}
    )
    (tmp_path / "book" / "figures" / "link.svg").symlink_to(tmp_path / "book" / "secret.svg")
    library.load()
    assert library.figure("x.svg") == tmp_path / "book" / "figures" / "x.svg"
    assert [library.figure(name) for name in ("x.html", "link.svg", "../secret.svg", "secret.svg")] == [
        None
    ] * 4


def test_the_first_folder_wins_and_all_are_read(make_library: MakeLibrary, tmp_path: Path) -> None:
    make_library({"a.md": section("First"), "glossary.md": "word\n: One.\n", "figures/x.svg": "1"}, "one")
    make_library(
        {
            "a.md": section("Second"),
            "b.md": section(text="{term}`word` {term}`other`"),
            "glossary.md": "word\n: Two.\n\nother\n: Other.\n",
            "figures/x.svg": "2",
        },
        "two",
    )
    library = Library([tmp_path / "one", tmp_path / "two"])
    book = library.load()
    assert book.by_slug["a"].title == "First"
    assert {slug: term.html for slug, term in book.by_slug["b"].terms.items()} == {
        "word": "One.",
        "other": "Other.",
    }
    assert library.figure("x.svg") == tmp_path / "one" / "figures" / "x.svg"
    (problem,) = book.problems
    assert (problem.code, Path(problem.path)) == (Code.DUPLICATE_SECTION, tmp_path / "two" / "a.md")


def test_the_environment_names_the_folders(make_library: MakeLibrary, tmp_path: Path) -> None:
    assert Library.from_environment({}).roots == (OWN,)
    assert Library.from_environment({"MARTINGALE_CONTENT": ""}).roots == (OWN,)
    make_library({"a.md": section(text="A {term}`martingale`.", more="sources: [kwa-2024]\n")}, "one")
    make_library({"b.md": section()}, "two")
    named = os.pathsep.join(str(tmp_path / name) for name in ("one", "two"))
    book = Library.from_environment({"MARTINGALE_CONTENT": named}).load()
    assert [s.slug for s in book.sections] == ["a", "b"]
    own = Library([OWN]).load()
    assert book.by_slug["a"].terms["martingale"].html == own.glossary["martingale"].html
    assert book.problems == ()


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    library = Library.from_environment({"MARTINGALE_CONTENT": str(tmp_path / "nowhere")})
    with pytest.raises(FolderError) as error:
        library.load()
    assert str(error.value) == f"There is no folder '{tmp_path / 'nowhere'}'. MARTINGALE_CONTENT names it."
    assert library.fingerprint() == ""


def test_what_is_closed_is_a_problem_until_it_is_opened(
    make_library: MakeLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder without permissions, which a superuser would not notice, and a link that leads to itself."""
    library = make_library({"alpha/a.md": section(), "beta/b.md": section(track="beta")})
    (root,) = library.roots
    scandir = os.scandir

    def closed(folder: Path) -> Iterator[os.DirEntry[str]]:
        if Path(folder).name == "beta":
            raise PermissionError(13, "Permission denied", str(folder))
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", closed)
    (root / "alpha" / "circle.md").symlink_to("circle.md")
    book = library.load()
    assert list(book.by_slug) == ["a"]
    assert [(problem.path, problem.message) for problem in book.problems] == [
        (str(root / "alpha" / "circle.md"), "It cannot be read: Too many levels of symbolic links."),
        (str(root / "beta"), "It cannot be read: Permission denied."),
    ]
    monkeypatch.undo()
    (root / "alpha" / "circle.md").unlink()
    book = library.load()
    assert (list(book.by_slug), book.problems) == (["a", "b"], ())


def test_a_book_whose_own_folder_is_closed_is_no_book(
    make_library: MakeLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = make_library({"a.md": section()})

    def closed(folder: Path) -> Iterator[os.DirEntry[str]]:
        raise PermissionError(13, "Permission denied", str(folder))

    monkeypatch.setattr(os, "scandir", closed)
    with pytest.raises(FolderError, match="cannot be read: Permission denied"):
        library.load()


def test_problems_of_the_glossary_and_the_sources(make_library: MakeLibrary) -> None:
    book = make_library(
        {
            "a.md": section(text="{term}`one`"),
            "glossary.md": "# Words\n\none\n: {term}`nothing`.\n\nOne\n: Again.\n\ntwo (also: one)\n: Or.\n",
            "sources.md": "Not An Id\n: x\n\nkwa\n: y\n\nkwa\n: z <b>\n",
        }
    ).load()
    assert [(Path(p.path).name, p.line, p.column, p.code) for p in book.problems] == [
        ("glossary.md", 4, 10, Code.UNKNOWN_TERM),
        ("glossary.md", 6, 1, Code.DUPLICATE_ID),
        ("glossary.md", 9, 1, Code.DUPLICATE_ID),
        ("sources.md", 1, 1, Code.BAD_ID),
        ("sources.md", 7, 1, Code.DUPLICATE_ID),
        ("sources.md", 8, 5, Code.RAW_HTML),
    ]
    assert list(book.glossary) == ["one", "two"]
    assert list(book.citations) == ["kwa"]


def test_an_unreadable_glossary_is_a_problem_and_no_more(make_library: MakeLibrary) -> None:
    book = make_library(
        {"a.md": section(text="Text."), "glossary.md": b"\xff", "alpha/_track.md": b"\xff"}
    ).load()
    assert [problem.code for problem in book.problems] == [Code.UNREADABLE_FILE] * 2
    assert book.by_slug["a"].problems == ()


@pytest.mark.parametrize("slug", ["review", "lab", "lab-belief-walk", "lab-of-my-own"])
def test_addresses_of_the_app_are_not_given_away(slug: str, make_library: MakeLibrary) -> None:
    book = make_library({f"{slug}.md": section()}).load()
    assert [problem.code for problem in book.problems] == [Code.BAD_SLUG]
    book = make_library({"a.md": section(more=f"redirects: [{slug}]\n")}, "other").load()
    assert [problem.code for problem in book.problems] == [Code.DUPLICATE_SECTION]
    assert dict(book.redirects) == {}


def test_a_word_that_begins_as_the_lab_does_is_an_address_like_any_other(make_library: MakeLibrary) -> None:
    assert make_library({"labour-and-leisure.md": section()}).load().problems == ()


def test_a_broken_simulation_is_a_problem_where_it_stands_and_no_more(
    make_library: MakeLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(name: str) -> spec.Toy:
        raise spec.BrokenToyError(f"The simulation '{name}' cannot be loaded.")

    monkeypatch.setattr(spec, "get", fail)
    book = make_library({"a.md": section(text=":::{sim} belief_walk\n:::\n"), "b.md": OTHER}).load()
    assert [(problem.code, problem.message) for problem in book.problems] == [
        (Code.UNKNOWN_TOY, "The simulation 'belief_walk' cannot be loaded.")
    ]
    assert book.by_slug["b"].problems == ()


def test_threads_get_one_book(make_library: MakeLibrary, parsed: list[str]) -> None:
    library = make_library({f"s-{n}.md": section(text=OTHER) for n in range(20)})
    books = []
    threads = [threading.Thread(target=lambda: books.append(library.load())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(parsed) == 20
    assert all(book is books[0] for book in books)
    assert len(books) == 8


def test_front_matter_alone_is_a_section(make_library: MakeLibrary) -> None:
    book = make_library({"a.md": HEAD}).load()
    assert book.by_slug["a"].blocks == ()
    assert book.by_slug["a"].minutes == 1


def test_the_books_own_sections_are_clean() -> None:
    assert Library([OWN]).load().problems == ()
