"""How a section asks for a guess: the options of a simulation that say so, read and checked.

    :predict: expected_updates        a fact of the simulation; the figure waits for the guess
    :guess: number                    one number; what is asked for if nothing else is said
    :guess: interval 90%              two numbers that hold the answer so surely; 80% if none is said
    :guess: choice
    :choices: under 100 | 100 to 1,000 | over 1,000

Choices are ranges over the fact, in its own unit, a share in percent. Each begins where the one before ends,
the first is open below and the last above: whatever a reader sets, one of them is right. The fact itself may
not lie on a border at the author's settings, where two would be.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import get_args

from content.fence import Fence, Option
from content.hints import did_you_mean
from content.problems import Code
from content.reading import Reading
from content.simulations import fact, has_fact
from content.values import by_default, read_written
from content.word import Word
from sim.guess import Ask, Choice, Kind
from sim.score import holds
from sim.spec import Quantity, Settings, Toy

OPTIONS = frozenset({"predict", "guess", "choices"})
FEWEST, MOST = 2, 6
LEAST_CONFIDENCE, GREATEST_CONFIDENCE = 50, 99  # percent
SHARE = "share"

_INTERVAL = re.compile(r"interval(?:[ \t]+(\d{1,3})[ \t]*%)?", re.ASCII)
_RANGE = re.compile(
    r"(?:(?P<under>under|less than)|(?P<over>over|more than))[ \t]+(.+)|(.+?)[ \t]+to[ \t]+(.+)"
)
_HOW = "write, for instance, ':choices: under 100 | 100 to 1,000 | over 1,000'"


def read_asking(toy: Toy, fence: Fence, settings: Settings | None, reading: Reading) -> tuple[str, Ask]:
    """Read which fact is to be guessed and how, or report what is wrong with that.

    Args:
        toy: The simulation.
        fence: The block.
        settings: The author's settings; `None` if there is something wrong with them.
        reading: Where to report.

    Returns:
        The fact, empty if nothing is asked, and how a guess at it is asked for.
    """
    predict, guess, choices = (fence.option(name) for name in ("predict", "guess", "choices"))
    if predict is None:
        for option in (guess, choices):
            if option:
                message = f"'{option.name.text}' says how to ask, and nothing is asked."
                reading.report(Code.BAD_OPTION, option.name, message, "add ':predict:' with a fact")
        return "", Ask()
    known = has_fact(toy, predict.value, reading)
    kind, confidence = _kind(guess, reading) if guess else ("number", Ask().confidence)
    if guess is None or kind != "choice":
        if choices and guess:
            message = f"There are choices, and the guess is '{guess.value.text}'."
            reading.report(Code.BAD_OPTION, choices.name, message, "write ':guess: choice', or drop them")
        elif choices:
            message = "There are choices, and the guess is a number."
            reading.report(Code.BAD_OPTION, choices.name, message, "add ':guess: choice'")
        return predict.value.text, Ask(kind, confidence)
    if choices is None:
        reading.report(Code.BAD_OPTION, guess.value, "There is nothing to choose from.", _HOW)
        return predict.value.text, Ask()
    if not known:
        return predict.value.text, Ask()
    found = _choices(choices, toy.module.FACTS[predict.value.text], reading)
    if settings is not None and found:
        truth = fact(toy, predict.value.text, settings, predict.value, reading)
        _check_border(choices, found, truth, reading)
    return predict.value.text, Ask("choice", choices=tuple(found))


def _kind(option: Option, reading: Reading) -> tuple[Kind, float]:
    text = option.value.text
    usual = Ask()
    if text in {"number", "choice"}:
        return ("choice" if text == "choice" else "number"), usual.confidence
    match = _INTERVAL.fullmatch(text)
    if match is None:
        message = f"A guess is a number, an interval or a choice, not '{text}'."
        hint = did_you_mean(text, get_args(Kind)) or "write 'number', 'interval 80%' or 'choice'"
        reading.report(Code.BAD_OPTION, option.value, message, hint)
        return usual.kind, usual.confidence
    if match[1] is None:
        return "interval", usual.confidence
    percent = int(match[1])
    if not LEAST_CONFIDENCE <= percent <= GREATEST_CONFIDENCE:
        message = f"The confidence of an interval is {percent}%."
        hint = f"write one from {LEAST_CONFIDENCE}% to {GREATEST_CONFIDENCE}%"
        reading.report(Code.BAD_OPTION, option.value.part(match.start(1)), message, hint)
    return "interval", percent / 100


def _choices(option: Option, quantity: Quantity, reading: Reading) -> list[Choice]:
    """Read the ranges; empty once something that is wrong with them has been reported."""
    words = option.value.split("|")
    if not FEWEST <= len(words) <= MOST:
        message = f"There are {len(words)} choices." if len(words) > 1 else "There is only one choice."
        reading.report(Code.BAD_OPTION, option.value, message, f"write {FEWEST} to {MOST}, with '|' between")
        return []
    read = [_choice(word, quantity, reading) for word in words]
    found = [choice for choice in read if choice is not None]
    return found if len(found) == len(words) and _join(words, found, reading) else []


def _choice(word: Word, quantity: Quantity, reading: Reading) -> Choice | None:
    match = _RANGE.fullmatch(word.text)
    if match is None:
        reading.report(Code.BAD_OPTION, word, f"'{word.text}' is not a range.", _HOW)
        return None
    read = [_end(word.part(*match.span(group)), quantity, reading) for group in (3, 4, 5) if match[group]]
    ends = [end for end in read if end is not None]
    if len(ends) < len(read):
        return None
    low, high = ends[0], ends[-1]
    if match["under"]:
        return Choice(word.text, high=high)
    if match["over"]:
        return Choice(word.text, low=low)
    if low < high:
        return Choice(word.text, low, high)
    reading.report(Code.BAD_OPTION, word, f"'{word.text}' holds no number.", "write the lower end first")
    return None


def _end(word: Word, quantity: Quantity, reading: Reading) -> float | None:
    """Read one end of a range, in the fact's unit."""
    written = read_written(word.text)
    if written is None:
        reading.report(Code.BAD_OPTION, word, f"'{word.text}' is not a number.", _HOW)
        return None
    value = float(written.value) / (100 if written.percent else 1)
    if written.percent and quantity.unit != SHARE:
        unit = quantity.unit or "a pure number"
        message = f"The answer is in {unit}, not in percent." if quantity.unit else f"The answer is {unit}."
        reading.report(Code.BAD_OPTION, word, message, "write it without the percent sign")
        return None
    if quantity.unit == SHARE and not written.percent:
        message = f"The answer is a share, and '{word.text}' has no percent sign."
        reading.report(Code.BAD_OPTION, word, message, f"write '{word.text}%'")
        return None
    return value


