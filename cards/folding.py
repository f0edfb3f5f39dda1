r"""The words of a text as search compares them: small letters and digits, with no accents and no marks.

    words("Naïve p(1−p), \sigma^2")  →  ("naive", "p", "1", "p", "sigma", "2")

What is indexed and what is asked for pass through here alike, so no database's own idea of a word matters.
Characters are folded by Unicode's compatibility decomposition (a superscript two is a 2, a ligature its
letters) and case folding, as chapter 5.18 of the standard describes.

Left out: stems ("walks" is not "walk", which finds it as its beginning), and languages that write no spaces,
whose runs of letters are taken as one word each.
"""

from __future__ import annotations

import re
import unicodedata

LONGEST = 64  # characters of a word that are compared; no database takes words of any length
WORD = re.compile(r"[^\W_]+")
UNSEEN = {"Mn", "Me", "Cf"}  # accents, enclosing marks, soft hyphens and joiners


def words(text: str) -> tuple[str, ...]:
    """Return the words of a text, in order."""
    folded = text.lower() if text.isascii() else _folded(text)
    return tuple(word[:LONGEST] for word in WORD.findall(folded))


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(character for character in decomposed if unicodedata.category(character) not in UNSEEN)
