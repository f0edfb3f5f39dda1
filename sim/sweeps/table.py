"""A sweep's results as a file: one row a run, in the order of the plan.

    start  step  …  seed  device  seconds  measured_mean_updates  …  exact_expected_updates  …

What was measured and what is exact stand apart by their prefix. In Parquet (`.parquet`) a list stays a
list, and the file's metadata, under the key `martingale`, says in JSON which toy, code and library versions
made it. CSV (`.csv`) has neither: item i of a list is the column `…_i`, empty where a list is shorter, and
the metadata is left out. The file appears whole, by being renamed. The only door to pyarrow, imported late.
"""

from __future__ import annotations

import csv
import json
import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.spec import Settings
from sim.sweeps.errors import SweepError
from sim.sweeps.task import Row

MEASURED, EXACT = "measured_", "exact_"
METADATA = b"martingale"

Cell = int | float | str | list[float] | None


def check(path: Path) -> None:
    """Refuse a file that cannot be written, before anything is run.

    Raises:
        SweepError: If its ending, its folder or what lies there is wrong.
    """
    if path.suffix not in _WRITERS:
        raise SweepError(f"--out {path} has to end with {' or '.join(_WRITERS)}.")
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        mode = stat.S_IFREG
    except OSError as error:
        raise SweepError(f"--out {path} cannot be used: {error.strerror}.") from None
    if stat.S_ISDIR(mode):
        raise SweepError(f"--out {path} is a folder.")
    if not stat.S_ISREG(mode):
        raise SweepError(f"--out {path} is a pipe or a device, and no ordinary file.")
    folder = _target(path).parent
    if not folder.is_dir():
        raise SweepError(f"--out {path}: there is no folder {folder}.")
    if not os.access(folder, os.W_OK):
        raise SweepError(f"--out {path}: the folder {folder} cannot be written.")


def write(path: Path, points: Sequence[Settings], rows: Sequence[Row], about: Mapping[str, object]) -> None:
    """Write the rows, in their order, with what they are about.

    Raises:
        SweepError: If the file cannot be written.
    """
    target = _target(path)
    aside = target.with_name(f"{target.name}.new")
    try:
        _WRITERS[path.suffix](aside, columns(points, rows), about)
        aside.replace(target)
    except OSError as error:
        raise SweepError(f"{path} cannot be written: {error.strerror or error}.") from None
    finally:
        aside.unlink(missing_ok=True)


def _target(path: Path) -> Path:
    """Where a path leads: renaming over a link would put a file in its place."""
    return path.resolve() if path.is_symlink() else path


def columns(points: Sequence[Settings], rows: Sequence[Row]) -> dict[str, list[Cell]]:
    """The same cells by columns; a row without one has `None`."""
    records = [dict(_cells(points[row.point], row)) for row in rows]
    names = dict.fromkeys(name for record in records for name in record)
    return {name: [record.get(name) for record in records] for name in names}


def _cells(settings: Settings, row: Row) -> Iterator[tuple[str, Cell]]:
    yield from settings.model_dump().items()
    yield from (("seed", row.seed), ("device", row.device), ("seconds", row.seconds))
    for prefix, numbers in ((MEASURED, row.measured), (EXACT, row.exact)):
        for name, value in numbers.items():
            yield prefix + name, [float(item) for item in value] if isinstance(value, list) else float(value)


def _parquet(path: Path, named: Mapping[str, list[Cell]], about: Mapping[str, object]) -> None:
    import pyarrow as pa  # noqa: PLC0415 - only a sweep that is over needs it
    from pyarrow import parquet  # noqa: PLC0415 - as above

    kinds = {int: pa.int64(), float: pa.float64(), str: pa.string(), list: pa.list_(pa.float64())}
    fields = [
        pa.field(name, kinds[type(next(cell for cell in cells if cell is not None))])
        for name, cells in named.items()
    ]
    schema = pa.schema(fields, metadata={METADATA: json.dumps(about)})
    parquet.write_table(pa.table(dict(named), schema=schema), path)


def _csv(path: Path, named: Mapping[str, list[Cell]], _about: Mapping[str, object]) -> None:
    flat = dict(_numbered(named))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(flat)
        writer.writerows(zip(*flat.values(), strict=True))


def _numbered(named: Mapping[str, list[Cell]]) -> Iterator[tuple[str, list[Any]]]:
    """The columns with a column for each item of a list."""
    for name, cells in named.items():
        lists = [cell for cell in cells if isinstance(cell, list)]
        if not lists:
            yield name, cells
            continue
        for item in range(max(map(len, lists))):
            yield (
                f"{name}_{item}",
                [cell[item] if isinstance(cell, list) and item < len(cell) else None for cell in cells],
            )


_WRITERS = {".parquet": _parquet, ".csv": _csv}
