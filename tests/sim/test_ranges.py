"""The range of a slider over HTTP: every picture of it, once computed, and never for those who have gone."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from starlette.applications import Starlette

from sim.pages.ranges import KEPT, Ranges
from sim.pages.routes import Simulations
from sim.picture import preview
from sim.runs import Runs
from sim.spec import Frame, SettingError, Settings, parse_settings
from tests.sim import pacing, unpacking
from tests.sim.asgi import Answer, call
from tests.sim.playing import play

PAUSES = 101  # positions of a slider from 0 to 60


def asked(url: str) -> Answer:
    async def scenario() -> Answer:
        runs = Runs(find=pacing.find)
        app = Starlette(routes=Simulations(runs, find=pacing.find).routes())
        return await call(app, "GET", url)

    return play(scenario)


@pytest.fixture
def previewed(monkeypatch: pytest.MonkeyPatch) -> list[Settings]:
    """The settings that were previewed, in order."""
    seen: list[Settings] = []
    original = pacing.preview

    def noted(config: pacing.Config, *, seed: int) -> Frame:
        seen.append(config)
        return original(config, seed=seed)

    monkeypatch.setattr(pacing, "preview", noted)
    return seen


def test_a_range_is_the_preview_at_every_position_of_the_slider() -> None:
    answer = asked("/sim/pacing/range?setting=pause&pause=3&draws=20&seed=7")
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["content-encoding"] == "gzip"
    positions, pictures = unpacking.pictures(answer.body)
    assert len(positions) == PAUSES
    assert 3.0 in positions
    for pause, picture in zip(positions, pictures, strict=True):
        config = parse_settings(pacing.PACING, {"pause": pause, "draws": 20})
        exact = json.loads(preview(pacing.PACING, config, 7))
        assert {**picture, "figure": None} == {**exact, "figure": None}
        assert picture["figure"]["data"][0]["type"] == "scatter"


@pytest.mark.parametrize(
    ("query", "status", "sentence"),
    [
        ("setting=draws", 422, "pacing sends no range of 'draws', only of pause."),
        ("", 422, "pacing sends no range of '', only of pause."),
        ("setting=pause&draws=0", 422, "pacing: draws is 0, below the least allowed, 1."),
        ("setting=pause&pause=61", 422, "pacing: pause is 61, above the greatest allowed, 60."),
        ("setting=pause&seed=x", 422, "The seed is 'x', which is not a whole number"),
    ],
)
def test_a_mistake_is_one_sentence(query: str, status: int, sentence: str) -> None:
    answer = asked(f"/sim/pacing/range?{query}")
    assert answer.status == status
    assert answer.json()["error"].startswith(sentence)


def test_a_toy_that_offers_none_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(pacing, "SCRUBBABLE")
    answer = asked("/sim/pacing/range?setting=pause")
    assert answer.json()["error"] == "pacing sends no range of 'pause', of none."


def test_a_range_that_is_too_large_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.scrub.MOST_BYTES", 99)
    answer = asked("/sim/pacing/range?setting=pause")
    assert answer.status == 422
    assert "bytes, above the 99 sent at once. Ask for each picture." in answer.json()["error"]


def test_a_position_at_which_the_toy_cannot_run_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    def picky(toy: Any, given: Any) -> Settings:  # noqa: ANN401 - passed on
        if float(given.get("pause", 0)) > 30:
            raise SettingError("Too slow.")
        return parse_settings(toy, given)

    monkeypatch.setattr("sim.scrub.parse_settings", picky)
    positions, pictures = unpacking.pictures(asked("/sim/pacing/range?setting=pause").body)
    for pause, picture in zip(positions, pictures, strict=True):
        assert picture == "Too slow." if pause > 30 else picture["settings"]["pause"] == pause


def test_a_toy_may_compute_all_in_one_call(
    monkeypatch: pytest.MonkeyPatch, previewed: list[Settings]
) -> None:
    calls: list[int] = []

    def scrub(configs: list[pacing.Config], *, seed: int) -> list[Frame]:
        calls.append(len(configs))
        return [pacing.frame(config, [0.25], seed=seed, progress=0.0) for config in configs]

    monkeypatch.setattr(pacing, "scrub", scrub, raising=False)
    _, pictures = unpacking.pictures(asked("/sim/pacing/range?setting=pause").body)
    assert calls == [PAUSES]
    assert previewed == []
    assert {picture["readout"] for picture in pictures} == {"1 drawn, mean 0.250."}


async def _answer(ranges: Ranges, draws: int = 10, leave_after: int | None = None) -> bytes:
    """Ask for a range, and go away after some pieces."""
    pieces = 0

    async def gone() -> bool:
        nonlocal pieces
        pieces += 1
        return leave_after is not None and pieces > leave_after

    return await ranges.answer(pacing.PACING, {"draws": str(draws)}, "pause", seed=0, gone=gone)


def test_what_is_asked_for_again_is_not_computed_again(previewed: list[Settings]) -> None:
    async def scenario() -> None:
        ranges = Ranges()
        first, second = await asyncio.gather(_answer(ranges), _answer(ranges))
        assert first == second == await _answer(ranges)

    play(scenario)
    assert len(previewed) == PAUSES


def test_only_so_many_are_kept(previewed: list[Settings], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.positions.MOST", 3)

    async def scenario() -> None:
        ranges = Ranges()
        for draws in range(1, KEPT + 2):
            await _answer(ranges, draws)
        told = len(previewed)
        await _answer(ranges, KEPT + 1)
        assert len(previewed) == told
        await _answer(ranges, 1)
        assert len(previewed) > told

    play(scenario)


def test_a_reader_who_has_gone_is_not_computed_for(previewed: list[Settings]) -> None:
    async def scenario() -> None:
        ranges = Ranges()
        assert await _answer(ranges, leave_after=5) == b""
        assert len(previewed) == 5
        assert len(unpacking.pictures(await _answer(ranges))[0]) == PAUSES  # the next one has the whole

    play(scenario)


def test_others_have_their_turn_between_two_pictures() -> None:
    async def scenario() -> None:
        ranges = Ranges()
        range_ = asyncio.create_task(_answer(ranges))
        turns = 0
        while not range_.done():
            await asyncio.sleep(0)
            turns += 1
        assert turns > PAUSES

    play(scenario)
