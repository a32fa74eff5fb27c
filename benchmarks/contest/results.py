"""Results: the runs that a page speaks of, and the figures made of them."""

from contest.roster import OPPONENTS, entries, group_of
from contest.sheets import Sheet
from contest.standings import Figure, Run, complete, figure, primary, relative, sum_of

YARDSTICK = "catboost"
"""Whose time and error the others' are measured in."""


class Results:
    """The runs of a page, and what is read off them.

    Args:
        runs: What was measured.
        sheets: The tables that the page may speak of.
        contestants: Who it may speak of.
    """

    def __init__(
        self, runs: list[Run], sheets: list[Sheet], contestants: list[str]
    ) -> None:
        names = {sheet.name for sheet in sheets}
        self.runs = [
            run
            for run in runs
            if run["contestant"] in contestants and run["table"] in names
        ]
        met = {run["table"] for run in self.runs}
        self.sheets = [sheet for sheet in sheets if sheet.name in met]
        self.tables = [sheet.name for sheet in self.sheets]
        self.scores = figure(self.runs, primary)
        self.fit = figure(self.runs, lambda run: run["fit_seconds"])
        self.predict = figure(self.runs, lambda run: run["predict_seconds"])
        order = dict.fromkeys([*entries(), *OPPONENTS, *contestants])
        self.names = [name for name in order if name in self.scores]
        whole = complete(self.scores, self.tables)
        self.whole = [name for name in self.names if name in whole]

    def of(self, *groups: str) -> list[str]:
        """Return the names of some groups."""
        return [name for name in self.names if group_of(name) in groups]

    def total(self, seconds: Figure, name: str) -> float | None:
        """Return someone's seconds over all their tables."""
        return sum_of(seconds[name].values())

    def relative_time(self, name: str) -> float | None:
        """Return someone's seconds of fitting in the yardstick's."""
        if YARDSTICK not in self.whole:
            return None
        own, other = self.total(self.fit, name), self.total(self.fit, YARDSTICK)
        return own / other if own is not None and other else None

    def relative_error(self, name: str) -> float | None:
        """Return someone's scores in the yardstick's, the geometric mean."""
        if YARDSTICK not in self.whole:
            return None
        return relative(self.scores[name], self.scores[YARDSTICK], self.tables)

    def n_parameters(self, name: str) -> list[int]:
        """Return how many learnable parameters someone had, smallest first."""
        runs = [run for run in self.runs if run["contestant"] == name]
        counts = {run.get("n_parameters") for run in runs}
        return sorted(count for count in counts if count is not None)
