"""The ledger: which claims it lists, where they stand, what counts of what was said, and what it comes to."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.beliefs.movement import measure
from cards.claims import Claim, Credence, Outcome, Resolution
from cards.days import DayRules, day_number
from cards.ledger import Listed, Status, claims_of
from cards.reckoning import reckon, with_its_end
from cards.settled import Settled
from cards.store import Store
from tests.cards.pages_learner import NOW, card, open_store

RULES = DayRules("Europe/London")
TODAY = day_number(NOW, RULES)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NAMES = (f"ledger {number}" for number in itertools.count())


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = open_store(tmp_path_factory.mktemp("home"))
    yield opened
    opened.close()


def entries(*credences: float | None, last: datetime = NOW, apart: timedelta = HOUR) -> tuple[Credence, ...]:
    """Credences that end at a moment, so far apart."""
    first = last - (len(credences) - 1) * apart
    return tuple(
        Credence(f"e{place}", "own-a", credence, first + place * apart)
        for place, credence in enumerate(credences)
    )


def said(outcome: Outcome, at: datetime = NOW) -> Resolution:
    return Resolution("r", "own-a", outcome, at)


OWN = Listed("own-a", text="I will.", is_own=True, made_at=NOW)


def test_a_claim_that_means_something_else_starts_anew_and_keeps_its_record(store: Store) -> None:
    learner = store.learner(next(NAMES))
    claim = card(3, id="redefined", kind="credence", front="<p>More than twenty.</p>")
    store.stamp_texts({claim.id: "first"}, NOW - 3 * DAY)
    for place, (said_of_it, at) in enumerate([(0.9, NOW - 2 * DAY), (0.8, NOW - DAY), (0.3, NOW)]):
        store.record_credence(learner, Credence(f"{learner} {place}", claim.id, said_of_it, at))
    store.record_resolution(learner, Resolution(f"{learner} r", claim.id, Outcome.YES, NOW - 2 * DAY))

    store.stamp_texts({claim.id: "better said"}, NOW - HOUR)
    (found,) = claims_of({claim.id: claim}, store, learner)
    assert (len(found.entries), found.earlier, found.happened) == (3, (), True)

    store.stamp_texts({claim.id: "another"}, NOW - HOUR, editions={claim.id: 2})
    (found,) = claims_of({claim.id: claim}, store, learner)
    assert [entry.probability for entry in found.entries] == [0.3]
    assert [entry.probability for entry in found.earlier] == [0.9, 0.8]
    assert found.status(TODAY) is Status.OPEN
    reckoned = reckon([found], RULES)
    assert reckoned.paths == {claim.id: [0.3]}
    assert reckoned.forecasts == []


def test_all_claims_are_listed_the_learners_the_books_and_those_that_have_left_it(store: Store) -> None:
    learner = store.learner(next(NAMES))
    deck = {
        "plain": card(0, id="plain"),
        "asked": card(1, id="asked", kind="credence", front="<p>All <em>swans</em>\nare white.</p>"),
        "silent": replace(
            card(2, id="silent", kind="credence"),
            options={"by": "2027-12-31"},
            resolved=Settled(Outcome.NO, date(2026, 11, 1)),
        ),
    }
    store.keep_claim(learner, Claim("own-b", "Mine.", date(2027, 1, 1), NOW))
    store.record_credence(learner, Credence("1", "asked", 0.5, NOW))
    store.record_credence(learner, Credence("2", "gone", 0.25, NOW))
    store.record_resolution(learner, Resolution("3", "gone-too", Outcome.YES, NOW))
    own, asked, silent, gone, gone_too = claims_of(deck, store, learner)
    assert (own.claim_id, own.text, own.by, own.is_own, own.made_at) == (
        "own-b",
        "Mine.",
        date(2027, 1, 1),
        True,
        NOW,
    )
    assert (asked.text, asked.section, asked.entries[0].probability) == ("All swans are white.", "walks", 0.5)
    assert (silent.by, silent.is_said, silent.status(TODAY)) == (date(2027, 12, 31), False, Status.UNASKED)
    assert (silent.outcome, silent.closes_at(RULES)) == (Outcome.NO, datetime(2026, 11, 1, 4, tzinfo=UTC))
    assert (gone.claim_id, gone.text, gone.is_gone, gone.is_said) == ("gone", "gone", True, True)
    assert (gone_too.status(TODAY), gone_too.happened) == (Status.RESOLVED, True)
    assert [claim.is_gone for claim in (own, asked, silent)] == [False] * 3


def test_a_date_that_cannot_be_read_is_no_date(store: Store) -> None:
    deck = {"a": replace(card(0, id="a", kind="credence"), options={"by": "2027-02-30"})}
    assert claims_of(deck, store, store.learner(next(NAMES)))[0].by is None


@pytest.mark.parametrize(
    ("claim", "status", "outcome", "happened"),
    [
        (OWN, Status.OPEN, Outcome.OPEN, None),
        (replace(OWN, by=NOW.date() + DAY), Status.OPEN, Outcome.OPEN, None),
        (replace(OWN, by=NOW.date()), Status.PAST, Outcome.OPEN, None),
        (replace(OWN, own=said(Outcome.NO)), Status.RESOLVED, Outcome.NO, False),
        (replace(OWN, own=said(Outcome.VOID)), Status.RESOLVED, Outcome.VOID, None),
        (replace(OWN, own=said(Outcome.OPEN)), Status.OPEN, Outcome.OPEN, None),
        (replace(OWN, authors=Settled(Outcome.YES)), Status.RESOLVED, Outcome.YES, True),
        (
            replace(OWN, own=said(Outcome.NO), authors=Settled(Outcome.YES)),
            Status.RESOLVED,
            Outcome.NO,
            False,
        ),
        (
            replace(OWN, own=said(Outcome.OPEN), authors=Settled(Outcome.YES)),
            Status.RESOLVED,
            Outcome.YES,
            True,
        ),
    ],
)
def test_a_claim_stands_where_the_learner_says_and_else_where_its_author_does(
    claim: Listed, status: Status, outcome: Outcome, happened: bool | None
) -> None:
    assert (claim.status(TODAY), claim.outcome, claim.happened) == (status, outcome, happened)


def test_what_was_said_once_one_could_know_does_not_count() -> None:
    days = entries(0.1, 0.2, 0.3, 0.4, 0.5, apart=DAY)  # the last one now
    own = replace(OWN, entries=days)
    assert own.counting(RULES) == days
    until_then = replace(own, own=said(Outcome.YES, NOW - 2 * DAY))
    assert until_then.counting(RULES) == days[:2]  # what is said in the same moment comes after
    dated = replace(own, own=said(Outcome.YES, NOW + DAY), by=(NOW - 2 * DAY).date())
    assert dated.counting(RULES) == days[:3]  # the date itself counts
    authors = replace(own, authors=Settled(Outcome.YES, on=(NOW - 2 * DAY).date()))
    assert authors.counting(RULES) == days[:2]  # the day on which it turned out does not
    assert replace(own, authors=Settled(Outcome.YES)).counting(RULES) == days
    past = replace(own, by=(NOW - 2 * DAY).date())  # nobody has said how it turned out: so nobody could know
    assert past.counting(RULES) == days


def test_the_last_day_that_there_is_closes_nothing() -> None:
    by_then = replace(OWN, by=date.max, entries=entries(0.4, 0.6, last=NOW))
    assert by_then.counting(RULES) == by_then.entries
    assert replace(by_then, own=said(Outcome.YES, NOW)).counting(RULES) == by_then.entries[:-1]


def test_a_day_begins_at_the_learners_rollover() -> None:
    late = datetime(2026, 7, 2, 2, 30, tzinfo=UTC)  # half past three in London, still the first of July there
    claim = replace(OWN, by=date(2026, 7, 1), own=said(Outcome.NO, NOW), entries=entries(0.5, last=late))
    assert len(claim.counting(RULES)) == 1
    assert not replace(claim, entries=entries(0.5, last=late + HOUR)).counting(RULES)


probabilities = st.none() | st.floats(0, 1)
outcomes = st.sampled_from(list(Outcome))


@given(st.lists(st.tuples(st.lists(probabilities, max_size=6), outcomes), max_size=8))
def test_a_reckoning_adds_up_and_scores_one_forecast_a_claim(
    record: list[tuple[list[float | None], Outcome]],
) -> None:
    claims = [
        replace(
            OWN,
            claim_id=f"own-{number}",
            entries=entries(*credences, last=NOW - HOUR),
            own=said(outcome, NOW),
        )
        for number, (credences, outcome) in enumerate(record)
    ]
    found = reckon(claims, RULES)
    paths = {
        claim.claim_id: [entry.probability for entry in claim.entries if entry.probability is not None]
        for claim in claims
    }
    assert found.paths == {name: path for name, path in paths.items() if path}
    for name, path in found.paths.items():
        assert tuple(found.moved[name]) == pytest.approx(tuple(measure(path)))
    moving = [moved for moved in found.moved.values() if moved.up or moved.down]
    assert found.together.n == len(moving) == len(found.starts)
    assert found.together.excess == pytest.approx(math.fsum(moved.excess for moved in moving))
    assert sum(step**2 for step in found.steps) == pytest.approx(found.together.movement)
    scored = {claim.claim_id for claim in claims if claim.happened is not None and paths[claim.claim_id]}
    assert {one.claim_id: one.probability for one in found.forecasts} == {
        name: paths[name][-1] for name in scored
    }
    assert sorted(name for one in found.bins for name in one.claims) == sorted(scored)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=6), st.booleans())
def test_followed_to_its_end_a_path_loses_all_of_its_uncertainty(path: list[float], happened: bool) -> None:
    outcome = Outcome.YES if happened else Outcome.NO
    claim = replace(OWN, entries=entries(*path, last=NOW - HOUR), own=said(outcome))
    ended = with_its_end(claim, RULES)
    assert ended is not None
    assert ended.reduction == pytest.approx(path[0] * (1 - path[0]))
    assert with_its_end(replace(claim, own=None), RULES) is None
    assert with_its_end(replace(claim, entries=()), RULES) is None


def test_the_same_record_always_has_the_same_interval() -> None:
    lasts = {f"own-{number}": 0.1 + number / 40 for number in range(30)}
    claims = [replace(OWN, claim_id=name, entries=entries(0.5, last)) for name, last in lasts.items()]
    first, again = reckon(claims, RULES).together, reckon(claims, RULES).together
    assert first.interval is not None
    assert first == again


def test_repeat_ratings_make_the_noise_floor_and_no_movement() -> None:
    said_again = (*entries(0.5, 0.6), replace(entries(0.64)[0], client_id="again", repeat=True))
    found = reckon([replace(OWN, entries=said_again)], RULES)
    assert found.together.movement == pytest.approx(0.01)
    assert found.together.noise is not None
    assert found.together.noise.sd == pytest.approx(0.04 / math.sqrt(2))
