"""From a file of the book to a section."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from content.blocks import CardBlock, ProblemBlock, Section
from content.context import Context, Named, Things
from content.front_matter import FrontMatter, read_front_matter
from content.hints import did_you_mean
from content.parse import read_body
from content.problems import Code, Problem
from content.reading import Reading
from content.resolved import check_resolved
from content.slug import RULE, is_slug, is_the_apps, slugify
from content.source import Source
from content.word import Word

NO_TRACK = "unfiled"


@dataclass(frozen=True)
class Draft:
    """A section as its own file tells it, before the book has put it in its place.

    Attributes:
        section: Its blocks, with every name that it uses resolved.
        asked: What it looked up outside itself, and the answers it got.
        ids: The ids of its cards, with their places.
        track: The track that its file names, with its place; `None` if it names none.
        redirects: The slugs that it had before, with their places.
        families: The families that its cards name, with their places.
    """

    section: Section
    asked: Mapping[tuple[Things, str], Named | None] = field(default_factory=dict)
    ids: tuple[Word, ...] = ()
    track: Word | None = None
    redirects: tuple[Word, ...] = ()
    families: tuple[Word, ...] = ()

    @property
    def terms(self) -> frozenset[str]:
        """The slugs of the terms that it uses."""
        return frozenset(
            answer.slug for (sort, _), answer in self.asked.items() if sort is Things.TERM and answer
        )


@dataclass(frozen=True)
class Opening:
    """A section's front matter, with what its file's name says filled in."""

    slug: str
    front: FrontMatter


def read_opening(source: Source) -> Opening:
    """Read the top of a file: enough to know what it is called and where it belongs."""
    front = read_front_matter(source)
    path = Path(source.path)
    slug, problems = path.stem, list(front.problems)
    fault = _fault_of_slug(slug)
    if fault:
        problems.insert(0, Problem(source.path, 1, 1, Code.BAD_SLUG, *fault))
        slug = slugify(slug, "section")
    folder = path.parent.name
    filled = replace(
        front,
        title=front.title or slug.replace("-", " ").capitalize(),
        track=front.track or (folder if is_slug(folder) else NO_TRACK),
        problems=tuple(problems),
    )
    return Opening(slug, filled)


def read_section(source: Source, opening: Opening, context: Context) -> Draft:
    """Read a whole file; whatever is wrong with it is shown in its place, and nothing is raised."""
    front = opening.front
    reading = Reading(source, context, opening.slug, front)
    for word in front.source_words:
        if reading.find(Things.SOURCE, word.text) is None:
            hint = did_you_mean(word.text, context.names(Things.SOURCE))
            remedy = hint if hint.startswith("did") else "add it to sources.md"
            reading.report(Code.UNKNOWN_SOURCE, word, f"sources.md has no '{word.text}'.", remedy)
    unknown_sources = tuple(reading.problems)
    body = read_body(reading)
    kinds = {block.card.id: block.card.kind for block in body.blocks if isinstance(block, CardBlock)}
    so_far = len(reading.problems)
    check_resolved(front.resolved, kinds, partial(reading.report, Code.BAD_FRONT_MATTER))
    of_the_top = (*unknown_sources, *reading.problems[so_far:])
    blocks = (*(ProblemBlock(problem) for problem in of_the_top), *body.blocks)
    return Draft(
        Section(
            slug=opening.slug,
            title=front.title,
            track=front.track,
            order=front.order,
            summary=front.summary,
            path=source.path,
            blocks=blocks,
            sources=front.sources,
            as_of=front.as_of,
            headings=body.headings,
            problems=tuple(sorted({*front.problems, *reading.problems})),
            words=body.words,
            redirects=front.redirects,
        ),
        reading.asked,
        tuple(reading.ids),
        front.track_word,
        front.redirect_words,
        tuple(reading.families),
    )


def unreadable(path: Path, problem: Problem) -> Draft:
    """Return a section that shows why its file cannot be read."""
    opening = read_opening(Source(str(path), ""))
    section = Section(
        slug=opening.slug,
        title=opening.front.title,
        track=opening.front.track,
        order=opening.front.order,
        summary="",
        path=str(path),
        blocks=(ProblemBlock(problem),),
        problems=(problem,),
    )
    return Draft(section)


def _fault_of_slug(slug: str) -> tuple[str, str] | None:
    if not is_slug(slug):
        hint = f"rename it with {RULE}, such as '{slugify(slug, 'section')}.md'"
        return f"The file's name '{slug}' cannot be an address.", hint
    if is_the_apps(slug):
        return f"The address '/{slug}' is the app's own.", "give the file another name"
    return None
