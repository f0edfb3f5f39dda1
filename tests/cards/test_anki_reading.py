"""Whatever is handed in as a package is read if it is one, else refused in one sentence; nothing is left."""

from __future__ import annotations

import sqlite3
import tempfile
import zlib
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, ZipFile, ZipInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cards.anki.home import bring_home
from cards.anki.reading import archive, database
from cards.anki.reading import log as anki_log
from cards.anki.reading.archive import version_in
from cards.anki.reading.problem import AGAIN, CHOOSE, PackageError
from cards.anki.reading.reviews import found_in
from cards.anki.reading.unpacking import unpacked, zstd
from cards.days import DayRules
from cards.store import Store
from cards.tuning import Tuning

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cards.anki.reading.reviews import Found

NOW = datetime(2026, 11, 26, tzinfo=UTC)
AT = 1_764_000_000_000
META = b"\x08\x03"
SCHEMA = """
CREATE TABLE col (id INTEGER PRIMARY KEY, ver INTEGER);
CREATE TABLE notes (id INTEGER PRIMARY KEY, guid TEXT, name TEXT COLLATE unicase);
CREATE TABLE cards (id INTEGER PRIMARY KEY, nid INTEGER, ord INTEGER);
CREATE TABLE revlog (id INTEGER PRIMARY KEY, cid INTEGER, ease INTEGER, time INTEGER, type INTEGER,
    factor INTEGER, lastIvl INTEGER);
"""
REVIEW = "INSERT INTO revlog VALUES ({}, {}, 3, 4000, 1, 500, 7)"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(Store.open(tmp_path / "home" / "martingale.db", now=NOW)) as opened:
        yield opened


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder for temporary files, which has to be empty afterwards."""
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    yield place
    assert list(place.iterdir()) == []


def collection(folder: Path, *statements: str, version: int = 18) -> bytes:
    """The bytes of a collection with two notes, ours and another's, and a review of each."""
    path = folder / "collection"
    with closing(sqlite3.connect(path)) as connection:
        connection.create_collation("unicase", lambda one, other: (one > other) - (one < other))
        connection.executescript(SCHEMA)
        connection.execute("INSERT INTO col VALUES (1, ?)", [version])
        connection.executescript("""
            INSERT INTO notes VALUES (1, 'martingale:a', 'ours'), (2, 'another', 'theirs');
            INSERT INTO cards VALUES (11, 1, 0), (12, 2, 0);
        """)
        for statement in (REVIEW.format(AT, 11), REVIEW.format(AT + 1, 12), *statements):
            connection.execute(statement)
        connection.commit()
    data = bytearray(path.read_bytes())
    path.unlink()
    data[18:20] = b"\x02\x02"  # as Anki leaves it: a log might lie beside the file
    return bytes(data)


def package(files: Mapping[str, bytes], method: int = ZIP_DEFLATED) -> BytesIO:
    file = BytesIO()
    with ZipFile(file, "w", method) as archived:
        for name, content in files.items():
            archived.writestr(name, content)
    file.seek(0)
    return file


def modern(data: bytes, **others: bytes) -> BytesIO:
    return package({"meta": META, "collection.anki21b": zstd.compress(data), "media": b"", **others})


def read(file: BytesIO, known: frozenset[str] = frozenset({"a"})) -> Found:
    """What a package holds, all of it read."""
    with unpacked(file) as path, database.opened(path) as connection:
        found = found_in(connection, known, NOW)
        everything = np.ones(len(found.arrivals), dtype=bool)
        return replace(found, arrivals=found.arrivals.these(everything))


def test_a_modern_and_two_old_packages_say_the_same(folder: Path) -> None:
    data = collection(folder)
    junk = collection(folder, "DELETE FROM revlog")
    for file in (
        modern(data, **{"collection.anki2": junk}),
        package({"collection.anki21": data, "collection.anki2": junk, "media": b"{}"}),
        package({"meta": b"\x08\x01", "collection.anki2": data}),
        package({"collection.anki2": data}, method=ZIP_STORED),
    ):
        found = read(file)
        assert found.arrivals.card_ids == ["a"]
        given = found.arrivals.these(np.array([True]))
        assert (given.at.tolist(), given.rating.tolist()) == ([AT], [3])
        assert (given.elapsed_ms.tolist(), given.interval.tolist()) == ([4000], [7])
        assert (found.notes, found.foreign_notes, found.foreign) == (1, 1, 1)


