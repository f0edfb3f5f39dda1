"""A figure's thumbnail as a file of its own, with its colours and its ground: it needs no page around it.

It is drawn in the light theme, on that theme's paper, and so can be read wherever it is shown. The two ends
of a heatmap's scale are mixed in sRGB, where the page mixes them in a space that old browsers do not know.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sim.pages.scale import HEIGHT, WIDTH
from sim.pages.thumbnail import thumbnail
from sim.palette import PAPER, TOKENS

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

_COLOURS = {token: colour for colour, token in TOKENS.items()}
_TOKEN = re.compile(r"var\((--[a-z0-9-]+)\)")
_MIX = re.compile(r"color-mix\(in oklab,#(\w{6}) (\d+)%,#(\w{6})\)")
_OPENING = re.compile(r"<svg[^>]*>")
_STYLE = "path{fill:none;stroke-linecap:round;stroke-linejoin:round}"


def still(figure: Figure) -> str:
    """Draw a figure as the text of an SVG file; the same figure gives the same text."""
    drawn = _MIX.sub(_mixed, _TOKEN.sub(lambda token: _COLOURS[token[1]], thumbnail(figure)))
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
        f'height="{HEIGHT}"><style>{_STYLE}</style><rect width="{WIDTH}" height="{HEIGHT}" fill="{PAPER}"/>'
    )
    return _OPENING.sub(opening, drawn, count=1)


def _mixed(mix: re.Match[str]) -> str:
    share = int(mix[2]) / 100
    parts = zip(bytes.fromhex(mix[1]), bytes.fromhex(mix[3]), strict=True)
    return "#" + "".join(f"{round(share * last + (1 - share) * first):02x}" for last, first in parts)
