"""Sections of the page: each is a table of Markdown."""

from collections.abc import Callable

from contest.results import Results
from contest.roster import DEFAULT, OWN, REFERENCE, SAME_NETWORK, TUNED
from contest.scores import PRIMARY
from contest.standings import Figure, Row, figure, geometric_mean, mean_ranks, wins

FAILED = "failed"
SAME_COLUMNS = """
`realmlp` and `tabm`, and the implementations of pytabkit, which their papers go by.
So that networks are compared and not what was read, both learn the same columns:
numbers and categories of up to 100 values, as layerwise reads them, without texts.
""".splitlines()


def score_cell(score: float) -> str:
    """Write a score with the digits that matter.

    Example:
        >>> score_cell(0.07184), score_cell(523.04), score_cell(45416.2)
        ('0.0718', '523.0', '45,416')
    """
    if score < 10:
        return f"{score:.4f}"
    return f"{score:,.0f}" if score >= 1000 else f"{score:.1f}"


def seconds_cell(seconds: float | None) -> str:
    """Write seconds.

    Example:
        >>> seconds_cell(0.04), seconds_cell(3.21), seconds_cell(1234.5)
        ('0.04', '3.2', '1,234')
    """
    if seconds is None:
        return FAILED
    if seconds < 1:
        return f"{seconds:.2f}"
    return f"{seconds:.1f}" if seconds < 100 else f"{seconds:,.0f}"


def factor_cell(factor: float | None) -> str:
    """Write a factor; nothing where it is unknown."""
    return "" if factor is None else f"{factor:.3g}"


def table(heads: list[str], rows: list[list[str]]) -> list[str]:
    """Return a table of Markdown.

    Example:
        >>> table(["", "t"], [["a", "1"]])
        ['|  | t |', '| --- | --- |', '| a | 1 |', '']
    """
    lines = [heads, ["---"] * len(heads), *rows]
    return [*(f"| {' | '.join(cells)} |" for cells in lines), ""]


def best_of(cells: Figure, name: str) -> float | None:
    """Return the smallest figure of a table."""
    values = [row.get(name) for row in cells.values()]
    return min((value for value in values if value is not None), default=None)


def row_of(row: Row, best: Row, write: Callable[[float], str]) -> list[str]:
    """Write one contestant's figures, the best of a table in bold.

    Example:
        >>> row_of({"t": 1.0, "u": None}, {"t": 1.0, "u": 2.0, "v": 3.0}, score_cell)
        ['**1.0000**', 'failed', '']
    """
    said = []
    for name, least in best.items():
        value = row.get(name)
        text = FAILED if name in row else ""
        if value is not None:
            text = f"**{write(value)}**" if value == least else write(value)
        said.append(text)
    return said


def grid(
    results: Results, cells: Figure, heads: dict[str, str], write: Callable[..., str]
) -> list[str]:
    """Show a figure of everyone on the tables that have a heading."""
    best = {name: best_of(cells, name) for name in heads}
    rows = [[name, *row_of(cells[name], best, write)] for name in results.names]
    return table(["", *heads.values()], [row for row in rows if any(row[1:])])


def scores(results: Results) -> list[str]:
    """Show the primary scores."""
    heads = {
        sheet.name: f"{sheet.name}, {PRIMARY[sheet.task]}" for sheet in results.sheets
    }
    return [
        "## Scores",
        "",
        "Lower is better; the best of a table is bold.",
        "",
        *grid(results, results.scores, heads, score_cell),
    ]


def log_losses(results: Results) -> list[str]:
    """Show the log-loss where there are two classes."""
    binary = {s.name: s.name for s in results.sheets if s.task == "binary"}
    runs = [run for run in results.runs if run["table"] in binary]
    found = figure(runs, lambda run: run["scores"]["log-loss"])
    cells = {name: found.get(name, {}) for name in results.names}
    about = "1 - AUC only asks for the order; this asks for the probabilities."
    shown = grid(results, cells, binary, score_cell)
    return ["## Log-loss of two classes", "", about, "", *shown] if binary else []


def seconds(results: Results) -> list[str]:
    """Show the seconds of fitting."""
    heads = {name: name for name in results.tables}
    shown = grid(results, results.fit, heads, seconds_cell)
    return ["## Seconds of fitting", "", *shown]


