"""Files of what is believed: any text comes back from a table, no cell is a formula, JSON holds all of it."""

from __future__ import annotations

import csv
import io
import json
import math
import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.__main__ import main
from cards.belief_files import (
    CLAIM_COLUMNS,
    ENTRY_COLUMNS,
    write_claims,
    write_entries,
    write_json,
)
from cards.cells import FORMULAS, guarded, unguarded
from cards.claims import Claim, ConservationCheck, Credence, Outcome, Resolution
from cards.days import DayRules
from cards.ledger import Listed
from cards.store import LOCAL, Prediction, Store
from tests.cards.pages_learner import NOW, open_store
from tests.cards.test_cards_cli import SECTION, assert_one_line, write_section

RULES = DayRules()
texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12) | st.text(
    "=+-@\t\r\n'\",; a1", max_size=8
)
credences = st.builds(
    Credence,
    client_id=texts,
    claim_id=st.just("own-a"),
    probability=st.none() | st.floats(0, 1),
    at=st.datetimes(datetime(1971, 1, 1), datetime(2999, 1, 1)).map(  # noqa: DTZ001 - made aware below
        lambda at: at.replace(tzinfo=UTC, microsecond=at.microsecond // 1000 * 1000)
    ),
    note=texts,
    repeat=st.booleans(),
    occasion=st.sampled_from(["", "before", "after"]),
)


def read(text: str) -> list[dict[str, str]]:
    """A table as Python's own reader has it."""
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


@given(texts)
def test_no_text_begins_as_a_formula_does_and_every_text_comes_back(text: str) -> None:
    cell = guarded(text)
    assert not cell.startswith((*FORMULAS, "\t", "\r"))
    assert unguarded(cell) == text
    assert cell in {text, f"'{text}"}


@given(st.lists(st.tuples(texts, st.lists(credences, max_size=4), st.integers(0, 4)), max_size=4))
def test_the_table_of_credences_reads_back_as_what_was_there(
    record: list[tuple[str, list[Credence], int]],
) -> None:
    claims = [
        Listed(f"own-{number}", text=text, earlier=tuple(every[:earlier]), entries=tuple(every[earlier:]))
        for number, (text, every, earlier) in enumerate(record)
    ]
    file = io.StringIO(newline="")
    assert write_entries(file, claims) == sum(len(claim.every_entry) for claim in claims)
    rows = read(file.getvalue())
    found = [
        (
            row["claim"],
            unguarded(row["text"]),
            Credence(
                unguarded(row["id"]),
                "own-a",
                float(row["probability"]) if row["probability"] else None,
                datetime.fromisoformat(row["at"]),
                unguarded(row["note"]),
                row["repeat"] == "yes",
                row["occasion"],
            ),
        )
        for row in rows
    ]
    assert found == [(claim.claim_id, claim.text, entry) for claim in claims for entry in claim.every_entry]
    assert [row["superseded"] == "yes" for row in rows] == [
        is_earlier
        for claim in claims
        for is_earlier in [True] * len(claim.earlier) + [False] * len(claim.entries)
    ]


@given(st.lists(st.tuples(texts, st.lists(credences, max_size=3)), min_size=1, max_size=3))
def test_the_table_of_claims_reads_back_with_what_each_comes_to(
    record: list[tuple[str, list[Credence]]],
) -> None:
    claims = [
        Listed(f"own-{number}", text=text, is_own=True, by=date(2030, 1, 2), entries=tuple(entries))
        for number, (text, entries) in enumerate(record)
    ]
    file = io.StringIO(newline="")
    silent = Listed("silent", text="=1+1", section="walks")  # nobody said anything of it
    assert write_claims(file, [*claims, silent], RULES) == len(claims)
    rows = read(file.getvalue())
    assert [(row["claim"], unguarded(row["text"]), row["entries"]) for row in rows] == [
        (claim.claim_id, claim.text, str(len(claim.entries))) for claim in claims
    ]
    for row in rows:
        assert (row["by"], row["outcome"]) == ("2030-01-02", "open")
        if row["excess"]:
            amounts = [float(row[name]) for name in ("movement", "reduction", "excess")]
            assert amounts[0] - amounts[1] == pytest.approx(amounts[2])


def test_lines_end_as_rfc_4180_has_them_and_a_negative_number_is_a_number() -> None:
    path = (0.5, 0.25, 0.125)  # M = 5/64, R = 9/64, X = −1/16
    entries = tuple(Credence(f"{at}", "a", credence, NOW, note="a\nb") for at, credence in enumerate(path))
    claim = Listed("a", text="@claim", section="walks", entries=entries)
    file = io.StringIO(newline="")
    write_claims(file, [claim], RULES)
    head, row, rest = file.getvalue().split("\r\n")
    assert (head, rest) == (",".join(CLAIM_COLUMNS), "")
    assert row == "a,'@claim,walks,,open,,3,0.5,0.125,,0.078125,0.140625,-0.0625"
    file = io.StringIO(newline="")
    write_entries(file, [claim])
    assert file.getvalue().startswith(",".join(ENTRY_COLUMNS) + "\r\n")
    assert file.getvalue().endswith(',no,,"a\nb",2,no\r\n')


def test_what_an_author_and_what_a_learner_says_of_an_outcome_stands_in_the_table() -> None:
    own = Resolution("r", "a", Outcome.NO, NOW + timedelta(hours=1))
    claim = Listed("a", text="A.", section="walks", entries=(Credence("1", "a", 0.25, NOW),), own=own)
    file = io.StringIO(newline="")
    write_claims(file, [claim], RULES)
    (row,) = read(file.getvalue())
    assert (row["outcome"], row["scored"]) == ("no", "0.25")
    assert datetime.fromisoformat(row["resolved_at"]) == own.at


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path)
    yield opened
    opened.close()


