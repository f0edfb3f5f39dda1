"""`python -m cards export`, from markdown to a learner's Anki."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cards.__main__ import main
from tests.cards.anki_learner import Outcome, learner

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
LATER = NOW + timedelta(days=1)

SECTION = """---
title: How many updates?
track: beliefs
order: 10
summary: One sentence.
---

Some prose.

:::{card} updates-from-half
How many updates from $p < 1$?
---
2,500.
:::

:::{cloze} variance-adds
The variance is {{the sum of the variances of its steps}}.
:::
"""


@pytest.fixture
def environ(tmp_path: Path) -> Mapping[str, str]:
    """A book of one section, and a learner with no data yet."""
    write_section(tmp_path, SECTION)
    return {"MARTINGALE_CONTENT": str(tmp_path / "content"), "MARTINGALE_HOME": str(tmp_path / "home")}


def write_section(folder: Path, text: str) -> None:
    path = folder / "content" / "sections" / "beliefs" / "how-many-updates.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def export(environ: Mapping[str, str], *arguments: str | Path, now: datetime = NOW) -> int:
    return main(["export", *map(str, arguments)], environ, now)


def test_it_says_how_much_it_wrote_and_where(
    environ: Mapping[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "deck.apkg"
    assert export(environ, "--out", out) == 0
    assert capsys.readouterr() == (f"wrote 2 notes (2 cards) to {out}\n", "")


def test_it_takes_the_cards_that_are_asked_for(
    environ: Mapping[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "deck.apkg"
    limits = ["--track", "beliefs", "--section", "how-many-updates", "--kind", "cloze"]
    assert export(environ, "--out", out, *limits) == 0
    assert capsys.readouterr().out == f"wrote 1 notes (1 cards) to {out}\n"


def test_an_edit_of_the_markdown_reaches_anki_as_one_update(
    environ: Mapping[str, str], tmp_path: Path
) -> None:
    out = tmp_path / "deck.apkg"
    with learner(tmp_path) as someone:
        export(environ, "--out", out)
        assert someone.imports(out) == Outcome(new=2)
        export(environ, "--out", out, now=LATER)
        assert someone.imports(out) == Outcome(unchanged=2)

        write_section(tmp_path, SECTION.replace("2,500.", "2,500, on average."))
        export(environ, "--out", out, now=LATER)
        assert someone.imports(out) == Outcome(updated=1, unchanged=1)
        assert "on average" in someone.note("updates-from-half")["Back"]
        assert r"\(p &lt; 1\)" in someone.note("updates-from-half")["Front"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--track", "belief"], "track 'belief'. Did you mean 'beliefs'? Known: beliefs."),
        (["--section", "nowhere"], "section 'nowhere'. Known: how-many-updates."),
        (["--kind", "recal"], "kind 'recal'. Did you mean 'recall'? Known: cloze, recall."),
        (["--section", "x" * 5000], "xxx…'. Known: how-many-updates."),
        (["--base-url", "localhost"], "'localhost' is not an address"),
        (["--base-url", "x" * 5000], "xxx…' is not an address"),
        (["--colour", "red"], "--colour"),
    ],
)
def test_bad_usage_is_one_line_and_writes_nothing(
    environ: Mapping[str, str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    said: str,
) -> None:
    out = tmp_path / "deck.apkg"
    assert export(environ, "--out", out, *arguments) == 2
    assert_one_line(capsys, said)
    assert not out.exists()


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        (["--enrolled"], "'local' keeps none of these cards; leave out --enrolled, or keep some in the app"),
        (["--section", "other", "--kind", "cloze"], "No card is of this track, section and kind at once;"),
    ],
)
def test_where_no_card_is_all_that_is_asked_for_it_says_what_to_leave_out(
    environ: Mapping[str, str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    limits: list[str],
    said: str,
) -> None:
    only_recall = SECTION.partition(":::{cloze}")[0].replace("updates-from-half", "another")
    other = tmp_path / "content" / "sections" / "beliefs" / "other.md"
    other.write_text(only_recall, encoding="utf-8")
    assert export(environ, "--out", tmp_path / "deck.apkg", *limits) == 1
    assert_one_line(capsys, said)
    assert not (tmp_path / "deck.apkg").exists()


def test_a_file_that_cannot_have_that_name_is_bad_usage(
    environ: Mapping[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert export(environ, "--out", tmp_path) == 2
    assert_one_line(capsys, f"{tmp_path} is a folder")
    assert export(environ, "--out", tmp_path / "no" / "deck.apkg") == 2
    assert_one_line(capsys, f"There is no folder {tmp_path / 'no'}")
    assert export(environ) == 2
    assert_one_line(capsys, "--out")


def test_no_command_is_bad_usage(environ: Mapping[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([], environ, NOW) == 2
    assert_one_line(capsys, "command")


def test_a_database_that_is_none_is_left_alone_and_nothing_is_written(
    environ: Mapping[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database = tmp_path / "letter.db"
    database.write_text("Dear reader, this is not a database. " * 40)
    before = database.read_bytes()
    out = tmp_path / "deck.apkg"
    out.write_bytes(b"the last export")

    assert export({**environ, "MARTINGALE_DATABASE_URL": f"sqlite:///{database}"}, "--out", out) == 1

    assert_one_line(capsys, str(database))
    assert database.read_bytes() == before
    assert out.read_bytes() == b"the last export"


def test_a_book_that_is_not_there_is_named(
    environ: Mapping[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "elsewhere"
    assert export({**environ, "MARTINGALE_CONTENT": str(missing)}, "--out", tmp_path / "deck.apkg") == 1
    assert_one_line(capsys, str(missing))


def test_a_broken_card_is_left_out_with_a_word_about_it(
    environ: Mapping[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_section(tmp_path, SECTION.replace("---\n2,500.\n", ""))
    assert export(environ, "--out", tmp_path / "deck.apkg") == 0
    said = capsys.readouterr()
    assert said.out.startswith("wrote 1 notes (1 cards)")
    assert said.err == "1 problem in the book; cards may be missing: see python -m content check\n"


def test_a_book_without_cards_makes_no_package(
    environ: Mapping[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_section(tmp_path, SECTION.partition(":::")[0])
    out = tmp_path / "deck.apkg"
    assert export(environ, "--out", out) == 1
    assert_one_line(capsys, "no cards")
    assert not out.exists()


def test_it_runs_as_a_module(environ: Mapping[str, str], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "cards", "export", "--out", str(tmp_path / "deck.apkg")]
    done = subprocess.run(command, cwd=ROOT, env=dict(environ), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("wrote 2 notes")


def assert_one_line(capsys: pytest.CaptureFixture[str], said: str) -> None:
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert err.count("\n") == 1
