"""The directives that card kinds bring: `card`, `cloze` and whatever else lies in `cards/kinds`.

    :::{card} an-id-for-ever
    :tags: walks, theorems::optional-stopping
    :family: stopping
    :edition: 2
    Question
    ---
    Answer
    :::

The kind says which parts and options there are and judges what is in them. This file gives the card its
identity: an id that its author wrote, and a digest of its contents.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from cards.card import Card
from cards.kinds import Finding, Kind
from content.block_id import has_id
from content.blocks import CardBlock
from content.directive import Part, Single
from content.fence import Fence
from content.problems import Code
from content.reading import Reading
from content.slug import RULE, is_slug, slugify
from content.word import Word

COMMON_OPTIONS = frozenset({"tags", "family", "edition"})
EDITIONS = 9999


class CardDirective(Single):
    """The directive of one kind of card."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.allows_deletions = kind.name == "cloze"

    @property
    def options(self) -> frozenset[str] | None:
        """The kind's options, and those of every card; `None` where the kind judges their names itself."""
        return None if self.kind.options is None else self.kind.options | COMMON_OPTIONS

    def build(self, fence: Fence, parts: Sequence[Part], reading: Reading) -> CardBlock | None:
        """Make the card, or report what is wrong with it."""
        fields = self._fields(fence, parts, reading)
        options = self._options(fence)
        self._judge(fence, parts, fields, options, reading)
        is_named = has_id(fence, reading, "card")
        tags, edition = self._tags(fence, reading), self._edition(fence, reading)
        family = self._family(fence, reading)
        if not is_named or reading.problems_within(fence.line, fence.last):
            return None
        reading.ids.append(fence.argument)
        if family is not None:
            reading.families.append(family)
        front = reading.front
        card = Card(
            id=fence.argument.text,
            kind=self.kind.name,
            section=reading.slug,
            section_title=front.title,
            track=front.track,
            track_title=front.track,
            order=0,
            fields=fields,
            front="",
            back="",
            text_hash=text_hash(self.kind.name, fields | self._options_that_count(options)),
            tags=tags,
            as_of=front.as_of,
            path=reading.source.path,
            line=fence.line,
            options=options,
            family=family.text if family else "",
            shelf_life=front.shelf_life,
            edition=edition,
            resolved=front.settled(fence.argument.text),
        )
        shown = self.kind.instance(card)
        return CardBlock(replace(card, front=shown.front, back=shown.back))

    def _options(self, fence: Fence) -> dict[str, str]:
        """The kind's own options: those that it knows, or, where it judges their names, all others."""
        known, given = self.kind.options, fence.values.items()
        if known is None:
            return {name: value for name, value in given if name not in COMMON_OPTIONS}
        return {name: value for name, value in given if name in known}

    def _options_that_count(self, options: Mapping[str, str]) -> dict[str, str]:
        """The options that are part of what a card asks or claims, named as no part is."""
        counts = self.kind.asks_for_guess or not self.kind.is_remembered
        return {f":{name}:": value for name, value in options.items()} if counts else {}

    def _fields(self, fence: Fence, parts: Sequence[Part], reading: Reading) -> dict[str, str]:
        names = self.kind.parts
        if len(parts) > len(names):
            message = f"{fence.name.text} has {len(names)} parts, and this is number {len(names) + 1}."
            reading.report(Code.EXTRA_PART, parts[len(names)].place, message, "for a line across write '***'")
        given = [part.html for part in parts[: len(names)]]
        return dict(zip(names, given + [""] * (len(names) - len(given)), strict=True))

    def _judge(
        self,
        fence: Fence,
        parts: Sequence[Part],
        fields: Mapping[str, str],
        options: Mapping[str, str],
        reading: Reading,
    ) -> None:
        for finding in self.kind.check(fields, options):
            code = Code(finding.code)
            place = fence.name
            if code is Code.MISSING_ANSWER and len(parts) > 1:
                place = parts[1].place
            if finding.option or finding.words:
                place = self._place(finding, fence, reading)
            elif code is Code.BAD_OPTION:
                named = (o for o in fence.options if o.name.text in finding.message.split())
                place = next((option.value for option in named), place)
            reading.report(code, place, finding.message, finding.hint)

    def _place(self, finding: Finding, fence: Fence, reading: Reading) -> Word:
        """Where something is wrong: in the text, at an option's value or a part of it, or at its name."""
        option = fence.option(finding.option)
        if option is not None:
            if not option.value.text or finding.code == Code.UNKNOWN_OPTION:
                return option.name
            return option.value.part(*finding.span) if finding.span else option.value
        for line in range(fence.body, fence.last + 1):
            column = reading.line(line - 1).find(finding.words)
            if finding.words and column >= 0:
                return Word(finding.words, line, column + 1)
        return fence.name

    def _tags(self, fence: Fence, reading: Reading) -> tuple[str, ...]:
        option = fence.option("tags")
        words = [word for word in option.value.split(",") if word.text] if option else []
        for word in words:
            if not all(is_slug(level) for level in word.text.split("::")):
                hint = f"separate tags by commas; in each use {RULE}, with '::' between levels"
                reading.report(Code.BAD_OPTION, word, f"'{word.text}' is not a tag.", hint)
        return tuple(dict.fromkeys(word.text for word in words))

    def _family(self, fence: Fence, reading: Reading) -> Word | None:
        option = fence.option("family")
        if option is None:
            return None
        if not is_slug(option.value.text):
            hint = f"write one name, with {RULE}, such as '{slugify(option.value.text, 'family')}'"
            reading.report(Code.BAD_OPTION, option.value, f"'{option.value.text}' is not a family.", hint)
        return option.value

    def _edition(self, fence: Fence, reading: Reading) -> int:
        option = fence.option("edition")
        if option is None:
            return 1
        text = option.value.text
        if re.fullmatch(r"\d{1,4}", text, re.ASCII) and 1 <= int(text) <= EDITIONS:
            return int(text)
        hint = "write ':edition: 2' when the card first means something else, then 3, and so on"
        reading.report(Code.BAD_OPTION, option.value, f"'{text}' is not the number of an edition.", hint)
        return 1


def text_hash(kind: str, fields: Mapping[str, str]) -> str:
    """Return a digest that changes exactly when a card's contents change; empty fields do not count."""
    contents = sorted((name, html.strip()) for name, html in fields.items() if html.strip())
    return hashlib.sha256(json.dumps([kind, contents], ensure_ascii=False).encode()).hexdigest()
