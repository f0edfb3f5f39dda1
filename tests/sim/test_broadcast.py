"""Several broadcasts heard as one: all that each says, in its order, and nobody listening after the end."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

import pytest

from sim.broadcast import Broadcast, together
from tests.sim.playing import play

NAMES = "abc"


def quiet_clock() -> float:
    return 0.0


def test_each_is_heard_to_its_end_and_in_its_order() -> None:
    async def scenario() -> None:
        news = {name: Broadcast(quiet_clock) for name in NAMES}

        async def speak(name: str, times: int) -> None:
            for number in range(times):
                news[name].say(b"%d" % number, final=number == times - 1)
                await asyncio.sleep(0.001 * times)

        speakers = [asyncio.create_task(speak(name, 2 + place)) for place, name in enumerate(NAMES)]
        heard: dict[str, list[int]] = {name: [] for name in NAMES}
        async for name, event in together({name: one.events(0, 60) for name, one in news.items()}):
            assert event is not None
            heard[name].append(event.number)
        for place, name in enumerate(NAMES):
            assert heard[name] == sorted(set(heard[name]))
            assert heard[name][-1] == 2 + place  # the last word is never missed
        await asyncio.gather(*speakers)

    play(scenario)


def test_silence_of_one_is_told_while_another_speaks() -> None:
    async def scenario() -> None:
        news = {name: Broadcast(quiet_clock) for name in "ab"}
        news["a"].say(b"1")
        streams = {name: one.events(0, 0.01) for name, one in news.items()}
        async with aclosing(together(streams)) as both:
            told = [await anext(both) for _ in range(6)]
        assert ("b", None) in told
        assert ("a", None) in told

    play(scenario)


def test_nothing_to_hear_ends_at_once() -> None:
    async def scenario() -> None:
        assert [heard async for heard in together({})] == []
        over = Broadcast(quiet_clock)
        over.say(b"1", final=True)
        assert [name async for name, _ in together({"a": over.events(1, 60)})] == []

    play(scenario)


@pytest.mark.parametrize("said", [[], ["a"], ["a", "b"], ["a", "b", "c"]])
def test_who_leaves_listens_to_none(said: list[str]) -> None:
    """However many have just said something, and in whatever state the listener is cancelled, or goes."""

    async def scenario() -> None:
        news = {name: Broadcast(quiet_clock) for name in NAMES}
        streams = {name: one.events(0, 60) for name, one in news.items()}

        async def listen() -> None:
            async with aclosing(together(streams)) as all_of_them:
                async for _ in all_of_them:
                    if not waits:
                        return
                    await asyncio.sleep(60)

        for waits in (True, False) if said else (True,):
            streams = {name: one.events(0, 60) for name, one in news.items()}
            for name in said:
                news[name].say(b"1")
            listener = asyncio.create_task(listen())
            await asyncio.sleep(0.02)
            if waits:
                assert sum(one.watchers for one in news.values()) == len(NAMES)
                listener.cancel()
            await asyncio.wait([listener])
            for _ in range(10):  # turns of the loop, in which what was cancelled comes to its end
                await asyncio.sleep(0)
            assert [one.watchers for one in news.values()] == [0, 0, 0]

    play(scenario)
