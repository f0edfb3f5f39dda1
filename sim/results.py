"""Results of finished runs, kept in files, so that what was computed once is shown at once the next time.

    results = Results(folder)
    version = results.version("belief_walk")                 before the run begins
    results.keep(job, version, message)                      when it is over
    results.find(job, "cpu")  →  the message, or None

What is kept is what the reader was shown, a run's last message as the worker wrote it, and the table of its
numbers that can be downloaded. It has the same name
only if toy, version of the code, settings, seed and device are the same. The version is that of the toy
(`sim.version`) and, as of the start of this process, that of everything between the toy and the message.

A file holds a line that says what it is, a line with the SHA-256 of the rest, and the rest: a line with the
object that was shown, which has no line break inside, and the table.

    martingale result 2
    9f86d081884c7d65…
    {"figure": …, "state": "done", …}
    part,name,unit,value,…

All files together are at most `limit` bytes; the least recently used goes first. When that was is its time of
modification. Several processes may share a folder: a file is written aside and then renamed, so that nobody
reads half of one, and whatever cannot be read as above is removed and counts as not there. What goes wrong
with the disk is never an error of a run: it is said once in the server's log, and nothing is kept.

Left out: frames on the way, and results that several machines share.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from sim.version import code_version, version_of
from sim.worker import Job, Message

LIMIT = 64 * 2**20  # bytes: a thousand results or more
OURS, ASIDE = ".result", ".new"
HEADING = b"martingale result 2"
ABANDONED = 3600 * 10**9  # nanoseconds after which a file that was never renamed is nobody's

log = logging.getLogger(__name__)


class _Kept(NamedTuple):
    used: int  # nanoseconds
    size: int  # bytes
    path: str


class Results:
    """A folder of results.

    Args:
        folder: Where they are kept, made when there is something to keep; `None` keeps nothing.
        limit: The most bytes that all of them may have.
        clock: The time in nanoseconds, by which the least recently used is found.
        version: How the version of a toy's code is known.
    """

    def __init__(
        self,
        folder: Path | None = None,
        limit: int = LIMIT,
        clock: Callable[[], int] = time.time_ns,
        version: Callable[[str], str] = code_version,
    ) -> None:
        self._folder = folder
        self._limit = limit
        self._clock = clock
        self._version = version
        # Of code that this process has loaded already: it may be changed on disk meanwhile.
        self._loaded = version_of(["sim.worker"]) if folder else ""
        self._complained = False

    def version(self, toy: str) -> str:
        """The version of all code behind a toy's messages; empty if a broken file keeps it unknown."""
        try:
            return f"{self._loaded}-{self._version(toy)}"
        except (LookupError, OSError, SyntaxError, ValueError):
            return ""

    def find(self, job: Job, device: str) -> Message | None:
        """The last message of an earlier run of this job, or `None`; its object says `"kept": true`."""
        version = self.version(job.toy)
        if self._folder is None or not version:
            return None
        path = self._folder / file_name(job, device, version)
        try:
            content = _verified(path.read_bytes())
        except OSError:
            return None
        if content is None:
            with suppress(OSError):
                path.unlink()
            return None
        with suppress(OSError):
            self._touch(path)
        shown, _, data = content.partition(b"\n")
        return Message(shown[:-1] + b',"kept":true}', final=True, device=device, data=data)

    def keep(self, job: Job, version: str, message: Message) -> None:
        """Keep a run's last message.

        What has no result is not kept, nor what is larger than the limit, nor what was run while its code was
        changed: `version` is the one that its run began with.
        """
        said = message.json + b"\n" + message.data
        content = b"\n".join([HEADING, _checksum(said), said])
        stale = not version or version != self.version(job.toy)
        if self._folder is None or not message.device or stale or len(content) > self._limit:
            return
        path = self._folder / file_name(job, message.device, version)
        aside = path.with_name(f"{path.name}.{secrets.token_hex(4)}{ASIDE}")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._make_room(len(content), path)
            aside.write_bytes(content)
            self._touch(aside)
            aside.replace(path)
        except OSError as error:
            with suppress(OSError):
                aside.unlink()
            self._complain(error)

    def _make_room(self, needed: int, beside: Path) -> None:
        """Remove the least recently used until so many bytes are free; `beside` is about to be replaced."""
        kept = sorted(item for item in self._all(beside.parent) if item.path != str(beside))
        excess = sum(item.size for item in kept) + needed - self._limit
        for item in kept:
            if excess <= 0:
                return
            with suppress(OSError):  # another process may have removed it
                Path(item.path).unlink()
            excess -= item.size

    def _all(self, folder: Path) -> list[_Kept]:
        """All results in the folder. What some process has begun to write and left behind is removed."""
        found = []
        for entry in os.scandir(folder):
            with suppress(OSError):  # removed by another process between being listed and being looked at
                status = entry.stat(follow_symlinks=False)
                if not entry.is_file(follow_symlinks=False):
                    continue
                if entry.name.endswith(OURS):
                    found.append(_Kept(status.st_mtime_ns, status.st_size, entry.path))
                elif entry.name.endswith(ASIDE) and self._clock() - status.st_mtime_ns > ABANDONED:
                    Path(entry.path).unlink()
        return found

    def _touch(self, path: Path) -> None:
        now = self._clock()
        os.utime(path, ns=(now, now))

    def _complain(self, error: OSError) -> None:
        if self._complained:
            return
        self._complained = True
        log.warning(
            "Results of simulations cannot be kept in %s: %s. The app goes on, and runs again what it has "
            "run before. Make room there, or make it a folder that can be written.",
            self._folder,
            error.strerror or error,
        )


def file_name(job: Job, device: str, version: str) -> str:
    """The name under which the result of a job is kept: the same only if everything that decides it is."""
    decides = [job.toy, version, dict(job.settings), job.seed, device]
    return hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest() + OURS


def _verified(content: bytes) -> bytes | None:
    """What a file says below its first two lines; `None` if it is none of ours, or was damaged."""
    heading, _, rest = content.partition(b"\n")
    checksum, _, said = rest.partition(b"\n")
    return said if heading == HEADING and checksum == _checksum(said) else None


def _checksum(said: bytes) -> bytes:
    return hashlib.sha256(said).hexdigest().encode()
