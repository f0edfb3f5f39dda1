"""From the text of a file to its blocks: the only door to the markdown parser.

A file is parsed once. Its top-level tokens are cut at simulations and cards; the runs between them are
rendered with one shared environment, so that footnotes count through the section, and each passes the HTML
gate.

Left out: raw HTML, syntax colouring, automatic links, footnotes written in place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any, cast

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock, lheading
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin

from content.blocks import Block, Heading, ProblemBlock, Prose
from content.dialect import footnotes, inline, stretches
from content.dialect.fences import fence_rule
from content.dialect.html import RENDER, after_its_problem, plain_text
from content.dialect.links import check_links
from content.directive import Part, Single
from content.fence import Fence
from content.reading import Reading, Stretch
from content.sanitise import sanitise
from content.slug import slugify, unused
from content.word import Word

_PART_LINE = re.compile(r"\s*-{3,}\s*$")
_OUR_ANCHOR = re.compile(r"(?:fn|fnref|term|card|source)-.*|top")
_DEEPEST_LISTED = 3
_STARTS_A_GROUP = frozenset({"problem", "single_open", "footnote_block_open"})
_ENDS_A_GROUP = frozenset({"problem", "single_close"})


@dataclass(frozen=True)
class Body:
    """What the text of a section has become."""

    blocks: tuple[Block, ...]
    headings: tuple[Heading, ...]
    words: int


@dataclass(frozen=True)
class Definition:
    """An entry of a definition list: what is defined, as written and as seen, and how, as sanitised HTML."""

    name: Word
    title: str
    html: str


@cache
def dialect() -> MarkdownIt:
    """The parser of the dialect; CommonMark, and what is written in `content/dialect`."""
    md = MarkdownIt("commonmark", {"html": False}).enable("table")
    md.use(deflist_plugin)
    md.use(dollarmath_plugin, allow_labels=False, allow_space=False, allow_digits=False,
           allow_blank_lines=False, double_inline=True)  # fmt: skip
    md.use(footnote_plugin, inline=False)
    interrupts: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list", "footnote_def"]}
    md.block.ruler.before("fence", "directive", fence_rule, interrupts)
    md.block.ruler.at("lheading", _underlined_heading)
    md.inline.ruler.before("backticks", "role", inline.role_rule)
    md.inline.ruler.before("escape", "deletion", inline.deletion_rule)
    md.inline.ruler.before("footnote_ref", "footnote_warning", inline.footnote_warning_rule)
    md.inline.ruler.at("html_inline", inline.raw_html_rule)
    md.validateLink = _any_link  # type: ignore[method-assign] # the parser has no other hook
    md.core.ruler.at("inline", stretches.inline_rule)
    md.core.ruler.after("inline", "footnote_check", footnotes.check_rule)
    rules = cast("dict[str, Any]", cast("RendererHTML", md.renderer).rules)
    rules |= RENDER | {"fence": after_its_problem(rules["fence"])}
    return md


def _any_link(url: str) -> bool:
    """Let every link through the parser: `content/dialect/links.py` judges them, and says what is wrong."""
    del url
    return True


def _underlined_heading(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """In a card a line of hyphens parts question from answer, and is not the underline of a heading."""
    return not state.env.get("in_single") and lheading(state, start, end, silent)


def read_body(reading: Reading) -> Body:
    """Read everything below the front matter; what is wrong is reported to the reading."""
    page = _Page(reading)
    blocks: list[Block] = [ProblemBlock(problem) for problem in reading.front.problems]
    for group in _groups(page.tokens):
        blocks += page.blocks_of(group)
    return Body(tuple(blocks), tuple(page.headings), page.words)


def read_definitions(reading: Reading) -> list[Definition]:
    """Read the definition lists of a glossary or a list of sources; text around them is for its authors."""
    page = _Page(reading, footnotes=False)
    found, name, opened = [], None, 0
    for index, token in enumerate(page.tokens):
        if token.level != 1:
            continue
        if token.type == "dt_open":
            name = page.tokens[index + 1]
        elif token.type == "dd_open":
            opened = index
        elif token.type == "dd_close" and name is not None and name.map:
            html = page.html(page.tokens[opened + 1 : index]).strip()
            line = name.map[0]
            column = reading.line(line).find(name.content) + 1
            found.append(Definition(Word(name.content, line + 1, column), plain_text(name.children), html))
    return found


def _groups(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """Cut top-level tokens into runs of prose, single blocks, problems, and the notes at the end."""
    group: list[Token] = []
    for token in tokens:
        if token.level == 0 and token.type in _STARTS_A_GROUP and group:
            yield group
            group = []
        group.append(token)
        if token.level == 0 and token.type in _ENDS_A_GROUP:
            yield group
            group = []
    if group:
        yield group


class _Page:
    """The tokens of one file on their way to blocks."""

    def __init__(self, reading: Reading, *, footnotes: bool = True) -> None:
        self.reading = reading
        self.headings: list[Heading] = []
        self.words = 0
        self._anchors: set[str] = set()
        self._env: dict[str, Any] = {"reading": reading, "in_single": not footnotes}
        below = reading.source.lines[reading.front.lines :]
        reading.inline = self.inline
        self.tokens = dialect().parse("\n" * reading.front.lines + "\n".join(below), self._env)

    def html(self, tokens: Sequence[Token]) -> str:
        """Render tokens, through the gate."""
        return sanitise(dialect().renderer.render(tokens, dialect().options, self._env))

    def inline(self, word: Word) -> str:
        """Render a line of inline markup, through the gate."""
        self.reading.stretch = Stretch(word.text, word.line - 1)
        children: list[Token] = []
        token = Token("inline", "", 0, content=word.text, children=children)
        outside, self._env["in_single"] = self._env["in_single"], True
        dialect().inline.parse(word.text, dialect(), self._env, children)
        check_links(token, self.reading)
        self._env["in_single"] = outside
        return self.html([token])

    def blocks_of(self, group: Sequence[Token]) -> list[Block]:
        """Return what a group of tokens becomes."""
        first = group[0]
        if first.type == "problem":
            return [ProblemBlock(first.meta["problem"])]
        if first.type == "single_open":
            return self._single(first.meta["fence"], first.meta["directive"], group[1:-1])
        self._anchor_headings(group)
        self.words += sum(len(token.content.split()) for token in group if token.type == "inline")
        html = self.html(group)
        return [Prose(html)] if html.strip() else []

    def _single(self, fence: Fence, directive: Single, tokens: Sequence[Token]) -> list[Block]:
        """Build a block; one with anything wrong in it is held back, and its problems stand in its place."""
        block = directive.build(fence, self._parts(fence, tokens), self.reading)
        problems = self.reading.problems_within(fence.line, fence.last)
        if problems or block is None:
            return [ProblemBlock(problem) for problem in problems]
        return [block]

    def _parts(self, fence: Fence, tokens: Sequence[Token]) -> list[Part]:
        """Cut a body at its lines of hyphens."""
        parts: list[Part] = []
        run: list[Token] = []
        place = fence.name
        for token in tokens:
            if token.type == "hr" and token.level == 1 and token.map and self._is_part_line(token.map[0]):
                parts.append(Part(self.html(run).strip(), place))
                run, place = [], self._part_line(token.map[0])
            else:
                run.append(token)
        parts.append(Part(self.html(run).strip(), place))
        return parts

    def _is_part_line(self, index: int) -> bool:
        return _PART_LINE.match(self.reading.line(index)) is not None

    def _part_line(self, index: int) -> Word:
        line = self.reading.line(index)
        return Word(line.strip(), index + 1, line.index("-") + 1)

    def _anchor_headings(self, tokens: Sequence[Token]) -> None:
        """Give every heading an anchor; the page's own title is the only one of the first level."""
        for token, following in pairwise(tokens):
            if token.type == "heading_open":
                text = " ".join(plain_text(following.children).split())
                anchor = slugify(text)
                anchor = unused(f"h-{anchor}" if _OUR_ANCHOR.fullmatch(anchor) else anchor, self._anchors)
                self._anchors.add(anchor)
                token.attrs["id"] = anchor
                level = int(token.tag[1])
                if token.level == 0 and level <= _DEEPEST_LISTED:
                    self.headings.append(Heading(text, anchor, max(level, 2)))
            if token.tag == "h1":
                token.tag = "h2"
