"""`python -m sim sweep`: what it writes and prints, and the one line it says when the words make no sense."""

from __future__ import annotations

import itertools
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim.__main__ import main
from sim.run import run_to_end
from sim.spec import get, parse_settings
from sim.sweeps.journal import beside
from sim.version import code_version
from tests.sim.sweeping import rows

ROOT = Path(__file__).parents[2]
WALK = get("belief_walk")
TINY = ["belief_walk", "--set", "walkers=200", "--device", "cpu", "--processes", "1"]


def test_a_sweep_is_its_single_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "results.parquet"
    words = ["--grid", "start=0.1:0.5:5", "--grid", "step=0.25,0.1", "--seeds", "3:5", "--out", str(out)]
    assert main(["sweep", *TINY, *words, "--json"]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out) == {
        "sim": "belief_walk", "code": code_version("belief_walk"), "out": str(out),
        "rows": 20, "kept": 0, "device": "cpu",
    }  # fmt: skip
    assert said.err == ""
    found = rows(out)
    points = itertools.product((0.1, 0.2, 0.3, 0.4, 0.5), (0.25, 0.1))
    assert [(row["start"], row["step"]) for row in found[::2]] == list(points)
    for row in found:
        config = parse_settings(WALK, {name: row[name] for name in WALK.module.Config.model_fields})
        single = run_to_end(WALK, config, seed=row["seed"], device="cpu").frame.result
        assert {name: row[f"measured_{name}"] for name in single} == single
        facts = WALK.module.facts(config)
        assert {name: row[f"exact_{name}"] for name in facts} == facts


def test_without_json_it_prints_where_the_file_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "results.csv"
    assert main(["sweep", *TINY, "--set", "step=0.25", "--out", str(out)]) == 0
    said = capsys.readouterr()
    assert (said.out, said.err) == (f"{out}\n", "")
    assert len(out.read_text().splitlines()) == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "NAME"),
        ("belief_walk", "--out"),
        ("belief_wlk --out {}.parquet", "Did you mean 'belief_walk'?"),
        ("belief_walk --out {}.txt", "has to end with .parquet or .csv."),
        ("belief_walk --out {}/none/r.parquet", "there is no folder"),
        ("belief_walk --grid start --out {}.parquet", "--grid takes SETTING=FROM:TO:COUNT"),
        (
            "belief_walk --grid start=0.5:1.5:3 --out {}.parquet",
            "above the greatest allowed, 0.99. That is at",
        ),
        ("belief_walk --grid start=0.1,0.2 --set start=0.5 --out {}.parquet", "both give start"),
        ("belief_walk --set start --out {}.parquet", "--set takes SETTING=VALUE, not 'start'."),
        ("belief_walk --set start=7 --out {}.parquet", "start is 7, above the greatest allowed, 0.99."),
        ("belief_walk --seeds 5:5 --out {}.parquet", "--seeds 5:5 holds 0 seeds"),
        ("belief_walk --processes 0 --out {}.parquet", "--processes is 0, and takes 1 to 256."),
        ("belief_walk --processes two --out {}.parquet", "--processes"),
        ("belief_walk --device abacus --out {}.parquet", "This machine has no device 'abacus'."),
        ("belief_walk --cluster 127.0.0.1 --out {}.parquet", "has to be like tcp://127.0.0.1:8786."),
    ],
)
def test_what_makes_no_sense_is_one_line_and_status_two(
    words: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sweep", *words.format(tmp_path / "results").split()]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert said in captured.err
    assert list(tmp_path.iterdir()) == []


def test_an_interrupt_is_status_130_and_the_same_words_go_on(tmp_path: Path) -> None:
    out = tmp_path / "results.parquet"
    words = [
        "sweep", "toy_superposition", "--grid", "importance_decay=0.8,0.9", "--set", "steps=300",
        "--seeds", "0:6", "--device", "cpu", "--processes", "2", "--out", str(out),
    ]  # fmt: skip
    command = [sys.executable, "-m", "sim", *words]
    with subprocess.Popen(
        command, cwd=ROOT, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as running:
        while not (beside(out).exists() and beside(out).read_bytes().count(b"\n") > 2):
            assert running.poll() is None
            time.sleep(0.01)
        os.killpg(running.pid, signal.SIGINT)  # as a terminal does: the workers get it too
        said = running.communicate(timeout=60)[1]
    assert running.returncode == 130
    assert "Traceback" not in said
    kept = beside(out).read_bytes().count(b"\n") - 1
    assert f"{kept} of 12 runs are kept in {out}.part. The same words go on from there." in said
    assert not out.exists()
    resumed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert resumed.stderr.splitlines()[0] == f"{kept} of 12 runs are there from before, in {out}.part."
    assert len(rows(out)) == 12
    assert [path.name for path in tmp_path.iterdir()] == ["results.parquet"]
