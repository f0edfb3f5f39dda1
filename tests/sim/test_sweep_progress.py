"""How far a sweep is: a bar on a terminal, a line now and then in a log, and the time that is left."""

from __future__ import annotations

import io

import pytest

from sim.sweeps.progress import QUIET, Progress, duration


class Terminal(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


class Clock:
    """A clock that goes on by so much each time it is read."""

    def __init__(self, each: float) -> None:
        self.now = 0.0
        self._each = each

    def __call__(self) -> float:
        """Read it."""
        self.now += self._each
        return self.now


def said(total: int, kept: int, stream: io.StringIO, each: float) -> str:
    progress = Progress(total, kept, stream, Clock(each))
    for _ in range(total - kept):
        progress.step()
    progress.close()
    return stream.getvalue()


def test_a_terminal_has_one_line_that_ends_full() -> None:
    lines = said(4, 0, Terminal(), each=10).split("\r")
    assert [line.strip() for line in lines[1:]] == [
        f"[{'#' * 10}{'-' * 30}]  1 of 4 runs, about 30 s left",
        f"[{'#' * 20}{'-' * 20}]  2 of 4 runs, about 20 s left",
        f"[{'#' * 30}{'-' * 10}]  3 of 4 runs, about 10 s left",
        f"[{'#' * 40}]  4 of 4 runs",
    ]
    assert lines[-1].endswith("\n")
    assert len({len(line.rstrip("\n")) for line in lines[2:]}) == 1  # what is longer is written over


def test_what_was_kept_has_no_pace() -> None:
    first = said(10, 8, Terminal(), each=6).split("\r")[1]
    assert first.strip().endswith("9 of 10 runs, about 6 s left")


def test_a_bar_is_not_drawn_for_each_of_many_quick_runs_but_for_the_last() -> None:
    lines = said(1000, 0, Terminal(), each=0.001).split("\r")[1:]
    assert len(lines) < 20
    assert "1,000 of 1,000 runs" in lines[-1]


def test_a_log_has_a_line_now_and_then() -> None:
    assert said(100, 0, io.StringIO(), each=0.01) == ""
    lines = said(100, 0, io.StringIO(), each=QUIET / 20).splitlines()
    assert len(lines) == 5
    assert lines[0] == "20 of 100 runs, about 2 min left"


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "0 s"), (59, "59 s"), (60, "1 min"), (3599, "60 min"), (9000, "2.5 h")]
)
def test_a_duration_is_as_precise_as_one_wants_to_know_it(seconds: float, words: str) -> None:
    assert duration(seconds) == words
