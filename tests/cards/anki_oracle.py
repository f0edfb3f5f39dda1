"""Anki's own backend as an oracle for the scheduler, asked in a process of its own (`anki_process`).

Anki answers only in the present; so a history lies in the past, as rows of its review log. Anki computes the
memory from those rows, and says what each button would do now.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

PROCESS = Path(__file__).with_name("anki_process.py")


@dataclass(frozen=True)
class History:
    """One card's past.

    Attributes:
        answers: Of each answer, the epoch in milliseconds, the rating, and the state that was answered.
        state: The state it is in now.
        steps_left: Steps left in that state.
        interval: Its last interval, in days.
        lapses: Times it was forgotten.
    """

    answers: Sequence[tuple[int, int, str]] = ()
    state: str = "new"
    steps_left: int = 0
    interval: int = 0
    lapses: int = 0


@dataclass(frozen=True)
class Verdict:
    """What Anki makes of a history.

    Attributes:
        memory: Stability and difficulty now, or None for a new card.
        days: The interval of each rating, for those that are in days.
        seconds: The interval of each rating, for those that are within the day.
        memories: Stability and difficulty after each rating.
    """

    memory: tuple[float, float] | None
    days: dict[int, int]
    seconds: dict[int, int]
    memories: dict[int, tuple[float, float]]


def next_day_and_now() -> tuple[int, int]:
    """Return when Anki's next day begins, and Anki's present, as epoch seconds; its clock stands in UTC."""
    answer = _ask([], {})
    return answer["next_day_at"], answer["now"]


def verdicts(histories: Sequence[History], **preset: object) -> list[Verdict]:
    """Return Anki's verdict on each history, under a preset ("delays", "lapse_delays", "maxIvl" …)."""
    return [
        Verdict(
            memory=tuple(verdict["memory"]) if verdict["memory"] else None,
            days={int(rating): days for rating, days in verdict["days"].items()},
            seconds={int(rating): seconds for rating, seconds in verdict["seconds"].items()},
            memories={int(rating): tuple(memory) for rating, memory in verdict["memories"].items()},
        )
        for verdict in _ask([asdict(history) for history in histories], preset)["verdicts"]
    ]


def _ask(histories: list[dict[str, Any]], preset: dict[str, object]) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", PROCESS],
        input=json.dumps({"histories": histories, "preset": preset}),
        env={**os.environ, "ANKI_TEST_MODE": "1", "TZ": "UTC"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))
