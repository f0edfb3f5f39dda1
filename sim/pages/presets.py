"""Which of a toy's presets a panel offers: those whose titles are true of it, and that lead somewhere.

A title speaks of the settings that its preset sets. A panel offers the preset if its reader may move each of
them, or its author has fixed it to the same value; and if nothing else that is fixed would be moved with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sim.spec import Preset, SettingError, Settings, Toy, moved_settings, parse_settings


def offered(toy: Toy, authors: Settings, movable: Sequence[str]) -> list[dict[str, Any]]:
    """List what to offer: a title, what the movable settings become, and the seed."""
    return [
        {
            "title": preset.title,
            "settings": {name: getattr(config, name) for name in movable},
            "seed": preset.seed,
        }
        for preset, config in _reached(toy, authors, movable)
    ]


def _reached(toy: Toy, authors: Settings, movable: Sequence[str]) -> Iterator[tuple[Preset, Settings]]:
    fixed = {name: value for name, value in authors if name not in movable}
    for preset in toy.module.PRESETS:
        try:
            config = parse_settings(toy, {**authors.model_dump(), **preset.settings})
        except SettingError:
            continue  # too large together with what the author has fixed
        is_true = not moved_settings(config, preset.settings)
        if is_true and config != authors and not moved_settings(config, fixed):
            yield preset, config
