"""A large file in a zip archive, deflated in pieces by some threads at once.

A piece ends on a whole byte, so that the next one can follow it; who inflates them meets one stream. What
repeats is looked for within a piece alone, which costs a thousandth of the size. Where a piece ends depends
neither on how many threads there are nor on when each is deflated, and so the bytes do not. Pieces that will
not change any more are deflated while the rest of the file is being made.

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
    from pathlib import Path
    from typing import BinaryIO, Self

PIECE = 2 << 20  # bytes
THREADS = 2
AHEAD = 2 * THREADS  # pieces that wait for their turn to be written
RAW = -zlib.MAX_WBITS  # a stream without a header of its own, as archives have it


class Pieces:
    """The pieces of a file, deflated by threads that end with the `with` block.

    Args:
        path: Where the file is, or will be.
        level: How hard to look, from 1 to 9.
    """

    def __init__(self, path: Path, level: int) -> None:
        self._path = path
        self._level = level
        self._workers = ThreadPoolExecutor(THREADS)
        self._early = ThreadPoolExecutor(1)  # whoever makes the rest needs the processor too
        self._begun: dict[int, Future[bytes]] = {}  # by their numbers

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._workers.shutdown(cancel_futures=True)
        self._early.shutdown(cancel_futures=True)

    def begin(self, settled_from: int) -> None:
        """Begin with what is in the file already, whose end more may follow.

        Args:
            settled_from: The first byte of those that will not change any more.
        """
        first, last = -(-settled_from // PIECE), (self._path.stat().st_size - 1) // PIECE
        for number in range(first, last):
            self._begun[number] = self._early.submit(self._read_and_deflated, number)

    def add(self, archive: ZipFile, name: str) -> None:
        """Add the file as an entry, dated 1980 as one that is opened by its bare name.

        Args:
            archive: Open for writing, on a file that can be written again.
            name: The name of the entry.
        """
        entry = ZipInfo(name)
        checksum = size = 0
        with archive.open(entry, "w") as stored, self._path.open("rb") as source:
            waiting: deque[Future[bytes]] = deque()
            for number, (piece, is_last) in enumerate(_pieces(source)):
                begun = self._begun.pop(number, None)
                waiting.append(begun or self._workers.submit(_deflated, piece, self._level, is_last=is_last))
                checksum, size = zlib.crc32(piece, checksum), size + len(piece)
                if len(waiting) > AHEAD:
                    stored.write(waiting.popleft().result())
            for one in waiting:
                stored.write(one.result())
        entry.compress_type, entry.CRC, entry.file_size = ZIP_DEFLATED, checksum, size
        _write_header_again(archive, entry)

    def _read_and_deflated(self, number: int) -> bytes:
        with self._path.open("rb") as source:
            source.seek(number * PIECE)
            return _deflated(source.read(PIECE), self._level, is_last=False)


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
