"""Where links lead and where Anki listens: what is refused, and what is kept."""

from __future__ import annotations

import pytest

from cards.taking import ANKI, Taking, anki_address, checked_address


@pytest.mark.parametrize(
    "address",
    [
        *("localhost:8501", "/app", "ftp://x", "http://", "javascript:alert(1)"),
        *("http://[", "http://:8501", "http://here:port", "http://here:99999", "http://a b", "http://a\n.b"),
    ],
)
def test_what_a_browser_cannot_open_is_no_address(address: str) -> None:
    with pytest.raises(ValueError, match="is not an address"):
        checked_address(address)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (ANKI, ANKI),
        ("http://localhost:8766/", "http://localhost:8766"),
        ("http://127.8.9.1", "http://127.8.9.1:80"),
        ("http://[::1]:8765", "http://[::1]:8765"),
    ],
)
def test_anki_listens_on_this_machine(address: str, expected: str) -> None:
    assert anki_address(address) == expected


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("http://192.168.0.7:8765", "is not on this machine"),
        ("http://127.0.0.1.example.org:8765", "is not on this machine"),
        ("http://localhost.example.org", "is not on this machine"),
        ("http://0.0.0.0:8765", "is not on this machine"),
        ("https://127.0.0.1:8765", "is not an address of AnkiConnect"),
        ("http://evil@127.0.0.1:8765", "is not an address of AnkiConnect"),
        ("http://127.0.0.1:8765/elsewhere", "is not an address of AnkiConnect"),
        ("http://127.0.0.1:port", "is not an address"),
        ("http://[::1", "is not an address"),
        ("", "is not an address of AnkiConnect"),
    ],
)
def test_an_address_elsewhere_is_refused_with_one_that_would_do(address: str, why: str) -> None:
    with pytest.raises(ValueError, match=why) as caught:
        anki_address(address)
    assert ANKI in str(caught.value)


def test_what_was_chosen_is_read_again_and_what_is_broken_is_as_if_it_were_not() -> None:
    chosen = Taking("https://book.example", "http://localhost:8766")
    assert Taking.from_json(chosen.to_json()) == chosen
    assert Taking.from_json({"base_url": ""}) == Taking("")
    for broken in (None, 7, {"anki": "http://192.168.0.7"}, {"base_url": "x"}, {"base_url": 7, "anki": 7}):
        assert Taking.from_json(broken) == Taking()
