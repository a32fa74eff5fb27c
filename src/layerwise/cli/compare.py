"""layerwise compare: the ladder from the mean to boosted trees, on your own table."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from layerwise.cli.options import Drop, Features, Json, Sheet, Sql, TableFile, names
from layerwise.cli.progress import stopping
from layerwise.cli.render import console, drawing, heard, number, print_json, visible
from layerwise.model.compare import LADDER, Comparison, Interval, Rung, Watch, compare
from layerwise.table import Task, read
from layerwise.table.reading import count
from layerwise.training import Progress

__all__ = ["run"]

SAID = {"rmse": "RMSE", "log_loss": "log-loss"}
SECONDS_BETWEEN_LINES = 5.0


Target = Annotated[
    str,
    typer.Option(metavar="COLUMN", help="The column to predict.", show_default=False),
]
Folds = Annotated[
    int,
    typer.Option(
        metavar="N", help="Parts of the rows, each of which is held out once."
    ),
]
Rungs = Annotated[
    str | None,
    typer.Option(
        metavar="A;B",
        help=f"Rungs, separated by semicolons: {'; '.join(LADDER)} if not given.",
    ),
]
TaskOf = Annotated[
    Task | None,
    typer.Option(
        metavar="TASK", help="regression, binary or multiclass; follows the target."
    ),
]
Seed = Annotated[
    int, typer.Option(metavar="N", help="Where every random number comes from.")
]


def run(
    table: TableFile,
    target: Target,
    folds: Folds = 5,
    rungs: Rungs = None,
    features: Features = None,
    drop: Drop = None,
    task: TaskOf = None,
    seed: Seed = 0,
    sql: Sql = None,
    sheet: Sheet = None,
    json: Json = False,
) -> None:
    """Every rung learns the same rows, and is measured on rows that it never saw."""
    rows = read(table, sql=sql, sheet=sheet)
    ladder = [name.strip() for name in rungs.split(";")] if rungs else list(LADDER)
    with heard(), _watching(ladder, folds) as watch:
        found = compare(
            rows,
            target,
            folds=folds,
            rungs=[name for name in ladder if name],
            seed=seed,
            features=names(features),
            drop=names(drop),
            task=task,
            watch=watch,
        )
    if json:
        print_json(_plain(found))
    else:
        _print(found, Path(table).name, rows.n_rows, target)


@contextmanager
def _watching(ladder: list[str], folds: int) -> Iterator[Watch]:
    """Say on standard error where the ladder is; Ctrl-C ends it below the rung."""
    said = 0.0
    with stopping() as stop:

        def watch(name: str, fold: int, progress: Progress | None) -> bool:
            nonlocal said
            now = time.monotonic()
            if progress is None and (fold == 1 or now - said > SECONDS_BETWEEN_LINES):
                said = now
                place = f"rung {ladder.index(name) + 1} of {len(ladder)}"
                line = f"{place}: {name}, fold {fold} of {folds}"
                print(line, file=sys.stderr, flush=True)
            return stop.is_set()

        yield watch


def _plain(found: Comparison) -> dict[str, Any]:
    return {
        "score_name": found.score_name,
        "n_folds": found.n_folds,
        "rungs": [_plain_rung(rung) for rung in found.rungs],
        "best": found.best.name if found.rungs else None,
    }


def _plain_rung(rung: Rung) -> dict[str, Any]:
    return {
        "name": rung.name,
        "n_parameters": rung.n_parameters,
        "counts": rung.counts,
        "seconds": round(rung.seconds, 3),
        "score": rung.score.mean,
        "low": rung.score.low,
        "high": rung.score.high,
        "scores": list(rung.scores),
        "gain": None if rung.gain is None else _plain_interval(rung.gain),
        "pays": rung.pays,
    }


def _plain_interval(interval: Interval) -> dict[str, float]:
    return {"mean": interval.mean, "low": interval.low, "high": interval.high}


def _print(found: Comparison, file: str, n_rows: int, target: str) -> None:
    out = console()
    folds = count(found.n_folds, "fold")
    name = SAID[found.score_name]
    out.print(
        visible(f"{file}: {target!r} of {count(n_rows, 'row')}, in {folds}. {name}, ")
        + "lower is better."
    )
    out.print()
    out.print(_ladder(found))
    if not found.rungs:
        return
    out.print()
    out.print(visible(_verdict(found)))


def _ladder(found: Comparison) -> Table:
    """Draw the rungs, the score with its interval, and whether the step pays."""
    table = drawing()
    table.add_column("rung", overflow="fold")
    table.add_column("parameters", justify="right", overflow="fold")
    table.add_column("seconds", justify="right")
    table.add_column(SAID[found.score_name], justify="right")
    table.add_column("between", justify="right", style="dim", overflow="fold")
    table.add_column("does the step pay?", overflow="fold")
    for rung in found.rungs:
        is_best = rung is found.best
        table.add_row(
            rung.name,
            f"{rung.n_parameters:,}" + (" leaves" if rung.counts == "leaves" else ""),
            number(rung.seconds, 3),
            number(rung.score.mean),
            f"{number(rung.score.low, 3)} and {number(rung.score.high, 3)}",
            _step(rung),
            style="bold" if is_best else None,
        )
    return table


def _step(rung: Rung) -> str:
    """Say whether the step up from the rungs below pays, and by how much."""
    gain = rung.gain
    if gain is None:
        return "-"
    low, high = number(gain.low, 2), number(gain.high, 2)
    if rung.pays:
        return f"yes: {number(gain.mean, 3)} lower ({low} to {high})"
    if gain.high < 0:
        return f"no: {number(-gain.mean, 3)} higher"
    return "no: within the doubt"


def _verdict(found: Comparison) -> str:
    """Say which rung is enough."""
    best = found.best
    after = found.rungs[found.rungs.index(best) + 1 :]
    more = "; no rung above it is better beyond doubt" if after else ""
    what = f"{best.n_parameters:,} {best.counts}"
    return f"Enough: {best.name}, with {what}{more}."