def test_two_notes_of_one_guid_are_one_card(folder: Path) -> None:
    twice = (
        "INSERT INTO notes VALUES (3, 'martingale:a', 'again')",
        "INSERT INTO cards VALUES (13, 3, 0)",
        REVIEW.format(AT + 2, 13),
    )
    found = read(modern(collection(folder, *twice)))
    assert found.arrivals.card_ids == ["a"]
    assert sorted(found.arrivals.at.tolist()) == [AT, AT + 2]


def test_a_row_of_the_log_that_is_there_twice_counts_once(folder: Path, store: Store) -> None:
    """Anki's own table cannot hold one twice; one that was tampered with can."""
    doubled = (
        "ALTER TABLE revlog RENAME TO old",
        "CREATE TABLE revlog AS SELECT * FROM old UNION ALL SELECT * FROM old",
    )
    learner = store.learner("me")
    store.enrol(learner, ["a"], NOW)
    brought = bring_home(
        store, learner, modern(collection(folder, *doubled)), {}, rules=DayRules(), tuning=Tuning(), now=NOW
    )
    assert (len(brought.found.arrivals), brought.merged.added, brought.merged.known) == (2, 1, 1)
    assert len(store.reviews(learner)) == 1


def climbing(name: str) -> BytesIO:
    return package({"collection.anki2": b"", name: b""})


def bomb(size: int) -> BytesIO:
    """A collection of zeros that says truly how large it is."""
    return package({"collection.anki2": bytes(size)})


def lying_bomb(size: int) -> BytesIO:
    """The same, that says it is small."""
    file = bomb(size)
    raw = file.getvalue().replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    return BytesIO(raw)


def encrypted() -> BytesIO:
    raw = bytearray(package({"collection.anki2": b"secret"}).getvalue())
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(signature) + flags] |= 1
    return BytesIO(bytes(raw))


def doubled() -> BytesIO:
    file = BytesIO()
    with ZipFile(file, "w") as archived:
        archived.writestr("collection.anki2", b"one")
        with pytest.warns(UserWarning, match="Duplicate"):
            archived.writestr("collection.anki2", b"another")
    return file


def link() -> BytesIO:
    file = BytesIO()
    with ZipFile(file, "w") as archived:
        info = ZipInfo("collection.anki2")
        info.external_attr = 0o120777 << 16
        archived.writestr(info, "/etc/passwd")
    return file


def flipped(file: BytesIO, name: bytes) -> BytesIO:
    """The same with a damaged byte in a file's content."""
    raw = bytearray(file.getvalue())
    place = raw.index(name) + len(name) + 40
    raw[place] ^= 0xFF
    return BytesIO(bytes(raw))


BAD: dict[str, tuple[object, str]] = {
    "nothing": (lambda _: BytesIO(b""), "is not a zip archive"),
    "a text": (lambda _: BytesIO(b"Dear Anki,"), "is not a zip archive"),
    "cut short": (lambda data: BytesIO(modern(data).getvalue()[:-200]), "cut short or damaged"),
    "a damaged byte": (
        lambda data: flipped(package({"collection.anki2": data}), b"anki2"),
        "cut short or damaged",
    ),
    "a damaged zstd": (lambda data: flipped(modern(data), b"anki21b"), "cut short or damaged"),
    "a zstd cut short": (
        lambda data: package({"meta": META, "collection.anki21b": zstd.compress(data)[:-20]}),
        "cut short or damaged",
    ),
    "a name that climbs": (lambda _: climbing("../../.bashrc"), "leads out of it"),
    "a name from the root": (lambda _: climbing("/etc/passwd"), "leads out of it"),
    "a name on a drive": (lambda _: climbing("C:\\autoexec.bat"), "leads out of it"),
    "a climb by backslash": (lambda _: climbing("media\\..\\..\\x"), "leads out of it"),
    "a link": (lambda _: link(), "leads out of it"),
    "a bomb": (lambda _: bomb(200_000), "would unpack"),
    "a bomb that lies": (lambda _: lying_bomb(200_000), "cut short or damaged|would unpack"),
    "a zstd bomb": (
        lambda _: package({"meta": META, "collection.anki21b": zstd.compress(bytes(200_000))}),
        "would unpack",
    ),
    "too many files": (lambda _: package({str(number): b"" for number in range(30)}), "more than 20 files"),
    "encrypted": (lambda _: encrypted(), "is encrypted"),
    "bzip2": (lambda data: package({"collection.anki2": data}, ZIP_BZIP2), "in a way that Anki does not use"),
    "no collection": (lambda _: package({"media": b"{}"}), "holds no collection"),
    "two collections": (lambda _: doubled(), "twice"),
    "a newer package": (
        lambda data: package({"meta": b"\x08\x04", "collection.anki21c": data}),
        "has version 4, and this app knows those up to 3",
    ),
    "a meta of nonsense": (
        lambda data: package({"meta": b"hello", "collection.anki2": data}),
        "'meta' is not",
    ),
    "no meta": (lambda data: package({"collection.anki21b": data}), "does not say which version"),
    "no database": (lambda _: package({"collection.anki2": b"x" * 1000}), "is no database"),
    "another's tables": (
        lambda _: package({"collection.anki2": _database("CREATE TABLE song (id)")}),
        "has not the tables",
    ),
    "a view for a table": (
        lambda _: package(
            {"collection.anki2": _database(SCHEMA, "DROP TABLE revlog", "CREATE VIEW revlog AS SELECT 1")}
        ),
        "has not the tables",
    ),
}


