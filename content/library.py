"""The library: the folders of a book, read once and read again only where they have changed.

A file is read again when it was saved, or when something that it names (a section's title, a term, a source,
a figure) is no longer what it was. Everything else is kept, so that a save costs one file's parsing.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from content.book import Book, Track, bind, names_of
from content.context import Context, Named, Things
from content.definitions import Glossary, Sources, read_glossary, read_sources
from content.files import Files, FolderError, Stamp, fingerprint, list_definitions, list_files
from content.front_matter import FrontMatter, read_front_matter
from content.problems import Code, Problem
from content.section import Draft, Opening, read_opening, read_section, unreadable
from content.source import Source, UnreadableError, read

OWN = Path(__file__).resolve().parent
VARIABLE = "MARTINGALE_CONTENT"

__all__ = ["OWN", "VARIABLE", "Book", "FolderError", "Library", "Track"]


@dataclass
class _Kept:
    """What is known of one section's file."""

    stamp: Stamp
    opening: Opening
    draft: Draft | None = None


@dataclass(frozen=True)
class _Definitions:
    """What the glossaries and lists of sources say together, and what they were read from."""

    stamps: tuple[tuple[Path, Stamp], ...] = ()
    glossary: Glossary = field(default_factory=Glossary)
    sources: Sources = field(default_factory=Sources)


class Library:
    """A book that lies in one or more folders. Safe to use from several threads.

    Args:
        roots: Folders, or single files; each with its glossary, sources and figures.
        fallback: A folder whose glossary and sources stand in for terms and sources that the roots lack.
        named_by: What to blame, in a sentence, if a root is not there.
    """

    def __init__(self, roots: Sequence[Path], *, fallback: Path | None = None, named_by: str = "") -> None:
        self.roots = tuple(dict.fromkeys(root.absolute() for root in roots))
        self._fallback = fallback
        self._named_by = named_by
        self._lock = threading.Lock()
        self._kept: dict[Path, _Kept] = {}
        self._definitions = _Definitions()
        self._book = Book()
        self._figures: dict[str, Path] = {}

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Library:
        """The library that the environment names: the book's own, or the folders of `MARTINGALE_CONTENT`."""
        named = [_at_home(Path(part)) for part in environ.get(VARIABLE, "").split(os.pathsep) if part]
        if not named:
            return cls([OWN])
        return cls(named, fallback=OWN, named_by=VARIABLE)

    def load(self) -> Book:
        """Return the book as it is on disk now.

        Raises:
            FolderError: If a folder of the book is not there.
        """
        with self._lock:
            files = self._list()
            seen = fingerprint(files)
            if seen != self._book.fingerprint:
                self._book = replace(self._read(files), fingerprint=seen)
            return self._book

    def fingerprint(self) -> str:
        """Return a text that differs after any save; no file is read. A folder that is gone is empty."""
        try:
            return fingerprint(self._list())
        except FolderError:
            return ""

    def figure(self, name: str) -> Path | None:
        """Return the file of a figure by its name, as of the last `load`."""
        return self._figures.get(name)

    def _list(self) -> list[Files]:
        try:
            files = [list_files(root) for root in self.roots]
        except FolderError as error:
            blame = f" {self._named_by} names it." if self._named_by else ""
            raise FolderError(f"{error}{blame}") from None
        return [*files, *([list_definitions(self._fallback)] if self._fallback else [])]

    def _read(self, files: Sequence[Files]) -> Book:
        own = files[: len(self.roots)]
        sources = self._open(own)
        self._figures = {path.name: path for root in reversed(own) for path in root.figures}
        chosen, doubles = self._choose()
        context = self._context(files, chosen)
        drafts = [self._draft(path, sources, context) for path in chosen]
        tracks, track_problems = _tracks(own)
        owned = {str(path) for root in own for path in root.definitions}
        of_definitions = (*self._definitions.glossary.problems, *self._definitions.sources.problems)
        return bind(
            drafts,
            tracks,
            self._definitions.glossary,
            self._definitions.sources,
            [*doubles, *track_problems, *_closed(own), *(p for p in of_definitions if p.path in owned)],
        )

    def _open(self, files: Sequence[Files]) -> dict[Path, Source]:
        """Read new and changed files as far as their front matter; forget those that are gone."""
        present = {path: stamp for root in files for path, stamp in root.sections.items()}
        kept = {path: known for path, known in self._kept.items() if present.get(path) == known.stamp}
        sources = {}
        for path, stamp in present.items():
            if path not in kept:
                try:
                    sources[path] = read(path)
                    kept[path] = _Kept(stamp, read_opening(sources[path]))
                except UnreadableError as error:
                    blank = read_opening(Source(str(path), ""))
                    kept[path] = _Kept(stamp, blank, unreadable(path, error.problem))
        self._kept = {path: kept[path] for path in present}
        return sources

    def _choose(self) -> tuple[list[Path], list[Problem]]:
        """Keep the first of the files that have one slug."""
        first: dict[str, Path] = {}
        doubles = []
        for path, known in self._kept.items():
            slug = known.opening.slug
            if slug in first:
                message = f"The section '{slug}' is already in {first[slug]}; this one is not shown."
                doubles.append(
                    Problem(str(path), 1, 1, Code.DUPLICATE_SECTION, message, "rename one of the two files")
                )
            first.setdefault(slug, path)
        return list(first.values()), doubles

    def _context(self, files: Sequence[Files], chosen: Sequence[Path]) -> Context:
        openings = [self._kept[path].opening for path in chosen]
        things = {
            Things.SECTION: names_of({o.slug: (o.front.title, o.front.redirect_words) for o in openings}),
            Things.FIGURE: {name: Named(name, name) for name in self._figures},
        }
        self._definitions = _define(files, Context(things), self._definitions)
        glossary, citations = self._definitions.glossary, self._definitions.sources.citations
        things[Things.TERM] = dict(glossary.names)
        things[Things.SOURCE] = {name: Named(name, name) for name in citations}
        return Context(things)

    def _draft(self, path: Path, sources: Mapping[Path, Source], context: Context) -> Draft:
        known = self._kept[path]
        if known.draft is None or not context.still_answers(known.draft.asked):
            try:
                known.draft = read_section(sources.get(path) or read(path), known.opening, context)
            except UnreadableError as error:
                known.draft = unreadable(path, error.problem)
        return known.draft


