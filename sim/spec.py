"""What a toy is, and where toys are found.

A toy is a module `sim/toys/<name>.py` with these members (nothing else registers it):

    Config                                   a frozen `Settings` model, every field made by `setting`,
                                             or by `text_setting` where a reader types words
    FACTS: dict[str, Quantity]               what each exact answer is called, and its unit
    RESULTS: dict[str, Measurement]          what each member of `result` is, and the fact it measures
    ARRAYS: dict[str, str]                   the unit of each array that its frames may hold, for the table
    PRESETS: tuple[Preset, ...]              settings worth a look, named by what they show
    run(config, *, seed, device)             -> Iterator[Frame]; the last frame is the result
    facts(config)                            -> dict[str, float], exact answers, no torch
    preview(config, *, seed)                 -> Frame shown untouched: exact or stored, no torch
    figure(frame)                            -> plotly Figure
    readout(frame)                           -> one or two sentences that say what the figure shows
    SCRUBBABLE = ("start", "step")           settings worth dragging, if any: the browser gets the previews of
                                             a slider's whole range at once (`sim.scrub`)
    scrub(configs, *, seed)                  -> Iterable[Frame], the previews of settings that differ in one
                                             of those, in one call; only where that beats one by one
    SHOWS_STORED_RUN = True                  only if `preview` shows the run that `python -m sim store` keeps
    STORED_BESIDE = ({"heads": 1}, …)        settings whose runs it shows too, and `store` keeps beside that
    batch(config, *, seeds, device)          -> Iterator[list[Frame]], only if it is faster; see below

`batch` runs the same settings with several seeds side by side, as a sweep does where a toy offers it. It
yields the last frames of these runs, some at a time as they are ready, each seed once and in any order. Every
seed has a generator of its own, and its result and arrays are those of `run`, to the last bit: whoever
cannot promise that, or gains nothing by it, leaves `batch` out, and the seeds run one after another.

A file whose name begins with an underscore is a part of toys, not a toy.

Its docstring opens with a one-line title, then what it shows, the equation, the source, what is left out.
"""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal, Protocol, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError

if TYPE_CHECKING:
    import numpy as np
    from plotly.graph_objects import Figure

TOYS = Path(__file__).parent / "toys"
LONGEST_SHOWN = 40  # characters of a value in a sentence

Result = Mapping[str, float | list[float]]


class SettingError(ValueError):
    """A setting that a toy cannot run with; the message names the field, the value and the bound.

    Attributes:
        field: The field that is at fault; empty where only the combination is.
    """

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class UnknownToyError(LookupError):
    """No toy has this name; the message offers the nearest one."""


class BrokenToyError(ImportError):
    """A toy's file cannot be imported; the message names it and what is wrong in it."""


class Settings(BaseModel):
    """The base of every toy's `Config`: frozen, and closed to fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def setting(
    default: float,
    *,
    low: float,
    high: float,
    title: str,
    help: str,  # noqa: A002 - the word that Streamlit and argparse use for the same thing
    unit: str = "",
    scale: Literal["linear", "log"] = "linear",
    step: float | None = None,
) -> Any:  # noqa: ANN401 - stands in for a pydantic field of whatever type it is assigned to
    """Declare one field of a `Config`.

    Args:
        default: The value the page opens with.
        low: The least value allowed, included.
        high: The greatest value allowed, included.
        title: What the control is called, two or three words.
        help: One sentence under the control.
        unit: What the number counts ("updates", "points"); "share" for a part of 1, which the page shows in
            percent; empty for a pure number.
        scale: "log" where the range spans decades.
        step: The control's step, in the field's own unit; `None` leaves it to the page.
    """
    return Field(
        default,
        ge=low,
        le=high,
        title=title,
        description=help,
        json_schema_extra={"unit": unit, "scale": scale, "step": step},
    )


def text_setting(
    default: str,
    *,
    longest: int,
    title: str,
    help: str,  # noqa: A002 - as above
) -> Any:  # noqa: ANN401 - as above
    """Declare one field of a `Config` that is typed as text.

    A validator of the toy's own checks what it says, and brings it into one form of letters, digits and
    spaces: links, tables and the names of files carry it as it is.

    Args:
        default: The text the page opens with.
        longest: How many characters it may have.
        title: What the control is called, two or three words.
        help: One sentence that says what to type.
    """
    return Field(
        default,
        max_length=longest,
        title=title,
        description=help,
        json_schema_extra={"unit": "", "scale": "text", "step": None},
    )


def is_text(config_type: type[Settings], name: str) -> bool:
    """Tell whether a setting is typed as text; all others are numbers."""
    return config_type.model_fields[name].annotation is str


@dataclass(frozen=True)
class Quantity:
    """What a number is: its name in a sentence ("updates until certain, on average") and its unit."""

    title: str
    unit: str = ""


@dataclass(frozen=True)
class Measurement:
    """What a number of a run's `result` is.

    Attributes:
        title: What it is called; empty where it measures a fact, whose title it then has.
        unit: Its unit; empty where it measures a fact, whose unit it then has.
        fact: The fact that it measures, so that the two can stand side by side; empty if none.
        error: The member of `result` that is its standard error; empty if none is computed. A member that is
            the error of another needs no entry of its own.
    """

    title: str = ""
    unit: str = ""
    fact: str = ""
    error: str = ""


@dataclass(frozen=True)
class Preset:
    """Settings worth a look.

    Attributes:
        title: What they show, in a few words a reader understands ("Ten points at a time").
        settings: All that the title depends on; the rest stays as the author of the page set it.
        seed: The seed, where the title speaks of what happened to be drawn.
    """

    title: str
    settings: Mapping[str, float | str]
    seed: int = 0


@dataclass(frozen=True)
class Frame:
    """One moment of a run.

    Attributes:
        progress: Share of the work that is done, 0 to 1.
        config: The settings that made it.
        result: Numbers, or lists of numbers, that can be quoted; ready for JSON.
        arrays: What `figure` draws; NumPy, so that the server needs no torch.
        seed: The seed that made it.
    """

    progress: float
    config: Settings
    result: Result = field(default_factory=dict)
    arrays: Mapping[str, np.ndarray[Any, Any]] = field(default_factory=dict)
    seed: int = 0


class ToyModule(Protocol):
    """The members that a toy's module has; see the top of this file."""

    Config: type[Settings]
    FACTS: Mapping[str, Quantity]
    RESULTS: Mapping[str, Measurement]
    ARRAYS: Mapping[str, str]
    PRESETS: Sequence[Preset]

    def run(self, config: Settings, *, seed: int, device: str) -> Iterator[Frame]:
        """Yield progress; the last frame is the result."""

    def facts(self, config: Settings) -> dict[str, float]:
        """Return the exact answers."""

    def preview(self, config: Settings, *, seed: int) -> Frame:
        """Return what is shown before anything is run."""

    def figure(self, frame: Frame) -> Figure:
        """Draw a frame."""

    def readout(self, frame: Frame) -> str:
        """Say what the figure shows."""


