"""`make bench`: every figure that the project promises, as a ratio to its baseline, all in one run.

Each module of this folder has `measure() -> list[(name, ours, baseline, target)]`; ours and the baseline are
measured interleaved, in the same unit (seconds, or bytes), and the target is the greatest ratio allowed.
The table is a report, not a test: these figures depend on what else the machine is doing.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

HERE = Path(__file__).parent


def names(wanted: list[str]) -> list[str]:
    """The benchmarks to run: those named, else all of them."""
    known = sorted(path.stem for path in HERE.glob("*.py") if not path.stem.startswith("_"))
    unknown = [name for name in wanted if name not in known]
    if unknown:
        sys.exit(f"There is no benchmark called '{unknown[0]}'. There are: {', '.join(known)}.")
    return wanted or known


def main(wanted: list[str]) -> None:
    """Print one row a figure."""
    print(f"{'figure':<66}{'ours':>12}{'baseline':>12}{'ratio':>8}{'target':>9}")
    for name in names(wanted):
        for title, ours, baseline, target in importlib.import_module(f"tests.bench.{name}").measure():
            ratio = ours / baseline
            limit = f"≤ {target:g}"
            verdict = "" if ratio <= target else "  missed"
            print(
                f"{title:<66}{_number(ours):>12}{_number(baseline):>12}{ratio:>8.2f}{limit:>9}{verdict}",
                flush=True,
            )


def _number(value: float) -> str:
    """Seconds in milliseconds or microseconds; anything above 1,000 is a size in bytes."""
    if value >= 1000:
        return f"{value / 1e6:,.2f} MB"
    return f"{value * 1000:,.2f} ms" if value >= 1e-3 else f"{value * 1e6:,.1f} µs"


if __name__ == "__main__":
    main(sys.argv[1:])
