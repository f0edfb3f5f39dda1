"""The book from the command line: `python -m content check | list | new`.

Exit codes: 0 clean or done, 1 the book has problems, 2 the command cannot be carried out, 130 interrupted.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from cards.shown import path_shown
from content.check import UsageError, check, relative_to
from content.files import FolderError
from content.fix import write_missing_ids
from content.library import VARIABLE, Library
from content.new import folder_for, new_section
from sim.spec import BrokenToyError

CLEAN, PROBLEMS, BAD_USAGE, INTERRUPTED = 0, 1, 2, 130


def main(arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    """Carry out one command; return its exit code."""
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace, Library], int] = options.command
    try:
        code = command(options, Library.from_environment(environ))
        sys.stdout.flush()  # what cannot be written is found out here, and not when Python ends
    except (UsageError, FolderError, BrokenToyError) as error:
        return _refuse(str(error))
    except OSError as error:
        return _unwritten(error)
    except KeyboardInterrupt:
        print(file=sys.stderr)  # the shell's prompt starts on a line of its own
        return INTERRUPTED
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m content",
        description="Check, list and begin sections of the book.",
        epilog=f"{VARIABLE} names the folders to use instead of the book's own, separated by '{os.pathsep}'.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    checking = commands.add_parser("check", help="say what is wrong; exit 1 if anything is")
    checking.add_argument(
        "paths", nargs="*", type=Path, metavar="PATH", help="a folder or file; default: all"
    )
    checking.add_argument("--json", action="store_true", help="print one JSON object")
    checking.add_argument("--fix", action="store_true", help="write the ids that cards lack, then check")
    checking.set_defaults(command=_check)

    listing = commands.add_parser("list", help="list the sections and their cards")
    listing.add_argument("--json", action="store_true", help="print a JSON array")
    listing.set_defaults(command=_list)

    beginning = commands.add_parser("new", help="write a section to begin with, which checks clean")
    beginning.add_argument("slug", help="its address, for ever: expected-evidence")
    beginning.add_argument("--track", required=True, help="the slug of its track: beliefs")
    beginning.add_argument("--title", default="", help="the question that it answers")
    beginning.add_argument(
        "--sim", default="", help="the simulation to begin with; default: its track's usual"
    )
    beginning.add_argument("--folder", type=Path, help="where the folders of the tracks lie")
    beginning.set_defaults(command=_new)
    return parser


def _check(options: argparse.Namespace, library: Library) -> int:
    report = check(library, options.paths)
    if options.fix:
        taken = {*library.load().deck, *(card.id for section in report.sections for card in section.cards)}
        for path, ids in write_missing_ids(report.problems, taken).items():
            print(f"{path}: wrote {', '.join(ids)}", file=sys.stderr)
        report = check(library, options.paths)
    shown = relative_to(report, Path.cwd())
    print(shown.as_json() if options.json else shown.as_text())
    return PROBLEMS if report.problems else CLEAN


def _list(options: argparse.Namespace, library: Library) -> int:
    sections = library.load().sections
    if options.json:
        rows = [
            {
                "slug": section.slug,
                "title": section.title,
                "track": section.track,
                "cards": [{"id": card.id, "kind": card.kind} for card in section.cards],
            }
            for section in sections
        ]
        print(json.dumps(rows, indent=2, ensure_ascii=False))
        return CLEAN
    for section in sections:
        cards = len(section.cards)
        print(f"{section.track}/{section.slug}: {section.title} ({cards} card{'' if cards == 1 else 's'})")
    return CLEAN


def _new(options: argparse.Namespace, library: Library) -> int:
    folder = options.folder or folder_for(library.roots)
    print(new_section(library.load(), folder, options.slug, options.track, options.title, options.sim))
    return CLEAN


def _unwritten(error: OSError) -> int:
    """Say which file cannot be used, or why the output cannot; nothing to a reader who has gone."""
    if error.filename is not None:
        return _refuse(f"'{path_shown(error.filename)}' cannot be used: {error.strerror}.")
    # What was not taken is kept, and would fail once more, with a trace, when Python ends.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if isinstance(error, BrokenPipeError):  # whoever stops to read has read enough
        return CLEAN
    return _refuse(f"What came of it cannot be written: {error.strerror}; send it elsewhere.")


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return BAD_USAGE


if __name__ == "__main__":
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a file's name may be no text at all
    sys.exit(main(sys.argv[1:], os.environ))
