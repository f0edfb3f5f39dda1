"""Checking a book of a thousand sections, against a bare markdown parser rendering their text.

The command is run as an author runs it, in a process of its own, its start included; the bare parser is timed
in this process. The two alternate, and the best round of each counts. The sections are the book's own, over
and over, with slugs and ids of their own.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from markdown_it import MarkdownIt

from content.library import OWN, Library

ROUNDS = 3
SECTIONS = 1000
TARGET = 5.0

_ID = re.compile(r"^(:::\{(?:card|cloze)\} )(\S+)", re.MULTILINE)
_REFERENCE = re.compile(r"\{ref\}`(?:([^`<]*)<)?([\w-]+)>?`")


def measure() -> list[tuple[str, float, float, float]]:
    """Return the seconds of the command, and those of the bare parser: the best of the rounds."""
    with tempfile.TemporaryDirectory() as folder:
        texts = write_book(Path(folder))
        rounds = [(_check(folder), _bare(texts)) for _ in range(ROUNDS)]
    name = f"python -m content check, {SECTIONS:,} sections, against bare markdown-it"
    return [(name, min(ours for ours, _ in rounds), min(bare for _, bare in rounds), TARGET)]


def write_book(folder: Path) -> list[str]:
    """Write the sections, each a book section's text, and return their texts."""
    originals = [Path(section.path) for section in Library([OWN]).load().sections]
    texts = []
    for number in range(SECTIONS):
        original = originals[number % len(originals)]
        copy = number // len(originals)
        text = _ID.sub(rf"\g<1>\g<2>-{copy}", original.read_text(encoding="utf-8"))
        text = _REFERENCE.sub(lambda match: f"{{ref}}`{match[1] or 'see'} <{match[2]}-0>`", text)
        (folder / f"{original.stem}-{copy}.md").write_text(text, encoding="utf-8")
        texts.append(text)
    return texts


def _check(folder: str) -> float:
    start = perf_counter()
    command = [sys.executable, "-m", "content", "check", folder]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    seconds = perf_counter() - start
    if done.returncode:
        raise RuntimeError(
            f"The sections that are measured must check clean: {done.stdout[:500]}{done.stderr}"
        )
    return seconds


def _bare(texts: list[str]) -> float:
    start = perf_counter()
    parser = MarkdownIt("commonmark")
    for text in texts:
        parser.render(text)
    return perf_counter() - start
