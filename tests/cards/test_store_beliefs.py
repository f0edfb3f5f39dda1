"""What the store keeps of beliefs: once, in order, of one learner, until it is taken back or forgotten."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.claims import Claim, ConservationCheck, Credence, Outcome, Resolution
from cards.store import LoadError, Prediction, Store

NOW = datetime(2026, 11, 23, 9, 0, 0, 123000, tzinfo=UTC)
HOUR = timedelta(hours=1)
LEARNERS = (f"learner {number}" for number in itertools.count())


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One database for all tests of this file; each works on a learner of its own."""
    opened = Store.open(tmp_path_factory.mktemp("home") / "martingale.db", now=NOW)
    yield opened
    opened.close()


@pytest.fixture
def learner(store: Store) -> int:
    return store.learner(next(LEARNERS))


def credence(number: int, probability: float | None, claim: str = "a", hours: int = 0) -> Credence:
    return Credence(f"c{number}", claim, probability, NOW + hours * HOUR, note=f"note {number}")


texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
entries = st.builds(
    Credence,
    client_id=st.integers(0, 30).map(str),
    claim_id=st.sampled_from("abc"),
    probability=st.none() | st.floats(0, 1),
    at=st.integers(0, 10**6).map(lambda number: NOW + timedelta(milliseconds=number)),
    note=texts,
    repeat=st.booleans(),
    occasion=st.sampled_from(["", "before", "after"]),
)


@given(st.lists(entries, max_size=30))
def test_credences_come_back_once_each_as_first_sent_in_the_order_of_their_moments(
    store: Store, sent: list[Credence]
) -> None:
    learner = store.learner(next(LEARNERS))
    for entry in sent:
        store.record_credence(learner, entry)
    first: dict[str, Credence] = {}
    for entry in sent:
        first.setdefault(entry.client_id, entry)
    expected: dict[str, list[Credence]] = {}
    for entry in sorted(first.values(), key=lambda entry: entry.at):
        expected.setdefault(entry.claim_id, []).append(entry)
    assert store.credences(learner) == expected
    assert store.credences(learner, ["a", "z"]) == {
        name: path for name, path in expected.items() if name == "a"
    }


def test_what_is_taken_back_does_not_count_until_it_is_brought_back(store: Store, learner: int) -> None:
    store.record_credence(learner, credence(1, 0.5))
    store.record_credence(learner, credence(2, 0.7, hours=1))
    store.record_resolution(learner, Resolution("r1", "a", Outcome.YES, NOW))
    store.record_resolution(learner, Resolution("r2", "a", Outcome.VOID, NOW + HOUR))
    store.record_conservation(learner, ConservationCheck("k", "check", 0.5, 0.8, 0.2, True, NOW))
    for client_id in ("c2", "r2", "k"):
        store.take_back_belief(learner, client_id, NOW)
    store.record_credence(learner, credence(2, 0.7, hours=1))  # sent again, late: still taken back
    assert store.credences(learner) == {"a": [credence(1, 0.5)]}
    assert store.resolutions(learner)["a"].outcome is Outcome.YES
    assert store.conservation_checks(learner) == []
    for client_id in ("c2", "r2", "k"):
        store.bring_back_belief(learner, client_id)
    assert [entry.probability for entry in store.credences(learner)["a"]] == [0.5, 0.7]
    assert store.resolutions(learner)["a"].outcome is Outcome.VOID
    assert len(store.conservation_checks(learner)) == 1


def test_a_note_can_be_changed_and_nothing_else(store: Store, learner: int) -> None:
    store.record_credence(learner, credence(1, 0.5))
    store.note_credence(learner, "c1", "because of the weather")
    assert store.credences(learner) == {"a": [replace(credence(1, 0.5), note="because of the weather")]}


def test_a_claim_of_ones_own_can_be_put_down_and_changed(store: Store, learner: int) -> None:
    claim = Claim("own-1", "It will rain.", None, NOW)
    store.keep_claim(learner, claim)
    changed = replace(claim, text="It will rain on Sunday.", by=date(2026, 11, 29))
    store.keep_claim(learner, replace(changed, made_at=NOW + HOUR))
    assert store.claims(learner) == [changed]


def test_of_a_check_only_what_was_stated_afterwards_changes(store: Store, learner: int) -> None:
    check = ConservationCheck("k", "check", 0.5, 0.8, 0.2, happened=True, at=NOW)
    store.record_conservation(learner, check)
    store.record_conservation(learner, replace(check, prior=0.9, after=0.75))
    assert store.conservation_checks(learner) == [replace(check, after=0.75)]


