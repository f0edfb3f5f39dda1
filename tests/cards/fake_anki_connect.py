"""A stand-in for a running Anki with AnkiConnect: its interface, version 6, over HTTP on a free port.

It keeps notes as Anki does: an unknown deck or note type, and a field that a note type lacks, are errors; a
note's `mod` is the time of its last change. It can be told to die after so many questions, in the middle of
an answer, and to answer with something else altogether.
"""

# The methods are AnkiConnect's actions, by its own names, and say what they do.
# ruff: noqa: D102, N802, N803

from __future__ import annotations

import json
import re
import threading
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class FakeAnki:
    """What the stand-in holds; `now` is its clock, in seconds since 1970."""

    now: float = 0
    address: str = ""
    asked: list[str] = field(default_factory=list)
    decks: dict[str, int] = field(default_factory=lambda: {"Default": 1})
    models: dict[str, dict[str, Any]] = field(default_factory=dict)
    notes: dict[int, dict[str, Any]] = field(default_factory=dict)
    media: dict[str, bytes] = field(default_factory=dict)
    lives: int = 1_000_000  # questions that it answers before it dies in the middle of an answer
    answers: Callable[[], bytes] | None = None  # instead of what it should

    def answer(self, question: dict[str, Any]) -> dict[str, Any]:
        """Answer one question."""
        self.asked.append(question["action"])
        try:
            return {"result": getattr(self, question["action"])(**question["params"]), "error": None}
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            return {"result": None, "error": str(error)}

    def version(self) -> int:
        return 6

    def deckNames(self) -> list[str]:
        return list(self.decks)

    def createDeck(self, deck: str) -> int:
        return self.decks.setdefault(deck, len(self.decks) + 1)

    def modelNames(self) -> list[str]:
        return list(self.models)

    def createModel(
        self,
        modelName: str,
        inOrderFields: list[str],
        css: str,
        isCloze: bool,
        cardTemplates: list[dict[str, str]],
    ) -> None:
        if modelName in self.models:
            raise ValueError("Model name already exists")
        templates = {one["Name"]: {"Front": one["Front"], "Back": one["Back"]} for one in cardTemplates}
        kept = {"fields": list(inOrderFields), "css": css, "cloze": isCloze, "templates": templates}
        self.models[modelName] = kept

    def modelFieldNames(self, modelName: str) -> list[str]:
        return list(self.models[modelName]["fields"])

    def modelFieldAdd(self, modelName: str, fieldName: str) -> None:
        self.models[modelName]["fields"].append(fieldName)

    def modelTemplates(self, modelName: str) -> dict[str, Any]:
        return dict(self.models[modelName]["templates"])

    def modelStyling(self, modelName: str) -> dict[str, str]:
        return {"css": self.models[modelName]["css"]}

    def updateModelTemplates(self, model: dict[str, Any]) -> None:
        self.models[model["name"]]["templates"] |= model["templates"]

    def updateModelStyling(self, model: dict[str, Any]) -> None:
        self.models[model["name"]]["css"] = model["css"]

    def findNotes(self, query: str) -> list[int]:
        names = set(re.findall(r'"note:([^"]+)"', query))
        if not query.endswith(" CardId:_*"):
            raise ValueError(f"The stand-in does not know how to search for {query}")
        return [
            number
            for number, note in self.notes.items()
            if note["model"] in names and note["fields"].get("CardId")
        ]

    def notesInfo(self, notes: list[int]) -> list[dict[str, Any]]:
        return [
            {
                "noteId": number,
                "modelName": self.notes[number]["model"],
                "tags": sorted(self.notes[number]["tags"]),
                "fields": {name: {"value": value} for name, value in self.notes[number]["fields"].items()},
                "mod": int(self.notes[number]["mod"]),
            }
            for number in notes
        ]

    def addNotes(self, notes: list[dict[str, Any]]) -> list[int | None]:
        return [self._added(note) for note in notes]

    def updateNoteFields(self, note: dict[str, Any]) -> None:
        self.notes[note["id"]]["fields"] |= note["fields"]
        self.notes[note["id"]]["mod"] = self.now

    def addTags(self, notes: list[int], tags: str) -> None:
        for number in notes:
            self.notes[number]["tags"] |= set(tags.split())
            self.notes[number]["mod"] = self.now

    def removeTags(self, notes: list[int], tags: str) -> None:
        for number in notes:
            self.notes[number]["tags"] -= set(tags.split())
            self.notes[number]["mod"] = self.now

    def getMediaFilesNames(self, pattern: str) -> list[str]:
        return [name for name in self.media if name == pattern]

    def storeMediaFile(self, filename: str, data: str) -> str:
        self.media[filename] = b64decode(data)
        return filename

    def _added(self, note: dict[str, Any]) -> int | None:
        model = self.models.get(note["modelName"])
        first = model and note["fields"].get(model["fields"][0])
        if not first or note["deckName"] not in self.decks or set(note["fields"]) - set(model["fields"]):
            return None
        number = 1_700_000_000_000 + len(self.notes)
        fields = {name: note["fields"].get(name, "") for name in model["fields"]}
        kept = {"model": note["modelName"], "deck": note["deckName"], "fields": fields, "mod": self.now}
        self.notes[number] = {**kept, "tags": set(note["tags"])}
        return number


@contextmanager
def fake_anki() -> Iterator[FakeAnki]:
    """Let a stand-in run."""
    fake = FakeAnki()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            answer = fake.answers() if fake.answers else json.dumps(fake.answer(question)).encode()
            fake.lives -= 1
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer if fake.lives >= 0 else answer[: len(answer) // 2])

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    fake.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
