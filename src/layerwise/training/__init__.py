"""Training: parameters that get better, compiled whole."""

from layerwise.training.batches import default_batch_size, n_batches
from layerwise.training.cost import Rows
from layerwise.training.devices import precision, prepare, refuse_wrong_jaxlib
from layerwise.training.history import History
from layerwise.training.lbfgs import run_lbfgs
from layerwise.training.optimizers import OPTIMIZERS, optimizer_named
from layerwise.training.refit import refit, seed_of
from layerwise.training.regime import BEST_BY, Regime
from layerwise.training.run import (
    STOPPED,
    Course,
    Progress,
    Trained,
    Watch,
    run,
)
from layerwise.training.schedules import SCHEDULES

__all__ = [
    "BEST_BY",
    "OPTIMIZERS",
    "SCHEDULES",
    "STOPPED",
    "Course",
    "History",
    "Progress",
    "Regime",
    "Rows",
    "Trained",
    "Watch",
    "default_batch_size",
    "n_batches",
    "optimizer_named",
    "precision",
    "prepare",
    "refit",
    "refuse_wrong_jaxlib",
    "run",
    "run_lbfgs",
    "seed_of",
]
