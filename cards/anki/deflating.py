"""A large file in a zip archive, deflated in pieces by some threads at once.

A piece ends on a whole byte, so that the next one can follow it; who inflates them meets one stream. What
repeats is looked for within a piece alone, which costs a thousandth of the size. Where a piece ends does not
depend on how many threads there are, and so the bytes do not.

The standard library deflates an entry with one thread. It writes what is ready as if it were to be stored,
and is told afterwards what it was. Left out: files of more than 2 GB.
"""

from __future__ import annotations

import zlib
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

PIECE = 2 << 20  # bytes
THREADS = 2
AHEAD = 2 * THREADS  # pieces that wait for their turn to be written
RAW = -zlib.MAX_WBITS  # a stream without a header of its own, as archives have it


def add(archive: ZipFile, name: str, source: BinaryIO, level: int) -> None:
    """Add an entry, dated 1980 as one that is opened by its bare name.

    Args:
        archive: Open for writing, on a file that can be written again.
        name: The name of the entry.
        source: What it holds.
        level: How hard to look, from 1 to 9.
    """
    entry = ZipInfo(name)
    checksum = size = 0
    with archive.open(entry, "w") as stored, ThreadPoolExecutor(THREADS) as workers:
        waiting: deque[Future[bytes]] = deque()
        for piece, is_last in _pieces(source):
            waiting.append(workers.submit(_deflated, piece, level, is_last=is_last))
            checksum, size = zlib.crc32(piece, checksum), size + len(piece)
            if len(waiting) > AHEAD:
                stored.write(waiting.popleft().result())
        for one in waiting:
            stored.write(one.result())
    entry.compress_type, entry.CRC, entry.file_size = ZIP_DEFLATED, checksum, size
    _write_header_again(archive, entry)


def _pieces(source: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    """Go through the pieces of a file, of which there is one at least, and whether each is the last."""
    piece = source.read(PIECE)
    while following := source.read(PIECE):
        yield piece, False
        piece = following
    yield piece, True


def _deflated(piece: bytes, level: int, *, is_last: bool) -> bytes:
    stream = zlib.compressobj(level, zlib.DEFLATED, RAW)
    return stream.compress(piece) + stream.flush(zlib.Z_FINISH if is_last else zlib.Z_SYNC_FLUSH)


def _write_header_again(archive: ZipFile, entry: ZipInfo) -> None:
    file = archive.fp
    if file is None:
        raise ValueError("The archive is closed.")
    file.seek(entry.header_offset)
    file.write(entry.FileHeader())
    file.seek(archive.start_dir)
