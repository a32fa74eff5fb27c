"""The options of training, checked, and what follows where one is left open."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from layerwise.errors import ParameterError, did_you_mean
from layerwise.training import (
    BEST_BY,
    OPTIMIZERS,
    SCHEDULES,
    Regime,
    default_batch_size,
    optimizer_named,
)

__all__ = ["EFFORTS", "MOST_FOLDS", "MOST_REFITS", "Settings"]

EFFORTS = {
    "quick": ("quick",),
    "normal": ("strong",),
    "thorough": ("strong", "smooth", "waves"),
}
"""The dial: how much is tried, and so which networks of the catalog."""

MOST_FOLDS = MOST_REFITS = 32
"""A model file holds the parameters of each."""

LBFGS_EPOCHS = 1000
USUAL_EPOCHS = 200
USUAL_PATIENCE = 20
USUAL_SHARE = 0.2
"""Of the rows held out."""
OF_OPTIMIZER = ("learning_rate", "weight_decay", "beta2")
"""What of a ready network's recipe holds for its own optimizer alone."""


@dataclass(frozen=True)
class Settings:
    """What a user may choose about a training. None leaves it to layerwise.

    Args:
        layers: A catalog name ("linear", "strong") or layers as text; by default what
            ``effort`` says.
        loss: A loss that fits the target; by default the usual one.
        l1: Price of sum|W|: cost = mean loss + l1 * sum|W| + l2/2 * sum W^2.
        l2: Price of sum W^2 / 2.
        optimizer: "sgd", "momentum", "adam", "adamw" or "lbfgs". Without
            hidden layers "lbfgs", unless batches or epochs are asked for;
            else "adam".
        learning_rate: Length of an update; by default the optimizer's usual one.
        schedule: How the learning rate changes until the last epoch; by default
            "cosine", or as the ready network has it.
        batch_size: Rows of one batch; by default it follows the number of rows.
        epochs: The most epochs.
        patience: Stop after this many epochs without a better validation cost;
            0 trains all epochs and keeps the best and the last parameters. By
            default 20, or as the ready network has it.
        valid_fraction: Share of rows held out; 0 for none.
        class_weight: "balanced", or a weight for each class.
        label_smoothing: Share of each label spread over all classes; by default 0,
            or as the ready network has it.
        clip_norm: Largest length of a gradient.
        best_by: What chooses the best epoch on the rows held out: "cost", "loss",
            "accuracy", "auc", "rmse" or "mae"; by default the cost, or as the ready
            network has it.
        folds: How many networks are trained, each with another part of the rows held
            out, 1/folds of them; their mean predicts, and the measures are on all
            rows. 1 for one network; by default as the ready network has it.
        refits: How many networks are trained anew on all rows in the end, for as long
            as was best on the rows held out; their mean predicts. 0 for none; by
            default as the ready network has it, fewer where training is long.
        seed: Where every random number comes from.
        effort: "quick" for a small network, "normal" for the strong one of the
            catalog, which is the default, "thorough" for several kinds of them, whose
            weighted mean predicts. With it go no ``layers``.
        seconds: How long training may take; None for as long as it needs.
    """

    layers: str | None = None
    loss: str | None = None
    l1: float = 0.0
    l2: float = 0.0
    optimizer: str | None = None
    learning_rate: float | None = None
    schedule: str | None = None
    batch_size: int | None = None
    epochs: int | None = None
    patience: int | None = None
    valid_fraction: float = USUAL_SHARE
    class_weight: str | Mapping[Any, float] | None = None
    label_smoothing: float | None = None
    clip_norm: float | None = None
    best_by: str | None = None
    folds: int | None = None
    refits: int | None = None
    seed: int = 0
    effort: str | None = None
    seconds: float | None = None

    def __post_init__(self) -> None:
        """Keep numbers as Python's own: NumPy's cannot be written to a model file.

        The names of optimizers and schedules are taken in any case, as Adam.
        """
        for name in ("optimizer", "schedule", "best_by", "effort"):
            value = getattr(self, name)
            if isinstance(value, str):
                object.__setattr__(self, name, value.lower())
        for name, rule, holds in _RULES:
            value = getattr(self, name)
            if _is_number(value) and holds(value):
                plain = int(value) if rule.startswith("an int") else float(value)
                object.__setattr__(self, name, plain)

    @property
    def networks(self) -> tuple[str, ...]:
        """Return the layers: those that the user wrote, or those of the effort."""
        if self.layers is not None:
            return (self.layers,)
        return EFFORTS[self.effort or "normal"]

    @property
    def held_out(self) -> float:
        """Return the share of rows held out at a time."""
        asked = self.folds or 1
        return 1 / asked if asked > 1 else self.valid_fraction

    @property
    def asked_refits(self) -> int | None:
        """Return the refits asked for; None leaves them to the network.

        Patience 0 is about one training, beyond its best epoch: it asks for none.
        """
        return 0 if self.refits is None and self.patience == 0 else self.refits

    def check(self, owner: str = "train") -> None:
        """Refuse what is out of range, naming the option and whose it is.

        Raises:
            ParameterError: In scikit-learn's words.
        """
        for name, rule, holds in _RULES:
            value = getattr(self, name)
            if not holds(value):
                raise ParameterError(
                    f"The {name!r} parameter of {owner} must be {rule}. "
                    f"Got {value!r} instead."
                )
        for name, known in (
            ("optimizer", [*OPTIMIZERS, "lbfgs"]),
            ("schedule", SCHEDULES),
            ("best_by", BEST_BY),
            ("effort", EFFORTS),
        ):
            value = getattr(self, name)
            if value is not None and value not in known:
                raise ParameterError(
                    f"The {name!r} parameter of {owner} must be one of "
                    f"{', '.join(known)}. Got {value!r} instead."
                    f"{did_you_mean(str(value), known)}"
                )
        self._check_together(owner)

    def _check_together(self, owner: str) -> None:
        """Refuse options that do not go together."""
        for name, asks, what in (
            ("refits", bool(self.refits), "trains anew on all rows, also those"),
            ("folds", (self.folds or 1) > 1, "takes turns with the rows"),
            ("effort", len(self.networks) > 1, "weighs networks by the rows"),
        ):
            if asks and not self.valid_fraction:
                raise ParameterError(
                    f"The {name!r} parameter of {owner} {what} held out, but "
                    "valid_fraction=0 holds none out. Leave one of them out."
                )
        if (self.folds or 1) > 1 and self.valid_fraction not in (0, USUAL_SHARE):
            raise ParameterError(
                f"The 'folds' parameter of {owner} says how many rows are held out at "
                f"a time, 1/{self.folds} of them. Got folds={self.folds!r} and "
                f"valid_fraction={self.valid_fraction!r}: leave one of them out."
            )
        if self.layers is not None and self.effort is not None:
            raise ParameterError(
                f"The 'effort' parameter of {owner} chooses the layers. Got "
                f"effort={self.effort!r} and layers={self.layers!r}: leave one of them "
                "out."
            )

    def regime(
        self,
        n_train: int,
        depth: int,
        loss: str,
        random: bool,
        ready: Mapping[str, Any] = MappingProxyType({}),
    ) -> Regime:
        """Return how long and how to train n_train rows.

        Args:
            n_train: Training rows.
            depth: Hidden layers of the network.
            loss: The full name of the loss.
            random: Whether a layer is random, which L-BFGS cannot have.
            ready: What a ready network has where the user says nothing.

        Raises:
            ParameterError: When L-BFGS is asked for and cannot serve.
        """
        asked = self._asked("batch_size", "learning_rate", "clip_norm")
        asks = bool(asked) or self.epochs is not None
        exact = depth == 0 and loss != "absolute" and not asks
        usual = ready.get("optimizer", "adam")
        optimizer = self.optimizer or ("lbfgs" if exact and not random else usual)
        if optimizer == "lbfgs":
            return self._exactly(depth, random, loss, asked, n_train)
        if optimizer != usual:  # what follows belongs to the network's own optimizer
            ready = {k: v for k, v in ready.items() if k not in OF_OPTIMIZER}
        chosen = {
            "learning_rate": optimizer_named(optimizer).learning_rate,
            "weight_decay": optimizer_named(optimizer).weight_decay,
            "schedule": "cosine",
            "batch_size": default_batch_size(n_train),
            "epochs": USUAL_EPOCHS,
            "patience": USUAL_PATIENCE,
            **ready,
            **asked,
            **self._asked("schedule", "epochs", "patience", "best_by", "l1", "l2"),
            **self._asked("seconds"),
            "optimizer": optimizer,
        }
        return Regime(**chosen | {"batch_size": min(chosen["batch_size"], n_train)})

    def _asked(self, *names: str) -> dict[str, Any]:
        """Return those of the options that the user did not leave open."""
        named = {name: getattr(self, name) for name in names}
        return {name: value for name, value in named.items() if value is not None}

    def _exactly(
        self, depth: int, random: bool, loss: str, asked: dict[str, Any], n_train: int
    ) -> Regime:
        """Return how L-BFGS trains: all rows at once, until nothing moves."""
        if depth > 0 or random or loss == "absolute":
            raise ParameterError(
                "The optimizer 'lbfgs' finds the one lowest cost of a network "
                "without hidden layers, and a loss without a corner. Use "
                "layers='linear' and another loss than 'absolute', or "
                "optimizer='adam'."
            )
        if asked:
            raise ParameterError(
                "The optimizer 'lbfgs' sees all rows at once and finds the length "
                "of its steps itself. Leave out "
                f"{' and '.join(asked)}, or use optimizer='adam'."
            )
        epochs = self.epochs or LBFGS_EPOCHS
        return Regime("lbfgs", 1.0, "constant", n_train, epochs, 0, self.l1, self.l2)


