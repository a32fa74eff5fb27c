"""Networks of the TabM paper with their published settings, beside published scores.

    python benchmarks/published.py                        what is lacking: an hour
    python benchmarks/published.py --sets churn --rows MLP,TabM
    python benchmarks/published.py --report               the page only

The protocol is that of the paper (Gorishniy et al., "TabM", 2024): 64 % of the rows
train, 16 % say which epoch is best, 20 % are scored; settings are those that its
authors found best on each set, printed in the reports of their repository. Theirs are
means over 15 seeds on one split, ours over three seeds on another split of the same
rows: theirs is not public. ``strong`` stands beside them as it is, without tuning.

The tables are not part of this project: see ``accuracy.py``.
"""

import argparse
import json
import sys
import time
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

from layerwise.errors import LayerwiseWarning
from layerwise.layers import Dropout, Linear, MemberLinear
from layerwise.model import Settings, fit
from layerwise.model.examples import examples_of
from layerwise.model.inputs import InputForm
from layerwise.model.recipes import RECIPES, Recipe
from layerwise.network import CATALOG, Plan, Ready
from layerwise.table import Table, read, split

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from contest.sheets import Sheet, sheets_in  # noqa: E402

SEEDS = (0, 1, 2)
SPLIT_SEED = 64_16_20
RESULTS, PAGE = HERE / "published.json", HERE.parent / "docs" / "published.md"
MEMBERS = 32


@dataclass(frozen=True)
class Set:
    """A table of the paper.

    Args:
        table: Its name here.
        score: The published score.
        unit: What RMSE is divided by.
        drop: Columns that the paper does not have.
        batch_size: Rows of a batch.
    """

    table: str
    score: str
    unit: float = 1.0
    drop: tuple[str, ...] = ()
    batch_size: int = 256

    def score_of(self, found: dict[str, Any]) -> float:
        """Return the score, from what ``evaluate`` found."""
        return float(found[self.score]) / self.unit

    def said(self, score: float) -> str:
        """Write a score with the digits that the paper prints."""
        if self.table == "house_16h":
            return f"{score:,.0f}"
        return f"{score:.4f}"


SETS = {
    "churn": Set(
        "churn_modelling", "accuracy", drop=("RowNumber", "CustomerId", "Surname")
    ),
    "house": Set("house_16h", "rmse"),
    "diamond": Set("diamonds", "rmse", unit=3989.4, batch_size=512),
    "otto": Set("otto", "accuracy", batch_size=512),
}


@dataclass(frozen=True)
class Row:
    """A published row: the settings and the score.

    Args:
        depth: Hidden layers.
        width: Neurons of each.
        dropout: Share of them that is silent while training.
        rate: The learning rate.
        decay: The weight decay.
        score: The published mean.
        spread: Its standard deviation over 15 seeds.
        units: Units of each number, where numbers are encoded piecewise.
        bins: Their bins.
    """

    depth: int
    width: int
    dropout: float
    rate: float
    decay: float
    score: float
    spread: float
    units: int = 0
    bins: int = 0


