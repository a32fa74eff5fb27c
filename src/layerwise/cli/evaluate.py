"""layerwise evaluate: how good a model is on rows whose target is known."""

from layerwise.cli.drawings import metrics_table
from layerwise.cli.options import Json, ModelFile, TableFile
from layerwise.cli.render import console, note, print_json
from layerwise.model import load
from layerwise.table import read, target_column

__all__ = ["run"]


def run(model: ModelFile, table: TableFile, json: Json = False) -> None:
    """Regression: rmse, mae, r2. Classes: log_loss, accuracy, auc."""
    fitted, rows = load(model), read(table)
    y = fitted.target.encode(target_column(rows, fitted.target.name))
    encoded = fitted.schema.encode(rows, known=(fitted.target.name,))
    metrics = fitted.metrics_of(encoded, y)
    for line in (*rows.notes, *encoded.notes):
        note(line)
    if json:
        print_json({"n_rows": rows.n_rows, "metrics": metrics})
        return
    console().print(metrics_table(f"on {rows.n_rows:,} rows", metrics))
