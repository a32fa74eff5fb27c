"""What each piece of ``strong`` brings: it is taken out, and the error measured anew.

    python benchmarks/ablations.py                     measures what is lacking: an hour
    python benchmarks/ablations.py --variants "no clip"
    python benchmarks/ablations.py --report            the page only

Only the train files of eight tables are used. Three times a quarter of the rows is
drawn by chance and set aside, the rest is learned, and what was learned is scored on
that quarter. A variant's error is divided by that of ``strong`` on the same rows, and
the mean over tables and draws is geometric. The pieces of the network are taken out of
a single network, without folds and refits, since a mean of several hides half of what a
piece brings; folds and refits themselves are taken out of the whole.

The tables are not part of this project: see ``accuracy.py``.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

import layerwise as lw
from layerwise.layers import Dropout, Linear, MemberLinear
from layerwise.model.recipes import RECIPES, Recipe
from layerwise.network import CATALOG, Plan, Ready
from layerwise.table import read, split

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from contest.sheets import Sheet, sheets_in  # noqa: E402

TABLES = (
    *("titanic", "churn_modelling", "airbnb_seattle", "googleplaystore"),
    *("employee_salaries", "california_housing", "house_16h", "adult"),
)
SEEDS = (0, 1, 2)
ALONE = {"folds": 1, "refits": 0}
RESULTS, PAGE = HERE / "ablations.json", HERE.parent / "docs" / "ablations.md"
SCORES = {"binary": "auc", "multiclass": "log_loss", "regression": "rmse"}


@dataclass(frozen=True)
class Variant:
    """``strong`` with something changed.

    Args:
        about: What was changed.
        plan: Changes the layers.
        form: What differs in the input layer.
        regime: What differs in the training.
        options: Options of ``train``.
        beside: What it is compared with: one network, or all of ``strong``.
        is_tried: Whether it was tried and not taken, where others are taken out.
    """

    about: str
    plan: Callable[[Plan], Plan] = lambda plan: plan
    form: dict[str, Any] = field(default_factory=dict)
    regime: dict[str, Any] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=lambda: dict(ALONE))
    beside: str = "one network"
    is_tried: bool = False


def hidden(change: Callable[[MemberLinear], Any]) -> Callable[[Plan], Plan]:
    """Return a change of every hidden layer."""
    return lambda plan: replace(plan, hidden=tuple(map(change, plan.hidden)))


def alone(plan: Plan) -> Plan:
    """Return a plain network of the same widths."""
    return Plan(tuple(Linear(layer.width, layer.activation) for layer in plan.hidden))


def members(n: int) -> Callable[[Plan], Plan]:
    """Return a change of the number of members."""
    return lambda plan: Plan(
        tuple(replace(layer, members=n) for layer in plan.hidden), members=n
    )


def with_dropout(plan: Plan) -> Plan:
    """Return the plan with a dropout of 0.1 after each hidden layer."""
    layers = [one for layer in plan.hidden for one in (layer, Dropout(0.1))]
    return replace(plan, hidden=tuple(layers))


VARIANTS: dict[str, Variant] = {
    "one network": Variant("nothing: one network, without folds and refits"),
    "no quantiles": Variant(
        "numbers by their mean and standard deviation", form={"scaling": "standard"}
    ),
    "quartiles, bent": Variant(
        "numbers by their quartiles, bent beyond 3",
        form={"scaling": "robust", "smooth_clip": 3.0},
    ),
    "no encoding": Variant("one unit for a number", form={"encoding": "none"}),
    "bins by rows": Variant("all bins by quantiles of rows", form={"bins": "rows"}),
    "48 bins": Variant("48 bins in place of 128", form={"n_bins": 48}),
    "width 4": Variant("4 units for a number in place of 8", form={"width": 4}),
    "no unknown": Variant(
        "no category cell is read as unknown while training", form={"other_rate": 0.0}
    ),
    "no members": Variant("one member in place of eight", plan=alone),
    "4 members": Variant("four members", plan=members(4)),
    "shared biases": Variant(
        "members share their biases too, as in TabM-mini",
        plan=hidden(lambda layer: Linear(layer.width, layer.activation)),
    ),
    "signs": Variant(
        "members look at the units with signs",
        plan=lambda plan: replace(plan, first="signs"),
    ),
    "two layers": Variant(
        "two hidden layers in place of three",
        plan=lambda plan: replace(plan, hidden=plan.hidden[:2]),
    ),
    "64 neurons": Variant(
        "half as many neurons",
        plan=hidden(lambda layer: replace(layer, width=layer.width // 2)),
    ),
    "no settling": Variant(
        "a cosine over 40 epochs, the best of which is kept",
        regime={"settle": 0.0, "epochs": 40, "patience": 0},
    ),
    "constant rate": Variant(
        "the rate never falls", regime={"settle": 0.0, "schedule": "constant"}
    ),
    "no decay": Variant("no weight decay", regime={"weight_decay": 0.0}),
    "no clip": Variant("gradients of any length", regime={"clip_norm": None}),
    "patience 3": Variant("patience of 3 epochs, not 6", regime={"patience": 3}),
    "rate .002": Variant(
        "half the learning rate", regime={"learning_rate": 0.002}, is_tried=True
    ),
    "dropout": Variant("dropout of 0.1", plan=with_dropout, is_tried=True),
    "16 members": Variant("twice as many members", plan=members(16), is_tried=True),
    "own batches": Variant(
        "each member has batches of its own",
        regime={"own_batches": True},
        is_tried=True,
    ),
    "mish": Variant(
        "Mish in place of ReLU",
        plan=hidden(lambda layer: replace(layer, activation="mish")),
        is_tried=True,
    ),
    "strong": Variant("nothing", options={}, beside="strong"),
    "no folds": Variant(
        "three refits in place of folds, whatever the size",
        options={"folds": 1, "refits": 3},
        beside="strong",
    ),
    "no refits": Variant(
        "five folds in place of refits, whatever the size",
        options={"folds": 5},
        beside="strong",
    ),
    "one refit": Variant(
        "one refit", options={"folds": 1, "refits": 1}, beside="strong"
    ),
    "neither": Variant("neither folds nor refits", beside="strong"),
    "both": Variant(
        "five folds and three refits",
        options={"folds": 5, "refits": 3},
        beside="strong",
        is_tried=True,
    ),
}


def changed(variant: Variant, layers: Any, recipe: Any) -> dict[str, Any]:
    """Return the entries of the catalog and of the recipes that stand for it."""

    def plan_of(task: Any, n_rows: int) -> Plan:
        return variant.plan(layers(task, n_rows))

    def recipe_of(task: Any, n_train: int) -> Recipe:
        own = recipe(task, n_train)
        form = replace(own.form, **variant.form)
        return replace(own, form=form, regime={**own.regime, **variant.regime})

    return {"plan": Ready(plan_of, variant.about), "recipe": recipe_of}


def error_of(variant: Variant, sheet: Sheet, seed: int) -> tuple[float, float]:
    """Learn three quarters of a train file; return the error on the rest, and time."""
    table = read(sheet.train)
    learned, scored = split(table.n_rows, 0.25, 1000 + seed)
    own = changed(variant, CATALOG["strong"].plan, RECIPES["strong"])
    with (
        mock.patch.dict(CATALOG, strong=own["plan"]),
        mock.patch.dict(RECIPES, strong=own["recipe"]),
    ):
        began = time.perf_counter()
        model = lw.train(
            table.rows(learned),
            target=sheet.target,
            task=sheet.task,
            layers="strong",
            seed=seed,
            **variant.options,
        )
        seconds = time.perf_counter() - began
    found = model.evaluate(table.rows(scored))[SCORES[sheet.task]]
    error = float("nan") if found is None else float(found)
    return (1 - error if sheet.task == "binary" else error), seconds


Results = dict[str, dict[str, float]]
"""{"variant | table | seed": {"error": ..., "seconds": ...}}."""


def key(name: str, table: str, seed: int) -> str:
    """Return what a run is known by."""
    return f"{name} | {table} | {seed}"


def measured(
    path: Path, folder: Path, names: list[str], seeds: Sequence[int]
) -> Results:
    """Measure what is not in the results file yet."""
    results: Results = json.loads(path.read_text()) if path.exists() else {}
    sheets = sheets_in(folder)
    for seed in seeds:
        for table in TABLES:
            for name in names:
                if key(name, table, seed) in results:
                    continue
                error, seconds = error_of(VARIANTS[name], sheets[table], seed)
                run = {"error": error, "seconds": seconds}
                results[key(name, table, seed)] = run
                path.write_text(json.dumps(results, indent=1) + "\n")
                said = f"{key(name, table, seed)} | {error:.5g} | {seconds:.0f} s"
                print(said, flush=True)
    return results


def ratios(results: Results, name: str) -> dict[str, list[float]]:
    """Return the error in that of what it is compared with, seed by seed."""
    beside = VARIANTS[name].beside
    return {
        table: [
            results[key(name, table, seed)]["error"]
            / results[key(beside, table, seed)]["error"]
            for seed in SEEDS
            if key(name, table, seed) in results and key(beside, table, seed) in results
        ]
        for table in TABLES
    }


def line(results: Results, name: str) -> str:
    """Write a variant as a line of a table."""
    by_table = ratios(results, name)
    every = [ratio for table in by_table.values() for ratio in table]
    if len(every) < len(TABLES) * len(SEEDS):
        return ""
    draws = [
        np.exp(np.mean([np.log(by_table[table][s]) for table in TABLES]))
        for s in range(len(SEEDS))
    ]
    n_worse = sum(ratio > 1 for ratio in every)
    beside = VARIANTS[name].beside
    seconds = [
        sum(results[key(who, table, seed)]["seconds"] for table in TABLES)
        for who in (name, beside)
        for seed in SEEDS
    ]
    time_ratio = np.median(seconds[: len(SEEDS)]) / np.median(seconds[len(SEEDS) :])
    cells = [f"{np.exp(np.mean(np.log(by_table[table]))):.3f}" for table in TABLES]
    mean = np.exp(np.mean(np.log(every)))
    return (
        f"| {VARIANTS[name].about} | **{mean:.3f}** | {min(draws):.3f} to "
        f"{max(draws):.3f} | {n_worse} of {len(every)} | {time_ratio:.2f} | "
        f"{' | '.join(cells)} |\n"
    )


def section(results: Results, beside: str, is_tried: bool) -> str:
    """Write the variants of one kind, the worst first."""
    head = ["changed", "error", "three draws", "worse on", "time", *TABLES]
    names = [
        name
        for name, variant in VARIANTS.items()
        if (variant.beside, variant.is_tried) == (beside, is_tried) and name != beside
    ]
    lines = {name: line(results, name) for name in names}
    known = [name for name in names if lines[name]]
    known.sort(
        key=lambda name: -sum(np.log(sum(ratios(results, name).values(), []))),
    )
    return (
        f"| {' | '.join(head)} |\n|{'---|' * len(head)}\n"
        + "".join(lines[name] for name in known)
        + "\n"
    )


TEXT = """# What each piece of strong brings

