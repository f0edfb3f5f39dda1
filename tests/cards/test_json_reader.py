"""A document is read the same in pieces of any size, and a mistake is told with its line."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings

from cards.store.json_reader import JsonReader, NotJsonError
from tests.cards.histories import histories


@given(histories)
@hypothesis_settings(max_examples=20)
def test_a_value_is_read_the_same_in_pieces_of_any_size(history: list[Any]) -> None:
    document = json.dumps([str(act) for act in history] + [12345, -1.5e10, True, None])

    class Drop(io.StringIO):
        """Gives one character at a time."""

        def read(self, _size: int | None = -1, /) -> str:
            return super().read(1)

    assert JsonReader(Drop(document)).value() == json.loads(document)
    assert list(JsonReader(Drop(document)).elements()) == json.loads(document)


def test_the_line_of_a_mistake_is_told() -> None:
    reader = JsonReader(io.StringIO('{\n"a": 1,\n"b" 2}'))
    members = reader.members()
    assert (next(members), reader.value()) == ("a", 1)
    with pytest.raises(NotJsonError, match="':' was expected in line 3"):
        next(members)
