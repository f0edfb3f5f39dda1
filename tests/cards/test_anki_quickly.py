"""What is done quicker than plainly, against what is done plainly: pages, pieces, fields and cards."""

from __future__ import annotations

import gc
import io
import sqlite3
from concurrent.futures import wait
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile

import genanki
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cards.anki import btree, deflating
from cards.anki.field import FIELD_SEPARATOR, to_field, to_fields
from cards.anki.note import _model
from cards.uncollected import uncollected

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

ONE_PAGE = 136  # rows of a key and three columns, of 1, 4 and 8 bytes
ALL_BELOW_ONE = btree.CHILDREN * ONE_PAGE
WIDTHS = (np.int8, np.int32, np.int64)
MOMENTS = st.integers(0, 253_402_300_799_999)


def filled(path: Path, keys: Sequence[int], columns: Sequence[npt.NDArray[np.integer]]) -> None:
    """Make a database with a table before ours and one after, and fill ours."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA page_size = {btree.PAGE}")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("CREATE TABLE before (text)")
        connection.execute("CREATE TABLE ours (id INTEGER PRIMARY KEY, a INTEGER, b INTEGER, c INTEGER)")
        connection.execute("CREATE TABLE after (text)")
        connection.executemany("INSERT INTO before VALUES (?)", [("x" * 1000,)] * 20)
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'ours'").fetchone()
    with path.open("r+b") as file:
        btree.fill(file, root, np.array(keys, dtype=np.int64), columns)


def assert_holds(path: Path, keys: Sequence[int], columns: Sequence[npt.NDArray[np.integer]]) -> None:
    """Assert that SQLite finds these rows, all that was there before, and nothing wrong; and can go on."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        connection.execute("PRAGMA synchronous = OFF")
        assert connection.execute("SELECT count(*) FROM before").fetchone() == (20,)
        rows = list(zip(keys, *(column.tolist() for column in columns), strict=True))
        assert connection.execute("SELECT * FROM ours").fetchall() == rows
        for row in rows[:: max(1, len(rows) // 50)]:
            assert connection.execute("SELECT * FROM ours WHERE id = ?", row[:1]).fetchall() == [row]
        connection.execute("INSERT INTO ours VALUES (?, 1, 2, 3)", (max(keys, default=0) + 1,))
        connection.execute("DELETE FROM ours WHERE id % 2")
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@given(st.lists(st.tuples(MOMENTS, *(st.integers(np.iinfo(w).min, np.iinfo(w).max) for w in WIDTHS))))
@settings(max_examples=40)
@example([(0, 0, 0, 0), (1, 127, -1, 2**63 - 1), (253_402_300_799_999, -128, -(2**31), -(2**63))])
def test_pages_hold_what_sqlite_would_have_been_handed(rows: list[tuple[int, ...]]) -> None:
    by_key = {row[0]: row[1:] for row in rows}
    keys = sorted(by_key)
    columns = [
        np.array([by_key[key][place] for key in keys], dtype=width) for place, width in enumerate(WIDTHS)
    ]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "table.db"
        filled(path, keys, columns)
        assert_holds(path, keys, columns)


@pytest.mark.parametrize("width", btree.SERIAL_TYPES)
def test_a_column_is_as_wide_as_its_widest_value(tmp_path: Path, width: int) -> None:
    least, greatest = -(2 ** (8 * width - 1)), 2 ** (8 * width - 1) - 1
    drawn = np.random.default_rng(width).integers(least, greatest, 1000, endpoint=True)
    narrow = np.arange(1000, dtype=np.int64) % 100
    for last in ([least], [greatest], [0]):
        column = np.array([*drawn[:-1], *last])
        assert btree._width(column) == width
        path = tmp_path / f"{last[0]}.db"
        filled(path, range(1000), [narrow, column, narrow])
        assert_holds(path, range(1000), [narrow, column, narrow])
    assert btree._width(np.array([least, greatest, 0])) == width
    if width < max(btree.SERIAL_TYPES):
        assert all(btree._width(np.array([beyond])) > width for beyond in (least - 1, greatest + 1))


@pytest.mark.parametrize(
    "count",
    [ONE_PAGE, ONE_PAGE + 1, 2 * ONE_PAGE, ALL_BELOW_ONE, ALL_BELOW_ONE + 1, 2 * ALL_BELOW_ONE + ONE_PAGE],
)
def test_a_table_may_end_with_a_page_or_with_a_level_of_them(tmp_path: Path, count: int) -> None:
    draw = np.random.default_rng(count)
    keys = np.cumsum(draw.integers(1, 1000, count)).tolist()
    columns = [draw.integers(np.iinfo(width).max, size=count, dtype=width) for width in WIDTHS]
    for column in columns:
        column[-1] = np.iinfo(column.dtype).max
    filled(tmp_path / "table.db", keys, columns)
    assert_holds(tmp_path / "table.db", keys, columns)


def deflated(folder: Path, early: bytes, late: bytes, *, settled_from: int, piece: int, level: int) -> bytes:
    """Return an archive with a file whose early part is there first, and settled from one of its bytes on."""
    path, file = folder / "data", io.BytesIO()
    path.write_bytes(b"?" * min(settled_from, len(early)) + early[settled_from:])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deflating, "PIECE", piece)
        with ZipFile(file, "w", ZIP_DEFLATED) as archive, deflating.Pieces(path, level) as pieces:
            archive.writestr("before", "first")
            pieces.begin(settled_from)
            wait(pieces._begun.values())
            path.write_bytes(early + late)
            pieces.add(archive, "data")
            archive.writestr("after", "last")
    return file.getvalue()


@given(
    st.binary(max_size=2000),
    st.binary(max_size=500),
    st.fixed_dictionaries(
        {
            "settled_from": st.integers(0, 100),
            "piece": st.integers(1, 64),
            "level": st.sampled_from([1, 6, 9]),
        }
    ),
)
@settings(max_examples=60)
@example(b"", b"", {"settled_from": 0, "piece": 1, "level": 1})
@example(b"ab" * 64, b"", {"settled_from": 3, "piece": 64, "level": 1})
@example(b"ab" * 64, b"c", {"settled_from": 64, "piece": 64, "level": 1})
def test_what_was_deflated_in_pieces_is_what_it_was(early: bytes, late: bytes, how: dict[str, int]) -> None:
    with TemporaryDirectory() as folder:
        made = deflated(Path(folder), early, late, **how)
        assert made == deflated(Path(folder), b"", early + late, **how)
    with ZipFile(io.BytesIO(made)) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == {
            "before": b"first",
            "data": early + late,
            "after": b"last",
        }
        entry = archive.getinfo("data")
        assert (entry.compress_type, entry.file_size) == (ZIP_DEFLATED, len(early + late))
        assert entry.date_time == (1980, 1, 1, 0, 0, 0)


def test_the_bytes_do_not_depend_on_the_threads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = np.random.default_rng(1).integers(20, size=200_000, dtype=np.uint8).tobytes()
    made = []
    for threads in (1, 2, 5):
        monkeypatch.setattr(deflating, "THREADS", threads)
        made.append(deflated(tmp_path, data, data, settled_from=0, piece=10_000, level=1))
    assert len(set(made)) == 1
    assert len(made[0]) < 0.7 * 2 * len(data)


marks = st.sampled_from(
    ["[", "sound:", '<span class="math inline">x</span>', '<a href="#here">y</a>', '<a href="/s#c">z</a>']
)
htmls = st.lists(
    st.one_of(st.text(max_size=5), marks, st.sampled_from(["<", "a", "img", "<p>p</p>", FIELD_SEPARATOR])),
    max_size=4,
).map("".join)


@given(st.lists(htmls, max_size=5))
def test_fields_together_are_what_each_is_alone(values: list[str]) -> None:
    given_ = {"section": "here", "base_url": "http://localhost"}
    fields, text = to_fields(values, **given_)
    assert list(fields) == [to_field(html, **given_) for html in values]
    assert text == FIELD_SEPARATOR.join(fields)


@given(st.data())
def test_a_note_has_the_cards_that_genanki_gives_it(data: st.DataObject) -> None:
    model = _model(data.draw(st.sampled_from(["recall", "cloze", "predict", "credence"])))
    size = len(model.fields)
    texts = st.sampled_from(["", "text", "{{c1::one}} and {{c3::three::hint}}"])
    fields = data.draw(st.lists(texts, min_size=size, max_size=size))
    theirs = genanki.Note(model=model, fields=fields, guid="one")
    assert list(model.cards_of(fields)) == [card.ord for card in theirs.cards]


def test_the_collector_is_as_it_was_afterwards() -> None:
    assert gc.isenabled()
    with uncollected():
        assert not gc.isenabled()
        with uncollected():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(ZeroDivisionError), uncollected():
        _ = 1 / 0
    assert gc.isenabled()
    gc.disable()
    try:
        with uncollected():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