Each line is `strong` with one thing changed. The error is divided by the error without
the change, on the same rows: above 1 the change is a loss, and what it took away earns
its place. The mean over eight tables and three draws is geometric; beside it stand the
means of the single draws, and on how many of the {n} rounds the change was a loss. Time
is that of the training, in the same unit.

Only train files are used: a quarter of the rows, drawn three times by chance, is set
aside and scored. On so few rows (178 of titanic) a single table swings by several
percent; a mean within half a percent of 1 is no difference. Measured by
`python benchmarks/ablations.py`; it says more of how.

## Pieces of the network, taken out

Of a single network, without folds and refits.

{pieces}## Folds and refits, taken out

Of the whole: five folds up to 10,000 training rows, three refits beyond. Of these eight
tables the first five are small.

{whole}## Tried, and not taken

In a single network:

{tried}In the whole:

{tried_whole}"""


def main() -> None:
    """Measure, then write the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--variants", help="some of them, separated by commas")
    parser.add_argument("--seeds", default="0,1,2", help="some of 0,1,2")
    parser.add_argument(
        "--folder", type=Path, default=HERE.parent.parent / "shared" / "tables"
    )
    parser.add_argument("--report", action="store_true", help="measure nothing")
    parser.add_argument("--out", type=Path, default=RESULTS, help="the results")
    parser.add_argument("--page", type=Path, default=PAGE, help="the page")
    asked = parser.parse_args()
    names = asked.variants.split(",") if asked.variants else list(VARIANTS)
    for name in names:
        if name not in VARIANTS:
            parser.error(f"{name!r} is none of {', '.join(VARIANTS)}.")
    seeds = [int(seed) for seed in asked.seeds.split(",")]
    results = measured(asked.out, asked.folder, [] if asked.report else names, seeds)
    asked.page.write_text(
        TEXT.format(
            n=len(TABLES) * len(SEEDS),
            pieces=section(results, "one network", is_tried=False),
            whole=section(results, "strong", is_tried=False),
            tried=section(results, "one network", is_tried=True),
            tried_whole=section(results, "strong", is_tried=True),
        ),
        encoding="utf-8",
    )
    print(f"Written: {asked.page}")


if __name__ == "__main__":
    main()
