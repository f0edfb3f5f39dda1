"""How a section speaks of simulations: toys, settings and facts, each mistake reported at its own word."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

from content.fence import Option
from content.hints import did_you_mean
from content.problems import Code
from content.reading import Reading
from content.word import Word
from sim import spec

CLOSE_ENOUGH = 0.005  # "0.333" may stand for a third


def find_toy(name: Word, reading: Reading) -> spec.Toy | None:
    """Return a toy by the name that an author gave it, or report that there is none, or that it is broken."""
    try:
        return spec.get(name.text)
    except spec.UnknownToyError:
        hint = did_you_mean(name.text.replace("-", "_"), spec.names())
        reading.report(Code.UNKNOWN_TOY, name, f"There is no simulation called '{name.text}'.", hint)
    except spec.BrokenToyError as error:
        reading.report(Code.UNKNOWN_TOY, name, str(error), "the rest of the book goes on without it")
    return None


def has_fact(toy: spec.Toy, name: Word, reading: Reading) -> bool:
    """Tell whether a toy knows a fact, or report that it does not."""
    if name.text in toy.module.FACTS:
        return True
    hint = did_you_mean(name.text, toy.module.FACTS)
    reading.report(Code.UNKNOWN_FACT, name, f"{toy.name} has no fact called '{name.text}'.", hint)
    return False


def has_setting(toy: spec.Toy, name: Word, reading: Reading) -> bool:
    """Tell whether a toy has a setting, or report that it has not."""
    known = toy.module.Config.model_fields
    if name.text in known:
        return True
    message = f"{toy.name} has no setting called '{name.text}'."
    reading.report(Code.BAD_SETTING, name, message, did_you_mean(name.text, known))
    return False


def read_settings(
    toy: spec.Toy, given: Sequence[Option], whole: Word, reading: Reading
) -> spec.Settings | None:
    """Check an author's settings.

    Args:
        toy: Whose settings they are.
        given: Names that the toy has, and what is said of them.
        whole: Where to point when only the combination is wrong.
        reading: Where to report.

    Returns:
        The settings, or `None` once every one that is wrong has been reported.
    """
    left = {option.name.text: option for option in given}
    settings_given = len(left)
    while True:
        try:
            settings = spec.parse_settings(toy, {name: option.value.text for name, option in left.items()})
        except spec.SettingError as error:
            at_fault = left.pop(error.field, None)
            place = (at_fault.value if at_fault.value.text else at_fault.name) if at_fault else whole
            reading.report(Code.BAD_SETTING, place, str(error), _range(toy, error.field))
            if at_fault is None:
                return None
        else:
            moved = [option for option in left.values() if _is_moved(toy, option, settings, reading)]
            return None if moved or len(left) < settings_given else settings


def fact(toy: spec.Toy, name: str, settings: spec.Settings, whole: Word, reading: Reading) -> float | None:
    """Compute a fact, or report why it cannot be computed at these settings."""
    try:
        return _facts(toy.name, settings)[name]
    except (ValueError, ArithmeticError) as error:
        message = f"{toy.name} cannot compute {name} at these settings: {error}"
        reading.report(Code.BAD_SETTING, whole, message, "try others")
        return None


@cache
def _facts(toy: str, settings: spec.Settings) -> dict[str, float]:
    return spec.get(toy).module.facts(settings)


def _is_moved(toy: spec.Toy, option: Option, settings: spec.Settings, reading: Reading) -> bool:
    """Report a value that the toy replaces by one near it: the text and the figure would then disagree."""
    used = getattr(settings, option.name.text)
    if not isinstance(used, int | float) or math.isclose(
        used, float(option.value.text), rel_tol=CLOSE_ENOUGH
    ):
        return False
    message = f"{toy.name} takes {option.name.text} {option.value.text} as {used:g}."
    reading.report(Code.BAD_SETTING, option.value, message, f"write {used:g}")
    return True


def _range(toy: spec.Toy, name: str) -> str:
    """Say which values a setting takes."""
    field = toy.module.Config.model_fields.get(name)
    if field is None:
        return ""
    low = next((bound.ge for bound in field.metadata if hasattr(bound, "ge")), None)
    high = next((bound.le for bound in field.metadata if hasattr(bound, "le")), None)
    return f"write a number from {low} to {high}" if low is not None and high is not None else ""
