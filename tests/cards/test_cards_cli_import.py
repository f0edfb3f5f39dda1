"""`python -m cards import`: from what Anki exported to a learner's log."""

from __future__ import annotations

import tempfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from anki.collection import ExportAnkiPackageOptions

from cards.__main__ import main
from cards.memory import Rating
from cards.store import LOCAL, Store
from cards.tuning import TUNING
from cards.zone import zone_of
from tests.cards.anki_learner import learner
from tests.cards.anki_reviewer import MODERN, Reviewer
from tests.cards.test_cards_cli import SECTION, assert_one_line, write_section

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@pytest.fixture
def environ(tmp_path: Path) -> Mapping[str, str]:
    """A book of two cards, and a learner who has nothing yet."""
    write_section(tmp_path, SECTION)
    environ = {"MARTINGALE_CONTENT": str(tmp_path / "content"), "MARTINGALE_HOME": str(tmp_path / "home")}
    with closing(Store.open(tmp_path / "home" / "martingale.db", now=datetime.now(UTC))) as store:
        store.learner(LOCAL)
    return environ


@pytest.fixture
def package(tmp_path: Path, environ: Mapping[str, str]) -> Iterator[Path]:
    """What Anki exported: the book's cards as we export them, one of them reviewed."""
    folder = tmp_path / "anki"
    folder.mkdir()
    someone = Reviewer(folder)
    assert run(environ, "export", "--out", folder / "book.apkg") == 0
    someone.imports(folder / "book.apkg")
    someone.has_reviewed("updates-from-half", [(20, Rating.GOOD), (12, Rating.AGAIN), (3, Rating.GOOD)])
    yield someone.exports(MODERN)
    someone.anki.close()


def run(environ: Mapping[str, str], *words: str | Path) -> int:
    return main([*map(str, words)], environ, datetime.now(UTC))


def held(environ: Mapping[str, str]) -> tuple[int, int]:
    with closing(Store.look_at(Path(environ["MARTINGALE_HOME"]) / "martingale.db")) as store:
        rows = store.belongings(store.learners()[LOCAL])
        return rows["memory"], rows["review"]


def test_reviews_come_home_once_and_a_dry_run_says_how_many(
    environ: Mapping[str, str], package: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert run(environ, "import", package, "--dry-run") == 0
    tried = capsys.readouterr().out
    assert "3 new reviews of 1 card (1 of them not kept before) would come home" in tried
    assert "updates-from-half: due " in tried
    assert held(environ) == (0, 0)

    assert run(environ, "import", package) == 0
    done = capsys.readouterr().out
    assert "3 new reviews of 1 card (1 of them not kept before) came home, and 1 date changes." in done
    assert "before-import" in done
    assert held(environ) == (1, 3)

    assert run(environ, "import", package) == 0
    assert capsys.readouterr().out == (
        "There is no review in it that this app does not know. 3 reviews known already.\n"
    )
    assert run(environ, "doctor") == 0


@pytest.mark.parametrize(
    ("content", "words", "code", "says"),
    [
        (None, (), 2, "There is no file"),
        (b"PK but no zip", (), 1, "cut short or damaged"),
        (b"hello", (), 1, "is no package of Anki's"),
        (b"hello", ("--timezone", "Atlantis/Harbour"), 2, "time zone 'Atlantis/Harbour' is not known"),
        (b"hello", ("--timezone", ""), 2, "--timezone: time zone '' is not known"),
        (b"hello", ("--learner", "nobody"), 2, "nobody"),
    ],
)
def test_what_cannot_come_home_is_said_in_one_line(
    environ: Mapping[str, str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    content: bytes | None,
    words: tuple[str, ...],
    code: int,
    says: str,
) -> None:
    file = tmp_path / "some.apkg"
    if content is not None:
        file.write_bytes(content)
    assert run(environ, "import", file, *words) == code
    named = "" if words else str(file)  # where it is the file that is at fault
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert says in err
    assert named in err
    assert held(environ) == (0, 0)


def test_settings_that_cannot_be_read_are_said_in_a_sentence(
    environ: Mapping[str, str], package: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    with closing(
        Store.open(Path(environ["MARTINGALE_HOME"]) / "martingale.db", now=datetime.now(UTC))
    ) as store:
        store.set_setting(store.learner(LOCAL), TUNING, 5)
    assert run(environ, "import", package) == 1
    assert_one_line(capsys, "a tuning is a JSON object, not 5; reset it to the defaults.\n")


def test_a_package_without_a_note_of_the_books_is_said_to_be_none_of_ours(
    environ: Mapping[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with learner(tmp_path) as someone:
        note = someone.anki.new_note(someone.anki.models.by_name("Basic"))
        note["Front"] = "Whose am I?"
        someone.anki.add_note(note, 1)
        path = tmp_path / "theirs.apkg"
        options = ExportAnkiPackageOptions(with_scheduling=True)
        someone.anki.export_anki_package(out_path=str(path), options=options, limit=None)
    assert run(environ, "import", path) == 1
    assert_one_line(capsys, f"{path}: No note in it came from this book")
    assert held(environ) == (0, 0)


def test_no_room_to_unpack_is_said_in_one_line(
    environ: Mapping[str, str],
    package: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    capsys.readouterr()
    monkeypatch.setattr(tempfile, "tempdir", str(package.with_name("nowhere")))
    assert run(environ, "import", package) == 1
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith(f"{package} cannot be unpacked: ")
    assert err.endswith("; make room for temporary files.\n")
    assert held(environ) == (0, 0)


@pytest.mark.parametrize(
    ("named", "link", "zone"),
    [
        ("Asia/Tokyo", "Europe/London", "Asia/Tokyo"),
        (":Asia/Tokyo", "Europe/London", "Asia/Tokyo"),
        ("Nowhere/At-All", "Europe/London", "Europe/London"),
        ("", "Nowhere/At-All", "UTC"),
        ("", "", "UTC"),
    ],
)
def test_the_time_zone_is_that_of_the_environment_else_of_the_clock(
    tmp_path: Path, named: str, link: str, zone: str
) -> None:
    clock = tmp_path / "localtime"
    if link:
        target = tmp_path / "usr" / "zoneinfo" / link
        target.parent.mkdir(parents=True)
        target.touch()
        clock.symlink_to(target)
    assert zone_of({"TZ": named}, clock) == zone