def summary(results: Results) -> list[str]:
    """Show ranks, errors, seconds and parameters of everyone."""
    among = mean_ranks(results.scores, results.whole, results.tables)
    best = {
        name: best_of({n: results.scores[n] for n in results.whole}, name)
        for name in results.tables
    }
    rows = []
    for name in sorted(results.names, key=lambda name: among.get(name, 1e9)):
        row, fit = results.scores[name], results.fit[name]
        n_best = sum(value is not None and value == best[t] for t, value in row.items())
        longest = max(fit, key=lambda t: fit[t] or 0.0)
        counts = results.n_parameters(name)
        is_whole = name in results.whole
        rows.append(
            [
                name,
                f"{len(row)}",
                f"{among[name]:.2f}" if is_whole else "",
                f"{n_best}" if is_whole else "",
                factor_cell(results.relative_error(name)) if is_whole else "",
                seconds_cell(results.total(results.fit, name)),
                factor_cell(results.relative_time(name)) if is_whole else "",
                f"{seconds_cell(fit[longest])}, {longest}",
                seconds_cell(results.total(results.predict, name)),
                " to ".join(f"{n:,}" for n in dict.fromkeys(counts[:1] + counts[-1:])),
            ]
        )
    return ["## In all", "", *SUMMARY.splitlines(), "", *table(SUMMARY_HEADS, rows)]


SUMMARY = """\
Rank 1 is the best of a table; ranks are means over all tables, among those who took
part on every one, and whoever failed on a table is last there. Error is the score
divided by CatBoost's, the geometric mean over the tables. Seconds are of all tables
together."""
SUMMARY_HEADS = [
    *("", "tables", "mean rank", "best on", "error, in CatBoost's"),
    *("seconds of fitting", "in CatBoost's", "longest", "seconds of predicting"),
    "learnable parameters",
]


def beaten(results: Results) -> list[str]:
    """Show on how many tables each entry of layerwise is better than each other."""
    others = results.of(DEFAULT, TUNED, REFERENCE)
    rows = []
    for name in results.of(OWN):
        own = results.scores[name]
        counts = [wins(own, results.scores[other]) for other in others]
        among = [one for one in results.of(DEFAULT) if one in results.whole]
        rank = ""
        if name in results.whole:
            all_ranks = mean_ranks(results.scores, [name, *among], results.tables)
            place = sorted(all_ranks.values()).index(all_ranks[name]) + 1
            rank = f"{all_ranks[name]:.2f}, place {place} of {len(all_ranks)}"
        rows.append([name, rank, *(f"{won} of {n}" for won, n in counts)])
    if not rows or not others:
        return []
    heads = ["", "mean rank among it and default settings", *others]
    return ["## Tables won", "", *BEATEN.splitlines(), "", *table(heads, rows)]


BEATEN = """\
On how many tables an entry of layerwise is strictly better than an opponent, of those
that both learned. A failure counts as lost."""


def same_networks(results: Results) -> list[str]:
    """Hold networks of the same name against their reference."""
    rows = []
    for own, other in SAME_NETWORK.items():
        if {own, other} <= set(results.names):
            rows += _ratios(results, own, other)
    if not rows:
        return []
    heads = [
        "",
        "reference",
        "table",
        "score, in the reference's",
        "seconds of fitting",
    ]
    return ["## Against the reference", *SAME_COLUMNS, *table(heads, rows)]


def _ratios(results: Results, own: str, other: str) -> list[list[str]]:
    """Return a row a table that both learned, and their geometric mean."""
    found = {}
    for name in results.tables:
        pairs = [
            (cells[own].get(name), cells[other].get(name))
            for cells in (results.scores, results.fit)
        ]
        if all(mine and theirs for mine, theirs in pairs):
            found[name] = [mine / theirs for mine, theirs in pairs]
    rows = [
        [own, other, name, *(f"{ratio:.3f}" for ratio in ratios)]
        for name, ratios in found.items()
    ]
    if rows:
        means = [geometric_mean(column) for column in zip(*found.values(), strict=True)]
        rows.append([own, other, "mean", *(f"{ratio:.3f}" for ratio in means)])
    return rows


def code(said: str) -> str:
    r"""Write a message so that a table of Markdown can hold it.

    Example:
        >>> code("a | b")
        '`a \\| b`'
    """
    return "`" + said.replace("`", "'").replace("|", "\\|") + "`"


def failures(results: Results) -> list[str]:
    """List what failed, and why."""
    rows = [
        [run["contestant"], run["table"], str(run["seed"]), code(run["error"])]
        for run in results.runs
        if "error" in run
    ]
    if not rows:
        return ["No turn failed.", ""]
    return ["## Failures", "", *table(["", "table", "seed", "what happened"], rows)]
