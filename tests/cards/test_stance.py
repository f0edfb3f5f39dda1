"""Where a learner stands on a claim: whose word on its outcome counts, and what is asked of it when."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards import stance
from cards.beliefs import asking
from cards.claims import Credence, Outcome, Resolution
from cards.days import DayRules, day_number
from cards.settled import Settled, outcome
from cards.stance import NOT_YET, Stance, Wanted

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
RULES = DayRules("Europe/London")
TODAY = day_number(NOW, RULES)


def said(days_ago: int, probability: float | None = 0.4, *, repeat: bool = False) -> Credence:
    return Credence(f"c{days_ago}", "it-rains", probability, NOW - timedelta(days=days_ago), repeat=repeat)


def word(which: Outcome, days_ago: int = 0) -> Resolution:
    return Resolution("r", "it-rains", which, NOW - timedelta(days=days_ago))


@pytest.mark.parametrize("authors", [None, Settled(Outcome.NO), Settled(Outcome.VOID)])
@pytest.mark.parametrize("own", [None, *Outcome])
def test_the_learners_own_word_stands_before_the_authors(
    own: Outcome | None, authors: Settled | None
) -> None:
    found = outcome(None if own is None else word(own), authors)
    of_author = authors.outcome if authors else Outcome.OPEN
    assert found is (of_author if own in {None, Outcome.OPEN} else own)


@pytest.mark.parametrize(
    ("days_ago", "wanted"), [(0, None), (13, None), (14, Wanted.CREDENCE), (400, Wanted.CREDENCE)]
)
def test_a_claim_is_asked_again_when_the_schedule_says(days_ago: int, wanted: Wanted | None) -> None:
    assert Stance("it-rains", None, (said(days_ago),)).wanted(TODAY, RULES) is wanted


def test_a_claim_that_was_never_answered_is_not_asked_again() -> None:
    assert Stance("it-rains").wanted(TODAY, RULES) is None


def test_a_claim_whose_date_has_come_waits_for_an_answer_and_not_yet_holds_for_a_while() -> None:
    by = date(2026, 11, 23)
    for own, wanted in (
        (None, Wanted.OUTCOME),
        (word(Outcome.OPEN), None),
        (word(Outcome.OPEN, NOT_YET - 1), None),
        (word(Outcome.OPEN, NOT_YET), Wanted.OUTCOME),
        (word(Outcome.YES), None),
    ):
        assert Stance("it-rains", by, (said(20),), own).wanted(TODAY, RULES) is wanted
    assert Stance("it-rains", by + timedelta(days=1), (said(8),)).wanted(TODAY, RULES) is Wanted.CREDENCE
    assert Stance("it-rains", by, (said(20),), None, Settled(Outcome.NO)).wanted(TODAY, RULES) is None


def test_some_claims_are_asked_to_be_said_again_where_nothing_was_learned() -> None:
    names = [f"claim-{number}" for number in range(400)]
    asked = [name for name in names if Stance(name, None, (said(4),)).wanted(TODAY, RULES) is Wanted.REPEAT]
    assert 0.05 < len(asked) / len(names) < 0.2  # one in eight: four standard errors either way
    for name in asked:
        again = (said(4), said(0, repeat=True))
        assert Stance(name, None, again).wanted(TODAY, RULES) is None
        assert Stance(name, None, (said(4, None),)).wanted(TODAY, RULES) is None


@given(
    st.lists(st.tuples(st.integers(0, 500), st.sampled_from([None, 0.1, 0.4, 0.42, 1.0]), st.booleans())),
    st.one_of(st.none(), st.integers(-30, 400)),
    st.one_of(st.none(), st.sampled_from(Outcome)),
)
def test_it_wants_a_credence_exactly_when_the_mathematics_does(
    entries: list[tuple[int, float | None, bool]], by: int | None, own: Outcome | None
) -> None:
    in_order = sorted(entries, key=lambda entry: -entry[0])
    credences = tuple(said(days, value, repeat=repeat) for days, value, repeat in in_order)
    last = None if by is None else NOW.date() + timedelta(days=by)
    stance = Stance("it-rains", last, credences, None if own is None else word(own, 60))
    history = [(TODAY - days, value, repeat) for days, value, repeat in in_order]
    ask = asking.next_ask(history, today=TODAY, by=last, settled=stance.is_settled)
    wants = stance.wanted(TODAY, RULES)
    assert (wants is Wanted.CREDENCE) == (ask == TODAY)
    assert not (stance.is_settled and wants)


@given(
    st.lists(st.integers(0, 500), unique=True),
    st.one_of(st.none(), st.integers(0, 500)),
    st.one_of(st.none(), st.integers(0, 500)),
)
def test_what_was_said_before_a_claim_meant_something_else_is_kept_and_counts_nowhere(
    days: list[int], settled: int | None, changed: int | None
) -> None:
    every = tuple(said(ago) for ago in sorted(days, reverse=True))
    own = None if settled is None else word(Outcome.YES, settled)
    changed_at = None if changed is None else NOW - timedelta(days=changed)
    found = Stance("it-rains", **stance.said(every, own, changed_at))
    assert found.every_entry == every
    if changed is None:
        assert (found.earlier, found.own) == ((), own)
    else:
        of_the_new = tuple(said(ago) for ago in sorted(days, reverse=True) if ago <= changed)
        fresh_word = own if settled is not None and settled <= changed else None
        alone = Stance("it-rains", None, of_the_new, fresh_word)
        assert (found.outcome, found.history(RULES)) == (alone.outcome, alone.history(RULES))
        assert found.wanted(TODAY, RULES) is alone.wanted(TODAY, RULES)
