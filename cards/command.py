"""What a command of `python -m cards` is, and where commands are found.

A command is a module `cards/commands/<name>.py` with these members (nothing else registers it):

    HELP: str                                one line for the list of commands
    add_arguments(parser)                    what may follow its name
    run(options, environ, now) -> Outcome    does it, and says what was done

`environ` tells where the book and the learner's data are, and `now` is in UTC: a command reads neither the
clock nor the environment itself. What makes no sense is a `UsageError`; what could not be done, a
`CommandError` or one of the rooms' own errors (`FolderError`, `StoreProblem`). Commands are part of the entry
point, and may compose the rooms.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping
    from datetime import datetime

COMMANDS = Path(__file__).parent / "commands"

DONE, FAILED, BAD_USAGE = 0, 1, 2
INTERRUPTED = 130  # as a shell has it: 128 and the number of the signal


class UsageError(Exception):
    """What was asked for makes no sense; the message is one sentence."""


class CommandError(Exception):
    """What was asked for could not be done; the message is one sentence."""


@dataclass(frozen=True)
class Outcome:
    """What a command has to say on standard output, and the code to exit with."""

    text: str
    code: int = DONE


class Command(Protocol):
    """The members of a command's module."""

    HELP: str

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Say what may follow the command's name."""

    def run(self, options: argparse.Namespace, environ: Mapping[str, str], now: datetime) -> Outcome:
        """Do it, and say what was done."""


def names() -> list[str]:
    """List every command, by file name, without importing any."""
    return sorted(path.stem for path in COMMANDS.glob("*.py") if not path.stem.startswith("_"))


def get(name: str) -> Command:
    """Import one command."""
    return cast("Command", importlib.import_module(f"cards.commands.{name}"))
