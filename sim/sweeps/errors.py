"""What a sweep refuses, and what it ends with when a run failed."""

from __future__ import annotations


class SweepError(ValueError):
    """A sweep that cannot begin; the message names the word that is wrong and what to write instead."""


class RunsFailedError(RuntimeError):
    """A sweep that ended without some of its runs; the message names them, or says why."""
