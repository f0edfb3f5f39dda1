"""The simulations from the command line.

    python -m sim list [--json]
    python -m sim run NAME [--set SETTING=VALUE]… [--seed N] [--device cpu|cuda|mps|auto] [--json]
    python -m sim sweep NAME [--grid SETTING=FROM:TO:COUNT]… [--set SETTING=VALUE]… [--seeds FROM:TO]
        --out FILE.parquet [--device …] [--processes N | --cluster tcp://HOST:PORT] [--json]
    python -m sim store NAME

`run --json` prints one JSON object: sim, config, seed, device, seconds, facts, result; a number that is not
finite is null there. Without it, progress goes to standard error, and tables and a sentence to standard
output. `sweep` runs every point of a grid with every seed (`sim.sweep`). `store` keeps the runs that a toy
shows at first. What the user got wrong is one line on standard error and exit status 2; a sweep without all
of its runs, and a result that cannot be written, is 1, an interrupt 130.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from sim.picture import Json, finite, seed_from
from sim.run import AUTO, DeviceError, OutOfMemoryError, run_to_end
from sim.spec import (
    BrokenToyError,
    SettingError,
    UnknownToyError,
    get,
    moved_settings,
    names,
    parse_settings,
)
from sim.sweep import RunsFailedError, SweepError, make_plan, place, sweep
from sim.toys import _stored
from sim.version import code_version

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.run import Finished
    from sim.spec import Frame, Settings, Toy

INTERRUPTED = 130
FAILED = 1
WRONG = 2


class UsageError(ValueError):
    """A command line that makes no sense; the message says which part."""


class UnwrittenError(RuntimeError):
    """A result that has nowhere to go; the message says why."""


class _GoneError(RuntimeError):
    """Whoever read our output has gone."""


class _Parser(argparse.ArgumentParser):
    """A parser whose complaint is one line, without the usage."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message} (see {self.prog} --help)")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit status."""
    try:
        options = _parser().parse_args(arguments)
        options.command(options)
    except (
        UsageError,
        UnknownToyError,
        BrokenToyError,
        SettingError,
        DeviceError,
        OutOfMemoryError,
        SweepError,
    ) as error:
        _say(str(error))
        return WRONG
    except _GoneError:
        return 0  # whoever stops to read has read enough
    except (RunsFailedError, UnwrittenError) as error:
        _say(str(error))
        return FAILED
    except KeyboardInterrupt:
        _say("")  # the shell's prompt starts on a line of its own
        return INTERRUPTED
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m sim", description="Run the book's simulations.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    listing = commands.add_parser("list", help="name every simulation")
    listing.add_argument("--json", action="store_true", help="as a JSON list of names and titles")
    listing.set_defaults(command=_list)

    running = commands.add_parser("run", help="run one simulation")
    running.add_argument("name", metavar="NAME")
    running.add_argument("--set", action="append", default=[], metavar="SETTING=VALUE", dest="settings")
    running.add_argument("--seed", default="0", metavar="N")
    running.add_argument("--device", default=AUTO, metavar="DEVICE", help="cpu, cuda, mps or auto")
    running.add_argument("--json", action="store_true", help="print one JSON object")
    running.set_defaults(command=_run)

    sweeping = commands.add_parser("sweep", help="run one simulation at every point of a grid")
    sweeping.add_argument("name", metavar="NAME")
    sweeping.add_argument("--grid", action="append", default=[], metavar="SETTING=FROM:TO:COUNT")
    sweeping.add_argument("--set", action="append", default=[], metavar="SETTING=VALUE", dest="settings")
    sweeping.add_argument("--seeds", default="0", metavar="FROM:TO", help="FROM:TO without TO, or N,N,…")
    sweeping.add_argument("--out", required=True, type=Path, metavar="FILE", help=".parquet or .csv")
    sweeping.add_argument("--device", default=AUTO, metavar="DEVICE", help="cpu, cuda, mps or auto")
    sweeping.add_argument("--processes", type=int, metavar="N", help="by default one for each core")
    sweeping.add_argument("--cluster", metavar="tcp://HOST:PORT", help="the scheduler of a Dask cluster")
    sweeping.add_argument("--json", action="store_true", help="print one JSON object")
    sweeping.set_defaults(command=_sweep)

    storing = commands.add_parser("store", help="keep the run that a simulation shows at first")
    storing.add_argument("name", metavar="NAME")
    storing.set_defaults(command=_store)
    return parser


def _list(options: argparse.Namespace) -> None:
    toys = [get(name) for name in names()]
    if options.json:
        _print_json([{"name": toy.name, "title": toy.title} for toy in toys])
        return
    width = max(len(toy.name) for toy in toys)
    for toy in toys:
        _tell(f"{toy.name:{width}}  {toy.title}")


def _run(options: argparse.Namespace) -> None:
    toy = get(options.name)
    given = _settings(options.settings)
    config, seed = parse_settings(toy, given), seed_from(options.seed)
    for name, (asked, held) in moved_settings(config, given).items():
        _say(f"{toy.name}: {name} is {held:.6g}, the nearest to {asked:.6g} that it can run with.")
    if options.json:
        finished = run_to_end(toy, config, seed=seed, device=options.device)
        _print_json(_report(toy, config, seed, finished))
        return
    finished = run_to_end(toy, config, seed=seed, device=options.device, watch=_show_progress)
    _say("")
    _print_tables(toy, seed, finished)


def _sweep(options: argparse.Namespace) -> None:
    toy = get(options.name)
    plan = make_plan(toy, grid=options.grid, given=_settings(options.settings), seeds=options.seeds)
    for remark in plan.remarks:
        _say(remark)
    code = code_version(toy.name)
    with place(options.cluster, options.processes) as where:
        swept = sweep(plan, options.out, where, device=options.device, code=code, say=_say)
    if options.json:
        _print_json({"sim": toy.name, "code": code, "out": str(options.out), **asdict(swept)})
    else:
        _tell(str(options.out))


def _store(options: argparse.Namespace) -> None:
    toy = get(options.name)
    if not getattr(toy.module, "SHOWS_STORED_RUN", False):
        raise UsageError(f"{toy.name} shows no stored run: what it shows at first is computed.")
    try:
        _tell(str(_stored.write(toy.name, _last_frame(toy, {}))))
        beside = getattr(toy.module, "STORED_BESIDE", ())
        if beside:
            _tell(str(_stored.write_others(toy.name, (_last_frame(toy, settings) for settings in beside))))
    except OSError as error:
        raise UnwrittenError(
            f"{error.filename or _stored.FOLDER}: {error.strerror}. Nothing is kept."
        ) from None


def _last_frame(toy: Toy, settings: Mapping[str, Any]) -> Frame:
    return run_to_end(toy, parse_settings(toy, settings), seed=0, device="cpu").frame


def _settings(pairs: Sequence[str]) -> dict[str, str]:
    given: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise UsageError(f"--set takes SETTING=VALUE, not '{pair}'.")
        if name in given:
            raise UsageError(f"--set gives {name} twice.")
        given[name] = value
    return given


def _report(toy: Toy, config: Settings, seed: int, finished: Finished) -> dict[str, Any]:
    return {
        "sim": toy.name,
        "config": config.model_dump(mode="json"),
        "seed": seed,
        "device": finished.device,
        "seconds": round(finished.seconds, 3),
        "facts": toy.module.facts(config),
        "result": dict(finished.frame.result),
    }


def _print_tables(toy: Toy, seed: int, finished: Finished) -> None:
    frame = finished.frame
    exact, named = toy.module.facts(frame.config), toy.module.FACTS
    width = max(map(len, [*exact, *frame.result]))
    _tell("exact")
    for name, value in exact.items():
        _tell(f"  {name:{width}}  {value:<10.6g}  {named[name].title}")
    _tell(f"simulated in {finished.seconds:.2f} s on {finished.device} with seed {seed}")
    for name, result in frame.result.items():
        _tell(f"  {name:{width}}  {_shortened(result)}")
    _tell(toy.module.readout(frame))


def _shortened(value: float | list[float]) -> str:
    return " ".join(f"{item:.4g}" for item in value) if isinstance(value, list) else f"{value:.6g}"


def _print_json(value: Json) -> None:
    _tell(json.dumps(finite(value), allow_nan=False))


def _show_progress(frame: Frame) -> None:
    print(f"\r{frame.progress:4.0%}", end="", file=sys.stderr, flush=True)


def _say(line: str) -> None:
    print(line, file=sys.stderr)


def _tell(line: str) -> None:
    """Print what was asked for.

    Raises:
        UnwrittenError: If it cannot be written; all further output then leads nowhere.
    """
    try:
        print(line, flush=True)
    except OSError as error:
        # What was not taken is kept, and would fail once more, with a trace, when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            raise _GoneError from None
        why = f"What came of it cannot be written: {error.strerror}; send it elsewhere."
        raise UnwrittenError(why) from None


if __name__ == "__main__":
    sys.exit(main())
