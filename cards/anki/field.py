r"""From the book's HTML to what an Anki field holds.

- `<span class="math inline">TeX</span>` becomes `\(TeX\)` and `<div class="math block">TeX</div>` becomes
  `\[TeX\]`: Anki hands these to MathJax. The TeX stays escaped (`a &lt; b`), as in any HTML.
- A link within the book gets the app's address in front, since a note is read far from the app. A link to a
  glossary entry (`#term-…`), which the app shows as a popover, becomes plain text; so does a link within
  the book when there is no address. Pictures likewise: without an address, their text stands for them. A
  picture that the package carries keeps its bare name.
- `[sound:…]`, `[latex]`, `[$]` and `[anki:…]` are commands to Anki wherever they stand; the bracket is
  escaped.
- The separator between fields, U+001F, becomes a space.

Left out: `\(` in prose that is not marked as maths is read as maths by Anki; HTML has no escape for it.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from cards.markup import Element, rewrite

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from cards.card import Card

FIELD_SEPARATOR = "\x1f"

# The book marks maths in exactly this form, and escaped TeX has no tags: see cards/card.py.
_INLINE = re.compile(r'<span class="math inline">([^<]*)</span>')
_BLOCK = re.compile(r'<div class="math block">([^<]*)</div>')
_COMMAND = re.compile(r"\[(?=sound:|latex\]|\${1,2}\]|anki:)", re.IGNORECASE)
_EXTERNAL = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)


def card_address(card: Card, base_url: str) -> str:
    """Return the address of a card in its section, or nothing where the app has no address."""
    return f"{base_url}/{card.section}#card-{card.id}" if base_url else ""


def to_field(html: str, *, section: str, base_url: str, media: Collection[str] = ()) -> str:
    """Return a field's value.

    Args:
        html: Sanitised HTML with marked maths.
        section: The slug of the section it stands in, for links within the section.
        base_url: The app's address without a slash at its end, or empty.
        media: The bare names of the pictures that the package carries.
    """
    if "[" in html:
        html = _COMMAND.sub("&#91;", html)
    if "math" in html:
        html = _BLOCK.sub(r"\\[\1\\]", _INLINE.sub(r"\\(\1\\)", html))
    if "<a" in html or "<img" in html:
        html = rewrite(html, lambda element: _seen_from_afar(element, section, base_url, media))
    return html.replace(FIELD_SEPARATOR, " ")


def to_fields(
    values: Sequence[str], *, section: str, base_url: str, media: Collection[str] = ()
) -> tuple[Sequence[str], str]:
    """Return the values of fields, each as `to_field` gives it, and all of them as one text.

    Most cards have nothing in any field that would have to change, and one look at them all tells.
    """
    together = FIELD_SEPARATOR.join(values)
    if (
        "[" in together
        or "math" in together
        or "<a" in together
        or "<img" in together
        or together.count(FIELD_SEPARATOR) >= len(values)
    ):
        values = [to_field(html, section=section, base_url=base_url, media=media) for html in values]
        together = FIELD_SEPARATOR.join(values)
    return values, together


def _seen_from_afar(element: Element, section: str, base_url: str, media: Collection[str]) -> str | None:
    attribute = {"a": "href", "img": "src"}.get(element.name, "")
    target = element.attributes.get(attribute, "")
    if not attribute or _EXTERNAL.match(target) or target in media:
        return None
    if not base_url or not target or target.startswith("#term-"):
        return element.inner or escape(element.attributes.get("alt", ""))
    page = section + target if target.startswith("#") else target.lstrip("/")
    # Within a cloze, the double colon of an address such as http://[::1] would start a hint.
    address = escape(f"{base_url}/{page}").replace("::", ":&#58;")
    if element.name == "img":
        return f'<img src="{address}" alt="{escape(element.attributes.get("alt", ""))}">'
    return f'<a href="{address}">{element.inner}</a>'
