"""The review desk's page: what the browser sends is saved, or said not to be, and sent again."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from cards.pages import review
from cards.pages.operations import Receipt
from cards.pages.session import Present
from cards.store import ProblemKind, StoreProblem


def test_where_the_store_cannot_be_opened_nothing_is_confirmed_and_it_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def closed() -> Present:
        raise StoreProblem(ProblemKind.DAMAGED, "It is damaged.", where="here", remedy="Restore it.")

    state: dict[str, Any] = {review.KEY: {"operations": [{"id": "a", "kind": "answer"}]}}
    monkeypatch.setattr(review, "present", closed)
    monkeypatch.setattr(review, "st", SimpleNamespace(session_state=state))
    review._save()
    assert state[review.RECEIPT] == Receipt(problem="Not saved yet. It is damaged.")
