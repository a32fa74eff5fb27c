"""The fitted whole: a table becomes a model, and a model predicts."""

from layerwise.model.examples import Examples
from layerwise.model.fit import fit, train
from layerwise.model.model import Model, load
from layerwise.model.part import Part
from layerwise.model.settings import Settings
from layerwise.model.walk import Unit, Walk

__all__ = [
    "Examples",
    "Model",
    "Part",
    "Settings",
    "Unit",
    "Walk",
    "fit",
    "load",
    "train",
]
