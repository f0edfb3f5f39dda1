"""The learner's day numbers of many moments at once.

Clocks differ from UTC by whole quarters of an hour, in every zone since 1973, and days begin on the hour; so
all moments of a quarter of an hour lie in one day, and only one of them is asked for.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from cards.days import day_number

if TYPE_CHECKING:
    from cards.days import DayRules
    from cards.replay.columns import Integers

QUARTER_MS = 15 * 60 * 1000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def day_numbers(at: Integers, rules: DayRules) -> Integers:
    """Return the number of the learner's day of each moment, given in milliseconds since 1970."""
    quarters, of_each = np.unique(at // QUARTER_MS, return_inverse=True)
    days = [day_number(EPOCH + timedelta(minutes=15 * quarter), rules) for quarter in quarters.tolist()]
    return np.array(days, dtype=np.int64)[of_each]
