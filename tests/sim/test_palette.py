"""The colours of the page: words stand out from every ground, and figures name the light theme's own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sim import palette

CSS = (Path(palette.__file__).parent / "pages" / "assets" / "tokens.css").read_text("utf-8")
LIGHT, DARK = CSS.split("@media (prefers-color-scheme: dark)")[:2]
GROUNDS = ("--paper", "--raised", "--sunk")
WORDS = ("--ink", "--quiet", "--understand", "--remember", "--believe", "--wrong")
OF_LINES = tuple(f"--data-{number}" for number in range(1, 5))
AA = 4.5  # WCAG 2.2, 1.4.3: the contrast of small text


def tokens(css: str) -> dict[str, str]:
    """Colours by their token; one that is another's value has that."""
    found = dict(re.findall(r"(--[\w-]+): (#[0-9a-f]{6}|var\(--[\w-]+\));", css))
    return {name: found.get(value[4:-1], value) for name, value in found.items()}


def luminance(colour: str) -> float:
    """The relative luminance of "#rrggbb", 0 to 1, as WCAG defines it."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_extremes_of_contrast() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)  # the grey that just fails


@pytest.mark.parametrize("css", [LIGHT, DARK], ids=["light", "dark"])
def test_words_can_be_read_on_every_ground(css: str) -> None:
    known = tokens(css)
    names = {name: known[name] for name in WORDS}
    names |= {name: known.get(f"{name}-words", known[name]) for name in OF_LINES}
    ratios = {(name, on): contrast(names[name], known[on]) for name in names for on in GROUNDS}
    assert {pair: ratio for pair, ratio in ratios.items() if ratio < AA} == {}
    ink = contrast(known["--accent-ink"], known["--accent"])
    assert ink >= AA


def test_figures_name_the_light_colours() -> None:
    light = tokens(LIGHT)
    assert {token: light[token] for token in palette.TOKENS.values()} == {
        token: colour for colour, token in palette.TOKENS.items()
    }