def _at_home(path: Path) -> Path:
    """Write out whose home a path begins in; of somebody who is not there it stays, and is not found."""
    try:
        return path.expanduser()
    except RuntimeError:
        return path


def _define(files: Sequence[Files], context: Context, known: _Definitions) -> _Definitions:
    """Read the glossaries and lists of sources, unless what is known of them still holds."""
    stamps = tuple(item for root in files for item in root.definitions.items())
    if stamps == known.stamps and context.still_answers(known.glossary.asked):
        return known
    glossary, sources = Glossary(), Sources()
    for root in reversed(files):  # the first root is read last, and has the last word
        for path in root.definitions:
            below = Context({**context.things, Things.TERM: glossary.names})
            try:
                if path == root.glossary:
                    glossary = read_glossary(read(path), below).over(glossary)
                else:
                    sources = read_sources(read(path), below).over(sources)
            except UnreadableError as error:
                sources = Sources(problems=(error.problem,)).over(sources)
    return _Definitions(stamps, glossary, sources)


def _closed(files: Sequence[Files]) -> list[Problem]:
    """Report the folders and files that cannot be looked into, whose sections are missing from the book."""
    hint = "check its permissions"
    return [
        Problem(str(path), 1, 1, Code.UNREADABLE_FILE, f"It cannot be read: {reason}.", hint)
        for root in files
        for path, reason in root.closed.items()
    ]


def _tracks(files: Sequence[Files]) -> tuple[dict[str, FrontMatter], list[Problem]]:
    """Read what the folders of the tracks say of them; the first root has the last word."""
    tracks: dict[str, FrontMatter] = {}
    problems: list[Problem] = []
    for path in (path for root in files for path in root.tracks):
        try:
            front = read_front_matter(read(path), required=())
        except UnreadableError as error:
            problems.append(error.problem)
        else:
            problems += front.problems
            tracks.setdefault(path.parent.name, front)
    return tracks, problems
