"""What the tests of the book share."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from content.blocks import Section
from content.library import Library
from tests.content.books import HEAD, MakeLibrary, ReadSection, small_book


@pytest.fixture
def make_library(tmp_path: Path) -> MakeLibrary:
    """Write files below a folder of the test's own, and return the library of that folder."""

    def make(files: Mapping[str, str | bytes], folder: str = "book") -> Library:
        for name, text in files.items():
            path = tmp_path / folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
        return Library([tmp_path / folder])

    return make


@pytest.fixture
def read_section(make_library: MakeLibrary) -> ReadSection:
    """Read a text below ordinary front matter as the section `here` of a small book."""

    def read(text: str, head: str = HEAD) -> Section:
        return small_book(make_library, text, head).by_slug["here"]

    return read
