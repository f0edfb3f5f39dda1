"""Why front matter cannot be read, in the words of whoever writes it.

YAML's own messages name its tokens, not the mistake, and often stand lines below it. So the lines at which it
gave up are read again for what goes wrong in lines `key: value`: a colon or a sign that YAML takes for its
own, quotation marks that do not match, a line of the text because the front matter is not closed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from content.word import Word

SIGNS = "!&*|>%@`?-,]}#"  # at the beginning of a value they mean something to YAML
CLOSING = {"[": "]", "{": "}"}
LONGEST = 40  # characters of a line that are quoted
PLAIN = "write plain lines 'key: value'"
OR_END = "write 'key: value', or end the front matter above it with a line '---'"

_STRANGE = re.compile("[^\t\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # to YAML
_PAIR = re.compile(r"(?P<key>[\w-]+)\s*:(?:\s+(?P<value>.*?))?\s*$")
_QUOTED = re.compile(r"'(?:[^']|'')*'\s*(?:#.*)?|\"(?:[^\"\\]|\\.)*\"\s*(?:#.*)?")
_BLOCK = re.compile(r"[|>][+-]?\d?")
_COLON = re.compile(r":(?=\s|$)")


class Fault(NamedTuple):
    """What is wrong, with its place in the file, and how to mend it."""

    word: Word
    message: str
    hint: str


def strange_character(text: str) -> str:
    """Name the first character that YAML does not take, but for line breaks; empty if there is none."""
    strange = _STRANGE.search(" ".join(text.split()))
    return f"U+{ord(strange[0]):04X}" if strange else ""


def unclosed(lines: Sequence[str]) -> Fault:
    """Say where front matter should have ended that has no line `---` below it.

    Args:
        lines: The lines of the file.
    """
    for index, line in enumerate(lines[1:], 1):
        if line.strip() and (line.startswith("#") or _is_text(lines, index)):
            message = f"The front matter is not closed, and {_cut(line)} is not a line of it."
            return Fault(Word(line, index + 1, 1), message, "write a line '---' above it")
    return Fault(Word("---", 1, 1), "The front matter is not closed.", "end it with a line '---'")


def unreadable(lines: Sequence[str], begun: int | None, noticed: int | None) -> Fault:
    """Say why YAML gave up.

    Args:
        lines: The lines of the front matter, from the file's second line on.
        begun: The place among them where YAML began to misread, if it says so.
        noticed: The place where it noticed, if it was not at the whole.
    """
    for index, line in enumerate(lines):
        strange = _STRANGE.search(line)
        if strange:
            message = f"The front matter holds a character that cannot be shown, U+{ord(strange[0]):04X}."
            return Fault(Word(strange[0], index + 2, strange.start() + 1), message, "delete it")
    if noticed is None:
        return Fault(Word("", 2, 1), "The front matter has too many values inside one another.", PLAIN)
    last = min(noticed, len(lines) - 1)
    first = min(noticed - 1 if begun is None else begun, last)
    found = (fault for index in range(max(first, 0), last + 1) for fault in _faults(lines, index))
    cannot = Fault(Word("", last + 2, 1), f"The line {_cut(lines[last])} cannot be read.", PLAIN)
    return next(found, cannot)


def _faults(lines: Sequence[str], index: int) -> Iterator[Fault]:
    line = lines[index]
    indent = line[: len(line) - len(line.lstrip())]
    pair = _PAIR.fullmatch(line.lstrip())
    if "\t" in indent:
        yield Fault(Word(line, index + 2, 1), f"The line {_cut(line)} begins with a tab.", "delete the tab")
    elif pair and indent and index:
        message = f"The line {_cut(line)} is indented, as if it were part of the one above."
        yield Fault(Word(line, index + 2, 1), message, "begin it without a space")
    elif pair:
        yield from _of_value(pair["key"], pair["value"] or "", line, index + 2)
    elif _is_text(lines, index):
        yield Fault(Word(line, index + 2, 1), f"The line {_cut(line)} is not 'key: value'.", OR_END)


def _of_value(key: str, value: str, line: str, number: int) -> Iterator[Fault]:
    start = line.index(value, len(key) + 1) if value else 0
    first = value[:1]
    in_quotes = f"write {key}: {_quoted(value)}"

    def fault(what: str, hint: str, column: int = start) -> Fault:
        return Fault(Word(value, number, column + 1), f"The value of {key}, {_cut(value)}, {what}.", hint)

    colon = _COLON.search(value)
    if first in {"'", '"'}:
        if not _QUOTED.fullmatch(value):
            yield fault("has quotation marks that do not match", in_quotes)
        elif first == '"' and "\\" in value:
            yield fault("has a backslash between double quotation marks", in_quotes)
    elif first in CLOSING:
        if value.count(first) != value.count(CLOSING[first]):
            yield fault(f"begins with '{first}' and does not end with '{CLOSING[first]}'", "close it")
    elif colon:
        yield fault("holds a colon", in_quotes, start + colon.start())
    elif first and first in SIGNS and not _BLOCK.fullmatch(value):
        yield fault(f"begins with '{first}', which has a meaning of its own there", in_quotes)


def _is_text(lines: Sequence[str], index: int) -> bool:
    """Whether a line is neither `key: value` nor anything that goes on below one."""
    line = lines[index]
    if not line.strip() or line[0] in " \t#]}":
        return False
    if not re.match(r"- |-$", line):
        return not _PAIR.fullmatch(line) and not line.startswith(("'", '"'))
    above = next((other for other in reversed(lines[:index]) if other.strip() and other[0] not in "- "), "")
    pair = _PAIR.fullmatch(above)
    return not pair or bool(pair["value"])


def _quoted(value: str) -> str:
    """A value in single quotation marks, in which only these need care."""
    plain = value[1:] if value[0] in {"'", '"'} else value
    plain = plain.removesuffix(value[0]) if plain != value else plain
    return "'" + plain.replace("''", "'").replace("'", "''") + "'"


def _cut(line: str) -> str:
    words = " ".join(line.split())
    return f"'{words}'" if len(words) <= LONGEST else f"'{words[: LONGEST - 1].rstrip()}…'"
