"""Saying what heads do: how many seeds name every pair, whom each prefers, and the typed sequence."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from sim.toys._drawing import number, percent
from sim.toys._head_reading import between_signals, preference
from sim.toys._head_task import pair_name, pair_of

if TYPE_CHECKING:
    from sim.spec import Frame
    from sim.toys.head_superposition import Config


def say(frame: Frame, config: Config, *, most_right: float) -> str:
    """Say it of a frame; `most_right` is the share that such heads can get right."""
    size = f"{_counted(config.heads, 'head')} of {_counted(config.d_head, 'dimension')}"
    trained = f"{size} and {'a' if config.direct else 'no'} direct path"
    if not frame.result:
        return (
            f"Not trained yet: {trained} can get {percent(most_right)} right. Run it to see what training "
            f"finds, and what it makes of {config.sequence}."
        )
    result = cast("dict[str, float]", frame.result)
    right = f"{result['seeds_all_right']:.0f} of {_counted(config.seeds, 'seed')}"
    stopped = _stopped(int(result["seeds_stopped"]))
    if result["steps_done"] < config.steps:
        so_far = f"After {result['steps_done']:.0f} of {config.steps} steps"
        return f"{so_far}, {right} name every pair, with {trained}.{stopped}"
    best = f"the best is right {percent(result['best_accuracy'])} of the time"
    said = f"With {trained}, {right} name every pair; {best}."
    return f"{said}{stopped} {_preferences(frame)} {_typed(frame, config)}"


def _typed(frame: Frame, config: Config) -> str:
    lead = cast("float", frame.result["typed_found_lead"])
    pair = pair_name(pair_of(config.tokens))
    ahead = (
        f"{number(lead)} ahead of the next"
        if lead > 0
        else f"{number(-lead)} behind another, and it is wrong"
    )
    return f"On {config.sequence} its logit of {pair} is {ahead}."


def _preferences(frame: Frame) -> str:
    shares = between_signals(frame.arrays["score"])
    each = (f"head {place} prefers {preference(share)}" for place, share in enumerate(shares, 1))
    said = "; ".join(each)
    return f"{said[0].upper()}{said[1:]}."


def _stopped(seeds: int) -> str:
    if not seeds:
        return ""
    were = "1 seed blew up and was" if seeds == 1 else f"{seeds} seeds blew up and were"
    return f" {were} stopped at the best so far."


def _counted(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"
