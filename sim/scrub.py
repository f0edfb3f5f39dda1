"""The pictures of every position of one slider, computed at once, for a browser to show with no server.

    {"positions": [0.01, 0.02, …], "errors": [null, …], "common": {…}, "varying": […]}

The positions are those of `sim.positions`, and the pictures, packed by `sim.packing`, are those that
`sim.picture.preview` would give for the same settings. A position at which the toy cannot run has a sentence
under `errors` and no picture.

Left out: ranges of two settings at once.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sim.packing import packed
from sim.picture import described, written
from sim.positions import positions
from sim.spec import Frame, SettingError, Settings, Toy, parse_settings

MOST_BYTES = 1_000_000  # of a compressed answer
COMPRESSION = 4  # of 9: the higher ones take longer and save a twentieth


def scrubbable(toy: Toy) -> tuple[str, ...]:
    """Name the settings whose whole range is worth computing at once."""
    names: tuple[str, ...] = getattr(toy.module, "SCRUBBABLE", ())
    return names


def previews(toy: Toy, configs: Sequence[Settings], *, seed: int) -> Iterator[Frame]:
    """Preview settings that differ in one: in one call of the toy's if it offers that, else one by one."""
    scrub = getattr(toy.module, "scrub", None)
    if scrub:
        yield from scrub(configs, seed=seed)
        return
    for config in configs:
        yield toy.module.preview(config, seed=seed)


def in_pieces(toy: Toy, given: Mapping[str, Any], name: str, *, seed: int) -> Iterator[bytes]:
    """Compute the answer for one slider: yields nothing after each picture, and at the end all, gzipped.

    A Python computation keeps the interpreter to itself. Between two pieces others can have their turn.

    Args:
        toy: Whose slider.
        given: The settings; that of the slider itself is the value that the page opened with.
        name: Which setting the slider moves.
        seed: The seed of the pictures.

    Raises:
        SettingError: If the settings cannot be, the setting has no range, or its range is too large to send.
    """
    known = scrubbable(toy)
    if name not in known:
        offered = f"only of {', '.join(known)}" if known else "of none"
        raise SettingError(f"{toy.name} sends no range of '{name}', {offered}.", name)
    held = parse_settings(toy, given)
    home = float(given.get(name, getattr(held, name)))  # where the thumb stands, wherever the toy moved it
    values = positions(toy.module.Config, name, home)
    configs, errors = _configs(toy, given, name, values)
    pictures = []
    for frame in previews(toy, configs, seed=seed):
        pictures.append(described(toy, frame, toy.module.facts(frame.config), state="preview"))
        yield b""
    answer = {"positions": values, "errors": errors, **packed(pictures)}
    compressed = gzip.compress(written(answer).encode(), COMPRESSION, mtime=0)
    if len(compressed) > MOST_BYTES:
        raise SettingError(
            f"{toy.name}: the range of {name} comes to {len(compressed):,} bytes, above the {MOST_BYTES:,} "
            "sent at once. Ask for each picture.",
            name,
        )
    yield compressed


def _configs(
    toy: Toy, given: Mapping[str, Any], name: str, values: Sequence[float]
) -> tuple[list[Settings], list[str | None]]:
    """The settings at each position that can be, and for each position why it cannot."""
    configs: list[Settings] = []
    errors: list[str | None] = []
    for value in values:
        try:
            configs.append(parse_settings(toy, {**given, name: value}))
            errors.append(None)
        except SettingError as error:
            errors.append(str(error))
    return configs, errors
