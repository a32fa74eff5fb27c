"""The regime: how long and how to train, as one value."""

from dataclasses import dataclass

__all__ = ["BEST_BY", "Regime"]

BEST_BY: dict[str, tuple[str, ...]] = {
    "cost": ("regression", "binary", "multiclass"),
    "loss": ("regression", "binary", "multiclass"),
    "accuracy": ("binary", "multiclass"),
    "auc": ("binary",),
    "rmse": ("regression",),
    "mae": ("regression",),
}
"""What may choose the best epoch, and for which tasks."""


@dataclass(frozen=True)
class Regime:
    """How long and how to train.

    Args:
        optimizer: A name of ``OPTIMIZERS``, or "lbfgs".
        learning_rate: Length of an update, before the schedule.
        schedule: A name of ``SCHEDULES``.
        batch_size: Rows of one batch.
        epochs: The most epochs.
        patience: Stop after this many epochs without a better validation cost;
            0 for never.
        l1: Price of sum|W|.
        l2: Price of sum W^2 / 2.
        clip_norm: Largest length of a gradient, or None.
        beta2: Of Adam: how slowly its mean of squared gradients moves.
        weight_decay: Share by which weights shrink at each update, times the
            learning rate.
        fade: A name of ``SCHEDULES``: how dropout and weight decay change.
        own_batches: Whether each member of an ensemble has batches of its own.
        best_by: What is best at the best epoch, on the validation rows: a key of
            ``BEST_BY``.
        takes_latest: Whether the last of equally good epochs is the best.
        settle: Where above 0, the learning rate stays until patience is out. Then
            training goes back to the best epoch, and the schedule is run from there
            over this share of the epochs that led to it.
        seconds: Training ends with the epoch after which no other fits into them;
            None for no limit. What settles does so in time.
    """

    optimizer: str
    learning_rate: float
    schedule: str
    batch_size: int
    epochs: int
    patience: int
    l1: float = 0.0
    l2: float = 0.0
    clip_norm: float | None = None
    beta2: float = 0.999
    weight_decay: float = 0.0
    fade: str = "constant"
    own_batches: bool = False
    best_by: str = "cost"
    takes_latest: bool = False
    settle: float = 0.0
    seconds: float | None = None
