"""`python -m content check --fix`: write the ids that cards lack.

An id is made once, of the first words of the card's text, and is then for ever: a later change of the text
does not touch it. A file is written aside and put in place whole; its line endings and its mode stay as they
are.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from cards.written import MARKED
from content.fence import is_closing, read_head, read_option
from content.problems import Code, Problem
from content.slug import slugify, unused
from content.word import Word

_LINE_ENDS = re.compile(r"(?<=\n)|(?<=\r)(?!\n)")
_PART_LINE = re.compile(r"\s*-{3,}\s*$")
_WORDS_IN_AN_ID = 5
_SMALL_WORDS = frozenset({
    "a", "an", "and", "are", "as", "at", "be", "by", "can", "do", "does", "for", "from", "has", "have", "how",
    "if", "in", "is", "it", "its", "of", "on", "or", "that", "the", "this", "to", "was", "what", "when",
    "which", "who", "why", "with", "you", "your",
})  # fmt: skip


def write_missing_ids(problems: Iterable[Problem], taken: Iterable[str]) -> dict[Path, list[str]]:
    """Write an id behind each opening fence that lacks one.

    Args:
        problems: What `check` found; only missing ids are looked at.
        taken: The ids that are in use.

    Returns:
        The ids that were written, by file.

    Raises:
        OSError: If a file cannot be written; it is then as it was.
    """
    missing = [problem for problem in problems if problem.code is Code.MISSING_ID]
    used = set(taken)
    written: dict[Path, list[str]] = {}
    for path in sorted({Path(problem.path) for problem in missing}):
        lines = _LINE_ENDS.split(path.read_bytes().decode("utf-8"))
        for number in sorted(problem.line for problem in missing if Path(problem.path) == path):
            if number <= len(lines) and _lacks_an_id(lines[number - 1]):
                name = unused(suggest_id(lines[number:], path.stem), used)
                used.add(name)
                lines[number - 1] = _with_id(lines[number - 1], name)
                written.setdefault(path, []).append(name)
        if path in written:
            replace_file(path, "".join(lines).encode("utf-8"))
    return written


def suggest_id(body: Sequence[str], fallback: str) -> str:
    """Make an id of the first telling words of a card's first part."""
    words: list[str] = []
    for line in body:
        text = line.strip()
        if is_closing(text) or (words and _PART_LINE.match(text)):
            break
        if read_option(Word(text, 1, 1)) is None:
            words += [word for word in slugify(text, "").split("-") if word and word not in _SMALL_WORDS]
        if len(words) >= _WORDS_IN_AN_ID:
            break
    return slugify(" ".join(words[:_WORDS_IN_AN_ID]), slugify(fallback, "card"))


def replace_file(path: Path, data: bytes) -> None:
    """Write a file whole: aside first, then by renaming, so that no reader ever sees half of it.

    Raises:
        OSError: If it cannot be written; an existing file is then as it was.
    """
    path = path.resolve()  # renaming over a link would put a file in its place
    handle, aside = tempfile.mkstemp(prefix=f".{path.name[:MARKED]}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, aside)
        else:
            Path(aside).chmod(0o644)
        Path(aside).replace(path)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise


def _lacks_an_id(line: str) -> bool:
    text = line.strip()
    return text.startswith(":::") and not read_head(Word(text, 1, 1))[1].text


def _with_id(line: str, name: str) -> str:
    ending = line[len(line.rstrip("\r\n")) :]
    return f"{line.rstrip()} {name}{ending}"
