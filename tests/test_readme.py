"""README's commands, run as a newcomer would: in an empty folder, from nothing but the tracked files."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.browser.harness import answers, free_port

ROOT = Path(__file__).parents[1]
PATIENCE = 600  # seconds: an installation on a slow line is slow, but ends
README = (ROOT / "README.md").read_text("utf-8")


def commands() -> list[str]:
    """Every line of README's shell blocks."""
    blocks = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    return [line for block in blocks for line in block.strip().splitlines()]


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the tracked files, with nothing installed."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout: there is no list of tracked files to copy")
    folder = tmp_path_factory.mktemp("fresh")
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder


@contextmanager
def running(command: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Run a command in a process group of its own, and end the whole group afterwards."""
    environment = {**os.environ, "MARTINGALE_HOME": str(folder / "home"), "MAKEFLAGS": ""}
    process = subprocess.Popen(
        command.split(), cwd=folder, env=environment, text=True, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):  # it may have ended by itself
            os.killpg(process.pid, signal.SIGTERM)
        process.communicate(timeout=30)


def serve_until_it_answers(folder: Path) -> None:
    """`make run` in `folder`, ended once the app answers."""
    port = free_port()
    with running(f"make run PORT={port}", folder) as process:
        gives_up = time.monotonic() + PATIENCE
        while not answers(port):
            assert process.poll() is None, process.communicate()[0]
            assert time.monotonic() < gives_up, "the app never answered"
            time.sleep(0.2)


def would_install(folder: Path) -> bool:
    """Whether `make run` has anything left to install."""
    planned = subprocess.run(
        ["make", "--dry-run", "run"], cwd=folder, capture_output=True, text=True, check=True
    )
    return "pip install" in planned.stdout


def test_the_two_commands_work_in_an_empty_folder(fresh: Path) -> None:
    assert {"make run", "make test"} <= set(commands())
    assert would_install(fresh)
    serve_until_it_answers(fresh)
    assert not would_install(fresh)
    serve_until_it_answers(fresh)
    tested = subprocess.run(
        ["make", "test", "ARGS=-q tests/test_house.py -k constraints"],
        cwd=fresh, env={**os.environ, "MAKEFLAGS": ""}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert tested.returncode == 0, tested.stdout + tested.stderr
    assert "1 passed" in tested.stdout


def test_the_plain_commands_stand_in_readme() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert "pip install" in makefile
    plain = {
        "python3 -m venv .venv",
        ".venv/bin/python -m pip install -c constraints.txt -e '.[dev]'",
        ".venv/bin/streamlit run app.py",
        ".venv/bin/python -m pytest",
    }
    assert plain <= set(commands())


@pytest.mark.parametrize(
    "line",
    [line for line in commands() if "-m cards" in line or "-m sim" in line or "-m content check" in line],
)
def test_a_command_of_the_guides_works(line: str, tmp_path: Path) -> None:
    if "cards import" in line:
        does(".venv/bin/python -m cards export --out deck.apkg", tmp_path)
    does(line, tmp_path)


def does(line: str, folder: Path) -> None:
    """Do what a guide says, with the files that it names in a folder."""
    words = re.sub(r"(?<=--out )|(?<=cards import )", f"{folder}/", line).split()
    words[0] = str(ROOT / ".venv" / "bin" / "python") if (ROOT / ".venv").exists() else words[0]
    done = subprocess.run(
        words,
        cwd=ROOT,
        env={**os.environ, "MARTINGALE_HOME": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_author_command_of_the_guide_works(fresh: Path) -> None:
    line = next(line for line in commands() if "content new" in line)
    words = [str(fresh / ".venv" / "bin" / "python"), *line.split()[1:]]
    made = subprocess.run(words, cwd=fresh, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    checked = subprocess.run([*words[:3], "check"], cwd=fresh, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout
