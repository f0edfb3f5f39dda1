"""`python -m sim`: what it prints, and the one line it says when the words on it make no sense."""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from sim.__main__ import main
from sim.spec import get, names
from sim.toys import _stored

ROOT = Path(__file__).parents[2]
TINY = ("--set", "step=0.1", "--set", "walkers=200")


def test_list_names_every_toy_and_its_title(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == names()
    assert all(get(name).title in line for name, line in zip(names(), lines, strict=True))


def test_list_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert listed == [{"name": name, "title": get(name).title} for name in names()]


def test_run_as_json_is_one_object_and_nothing_else() -> None:
    command = [
        sys.executable,
        "-m",
        "sim",
        "run",
        "belief-walk",
        "--set",
        "start=0.2",
        "--seed",
        "7",
        "--json",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    report = json.loads(done.stdout)
    assert done.stderr == ""
    assert list(report) == ["sim", "config", "seed", "device", "seconds", "facts", "result"]
    assert (report["sim"], report["seed"]) == ("belief_walk", 7)
    assert report["config"] == get("belief_walk").module.Config(start=0.2).model_dump()
    assert report["facts"]["expected_updates"] == 1600
    assert report["result"]["mean_updates"] == pytest.approx(1600, abs=4 * report["result"]["standard_error"])


def test_the_same_words_give_the_same_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    results = []
    for seed in ("1", "1", "2"):
        assert main(["run", "belief_walk", *TINY, "--seed", seed, "--device", "cpu", "--json"]) == 0
        results.append(json.loads(capsys.readouterr().out)["result"])
    assert results[0] == results[1] != results[2]


def test_without_json_there_are_words_and_progress(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "belief_walk", *TINY, "--device", "cpu"]) == 0
    said = capsys.readouterr()
    assert "expected_updates" in said.out
    assert "updates until certain, on average" in said.out
    assert said.out.splitlines()[-1].startswith("From 50% in steps of 10 points, the mean of 200 walkers is ")
    assert said.err.strip().endswith("100%")


def test_a_setting_that_had_to_move_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    coarse = ("--set", "small_step=0.05", "--set", "walkers=200")
    assert main(["run", "variance_budget", *coarse, "--set", "start=0.33", "--device", "cpu", "--json"]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["config"]["start"] == 0.35
    assert said.err == "variance_budget: start is 0.35, the nearest to 0.33 that it can run with.\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "COMMAND"),
        ("walk", "'walk'"),
        ("run", "NAME"),
        ("run belief_wlk", "There is no simulation called 'belief_wlk'. Did you mean 'belief_walk'?"),
        ("run ../spec", "There is no simulation called '../spec'."),
        ("run _drawing", "There is no simulation called '_drawing'."),
        ("run belief_walk --set strat=0.5", "no setting called 'strat'. Did you mean 'start'?"),
        ("run belief_walk --set start=2", "belief_walk: start is 2, above the greatest allowed, 0.99."),
        ("run belief_walk --set start=0", "belief_walk: start is 0, below the least allowed, 0.01."),
        ("run belief_walk --set start=half", "belief_walk: start is 'half', which is not a number."),
        ("run belief_walk --set start=", "belief_walk: start is '', which is not a number."),
        ("run belief_walk --set start=nan", "belief_walk: start is 'nan', which is not a finite number."),
        ("run belief_walk --set walkers=1000.5", "walkers is '1000.5', which is not a whole number."),
        ("run belief_walk --set start", "--set takes SETTING=VALUE, not 'start'."),
        ("run belief_walk --set start=0.1 --set start=0.2", "--set gives start twice."),
        ("run belief_walk --set step=0.001 --set walkers=200000", "about 50 billion updates"),
        ("run belief_walk --seed x", "The seed is 'x', which is not a whole number from 0 to 4294967295."),
        ("run belief_walk --seed -1", "The seed is '-1'"),
        ("run belief_walk --seed 4294967296", "The seed is '4294967296'"),
        (f"run belief_walk --seed {'0' * 20}5", f"The seed is '{'0' * 20}…', which is not a whole number"),
        (f"run {'x' * 5000}", f"There is no simulation called '{'x' * 40}…'."),
        (f"run belief_walk --set {'x' * 5000}=1", f"no setting called '{'x' * 40}…'."),
        (f"run belief_walk --set walkers={'9' * 5000}", f"walkers is '{'9' * 40}…', which is not a number."),
        ("run belief_walk --device abacus", "This machine has no device 'abacus'."),
        ("run belief_walk --verbose", "--verbose"),
        ("store belief_walk", "belief_walk shows no stored run"),
        ("store nothing", f"There is no simulation called 'nothing'. There are {', '.join(names())}."),
    ],
)
def test_what_makes_no_sense_is_one_line_and_status_two(
    words: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words.split()) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert said in captured.err


