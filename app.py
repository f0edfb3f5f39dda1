"""The app's entry: `streamlit run app.py`, or `uvicorn app:app`.

Everything that has to exist before a page does is put together here: the script, the routes beside it, the
headers on every answer, and what happens when the server starts and stops.
"""

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from cards.pages import browse_routes, file_routes, fitting, ledger_routes
from content.pages import changes, figures, printing
from content.pages.headers import Headers
from content.pages.start import lifespan
from sim.pages.routes import ROUTES as SIMULATIONS

HERE = Path(__file__).parent
ROOMS = ("sim", "cards", "content")

assets = [Mount(f"/assets/{room}", StaticFiles(directory=HERE / room / "pages" / "assets")) for room in ROOMS]

hosts = list(st.get_option("server.allowedHosts") or ["*"])

app = st.App(
    HERE / "content" / "pages" / "site.py",
    routes=[
        *assets,
        *SIMULATIONS,
        *browse_routes.ROUTES,
        *ledger_routes.ROUTES,
        *file_routes.ROUTES,
        *fitting.ROUTES,
        *changes.ROUTES,
        *figures.ROUTES,
        *printing.ROUTES,
    ],
    # Streamlit checks the host of its websocket only; our own routes must not answer a rebound name either.
    middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=hosts), Middleware(Headers)],
    lifespan=lifespan,
)
