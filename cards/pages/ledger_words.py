"""What the ledger says in words: where a claim stands, what its path comes to, and what all of them do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cards.beliefs.conservation import Conservation
from cards.beliefs.credence import percent
from cards.days import day_number
from cards.ledger import Status
from cards.pages.belief_words import CHANGED, OCCASIONS, OUTCOMES, day, in_full, outcome

if TYPE_CHECKING:
    from cards.beliefs.movement import Moved
    from cards.beliefs.together import Together
    from cards.claims import ConservationCheck, Credence
    from cards.days import DayRules
    from cards.ledger import Listed

PRIVATE = "Private: it stays in your file on this machine."
PRIVATE_ON_A_SERVER = "Private: nobody else is shown it; it stays in this app's database."
SMALL = 0.0995  # below it three decimals are told
TOO_LATE = "not counted: it came after the claim had turned out"
ANOTHER_CLAIM = "not counted: its author has changed what the claim means since"
OWN, GONE = "Your own", "No longer in the book"


def summary(claims: list[Listed], today: int) -> str:
    """Say what the ledger holds: "12 claims, 40 credences; 3 have turned out, 1 waits for it."."""
    said = [claim for claim in claims if claim.is_said]
    entries = sum(len(claim.entries) for claim in said)
    resolved = sum(claim.status(today) is Status.RESOLVED for claim in said)
    past = sum(claim.status(today) is Status.PAST for claim in said)
    turned = f"{resolved:,} {'has' if resolved == 1 else 'have'} turned out" if resolved else ""
    waits = f"the date of {past:,} has come" if past else ""
    rest = "; ".join(part for part in (turned, waits) if part)
    return f"{counted(len(said), 'claim')}, {counted(entries, 'credence')}{'; ' if rest else ''}{rest}."


def counted(number: int, noun: str) -> str:
    """So many of something: "1 claim", "1,200 claims"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def where(claim: Listed) -> str:
    """Whose a claim is: the title of its section, or that it is the learner's own."""
    return OWN if claim.is_own else claim.section_title or GONE


def standing(claim: Listed, today: int, rules: DayRules) -> str:
    """Say where a claim stands: "62% on 3 November 2026 · by 31 December 2027"."""
    never = CHANGED if claim.earlier else "no credence yet"
    said = [said_last(claim.entries[-1], today, rules)] if claim.entries else [never]
    if claim.is_settled:
        return " · ".join([*said, OUTCOMES[claim.outcome]])
    if claim.by is None:
        return said[0]
    has_come = claim.status(today) is Status.PAST
    return " · ".join(
        [*said, f"its date has come: {in_full(claim.by)}" if has_come else f"by {in_full(claim.by)}"]
    )


def said_last(entry: Credence, today: int, rules: DayRules) -> str:
    """A credence and its day: "62% yesterday"."""
    return f"{percent(entry.probability)} {day(day_number(entry.at, rules), today)}"


def turned_out(claim: Listed, rules: DayRules) -> str:
    """Say how a claim has turned out, who says so, and why; empty while it is open."""
    if not claim.is_settled:
        return ""
    why = f" {claim.own.note}" if claim.own is not None and claim.is_settled_by_learner else ""
    return f"It {outcome(claim, rules)}.{why}".rstrip()


