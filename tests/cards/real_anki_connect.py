"""Anki's own backend behind AnkiConnect's interface, version 6: a collection is treated as its docs say.

Only the actions that a push asks for, and adding notes, by which other programs add theirs. The add-on itself
needs Anki's windows.
"""

# The methods are AnkiConnect's actions, by its own names, and say what they do.
# ruff: noqa: D102, N802, N803

from __future__ import annotations

import json
from base64 import b64decode
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest
from anki.errors import NotFoundError

from tests.cards.fake_anki_connect import served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from anki.collection import Collection
    from anki.models import NotetypeDict


@dataclass
class RealAnki:
    """A collection that answers."""

    collection: Collection
    address: str = ""

    def answer(self, question: dict[str, Any]) -> bytes:
        """Answer one question."""
        said: dict[str, Any] = {"result": None, "error": None}
        try:
            said["result"] = getattr(self, question["action"])(**question["params"])
        except Exception as error:  # noqa: BLE001 - whatever it is, AnkiConnect passes it on as words
            said["error"] = str(error)
        return json.dumps(said).encode()

    def version(self) -> int:
        return 6

    def modelNamesAndIds(self) -> dict[str, int]:
        return {one.name: one.id for one in self.collection.models.all_names_and_ids()}

    def modelFieldNames(self, modelName: str) -> list[str]:
        return [one["name"] for one in self._model(modelName)["flds"]]

    def modelFieldAdd(self, modelName: str, fieldName: str) -> None:
        models, model = self.collection.models, self._model(modelName)
        models.add_field(model, models.new_field(fieldName))
        models.update_dict(model)

    def modelTemplates(self, modelName: str) -> dict[str, dict[str, str]]:
        templates = self._model(modelName)["tmpls"]
        return {one["name"]: {"Front": one["qfmt"], "Back": one["afmt"]} for one in templates}

    def modelStyling(self, modelName: str) -> dict[str, str]:
        return {"css": self._model(modelName)["css"]}

    def updateModelTemplates(self, model: dict[str, Any]) -> None:
        known = self._model(model["name"])
        for template in known["tmpls"]:
            wanted = model["templates"].get(template["name"], {})
            template["qfmt"] = wanted.get("Front", template["qfmt"])
            template["afmt"] = wanted.get("Back", template["afmt"])
        self.collection.models.update_dict(known)

    def updateModelStyling(self, model: dict[str, str]) -> None:
        known = self._model(model["name"])
        known["css"] = model["css"]
        self.collection.models.update_dict(known)

    def createModel(
        self,
        modelName: str,
        inOrderFields: list[str],
        css: str,
        isCloze: bool,
        cardTemplates: list[dict[str, str]],
    ) -> None:
        models = self.collection.models
        model = models.new(modelName)
        model["type"], model["css"] = int(isCloze), css
        for name in inOrderFields:
            models.add_field(model, models.new_field(name))
        for given in cardTemplates:
            template = models.new_template(given["Name"])
            template["qfmt"], template["afmt"] = given["Front"], given["Back"]
            models.add_template(model, template)
        models.add_dict(model)

    def findNotes(self, query: str) -> list[int]:
        return [int(number) for number in self.collection.find_notes(query)]

    def notesInfo(self, notes: list[int]) -> list[dict[str, Any]]:
        return [self._info(number) for number in notes]

    def addNote(self, note: dict[str, Any]) -> int:
        added = self.collection.new_note(self._model(note["modelName"]))
        for name, value in note["fields"].items():
            added[name] = value
        added.tags = note.get("tags", [])
        self.collection.add_note(added, self.collection.decks.id(note["deckName"]))
        return int(added.id)

    def updateNoteFields(self, note: dict[str, Any]) -> None:
        known = self.collection.get_note(note["id"])
        for name, value in note["fields"].items():
            if name in known:
                known[name] = value
        self.collection.update_note(known)

    def addTags(self, notes: list[Any], tags: str) -> None:
        self.collection.tags.bulk_add(notes, tags)

    def removeTags(self, notes: list[Any], tags: str) -> None:
        self.collection.tags.bulk_remove(notes, tags)

    def getMediaDirPath(self) -> str:
        return self.collection.media.dir()

    def getMediaFilesNames(self, pattern: str) -> list[str]:
        return [path.name for path in Path(self.collection.media.dir()).glob(pattern)]

    def storeMediaFile(self, filename: str, data: str) -> str:
        self.deleteMediaFile(filename)
        return self.collection.media.write_data(filename, b64decode(data))

    def deleteMediaFile(self, filename: str) -> None:
        self.collection.media.trash_files([filename])

    def importPackage(self, path: str) -> bool:
        # As Anki 26.9 has it for AnkiConnect, see `anki.importing`.
        options = ImportAnkiPackageOptions(merge_notetypes=True, with_scheduling=True, with_deck_configs=True)
        self.collection.import_anki_package(ImportAnkiPackageRequest(package_path=path, options=options))
        return True

    def _model(self, name: str) -> NotetypeDict:
        model = self.collection.models.by_name(name)
        if model is None:
            raise ValueError(f"model was not found: {name}")
        return model

    def _info(self, number: Any) -> dict[str, Any]:  # noqa: ANN401 - a note's id is a type of Anki's
        try:
            note = self.collection.get_note(number)
        except NotFoundError:
            return {}
        return {
            "noteId": note.id,
            "modelName": self.collection.models.get(note.mid)["name"],  # type: ignore[index]  # each note has a type
            "tags": note.tags,
            "fields": {name: {"value": value} for name, value in note.items()},
            "mod": note.mod,
        }


@contextmanager
def real_anki(collection: Collection) -> Iterator[RealAnki]:
    """Let a collection answer."""
    anki = RealAnki(collection)
    with served(anki.answer) as anki.address:
        yield anki