def test_the_document_holds_all_that_is_believed_and_no_number_that_json_has_not(store: Store) -> None:
    learner = store.learner(LOCAL)
    claim = Claim("own-a", "I will.", date(2030, 1, 2), NOW)
    entry = Credence("1", "own-a", 1 / 3, NOW, note="=why", repeat=True, occasion="after")
    resolution = Resolution("2", "own-a", Outcome.VOID, NOW, "moot")
    check = ConservationCheck("3", "coin", 0.5, 0.9, 0.2, True, NOW, after=0.8)
    guess = Prediction("4", "walk", "updates", {"start": 0.5}, None, 7.0, NOW, "choice", None, math.inf)
    store.keep_claim(learner, claim)
    store.record_credence(learner, entry)
    store.record_resolution(learner, resolution)
    store.record_conservation(learner, check)
    store.record_prediction(learner, replace(guess, choice="over 5"))
    file = io.StringIO()
    assert write_json(file, store, learner, NOW) == 5

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is not JSON")

    found = json.loads(file.getvalue(), parse_constant=refuse)
    assert found["format"], found["version"] == ("martingale-beliefs", 1)
    assert found["claims"] == [
        {"id": "own-a", "text": "I will.", "by": "2030-01-02", "made_at": "2026-11-23T09:00:00.000Z"}
    ]
    assert found["credences"][0]["probability"] == 1 / 3
    assert found["credences"][0]["note"] == "=why"  # no spreadsheet opens it
    assert (found["resolutions"][0]["outcome"], found["checks"][0]["after"]) == ("void", 0.8)
    assert (found["predictions"][0]["high"], found["predictions"][0]["settings"]) == (
        "Infinity",
        {"start": 0.5},
    )


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """A book of two cards, and a learner with a claim and two credences in it."""
    write_section(tmp_path, SECTION)
    with closing(Store.open(tmp_path / "home" / "martingale.db", now=NOW)) as store:
        learner = store.learner(LOCAL)
        store.keep_claim(learner, Claim("own-a", "I will.", None, NOW))
        for number, credence in enumerate((0.5, 0.75)):
            store.record_credence(learner, Credence(str(number), "own-a", credence, NOW))
    return {"MARTINGALE_CONTENT": str(tmp_path / "content"), "MARTINGALE_HOME": str(tmp_path / "home")}


@pytest.mark.parametrize(
    ("options", "said", "lines"),
    [([], "2 credences", 3), (["--claims"], "1 claim", 2), (["--json"], "3 rows", None)],
)
def test_the_command_writes_a_file_for_its_owner_and_says_what_is_in_it(
    environ: dict[str, str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    said: str,
    lines: int | None,
) -> None:
    out = tmp_path / "beliefs"
    assert main(["ledger", "--out", str(out), *options], environ, NOW) == 0
    assert capsys.readouterr().out == f"wrote {said} to {out}\n"
    if os.name == "posix":
        assert out.stat().st_mode & 0o077 == 0
    written = out.read_bytes().decode()
    if lines is None:
        assert len(json.loads(written)["credences"]) == 2
    else:
        assert written.count("\r\n") == written.count("\n") == lines


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--json"], "--out"),
        (["--out", ".", "--json"], "beliefs.json"),
        (["--out", "a.csv", "--json", "--claims"], "--claims"),
        (["--out", "no-such-folder/a.csv"], "no-such-folder"),
        (["--out", "a.csv", "--learner", "nobody"], "'nobody'"),
    ],
)
def test_the_command_says_in_one_line_why_it_writes_nothing(
    environ: dict[str, str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["ledger", *arguments], environ, NOW) == 2
    assert_one_line(capsys, said)
    assert not (tmp_path / "a.csv").exists()