def test_a_number_that_is_not_finite_is_null(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(get("belief_walk").module, "facts", lambda _: {"one": math.nan, "two": math.inf})
    assert main(["run", "belief_walk", *TINY, "--device", "cpu", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["facts"] == {"one": None, "two": None}


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_result_that_cannot_be_written_is_one_line_and_status_one(unbuffered: str) -> None:
    command = [sys.executable, "-m", "sim", "list"]
    environ = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            command, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, env=environ, check=False
        )
    said = b"What came of it cannot be written: No space left on device; send it elsewhere.\n"
    assert (done.returncode, done.stderr) == (1, said)


def test_a_reader_who_has_gone_is_no_error() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "sim", "list"]
    done = subprocess.run(command, cwd=ROOT, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_run_that_cannot_be_stored_is_one_line_and_status_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def closed(*_: object) -> Path:
        raise PermissionError(13, "Permission denied", "/closed/grokking.json.new")

    toy = get("grokking")
    monkeypatch.setattr(_stored, "write", closed)
    monkeypatch.setattr(toy.module, "run", lambda config, **_: iter([toy.module.preview(config, seed=0)]))
    assert main(["store", "grokking"]) == 1
    said = "/closed/grokking.json.new: Permission denied. Nothing is kept.\n"
    assert tuple(capsys.readouterr()) == ("", said)


def test_an_interrupt_is_status_130_without_a_trace() -> None:
    command = [
        sys.executable,
        "-m",
        "sim",
        "run",
        "belief_walk",
        "--set",
        "step=0.001",
        "--set",
        "walkers=40000",
    ]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stderr is not None
        started = running.stderr.read(5)  # "\r  0%": the run has begun, and has most of its work before it
        running.send_signal(signal.SIGINT)
        rest = running.stderr.read()
    assert started.strip() == "0%"
    assert running.returncode == 130
    assert "Traceback" not in rest


def test_store_writes_the_default_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    toy = get("superposition_phases")
    kept = []
    monkeypatch.setattr(_stored, "write", lambda *given: kept.append(given) or tmp_path)
    monkeypatch.setattr(toy.module, "run", lambda config, **_: iter([toy.module.preview(config, seed=0)]))
    assert main(["store", "superposition_phases"]) == 0
    ((name, frame),) = kept
    assert (name, frame.config) == ("superposition_phases", toy.module.Config())
    assert capsys.readouterr().out == f"{tmp_path}\n"


def test_store_writes_the_runs_that_are_shown_beside_the_default_and_they_are_read_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy = get("head_superposition")
    monkeypatch.setattr(toy.module, "run", lambda config, **_: iter([toy.module.preview(config, seed=0)]))
    write, write_others = _stored.write, _stored.write_others
    monkeypatch.setattr(_stored, "write", lambda *given: write(*given, folder=tmp_path))
    monkeypatch.setattr(_stored, "write_others", lambda *given: write_others(*given, folder=tmp_path))
    assert main(["store", "head_superposition"]) == 0
    others = _stored.read_others("head_superposition", toy.module.Config, tmp_path)
    assert [frame.config for frame in others] == [
        toy.module.Config(**given) for given in toy.module.STORED_BESIDE
    ]
    kept = toy.module.preview(others[3].config, seed=0)
    np.testing.assert_allclose(others[3].arrays["evou"], kept.arrays["evou"], atol=1e-4)