@dataclass(frozen=True)
class Toy:
    """A discovered toy: its name in prose, its title, its explanation, and its module."""

    name: str
    title: str
    explanation: str
    module: ToyModule


def names() -> list[str]:
    """List every toy, by file name, without importing any."""
    return sorted(path.stem for path in TOYS.glob("*.py") if not path.stem.startswith("_"))


@cache
def get(name: str) -> Toy:
    """Import one toy. Hyphens in the name are read as underscores.

    Raises:
        UnknownToyError: If no file has that name.
        BrokenToyError: If its file cannot be imported.
    """
    stem = name.replace("-", "_")
    if stem not in names():
        hint = _nearest(stem, names()) or f" There are {', '.join(names())}."
        raise UnknownToyError(f"There is no simulation called '{_shown(name)}'.{hint}")
    module = _imported(stem)
    title, _, explanation = (module.__doc__ or stem).strip().partition("\n")
    toy = cast("ToyModule", module)
    return Toy(name=stem, title=title.rstrip("."), explanation=explanation.strip(), module=toy)


def _imported(stem: str) -> ModuleType:
    try:
        return importlib.import_module(f"sim.toys.{stem}")
    except Exception as error:  # whatever the file of an author at work may raise
        what = " ".join(f"{type(error).__name__}: {error}".split()).rstrip(".")
        raise BrokenToyError(
            f"The simulation '{stem}' cannot be loaded ({what}). Mend sim/toys/{stem}.py."
        ) from error


def parse_settings(toy: Toy, given: Mapping[str, Any]) -> Settings:
    """Build a toy's `Config` from text or numbers.

    Raises:
        SettingError: One sentence for the first thing that is wrong, naming field, value and bound.
    """
    known = toy.module.Config.model_fields
    for key in given:
        if key not in known:
            hint = _nearest(key, list(known)) or f" It has {', '.join(known)}."
            raise SettingError(f"{toy.name} has no setting called '{_shown(key)}'.{hint}", key)
    try:
        return toy.module.Config.model_validate(dict(given))
    except ValidationError as error:
        field_at_fault = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise SettingError(_sentence(toy, error), field_at_fault) from None


def moved_settings(config: Settings, given: Mapping[str, Any]) -> dict[str, tuple[float, float]]:
    """Which of the given numbers the toy moved to the nearest value that it can run with.

    Returns:
        For each of those, what was given and what `config` holds instead.
    """
    held = config.model_dump()
    numbers = {name: value for name, value in given.items() if not is_text(type(config), name)}
    pairs = {name: (float(value), held[name]) for name, value in numbers.items()}
    return {name: (asked, kept) for name, (asked, kept) in pairs.items() if asked != kept}


def _sentence(toy: Toy, error: ValidationError) -> str:
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"])
    context = first.get("ctx", {})
    value = _shown(first["input"])
    match first["type"]:
        case "greater_than_equal":
            return f"{toy.name}: {name} is {value}, below the least allowed, {context['ge']}."
        case "less_than_equal":
            return f"{toy.name}: {name} is {value}, above the greatest allowed, {context['le']}."
        case "value_error":
            return f"{toy.name}: {context['error']}"
        case "string_too_long":
            most = context["max_length"]
            return f"{toy.name}: {name} has {len(first['input'])} characters, above the {most} allowed."
        case kind:
            return f"{toy.name}: {name} is '{value}', which is not {_WANTED.get(kind, 'a number')}."


_WANTED = {
    "int_from_float": "a whole number",
    "int_parsing": "a whole number",
    "int_type": "a whole number",
    "finite_number": "a finite number",
    "string_type": "text",
}


def _shown(value: object) -> str:
    """What was given, cut off with an ellipsis where it is long."""
    text = str(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def _nearest(name: str, known: list[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f" Did you mean '{close[0]}'?" if close else ""
