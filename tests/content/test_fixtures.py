"""The dialect, by example: each file in `fixtures` holds titles, inputs and what becomes of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from markdown_it.utils import read_fixture_file

from tests.content.books import HEAD, ReadSection, outline

FIXTURES = sorted((Path(__file__).parent / "fixtures").glob("*.md"))
EXAMPLES = [
    pytest.param(text, expected, id=f"{path.stem}-{line}-{title}")
    for path in FIXTURES
    for line, title, text, expected in read_fixture_file(path)
]


@pytest.mark.parametrize(("text", "expected"), EXAMPLES)
def test_example(text: str, expected: str, read_section: ReadSection) -> None:
    assert outline(read_section(text), HEAD + text) == expected
