"""A file is written whole, where the path leads, and only where an ordinary file can be."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cards.anki.package import write_package
from cards.written import target, whole

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)


def write_text(path: Path) -> None:
    with whole(path) as file:
        file.write("new")


def write_deck(path: Path) -> None:
    write_package(path, [], modified={}, base_url="", now=NOW)


WRITERS = [write_text, write_deck]


@pytest.mark.parametrize("write", WRITERS)
def test_a_link_stays_and_what_it_leads_to_is_written(tmp_path: Path, write: Callable[[Path], None]) -> None:
    there, link = tmp_path / "far" / "there", tmp_path / "link"
    there.parent.mkdir()
    link.symlink_to("far/there")  # nothing is there yet
    for _ in range(2):
        write(link)
        assert link.is_symlink()
        assert there.is_file()
        assert there.read_bytes() not in (b"", b"old")
        there.write_bytes(b"old")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["far", "link", "there"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes among its files")
@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize("by_link", [False, True])
def test_a_pipe_is_refused_and_stays(tmp_path: Path, write: Callable[[Path], None], by_link: bool) -> None:
    pipe, link = tmp_path / "pipe", tmp_path / "link"
    os.mkfifo(pipe)
    link.symlink_to(pipe)
    with pytest.raises(OSError, match="a pipe or a device, and no ordinary file"):
        write(link if by_link else pipe)
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert sorted(tmp_path.iterdir()) == [link, pipe]


@pytest.mark.parametrize("write", WRITERS)
def test_a_circle_of_links_is_refused(tmp_path: Path, write: Callable[[Path], None]) -> None:
    (tmp_path / "one").symlink_to("two")
    (tmp_path / "two").symlink_to("one")
    with pytest.raises(OSError, match=r"[Ll]inks"):
        write(tmp_path / "one")


@pytest.mark.parametrize("write", WRITERS)
def test_the_longest_name_that_a_file_can_have_is_written(
    tmp_path: Path, write: Callable[[Path], None]
) -> None:
    path = tmp_path / ("x" * os.pathconf(tmp_path, "PC_NAME_MAX"))
    write(path)
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(OSError, match="too long"):
        write(path.with_name(path.name + "x"))


def test_where_no_link_is_the_path_stays_as_it_was_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert target(Path("mine.json")) == Path("mine.json")
