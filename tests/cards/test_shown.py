"""What others wrote, as sentences name it: short, and always a text that can be shown."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cards.shown import LONGEST, LONGEST_PATH, is_text, path_shown, shortened, shown


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=LONGEST))
def test_what_is_short_stays_as_it_is(text: str) -> None:
    assert shortened(text) == text


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=LONGEST + 1))
def test_what_is_long_is_cut_off_where_it_begins_to_be(text: str) -> None:
    assert shortened(text) == text[:LONGEST] + "…"


def test_half_a_character_is_shown_by_its_number() -> None:
    assert shortened("a\ud800") == "a\\ud800"


def test_half_a_character_is_no_text() -> None:
    assert is_text("é🎲")
    assert not is_text("a\udcff")


def test_a_value_is_shown_as_python_writes_it() -> None:
    assert shown("a") == "'a'"
    assert shown([1.5, None]) == "[1.5, None]"
    assert len(shown(10**3000)) == LONGEST + 1


def test_of_a_long_path_the_end_is_shown() -> None:
    assert path_shown("a/b") == "a/b"
    assert path_shown("a" * LONGEST_PATH + "/b.json") == "…" + "a" * (LONGEST_PATH - 7) + "/b.json"
    assert path_shown("a\udcff") == "a\\udcff"
