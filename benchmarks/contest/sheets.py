"""The tables that contestants meet: two files each, and what is predicted."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray


@dataclass(frozen=True)
class Sheet:
    """A table in two files: fitted on one, scored once on the other.

    Args:
        name: What it is called.
        target: The column that is predicted.
        task: "binary", "multiclass" or "regression".
        n_rows: Rows of both files together.
        n_columns: Columns without the target.
        train: The file to fit on.
        test: The file to score on.
    """

    name: str
    target: str
    task: str
    n_rows: int
    n_columns: int
    train: Path
    test: Path

    @property
    def has_classes(self) -> bool:
        """Return whether the target is a class."""
        return self.task != "regression"

    def read(self, path: Path) -> tuple[pd.DataFrame, NDArray[Any]]:
        """Read one of the files as pandas does, and the target apart from the rest.

        Classes stay the texts that they are in the file. A number may be dressed as
        money: "$1,250.00" is 1250.
        """
        X = pd.read_csv(path, dtype={self.target: str}, low_memory=False)
        y = X.pop(self.target)
        if self.has_classes:
            return X, y.to_numpy(dtype=object)
        return X, y.str.replace(r"[$,\s]", "", regex=True).to_numpy(dtype=np.float64)

    def whole(self, folder: Path) -> tuple["Sheet", int]:
        """Leave out the rows without a target, and count them.

        Cells are copied as they stand. Files without such rows are used themselves.
        """
        files, n_left_out = {}, 0
        for part in ("train", "test"):
            path: Path = getattr(self, part)
            cells = pd.read_csv(path, dtype=str, keep_default_na=False)
            is_known = pd.read_csv(path, usecols=[self.target])[self.target].notna()
            if not is_known.all():
                n_left_out += int((~is_known).sum())
                files[part] = folder / path.name
                cells[is_known].to_csv(files[part], index=False)
        return replace(self, **files), n_left_out


def sheets_in(folder: Path) -> dict[str, Sheet]:
    """Return the tables that a folder's tables.json lists, in its order."""
    facts = json.loads((folder / "tables.json").read_text(encoding="utf-8"))
    return {
        name: Sheet(
            name,
            fact["target"],
            fact["task"],
            fact["rows"],
            fact["columns"],
            folder / f"{name}.train.csv.gz",
            folder / f"{name}.test.csv.gz",
        )
        for name, fact in facts.items()
    }
