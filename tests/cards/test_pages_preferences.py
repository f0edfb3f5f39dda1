"""The page of the desk's settings: every preference is on it, and what is changed is kept or explained."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from cards.days import DayRules
from cards.pages import preferences
from cards.pages.operations import save
from cards.pages.preferences import GROUPS, choose, form
from cards.pages.session import Present, day_rules
from cards.preferences import BOUNDS, DEFAULTS, PREFERENCES, Preferences, read
from cards.store import ProblemKind, Store, StoreProblem
from tests.cards.pages_learner import DECK, open_store, someone

WISHES = {wish.name: wish for _, wishes in GROUPS for wish in wishes}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = open_store(tmp_path_factory.mktemp("home"))
    yield opened
    opened.close()


def kept(here: Present) -> Preferences:
    return read(here.store.setting(here.learner, PREFERENCES)).preferences


def test_every_preference_is_asked_for_once() -> None:
    names = [wish.name for _, wishes in GROUPS for wish in wishes]
    assert sorted(names) == sorted(field.name for field in fields(Preferences))


@pytest.mark.parametrize("name", [wish.name for wish in WISHES.values() if wish.choices])
def test_every_value_has_its_words(name: str) -> None:
    assert set(WISHES[name].choices) == set(type(getattr(DEFAULTS, name)))


def test_the_form_has_each_value_with_its_bounds(store: Store) -> None:
    here = replace(someone(store), preferences=Preferences(new_a_day=7))
    asked = {wish["name"]: wish for group in form(DECK, here, {})["groups"] for wish in group["wishes"]}
    assert (asked["new_a_day"]["value"], asked["new_a_day"]["most"]) == (7, BOUNDS["new_a_day"].most)
    assert asked["two_grades"]["kind"] == "switch"
    assert asked["mix"]["choices"][0] == ("reviews-first", "reviews, then new cards")


def test_a_choice_is_kept_at_once_and_leaves_the_others(store: Store) -> None:
    here = replace(someone(store), preferences=Preferences(new_a_day=7))
    assert choose(here, {"name": "mix", "value": "mixed"}) == {"name": "mix", "sentence": "Saved."}
    assert kept(here) == Preferences(new_a_day=7, mix="mixed")


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ({"name": "new_a_day", "value": 5000}, "New cards: new_a_day 5000 is out of bounds"),
        ({"name": "new_a_day", "value": None}, "not a whole number"),
        ({"name": "colour", "value": 1}, "'colour' is none that this version knows."),
        ({"name": ["x"], "value": 1}, "none that this version knows"),
        ("nonsense", "None is none that this version knows"),
    ],
)
def test_what_cannot_be_kept_is_explained(store: Store, raw: object, said: str) -> None:
    here = someone(store)
    assert said in choose(here, raw)["sentence"]
    assert kept(here) == DEFAULTS


@pytest.mark.parametrize(
    ("timezone", "known"), [("Europe/London", "Europe/London"), ("Mars/Olympus", "UTC"), (None, "UTC")]
)
def test_a_day_begins_at_the_hour_preferred_wherever_the_browser_is(timezone: str | None, known: str) -> None:
    assert day_rules(timezone, 23) == DayRules(known, 23)


class Full:
    """A store with no room."""

    def set_setting(self, *_: object) -> None:
        """Refuse."""
        raise StoreProblem(ProblemKind.FULL, "The disk is full.", where="here", remedy="Free some space.")


def test_what_the_store_refuses_is_told(store: Store) -> None:
    here = replace(someone(store), store=Full())  # type: ignore[arg-type] - it stands in for a full disk
    assert choose(here, {"name": "new_a_day", "value": 5})["sentence"] == "Not saved. The disk is full."


@pytest.mark.parametrize("change", [preferences._choose, preferences._reset])
def test_a_store_that_cannot_be_opened_is_told_in_the_form(
    change: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed() -> Present:
        raise StoreProblem(ProblemKind.DAMAGED, "It is damaged.", where="here", remedy="Restore it.")

    state: dict[str, Any] = {preferences.KEY: {"chosen": {"name": "new_a_day", "value": 5}}}
    monkeypatch.setattr(preferences, "present", closed)
    monkeypatch.setattr(preferences, "st", SimpleNamespace(session_state=state))
    change()
    assert state[preferences.SAID] == {"name": "", "sentence": "Not saved. It is damaged."}


def test_a_backlog_and_what_could_not_be_read_are_told(store: Store) -> None:
    here = someone(store)
    store.set_setting(here.learner, PREFERENCES, {"colour": "red"})
    for number in range(3):
        raw = {"id": f"a{number}", "kind": "answer", "card": f"card-{number}", "rating": 4}
        save(here, [raw])
    later = replace(here, now=here.now + timedelta(days=60), preferences=Preferences(reviews_a_day=2))
    backlog, unknown = form(DECK, later, {})["notes"]
    assert backlog == "3 reviews have piled up; at 2 a day they take 2 days, and none is skipped."
    assert "colour" in unknown
