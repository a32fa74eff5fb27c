"""layerwise evaluate: how good a model is on rows whose target is known."""

from layerwise.cli.drawings import metrics_table
from layerwise.cli.options import Json, Last, ModelFile, Sheet, Sql, TableFile
from layerwise.cli.render import console, note, print_json
from layerwise.model import load
from layerwise.table import read, target_column
from layerwise.table.reading import count

__all__ = ["run"]


def run(
    model: ModelFile,
    table: TableFile,
    last: Last = False,
    sql: Sql = None,
    sheet: Sheet = None,
    json: Json = False,
) -> None:
    """Regression: rmse, mae, r2. Classes: log_loss, accuracy, auc."""
    fitted = load(model).last if last else load(model)
    rows = read(table, sql=sql, sheet=sheet)
    y = fitted.target.encode(target_column(rows, fitted.target.name))
    encoded = fitted.schema.encode(rows, known=(fitted.target.name,))
    metrics = fitted.metrics_of(encoded, y)
    for line in (*rows.notes, *encoded.notes):
        note(line)
    if json:
        print_json({"n_rows": rows.n_rows, "metrics": metrics})
        return
    console().print(metrics_table(f"on {count(rows.n_rows, 'row')}", metrics))
