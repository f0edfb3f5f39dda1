"""Reading a file of the book: UTF-8, with or without a byte-order mark, with any line endings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from content.problems import Code, Problem

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class UnreadableError(Exception):
    """A file that cannot be read as text; carries the problem to show in its place."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


@dataclass(frozen=True)
class Source:
    """The text of one file, with line feeds only."""

    path: str
    text: str

    @cached_property
    def lines(self) -> list[str]:
        """Its lines, without their ends."""
        return self.text.split("\n")


def read(path: Path) -> Source:
    """Read a file.

    Raises:
        UnreadableError: If it cannot be opened, is not UTF-8 or holds a NUL character.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise _unreadable(path, b"", f"The file cannot be read: {reason}.", "check its permissions") from None
    return decode(path, data)


def decode(path: Path, data: bytes) -> Source:
    """Make text of a file's bytes.

    Raises:
        UnreadableError: If they are not UTF-8 or hold a NUL character.
    """
    data = data.removeprefix(BYTE_ORDER_MARK)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        byte = data[error.start]
        message = f"The file is not UTF-8: byte 0x{byte:02x} does not belong there."
        raise _unreadable(path, data[: error.start], message, "save it with the encoding UTF-8") from None
    if "\0" in text:
        before = data[: data.index(b"\0")]
        raise _unreadable(path, before, "The file holds a NUL character.", "delete it, or save as plain text")
    return Source(str(path), text.replace("\r\n", "\n").replace("\r", "\n"))


def _unreadable(path: Path, before: bytes, message: str, hint: str) -> UnreadableError:
    lines = before.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    place = (len(lines), len(lines[-1]) + 1)
    return UnreadableError(Problem(str(path), *place, Code.UNREADABLE_FILE, message, hint))
