"""The app with that page in the place of the book: the same routes, headers and start as `app.py`."""

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from content.pages.headers import Headers
from content.pages.start import lifespan
from sim.pages.routes import ROUTES

ROOT = Path(__file__).parents[3]

assets = [
    Mount(f"/assets/{room}", StaticFiles(directory=ROOT / room / "pages" / "assets"))
    for room in ("sim", "cards", "content")
]

app = st.App(
    Path(__file__).parent / "page.py",
    routes=[*assets, *ROUTES],
    middleware=[Middleware(Headers)],
    lifespan=lifespan,
)
