"""Losses: how wrong one row is; the price of large weights."""

from layerwise.losses.loss import LOSSES, Loss, loss_for
from layerwise.losses.penalty import penalty, weights_of

__all__ = ["LOSSES", "Loss", "loss_for", "penalty", "weights_of"]
