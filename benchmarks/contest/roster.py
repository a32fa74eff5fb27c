"""Who takes part: the opponents by name, and what layerwise enters."""

from collections.abc import Callable
from dataclasses import dataclass

from contest.behind_skrub import (
    LIGHTGBM_TD,
    XGBOOST_TD,
    Piped,
    Stopped,
    hist_gradient,
    lightgbm,
    linear,
    mlp,
    mlp_scaled,
    random_forest,
    xgboost,
)
from contest.cat_boost import CatBoost, StoppedCatBoost
from contest.contestant import Contestant
from contest.networks import EFFORTS, SAME, Layerwise, Reference
from contest.sheets import Sheet

OWN, DEFAULT, TUNED, REFERENCE = "layerwise", "default", "tuned default", "reference"


@dataclass(frozen=True)
class Opponent:
    """Someone else's method.

    Args:
        group: DEFAULT, TUNED or REFERENCE.
        about: How it is used.
        make: Makes it, from whether the target is a class, and a seed.
        most_rows: The largest table that it is asked to learn, in rows.
        classifies: Whether it takes part where the target is a class.
    """

    group: str
    about: str
    make: Callable[[bool, int], Contestant]
    most_rows: int | None = None
    classifies: bool = True


def _piped(estimator: Callable[[bool, int], object]) -> Callable[..., Contestant]:
    return lambda has_classes, seed: Piped(estimator(has_classes, seed), seed)


OPPONENTS: dict[str, Opponent] = {
    "sklearn-linear": Opponent(
        DEFAULT,
        "LogisticRegression (1,000 iterations at most) or Ridge",
        _piped(linear),
    ),
    "random-forest": Opponent(DEFAULT, "scikit-learn's", _piped(random_forest)),
    "hist-gradient": Opponent(
        DEFAULT, "scikit-learn's HistGradientBoosting", _piped(hist_gradient)
    ),
    "sklearn-mlp": Opponent(DEFAULT, "MLPClassifier or MLPRegressor", _piped(mlp)),
    "sklearn-mlp-scaled": Opponent(
        DEFAULT,
        "MLPRegressor, with a standardized target",
        _piped(mlp_scaled),
        classifies=False,
    ),
    "lightgbm": Opponent(DEFAULT, "LGBMClassifier or LGBMRegressor", _piped(lightgbm)),
    "xgboost": Opponent(DEFAULT, "XGBClassifier or XGBRegressor", _piped(xgboost)),
    "catboost": Opponent(DEFAULT, "with its own categories", CatBoost),
    "lightgbm-td": Opponent(
        TUNED,
        "meta-tuned defaults, early stopping",
        lambda c, seed: Stopped(lightgbm(c, seed, **LIGHTGBM_TD[c]), seed),
    ),
    "xgboost-td": Opponent(
        TUNED,
        "meta-tuned defaults, early stopping",
        lambda c, seed: Stopped(xgboost(c, seed, **XGBOOST_TD[c]), seed),
    ),
    "catboost-td": Opponent(
        TUNED, "meta-tuned defaults, early stopping", StoppedCatBoost
    ),
    "realmlp-td": Opponent(
        REFERENCE,
        "pytabkit's RealMLP-TD, on numbers and categories as layerwise reads them",
        lambda c, seed: Reference("RealMLP_TD", c, seed),
        most_rows=25_000,
    ),
    "tabm-d": Opponent(
        REFERENCE,
        "pytabkit's TabM-D, on the same",
        lambda c, seed: Reference("TabM_D", c, seed),
        most_rows=25_000,
    ),
}
SAME_NETWORK = {f"realmlp{SAME}": "realmlp-td", f"tabm{SAME}": "tabm-d"}
"""Entries of layerwise, and whose scores they should reach on the same columns."""


def entries() -> list[str]:
    """Return what layerwise enters: its catalog, its efforts, the same as others."""
    from layerwise.network import CATALOG

    return [*CATALOG, *EFFORTS, *SAME_NETWORK]


def group_of(name: str) -> str:
    """Return the group of a contestant; what is no opponent is layerwise's own.

    What learns the columns of a reference only stands beside it.
    """
    if name in SAME_NETWORK:
        return REFERENCE
    return OPPONENTS[name].group if name in OPPONENTS else OWN


def takes_part(name: str, sheet: Sheet) -> bool:
    """Return whether a contestant is asked to learn a table.

    Example:
        >>> from pathlib import Path
        >>> sheet = Sheet("t", "y", "binary", 30_000, 2, Path("a"), Path("b"))
        >>> takes_part("catboost", sheet), takes_part("tabm-d", sheet)
        (True, False)
    """
    opponent = OPPONENTS.get(SAME_NETWORK.get(name, name))
    if opponent is None:
        return True
    is_small = opponent.most_rows is None or sheet.n_rows <= opponent.most_rows
    return is_small and (opponent.classifies or not sheet.has_classes)


def contestant(name: str, sheet: Sheet, seed: int) -> Contestant:
    """Make a contestant for a table; this imports what it needs."""
    if name in OPPONENTS:
        return OPPONENTS[name].make(sheet.has_classes, seed)
    return Layerwise(name, seed)