def test_forgetting_a_claim_leaves_no_row_of_it_and_all_of_the_others(store: Store, learner: int) -> None:
    other = store.learner(next(LEARNERS))
    for who in (learner, other):
        store.keep_claim(who, Claim("own-1", "One.", None, NOW))
        store.record_credence(who, credence(1, 0.5, "own-1"))
        store.record_credence(who, credence(2, 0.5, "b"))
        store.record_resolution(who, Resolution("r", "own-1", Outcome.NO, NOW))
    store.take_back_belief(learner, "c1", NOW)
    assert store.forget_claim(learner, "own-1") == 3  # what was taken back goes as well
    assert (store.claims(learner), store.resolutions(learner)) == ([], {})
    assert list(store.credences(learner)) == ["b"]
    assert (len(store.claims(other)), set(store.credences(other))) == (1, {"own-1", "b"})


def test_what_was_taken_back_is_held_until_it_is_forgotten(store: Store, learner: int) -> None:
    assert not store.holds_belief(learner)
    store.record_credence(learner, credence(1, 0.5))
    store.take_back_belief(learner, "c1", NOW)
    store.record_conservation(learner, ConservationCheck("k", "check", 0.5, 0.8, 0.2, True, NOW))
    assert store.credences(learner) == {}
    assert [store.holds_belief(learner, name) for name in ("a", "check", "b")] == [True, True, False]
    assert store.forget_claim(learner, "a") == 1
    assert [store.holds_belief(learner, name) for name in ("a", "check")] == [False, True]
    store.forget_claim(learner, "check")
    assert not store.holds_belief(learner)


def test_forgetting_everything_leaves_the_memories(store: Store, learner: int) -> None:
    store.enrol(learner, ["a"], NOW)
    store.record_credence(learner, credence(1, 0.5))
    store.record_prediction(
        learner, Prediction("p", "belief_walk", "expected_updates", {}, 1.0, 2.0, NOW, card_id="walk")
    )
    assert [prediction.card_id for prediction in store.predictions(learner)] == ["walk"]
    assert store.forget_beliefs(learner) == 2
    assert (store.credences(learner), store.predictions(learner)) == ({}, [])
    assert set(store.memories(learner)) == {"a"}


def test_one_learner_never_sees_or_touches_anothers(store: Store, learner: int) -> None:
    other = store.learner(next(LEARNERS))
    store.record_credence(learner, credence(1, 0.5))
    store.record_credence(other, credence(1, 0.9))  # ids are made up by browsers, and may be the same
    store.take_back_belief(other, "c1", NOW)
    store.note_credence(other, "c1", "mine")
    assert store.forget_beliefs(other) == 1
    assert store.credences(learner) == {"a": [credence(1, 0.5)]}


@pytest.mark.parametrize(
    ("table", "column", "value", "said"),
    [
        ("credence", "probability", 1.5, "credence.probability is 1.5"),
        ("conservation_check", "if_true", -0.1, "conservation_check.if_true is -0.1"),
        ("resolution", "outcome", "perhaps", 'resolution.outcome is "perhaps"'),
        ("claim", "by_day", -800_000, "claim.by_day is -800000"),
    ],
)
def test_a_document_that_says_what_cannot_be_is_refused(
    store: Store, learner: int, table: str, column: str, value: object, said: str
) -> None:
    store.keep_claim(learner, Claim("own-1", "One.", date(2027, 1, 1), NOW))
    store.record_credence(learner, credence(1, 0.5))
    store.record_resolution(learner, Resolution("r", "a", Outcome.NO, NOW))
    store.record_conservation(learner, ConservationCheck("k", "check", 0.5, 0.8, 0.2, True, NOW))
    file = StringIO()
    store.dump(learner, file, NOW)
    document = json.loads(file.getvalue())
    held = document["tables"][table]
    held["rows"][0][held["columns"].index(column)] = value
    other = store.learner(next(LEARNERS))
    with pytest.raises(LoadError, match=said):
        store.load(other, StringIO(json.dumps(document)))
    assert store.credences(other) == {}


def test_a_ledger_of_a_thousand_claims_is_read_whole(tmp_path: Path) -> None:
    opened = Store.open(tmp_path / "martingale.db", now=NOW)
    learner = opened.learner("me")
    names = [f"claim-{number}" for number in range(1200)]
    for number, name in enumerate(names):
        opened.record_credence(learner, credence(number, 0.5, name))
    assert list(opened.credences(learner, names)) == names
    opened.close()
