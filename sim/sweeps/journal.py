"""The finished runs of a sweep, kept beside its file until that is whole, so that it can be gone on with.

`results.parquet.part` holds JSON objects, one a line. The first says of which sweep it is:

    {"toy": "belief_walk", "code": "3f9a0c71d2e4", "runs": "8d0c…", "device": "cpu"}
    {"point": 0, "seed": 7, "device": "cpu", "seconds": 0.1, "measured": {…}, "exact": {…}}

Every line is handed to the system as it is written, so that a killed sweep loses no run that was over. A line
that was cut short is ignored, and its run is run again. Runs of other code, of another grid or of
another device are never mixed in: the file is left as it is and the sweep refused. While it is open no other
process writes into it, where the system has locks for that (Windows is left out).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import IO

from sim.sweeps.errors import RunsFailedError, SweepError
from sim.sweeps.task import Row

DIFFERS = {
    "toy": "is of another simulation, {before}",
    "code": "was computed by other code",
    "runs": "is of another grid, other settings or other seeds",
    "device": "was computed on {before}",
}


class Journal:
    """An open journal.

    Attributes:
        path: Where it lies.
        rows: What is in it, by point and seed.
    """

    def __init__(self, path: Path, file: IO[bytes], rows: dict[tuple[int, int], Row]) -> None:
        self.path = path
        self.rows = rows
        self._file = file

    def add(self, row: Row) -> None:
        """Keep a run.

        Raises:
            RunsFailedError: If it cannot be written.
        """
        try:
            self._file.write(_line(asdict(row)))
            self._file.flush()
        except OSError as error:
            raise RunsFailedError(
                f"{self.path} cannot be written: {error.strerror}. It keeps {len(self.rows):,} runs. Make "
                "room; the same words go on from there."
            ) from None
        self.rows[row.point, row.seed] = row


def beside(out: Path) -> Path:
    """Where the journal of a file lies."""
    return out.with_name(f"{out.name}.part")


@contextmanager
def opened(path: Path, header: Mapping[str, str]) -> Iterator[Journal]:
    """Open a sweep's journal, or begin it.

    Raises:
        SweepError: If it cannot be written, is another sweep's, or is being written.
    """
    try:
        file = path.open("a+b")
    except OSError as error:
        raise SweepError(f"{path} cannot be written: {error.strerror}.") from None
    try:
        _lock(file, path)
        try:
            rows = _read(file, path, header)
        except OSError as error:
            raise SweepError(f"{path} cannot be used: {error.strerror}.") from None
        yield Journal(path, file, rows)
    finally:
        with suppress(OSError):  # what could not be written has been said
            file.close()


def _read(file: IO[bytes], path: Path, header: Mapping[str, str]) -> dict[tuple[int, int], Row]:
    """Read what there is, and leave the file ready for the next line."""
    file.seek(0)
    lines = file.read().splitlines(keepends=True)
    if lines and not lines[-1].endswith(b"\n"):
        file.truncate(sum(map(len, lines[:-1])))
        lines.pop()
    if not lines:
        file.write(_line(header))
        file.flush()
        return {}
    _same_sweep(path, lines[0], header)
    return {(row.point, row.seed): row for row in map(_row, lines[1:]) if row}


def _row(line: bytes) -> Row | None:
    try:
        return Row(**json.loads(line))
    except (ValueError, TypeError):
        return None


def _same_sweep(path: Path, line: bytes, header: Mapping[str, str]) -> None:
    try:
        found = dict(json.loads(line))
    except (ValueError, TypeError):
        raise SweepError(f"{path} is no part of a sweep. Delete it, or choose another --out.") from None
    for name, words in DIFFERS.items():
        if found.get(name) != header[name]:
            differs = words.format(before=found.get(name))
            raise SweepError(
                f"{path} {differs}, and is not mixed with this sweep. Delete it to begin anew, or choose "
                "another --out."
            )


def _line(members: Mapping[str, object]) -> bytes:
    return json.dumps(members, ensure_ascii=False).encode() + b"\n"


def _lock(file: IO[bytes], path: Path) -> None:
    if sys.platform == "win32":
        return
    import fcntl  # noqa: PLC0415 - there is none on Windows

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise SweepError(f"Another sweep is writing {path}. Wait for it, or choose another --out.") from None