def _join(words: Sequence[Word], choices: Sequence[Choice], reading: Reading) -> bool:
    """Tell whether the ranges cover everything once, or report the first that does not."""
    if not math.isinf(choices[0].low):
        message = f"Nothing is chosen by who expects less than '{words[0].text}'."
        reading.report(Code.BAD_OPTION, words[0], message, "begin with 'under …'")
        return False
    for word, (before, after) in zip(words[1:], pairwise(choices), strict=True):
        if before.high != after.low:
            message = f"'{word.text}' does not begin where '{before.words}' ends."
            reading.report(Code.BAD_OPTION, word, message, "let each range begin where the one before ends")
            return False
    if not math.isinf(choices[-1].high):
        message = f"Nothing is chosen by who expects more than '{words[-1].text}'."
        reading.report(Code.BAD_OPTION, words[-1], message, "end with 'over …'")
        return False
    return True


def _check_border(option: Option, choices: Sequence[Choice], truth: float | None, reading: Reading) -> None:
    right = [choice.words for choice in choices if truth is not None and holds(choice, truth)]
    if truth is not None and len(right) > 1:
        message = f"The answer is {by_default(truth)}, on the border of '{right[0]}' and '{right[1]}'."
        reading.report(
            Code.BAD_OPTION, option.value, message, "move the border, so that one of them is right"
        )
