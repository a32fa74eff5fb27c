"""Recipes: what belongs to a ready network beside its layers."""

from typing import get_args

import pytest

from layerwise.layers import Task
from layerwise.model.inputs import LINE_FORM, ROBUST_FORM
from layerwise.model.recipes import RECIPES, recipe_of
from layerwise.model.settings import Settings
from layerwise.network import CATALOG
from layerwise.training import BEST_BY, SCHEDULES


def test_every_ready_network_has_a_recipe() -> None:
    assert list(RECIPES) == list(CATALOG)


@pytest.mark.parametrize("task", get_args(Task))
@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_makes_a_regime_for_every_task(name: str, task: Task) -> None:
    recipe = recipe_of(name, task, 1000)
    depth = 0 if name == "linear" else 2
    regime = Settings(layers=name).regime(1000, depth, "", False, recipe.regime)
    assert regime.schedule in SCHEDULES
    assert regime.fade in SCHEDULES
    assert task in BEST_BY[regime.best_by]
    assert recipe.label_smoothing == 0 or task != "regression"
    assert not recipe.is_clamped or task == "regression"


def test_layers_that_a_user_writes_have_the_usual_recipe() -> None:
    assert recipe_of("64 relu", "binary", 10) == recipe_of("mlp", "binary", 10)
    assert recipe_of("64 relu", "binary", 10).form == ROBUST_FORM
    assert recipe_of(" Linear ", "binary", 10).form == LINE_FORM


def test_realmlp_is_trained_as_in_the_paper() -> None:
    """Table A.1 of the paper, as ``shared`` with its code."""
    recipe = recipe_of("realmlp", "regression", 10_000)
    regime = Settings(layers="realmlp").regime(10_000, 3, "", True, recipe.regime)
    assert (regime.optimizer, regime.beta2, regime.learning_rate) == ("adam", 0.95, 0.2)
    assert (regime.schedule, regime.fade) == ("log-cosine", "flat-cosine")
    assert (regime.epochs, regime.batch_size, regime.patience) == (256, 256, 0)
    assert (regime.weight_decay, regime.best_by) == (0.02, "rmse")
    assert regime.takes_latest
    assert recipe.is_clamped
    classes = recipe_of("realmlp", "multiclass", 10_000)
    assert classes.regime["learning_rate"] == 0.04
    assert classes.regime["best_by"] == "accuracy"
    assert classes.label_smoothing == 0.1


def test_what_the_user_says_goes_before_the_recipe() -> None:
    ready = recipe_of("realmlp", "binary", 10_000).regime
    own = Settings(epochs=3, patience=7, schedule="constant", batch_size=64)
    regime = own.regime(10_000, 3, "", True, ready)
    assert (regime.epochs, regime.patience, regime.schedule) == (3, 7, "constant")
    assert (regime.batch_size, regime.beta2) == (64, 0.95)
    other = Settings(optimizer="sgd", best_by="loss").regime(10, 3, "", True, ready)
    assert (other.learning_rate, other.weight_decay) == (0.05, 0.0)
    assert (other.beta2, other.best_by) == (0.999, "loss")
