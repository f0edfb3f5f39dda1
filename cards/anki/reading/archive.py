"""Anki's packages as archives: which file in them is the collection, and that it may be unpacked at all.

`.apkg` and `.colpkg` are zip archives. A file `meta` says how the collection lies in them:

| version | file | packed with |
|---|---|---|
| 1 | collection.anki2 | deflate |
| 2 | collection.anki21 | deflate |
| 3 | collection.anki21b | Zstandard |

Old packages have no `meta`. Newer ones hold, for the Anki of then, a `collection.anki2` with one note that
asks to update Anki; so the newest file counts.

An archive is a stranger's: nothing in it is unpacked under its own name, and it is refused if it is larger,
or claims to become larger, than any collection that a person has.
"""

from __future__ import annotations

import stat
import zlib
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from cards.anki.reading.problem import AGAIN, CHOOSE, PackageError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import BinaryIO

META = "meta"
COLLECTIONS = {3: "collection.anki21b", 2: "collection.anki21", 1: "collection.anki2"}  # the newest first
ZSTANDARD = 3  # the version from which collections are packed with it

MOST_FILES = 250_000  # in one archive: media, most of them
LARGEST = 4 * 1024**3  # bytes of a collection, unpacked; the largest that are known have a few hundred MB
SMALL = 64 * 1024**2  # bytes up to which a collection may be packed however tightly
TIGHTEST = 100  # times smaller than unpacked; a collection of text is packed five to ten times smaller
LARGEST_META = 1024
ENCRYPTED = 0x1
PACKINGS = (ZIP_STORED, ZIP_DEFLATED)  # that Anki uses
DAMAGED = (
    BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
)  # what a file in it may raise

VERSION_FIELD, VARINT = 1, 0  # of a protobuf message: its first field, and a number's wire type


class Member(NamedTuple):
    """The file of an archive that holds the collection, how it is packed, and how large it may become."""

    info: ZipInfo
    is_zstandard: bool
    most: int


def opened(file: BinaryIO) -> ZipFile:
    """Open an archive whose names climb nowhere.

    Raises:
        PackageError: It is none, or not one to be trusted.
    """
    try:
        archive = ZipFile(file)
    except BadZipFile as error:
        file.seek(0)
        if file.read(2) == b"PK":
            raise PackageError(f"The package is cut short or damaged; {AGAIN}.") from error
        raise PackageError(f"The file is no package of Anki's: it is not a zip archive; {CHOOSE}.") from error
    except (
        NotImplementedError,
        ValueError,
        OSError,
        OverflowError,
    ) as error:  # of wild directories
        raise PackageError(f"The package cannot be read as a zip archive ({error}); {AGAIN}.") from error
    _refuse_what_climbs(archive.infolist())
    return archive


def collection_of(archive: ZipFile) -> Member:
    """Return the file that holds the collection.

    Raises:
        PackageError: There is none, or it is newer than this app, or would become too large.
    """
    names = [info.filename for info in archive.infolist()]
    held = {version: name for version, name in COLLECTIONS.items() if name in names}
    version = _version(archive, names)
    if version is not None and version not in COLLECTIONS:
        raise PackageError(
            f"The package has version {version}, and this app knows those up to {max(COLLECTIONS)}; "
            f"{AGAIN} with support for older versions."
        )
    if version is None and ZSTANDARD in held:
        raise PackageError(f"The package does not say which version it has; {AGAIN}.")
    name = COLLECTIONS[version] if version == ZSTANDARD else next(iter(held.values()), None)
    if name not in names:
        raise PackageError(f"The file holds no collection of Anki's; {CHOOSE}.")
    if names.count(name) > 1:
        raise PackageError(f"The package holds '{name}' twice, and nobody can say which one counts; {AGAIN}.")
    return _bounded(archive.getinfo(name), is_zstandard=name == COLLECTIONS[ZSTANDARD])


def _refuse_what_climbs(files: Iterable[ZipInfo]) -> None:
    for number, info in enumerate(files):
        if number >= MOST_FILES:
            raise PackageError(
                f"The package holds more than {MOST_FILES:,} files, which no deck of Anki's has; {CHOOSE}."
            )
        name = info.filename.replace("\\", "/")
        path = PurePosixPath(name)
        is_link = stat.S_ISLNK(info.external_attr >> 16)
        if path.is_absolute() or ".." in path.parts or ":" in name.partition("/")[0] or is_link:
            raise PackageError(
                f"The package holds a file '{info.filename[:60]}', which leads out of it; {CHOOSE}."
            )


def _bounded(info: ZipInfo, *, is_zstandard: bool) -> Member:
    if info.flag_bits & ENCRYPTED:
        raise PackageError(f"The package is encrypted, which no package of Anki's is; {CHOOSE}.")
    if info.compress_type not in PACKINGS:
        raise PackageError(f"The package is packed in a way that Anki does not use; {CHOOSE}.")
    most = min(LARGEST, max(SMALL, TIGHTEST * info.compress_size))
    if info.file_size > most:
        raise too_large(info.compress_size, most)
    return Member(info, is_zstandard, most)


def too_large(packed: int, most: int) -> PackageError:
    """Report a collection that would become too large."""
    return PackageError(
        f"The package would unpack {packed:,} bytes to more than {most:,}, as no collection of Anki's does; "
        f"{CHOOSE}."
    )


def _version(archive: ZipFile, names: list[str]) -> int | None:
    """Return the version that `meta` says, or None without one."""
    if META not in names:
        return None
    info = archive.getinfo(META)
    if info.file_size > LARGEST_META or info.flag_bits & ENCRYPTED or info.compress_type not in PACKINGS:
        raise PackageError(f"The package's 'meta' is not as Anki writes it; {AGAIN}.")
    try:
        return version_in(archive.read(info)[:LARGEST_META])
    except (*DAMAGED, ValueError) as error:  # a version that is no number is a ValueError
        raise PackageError(f"The package's 'meta' is not as Anki writes it; {AGAIN}.") from error


def version_in(meta: bytes) -> int:
    """Return the version that a `meta` says: its first field, a number in base 128, low digits first.

    Raises:
        ValueError: It says none.
    """
    if not meta or meta[0] != VERSION_FIELD << 3 | VARINT:
        raise ValueError("it does not begin with a version")
    version = 0
    for place, byte in enumerate(meta[1:11]):
        version |= (byte & 0x7F) << 7 * place
        if byte < 0x80:  # noqa: PLR2004 - the high bit says that more follows
            return version
    raise ValueError("its version does not end")
