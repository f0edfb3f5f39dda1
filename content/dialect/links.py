"""Links and pictures: they lead somewhere, and stay inside the book or name an ordinary address.

[text](https://example.org)    ![what it shows](figures/walk.svg)
"""

from __future__ import annotations

import re
from html import escape

from content.context import Things
from content.dialect.tokens import Token
from content.hints import did_you_mean
from content.problems import Code, Problem
from content.reading import Reading
from content.role import Inline
from content.slug import APP_ADDRESSES, APP_BEGINNING
from content.word import Word
from sim.spec import names

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_SAFE_SCHEMES = frozenset({"http", "https", "mailto"})
_FIGURE = re.compile(r"(?:\.{0,2}/)*figures/([A-Za-z0-9_][A-Za-z0-9._-]*)")


def check_links(token: Token, reading: Reading) -> None:
    """Check every link and picture of a stretch of text; give pictures the address that serves them."""
    looked = 0
    for child in token.children or ():
        if child.type not in {"link_open", "image"}:
            continue
        address = str(child.attrs.get("href", child.attrs.get("src", "")))
        found = token.content.find(address, looked)  # -1 where the parser has rewritten it
        start, looked = max(found, 0), max(found, looked)
        word = reading.word(token.content, start, start + (len(address) if found >= 0 else 0))
        looked += found >= 0
        if child.type == "image":
            _check_picture(child, address, word, reading)
        elif fault := _fault_of(address, reading):
            reading.report(Code.BAD_LINK, word, *fault)


def is_safe(href: str) -> bool:
    """Tell whether an address is relative, or of a scheme that is passed through."""
    scheme = _SCHEME.match(href)
    return scheme is None or scheme[1].lower() in _SAFE_SCHEMES


def unresolved(written: str, problem: Problem) -> Inline:
    """Show what an author wrote, marked, with what is wrong with it."""
    title = escape(f"{problem.message} ({problem.hint})" if problem.hint else problem.message)
    return Inline(written, f'<mark class="unresolved" title="{title}">{escape(written)}</mark>')


def _fault_of(href: str, reading: Reading) -> tuple[str, str] | None:
    if href.startswith(("#", "?", "//", "/figures/")) or not href:
        return None
    scheme = _SCHEME.match(href)
    if scheme:
        hint = "a link begins with http, https or mailto, or names a section"
        return None if is_safe(href) else (f"A link may not begin with '{scheme[1]}:'.", hint)
    path = re.split(r"[?#]", href)[0]
    slug = path.rstrip("/").rsplit("/", 1)[-1].removesuffix(".md")
    if path == "/" or (path == f"/{slug}" and _is_of_the_app(slug)):
        return None
    known = reading.find(Things.SECTION, slug) is not None
    if known and path == f"/{slug}":
        return None
    hint = f"write {{ref}}`{slug}`" if known else "link to a section with {ref}`its-slug`"
    return f"'{href}' leads nowhere in this book.", hint


def _is_of_the_app(slug: str) -> bool:
    """Tell whether the app has a page of its own there; a simulation's has the simulation's name."""
    if slug.startswith(APP_BEGINNING):
        return slug.removeprefix(APP_BEGINNING).replace("-", "_") in names()
    return slug in APP_ADDRESSES


def _check_picture(picture: Token, src: str, word: Word, reading: Reading) -> None:
    match = _FIGURE.fullmatch(src)
    if match is None:
        message = f"A picture may only come from the folder figures, not from '{src}'."
        problem = reading.report(Code.MISSING_FIGURE, word, message, "put it there: ![…](figures/name.svg)")
    elif reading.find(Things.FIGURE, match[1]) is None:
        hint = did_you_mean(match[1], reading.context.names(Things.FIGURE)) or "put it there"
        message = f"The folder figures holds no '{match[1]}'."
        problem = reading.report(Code.MISSING_FIGURE, word, message, hint)
    elif not picture.content.strip():
        message = f"The picture '{match[1]}' has no description."
        hint = "say in the square brackets what it shows"
        problem = reading.report(Code.MISSING_ALT, word, message, hint)
    else:
        picture.attrs["src"] = f"/figures/{match[1]}"
        return
    shown = unresolved(f"![{picture.content}]({src})", problem)
    picture.type, picture.content, picture.meta = "rendered", shown.text, {"html": shown.html}
