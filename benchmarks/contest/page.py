"""The page: who met, on what, and what came of it."""

from pathlib import Path

from contest import sections
from contest.picture import Point, picture
from contest.results import Results
from contest.roster import OPPONENTS, group_of
from contest.sections import table
from contest.standings import Run


def write_page(path: Path, results: Results) -> None:
    """Write the page, and the picture beside it."""
    lines, points = page(results), points_of(results)
    if len(points) > 1:
        drawn = path.with_suffix(".svg")
        drawn.write_text(picture(points), encoding="utf-8")
        lines += ["## Time against error", "", f"![{ALT}]({drawn.name})", ""]
        lines += CAPTION.splitlines()
    path.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


ALT = "Seconds of fitting against the mean error"
CAPTION = """\
Down and left is better. Error is the score divided by CatBoost's, the geometric mean
over all tables; time is that of all tables together, on a logarithmic scale. Only who
took part on every table is drawn."""


def page(results: Results) -> list[str]:
    """Return the lines of the page, without the picture."""
    return [
        *head(results),
        *sections.scores(results),
        *sections.summary(results),
        *sections.beaten(results),
        *sections.same_networks(results),
        *sections.log_losses(results),
        *sections.seconds(results),
        *sections.failures(results),
        *who(results),
    ]


def points_of(results: Results) -> list[Point]:
    """Return who is drawn, and where."""
    found = []
    for name in results.whole:
        seconds, error = results.total(results.fit, name), results.relative_error(name)
        if seconds is not None and error is not None:
            found.append(Point(name, group_of(name), seconds, error))
    return found


def head(results: Results) -> list[str]:
    """Say what was measured, where, and with what."""
    runs = results.runs
    days = sorted({run["day"] for run in runs})
    seeds = sorted({run["seed"] for run in runs})
    n_left_out = sum({run["table"]: run.get("n_left_out", 0) for run in runs}.values())
    lacking = (
        f"{n_left_out:,} rows lack their target and were left out, for everyone."
        if n_left_out
        else "No row lacks its target; such rows would be left out, for everyone."
    )
    return [
        "# Accuracy",
        "",
        *HEAD.splitlines(),
        "",
        f"Measured by `python benchmarks/accuracy.py`, "
        f"{' to '.join(dict.fromkeys([days[0], days[-1]]))}, "
        f"{'seeds' if len(seeds) > 1 else 'seed'} {', '.join(map(str, seeds))}, on "
        f"{' and '.join(sorted({run['machine'] for run in runs}))}. {lacking}",
        "",
        versions(runs),
        "",
    ]


HEAD = """\
How well layerwise and others predict real tables, and in what time. Each table is two
files; everyone learns the first and is scored once on the second. Scores are errors:
1 - AUC for two classes, log-loss for more, RMSE for numbers.

Every turn is a process of its own with two threads. Seconds of fitting go from the
file to the fitted model: reading is in them, and for layerwise compiling, with no
compiled program kept from before; imports are not. Seconds of predicting go from the
file to the predictions. Where there are several seeds, figures are means."""


def versions(runs: list[Run]) -> str:
    """Name the versions that were met, and which layerwise, as git calls it."""
    found: dict[str, set[str]] = {}
    for run in runs:
        for package, version in run.get("versions", {}).items():
            found.setdefault(package, set()).add(version)
    said = [f"{name} {' and '.join(sorted(them))}" for name, them in found.items()]
    commits = sorted({run["commit"] for run in runs if run.get("commit")})
    git = f" The commits of layerwise: {', '.join(commits)}." if commits else ""
    return f"Versions: {', '.join(sorted(said))}.{git}"


def who(results: Results) -> list[str]:
    """Say who the opponents are."""
    rows = []
    for name in (name for name in results.names if name in OPPONENTS):
        one = OPPONENTS[name]
        small = f"; tables up to {one.most_rows:,} rows" if one.most_rows else ""
        numbers = "" if one.classifies else "; only where the target is a number"
        rows.append([name, one.group, f"{one.about}{small}{numbers}"])
    shown = table(["", "settings", "what it is"], rows)
    return ["## The opponents", "", *WHO.splitlines(), "", *shown] if rows else []


WHO = """\
As their users use them: all settings are the libraries' own but for threads, seeds and
what is said here. scikit-learn's, LightGBM and XGBoost stand behind skrub's
`tabular_pipeline`; CatBoost gets every column that is not of numbers as a category.
Tuned defaults are those that "Better by Default" (2024) found on other tables: 1,000
trees at most, early stopping after 300 without gain on a fifth of the train rows."""
