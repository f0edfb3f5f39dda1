"""The YAML at the top of a section, between two lines `---`.

    ---
    title: How often should a calibrated person update?
    track: beliefs
    order: 20
    summary: One sentence.
    sources: [kwa-2024, chan-2024]
    as_of: 2026-11
    shelf_life: 24
    redirects: [how-often]
    resolved: {a-claim: yes 2027-01-03}
    ---

The first four are required. YAML would turn `2026-11-02` into a date and `yes` into a truth value, so
every scalar is read as the text that stands there, and its type is decided here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import yaml

from cards.card import SHELF_LIFE
from cards.settled import Settled
from content.front_matter_faults import unclosed, unreadable
from content.hints import did_you_mean
from content.problems import Code, Problem
from content.resolved import Resolved, read_resolved
from content.slug import RULE, is_slug
from content.source import Source
from content.word import Word

REQUIRED = ("title", "track", "order", "summary")
KEYS = (*REQUIRED, "sources", "as_of", "shelf_life", "redirects", "resolved")
LAST = 1_000_000_000
LONGEST_LIFE = 1200  # months: a hundred years, after which nobody will ask

_MONTH = re.compile(r"(?!0000)(\d{4})-(0[1-9]|1[0-2])(?:-\d{2})?", re.ASCII)
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # libyaml where it is there: six times as fast


@dataclass(frozen=True)
class FrontMatter:
    """What the top of a file says; where it says nothing usable, a default that can be shown.

    Attributes:
        lines: How many lines of the file it takes, with its fences.
        problems: What is wrong with it.
        track_word: Its track with its place, if the file names one.
        source_words: The ids of its sources with their places, for whoever knows which sources there are.
        redirect_words: The slugs that it had before, with their places.
        resolved: The claims that have turned out, with their places.
    """

    title: str = ""
    track: str = ""
    order: int = LAST
    summary: str = ""
    as_of: str = ""
    shelf_life: int = SHELF_LIFE
    track_word: Word | None = None
    source_words: tuple[Word, ...] = ()
    redirect_words: tuple[Word, ...] = ()
    resolved: tuple[Resolved, ...] = ()
    lines: int = 0
    problems: tuple[Problem, ...] = ()

    @property
    def sources(self) -> tuple[str, ...]:
        """The ids of its sources, each once."""
        return tuple(dict.fromkeys(word.text for word in self.source_words))

    @property
    def redirects(self) -> tuple[str, ...]:
        """The slugs that it had before, each once."""
        return tuple(dict.fromkeys(word.text for word in self.redirect_words))

    def settled(self, card_id: str) -> Settled | None:
        """How a claim has turned out; None while it is open."""
        return next((settled for name, settled in self.resolved if name.text == card_id), None)


def read_front_matter(source: Source, required: tuple[str, ...] = REQUIRED) -> FrontMatter:
    """Read the front matter of a file; what is wrong is in its `problems`, nothing is raised."""
    return _Reader(source, required).read()


@dataclass
class _Reader:
    source: Source
    required: tuple[str, ...]
    problems: list[Problem] = field(default_factory=list)
    end: int = 0

    def read(self) -> FrontMatter:
        given = self._mapping()
        if given is None:
            return FrontMatter(lines=self.end, problems=tuple(self.problems))
        self._check_keys(given)
        redirects = self._list(given, "redirects")
        track = self._slug(given, "track")
        front = FrontMatter(
            title=self._text(given, "title"),
            track=track,
            order=self._order(given),
            summary=self._text(given, "summary"),
            as_of=self._month(given),
            shelf_life=self._shelf_life(given),
            track_word=self._value("track", track) if track else None,
            source_words=tuple(self._list(given, "sources")),
            redirect_words=tuple(word for word in redirects if self._is_slug("redirects", word)),
            resolved=read_resolved(self._pairs(given, "resolved"), self._report),
            lines=self.end,
        )
        return replace(front, problems=tuple(self.problems))

    def _mapping(self) -> dict[str, Any] | None:
        lines = self.source.lines
        if lines[0].rstrip() != "---":
            if self.required:
                hint = f"begin the file with '---', then {', '.join(self.required)}, then '---'"
                self._report(Word("", 1, 1), "The file has no front matter.", hint)
            return {} if not self.required else None
        closing = (index for index, line in enumerate(lines) if index and line.rstrip() in {"---", "..."})
        end = next(closing, None)
        if end is None:
            self._report(*unclosed(lines))
            return None
        self.end = end + 1
        return self._yaml(lines[1:end])

    def _yaml(self, lines: Sequence[str]) -> dict[str, Any] | None:
        try:
            given = self._given("\n".join(lines))
        except yaml.MarkedYAMLError as error:
            begun = error.context_mark.line if error.context_mark else None
            noticed = error.problem_mark.line if error.problem_mark else begun
            self._report(*unreadable(lines, begun, noticed))
            return None
        except (yaml.YAMLError, RecursionError):
            self._report(*unreadable(lines, None, None))
            return None
        if given in (None, ""):
            return {}
        if not isinstance(given, dict):
            self._report(
                self._word_at(1),
                "The front matter has no lines 'key: value'.",
                "write, for instance, 'title: …'",
            )
            return None
        return {str(key): value for key, value in given.items()}

    def _given(self, text: str) -> object:
        """Read YAML; of a key that is given twice the last counts, as YAML has it, and the second is told."""
        loader = _LOADER(text)  # a base loader: every scalar stays text
        try:
            node = loader.get_single_node()
            if node is None:
                return None
            for group in (node, *(value for _, value in _pairs(node))):
                self._check_doubles(_pairs(group))
            return loader.construct_document(node)
        finally:
            loader.dispose()

    def _check_doubles(self, pairs: Sequence[tuple[yaml.Node, yaml.Node]]) -> None:
        """Report the keys that stand twice in one group of keys."""
        seen = set()
        for key in (key for key, _ in pairs if isinstance(key, yaml.ScalarNode)):
            if key.value in seen:
                word = Word(key.value, key.start_mark.line + 2, key.start_mark.column + 1)
                self._report(word, f"'{key.value}' is given twice.", "keep one of the two")
            seen.add(key.value)

    def _check_keys(self, given: dict[str, Any]) -> None:
        missing = [key for key in self.required if given.get(key, "") in ("", [], {})]
        for key in given:
            if key not in KEYS:
                hint = did_you_mean(key, missing) if missing else ""
                hint = hint if hint.startswith("did") else did_you_mean(key, KEYS)
                missing = [other for other in missing if f"'{other}'" not in hint]
                self._report(self._key(key), f"The front matter has no key '{key}'.", hint)
        for key in missing:
            word = self._key(key) if key in given else Word("---", 1, 1)
            self._report(word, f"The front matter has no {key}.", f"add a line '{key}: …'")

    def _text(self, given: dict[str, Any], key: str) -> str:
        value = given.get(key, "")
        if isinstance(value, str):
            return " ".join(value.split())
        kind = "list" if isinstance(value, list) else "group of keys"
        self._report(self._key(key), f"{key} is a {kind}, not a text.", "put quotation marks around it")
        return ""

    def _slug(self, given: dict[str, Any], key: str) -> str:
        text = self._text(given, key)
        return text if not text or self._is_slug(key, self._value(key, text)) else ""

    def _is_slug(self, key: str, word: Word) -> bool:
        if is_slug(word.text):
            return True
        self._report(word, f"{key}: '{word.text}' is not a slug.", f"use {RULE}")
        return False

    def _order(self, given: dict[str, Any]) -> int:
        text = self._text(given, "order")
        if re.fullmatch(r"[+-]?\d{1,9}", text, re.ASCII):
            return int(text)
        if text:
            message = f"order is '{text}', which is not a whole number."
            self._report(self._value("order", text), message, "write, for instance, 'order: 20'")
        return LAST

    def _month(self, given: dict[str, Any]) -> str:
        text = self._text(given, "as_of")
        match = _MONTH.fullmatch(text)
        if match:
            return f"{match[1]}-{match[2]}"
        if text:
            self._report(
                self._value("as_of", text), f"as_of is '{text}', which is not a month.", "write YYYY-MM"
            )
        return ""

    def _shelf_life(self, given: dict[str, Any]) -> int:
        text = self._text(given, "shelf_life")
        if not text:
            return SHELF_LIFE
        word = self._value("shelf_life", text)
        if not re.fullmatch(r"\d{1,4}", text, re.ASCII) or not 1 <= int(text) <= LONGEST_LIFE:
            message = f"shelf_life is '{text}', which is not a number of months from 1 to {LONGEST_LIFE}."
            self._report(word, message, f"write, for instance, 'shelf_life: {SHELF_LIFE}'")
            return SHELF_LIFE
        if not given.get("as_of"):
            self._report(
                word, "shelf_life counts from as_of, and there is none.", "add a line 'as_of: YYYY-MM'"
            )
        return int(text)

    def _list(self, given: dict[str, Any], key: str) -> list[Word]:
        value = given.get(key) or []
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return [self._value(key, item) for item in value]
        self._report(self._key(key), f"{key} is not a list of names.", f"write '{key}: [one, another]'")
        return []

    def _pairs(self, given: dict[str, Any], key: str) -> list[tuple[Word, Word]]:
        """Find names and what is said of each; a value is looked for behind its name."""
        value = given.get(key) or {}
        if isinstance(value, dict) and all(isinstance(said, str) for said in value.values()):
            names = [self._value(key, str(name)) for name in value]
            return [
                (name, self._behind(name, " ".join(said.split())))
                for name, said in zip(names, value.values(), strict=True)
            ]
        self._report(self._key(key), f"{key} is not a list of claims.", f"write '{key}: {{a-claim: yes}}'")
        return []

    def _behind(self, name: Word, said: str) -> Word:
        pattern = rf".*?({re.escape(said)})"
        column = name.column - 1 + len(name.text)
        return next(self._matches(pattern, first=name.line - 1, column=column), Word(said, name.line, column))

    def _key(self, key: str) -> Word:
        return next(self._matches(rf"\s*['\"]?({re.escape(key)})['\"]?\s*:"), Word(key, 1, 1))

    def _value(self, key: str, value: str) -> Word:
        """Find a value: the first place after its key where it stands as a word of its own."""
        start = self._key(key)
        pattern = rf".*?(?<![\w-])({re.escape(value)})(?![\w-])"
        for word in self._matches(pattern, first=start.line - 1, column=start.column - 1 + len(key)):
            return word
        return Word(value, start.line, start.column)

    def _matches(self, pattern: str, first: int = 1, column: int = 0) -> Iterator[Word]:
        compiled = re.compile(pattern)
        for index in range(first, self.end):
            match = compiled.match(self.source.lines[index], column if index == first else 0)
            if match:
                yield Word(match[1], index + 1, match.start(1) + 1)

    def _word_at(self, index: int) -> Word:
        return Word(self.source.lines[index], index + 1, 1)

    def _report(self, word: Word, message: str, hint: str) -> None:
        self.problems.append(
            Problem(self.source.path, word.line, word.column, Code.BAD_FRONT_MATTER, message, hint)
        )


def _pairs(node: yaml.Node) -> Sequence[tuple[yaml.Node, yaml.Node]]:
    """Each key of a group with its value; none of what is no group."""
    return node.value if isinstance(node, yaml.MappingNode) else ()
