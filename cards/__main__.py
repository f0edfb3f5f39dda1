"""The cards from the command line.

    python -m cards export --out deck.apkg [--track T]… [--section S]… [--kind K]… [--base-url URL]

Exit 0 when it is done, 1 when it could not be, 2 when what was asked for makes no sense; a failure says why
in one sentence on stderr, and leaves a file that was there as it was.

This is an entry point, and so it composes the rooms: the book hands its deck down, and the store says when
the text of each card last changed. To add a command, add its arguments to `_parser` and a function of the
same shape as `export`.
"""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from cards import paths
from cards.anki.package import checked_address, write_package
from cards.choice import UnknownChoiceError, choose
from cards.store import Store, StoreProblem
from content.library import FolderError, Library

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cards.card import Card
    from content.library import Book

DEFAULT_BASE_URL = "http://localhost:8501"

DONE, FAILED, BAD_USAGE = 0, 1, 2


class UsageError(Exception):
    """What was asked for makes no sense; the message is one sentence."""


class CommandError(Exception):
    """What was asked for could not be done; the message is one sentence."""


def main(arguments: Sequence[str], environ: Mapping[str, str], now: datetime) -> int:
    """Run one command.

    Args:
        arguments: The words after `python -m cards`.
        environ: Where the book and the learner's data are.
        now: In UTC.

    Returns:
        The code to exit with.
    """
    try:
        options = _parser().parse_args(arguments)
        print(options.command(options, environ, now))
    except UsageError as error:
        return _fail(error, BAD_USAGE)
    except (CommandError, FolderError, StoreProblem) as error:
        return _fail(error, FAILED)
    return DONE


def export(options: argparse.Namespace, environ: Mapping[str, str], now: datetime) -> str:
    """Write the chosen cards as an Anki package, and say what was written.

    Raises:
        UsageError: If the file cannot have that name, the address is none, or no card is so called.
        CommandError: If there are no cards, or the file cannot be written.
        FolderError: If the book cannot be read.
        StoreProblem: If the database cannot be opened.
    """
    out = _writable(options.out)
    base_url = _address(options.base_url)
    book = Library.from_environment(environ).load()
    _warn_of_problems(book)
    cards = _chosen(book, options)
    if not cards:
        raise CommandError("There are no cards to export.")
    with closing(Store.open(paths.database(environ), now=now)) as store:
        modified = store.stamp_texts({card.id: card.text_hash for card in book.deck.values()}, now)
    try:
        written = write_package(out, cards, modified=modified, base_url=base_url, now=now)
    except OSError as error:
        raise CommandError(f"{out} cannot be written: {error.strerror}.") from error
    return f"wrote {written.notes} notes ({written.cards} cards) to {written.path}"


def _parser() -> argparse.ArgumentParser:
    parser = _OneLineParser(prog="python -m cards", description="The cards of the book.")
    commands = parser.add_subparsers(required=True, metavar="command", title="commands")
    command = commands.add_parser("export", help="write the cards as an Anki package")
    command.set_defaults(command=export)
    command.add_argument("--out", type=Path, required=True, metavar="FILE", help="the package to write")
    command.add_argument(
        "--track", action="append", default=[], metavar="T", help="only cards of this track; may be repeated"
    )
    command.add_argument(
        "--section", action="append", default=[], metavar="S", help="only cards of this section, by its slug"
    )
    command.add_argument("--kind", action="append", default=[], metavar="K", help="only cards of this kind")
    command.add_argument(
        "--base-url",
        default=DEFAULT_BASE_URL,
        metavar="URL",
        help="where the notes' links lead; '' for none (default: %(default)s)",
    )
    return parser


class _OneLineParser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message} (see {self.prog} --help)")


def _writable(out: Path) -> Path:
    if out.is_dir():
        raise UsageError(f"{out} is a folder; name a file in it, such as {out / 'deck.apkg'}.")
    if not out.parent.is_dir():
        raise UsageError(f"There is no folder {out.parent} to write {out.name} in; make it first.")
    return out


def _address(base_url: str) -> str:
    try:
        return checked_address(base_url)
    except ValueError as error:
        raise UsageError(f"--base-url: {error}") from error


def _chosen(book: Book, options: argparse.Namespace) -> list[Card]:
    try:
        return choose(book.deck.values(), tracks=options.track, sections=options.section, kinds=options.kind)
    except UnknownChoiceError as error:
        raise UsageError(str(error)) from error


def _warn_of_problems(book: Book) -> None:
    if book.problems:
        count = f"{len(book.problems)} problem{'s' * (len(book.problems) > 1)}"
        print(f"{count} in the book; cards may be missing: see python -m content check", file=sys.stderr)


def _fail(error: Exception, code: int) -> int:
    print(" ".join(str(error).split()), file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ, datetime.now(UTC)))
