"""What every toy keeps to, whatever it shows: a new file in `sim/toys` is held to this and edits no list."""

from __future__ import annotations

import json
import math
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from plotly.graph_objects import Figure

from sim import positions
from sim.__main__ import main
from sim.palette import TOKENS
from sim.picture import SEED_LIMIT, described
from sim.run import frames
from sim.scrub import MOST_BYTES, in_pieces, scrubbable
from sim.spec import Frame, SettingError, Settings, Toy, get, is_text, moved_settings, names, parse_settings
from tests.sim import unpacking

ROOT = Path(__file__).parents[2]
MOST_POINTS = 6000  # what a browser is sent for one picture
CLEAR = "rgba(0,0,0,0)"

Bounds = tuple[str, float, float]


def bounds(toy: Toy) -> Iterator[Bounds]:
    for name, field in toy.module.Config.model_fields.items():
        if is_text(toy.module.Config, name):
            continue
        low = next(bound.ge for bound in field.metadata if hasattr(bound, "ge"))
        high = next(bound.le for bound in field.metadata if hasattr(bound, "le"))
        yield name, low, high


def smallest(toy: Toy) -> Settings:
    """The least of every count, which makes any toy quick, and the usual value of everything else."""
    counts = {name: low for name, low, _ in bounds(toy) if isinstance(low, int)}
    return parse_settings(toy, counts)


def larger(toy: Toy) -> Settings:
    """Two more of every count."""
    counts = {name: min(low + 2, high) for name, low, high in bounds(toy) if isinstance(low, int)}
    return parse_settings(toy, counts)


def run(toy: Toy, seed: int) -> list[Frame]:
    return list(frames(toy, smallest(toy), seed=seed, device="cpu"))


@pytest.fixture(params=names(), scope="module")
def toy(request: pytest.FixtureRequest) -> Toy:
    return get(request.param)


@pytest.fixture(scope="module")
def finished(toy: Toy) -> list[Frame]:
    return run(toy, seed=3)


def test_hyphens_in_prose_find_the_same_file(toy: Toy) -> None:
    assert get(toy.name.replace("_", "-")) == toy


def test_the_docstring_has_a_title_a_source_and_limits(toy: Toy) -> None:
    assert 10 < len(toy.title) < 60
    for part in (" = ", "Source: ", "Left out: "):
        assert part in toy.explanation, part


def test_every_setting_says_what_it_is(toy: Toy) -> None:
    for name, field in toy.module.Config.model_fields.items():
        assert field.title, name
        assert field.description, name
        assert field.description.endswith("."), name
        assert isinstance(field.json_schema_extra, dict), name
        assert set(field.json_schema_extra) == {"unit", "scale", "step"}, name
        assert (field.json_schema_extra["scale"] == "text") == is_text(toy.module.Config, name), name
        if field.json_schema_extra["scale"] == "log":
            assert next(bound.ge for bound in field.metadata if hasattr(bound, "ge")) > 0, name


def test_every_setting_refuses_what_is_out_of_bounds(toy: Toy) -> None:
    for name, low, high in bounds(toy):
        beyond = 1 if isinstance(low, int) else 0.001
        for value, bound in ((low - beyond, low), (high + beyond, high)):
            with pytest.raises(SettingError) as refused:
                parse_settings(toy, {name: value})
            for part in (toy.name, name, str(value), str(bound)):
                assert part in str(refused.value)


@pytest.mark.parametrize("value", ["", "many", "nan", "inf", "1e999", None, [1]])
def test_every_setting_refuses_what_is_no_number(toy: Toy, value: object) -> None:
    for name, _, _ in bounds(toy):
        with pytest.raises(SettingError, match=name):
            parse_settings(toy, {name: value})


def test_text_has_one_form_that_links_and_names_of_files_can_carry(toy: Toy) -> None:
    for name, field in toy.module.Config.model_fields.items():
        if not is_text(toy.module.Config, name):
            continue
        longest = next(bound.max_length for bound in field.metadata if hasattr(bound, "max_length"))
        usual = getattr(toy.module.Config(), name)
        assert re.fullmatch(r"[\w ]+", usual)
        assert getattr(parse_settings(toy, {name: f" {usual}  "}), name) == usual
        for value, said in (
            ("9" * (longest + 1), f"{longest + 1} characters"),
            (7, "not text"),
            (None, "not text"),
        ):
            with pytest.raises(SettingError, match=f"{toy.name}: {name} .*{said}"):
                parse_settings(toy, {name: value})
        with pytest.raises(SettingError, match=f"{toy.name}: {name} "):
            parse_settings(toy, {name: "=1+1"})


def test_an_unknown_setting_is_refused_with_the_nearest(toy: Toy) -> None:
    name = next(iter(toy.module.Config.model_fields))
    with pytest.raises(SettingError, match=f"Did you mean '{name}'"):
        parse_settings(toy, {f"{name}x": 1})


