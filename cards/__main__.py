"""The cards from the command line.

    python -m cards --help           what there is
    python -m cards COMMAND --help   what may follow it

Exit 0 when it is done, 1 when it could not be (or something is not sound), 2 when what was asked for makes no
sense, 130 after an interrupt; a failure says why in one sentence on stderr, and leaves everything as it was.

Each command is a file in `cards/commands`, found by its name: to add one is to add a file. This is an entry
point, and so are they: they compose the rooms.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NoReturn

from cards.command import BAD_USAGE, FAILED, INTERRUPTED, CommandError, Outcome, UsageError, get, names
from cards.store import StoreProblem
from content.library import FolderError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


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
        outcome = options.command(options, environ, now)
    except UsageError as error:
        return _fail(error, BAD_USAGE)
    except (CommandError, FolderError, StoreProblem) as error:
        return _fail(error, FAILED)
    except KeyboardInterrupt:
        print(file=sys.stderr)  # the shell's prompt starts on a line of its own
        return INTERRUPTED
    return _say(outcome)


def _parser() -> argparse.ArgumentParser:
    parser = _OneLineParser(prog="python -m cards", description="The cards of the book, and what is kept.")
    commands = parser.add_subparsers(required=True, metavar="command", title="commands")
    for name in names():
        command = get(name)
        added = commands.add_parser(
            name, help=command.HELP, description=f"{command.HELP[0].upper()}{command.HELP[1:]}."
        )
        command.add_arguments(added)
        added.set_defaults(command=command.run)
    return parser


class _OneLineParser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message} (see {self.prog} --help)")


def _say(outcome: Outcome) -> int:
    try:
        print(outcome.text, flush=True)
    except OSError as error:
        # What was not taken is kept, and would fail once more, with a trace, when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):  # whoever stops to read has read enough
            said = CommandError(f"What came of it cannot be written: {error.strerror}; send it elsewhere.")
            return _fail(said, FAILED)
    return int(outcome.code)


def _fail(error: Exception, code: int) -> int:
    print(" ".join(str(error).split()), file=sys.stderr)
    return code


if __name__ == "__main__":
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a file's name may be no text at all
    sys.exit(main(sys.argv[1:], os.environ, datetime.now(UTC)))
