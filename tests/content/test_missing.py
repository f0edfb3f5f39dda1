"""An address without a page is named, quoted as text, and the page most like it is offered."""

from __future__ import annotations

import pytest

from content.pages.missing import LONGEST, sentence

PATHS = ["/", "/superposition", "/your-data"]


@pytest.mark.parametrize("path", ["/superpositon", "/Superposition", "/superposition.html"])
def test_the_page_with_the_nearest_path_is_offered(path: str) -> None:
    link = '<a href="/superposition">/superposition</a>'
    assert sentence(path, PATHS) == f"Nothing stands at ‘{path}’. Perhaps you mean {link}."


def test_where_no_path_is_near_nothing_is_offered() -> None:
    assert sentence("/qqqq", PATHS) == "Nothing stands at ‘/qqqq’."


def test_an_address_is_text_and_a_long_one_is_cut() -> None:
    assert "‘/your-&lt;i&gt;data’" in sentence("/your-<i>data", PATHS)
    assert sentence("/" + "q" * 500, PATHS) == f"Nothing stands at ‘/{'q' * (LONGEST - 1)}’."