def asked_again(claim: Listed, today: int, rules: DayRules) -> str:
    """Say when the desk asks for a credence again; empty if it does not."""
    ask = None if claim.is_gone else claim.next_ask(today, rules)
    if ask is None:
        return ""
    days = ask - today
    when = {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")
    return f"The desk asks for it again {when}."


def measured(moved: Moved | None, ended: Moved | None, claim: Listed) -> list[str]:
    """Say what one path comes to, and what it does with its end; one credence has moved nowhere yet."""
    if moved is None:
        return ["There is no credence yet that could move."]
    if not moved.updates:
        return ["One credence has not moved yet. With the next, this says how far, and what for."]
    updates = counted(moved.updates, "update")
    amounts = f"movement {amount(moved.movement)}, uncertainty reduction {amount(moved.reduction)}"
    sentences = [f"In {updates}: {amounts}, excess {amount(moved.excess)}."]
    if ended is not None and claim.happened is not None:
        end = "100%" if claim.happened else "0%"
        sentences.append(
            f"Followed to its end at {end}: movement {amount(ended.movement)}, reduction "
            f"{amount(ended.reduction)}, excess {amount(ended.excess)}."
        )
    return sentences


def path_read_out(claim: Listed, today: int, rules: DayRules) -> str:
    """Say what the picture of a path shows."""
    known = [entry for entry in claim.entries if entry.probability is not None]
    count = counted(len(claim.entries), "credence")
    if not known:
        return f"{count}, none of them a number yet: you had no idea."
    first, last = known[0], known[-1]
    gaps = len(claim.entries) - len(known)
    parts = [count, f"from {said_last(first, today, rules)}"]
    if last is not first:
        parts.append(f"to {said_last(last, today, rules)}")
    if gaps:
        parts.append(f"with {counted(gaps, 'gap')} where you had no idea")
    if any(entry.repeat for entry in known):
        parts.append("rings are repeat ratings")
    end = f"; it {OUTCOMES[claim.outcome]}" if claim.is_settled else ""
    return f"{', '.join(parts)}{end}."


def entry_about(entry: Credence) -> str:
    """What besides its number is to be said of an entry: "repeat rating", "before reading"."""
    occasion = OCCASIONS.get(entry.occasion, "").lstrip(", ")
    return " · ".join(part for part in ("repeat rating" if entry.repeat else "", occasion) if part)


def together(record: Together) -> list[list[str]]:
    """What all paths come to, in rows: a name, a value, and what it means."""
    return [
        ["Claims that moved", f"{record.n:,}", _still(record)],
        [
            "Movement",
            amount(record.movement),
            f"squared updates, summed over {counted(record.updates, 'update')}",
        ],
        ["Uncertainty reduction", amount(record.reduction), "how much p(1 − p) fell from first to last"],
        ["Excess", amount(record.excess), "movement beyond reduction; 0 on average for fair credences"],
        ["Movement for each unit of reduction", _ratio(record), _interval(record)],
        ["Noise floor", _floor(record), _pairs(record)],
    ]


def check(done: ConservationCheck, today: int, rules: DayRules) -> list[str]:
    """Say what a check of conservation came to: prior beside expected posterior, implied beside stated."""
    numbers = Conservation(done.prior, done.if_true, done.if_false)
    implied = numbers.implied(happened=done.happened)
    came = "The evidence came" if done.happened else "The evidence did not come"
    if implied is None:
        asks = f"{came}, which your numbers called impossible, so that they say nothing of what to believe"
    else:
        asks = f"{came}: your numbers ask for {percent(implied)}"
    chances = f"{percent(done.if_true)} if the claim is true and {percent(done.if_false)} if it is false"
    stated = "" if done.after is None else f", and you stated {percent(done.after)}"
    return [
        f"Prior {percent(done.prior)}, expected posterior {percent(numbers.expected)}.",
        f"You gave the evidence {chances}, so {percent(numbers.chance)} in all.",
        f"{asks}{stated}.",
        day(day_number(done.at, rules), today),
    ]


def amount(value: float) -> str:
    """A sum of squares, or a difference of them: "0.125", "1.52", "−0.03"."""
    places = 3 if abs(value) < SMALL else 2
    return f"{round(value, places) + 0.0:.{places}f}".replace("-", "−")


def _still(record: Together) -> str:
    return f"{record.still:,} more never moved, and count nowhere" if record.still else ""


def _ratio(record: Together) -> str:
    return "–" if record.ratio is None else f"{record.ratio:.2f}"


def _interval(record: Together) -> str:
    if record.ratio is None:
        return "uncertainty has not fallen on the whole, so there is no ratio" if record.n else ""
    if record.interval is None:
        return "1 on average for fair credences; an interval is given from 20 claims on"
    low, high = record.interval
    up_to = "without an upper limit" if high == float("inf") else f"to {high:.2f}"
    return f"95% interval from {low:.2f} {up_to}, by bootstrap over claims; 1 for fair credences"


def _floor(record: Together) -> str:
    return "–" if record.noise_excess is None else amount(record.noise_excess)


def _pairs(record: Together) -> str:
    noise = record.noise
    if noise is None:
        return "how much excess the noise of reports adds; known once you rate a claim again with nothing new"
    off = "; by 20 pairs it is good enough to subtract" if not noise.enough else ""
    return (
        f"excess that noise alone adds: a report errs by about {100 * noise.sd:.1f} points, by "
        f"{counted(noise.pairs, 'repeat rating')}{off}"
    )
