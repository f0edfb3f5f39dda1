"""The routes that start long work: for pages of this server, and only for what there is to work on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from starlette.applications import Starlette

from cards import fits
from cards.days import DayRules
from cards.foreseeing import Wanted
from cards.memory import Rating
from cards.pages import fitting, session, tuning_fit
from cards.pages.fitting import FORGOTTEN, MOST
from cards.schedule import SchedulerSettings
from cards.store import LOCAL, Answer, ProblemKind, Store, StoreProblem
from cards.tuning import Tuning
from sim.fitting.judging import ENOUGH
from sim.runs import Runs
from sim.task import Task
from tests.cards.long_history import live
from tests.cards.pages_learner import someone
from tests.sim import asgi
from tests.sim.asgi import call
from tests.sim.playing import play

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
OURS = {"x_martingale": "1"}


class Noted(Runs):
    """Runs that are noted and not run."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[Task, str]] = []

    def start(self, job: Task, reader: str = "") -> str:  # type: ignore[override] # only tasks come here
        """Note it."""
        self.asked.append((job, reader))
        return "run-1"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    opened = Store.open(tmp_path / "martingale.db", now=NOW)
    monkeypatch.setattr(session, "store", lambda: opened)
    yield opened
    opened.close()


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Noted:
    noted = Noted()
    monkeypatch.setattr(fitting, "RUNS", noted)
    return noted


def asked(body: bytes = b'{"reader": "a tab"}', what: str = "fit", **headers: str) -> asgi.Answer:
    async def scenario() -> asgi.Answer:
        return await call(Starlette(routes=fitting.ROUTES), "POST", f"/cards/{what}", body, **headers)

    return play(scenario)


def test_a_log_that_is_long_enough_is_fitted(
    store: Store, runs: Noted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cards.fits.ENOUGH", 10)
    live(store, store.learner(LOCAL), ["a", "b", "c"], until=NOW, days=60)
    answer = asked(**OURS)
    assert (answer.status, answer.json()) == (200, {"id": "run-1"})
    [(task, reader)] = runs.asked
    assert (task.name, reader) == ("fit", "a tab")
    assert len(task.argument.answers) == len(store.reviews(store.learner(LOCAL)))


def test_one_that_is_not_is_refused_with_the_numbers(store: Store, runs: Noted) -> None:
    store.learner(LOCAL)
    answer = asked(**OURS)
    assert answer.status == 422
    assert answer.json() == {"error": f"0 reviews count so far, and a fit needs {ENOUGH}."}
    assert runs.asked == []


@pytest.mark.usefixtures("store")
def test_no_other_page_starts_one(runs: Noted) -> None:
    assert asked().status == 403
    assert asked(**OURS, origin="http://elsewhere.example").status == 403
    assert runs.asked == []


def test_a_store_that_cannot_be_read_is_one_sentence(runs: Noted, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Store:
        raise StoreProblem(ProblemKind.DAMAGED, "It is damaged.", where="/x", remedy="Restore it.")

    monkeypatch.setattr(session, "store", broken)
    answer = asked(**OURS)
    assert answer.status == 503
    assert answer.json() == {"error": "It is damaged. Restore it."}
    assert runs.asked == []


def test_a_fit_is_offered_once_there_is_enough_and_not_again_until_there_is_much_more(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cards.fits.ENOUGH", 5)
    here = someone(store, now=NOW)
    assert not tuning_fit.is_offered(here)
    live(store, here.learner, ["a", "b", "c"], until=NOW, days=60)
    assert tuning_fit.is_offered(here)
    counted = int(fits.answers(store.recalled(here.learner)).counts.sum())
    last = {
        "run": "run-1",
        "weights": list(here.tuning.parameters),
        "fitted": counted,
        "held_out": 0,
        "cards": 3,
        **dict.fromkeys(("before", "after", "error", "fitted_before", "fitted_after"), 0.3),
        "calibration_before": [],
        "calibration_after": [],
    }
    store.set_setting(here.learner, fits.FIT, last)
    assert not tuning_fit.is_offered(here)


def test_a_log_is_read_again_only_when_something_was_added_to_it(store: Store) -> None:
    here = someone(store, now=NOW)
    live(store, here.learner, ["a", "b", "c"], until=NOW, days=60)
    first = tuning_fit.read(here)
    assert first.counted == int(fits.answers(store.recalled(here.learner)).counts.sum())
    assert first.foretold
    assert tuning_fit.read(here, first) is first
    assert tuning_fit.read(someone(store, now=NOW), first).counted == 0
    tomorrow = Answer("tomorrow's", "a", Rating.GOOD, NOW + timedelta(days=1))
    store.answer(here.learner, tomorrow, here.rules, SchedulerSettings())
    again = tuning_fit.read(here, first)
    assert again.counted == first.counted + 1
    store.undo(here.learner, "taken back", NOW)
    assert tuning_fit.read(here, again).counted == again.counted - 1


def test_a_draft_that_a_page_has_put_down_is_foreseen_and_no_other(runs: Noted) -> None:
    wanted = Wanted("known", "sqlite:///cards.db", 1, Tuning(), {}, 20_000, DayRules())
    fitting.put_down(wanted)
    answer = asked(b'{"reader": "a tab", "wanted": "known"}', "foresee", **OURS)
    assert (answer.status, answer.json()) == (200, {"id": "run-1"})
    ((task, reader),) = runs.asked
    assert (task.argument, task.name, reader) == (wanted, "preview", "a tab")
    for body in (b'{"wanted": "guessed"}', b"{}"):
        refused = asked(body, "foresee", **OURS)
        assert (refused.status, refused.json()) == (422, {"error": FORGOTTEN})
    assert asked(b'{"wanted": "known"}', "foresee").status == 403
    for number in range(MOST):
        fitting.put_down(replace(wanted, name=f"{number}"))
    assert asked(b'{"wanted": "known"}', "foresee", **OURS).status == 422
