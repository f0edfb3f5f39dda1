"""The gate: every piece of HTML that the book shows, or hands down in a card, has passed it.

Markdown is parsed with raw HTML switched off, so nothing dangerous should arrive here. Should a rule ever let
something through, this list stops it: elements, classes and attributes that the dialect writes, links to
ordinary addresses, no styles and no scripts.
"""

from __future__ import annotations

import nh3

_TAGS = frozenset({
    "a", "aside", "blockquote", "br", "code", "dd", "div", "dl", "dt", "em", "h2", "h3", "h4", "h5",
    "h6", "hr", "img", "li", "mark", "ol", "p", "pre", "section", "span", "strong", "sup", "table",
    "tbody", "td", "th", "thead", "tr", "ul",
})  # fmt: skip
_ATTRIBUTES: dict[str, set[str]] = {
    "a": {"href", "title", "rel", "id", "role", "aria-label", "data-term"},
    "aside": {"aria-label"},
    "code": {"class"},  # "language-" and whatever name an author gives the language
    "div": {"role", "aria-label", "tabindex"},
    "h2": {"id"},
    "h3": {"id"},
    "h4": {"id"},
    "h5": {"id"},
    "h6": {"id"},
    "img": {"src", "alt", "title", "loading"},
    "li": {"id"},
    "mark": {"title"},
    "ol": {"start"},
    "section": {"aria-label"},
    "span": {"title", "data-hint"},
    "th": {"scope"},
}
_ALIGNED = {"align-left", "align-center", "align-right"}
_CLASSES: dict[str, set[str]] = {
    "a": {"footnote-backref", "footnote-ref", "ref", "term"},
    "aside": {"aside"},
    "div": {"caveat", "math", "block", "problem", "table", "ui"},
    "mark": {"unresolved"},
    "p": {"aside-title"},
    "section": {"footnotes"},
    "span": {"cloze", "math", "inline", "num"},
    "td": _ALIGNED,
    "th": _ALIGNED,
}
_GATE = nh3.Cleaner(
    tags=_TAGS,
    attributes=_ATTRIBUTES,
    allowed_classes=_CLASSES,
    set_tag_attribute_values={"pre": {"tabindex": "0"}},  # code may scroll sideways
    url_schemes={"http", "https", "mailto"},
    link_rel=None,  # written by the dialect, on links that leave the book only
)


def sanitise(html: str) -> str:
    """Return the HTML with everything removed that is not on the list."""
    return _GATE.clean(html) if "<" in html or "&" in html else html