def test_settings_round_trip_through_text(toy: Toy) -> None:
    for config in (toy.module.Config(), smallest(toy)):
        through_address = {name: str(value) for name, value in config.model_dump().items()}
        assert parse_settings(toy, through_address) == config
        assert parse_settings(toy, json.loads(config.model_dump_json())) == config


def test_settings_are_frozen(toy: Toy) -> None:
    config = toy.module.Config()
    name = next(iter(toy.module.Config.model_fields))
    with pytest.raises(ValueError, match="frozen"):
        setattr(config, name, 1)


def test_facts_are_finite_and_named(toy: Toy) -> None:
    for config in (toy.module.Config(), smallest(toy)):
        facts = toy.module.facts(config)
        assert list(facts) == list(toy.module.FACTS)
        assert all(type(value) is float and math.isfinite(value) for value in facts.values()), facts
    assert all(quantity.title for quantity in toy.module.FACTS.values())


def test_every_number_of_a_run_is_named(toy: Toy, finished: list[Frame]) -> None:
    results = toy.module.RESULTS
    errors = {result.error for result in results.values()} - {""}
    assert {name for frame in finished for name in frame.result} == {*results, *errors}
    assert errors <= set(finished[-1].result)
    for name, result in results.items():
        assert bool(result.title) != bool(result.fact), f"{name} has the title of its fact, or its own"
        assert not (result.unit and result.fact), f"{name} has the unit of its fact"


def test_a_measurement_is_of_a_fact_and_no_fact_has_two(toy: Toy) -> None:
    measured = [result.fact for result in toy.module.RESULTS.values() if result.fact]
    assert len(measured) == len(set(measured))
    assert set(measured) <= set(toy.module.FACTS)


def test_what_is_measured_is_within_five_standard_errors_of_what_is_exact(
    toy: Toy, finished: list[Frame]
) -> None:
    facts, last = toy.module.facts(smallest(toy)), finished[-1].result
    for name, result in toy.module.RESULTS.items():
        if result.fact and result.error:
            value, error = last[name], last[result.error]
            assert isinstance(value, float)
            assert isinstance(error, float)
            assert abs(value - facts[result.fact]) <= 5 * error + 1e-12, name


def test_presets_are_settings_of_their_own_with_titles_of_their_own(toy: Toy) -> None:
    presets = toy.module.PRESETS
    assert len(presets) >= 2
    assert len({preset.title for preset in presets}) == len(presets)
    reached = [parse_settings(toy, preset.settings) for preset in presets]
    assert len(set(reached) | {toy.module.Config()}) == len(presets) + 1  # none is another, or the defaults
    for preset, config in zip(presets, reached, strict=True):
        assert moved_settings(config, preset.settings) == {}, preset.title
        assert 0 <= preset.seed <= SEED_LIMIT
        assert preset.title[0].isupper()
        assert 10 <= len(preset.title) <= 40
        assert not preset.title.endswith(".")


def test_every_array_has_its_unit_in_the_list(toy: Toy, finished: list[Frame]) -> None:
    shown = [toy.module.preview(toy.module.Config(), seed=0), *finished]
    assert {name for frame in shown for name in frame.arrays} == set(toy.module.ARRAYS)


def test_no_array_has_the_name_of_a_list_that_is_measured(toy: Toy, finished: list[Frame]) -> None:
    """In the table they stand side by side."""
    lists = {name for frame in finished for name, value in frame.result.items() if isinstance(value, list)}
    assert lists.isdisjoint(toy.module.ARRAYS)


def test_progress_rises_to_one(finished: list[Frame]) -> None:
    progress = [frame.progress for frame in finished]
    assert progress[0] < 1
    assert progress[-1] == 1
    assert all(before <= after < 1 for before, after in pairwise(progress[:-1]))


def test_frames_carry_their_settings_and_are_ready_for_json(toy: Toy, finished: list[Frame]) -> None:
    for frame in finished:
        assert frame.config == smallest(toy)
        assert frame.seed == 3
        json.dumps(dict(frame.result), allow_nan=False)
        assert all(isinstance(array, np.ndarray) for array in frame.arrays.values())
    assert finished[-1].result


def test_earlier_frames_do_not_change_later(toy: Toy) -> None:
    kept, seen = [], []
    for frame in frames(toy, smallest(toy), seed=3, device="cpu"):
        kept.append(frame)
        seen.append({name: array.copy() for name, array in frame.arrays.items()})
    for frame, arrays in zip(kept, seen, strict=True):
        for name, array in arrays.items():
            np.testing.assert_array_equal(frame.arrays[name], array)


def test_the_seed_decides_everything(toy: Toy, finished: list[Frame]) -> None:
    again, other = run(toy, seed=3), run(toy, seed=4)
    assert [frame.result for frame in again] == [frame.result for frame in finished]
    for frame, same in zip(finished, again, strict=True):
        for name, array in frame.arrays.items():
            np.testing.assert_array_equal(array, same.arrays[name])
    assert other[-1].result != finished[-1].result


