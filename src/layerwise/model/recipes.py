"""Recipes: how a ready network sees a table, and how it is trained.

The layers stand in the catalog. Here stands what else a network is known by:
what becomes of numbers and categories on the way in, and the training options
that hold where the user says nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from layerwise.layers import Task
from layerwise.model.inputs import LINE_FORM, ROBUST_FORM, InputForm
from layerwise.training import default_batch_size

__all__ = ["RECIPES", "Recipe", "recipe_of"]

MOST_PRESENTED = 10_000_000
"""Rows that training presents at most, a row counted each time."""

LEAST_BAGGED, MOST_BAGGED = 50, 10_000
"""Training rows of a table that is learned in folds. Fewer say too little of how long
to train; where there are more, one part of them says enough, and refits on all rows
are better than networks that lack a fifth."""


@dataclass(frozen=True)
class Recipe:
    """What belongs to a network beside its layers.

    Args:
        form: How the input layer shows numbers and categories.
        regime: Options of ``Regime``, where the user leaves them open.
        label_smoothing: Share of each label spread over all classes.
        one_hot_only: Whether a category has a unit for every value, however many.
        is_clamped: Whether no prediction leaves the range of the target in training.
        folds: Networks trained, each with other rows held out; their mean predicts.
        refits: Networks trained anew on all rows in the end, where there is one fold.
    """

    form: InputForm
    regime: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    label_smoothing: float = 0.0
    is_clamped: bool = False
    one_hot_only: bool = False
    folds: int = 1
    refits: int = 0


def usual(task: Task, n_train: int) -> Recipe:
    """Return what holds for layers that the user writes."""
    return Recipe(ROBUST_FORM)


def linear(task: Task, n_train: int) -> Recipe:
    """Return what holds for a line: nothing bent, nothing drawn at random."""
    return Recipe(LINE_FORM, one_hot_only=True)


def quick(task: Task, n_train: int) -> Recipe:
    """Return what trains a small network in little time."""
    form = InputForm(
        "quantile",
        other_rate=0.02,
        encoding="piecewise",
        n_bins=24,
        bins="mixed",
        width=4,
    )
    return Recipe(form, _settling(task, n_train, epochs=45, patience=4))


STRONG_FORM = InputForm(
    "quantile",
    other_rate=0.02,
    encoding="piecewise",
    n_bins=128,
    bins="mixed",
    width=8,
)


def strong(task: Task, n_train: int) -> Recipe:
    """Return what trains the default network."""
    return _bagged(STRONG_FORM, task, n_train)


def smooth(task: Task, n_train: int) -> Recipe:
    """Return what trains strong's relative: numbers scaled by quartiles, and bent."""
    form = replace(STRONG_FORM, scaling="robust", smooth_clip=3.0)
    return _bagged(form, task, n_train)


def waves(task: Task, n_train: int) -> Recipe:
    """Return what trains another: numbers as waves, see ``Pbld``."""
    form = InputForm(
        "robust", smooth_clip=3.0, other_rate=0.02, encoding="pbld", width=8
    )
    return _bagged(form, task, n_train)


def _bagged(form: InputForm, task: Task, n_train: int) -> Recipe:
    """Return five folds of a small table; one and three refits of a large one."""
    is_small = LEAST_BAGGED <= n_train < MOST_BAGGED
    regime = _settling(task, n_train, epochs=150, patience=6)
    return Recipe(form, regime, folds=5 if is_small else 1, refits=3)


def _settling(task: Task, n_train: int, epochs: int, patience: int) -> dict[str, Any]:
    """Return a rate that stays while it helps, and then falls to 0.

    A large table is presented fewer times: each epoch has more iterations.
    """
    return {
        "optimizer": "adam",
        "learning_rate": 0.004,
        "schedule": "cosine",
        "settle": 0.5,
        "weight_decay": 0.03,
        "clip_norm": 1.0,
        "batch_size": min(default_batch_size(n_train), 512),
        "epochs": max(min(epochs, MOST_PRESENTED // n_train), 3),
        "patience": patience,
        "best_by": "rmse" if task == "regression" else "loss",
    }


def realmlp(task: Task, n_train: int) -> Recipe:
    """Return the rest of RealMLP-TD.

    Source:
        Holzmüller et al., "Better by Default", 2024, table A.1.
        NOTE[DIFF] the last short batch of an epoch is kept; one-hot units are not
        scaled; a decayed parameter shrinks by its learning rate times 0.02, as the
        paper has it (its code has the factor of the parameter twice).
    """
    is_number = task == "regression"
    form = InputForm(
        "robust", smooth_clip=3.0, other_rate=0.0, encoding="pbld", width=4
    )
    regime = {
        "optimizer": "adam",
        "beta2": 0.95,
        "learning_rate": 0.2 if is_number else 0.04,
        "schedule": "log-cosine",
        "weight_decay": 0.02,
        "fade": "flat-cosine",
        "batch_size": 256,
        "epochs": 256,
        "patience": 0,
        "best_by": "rmse" if is_number else "accuracy",
        "takes_latest": True,
    }
    return Recipe(form, regime, 0.0 if is_number else 0.1, is_number)


def tabm(task: Task, n_train: int) -> Recipe:
    """Return the rest of TabM: one learning rate, and patience.

    Source:
        Gorishniy et al., "TabM", 2024; as pytabkit's TabM-D has it, without weight
        decay and without shortened gradients.
    """
    regime = {
        "optimizer": "adam",
        "learning_rate": 0.002,
        "schedule": "constant",
        "batch_size": 256,
        "epochs": 1000,
        "patience": 16,
        "own_batches": True,
        "best_by": "rmse" if task == "regression" else "accuracy",
    }
    form = InputForm("quantile", encoding="none")
    return Recipe(form, regime, one_hot_only=True)


def tabm_mini(task: Task, n_train: int) -> Recipe:
    """Return the rest of TabM-mini, whose numbers are encoded piecewise.

    Source:
        Gorishniy et al., "TabM", 2024, and the example of its package: 48 bins,
        embeddings of 16, AdamW with a decay of 3e-4, gradients of up to 1.
    """
    form = InputForm("quantile", encoding="piecewise", n_bins=48, width=16)
    regime = {
        **tabm(task, n_train).regime,
        "weight_decay": 0.0003,
        "clip_norm": 1.0,
    }
    return Recipe(form, regime, one_hot_only=True)


RECIPES: dict[str, Callable[[Task, int], Recipe]] = {
    "linear": linear,
    "mlp": usual,
    "quick": quick,
    "strong": strong,
    "smooth": smooth,
    "waves": waves,
    "realmlp": realmlp,
    "tabm": tabm,
    "tabm-mini": tabm_mini,
}


def recipe_of(layers: str, task: Task, n_train: int) -> Recipe:
    """Return the recipe of a catalog name, or the usual one for a layers text.

    Example:
        >>> recipe_of("realmlp", "binary", 1000).label_smoothing
        0.1
        >>> recipe_of("8 tanh", "binary", 1000).label_smoothing
        0.0
    """
    return RECIPES.get(layers.strip().lower(), usual)(task, n_train)
