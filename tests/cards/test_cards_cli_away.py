"""Taking cards away from the command line: with a history, as a table, to a running Anki, to a full disk."""

from __future__ import annotations

import csv
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest

from cards.__main__ import main
from cards.days import DayRules
from cards.memory import Rating
from cards.schedule import SchedulerSettings
from cards.store import Answer, Store
from cards.taking import TAKING, Taking
from tests.cards.anki_learner import learner
from tests.cards.fake_anki_connect import fake_anki

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
SECTION = """---
title: How many updates?
track: beliefs
order: 10
summary: One sentence.
---

:::{card} updates-from-half
How many updates?
---
2,500.
:::

:::{card} another
=1+1?
---
Two.
:::
"""


@pytest.fixture
def environ(tmp_path: Path) -> Mapping[str, str]:
    """A book of one section, and a learner who has answered the first card."""
    path = tmp_path / "content" / "sections" / "beliefs" / "how-many-updates.md"
    path.parent.mkdir(parents=True)
    path.write_text(SECTION, encoding="utf-8")
    with closing(Store.open(tmp_path / "home" / "martingale.db", now=NOW)) as store:
        answer = Answer("one", "updates-from-half", Rating.EASY, NOW - timedelta(days=2))
        store.answer(store.learner("local"), answer, DayRules(), SchedulerSettings())
    return {"MARTINGALE_CONTENT": str(tmp_path / "content"), "MARTINGALE_HOME": str(tmp_path / "home")}


def command(environ: Mapping[str, str], *arguments: str | Path) -> int:
    return main([str(argument) for argument in arguments], environ, NOW)


def test_the_history_goes_along_where_it_is_asked_for(environ: Mapping[str, str], tmp_path: Path) -> None:
    out = tmp_path / "deck.apkg"
    assert command(environ, "export", "--out", out, "--history", "--enrolled") == 0
    with learner(tmp_path) as someone:
        request = ImportAnkiPackageRequest(
            package_path=str(out), options=ImportAnkiPackageOptions(with_scheduling=True)
        )
        someone.anki.import_anki_package(request)
        assert someone.anki.note_count() == 1
        (card,) = someone.note("updates-from-half").cards()
        assert (card.type, card.reps) == (2, 1)
        assert someone.anki.db.scalar("SELECT count() FROM revlog") == 1


def test_a_table_is_written_with_links_to_where_the_learner_has_the_app(
    environ: Mapping[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(Store.open(tmp_path / "home" / "martingale.db", now=NOW)) as store:
        store.set_setting(store.learner("local"), TAKING, Taking("https://book.example").to_json())
    out = tmp_path / "cards.csv"
    assert command(environ, "export", "--csv", "--out", out) == 0
    assert capsys.readouterr().out == f"wrote 2 cards to {out}\n"
    with out.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["question"] for row in rows] == ["How many updates?", "'=1+1?"]
    assert rows[0]["link"].startswith("https://book.example/how-many-updates#card-")


def test_a_push_says_what_it_would_do_does_it_and_then_has_nothing_to_do(
    environ: Mapping[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    with fake_anki() as anki:
        where = ["push", "--anki", anki.address]
        assert command(environ, *where, "--dry-run") == 0
        assert capsys.readouterr().out.startswith("2 notes would be added")
        assert anki.notes == {}
        assert command(environ, *where) == 0
        assert command(environ, *where) == 0
        said = capsys.readouterr().out.splitlines()
        assert len(anki.notes) == 2
    assert said == [
        "2 notes added, 0 updated, 0 were left as they are.",
        "0 notes added, 0 updated, 2 were left as they are.",
    ]
    assert command(environ, *where) == 1
    assert capsys.readouterr().err.startswith(f"Anki is not running at {anki.address}. Start Anki")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (
            ["push", "--anki", "http://10.0.0.1:8765"],
            2,
            "--anki: 'http://10.0.0.1:8765' is not on this machine",
        ),
        (["push", "--base-url", "here"], 2, "--base-url: 'here' is not an address"),
        (["push", "--base-url", "http://["], 2, "--base-url: 'http://[' is not an address; write one like"),
        (["push", "--learner", "nobody"], 2, "There is no learner 'nobody'"),
        (["push", "--track", "belief"], 2, "track 'belief'. Did you mean 'beliefs'?"),
        (["export", "--csv", "--history", "--out", "x.csv"], 2, "A table has no room for a history"),
        (["export", "--out", "x.apkg", "--learner", "nobody"], 2, "There is no learner 'nobody'"),
    ],
)
def test_what_makes_no_sense_is_one_line(
    environ: Mapping[str, str],
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    said: str,
) -> None:
    assert command(environ, *arguments) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert err.count("\n") == 1


# A limit on the size of files stands in for a full disk: what is written beyond it fails. It begins with the
# export itself, for the learner's database could not be opened either.
FULL = """
import resource, signal, sys
from datetime import UTC, datetime
from cards.__main__ import main
from cards.commands import export
content, home, room, *arguments = sys.argv[1:]
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

def when_full(write):
    def written(*given, **named):
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(room), resource.RLIM_INFINITY))
        return write(*given, **named)
    return written

export.write_package, export.write_table = when_full(export.write_package), when_full(export.write_table)
sys.exit(main(arguments, {"MARTINGALE_CONTENT": content, "MARTINGALE_HOME": home}, datetime.now(UTC)))
"""


@pytest.mark.parametrize(("room", "arguments"), [(2000, []), (12_000, ["--history"]), (10, ["--csv"])])
def test_a_full_disk_is_one_line_and_leaves_what_was_there(
    environ: Mapping[str, str], tmp_path: Path, room: int, arguments: list[str]
) -> None:
    out = tmp_path / "away" / "deck"
    out.parent.mkdir()
    out.write_bytes(b"the last export")
    places = [environ["MARTINGALE_CONTENT"], environ["MARTINGALE_HOME"]]
    done = subprocess.run(
        [sys.executable, "-c", FULL, *places, str(room), "export", "--out", str(out), *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    said = done.stderr.splitlines()
    assert done.returncode == 1
    assert len(said) == 1
    assert said[0].startswith(f"{out} cannot be written: ")
    assert out.read_bytes() == b"the last export"
    assert list(out.parent.iterdir()) == [out]