def _database(*scripts: str) -> bytes:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.create_collation("unicase", lambda one, other: (one > other) - (one < other))
        for script in scripts:
            connection.executescript(script)
        return connection.serialize()


@pytest.mark.parametrize("what", BAD)
def test_what_is_no_package_is_refused_in_one_sentence(
    what: str, folder: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "SMALL", 100_000)
    monkeypatch.setattr(archive, "TIGHTEST", 20)
    monkeypatch.setattr(archive, "MOST_FILES", 20)
    make, reason = BAD[what]
    learner = store.learner("me")
    with pytest.raises(PackageError, match=reason) as caught:
        bring_home(store, learner, make(collection(folder)), {}, rules=DayRules(), tuning=Tuning(), now=NOW)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert AGAIN in sentence or CHOOSE in sentence
    assert not any(store.belongings(learner).values())


@pytest.mark.parametrize(
    ("statements", "version", "reason"),
    [
        ((), 19, "has version 19, and this app knows those up to 18"),
        ((), 3, "has version 3, which no Anki"),
        (("DELETE FROM col",), 18, "has version None"),
        (("UPDATE revlog SET cid = 'first'",), 18, "something that is no number"),
        (("UPDATE revlog SET cid = cid + 0.5",), 18, "something that is no number"),
        (("UPDATE revlog SET time = 'long'",), 18, "something that is no number"),
        (("UPDATE revlog SET time = NULL",), 18, "something that is no number"),
        (("ALTER TABLE revlog RENAME COLUMN ease TO hardness",), 18, "is damaged"),
        (
            ("PRAGMA writable_schema = ON", "UPDATE sqlite_master SET rootpage = 999 WHERE name = 'revlog'"),
            18,
            "is damaged",
        ),
    ],
)
def test_a_collection_that_is_not_as_anki_writes_it_is_refused(
    statements: tuple[str, ...], version: int, reason: str, folder: Path
) -> None:
    with pytest.raises(PackageError, match=reason):
        read(modern(collection(folder, *statements, version=version)))


def test_texts_where_numbers_belong_are_not_gathered_without_bound(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "LONGEST", 100_000)
    long = "UPDATE revlog SET time = replace(hex(zeroblob(30000)), '0', 'x')"
    with pytest.raises(PackageError, match=r"is damaged \(string or blob too big\)"):
        read(modern(collection(folder, REVIEW.format(AT + 2, 11), long)))


def test_a_disk_that_is_full_while_unpacking_leaves_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = modern(collection(folder))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("cards.anki.reading.unpacking._copy", full)
    with pytest.raises(OSError, match="No space"):
        read(file)


def test_ordinary_names_with_dots_are_no_climb(folder: Path) -> None:
    assert read(modern(collection(folder), **{"..a": b"", "a..b": b"", "0": b""})).notes == 1


@pytest.mark.parametrize(
    ("meta", "version"), [(b"\x08\x03", 3), (b"\x08\x01\x12\x00", 1), (b"\x08\xac\x02", 300)]
)
def test_the_version_is_the_first_field_of_meta(meta: bytes, version: int) -> None:
    assert version_in(meta) == version


