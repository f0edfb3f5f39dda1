"""The ledger in a browser, for the tests of its page: a learner, a ticket, and the server that it asks."""

from __future__ import annotations

import itertools
import json
import uuid
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from starlette.applications import Starlette

from cards.card import Card
from cards.pages.browse_routes import TICKET
from cards.pages.ledger_routes import LedgerRoutes
from cards.pages.session import Present
from cards.pages.visits import Visits
from tests.cards.pages_learner import card
from tests.sim.asgi import Answer as Reply
from tests.sim.asgi import call
from tests.sim.playing import play

NEW = card(0, id="a-claim", kind="credence", front="<p>Walks are <em>fair</em>.</p>")
DECK = {"card-1": card(1), "a-claim": NEW}
IDS = (f"own-{number}" for number in itertools.count())


@dataclass
class Browser:
    """The ledger in a browser, and the server that it asks."""

    here: Present
    deck: dict[str, Card] = field(default_factory=lambda: DECK)
    visits: Visits = field(default_factory=Visits)

    def __post_init__(self) -> None:
        self.ticket = self.visits.renew("", self.here, self.deck)
        self.app = Starlette(routes=LedgerRoutes(self.visits, now=lambda: self.here.now).routes())

    def get(self, what: str, **query: str) -> Reply:
        """Ask for something."""
        return self._ask("GET", f"/cards/ledger/{what}?{urlencode(query)}")

    def all(self) -> Any:  # noqa: ANN401 - JSON is whatever it is
        """All that the page shows."""
        return self.get("all").json()

    def claim(self, name: str) -> Any:  # noqa: ANN401
        """One claim."""
        return self.get("claim", id=name).json()

    def send(self, body: object, **headers: str) -> Reply:
        """Send what may be a deed."""
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self._ask("POST", "/cards/ledger/do", sent, **({"x_martingale": "1"} | headers))

    def do(self, deed: str, **more: object) -> Any:  # noqa: ANN401
        """Do something that can be done, a little later than the last time."""
        self.here = replace(self.here, now=self.here.now + timedelta(minutes=1))
        reply = self.send({"deed": deed, **more})
        assert reply.status == 200, reply.json()
        return reply.json()

    def refused(self, deed: str, **more: object) -> str:
        """Try to do something that cannot be done; returns the sentence that says why."""
        reply = self.send({"deed": deed, **more})
        assert reply.status == 422
        return str(reply.json()["error"])

    def write(self, text: str = "I will.", by: str = "") -> str:
        """Write a claim down; returns its id."""
        name = next(IDS)
        self.do("write", claim=name, text=text, by=by)
        return name

    def say(self, name: str, *credences: str) -> None:
        """Put credences down."""
        for text in credences:
            self.do("credence", id=str(uuid.uuid4()), claim=name, text=text, note="", repeat=False)

    def _ask(self, method: str, url: str, body: bytes = b"", **headers: str) -> Reply:
        sent = {TICKET.replace("-", "_"): self.ticket, **headers}
        return play(lambda: call(self.app, method, url, body, **sent))