PUBLISHED: dict[tuple[str, str], Row] = {
    ("churn", "MLP"): Row(6, 752, 0.0, 5.07e-4, 0.0, 0.8553, 0.0029),
    ("churn", "MLP-PLE"): Row(2, 736, 0.0, 5.84e-4, 0.0, 0.8580, 0.0028, 24, 114),
    ("churn", "TabM"): Row(4, 192, 0.0, 7.09e-4, 0.0, 0.8605, 0.0016),
    ("churn", "TabM-mini"): Row(4, 576, 0.036, 2.08e-3, 0.0, 0.8633, 0.0018),
    ("churn", "TabM-mini-PLE"): Row(
        3, 576, 0.238, 1.43e-3, 0.0, 0.8606, 0.0023, 32, 122
    ),
    ("churn", "TabM-PLE"): Row(3, 736, 0.454, 6.19e-4, 3.09e-3, 0.8608, 0.0015, 24, 9),
    ("house", "MLP"): Row(2, 848, 0.277, 7.12e-4, 1.25e-3, 31117, 294),
    ("house", "MLP-PLE"): Row(5, 496, 0.399, 3.49e-4, 0.0, 30999, 351, 12, 8),
    ("house", "TabM"): Row(5, 784, 0.0, 2.08e-3, 1.39e-4, 30038, 97),
    ("house", "TabM-mini"): Row(5, 352, 0.0, 2.74e-3, 0.0, 30394, 139),
    ("house", "TabM-mini-PLE"): Row(4, 544, 0.0, 7.75e-4, 3.73e-2, 29976, 196, 8, 2),
    ("house", "TabM-PLE"): Row(4, 560, 0.0, 2.01e-3, 1.83e-3, 29931, 173, 12, 2),
    ("diamond", "MLP"): Row(5, 96, 0.029, 6.03e-4, 0.0, 0.1404, 0.0012),
    ("diamond", "MLP-PLE"): Row(3, 176, 0.0, 3.73e-4, 5.14e-4, 0.1323, 0.0010, 24, 112),
    ("diamond", "TabM"): Row(3, 432, 0.067, 8.38e-4, 9.94e-2, 0.1310, 0.0007),
    ("diamond", "TabM-mini"): Row(5, 160, 0.0, 2.26e-3, 3.6e-4, 0.1323, 0.0007),
    ("diamond", "TabM-mini-PLE"): Row(
        4, 96, 0.0, 7.65e-4, 0.0, 0.1315, 0.0006, 32, 114
    ),
    ("diamond", "TabM-PLE"): Row(
        4, 112, 0.0, 2.17e-3, 4.09e-2, 0.1302, 0.0005, 16, 114
    ),
    ("otto", "MLP"): Row(2, 800, 0.443, 3.47e-4, 8.61e-3, 0.8175, 0.0022),
    ("otto", "MLP-PLE"): Row(2, 864, 0.435, 7.17e-4, 3.09e-2, 0.8205, 0.0021, 20, 63),
    ("otto", "TabM"): Row(3, 976, 0.150, 1.15e-3, 0.0, 0.8275, 0.0014),
    ("otto", "TabM-mini"): Row(3, 976, 0.107, 6.76e-4, 0.0, 0.8282, 0.0014),
    ("otto", "TabM-mini-PLE"): Row(
        3, 1008, 0.103, 1.75e-3, 0.0, 0.8342, 0.0012, 32, 61
    ),
    ("otto", "TabM-PLE"): Row(2, 992, 0.142, 2.23e-3, 3.07e-4, 0.8336, 0.0019, 20, 44),
}
LONG = {
    *(("house", "TabM"), ("house", "TabM-mini-PLE"), ("house", "TabM-PLE")),
    *(("diamond", "TabM"), ("otto", "TabM"), ("otto", "TabM-mini")),
    *(("otto", "TabM-mini-PLE"), ("otto", "TabM-PLE"), ("churn", "TabM-PLE")),
}
"""Rows that take from ten minutes to hours for a seed on two cores."""
STRONG = "strong"


def plan_of(name: str, row: Row) -> Plan:
    """Return the layers of a published network."""
    drop = (Dropout(row.dropout),) if row.dropout else ()
    if name.startswith("MLP"):
        return Plan((Linear(row.width), *drop) * row.depth)
    first: Any = "normal" if row.units else "signs"
    if name.startswith("TabM-mini"):
        return Plan((Linear(row.width), *drop) * row.depth, MEMBERS, first)
    start = MemberLinear(row.width, "relu", MEMBERS, has_r=False)
    then = MemberLinear(row.width, "relu", MEMBERS)
    layers = (start, *drop) + (then, *drop) * (row.depth - 1)
    return Plan(layers, MEMBERS, first)


def recipe_of(name: str, row: Row, one: Set) -> Recipe:
    """Return the input layer and the training of a published network."""
    scaling: Any = "standard" if one.table == "otto" else "quantile"
    encoded: dict[str, Any] = {"encoding": "none"}
    if row.units:
        encoded = {"encoding": "piecewise", "width": row.units, "n_bins": row.bins}
    regime = {
        "optimizer": "adam",
        "learning_rate": row.rate,
        "weight_decay": row.decay,
        "schedule": "constant",
        "batch_size": one.batch_size,
        "epochs": 1000,
        "patience": 16,
        "clip_norm": 1.0,
        "own_batches": name.startswith("TabM"),
        "best_by": one.score,
    }
    return Recipe(InputForm(scaling, **encoded), regime)


def halves(sheet: Sheet) -> tuple[Table, Table]:
    """Return 80 % of all rows of a table, and the 20 % to score."""
    parts = [read(path) for path in (sheet.train, sheet.test)]
    frame = parts[0].frame.vstack(parts[1].frame.select(parts[0].frame.columns))
    table = read(frame)
    learned, scored = split(table.n_rows, 0.2, SPLIT_SEED)
    return table.rows(learned), table.rows(scored)


