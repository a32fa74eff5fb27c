"""Networks: layerwise's own, and the reference implementations of pytabkit."""

from typing import Any

import numpy as np
import pandas as pd

from contest.cat_boost import words_of
from contest.contestant import THREADS, Estimator, Predicted
from contest.sheets import Sheet

EFFORTS = ("quick", "normal", "thorough")


class Layerwise:
    """layerwise, from the file itself, with one of its networks or efforts.

    Args:
        name: A name of the catalog, or an effort.
        seed: Where every random number comes from.
    """

    def __init__(self, name: str, seed: int) -> None:
        from layerwise.model import train

        self.train = train
        what = "effort" if name in EFFORTS else "layers"
        self.settings: dict[str, Any] = {what: name, "seed": seed}
        self.model: Any = None

    def fit(self, sheet: Sheet) -> None:
        """Train a model from the train file."""
        self.model = self.train(
            sheet.train, target=sheet.target, task=sheet.task, **self.settings
        )

    def predict(self, sheet: Sheet) -> Predicted:
        """Predict the test file."""
        made = self.model.predictions(sheet.test)
        if not sheet.has_classes:
            return Predicted(made["prediction"].to_numpy(), [])
        columns = [name for name in made.columns if name.startswith("p_")]
        classes = [name.removeprefix("p_") for name in columns]
        return Predicted(made.select(columns).to_numpy(), classes)

    @property
    def n_parameters(self) -> int | None:
        """Count the learnable parameters of the model."""
        return int(self.model.n_parameters)


class Reference(Estimator):
    """A network of pytabkit, with its default settings.

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