def test_seeds_side_by_side_are_single_runs_to_the_last_bit(toy: Toy) -> None:
    if not hasattr(toy.module, "batch"):
        return  # it need not offer this
    seeds = [5, 3, 2**32 - 1, 0, 8]
    for config in (smallest(toy), larger(toy)):
        groups = list(toy.module.batch(config, seeds=seeds, device="cpu"))
        together = [frame for group in groups for frame in group]
        assert sorted(frame.seed for frame in together) == sorted(seeds)
        for frame in together:
            alone = list(frames(toy, config, seed=frame.seed, device="cpu"))[-1]
            assert (frame.config, frame.progress) == (config, 1)
            assert frame.result == alone.result
            assert list(frame.arrays) == list(alone.arrays)
            for name, array in frame.arrays.items():
                np.testing.assert_array_equal(array, alone.arrays[name])


def test_no_global_random_state_is_touched(toy: Toy) -> None:
    before = random.getstate(), np.random.get_state()[1].tolist(), torch.get_rng_state().tolist()  # noqa: NPY002 - the global state is the point
    run(toy, seed=5)
    toy.module.preview(toy.module.Config(), seed=5)
    after = random.getstate(), np.random.get_state()[1].tolist(), torch.get_rng_state().tolist()  # noqa: NPY002 - as above
    assert before == after


def test_figures_have_the_palettes_colours_and_few_points(toy: Toy, finished: list[Frame]) -> None:
    for frame in (toy.module.preview(toy.module.Config(), seed=0), finished[0], finished[-1]):
        figure = toy.module.figure(frame)
        assert figure.data
        assert set(colours(json.loads(figure.to_json()))) <= {*TOKENS, CLEAR}
        assert sum(len(trace.x) for trace in figure.data) <= MOST_POINTS


def test_figures_are_what_plotly_takes_and_those_that_are_scrubbed_say_where_every_axis_is(
    toy: Toy, finished: list[Frame]
) -> None:
    for frame in (toy.module.preview(toy.module.Config(), seed=0), finished[0], finished[-1]):
        figure = toy.module.figure(frame)
        told = json.loads(figure.to_json())
        Figure(told)  # this one checks what it is given
        for name, axis in told["layout"].items():
            if re.fullmatch(r"[xy]axis\d*", name):
                assert isinstance(axis.get("tickvals", []), list), f"{name} packs its marks away"
            if scrubbable(toy) and re.fullmatch(r"[xy]axis\d*", name):  # so a browser need not draw it anew
                assert "range" in axis, name
                hidden = axis.get("visible") is False or axis.get("showticklabels") is False
                assert hidden or {"tickvals", "ticktext"} <= axis.keys(), name


def test_what_is_scrubbed_is_what_would_be_previewed(toy: Toy, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = positions.MOST
    monkeypatch.setattr(positions, "MOST", 5)  # enough of a slider
    usual = toy.module.Config().model_dump()
    for name in scrubbable(toy):
        assert name in toy.module.Config.model_fields
        *nothing, answer = in_pieces(toy, usual, name, seed=2)
        assert set(nothing) == {b""}
        assert len(answer) / len(nothing) * whole < MOST_BYTES, name
        values, scrubbed = unpacking.pictures(answer)
        for value, picture in zip(values, scrubbed, strict=True):
            config = parse_settings(toy, {**usual, name: value})
            frame = toy.module.preview(config, seed=2)
            told = described(toy, frame, toy.module.facts(config), state="preview")
            assert unpacking.same(told, picture), (name, value)


def colours(part: Any) -> Iterator[str]:  # noqa: ANN401 - whatever JSON holds
    match part:
        case dict():
            yield from (text for item in part.values() for text in colours(item))
        case list():
            yield from (text for item in part for text in colours(item))
        case str() if part.startswith(("#", "rgb", "hsl")):
            yield part


def test_every_frame_has_a_sentence(toy: Toy, finished: list[Frame]) -> None:
    shown = [toy.module.preview(config, seed=0) for config in (toy.module.Config(), smallest(toy))]
    for frame in [*shown, *finished]:
        said = toy.module.readout(frame)
        assert said[0].isupper()
        assert said.endswith(".")
        assert "nan" not in said


def test_a_preview_shows_its_settings(toy: Toy) -> None:
    for config in (toy.module.Config(), smallest(toy)):
        assert toy.module.preview(config, seed=0).config == config


def test_the_command_line_prints_the_same_result(
    toy: Toy, finished: list[Frame], capsys: pytest.CaptureFixture[str]
) -> None:
    settings = [f"--set={name}={value}" for name, value in smallest(toy).model_dump().items()]
    assert main(["run", toy.name, *settings, "--seed", "3", "--device", "cpu", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["config"] == smallest(toy).model_dump()
    assert report["facts"] == toy.module.facts(smallest(toy))
    assert report["result"] == finished[-1].result


def test_all_but_running_needs_no_torch() -> None:
    code = """
import sys
from sim.spec import get, names
for name in names():
    toy = get(name).module
    config = toy.Config()
    frame = toy.preview(config, seed=0)
    toy.facts(config), toy.figure(frame).to_json(), toy.readout(frame)
assert "torch" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