def _is_number(value: Any) -> bool:
    try:
        return not isinstance(value, bool | str) and float(value) == value
    except (TypeError, ValueError):
        return False


def _number(low: float, high: float, above: bool = False) -> Callable[[Any], bool]:
    def holds(value: Any) -> bool:
        if not _is_number(value) or float(value) > high:
            return False
        return float(value) > low if above else float(value) >= low

    return holds


def _whole(low: int, high: int) -> Callable[[Any], bool]:
    return lambda value: _number(low, high)(value) and int(value) == value


def _or_none(holds: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: value is None or holds(value)


_MOST = 2**31 - 1
_HUGE = 1e300

_RULES: list[tuple[str, str, Callable[[Any], bool]]] = [
    ("layers", "a text or None", _or_none(lambda value: isinstance(value, str))),
    ("loss", "a text or None", _or_none(lambda value: isinstance(value, str))),
    ("l1", "a number in the range [0.0, inf)", _number(0, _HUGE)),
    ("l2", "a number in the range [0.0, inf)", _number(0, _HUGE)),
    (
        "learning_rate",
        "a number in the range (0.0, inf) or None",
        _or_none(_number(0, _HUGE, above=True)),
    ),
    ("batch_size", "an int in the range [1, inf) or None", _or_none(_whole(1, _MOST))),
    ("epochs", "an int in the range [1, inf) or None", _or_none(_whole(1, _MOST))),
    ("patience", "an int in the range [0, inf) or None", _or_none(_whole(0, _MOST))),
    ("valid_fraction", "a float in the range [0.0, 1.0)", _number(0, 1 - 1e-12)),
    (
        "label_smoothing",
        "a float in the range [0.0, 1.0) or None",
        _or_none(_number(0, 1 - 1e-12)),
    ),
    (
        "folds",
        f"an int in the range [1, {MOST_FOLDS}] or None",
        _or_none(_whole(1, MOST_FOLDS)),
    ),
    (
        "refits",
        f"an int in the range [0, {MOST_REFITS}] or None",
        _or_none(_whole(0, MOST_REFITS)),
    ),
    (
        "clip_norm",
        "a number in the range (0.0, inf) or None",
        _or_none(_number(0, _HUGE, above=True)),
    ),
    (
        "seconds",
        "a number in the range (0.0, inf) or None",
        _or_none(_number(0, _HUGE, above=True)),
    ),
    ("seed", "an int in the range [0, 4294967295]", _whole(0, 2**32 - 1)),
]
