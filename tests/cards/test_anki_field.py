"""From the book's HTML to an Anki field."""

from __future__ import annotations

import pytest

from cards.anki.field import to_field

BASE = "https://book.example/app"


def field(html: str, base_url: str = BASE) -> str:
    return to_field(html, section="how-many-updates", base_url=base_url)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<span class="math inline">a &lt; b</span>', r"\(a &lt; b\)"),
        ('<div class="math block">\nx^2\n</div>', "\\[\nx^2\n\\]"),
        ('<a href="/expected-evidence">so</a>', f'<a href="{BASE}/expected-evidence">so</a>'),
        ('<a href="#the-proof">so</a>', f'<a href="{BASE}/how-many-updates#the-proof">so</a>'),
        ('<a href="https://arxiv.org/a?b=1&amp;c" rel="x">so</a>', None),
        ('<a class="term" href="#term-walk" data-term="walk">a <em>walk</em></a>', "a <em>walk</em>"),
        ('<img src="/figures/a b.svg" alt="x &lt; y">', f'<img src="{BASE}/figures/a b.svg" alt="x &lt; y">'),
        ('<img src="data:image/png;base64,AA" alt="">', None),
        ("mathematics <abbr>a</abbr> [1]", None),
    ],
)
def test_a_field_can_be_read_far_from_the_app(html: str, expected: str | None) -> None:
    assert field(html) == (html if expected is None else expected)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<a href="/expected-evidence">so</a>', "so"),
        ('<img src="/figures/a.svg" alt="x &lt; y">', "x &lt; y"),
        ('<a href="mailto:x@y.z">so</a>', '<a href="mailto:x@y.z">so</a>'),
    ],
)
def test_without_an_address_links_into_the_book_become_text(html: str, expected: str) -> None:
    assert field(html, base_url="") == expected


def test_maths_inside_a_link_inside_markup_is_found() -> None:
    html = '<p><strong><a href="/s">see <span class="math inline">x</span></a></strong></p>'
    assert field(html) == rf'<p><strong><a href="{BASE}/s">see \(x\)</a></strong></p>'


def test_an_address_never_starts_a_hint() -> None:
    assert field('<a href="/s">so</a>', "http://[::1]:8501") == '<a href="http://[:&#58;1]:8501/s">so</a>'
