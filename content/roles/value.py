"""A number that a simulation computes, so that the text and the simulation cannot drift apart.

    {value}`belief_walk:expected_updates start=0.5 step=0.01`
    {value}`belief_walk:expected_updates start=0.5 step=0.01 | 2,500`

What follows the bar is shown as it is written, and is a problem once the simulation says otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from content.fence import Option
from content.problems import Code
from content.reading import Reading
from content.role import Inline, Role
from content.simulations import fact, find_toy, has_fact, has_setting, read_settings
from content.values import by_default, in_words, read_written
from content.word import Word
from sim.spec import Toy

_HOW = "write, for instance, {value}`belief_walk:expected_updates start=0.5`"


class ValueRole(Role):
    """A computed number."""

    def read(self, body: Word, reading: Reading) -> Inline | None:
        """Compute the fact and show it, or report what stands in the way or what has gone stale."""
        asked, shown = _halves(body, "|")
        computed = _compute(asked, reading)
        if computed is None:
            return None
        text = _checked(shown, computed, reading) if shown else by_default(computed.number)
        return (
            Inline(text, f'<span class="num" title="{escape(computed.title)}">{escape(text)}</span>')
            if text
            else None
        )


@dataclass(frozen=True)
class _Computed:
    """A fact at some settings: its name, the settings that were given, its value and its unit."""

    name: str
    given: str
    number: float
    unit: str

    @property
    def title(self) -> str:
        return self.name.replace(":", ": ") + self.given


def _compute(asked: Word, reading: Reading) -> _Computed | None:
    words = list(asked.words())
    fact_of = _fact_of(words[0] if words else asked, reading)
    if fact_of is None:
        return None
    toy, name = fact_of
    options = [_setting(word, toy, reading) for word in words[1:]]
    known = [option for option in options if option is not None]
    settings = read_settings(toy, known, words[0], reading)
    if settings is None or len(known) < len(options) or _are_double(known, reading):
        return None
    number = fact(toy, name, settings, words[0], reading)
    if number is None:
        return None
    used = ((option.name.text, getattr(settings, option.name.text)) for option in known)
    given = "".join(f", {setting} {in_words(value)}" for setting, value in used)
    return _Computed(f"{toy.name}:{name}", given, number, toy.module.FACTS[name].unit)


def _fact_of(word: Word, reading: Reading) -> tuple[Toy, str] | None:
    """Read "toy:fact"."""
    toy_word, fact_word = _halves(word, ":")
    if not toy_word.text or fact_word is None:
        reading.report(
            Code.UNKNOWN_FACT, word, f"'{word.text}' does not name a simulation and one of its facts.", _HOW
        )
        return None
    toy = find_toy(toy_word, reading)
    return (toy, fact_word.text) if toy and has_fact(toy, fact_word, reading) else None


def _setting(word: Word, toy: Toy, reading: Reading) -> Option | None:
    """Read "name=value"."""
    name, value = _halves(word, "=")
    if value is None:
        hint = "write name=value, without spaces"
        reading.report(Code.BAD_SETTING, word, f"'{word.text}' is not a setting.", hint)
        return None
    return Option(name, value) if has_setting(toy, name, reading) else None


def _are_double(options: Sequence[Option], reading: Reading) -> bool:
    """Tell whether a setting is given more than once, and report it."""
    first = {option.name.text: option for option in reversed(options)}
    doubles = [option.name for option in options if option is not first[option.name.text]]
    for name in doubles:
        reading.report(Code.BAD_SETTING, name, f"'{name.text}' is given twice.", "keep one of the two")
    return bool(doubles)


def _halves(word: Word, separator: str) -> tuple[Word, Word | None]:
    """Cut at the first separator; without one there is no second half."""
    at = word.text.find(separator)
    if at < 0:
        return word.stripped(), None
    return word.part(0, at).stripped(), word.part(at + len(separator)).stripped()


def _checked(shown: Word, computed: _Computed, reading: Reading) -> str:
    """Return what the author wrote if it is still true, else an empty text."""
    number, unit = computed.number, computed.unit
    written = read_written(shown.text)
    if written is None:
        message = f"'{shown.text}' is not a number, so it cannot be held against {computed.name}."
        reading.report(Code.STALE_VALUE, shown, message, f"write '{by_default(number)}', or drop the bar")
        return ""
    if written.agrees_with(number, unit):
        return shown.text
    message = f"The text says {shown.text}, and {computed.name} is {by_default(number)}."
    reading.report(Code.STALE_VALUE, shown, message, f"write '{written.rewritten(number, unit)}'")
    return ""


ROLE = ValueRole()
