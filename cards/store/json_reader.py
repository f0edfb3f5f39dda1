"""Reading one JSON document piece by piece, so that it never has to be in memory as a whole.

The caller knows what the document looks like and asks for it: the names of an object's members, whose values
it then takes one by one, or the elements of a list. Only a single value is ever held, and none may be longer
than `LONGEST`. White space does not matter; the order of members is for the caller to judge.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

LONGEST = 4_000_000  # characters of one value
FIRST_PIECE = 1 << 16
LONGEST_WORD = len("\\ud83d\\ude00")  # of those that make no sense when they are cut off
CUT_OFF = "it ends too early, as a file does that was cut off"
WHITE = " \t\n\r"
AFTER = (*WHITE, ",", ":", "]", "}")


class NotJsonError(ValueError):
    """The document is not JSON, ends too early, or holds a value that is too long; the message says which."""


class JsonReader:
    """A place in a document.

    Args:
        file: The document, open as text.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._text = ""
        self._at = 0
        self._line = 1

    def members(self) -> Iterator[str]:
        """Go through an object: each name is yielded, and its value has to be taken before the next."""
        self._take("{")
        if self._next() == "}":
            self._at += 1
            return
        while True:
            name = self.value()
            if not isinstance(name, str):
                self._refuse("a name was expected")
            self._take(":")
            yield name
            if self._next() != ",":
                break
            self._at += 1
        self._take("}")

    def elements(self) -> Iterator[Any]:
        """Go through a list."""
        self._take("[")
        if self._next() == "]":
            self._at += 1
            return
        while True:
            yield self.value()
            if self._next() != ",":
                break
            self._at += 1
        self._take("]")

    def value(self) -> Any:  # noqa: ANN401 - whatever JSON holds
        """Take the next value, whole."""
        self._next()
        piece = FIRST_PIECE
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except (ValueError, RecursionError) as error:
                if not self._may_be_cut_off(error):
                    self._refuse("a value was expected")
                if not self._read(piece):
                    raise NotJsonError(CUT_OFF) from error
                piece *= 2
                continue
            if self._is_past(end) or not self._read(piece):
                self._at = end
                return value
            piece *= 2

    def end(self) -> None:
        """Expect that nothing follows."""
        if self._next():
            self._refuse("something follows the end")

    def _is_past(self, end: int) -> bool:
        """Whether a value that seems to end here does: at the end of a piece, a number may go on."""
        return self._text[end : end + 1] in AFTER or end < len(self._text) - LONGEST_WORD

    def _may_be_cut_off(self, error: Exception) -> bool:
        """Whether a value that cannot be read may only be one whose end has not been read yet."""
        if not isinstance(error, json.JSONDecodeError):
            return False
        return error.msg.startswith("Unterminated") or error.pos >= len(self._text) - LONGEST_WORD

    def _take(self, mark: str) -> None:
        if self._next() != mark:
            self._refuse(f"'{mark}' was expected")
        self._at += 1

    def _next(self) -> str:
        """Go to the next character that is not white space; return it, or nothing at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in WHITE:
                self._at += 1
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._read(FIRST_PIECE):
                return ""

    def _read(self, characters: int) -> bool:
        if len(self._text) - self._at > LONGEST:
            raise NotJsonError(
                f"it holds a value of more than {LONGEST:,} characters (line {self._line_now()})"
            )
        try:
            piece = self._file.read(characters)
        except UnicodeDecodeError as error:
            raise NotJsonError("it is not a text in UTF-8") from error
        self._line += self._text.count("\n", 0, self._at)
        self._text, self._at = self._text[self._at :] + piece, 0
        return bool(piece)

    def _line_now(self) -> int:
        return self._line + self._text.count("\n", 0, self._at)

    def _refuse(self, reason: str) -> NoReturn:
        if not self._next():
            raise NotJsonError(CUT_OFF)
        raise NotJsonError(f"it is not JSON: {reason} in line {self._line_now()}")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)