@pytest.mark.parametrize("meta", [b"", b"\x08", b"\x08\xff\xff", b"\x10\x03", b"\x08" + b"\xff" * 20])
def test_a_meta_without_a_version_is_none(meta: bytes) -> None:
    with pytest.raises(ValueError, match="version"):
        version_in(meta)


@pytest.mark.parametrize("packing", [ZIP_DEFLATED, ZIP_LZMA, ZIP_BZIP2])
def test_a_meta_that_is_damaged_or_packed_otherwise_is_one_sentence(packing: int) -> None:
    whole = BytesIO()
    with ZipFile(whole, "w", packing) as package:
        package.writestr("meta", b"\x08\x03" * 40)
        package.writestr("collection.anki21b", b"")
    info = ZipFile(whole).getinfo("meta")
    start = info.header_offset + 30 + len(info.filename)
    data = bytearray(whole.getvalue())
    data[start : start + info.compress_size] = b"\xff" * info.compress_size
    with pytest.raises(PackageError, match="'meta' is not as Anki writes it"):
        read(BytesIO(bytes(data)))


def test_cards_without_a_number_are_nobodys(folder: Path) -> None:
    """A table of a stranger's need not have the types of Anki's own."""
    data = collection(
        folder,
        "ALTER TABLE cards RENAME TO numbered",
        "CREATE TABLE cards (id, nid INTEGER, ord INTEGER)",
        "INSERT INTO cards SELECT id, nid, ord FROM numbered",
        "INSERT INTO cards SELECT NULL, nid, ord FROM numbered",
        "INSERT INTO cards SELECT 'x', nid, ord FROM numbered",
        "INSERT INTO cards SELECT 2.5, nid, ord FROM numbered",
    )
    assert len(read(modern(data)).arrivals) == len(read(modern(collection(folder))).arrivals) == 1


def test_text_packs_far_less_tightly_than_what_is_refused() -> None:
    text = " ".join(f"What of number {number}?" for number in range(20_000)).encode()
    assert len(text) / len(zlib.compress(text)) < archive.TIGHTEST / 5


rows = st.tuples(
    st.sampled_from([11, 12]),  # the card: ours or another's
    st.integers(0, 5),
    st.integers(-5, 4_000_000),
    st.integers(0, 4),
    st.integers(0, 1),
    st.integers(-600, 40_000),
)


@settings(max_examples=25, deadline=None)
@given(log=st.lists(rows, max_size=12), chosen=st.sets(st.integers(0, 11)), at_a_time=st.integers(1, 4))
def test_of_any_reviews_the_rest_is_that_of_their_rows(
    log: list[tuple[int, ...]], chosen: set[int], at_a_time: int
) -> None:
    with closing(sqlite3.connect(":memory:")) as connection, pytest.MonkeyPatch.context() as patched:
        patched.setattr(anki_log, "AT_A_TIME", at_a_time)
        connection.executescript(SCHEMA.replace("COLLATE unicase", ""))
        connection.execute("INSERT INTO notes VALUES (1, 'martingale:a', 'ours')")
        connection.execute("INSERT INTO cards VALUES (11, 1, 0)")
        for place, (card, ease, *others) in enumerate(log):
            values = (AT + 3 * place, card, ease, *others)
            connection.execute("INSERT INTO revlog VALUES (?, ?, ?, ?, ?, ?, ?)", values)
        arrivals = found_in(connection, {"a"}, NOW).arrivals
        ours = [
            (AT + 3 * place, ease, min(max(time, 0), 3_600_000), min(max(interval, 0), 36_500))
            for place, (card, ease, time, kind, factor, interval) in enumerate(log)
            if card == 11 and 1 <= ease <= 4 and kind <= 3 and not (kind == 3 and factor == 0)
        ]
        assert arrivals.at.tolist() == [at for at, *_ in ours]
        these = [row for row in sorted(chosen) if row < len(ours)]
        given_there = arrivals.these(np.array(these, dtype=np.int64))
        columns = (given_there.at, given_there.rating, given_there.elapsed_ms, given_there.interval)
        assert list(zip(*(column.tolist() for column in columns), strict=True)) == [
            ours[row] for row in these
        ]
