"""A stand-in for a running Anki with AnkiConnect: its interface, version 6, over HTTP on a free port.

It keeps notes as Anki does: an import finds a note by its GUID and a note type by its id, and appends to a
name that is taken; a note's `mod` is the time of its last change. It can be told to die after so many
questions, in the middle of an answer, and to answer with something else altogether.
"""

# The methods are AnkiConnect's actions, by its own names, and say what they do.
# ruff: noqa: D102, N802, N803

from __future__ import annotations

import json
import sqlite3
import threading
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import Any
from zipfile import ZipFile

MEDIA = "/somewhere/collection.media"
NOTES = (
    "SELECT notes.id, guid, mid, did, flds, tags, notes.mod FROM notes "
    "JOIN cards ON nid = notes.id AND ord = 0 ORDER BY due"
)


@dataclass
class FakeAnki:
    """What the stand-in holds; `now` is its clock, in seconds since 1970."""

    now: float = 0
    address: str = ""
    asked: list[str] = field(default_factory=list)
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

    def modelNamesAndIds(self) -> dict[str, int]:
        return {name: model["id"] for name, model in self.models.items()}

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
        if query != "CardId:_*":
            raise ValueError(f"The stand-in does not know how to search for {query}")
        return [number for number, note in self.notes.items() if note["fields"].get("CardId")]

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
            if number in self.notes
        ]

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

    def deleteMediaFile(self, filename: str) -> None:
        self.media.pop(filename, None)

    def getMediaDirPath(self) -> str:
        return MEDIA

    def importPackage(self, path: str) -> bool:
        with ZipFile(BytesIO(self.media[path.removeprefix(f"{MEDIA}/")])) as package:
            database = sqlite3.connect(":memory:")
            database.deserialize(package.read("collection.anki2"))
            for number, name in json.loads(package.read("media")).items():
                self.media[name] = package.read(number)
        ((models, decks),) = database.execute("SELECT models, decks FROM col")
        names = {int(key): self._model(model) for key, model in json.loads(models).items()}
        known = {note["guid"] for note in self.notes.values()}
        for number, guid, model, deck, values, tags, modified in database.execute(NOTES):
            if guid not in known:
                self.notes[number] = {
                    "guid": guid,
                    "model": names[model],
                    "deck": json.loads(decks)[str(deck)]["name"],
                    "fields": dict(
                        zip(self.models[names[model]]["fields"], values.split("\x1f"), strict=True)
                    ),
                    "mod": modified,
                    "tags": set(tags.split()),
                }
        database.close()
        return True

    def _model(self, ours: dict[str, Any]) -> str:
        """Have a note type of a package, and return its name here."""
        name: str = next((name for name, model in self.models.items() if model["id"] == ours["id"]), "")
        if not name:
            name = ours["name"] + "+" * (ours["name"] in self.models)
            self.models[name] = {
                "id": int(ours["id"]),
                "fields": [one["name"] for one in ours["flds"]],
                "css": ours["css"],
                "cloze": bool(ours["type"]),
                "templates": {
                    one["name"]: {"Front": one["qfmt"], "Back": one["afmt"]} for one in ours["tmpls"]
                },
            }
        return name


@contextmanager
def served(answer: Callable[[dict[str, Any]], bytes | tuple[bytes, int]]) -> Iterator[str]:
    """Let something answer AnkiConnect's questions, and give its address.

    An answer may say how long it claims to be: what is shorter breaks off.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            said = answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            data, length = said if isinstance(said, tuple) else (said, len(said))
            self.send_response(200)
            self.send_header("Content-Length", str(length))
            self.end_headers()
            with suppress(ConnectionError):  # who asked may have had enough
                self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def fake_anki() -> Iterator[FakeAnki]:
    """Let a stand-in run."""
    fake = FakeAnki()

    def answer(question: dict[str, Any]) -> tuple[bytes, int]:
        said = fake.answers() if fake.answers else json.dumps(fake.answer(question)).encode()
        fake.lives -= 1
        return (said if fake.lives >= 0 else said[: len(said) // 2]), len(said)

    with served(answer) as fake.address:
        yield fake
