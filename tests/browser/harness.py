"""The real app as a process, and Chromium to drive it: for browser tests, benchmarks and the picture."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from playwright.sync_api import Browser, Page, sync_playwright

T = TypeVar("T")

ROOT = Path(__file__).parents[2]
AXE = ROOT / "tests" / "vendor" / "axe" / "axe.min.js"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
FRONT_MATTER = "---\ntitle: What is a trial?\ntrack: trials\norder: 1\nsummary: One sentence.\n---\n\n"
WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


def chromium_path() -> str | None:
    """Where this machine keeps Chromium, if it has one."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless Chromium, closed at the end."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        try:
            yield opened
        finally:
            opened.close()


def write_trials(folder: Path, text: str) -> Path:
    """Write a book of one section, `/trials`, with this text below its front matter; returns its folder."""
    (folder / "trials").mkdir(parents=True, exist_ok=True)
    (folder / "trials" / "trials.md").write_text(FRONT_MATTER + text, "utf-8")
    return folder


@dataclass
class Server:
    """A running app: its address, its data folder, and how to stop and start it again."""

    home: Path
    content: Path | None = None
    environment: dict[str, str] = field(default_factory=dict)
    port: int = 0
    app: str = "app.py"
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address of the app, without a slash at its end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def database(self) -> Path:
        """The learner's database file."""
        return self.home / "martingale.db"

    def start(self) -> Server:
        """Start the app and wait until it answers."""
        self.port = self.port or free_port()
        environment = {**os.environ, "MARTINGALE_HOME": str(self.home), **self.environment}
        if self.content:
            environment["MARTINGALE_CONTENT"] = str(self.content)
        command = [sys.executable, "-m", "streamlit", "run", self.app, "--server.port", str(self.port)]
        with (self.home / "server.log").open("ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        self._wait()
        return self

    def _wait(self) -> None:
        for _ in range(600):
            if self.process is None or self.process.poll() is not None:
                break
            if self.answers():
                return
            time.sleep(0.1)
        raise RuntimeError(f"The app did not start:\n{self.log()}")

    def answers(self) -> bool:
        """Whether the app says that it is well."""
        return answers(self.port)

    def log(self) -> str:
        """All that the server has printed."""
        return (self.home / "server.log").read_text("utf-8", errors="replace")

    def stop(self) -> None:
        """End the app."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=20)
            self.process = None

    def kill(self) -> None:
        """End the app with no chance to tidy up."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(timeout=20)
            self.process = None


def answers(port: int) -> bool:
    """Whether an app on this port of this machine says that it is well."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        connection.request("GET", "/_stcore/health")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Complaints:
    """What the browser complained of while a test ran."""

    lines: list[str] = field(default_factory=list)


def listen(page: Page, complaints: Complaints) -> None:
    """Note script errors and requests that left this machine."""
    page.on("pageerror", lambda error: complaints.lines.append(f"script error: {error}"))
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith(("http://127.0.0.1:", "data:", "blob:", "ws://127.0.0.1:"))
            else complaints.lines.append(f"a request left this machine: {request.url}")
        ),
    )


def settled(read: Callable[[], T], wanted: T, *, seconds: float = 10) -> T:
    """Read something until it is what was wanted, or patience ends; returns what was read last."""
    ends = time.monotonic() + seconds
    while (found := read()) != wanted and time.monotonic() < ends:
        time.sleep(0.05)
    return found


def rows(server: Server, query: str) -> list[tuple[object, ...]]:
    """Read the learner's database beside the running app."""
    with closing(sqlite3.connect(f"file:{server.database}?mode=ro", uri=True)) as database:
        return database.execute(query).fetchall()


def serious(page: Page) -> list[str]:
    """What axe-core finds serious or critical on the page as it is."""
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']}).then((r) => r.violations)")
    return [
        f"{rule['id']}: {node['html'][:160]}"
        for rule in found
        if rule["impact"] in {"serious", "critical"}
        for node in rule["nodes"]
    ]
