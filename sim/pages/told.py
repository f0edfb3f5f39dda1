"""What a panel's page tells the server, read and answered: guesses, and settings that break a claim.

    {"id": "…", "kind": "guess", "settings": {…}, "seed": 7, "said": {"low": 100, "high": 3000}, "at": …}
    {"id": "…", "kind": "counterexample", "settings": {…}, "seed": 7, "note": "…"}
    {"id": "…", "kind": "withdraw", "about": "…"}        and "restore", with the id of a counterexample

`said` is `{"value": …}`, `{"low": …, "high": …}`, `{"choice": index}` or null for "just show me". What the
author decides (the fact, the confidence, what there is to choose from) is not taken from the browser, and the
truth is computed here.

The answer is `{"id", "problem"}`: why that message could not be kept, or nothing if it was. The page keeps
what it told until it is answered, and may send it again under the same id. What no page of ours can have sent
is dropped, and answered as if it had been kept, or it would be sent again.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sim.counterexample import LONGEST_NOTE, Counterexample, Counterexamples, NotKeptError
from sim.guess import Ask, Choice, Guess, Interval, Number, Said
from sim.picture import seed_from
from sim.spec import Toy, parse_settings

LONGEST_ID = 64
LARGEST = 1e15  # of a guessed number: what a score can still tell apart
LATEST = 2**53  # milliseconds: the largest whole number that a browser counts exactly
UNSEEN = {"Cc", "Cs"}  # control characters and halves of characters, which databases refuse


@dataclass(frozen=True)
class Listener:
    """Hears what one panel tells.

    Attributes:
        toy: What the panel shows.
        fact: The fact that is guessed, or empty.
        ask: How it is asked for.
        on_guess: Told of each guess; may raise `NotKeptError`.
        counterexamples: Where settings that break the claim are kept; `None` where they are not.
    """

    toy: Toy
    fact: str = ""
    ask: Ask = Ask()  # noqa: RUF009 - frozen, and so safe to share
    on_guess: Callable[[Guess], None] | None = None
    counterexamples: Counterexamples | None = None

    def hear(self, told: object) -> dict[str, str]:
        """Keep what was told; returns the answer to it."""
        problem = ""
        try:
            self._keep(told)
        except NotKeptError as error:
            problem = str(error)
        return {"id": _text(told, "id"), "problem": problem}

    def _keep(self, told: object) -> None:
        kind, about = _text(told, "kind"), _text(told, "about")
        if kind == "guess" and self.on_guess:
            guess = read_guess(self.toy, self.fact, self.ask, told)
            if guess:
                self.on_guess(guess)
        elif self.counterexamples and kind == "counterexample":
            found = read_counterexample(self.toy, told)
            if found:
                self.counterexamples.keep(found)
        elif self.counterexamples and kind == "withdraw" and about:
            self.counterexamples.withdraw(about)
        elif self.counterexamples and kind == "restore" and about:
            self.counterexamples.restore(about)


def read_guess(toy: Toy, fact: str, ask: Ask, told: Any) -> Guess | None:  # noqa: ANN401 - whatever a browser sends
    """Read a guess; what no page of ours can have sent is no guess."""
    try:
        seed, config = seed_from(told["seed"]), parse_settings(toy, told["settings"])
        said = None if told["said"] is None else _said(ask, told["said"])
        truth = toy.module.facts(config)[fact]
        client_id, at = _text(told, "id"), int(told["at"])
    except (KeyError, TypeError, ValueError, OverflowError, IndexError):
        return None
    if not client_id or not 0 <= at <= LATEST:
        return None
    settings = config.model_dump()
    return Guess(
        toy=toy.name,
        fact=fact,
        settings=settings,
        seed=seed,
        kind=ask.kind,
        said=said,
        truth=truth,
        client_id=client_id,
        at=at,
    )


def read_counterexample(toy: Toy, told: Any) -> Counterexample | None:  # noqa: ANN401 - whatever a browser sends
    """Read settings that break a claim, with the note as plain text on one line.

    Raises:
        NotKeptError: If there is no note, or one that is too long.
    """
    try:
        seed, config = seed_from(told["seed"]), parse_settings(toy, told["settings"])
        note, client_id = told["note"], _text(told, "id")
    except (KeyError, TypeError, ValueError):
        return None
    if not isinstance(note, str) or not client_id:
        return None
    seen = (" " if unicodedata.category(sign) in UNSEEN else sign for sign in note)
    words = " ".join("".join(seen).split())
    if not words:
        raise NotKeptError("Say in a few words what these settings contradict.")
    if len(words) > LONGEST_NOTE:
        raise NotKeptError(f"The note has {len(words)} characters. Make do with {LONGEST_NOTE}.")
    return Counterexample(client_id, toy.name, config.model_dump(), seed, words)


def shown(said: Said, ask: Ask) -> dict[str, float | int] | None:
    """A guess as the browser has it; `None` if it was said in answer to something else."""
    match said:
        case Number(value) if ask.kind == "number":
            return {"value": value}
        case Interval(low, high, confidence) if (ask.kind, ask.confidence) == ("interval", confidence):
            return {"low": low, "high": high}
        case Choice() if said in ask.choices:
            return {"choice": ask.choices.index(said)}
        case _:
            return None


def _said(ask: Ask, said: Mapping[str, object]) -> Said:
    """Read what was said in answer to `ask`; raises what `read_guess` catches if it was something else."""
    match ask.kind:
        case "number":
            return Number(_number(said["value"]))
        case "interval":
            low, high = _number(said["low"]), _number(said["high"])
            if low > high:
                raise ValueError("an interval from above to below")
            return Interval(low, high, ask.confidence)
        case "choice":
            index = said["choice"]
            if not isinstance(index, int) or index < 0:
                raise ValueError("no index")
            return ask.choices[index]


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("not a number")
    if not math.isfinite(value) or abs(value) > LARGEST:
        raise ValueError("out of bounds")
    return float(value)


def _text(told: object, name: str) -> str:
    value = told.get(name) if isinstance(told, Mapping) else None
    return value if isinstance(value, str) and len(value) <= LONGEST_ID and value.isprintable() else ""
