"""What the titles of presets promise, held against the exact answers: a title is a claim like any other."""

from __future__ import annotations

import pytest

from sim.spec import get, parse_settings


def facts(name: str, title: str) -> dict[str, float]:
    toy = get(name)
    preset = next(preset for preset in toy.module.PRESETS if preset.title == title)
    return toy.module.facts(parse_settings(toy, preset.settings))


def test_titles_of_belief_walk() -> None:
    assert facts("belief_walk", "From 1%: half are over at once")["share_done_at_once"] == 0.5
    assert facts("belief_walk", "Two updates end half of the walks")["median_updates"] == 2
    rare = facts("belief_walk", "News in one period of ten")
    assert rare["expected_periods"] == pytest.approx(10 * rare["expected_updates"])


def test_titles_of_brownian_limit() -> None:
    assert facts("brownian_limit", "One flip: no bell in sight")["walk_kurtosis"] == 1  # two points, no more
    assert facts("brownian_limit", "A thousand flips: Gaussian")["walk_kurtosis"] == pytest.approx(
        3, abs=0.01
    )
    assert facts("brownian_limit", "A long shot: hardly ever near 50%")["near_half_at_half_time"] < 0.02


def test_titles_of_hazard_belief() -> None:
    assert facts("hazard_belief", "From 90%: silence is news, too")["expected_large_falls"] > 2
    assert facts("hazard_belief", "A long shot: nothing to notice")["expected_large_falls"] == 0
    assert facts("hazard_belief", "One year: a dozen large falls")["expected_large_falls"] == pytest.approx(
        12, abs=0.5
    )


def test_titles_of_toy_superposition() -> None:
    assert facts("toy_superposition", "Two features on one line")["dedicated_features"] == 1
    always = facts("toy_superposition", "Always on: nothing is shared")
    assert always["dedicated_loss_sparsest"] < always["paired_loss_sparsest"]
    linear = facts("toy_superposition", "Linear: one feature for each dimension")
    assert linear["linear_loss_sparsest"] == pytest.approx(linear["dedicated_loss_sparsest"])
    assert facts("toy_superposition", "Couples that are never on together")["paired_loss_sparsest"] == 0
    merge = facts("toy_superposition", "On together, with one place: they merge")
    assert merge["pairing_pays_below"] == 0  # and a mix of both loses less than either alone
    assert merge["linear_loss_sparsest"] < merge["dedicated_loss_sparsest"] / 3
    assert facts("toy_superposition", "Room for all: nothing is lost")["dedicated_loss_dense"] == 0


def test_titles_of_update_frequency() -> None:
    assert facts("update_frequency", "Counts evidence half as much again")["ratio"] > 1.2
    assert facts("update_frequency", "Stubborn: moves too little")["ratio"] < 0.8
    rounding = facts("update_frequency", "Rounding alone looks like movement")
    assert rounding["excess"] == pytest.approx(rounding["noise_floor"], rel=0.2)
    assert rounding["ratio"] > 1.05


def test_titles_of_variance_budget() -> None:
    assert facts("variance_budget", "Rare jolts: nudges pay nine tenths")["small_share"] == pytest.approx(
        0.9, abs=0.02
    )
    assert facts("variance_budget", "One jolt in ten: they pay nine tenths")["small_share"] == pytest.approx(
        0.1, abs=0.02
    )
    assert facts("variance_budget", "One jolt decides it")["expected_updates"] == 1
