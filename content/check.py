"""`python -m content check`: what is wrong with the book, or with files outside it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from cards.shown import path_shown
from content.blocks import Section, SimBlock
from content.files import READ
from content.library import OWN, Library
from content.problems import Problem


class UsageError(Exception):
    """A command that cannot be carried out; the message is one sentence for the one who typed it."""


@dataclass(frozen=True)
class Report:
    """What was looked at, and what is wrong with it."""

    sections: tuple[Section, ...]
    problems: tuple[Problem, ...]

    @property
    def cards(self) -> Counter[str]:
        """How many cards there are of each kind."""
        return Counter(card.kind for section in self.sections for card in section.cards)

    @property
    def simulations(self) -> int:
        """How many simulations stand in the sections."""
        return sum(isinstance(block, SimBlock) for section in self.sections for block in section.blocks)

    def as_text(self) -> str:
        """The problems, one a line, then the counts."""
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(self.cards.items()))
        cards = f"{_count(self.cards.total(), 'card')}{f' ({kinds})' if kinds else ''}"
        counts = f"{_count(len(self.sections), 'section')}, {cards}, {_count(self.simulations, 'simulation')}"
        verdict = _count(len(self.problems), "problem") if self.problems else "no problems"
        return "\n".join([*map(str, self.problems), f"{counts}: {verdict}"])

    def as_json(self) -> str:
        """The same as one JSON object."""
        return json.dumps(
            {
                "problems": [asdict(problem) for problem in self.problems],
                "sections": len(self.sections),
                "cards": dict(sorted(self.cards.items())),
                "simulations": self.simulations,
            },
            indent=2,
            ensure_ascii=False,
        )


def check(library: Library, paths: Sequence[Path]) -> Report:
    """Check the whole book, or some paths.

    A path inside the book is read with all of it, and only what concerns the path is reported. A path outside
    is a book of its own; terms and sources that it lacks are looked up in this project's.

    Raises:
        UsageError: If a path does not exist or holds no section.
        FolderError: If a folder of the book is not there.
    """
    if not paths:
        return _report(library, None)
    reports = [_check_path(library, path) for path in paths]
    sections = {section.path: section for report in reports for section in report.sections}
    problems = {problem for report in reports for problem in report.problems}
    return Report(tuple(sections.values()), tuple(sorted(problems)))


def relative_to(report: Report, folder: Path) -> Report:
    """Write the paths of problems as someone who stands in a folder would."""
    shown = []
    for problem in report.problems:
        path = Path(problem.path)
        inside = path.is_relative_to(folder)
        shown.append(replace(problem, path=str(path.relative_to(folder))) if inside else problem)
    return Report(report.sections, tuple(sorted(shown)))


def _check_path(library: Library, path: Path) -> Report:
    if not path.exists():
        raise UsageError(f"There is no file or folder '{path_shown(path)}'.")
    path = path.resolve()
    inside = any(path.is_relative_to(root.resolve()) for root in library.roots)
    report = _report(library if inside else Library([path], fallback=OWN), path)
    if not report.sections and not report.problems and path.name not in READ:
        raise UsageError(f"'{path_shown(path)}' holds no section: no file of the book that ends in .md.")
    return report


def _report(library: Library, path: Path | None) -> Report:
    book = library.load()
    if path is None:
        return Report(book.sections, book.problems)
    sections = tuple(section for section in book.sections if _is_in(section.path, path))
    problems = tuple(problem for problem in book.problems if _is_in(problem.path, path))
    return Report(sections, problems)


def _is_in(file: str, path: Path) -> bool:
    return Path(file).resolve().is_relative_to(path)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
