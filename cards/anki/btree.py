"""The rows of an SQLite table as the pages of its file, made by NumPy.

SQLite takes seven times as long to be handed a million rows of integers one by one. What is written here is
its file format (https://www.sqlite.org/fileformat2.html, "B-tree Pages" and "Record Format"), and no more of
it than this needs: a table whose first column is an `INTEGER PRIMARY KEY`, the *key*, and whose other
columns are integers too.

A leaf holds rows in the order of their keys. A page above holds, for each page below it but the last, where
it is and its last key; the last one stands in the page's header. All rows have the same length, so that a
thousand leaves are one array: of a column each value takes as many bytes as the widest needs. A key takes
seven bytes, which is enough for a moment in milliseconds until the year 19800; what is smaller begins with
bytes that add nothing to it.

Left out: text, keys below 0, and a table that has rows already.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import BinaryIO

PAGE = 4096  # bytes
LEAF, INTERIOR = 13, 5  # what a page's first byte says that it is
SERIAL_TYPES = {1: 1, 2: 2, 3: 3, 4: 4, 6: 5, 8: 6}  # how a row's header names an integer of so many bytes
# What a value of so many bytes consists of: how many bits are to its right, and what holds the part.
HALVES = {3: ((16, "i1"), (0, ">u2")), 6: ((32, ">i2"), (0, ">u4"))}
ABSENT = 0  # how it names the key, which stands before the header
SHIFTS = np.arange(42, -1, -7)  # a byte of a key holds seven of its bits,
GOES_ON = np.array([128] * 6 + [0], dtype=np.uint8)  # and says whether another byte follows
LEAVES_AT_A_TIME = 500  # two megabytes, which the processor's cache can hold
COUNT_AT = 28  # where the file says how many pages it has

Bytes = npt.NDArray[np.uint8]
Integers = npt.NDArray[np.int64]
NUMBER = np.dtype(">u4")  # of a page, from 1
LEAF_HEADER = np.dtype(
    [("kind", "u1"), ("free", ">u2"), ("count", ">u2"), ("start", ">u2"), ("gaps", "u1")]
)  # fmt: skip
INTERIOR_HEADER = np.dtype([*LEAF_HEADER.descr, ("last", NUMBER)])
ENTRY = np.dtype([("child", NUMBER), ("key", "u1", len(SHIFTS))])
CHILDREN = (PAGE - INTERIOR_HEADER.itemsize) // (ENTRY.itemsize + 2) + 1  # of one page, at most


def fill(file: BinaryIO, root: int, keys: Integers, columns: Sequence[npt.NDArray[np.integer]]) -> None:
    """Give an empty table its rows.

    Args:
        file: A database that no one has open, with pages of `PAGE` bytes, to be read and written.
        root: The number of the table's first page.
        keys: [row] from 0, ascending, each once.
        columns: The values of the other columns, each [row].
    """
    widths = [_width(column) for column in columns]
    row = _row(widths)
    per_leaf = (PAGE - LEAF_HEADER.itemsize) // (row.itemsize + 2)
    if len(keys) <= per_leaf:
        _put(file, root, _leaves(_rows(row, widths, keys, columns), len(keys)))
        return
    first = file.seek(0, 2) // PAGE + 1
    for start in range(0, len(keys), per_leaf * LEAVES_AT_A_TIME):
        part = slice(start, start + per_leaf * LEAVES_AT_A_TIME)
        rows = _rows(row, widths, keys[part], [column[part] for column in columns])
        full = len(rows) // per_leaf * per_leaf
        file.write(_leaves(rows[:full], per_leaf).data)
        file.write(_leaves(rows[full:], len(rows) - full).data)
    last_keys = np.append(keys[per_leaf - 1 : -1 : per_leaf], keys[-1])
    _put_above(file, root, first + np.arange(len(last_keys)), last_keys)
    _put(file, 1, np.array([file.seek(0, 2) // PAGE], dtype=NUMBER), at=COUNT_AT)


def _width(column: npt.NDArray[np.integer]) -> int:
    """Return how many bytes the values of a column need."""
    greatest = max(int(column.max()), ~int(column.min())) if len(column) else 0
    return next(width for width in SERIAL_TYPES if greatest.bit_length() < 8 * width)


def _parts(width: int) -> Sequence[tuple[int, str]]:
    """Return what a value of so many bytes consists of, as `HALVES` does."""
    return HALVES.get(width, ((0, f">i{width}"),))


def _row(widths: Sequence[int]) -> np.dtype[np.void]:
    """Return how a row lies in a leaf."""
    header = (len(widths) + 2,)  # its own length, the key, and the columns
    values = [
        (f"{place} {shift}", kind) for place, width in enumerate(widths) for shift, kind in _parts(width)
    ]
    return np.dtype([("size", "u1"), ("key", "u1", SHIFTS.shape), ("header", "u1", header), *values])


def _rows(
    row: np.dtype[np.void],
    widths: Sequence[int],
    keys: Integers,
    columns: Sequence[npt.NDArray[np.integer]],
) -> npt.NDArray[np.void]:
    rows = np.empty(len(keys), dtype=row)
    types = [ABSENT, *(SERIAL_TYPES[width] for width in widths)]
    rows["size"] = row.itemsize - 1 - len(SHIFTS)
    rows["key"] = _key(keys)
    rows["header"] = [len(types) + 1, *types]
    for place, (width, column) in enumerate(zip(widths, columns, strict=True)):
        for shift, _ in _parts(width):
            rows[f"{place} {shift}"] = column >> shift
    return rows


def _key(keys: Integers) -> Bytes:
    """[key, byte]."""
    return (keys[:, np.newaxis] >> SHIFTS & 127).astype(np.uint8) | GOES_ON


def _leaves(rows: npt.NDArray[np.void], per_leaf: int) -> Bytes:
    """Return leaves with so many rows each: [leaf, byte]."""
    count = len(rows) // per_leaf if per_leaf else 0
    cells = rows.view(np.uint8).reshape(count, per_leaf, rows.itemsize)
    return _pages(np.zeros(count, dtype=LEAF_HEADER), LEAF, cells)


def _put_above(file: BinaryIO, root: int, children: Integers, last_keys: Integers) -> None:
    """Write the pages above some that have been written, up to the root."""
    while len(children) > CHILDREN:
        places = np.array_split(np.arange(len(children)), -(-len(children) // CHILDREN))
        first = file.seek(0, 2) // PAGE + 1
        file.writelines(_interior(children[some], last_keys[some]).data for some in places)
        children, last_keys = first + np.arange(len(places)), last_keys[[some[-1] for some in places]]
    _put(file, root, _interior(children, last_keys))


def _interior(children: Integers, last_keys: Integers) -> Bytes:
    header = np.zeros(1, dtype=INTERIOR_HEADER)
    header["last"] = children[-1]
    entries = np.empty((1, len(children) - 1), dtype=ENTRY)
    entries["child"], entries["key"] = children[:-1], _key(last_keys[:-1])
    return _pages(header, INTERIOR, entries.view(np.uint8).reshape(*entries.shape, ENTRY.itemsize))


def _pages(header: npt.NDArray[np.void], kind: int, cells: Bytes) -> Bytes:
    """Return pages, [page, byte]: the header, where each cell is, room, and the cells, [page, cell, byte]."""
    _, count, length = cells.shape
    start, begin = PAGE - count * length, header.itemsize
    header["kind"], header["count"], header["start"] = kind, count, start
    pages = np.zeros((len(cells), PAGE), dtype=np.uint8)
    pages[:, :begin] = header.view(np.uint8).reshape(len(cells), begin)
    pages[:, begin : begin + 2 * count] = (start + length * np.arange(count)).astype(">u2").view(np.uint8)
    pages[:, start:] = cells.reshape(len(cells), count * length)
    return pages


def _put(file: BinaryIO, page: int, data: npt.NDArray[np.generic], at: int = 0) -> None:
    file.seek((page - 1) * PAGE + at)
    file.write(data.tobytes())
