"""A model: the fitted whole, from a table's cells to a decision."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from layerwise.errors import ParameterError
from layerwise.model.bundle import Bundle, Facts, read_bundle, write_bundle
from layerwise.model.metrics import (
    Metrics,
    classification_metrics,
    regression_metrics,
)
from layerwise.model.notes import warn
from layerwise.model.part import Part, weighted_mean
from layerwise.model.predict import finite
from layerwise.model.walk import Walk, changed_row, walked
from layerwise.network import LayerSummary, Network, NetworkParams, summarize
from layerwise.table import Encoded, Schema, Target, read, target_column
from layerwise.training import History

__all__ = ["Model", "load"]


@dataclass(frozen=True, repr=False)
class Model:
    """A trained network with everything that it needs to predict.

    Args:
        parts: Networks with their learnable parameters. Where there are several, in
            one part or more, their weighted mean is the prediction.
        schema: What each column was read as, and how it is encoded.
        target: What is predicted.
        history: What was measured while training.
        facts: How it was trained, on how many rows, how good it was.
        last_params: The parameters of the last epoch, where training was asked
            to go on beyond the best.

    Example:
        >>> import layerwise as lw
        >>> table = {"x": [0.0, 1.0, 2.0, 3.0], "y": [3.0, 5.0, 7.0, 9.0]}
        >>> line = lw.train(table, target="y", layers="linear", valid_fraction=0)
        >>> line.n_parameters, line.predict({"x": [10.0]}).round(6).tolist()
        (2, [23.0])
    """

    parts: tuple[Part, ...]
    schema: Schema
    target: Target
    history: History
    facts: Facts
    last_params: NetworkParams | None = None

    def __repr__(self) -> str:
        """Say in one line what it predicts, with what, and how well."""
        target, facts = self.target, self.facts
        name = "rmse" if self.task == "regression" else "accuracy"
        score = facts.valid.get(name)
        rows = "rows held out" if facts.n_valid else "training rows"
        measured = "" if score is None else f", {name} {score:.4g} on {rows}"
        return (
            f"<Model of {target.name!r}: {self.task}, layers {facts.layers!r}, "
            f"{self.n_parameters:,} parameters{measured}>"
        )

    @property
    def task(self) -> str:
        """Return "regression", "binary" or "multiclass"."""
        return self.target.task

    @property
    def network(self) -> Network:
        """Return the layers of the first part, in order."""
        return self.parts[0].network

    @property
    def params(self) -> NetworkParams:
        """Return the learnable parameters of the first network."""
        return self.parts[0].networks[0]

    @property
    def layers(self) -> tuple[LayerSummary, ...]:
        """Return the summary of each layer of the first part."""
        return self.layers_of(self.parts[0])

    def layers_of(self, part: Part) -> tuple[LayerSummary, ...]:
        """Return the summary of each layer of a part; the first reads columns."""
        return summarize(part.network, len(self.input_columns))

    @property
    def n_parameters(self) -> int:
        """Count the learnable parameters of all networks."""
        return sum(part.n_parameters for part in self.parts)

    @property
    def n_networks(self) -> int:
        """Return how many networks answer."""
        return sum(len(part.networks) for part in self.parts)

    @property
    def input_columns(self) -> tuple[str, ...]:
        """Return the columns that a table needs for a prediction."""
        return tuple(column.name for column in self.schema.used)

    @property
    def last(self) -> "Model":
        """Return the same model with the parameters of the last epoch.

        Its metrics are unknown: those of training are of the best epoch.

        Raises:
            ParameterError: When the last epoch was not kept.
        """
        if self.last_params is not None:
            facts = replace(self.facts, valid={})
            part = replace(self.parts[0], networks=(self.last_params,), weight=1.0)
            return replace(self, parts=(part,), facts=facts, last_params=None)
        if self.history.best_epoch < len(self.history.epochs):
            raise ParameterError(
                "This model kept only its best epoch. Train with patience=0 to train "
                "all epochs and keep the last one as well."
            )
        return self

    def encode(self, table: Any) -> Encoded:
        """Read a table and turn its columns into typed columns, as in training.

        Numbers beyond those of training are no warning here: of many new rows some
        are beyond by chance. ``schema.ledger`` lists them.

        Raises:
            SchemaError: When columns are missing.
        """
        table = read(table)
        encoded = self.schema.encode(table, table.columns, tells_range=False)
        warn((*table.notes, *encoded.notes), stacklevel=4)
        return encoded

    def forward(self, encoded: Encoded) -> NDArray[Any]:
        """Return what the networks predict, before the output layer's rule.

        Shape:
            (n, 1) standardized, or the probability of each class, (n, n_classes)
        """
        return weighted_mean(self.parts, encoded.columns)

    def decide(self, a: NDArray[Any]) -> NDArray[Any]:
        """Apply the output layer's rule: numbers in the target's units, or class ids.

        Shape:
            a: (n, d), as ``forward`` returns it -> (n,)
        """
        if self.task == "regression":
            return finite(self.network.output.restore(a[:, 0]))
        return self.network.output.decide(a)

    def predict(self, table: Any) -> NDArray[Any]:
        """Predict the target of each row.

        Args:
            table: A path, a data frame, an array, anything ``read`` takes.
                Columns are matched by name; extra ones are left alone.

        Returns:
            Numbers in the target's units, or class labels.

        Raises:
            SchemaError: When columns are missing.
        """
        return self._labels(self.decide(self.forward(self.encode(table))))

    def _labels(self, decided: NDArray[Any]) -> NDArray[Any]:
        """Return numbers as they are, and class ids as the classes."""
        if self.task == "regression":
            return decided
        labels: NDArray[Any] = np.array(self.target.classes, dtype=object)[decided]
        return labels

    def predict_proba(self, table: Any) -> NDArray[Any]:
        """Return the probability of each class, in the order of ``target.classes``.

        Raises:
            ParameterError: When the model predicts a number.
        """
        self._need_classes()
        return self.forward(self.encode(table))

    def predictions(self, table: Any) -> pl.DataFrame:
        """Return what ``layerwise predict`` writes: one line per row, in order.

        Returns:
            ``prediction``, and ``p_<class>`` for each class.
        """
        return self.predictions_of(self.encode(table))

    def predictions_of(self, encoded: Encoded) -> pl.DataFrame:
        """Return the same for typed columns."""
        a = self.forward(encoded)
        decided = self.decide(a)
        if self.task == "regression":
            return pl.DataFrame({"prediction": decided})
        classes = self.target.classes
        columns: dict[str, Any] = {"prediction": [classes[k] for k in decided]}
        columns |= {f"p_{label}": a[:, k] for k, label in enumerate(classes)}
        return pl.DataFrame(columns)

    def walk(
        self, table: Any, row: int = 0, cells: Mapping[str, str] | None = None
    ) -> Walk:
        """Walk one row through every layer, with the numbers.

        Args:
            table: Anything ``read`` takes.
            row: Which row, from 0 on.
            cells: Other cells for it: what if it were so?

        Raises:
            ParameterError: When there is no such row or column.
            SchemaError: When columns are missing.
        """
        one = changed_row(read(table), row, cells or {}, self.input_columns)
        encoded = self.schema.encode(one, one.columns, tells_range=False)
        # of the one row that is left, notes would say that it is row 0
        warn([re.sub(r"\brow 0\b", f"row {row}", note) for note in encoded.notes])
        units, steps = walked(self.parts[0], self.schema, encoded, one)
        a = self.forward(encoded)
        p = None
        if self.task != "regression":
            p = dict(zip(self.target.classes, a[0].tolist(), strict=True))
        first = replace(self.parts[0], networks=(self.params,), weight=1.0)
        own, prediction = (
            self._labels(self.decide(each)).tolist()[0]
            for each in (first.forward(encoded.columns), a)
        )
        return Walk(row, units, steps, own, prediction, p, self.n_networks)

    def evaluate(self, table: Any) -> Metrics:
        """Measure the model on rows whose target is known.

        Returns:
            regression: rmse, mae, r2; classification: log_loss, accuracy, auc.

        Raises:
            TargetError: When the target is missing, or a class is new.
        """
        table = read(table)
        y = self.target.encode(target_column(table, self.target.name))
        return self.metrics_of(self.encode(table), y)

    def metrics_of(
        self, encoded: Encoded, y: NDArray[Any], weight: NDArray[Any] | None = None
    ) -> Metrics:
        """Return the metrics for typed columns and an encoded target."""
        return self.metrics_of_answers(self.forward(encoded), y, weight)

    def metrics_of_answers(
        self, a: NDArray[Any], y: NDArray[Any], weight: NDArray[Any] | None = None
    ) -> Metrics:
        """Return the metrics of what ``forward`` returned, for an encoded target."""
        decided = self.decide(a)
        if self.task == "regression":
            return regression_metrics(y, decided, weight)
        return classification_metrics(y, a, decided, weight)

    @property
    def is_equation(self) -> bool:
        """Return whether the network is one equation: no hidden layer, no embedding."""
        inputs = self.network.input
        embeds = any(category.width for category in inputs.categories)
        is_plain = not (inputs.smooth_clip or inputs.encoding or inputs.quantiles)
        is_one = self.network.depth == 0 and self.n_networks == 1
        return is_one and not embeds and is_plain

    def equation(self) -> dict[str, dict[str, float]]:
        """Return the weights of a network without hidden layers, in the columns' units.

        The input layer's constants are multiplied out: a weight says what one
        more unit of the column adds to z, and "b" what z is where all are 0.
        For a regression z is the prediction, for two classes it belongs to the
        second. A missing number counts as its mean in training, yes as 1.

        Returns:
            For each neuron (the target's name, or the class) {unit: weight, "b": b}.
            b comes last; where a unit is called "b", it is called "bias".

        Raises:
            ParameterError: When there are hidden layers or embeddings.
        """
        inputs, output = self.network.input, self.network.output
        if not self.is_equation:
            raise ParameterError(
                "Only a network without hidden layers is one equation. Train with "
                "layers='linear' to get one."
            )
        own = self.params["layers"][-2]
        W, b = np.array(own["W"], np.float64), np.array(own["b"], np.float64)
        p = inputs.n_numbers
        center, scale = np.asarray(inputs.center), np.asarray(inputs.scale)
        W[:p] /= scale[:, None]
        b -= center @ W[:p]
        if self.task == "regression":
            W, b = W * output.scale, b * output.scale + output.center
        names = self.schema.unit_names
        neurons = (
            self.target.classes if self.task == "multiclass" else (self.target.name,)
        )
        others = (f"bias {i}" for i in range(len(names) + 1))
        bias = next(name for name in ("b", "bias", *others) if name not in names)
        return {
            neuron: {unit: float(W[j, k]) for j, unit in enumerate(names)}
            | {bias: float(b[k])}
            for k, neuron in enumerate(neurons)
        }

    def with_threshold(self, threshold: float) -> "Model":
        """Return the model with another decision rule for two classes.

        Raises:
            ParameterError: When there are not two classes, or it is not in [0, 1].
        """
        if self.task != "binary":
            raise ParameterError("Only a model of two classes decides by a threshold.")
        if not isinstance(threshold, int | float):
            raise ParameterError(f"A threshold is a number. Got {threshold!r} instead.")
        return replace(self, parts=tuple(_ruled(p, threshold) for p in self.parts))

    def save(self, path: str | Path) -> None:
        """Write the model as one .safetensors file, whole or not at all.

        Raises:
            BundleError: When the file cannot be written.
        """
        write_bundle(
            path,
            Bundle(
                self.parts,
                self.schema,
                self.target,
                self.history,
                self.facts,
                self.last_params,
            ),
        )

    def _need_classes(self) -> None:
        if self.task == "regression":
            raise ParameterError(
                f"The model predicts the number {self.target.name!r}, which has no "
                "class probabilities. Use model.predict."
            )


def load(path: str | Path) -> Model:
    """Read a model file. It may come from anyone: nothing in it is run.

    Raises:
        BundleError: When the file is damaged, foreign or of another version.
    """
    bundle = read_bundle(path)
    return Model(
        bundle.parts,
        bundle.schema,
        bundle.target,
        bundle.history,
        bundle.facts,
        bundle.last_params,
    )


def _ruled(part: Part, threshold: float) -> Part:
    """Return the part with another decision rule for two classes."""
    output = replace(part.network.output, threshold=threshold)
    return replace(part, network=Network((*part.network.layers[:-1], output)))
