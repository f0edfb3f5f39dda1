"""What the store does with what a learner believes; see `cards.claims`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cards.store import beliefs

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from cards.claims import Claim, ConservationCheck, Credence, Resolution
    from cards.store.engine import Database


class Believing:
    """The part of a store that keeps the ledger; each method is one transaction."""

    _database: Database

    def keep_claim(self, learner: int, claim: Claim) -> None:
        """Put down a claim of the learner's own; one of the same id gets this text and this date."""
        with self._database.writing(learner) as connection:
            beliefs.keep_claim(connection, learner, claim)

    def claims(self, learner: int) -> list[Claim]:
        """Return a learner's own claims, oldest first; those of the book are its cards."""
        with self._database.reading() as connection:
            return beliefs.claims(connection, learner)

    def record_credence(self, learner: int, credence: Credence) -> None:
        """Keep a credence; one with the client id of one that was kept before changes nothing."""
        with self._database.writing(learner) as connection:
            beliefs.record_credence(connection, learner, credence)

    def note_credence(self, learner: int, client_id: str, note: str) -> None:
        """Change what a learner has written to a credence."""
        with self._database.writing(learner) as connection:
            beliefs.note_credence(connection, learner, client_id, note)

    def credences(self, learner: int, claim_ids: Iterable[str] | None = None) -> dict[str, list[Credence]]:
        """Return the credences that count in these claims, or in all, by claim, oldest first."""
        with self._database.reading() as connection:
            return beliefs.credences(connection, learner, claim_ids)

    def record_resolution(self, learner: int, resolution: Resolution) -> None:
        """Keep how a claim has turned out; the same client id again changes nothing."""
        with self._database.writing(learner) as connection:
            beliefs.record_resolution(connection, learner, resolution)

    def resolutions(self, learner: int) -> dict[str, Resolution]:
        """Return what a learner said last of how each claim has turned out, by claim."""
        with self._database.reading() as connection:
            return beliefs.resolutions(connection, learner)

    def record_conservation(self, learner: int, check: ConservationCheck) -> None:
        """Keep a check of conservation; the same client id again changes only the credence afterwards."""
        with self._database.writing(learner) as connection:
            beliefs.record_check(connection, learner, check)

    def conservation_checks(self, learner: int) -> list[ConservationCheck]:
        """Return the checks of conservation that count, oldest first."""
        with self._database.reading() as connection:
            return beliefs.checks(connection, learner)

    def take_back_belief(self, learner: int, client_id: str, now: datetime) -> None:
        """Let a credence, a resolution or a check not count any more; `bring_back_belief` undoes that."""
        with self._database.writing(learner) as connection:
            beliefs.take_back(connection, learner, client_id, now)

    def bring_back_belief(self, learner: int, client_id: str) -> None:
        """Let a credence, a resolution or a check count again that was taken back."""
        with self._database.writing(learner) as connection:
            beliefs.take_back(connection, learner, client_id, None)

    def holds_belief(self, learner: int, claim_id: str | None = None) -> bool:
        """Whether anything is kept of a claim or a check, or of any belief; also what was taken back."""
        with self._database.reading() as connection:
            return beliefs.is_held(connection, learner, claim_id)

    def forget_claim(self, learner: int, claim_id: str) -> int:
        """Delete for good all that a learner has said of a claim; return how many rows that was."""
        with self._database.writing(learner) as connection:
            return beliefs.forget_claim(connection, learner, claim_id)

    def forget_beliefs(self, learner: int) -> int:
        """Delete for good all claims, credences, resolutions, checks and predictions; return how many."""
        with self._database.writing(learner) as connection:
            return beliefs.forget(connection, learner)