def run(set_name: str, name: str, seed: int, sheet: Sheet) -> dict[str, float]:
    """Train one network with one seed; return its score, epochs and seconds."""
    one = SETS[set_name]
    learned, scored = halves(sheet)
    same_split = Settings(valid_fraction=0.2, seed=0)
    drop = [name for name in one.drop if name in learned.columns]
    examples = examples_of(
        learned, sheet.target, same_split, None, drop, None, sheet.task, None
    )
    plans, recipes, layers = {}, {}, STRONG
    if name != STRONG:
        row, layers = PUBLISHED[set_name, name], "published"
        plans = {layers: Ready(lambda *_: plan_of(name, row), "")}
        recipes = {layers: lambda *_: recipe_of(name, row, one)}
    began = time.perf_counter()
    with (
        mock.patch.dict(CATALOG, plans),
        mock.patch.dict(RECIPES, recipes),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore", LayerwiseWarning)
        model = fit(examples, Settings(layers=layers, seed=seed))
    return {
        "score": one.score_of(model.evaluate(scored)),
        "best_epoch": model.history.best_epoch,
        "epochs": len(model.history.epochs),
        "parameters": model.n_parameters,
        "seconds": time.perf_counter() - began,
    }


Results = dict[str, dict[str, float]]


def measured(path: Path, folder: Path, rows: list[tuple[str, str]]) -> Results:
    """Measure what is not in the results file yet."""
    results: Results = json.loads(path.read_text()) if path.exists() else {}
    sheets = sheets_in(folder)
    for seed in SEEDS:
        for set_name, name in rows:
            key = f"{set_name} | {name} | {seed}"
            if key in results:
                continue
            found = run(set_name, name, seed, sheets[SETS[set_name].table])
            results[key] = found
            path.write_text(json.dumps(results, indent=1) + "\n")
            said = ", ".join(f"{k} {v:.5g}" for k, v in found.items())
            print(f"{key} | {said}", flush=True)
    return results


def line(results: Results, set_name: str, name: str) -> str:
    """Write a row of the page, if all its seeds were measured."""
    keys = [f"{set_name} | {name} | {seed}" for seed in SEEDS]
    if not all(key in results for key in keys):
        return ""
    one, found = SETS[set_name], [results[key] for key in keys]
    scores = [run["score"] for run in found]
    published = PUBLISHED.get((set_name, name))
    theirs, ratio = "", ""
    if published is not None:
        theirs = f"{one.said(published.score)} ± {one.said(published.spread)}"
        ratio = f"{np.mean(scores) / published.score:.3f}"
    return (
        f"| {name} | {one.said(float(np.mean(scores)))} ± "
        f"{one.said(float(np.std(scores, ddof=1)))} | {theirs} | {ratio} | "
        f"{np.median([run['best_epoch'] for run in found]):.0f} | "
        f"{np.median([run['seconds'] for run in found]):.0f} |\n"
    )


HEAD = "| network | here | published | ratio | best epoch | seconds |\n|" + "---|" * 6
TEXT = """# Published scores

Networks of the TabM paper (Gorishniy et al., 2024), made of layers of layerwise, with
the settings that their authors found best on each set, beside the scores that they
print: `python benchmarks/published.py`.

64 % of the rows train, 16 % say which epoch is best, 20 % are scored. Theirs are means
and standard deviations over 15 seeds on one split, ours over three seeds on another
split of the same rows, since theirs is not public. `strong` stands beside them as it
is, untuned; it learns from the 16 % too, in the end.
"""


def page(results: Results) -> str:
    """Write the page: a table for each set of which something was measured."""
    text = TEXT
    for set_name, one in SETS.items():
        names = [STRONG, *(name for s, name in PUBLISHED if s == set_name)]
        lines = "".join(line(results, set_name, name) for name in names)
        what = "accuracy, higher is better" if one.score == "accuracy" else "RMSE"
        if lines:
            text += f"\n## {set_name}, {what}\n\n{HEAD}\n{lines}"
    return text


def main() -> None:
    """Measure, then write the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sets", default=",".join(SETS))
    parser.add_argument("--rows", help="networks; those that are not long if not given")
    parser.add_argument(
        "--folder", type=Path, default=HERE.parent.parent / "shared" / "tables"
    )
    parser.add_argument("--report", action="store_true", help="measure nothing")
    parser.add_argument("--out", type=Path, default=RESULTS, help="the results")
    parser.add_argument("--page", type=Path, default=PAGE, help="the page")
    asked = parser.parse_args()
    every = [*((name, STRONG) for name in SETS), *PUBLISHED]
    sets = asked.sets.split(",")
    names = asked.rows.split(",") if asked.rows else None
    rows = [
        row
        for row in every
        if row[0] in sets and (row[1] in names if names else row not in LONG)
    ]
    if not rows:
        parser.error("no row has these names")
    results = measured(asked.out, asked.folder, [] if asked.report else rows)
    asked.page.write_text(page(results), encoding="utf-8")
    print(f"Written: {asked.page}")


if __name__ == "__main__":
    main()
