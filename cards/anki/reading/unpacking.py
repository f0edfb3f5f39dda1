"""Unpacking a collection: piece by piece, never beyond a bound, into a private folder that goes away."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Protocol
from zipfile import ZipFile

from cards.anki.reading.archive import DAMAGED, Member, collection_of, opened, too_large
from cards.anki.reading.problem import AGAIN, PackageError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

PIECE = 1024**2  # bytes
LARGEST_WINDOW = 27  # the power of two of bytes that Zstandard may look back: 128 MB, as its own tools allow
UNREADABLE = (*DAMAGED, zstd.ZstdError)


class Source(Protocol):
    """What can be read piece by piece."""

    def read(self, size: int, /) -> bytes:
        """Return the next bytes, at most so many; none at the end."""


@contextmanager
def unpacked(package: BinaryIO) -> Iterator[Path]:
    """Unpack the collection of a package, and give the file, which is removed at the end of the block.

    Raises:
        PackageError: The package holds none, or one that is damaged or too large.
        OSError: There is no room for it.
    """
    with opened(package) as archive, TemporaryDirectory(prefix="martingale-") as folder:
        path = Path(folder) / "collection"
        member = collection_of(archive)
        try:
            _unpack(archive, member, path)
        except UNREADABLE as error:
            raise PackageError(f"The package is cut short or damaged; {AGAIN}.") from error
        yield path


def _unpack(archive: ZipFile, member: Member, path: Path) -> None:
    with archive.open(member.info) as packed, path.open("xb") as file:
        if not member.is_zstandard:
            _copy(packed, file, member)
            return
        options = {int(zstd.DecompressionParameter.window_log_max): LARGEST_WINDOW}
        with zstd.ZstdFile(packed, options=options) as inflated:
            _copy(inflated, file, member)


def _copy(source: Source, file: BinaryIO, member: Member) -> None:
    written = 0
    while piece := source.read(PIECE):
        written += len(piece)
        if written > member.most:
            raise too_large(member.info.compress_size, member.most)
        file.write(piece)
