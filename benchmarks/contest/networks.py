"""Networks: layerwise's own, and the reference implementations of pytabkit.

The references read no dates, prices or texts. So that networks are compared and not
what was read, they get the columns as layerwise reads them, without texts and without
categories of very many values; and an entry of layerwise whose name ends in ``SAME``
gets these columns too.
"""

from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from contest.cat_boost import words_of
from contest.contestant import THREADS, Estimator, Predicted
from contest.sheets import Sheet

EFFORTS = ("quick", "normal", "thorough")
SAME = "-same"
MOST_CATEGORIES = 100
"""Values of a category that still get a unit each: one-hot columns of thousands of
surnames drown all others, and say nothing of a network."""


class Layerwise:
    """layerwise, from the file itself, with one of its networks or efforts.

    Args:
        name: A name of the catalog, or an effort; with ``SAME`` behind it for the
            columns that the references get.
        seed: Where every random number comes from.
    """

    def __init__(self, name: str, seed: int) -> None:
        from layerwise.model import train

        self.train = train
        what = "effort" if name in EFFORTS else "layers"
        self.settings: dict[str, Any] = {what: name.removesuffix(SAME), "seed": seed}
        self.is_same = name.endswith(SAME)
        self.columns: SameColumns | None = None
        self.model: Any = None

    def fit(self, sheet: Sheet) -> None:
        """Train a model from the train file."""
        table: Any = sheet.train
        if self.is_same:
            self.columns = SameColumns(sheet)
            table = self.columns.frame(sheet.train)
            table[sheet.target] = sheet.read(sheet.train)[1]
        self.model = self.train(
            table, target=sheet.target, task=sheet.task, **self.settings
        )

    def predict(self, sheet: Sheet) -> Predicted:
        """Predict the test file."""
        table = self.columns.frame(sheet.test) if self.columns else sheet.test
        made = self.model.predictions(table)
        if not sheet.has_classes:
            return Predicted(made["prediction"].to_numpy(), [])
        columns = [name for name in made.columns if name.startswith("p_")]
        classes = [name.removeprefix("p_") for name in columns]
        return Predicted(made.select(columns).to_numpy(), classes)

    @property
    def n_parameters(self) -> int | None:
        """Count the learnable parameters of the model."""
        return int(self.model.n_parameters)


class SameColumns:
    """The numbers and categories of a table, as layerwise reads the train file.

    Args:
        sheet: The table.
    """

    def __init__(self, sheet: Sheet) -> None:
        from layerwise.table import learn, look, read

        table = read(sheet.train)
        rows = np.arange(table.n_rows)
        self.schema = learn(table, look(table, None, [sheet.target]), rows, None)
        self.sheet = sheet

    @cached_property
    def kept(self) -> list[int]:
        """Return which categories have few values."""
        ids = [column.n_ids for column in self.schema.categories]
        return [j for j, n in enumerate(ids) if n <= MOST_CATEGORIES]

    def frame(self, path: Path) -> pd.DataFrame:
        """Return the columns of a file: floats, and words such as "v3"."""
        from layerwise.table import read

        encoded = self.schema.encode(read(path), known=(self.sheet.target,))
        columns: dict[str, Any] = {
            f"number {j}": column.astype(np.float64)
            for j, column in enumerate(encoded.numbers.T)
        }
        for j in self.kept:
            words = pd.Series(
                [f"v{i}" if i else None for i in encoded.categories[:, j]]
            )
            columns[f"word {j}"] = words.astype(object)
        return pd.DataFrame(columns)


class Reference(Estimator):
    """A network of pytabkit, with its default settings, on ``SameColumns``.

    It refuses missing numbers: they become the mean of the train rows, and a
    category says that they were missing.

    Args:
        name: "RealMLP_TD" or "TabM_D".
        has_classes: Whether the target is a class.
        seed: Where its random numbers come from.
    """

    def __init__(self, name: str, has_classes: bool, seed: int) -> None:
        import pytabkit

        network = getattr(
            pytabkit, f"{name}_{'Classifier' if has_classes else 'Regressor'}"
        )
        super().__init__(network(random_state=seed, n_threads=THREADS, device="cpu"))
        self.words: list[str] = []
        self.means: dict[str, float] = {}
        self.holed: list[str] = []
        self.columns: SameColumns | None = None

    def columns_of(self, sheet: Sheet, path: Path) -> tuple[Any, NDArray[Any]]:
        """Return the columns of a file as layerwise reads them, and the target."""
        if self.columns is None:
            self.columns = SameColumns(sheet)
        return self.columns.frame(path), sheet.read(path)[1]

    def prepare(self, X: Any, is_train: bool) -> Any:
        """Return words as categories, and numbers without holes."""
        if is_train:
            self.words = words_of(X)
            numbers = X.drop(columns=self.words)
            self.means = numbers.mean().fillna(0.0).to_dict()
            self.holed = [name for name in numbers if numbers[name].isna().any()]
        columns = {name: X[name].astype("category") for name in self.words}
        for name, mean in self.means.items():
            number = pd.to_numeric(X[name], errors="coerce").astype(np.float64)
            columns[name] = number.fillna(mean)
            if name in self.holed:
                is_missing = number.isna().map({True: "yes", False: "no"})
                columns[f"{name} is missing"] = is_missing.astype("category")
        return pd.DataFrame(columns)

    @property
    def n_parameters(self) -> int | None:
        """Count the parameters of the network inside."""
        inside = self.estimator.cv_alg_interface_
        if hasattr(inside, "sub_split_interfaces"):
            inside = inside.sub_split_interfaces[0]
        network = getattr(inside, "model_", None) or inside.model
        return sum(p.numel() for p in network.parameters())
