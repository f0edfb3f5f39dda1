"""How a learner's dates are made: the weights of the model, and the recall that is wanted of each track.

A tuning is the learner's choice; scheduler settings (`cards.schedule`) are what it comes to for one card. The
two differ only in that a track may have a desired retention of its own. Kept as a JSON object:

    {"desired_retention": 0.9, "by_track": {"beliefs": 0.95}, "parameters": […], …}

What is not in it is as if nothing had been chosen, so that what an older version has kept still reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from functools import cached_property
from typing import Any

from cards.schedule import DEFAULT_PARAMETERS, LONGEST_INTERVAL, PARAMETER_BOUNDS, SchedulerSettings
from cards.shown import shortened, shown

TUNING = "tuning"  # the key under which the store keeps a learner's

_LISTS = ("parameters", "learning_steps", "relearning_steps")
_NUMBER = (int, float)


@dataclass(frozen=True)
class Tuning:
    """What a learner has chosen of the scheduler; the defaults are Anki's.

    Attributes:
        parameters: The 21 weights of FSRS 6.
        desired_retention: The chance of recall at which a card comes back, 0.70 to 0.99.
        by_track: The same for the cards of single tracks, by the track's slug.
        learning_steps: Minutes between the first answers to a card.
        relearning_steps: Minutes between the answers to a card that was forgotten.
        maximum_interval: The longest interval, in days.
        fuzz: Whether to spread out intervals.

    Raises:
        ValueError: A choice is out of bounds; the message names it in one sentence.
    """

    parameters: tuple[float, ...] = DEFAULT_PARAMETERS
    desired_retention: float = 0.9
    by_track: Mapping[str, float] = field(default_factory=dict, hash=False)
    learning_steps: tuple[float, ...] = (1.0, 10.0)
    relearning_steps: tuple[float, ...] = (10.0,)
    maximum_interval: int = LONGEST_INTERVAL
    fuzz: bool = True

    def __post_init__(self) -> None:
        _check_weights(self.parameters)
        self.settings_for(None)
        for track in self.by_track:
            try:
                self.settings_for(track)
            except ValueError as error:
                raise ValueError(f"{error} (for the track '{shortened(track)}')") from error

    def settings_for(self, track: str | None) -> SchedulerSettings:
        """Return the scheduler settings for the cards of a track, or of none that is known."""
        retention = self.by_track.get(track or "", self.desired_retention)
        if retention not in self._settings:
            self._settings[retention] = SchedulerSettings(
                parameters=self.parameters,
                desired_retention=retention,
                learning_steps=self.learning_steps,
                relearning_steps=self.relearning_steps,
                maximum_interval=self.maximum_interval,
                fuzz=self.fuzz,
            )
        return self._settings[retention]

    @cached_property
    def _settings(self) -> dict[float, SchedulerSettings]:
        """The scheduler settings that were asked for so far, by desired retention."""
        return {}

    def to_json(self) -> dict[str, Any]:
        """Return the choice as JSON holds it."""
        kept = asdict(self)
        return {**kept, **{name: list(kept[name]) for name in _LISTS}}

    @classmethod
    def from_json(cls, value: object) -> Tuning:
        """Read what `to_json` returned; None is no choice.

        Raises:
            ValueError: It is something else, or out of bounds.
        """
        if value is None:
            return cls()
        if not isinstance(value, Mapping):
            raise ValueError(  # noqa: TRY004 - it was read from a store, and its type is data
                f"a tuning is a JSON object, not {shown(value)}; reset it to the defaults"
            )
        return cls(**{one.name: _read(one.name, value[one.name]) for one in fields(cls) if one.name in value})


def _read(name: str, value: object) -> Any:  # noqa: ANN401 - each field has a type of its own
    fits = {
        **dict.fromkeys(_LISTS, isinstance(value, list) and all(map(_is_number, value))),
        "desired_retention": _is_number(value),
        "by_track": isinstance(value, Mapping) and all(map(_is_number, value.values())),
        "maximum_interval": isinstance(value, int) and not isinstance(value, bool),
        "fuzz": isinstance(value, bool),
    }
    if not fits[name]:
        raise ValueError(f"{name} cannot be {shown(value)}; reset the tuning to the defaults")
    return tuple(value) if isinstance(value, list) else value


def _is_number(value: object) -> bool:
    return isinstance(value, _NUMBER) and not isinstance(value, bool)


def _check_weights(weights: tuple[float, ...]) -> None:
    if len(weights) != len(PARAMETER_BOUNDS):
        raise ValueError(
            f"the model has {len(PARAMETER_BOUNDS)} weights, not {len(weights)}; give each of them"
        )
    for number, (weight, (low, high)) in enumerate(zip(weights, PARAMETER_BOUNDS, strict=True)):
        if not low <= weight <= high:
            raise ValueError(f"weight {number} of {shown(weight)} is out of bounds; choose {low} to {high}")
