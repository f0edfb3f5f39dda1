"""A learner's scheduler settings as a preset of Anki's.

Anki takes a preset only if it knows none of that id, and never overwrites one. So the id is a digest of the
settings: other weights, or another desired retention, make another preset. Whatever the settings here do not
say is as Anki has it by default.

Left out: the order of new cards. It is an option of the deck that one studies, and of an empty deck above
others, such as the book's, Anki takes no options over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cards.anki.identity import past_millisecond

if TYPE_CHECKING:
    from cards.schedule import SchedulerSettings

TAG_ONLY = 1  # what happens to leeches


def preset_id(settings: SchedulerSettings) -> int:
    """Return the id of these settings' preset."""
    return past_millisecond(f"preset:{settings.to_json()}")


def preset(settings: SchedulerSettings) -> dict[str, Any]:
    """Return these settings as a collection's `dconf` holds a preset."""
    return {
        "id": preset_id(settings),
        "mod": 0,
        "name": f"Martingale {settings.desired_retention:.0%} ({preset_id(settings) % 10_000:04})",
        "usn": -1,
        "maxTaken": 60,
        "autoplay": True,
        "timer": 0,
        "replayq": True,
        "dyn": False,
        "new": {
            "bury": False,
            "delays": list(settings.learning_steps),
            "initialFactor": 2500,
            "ints": [1, 4, 0],
            "order": 1,
            "perDay": 20,
        },
        "rev": {
            "bury": False,
            "ease4": 1.3,
            "hardFactor": 1.2,
            "ivlFct": 1.0,
            "maxIvl": settings.maximum_interval,
            "perDay": 200,
        },
        "lapse": {
            "delays": list(settings.relearning_steps),
            "leechAction": TAG_ONLY,
            "leechFails": 8,
            "minInt": 1,
            "mult": 0.0,
        },
        "fsrsParams6": list(settings.parameters),
        "desiredRetention": settings.desired_retention,
    }
