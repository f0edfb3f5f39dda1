"""The language of searches: words, what a card is, and where it stands.

    walk variance         cards that have words which begin so, in any order
    "fair walk"           these words, whole and side by side
    is:due is:marked      what the card is to the learner, see `Condition`
    section:slug track:slug kind:cloze tag:walks section:"a name with spaces"
    due<7 stability>30 difficulty>7 lapses>3 reps=0
    -is:suspended -walk   not that

Everything must hold. What cannot be understood is one sentence that names it and the way to write it, and
the rest is still searched; no text is an error. `parse(written(query))` gives the query back.

Left out: "or" and brackets, for which two searches do.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from cards.folding import words
from cards.shown import shortened

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

LONGEST = 1000  # characters that are read
MOST_TERMS = 32
FURTHEST = 100_000  # days, and what else is counted

NAMED = ("section", "track", "kind", "tag")
WHOLE = ("due", "lapses", "reps")
NUMBERED = (*WHOLE, "stability", "difficulty")
EXAMPLES = {"due": "due<7", "lapses": "lapses>3", "reps": "reps=0", "stability": "stability>30"}

NAMES = "|".join(("is", *NAMED))
CHUNK = re.compile(rf'(-?)"([^"]*)"?|(?:-?(?:{NAMES}):"[^"]*"?)|[^\s"]+', re.IGNORECASE)
FIELD = re.compile(r"([^\W\d_][\w-]*)(:|<=|>=|<|>|=)(.*)", re.DOTALL)
SPACE = re.compile(r"\s")
NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?", re.IGNORECASE)


class Condition(StrEnum):
    """What a card can be to a learner. All but NOTE speak of cards that are kept."""

    KEPT = "kept"
    NEW = "new"
    LEARNING = "learning"
    REVIEW = "review"
    DUE = "due"
    SUSPENDED = "suspended"
    BURIED = "buried"
    MARKED = "marked"
    LEECH = "leech"
    NOTE = "note"


class Sort(StrEnum):
    """What results are ordered by. Cards that have no such number come last, either way round."""

    RELEVANCE = "relevance"
    PLACE = "place"
    SECTION = "section"
    DUE = "due"
    STABILITY = "stability"
    DIFFICULTY = "difficulty"
    LAPSES = "lapses"


@dataclass(frozen=True)
class Words:
    """Words side by side, folded; `whole` if the last must match to its end and not only begin so."""

    words: tuple[str, ...]
    whole: bool = False
    negated: bool = False


@dataclass(frozen=True)
class Is:
    """What the card is to the learner."""

    condition: Condition
    negated: bool = False


@dataclass(frozen=True)
class Named:
    """The section, track, kind or tag of the card. A tag stands for those below it too."""

    field: str
    name: str
    negated: bool = False


@dataclass(frozen=True)
class Compare:
    """A number of the card's memory against another. A card that has no such number does not compare.

    Attributes:
        field: "due" (days from today, negative for days past; nothing for new cards), "stability" (days),
            "difficulty" (1 to 10), "lapses" or "reps".
        operator: "<", "<=", "=", ">=" or ">".
        number: What it is compared with.
    """

    field: str
    operator: str
    number: float
    negated: bool = False


Term = Words | Is | Named | Compare


@dataclass(frozen=True)
class Query:
    """What a card must be, all of it; an empty one takes every card."""

    terms: tuple[Term, ...] = ()


class Read(NamedTuple):
    """A query as it was understood, and a sentence for each part that was not."""

    query: Query
    problems: tuple[str, ...] = ()


class NotUnderstoodError(ValueError):
    """One part of a query that means nothing; the message says what to write."""


def parse(text: str) -> Read:
    """Read what a learner has typed."""
    problems = []
    if len(text) > LONGEST:
        problems.append(f"Only the first {LONGEST:,} characters of the search were read.")
    terms: list[Term] = []
    for chunk in CHUNK.finditer(text[:LONGEST]):
        try:
            term = _quoted(chunk) if chunk[2] is not None else _bare(chunk[0])
        except NotUnderstoodError as error:
            problems.append(str(error))
            continue
        if term is not None:
            terms.append(term)
    if len(terms) > MOST_TERMS:
        problems.append(f"Only the first {MOST_TERMS} parts of the search were used.")
    return Read(Query(tuple(terms[:MOST_TERMS])), tuple(dict.fromkeys(problems)))


def written(query: Query) -> str:
    """Return a query as it is typed."""
    return " ".join(f"{'-' if term.negated else ''}{_written(term)}" for term in query.terms)


def known(query: Query, names: Mapping[str, Collection[str]]) -> Read:
    """Leave out sections, tracks, kinds and tags that the book does not have, each with a sentence.

    Args:
        query: The query, whose names are taken in any case.
        names: What there is, by the field that names it.
    """
    terms: list[Term] = []
    problems = []
    for term in query.terms:
        if not isinstance(term, Named):
            terms.append(term)
        elif found := _as_spelled(term.name, names[term.field]):
            terms.append(replace(term, name=found))
        else:
            said = f"No card has the {term.field} '{shortened(term.name)}'."
            problems.append(f"{said}{_nearest(term.name, names[term.field])}")
    return Read(Query(tuple(terms)), tuple(dict.fromkeys(problems)))


def _quoted(chunk: re.Match[str]) -> Words | None:
    found = words(chunk[2])
    if chunk[2].strip() and not found:
        raise _wordless(chunk[2])
    return Words(found, whole=True, negated=bool(chunk[1])) if found else None


def _bare(chunk: str) -> Term | None:
    negated = chunk.startswith("-")
    text = chunk.removeprefix("-")
    field = FIELD.fullmatch(text)
    if field:
        return _field(field[1].lower(), field[2], _unquoted(field[3]), text, negated=negated)
    found = words(text)
    if text and not found:
        raise _wordless(text)
    return Words(found, negated=negated) if found else None


def _unquoted(value: str) -> str:
    return value.strip('"').strip() if value.startswith('"') else value


def _field(name: str, operator: str, value: str, text: str, *, negated: bool) -> Term:
    if name == "is":
        return Is(_condition(operator, value), negated)
    if name in NAMED:
        if operator != ":" or not value:
            raise NotUnderstoodError(
                f"'{shortened(text)}' names no {name}. Write {name}: with its name right behind it."
            )
        return Named(name, value, negated)
    if name in NUMBERED:
        return Compare(name, operator, _number(name, operator, value, text), negated)
    fields = ("is", *NAMED, *NUMBERED)
    quoted = f' To search for the text itself, put it in quotes: "{shortened(text)}".'
    raise NotUnderstoodError(f"There is no field '{shortened(name)}'.{_nearest(name, fields)}{quoted}")


def _condition(operator: str, value: str) -> Condition:
    names = [str(condition) for condition in Condition]
    if operator == ":" and value.lower() in names:
        return Condition(value.lower())
    close = difflib.get_close_matches(value.lower(), names, n=1)
    hint = f"Did you mean is:{close[0]}?" if close else f"Write is: with one of {', '.join(names)}."
    raise NotUnderstoodError(f"A card cannot be '{shortened(value)}'. {hint}")


def _number(name: str, operator: str, value: str, text: str) -> float:
    example = EXAMPLES.get(name, f"{name}>7")
    if operator == ":":
        raise NotUnderstoodError(
            f"'{shortened(text)}' compares nothing. Write {name} with <, = or >, such as {example}."
        )
    if not NUMBER.fullmatch(value) or not abs(float(value)) <= FURTHEST:
        raise NotUnderstoodError(
            f"'{shortened(text)}' compares with no number up to {FURTHEST:,}. Write {example}, for example."
        )
    if name in WHOLE and not float(value).is_integer():
        raise NotUnderstoodError(
            f"{name} is a whole number, and {shortened(value)} is not. Write {example}, for example."
        )
    return float(value)


def _wordless(text: str) -> NotUnderstoodError:
    return NotUnderstoodError(
        f"'{shortened(text.strip())}' has no letter and no digit, so it was left out of the search."
    )


def _written(term: Term) -> str:
    match term:
        case Words(found, whole=True):
            return f'"{" ".join(found)}"'
        case Words(found):
            return ".".join(found)  # parted by what is no letter, they are still side by side
        case Is(condition):
            return f"is:{condition}"
        case Named(field, name):
            return f'{field}:"{name}"' if SPACE.search(name) else f"{field}:{name}"
        case Compare(field, operator, number):
            return f"{field}{operator}{int(number) if number.is_integer() else repr(number)}"


def _as_spelled(name: str, names: Iterable[str]) -> str:
    return next((known for known in names if known.casefold() == name.casefold()), "")


def _nearest(name: str, names: Collection[str]) -> str:
    close = difflib.get_close_matches(name.casefold(), names, n=1)
    if close:
        return f" Did you mean '{close[0]}'?"
    some = sorted(names)[:12]
    return f" Known: {', '.join(some)}{' and others' if len(names) > len(some) else ''}." if some else ""
