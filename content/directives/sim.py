"""A simulation in its place.

    :::{sim} belief_walk
    :start: 0.5
    :controls: start, step
    :predict: expected_updates
    :guess: interval 80%
    :caption: Forty walkers, each *until certain*.
    :seed: 7
    :::

Any setting of the simulation is an option; a setting that is not given has its default. How a guess is asked
for is in `content.guessing`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from content.blocks import SimBlock
from content.directive import Part, Single
from content.fence import Fence, Option
from content.guessing import OPTIONS as ASKING
from content.guessing import read_asking
from content.hints import did_you_mean
from content.problems import Code
from content.reading import Reading
from content.simulations import find_toy, has_setting, read_settings
from sim.spec import Toy

OWN_OPTIONS = frozenset({"controls", "caption", "seed"}) | ASKING
LAST_SEED = 2**31 - 1


class Sim(Single):
    """A simulation at given settings."""

    has_body = False
    options = None

    def build(self, fence: Fence, parts: Sequence[Part], reading: Reading) -> SimBlock | None:
        """Check everything against the toy, and name the block after it."""
        del parts
        if not fence.argument.text:
            hint = "write its name behind the braces, such as ':::{sim} belief_walk'"
            reading.report(Code.UNKNOWN_TOY, fence.name, "The block names no simulation.", hint)
            return None
        toy = find_toy(fence.argument, reading)
        if toy is None:
            return None
        number = reading.number(toy.name)
        given = [option for option in fence.options if option.name.text not in OWN_OPTIONS]
        known = [option for option in given if self._knows(toy, option, reading)]
        settings = read_settings(toy, known, fence.argument, reading)
        controls = self._controls(toy, fence, reading)
        predict, ask = read_asking(toy, fence, settings, reading)
        caption = fence.option("caption")
        seed = self._seed(fence, reading)
        if settings is None:
            return None
        return SimBlock(
            id=f"{toy.name}-{number}",
            toy=toy.name,
            settings={option.name.text: getattr(settings, option.name.text) for option in known},
            controls=controls,
            predict=predict,
            caption=reading.inline(caption.value) if caption else "",
            line=fence.line,
            seed=seed,
            ask=ask,
        )

    def _knows(self, toy: Toy, option: Option, reading: Reading) -> bool:
        """Tell whether an option is a setting of the toy, or report that it is not."""
        fields = toy.module.Config.model_fields
        if option.name.text in fields:
            return True
        message = f"sim has no option '{option.name.text}', and {toy.name} has no such setting."
        hint = did_you_mean(option.name.text, [*fields, *OWN_OPTIONS])
        reading.report(Code.UNKNOWN_OPTION, option.name, message, hint)
        return False

    def _controls(self, toy: Toy, fence: Fence, reading: Reading) -> tuple[str, ...]:
        option = fence.option("controls")
        words = [word for word in option.value.split(",") if word.text] if option else []
        return tuple(dict.fromkeys(word.text for word in words if has_setting(toy, word, reading)))

    def _seed(self, fence: Fence, reading: Reading) -> int:
        option = fence.option("seed")
        if option is None:
            return 0
        text = option.value.text
        if re.fullmatch(r"[0-9]{1,10}", text) and int(text) <= LAST_SEED:
            return int(text)
        message = f"seed is '{text}', which is not a whole number from 0 to {LAST_SEED}."
        reading.report(Code.BAD_OPTION, option.value, message, "write, for instance, ':seed: 7'")
        return 0


DIRECTIVE = Sim()
