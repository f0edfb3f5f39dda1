"""How a page's JavaScript reaches the browser: as a served module behind a three-line loader.

Streamlit sends a component's inline JavaScript again with every change of its data, so the loader is kept
tiny and imports the real module, which the browser caches. The address carries the file's checksum: a new
version is fetched at once, an old one never again.

A module `/assets/<room>/<name>.js` exports `mount(component)`, called on every change of data, with
Streamlit's own object (`parentElement`, `data`, `setTriggerValue`, `setStateValue`, `key`), and
`unmount(component)`, called once, when the element has really left the page.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

ROOMS = Path(__file__).parents[2]

LOADER = """
// The loader runs from a blob, which has no root of its own to resolve an address against.
const module = import(new URL("{address}", location.origin));
export default (component) => {{
  module.then(({{ mount }}) => mount(component));
  // A superseded call is cleaned up too, while its element is still shown: only a real departure counts.
  const leave = () => module.then(({{ unmount }}) => unmount(component));
  return () => queueMicrotask(() => component.parentElement.isConnected || leave());
}};
"""


def asset(room: str, name: str) -> str:
    """The address of a file below `<room>/pages/assets`, with its checksum."""
    content = (ROOMS / room / "pages" / "assets" / name).read_bytes()
    return f"/assets/{room}/{name}?v={hashlib.sha256(content).hexdigest()[:12]}"


def component(room: str, name: str) -> Callable[..., Any]:
    """Register the component whose module is `<room>/pages/assets/<name>.js`.

    Call it once a process, at the top of a module: a second registration of a name is an error of ours.
    """
    return st.components.v2.component(
        f"martingale_{name}",
        html=f'<div class="{name}"></div>',
        js=LOADER.format(address=asset(room, f"{name}.js")),
        isolate_styles=False,
    )
